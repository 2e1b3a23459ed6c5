//! Frames: what the files are made of.
//!
//! ```text
//! length of the body  u32 │ blank sectors  u32 │ number  u64 │ CRC32C of these sixteen bytes  u32
//! body │ zeros, up to a multiple of 32 bytes │ CRC32C of number, body and zeros  u32
//! ```
//!
//! All numbers are little-endian. The first frame of a file is its head. Zeros may follow the last frame: space that
//! the next ones will take. A frame begins at a multiple of 32 bytes, so a disk writes its header, and its checksum,
//! whole or not at all; how many of its other sectors were blank when it was written is in its header, so that one
//! that a power failure kept from the disk can be told from one that was damaged there. Pure.

use super::super::header::Identity;

/// The layout of frames and rows.
pub(super) const FORMAT: u32 = 2;
/// Where a body begins.
const HEADER: usize = 20;
const CHECKSUM: usize = 4;
/// What a frame's place and size are multiples of.
const ALIGNMENT: usize = 32;
/// What a disk writes whole or not at all.
pub(super) const SECTOR: usize = 512;
/// The size of a head's frame.
pub(super) const HEAD_SIZE: u64 = 64;
/// What a file of the engine begins with.
const MAGIC: &[u8; 8] = b"ifengine";

/// What the first frame of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// The number of the first batch that is in the log, or of the first one that is not in the snapshot.
    pub(crate) sequence: u64,
    pub(crate) identity: Identity,
}

impl Head {
    /// The body of the frame.
    pub(super) fn encode(self, body: &mut Vec<u8>) {
        body.extend(MAGIC);
        body.extend(FORMAT.to_le_bytes());
        for number in [self.sequence, self.identity.cluster_id, self.identity.member_id] {
            body.extend(number.to_le_bytes());
        }
    }

    pub(super) fn decode(body: &[u8]) -> Result<Self, BadHead> {
        let rest = body.strip_prefix(MAGIC).ok_or(BadHead::Foreign)?;
        let (format, rest) = rest.split_first_chunk().ok_or(BadHead::Foreign)?;
        let format = u32::from_le_bytes(*format);
        if format != FORMAT {
            return Err(BadHead::Format(format));
        }
        let numbers: [u8; 24] = rest.try_into().map_err(|_| BadHead::Foreign)?;
        let number =
            |at: usize| numbers[at..].first_chunk().map_or(0, |bytes: &[u8; 8]| u64::from_le_bytes(*bytes));
        let identity = Identity { cluster_id: number(8), member_id: number(16) };
        Ok(Self { sequence: number(0), identity })
    }
}

/// Whether a file begins as format 1 did, whose frames had shorter headers.
pub(super) fn is_of_the_first_format(file: &[u8]) -> bool {
    file.get(16..28).is_some_and(|head| head.starts_with(MAGIC) && head[MAGIC.len()..] == 1_u32.to_le_bytes())
}

/// Why a head is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadHead {
    Foreign,
    Format(u32),
}

/// Makes the frame `number`, whose body is what `fill` appends, for the place `at` of a file.
pub(super) fn write(frame: &mut Vec<u8>, at: u64, number: u64, fill: impl FnOnce(&mut Vec<u8>)) {
    frame.clear();
    frame.extend([0; HEADER]);
    fill(frame);
    let length = frame.len() - HEADER;
    frame.resize(size(length) - CHECKSUM, 0);
    frame.extend(checksum(number, &frame[HEADER..]).to_le_bytes());
    // A body beyond four gigabytes cannot come about: requests are 1.5 MiB, batches a thousand of them.
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    frame[..4].copy_from_slice(&length.to_le_bytes());
    frame[8..16].copy_from_slice(&number.to_le_bytes());
    let blank = u32::try_from(blank_sectors(frame, at)).unwrap_or(u32::MAX);
    frame[4..8].copy_from_slice(&blank.to_le_bytes());
    let check = crc32c::crc32c(&frame[..16]);
    frame[16..HEADER].copy_from_slice(&check.to_le_bytes());
}

/// The bytes of a frame around a body of this length.
fn size(length: usize) -> usize {
    (HEADER + length + CHECKSUM).next_multiple_of(ALIGNMENT)
}

fn checksum(number: u64, contents: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&number.to_le_bytes()), contents)
}

/// How many of the sectors that a frame at this place reaches into hold nothing but zeros of it.
fn blank_sectors(frame: &[u8], at: u64) -> usize {
    let is_blank = |sector: &[u8]| sector.iter().all(|byte| *byte == 0);
    let first = (SECTOR - usize::try_from(at % SECTOR as u64).unwrap_or(0)).min(frame.len());
    let (first, rest) = frame.split_at(first);
    usize::from(is_blank(first)) + rest.chunks(SECTOR).filter(|sector| is_blank(sector)).count()
}

/// What a file holds at some place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'f> {
    /// A whole frame, and where it ends.
    Frame { body: &'f [u8], end: usize },
    /// Nothing but zeros, or the end of the file.
    End,
    /// The last frame of the file, which was not on the disk whole when a crash came.
    Cut,
    /// Something else.
    Damaged,
}

/// The header of a frame.
struct Header {
    length: usize,
    blank: usize,
    number: u64,
}

impl Header {
    /// Nothing when it does not match its checksum.
    fn parse(bytes: &[u8; HEADER]) -> Option<Self> {
        let word =
            |at: usize| bytes[at..].first_chunk().map_or(0, |bytes: &[u8; 4]| u32::from_le_bytes(*bytes));
        let number = u64::from(word(8)) | u64::from(word(12)) << 32;
        let matches = crc32c::crc32c(&bytes[..16]) == word(16);
        matches.then_some(Self { length: word(0) as usize, blank: word(4) as usize, number })
    }
}

/// Reads the frame `number`, which begins at `start`.
pub(super) fn read(file: &[u8], start: usize, number: u64) -> Found<'_> {
    let rest = &file[start..];
    if rest.iter().all(|byte| *byte == 0) {
        return Found::End;
    }
    let Some(header) = rest.first_chunk() else { return Found::Cut };
    let Some(Header { length, blank, .. }) = Header::parse(header).filter(|found| found.number == number)
    else {
        let is_blank = blank_sectors(header, start as u64) > 0;
        return if is_blank && is_last(file, start + ALIGNMENT, number) {
            Found::Cut
        } else {
            Found::Damaged
        };
    };
    let Some(frame) = rest.get(..size(length)) else { return Found::Cut };
    let end = start + frame.len();
    let (contents, expected) = frame[HEADER..].split_at(frame.len() - HEADER - CHECKSUM);
    if checksum(number, contents).to_le_bytes() == expected {
        return Found::Frame { body: &contents[..length], end };
    }
    let is_torn = blank_sectors(frame, start as u64) > blank;
    if is_torn && is_last(file, end, number) { Found::Cut } else { Found::Damaged }
}

/// Whether no frame after this one begins at `from` or later. One is written only when the one before it is on the disk.
fn is_last(file: &[u8], from: usize, number: u64) -> bool {
    let places = (from..file.len()).step_by(ALIGNMENT);
    let headers = places.filter_map(|place| Header::parse(file[place..].first_chunk()?));
    headers.into_iter().all(|header| header.number <= number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(file: &mut Vec<u8>, number: u64, body: &[u8]) {
        let mut frame = Vec::new();
        write(&mut frame, file.len() as u64, number, |frame| frame.extend(body));
        file.extend(frame);
    }

    fn two_frames() -> (Vec<u8>, usize) {
        let mut file = Vec::new();
        append(&mut file, 7, b"first");
        let second = file.len();
        append(&mut file, 8, b"the second");
        (file, second)
    }

    #[test]
    fn what_was_written_is_read_back() {
        let (mut file, second) = two_frames();
        let end = file.len();
        for zeros in [0, 1, 31, 600] {
            file.resize(end + zeros, 0);
            assert_eq!(read(&file, 0, 7), Found::Frame { body: b"first", end: second });
            assert_eq!(read(&file, second, 8), Found::Frame { body: b"the second", end });
            assert_eq!(read(&file, end, 9), Found::End);
        }
        assert_eq!(read(&file, 0, 8), Found::Damaged, "a frame in the wrong place");
        for length in 0..100 {
            let mut file = Vec::new();
            append(&mut file, 1, &vec![0; length]);
            let end = file.len();
            assert_eq!(read(&file, 0, 1), Found::Frame { body: &vec![0; length], end }, "{length} bytes");
        }
    }

    #[test]
    fn any_flipped_bit_is_damage_whatever_follows() {
        let (mut file, second) = two_frames();
        for (zeros, third) in [(0, false), (10 * SECTOR, false), (0, true), (10 * SECTOR, true)] {
            if third {
                append(&mut file, 9, b"third");
            }
            file.resize(file.len() + zeros, 0);
            for bit in second * 8..(second + size(10)) * 8 {
                let mut flipped = file.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(read(&flipped, second, 8), Found::Damaged, "bit {bit}");
            }
            file.truncate(second + size(10));
        }
    }

    #[test]
    fn any_shortened_frame_is_cut() {
        let (file, second) = two_frames();
        for length in second + 1..file.len() {
            assert_eq!(read(&file[..length], second, 8), Found::Cut, "{length} bytes");
        }
    }

    /// A frame of some sectors, several of them blank, at the end of a file.
    fn long_frame() -> (Vec<u8>, usize) {
        let (mut file, _) = two_frames();
        let third = file.len();
        append(&mut file, 9, &[vec![7; 1000], vec![0; 2000], vec![7; 1000]].concat());
        (file, third)
    }

    #[test]
    fn a_last_frame_any_of_whose_sectors_never_arrived_is_cut_and_one_before_others_is_damaged() {
        let (file, third) = long_frame();
        let first = third / SECTOR;
        let sectors: Vec<_> = (first..file.len().div_ceil(SECTOR))
            .map(|sector| (sector * SECTOR).max(third)..((sector + 1) * SECTOR).min(file.len()))
            .collect();
        // Every subset of the sectors: a disk writes them in any order.
        for missing in 1_u32..1 << sectors.len() {
            let mut torn = file.clone();
            for (place, sector) in sectors.iter().enumerate() {
                if missing & 1 << place != 0 {
                    torn[sector.clone()].fill(0);
                }
            }
            let lost_nothing = torn == file;
            let lost_all = torn[third..].iter().all(|byte| *byte == 0);
            let expected = if lost_all { Found::End } else { Found::Cut };
            if !lost_nothing {
                assert_eq!(read(&torn, third, 9), expected, "{missing:b}");
                torn.resize(torn.len() + 10 * SECTOR, 0);
                assert_eq!(read(&torn, third, 9), expected, "{missing:b}, and zeros follow");
                append(&mut torn, 10, b"more");
                assert_eq!(read(&torn, third, 9), Found::Damaged, "{missing:b}, and a frame follows");
            }
        }
    }

    #[test]
    fn sectors_that_were_blank_from_the_beginning_do_not_pass_for_lost_ones() {
        let (file, third) = long_frame();
        assert!(blank_sectors(&file[third..], third as u64) >= 2);
        for bit in third * 8..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(&flipped, third, 9), Found::Damaged, "bit {bit}");
        }
    }

    #[test]
    fn the_first_format_is_known() {
        let mut file = vec![0; 16];
        file.extend(MAGIC);
        file.extend(1_u32.to_le_bytes());
        assert!(is_of_the_first_format(&file));
        let mut head = Vec::new();
        write(&mut head, 0, 0, |body| {
            Head { sequence: 1, identity: Identity { cluster_id: 1, member_id: 2 } }.encode(body);
        });
        assert!(!is_of_the_first_format(&head));
        assert!(!is_of_the_first_format(&[]));
    }

    #[test]
    fn a_head_survives() {
        let head = Head { sequence: 42, identity: Identity { cluster_id: 1, member_id: 2 } };
        let mut body = Vec::new();
        head.encode(&mut body);
        assert_eq!(Head::decode(&body), Ok(head));
        assert_eq!(size(body.len()) as u64, HEAD_SIZE);
        body[8] += 1;
        assert_eq!(Head::decode(&body), Err(BadHead::Format(FORMAT + 1)));
        assert_eq!(Head::decode(b"something"), Err(BadHead::Foreign));
    }
}
