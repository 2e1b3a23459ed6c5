//! Frames: what the files are made of.
//!
//! ```text
//! length of the body  u32 │ number  u64 │ CRC32C of these twelve bytes  u32 │ body │ CRC32C of number and body  u32
//! ```
//!
//! All numbers are little-endian. The first frame of a file is its head. Pure.

use super::super::header::Identity;

/// The layout of frames and rows.
pub(super) const FORMAT: u32 = 1;
/// Where a body begins.
const HEADER: usize = 16;
const CHECKSUM: usize = 4;
/// What a disk writes whole or not at all.
const SECTOR: usize = 512;
/// The size of a head's frame.
pub(super) const HEAD_SIZE: u64 = 56;
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

/// Why a head is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadHead {
    Foreign,
    Format(u32),
}

/// Appends a frame whose body is what `fill` appends.
pub(super) fn write(frame: &mut Vec<u8>, number: u64, fill: impl FnOnce(&mut Vec<u8>)) {
    let start = frame.len();
    frame.extend([0; HEADER]);
    fill(frame);
    let length = frame.len() - start - HEADER;
    let checksum = crc32c::crc32c_append(crc32c::crc32c(&number.to_le_bytes()), &frame[start + HEADER..]);
    frame.extend(checksum.to_le_bytes());
    // A body beyond four gigabytes cannot come about: requests are 1.5 MiB, batches a thousand of them.
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    frame[start..start + 4].copy_from_slice(&length.to_le_bytes());
    frame[start + 4..start + 12].copy_from_slice(&number.to_le_bytes());
    let checksum = crc32c::crc32c(&frame[start..start + 12]);
    frame[start + 12..start + HEADER].copy_from_slice(&checksum.to_le_bytes());
}

/// What a file holds at some place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'f> {
    /// A whole frame, and where it ends.
    Frame { body: &'f [u8], end: usize },
    /// The end of the file.
    End,
    /// The beginning of a frame that the file ends in the middle of, or that ends in zeros where a power failure came
    /// after the file had grown and before its contents had arrived.
    Cut,
    /// Something else.
    Damaged,
}

/// Reads the frame `number`, which begins at `start`.
pub(super) fn read(file: &[u8], start: usize, number: u64) -> Found<'_> {
    let rest = &file[start..];
    if rest.is_empty() {
        return Found::End;
    }
    let Some((header, rest)) = rest.split_at_checked(HEADER) else { return Found::Cut };
    let word = |at: usize| header[at..].first_chunk().map_or(0, |bytes: &[u8; 4]| u32::from_le_bytes(*bytes));
    if crc32c::crc32c(&header[..12]) != word(12) || header[4..12] != number.to_le_bytes() {
        return if zeros_from(file, start) < start + HEADER { Found::Cut } else { Found::Damaged };
    }
    let Some((body, rest)) = rest.split_at_checked(word(0) as usize) else { return Found::Cut };
    let Some(checksum) = rest.first_chunk::<CHECKSUM>() else { return Found::Cut };
    let expected = crc32c::crc32c_append(crc32c::crc32c(&number.to_le_bytes()), body);
    let end = start + HEADER + body.len() + CHECKSUM;
    if u32::from_le_bytes(*checksum) != expected {
        let is_last = end == file.len();
        return if is_last && zeros_from(file, start) < end { Found::Cut } else { Found::Damaged };
    }
    Found::Frame { body, end }
}

/// Where the sectors of zeros begin that the file ends in, looking no further back than `start`. A whole frame ends
/// with its checksum, so a few zeros may be chance and do not count.
fn zeros_from(file: &[u8], start: usize) -> usize {
    let zeros = file[start..].iter().rev().take_while(|byte| **byte == 0).count();
    let first = file.len() - zeros;
    let first = if first == start { start } else { first.next_multiple_of(SECTOR) };
    if first + CHECKSUM <= file.len() { first } else { file.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_frames() -> (Vec<u8>, usize) {
        let mut file = Vec::new();
        write(&mut file, 7, |body| body.extend(b"first"));
        let second = file.len();
        write(&mut file, 8, |body| body.extend(b"the second"));
        (file, second)
    }

    #[test]
    fn what_was_written_is_read_back() {
        let (file, second) = two_frames();
        assert_eq!(read(&file, 0, 7), Found::Frame { body: b"first", end: second });
        assert_eq!(read(&file, second, 8), Found::Frame { body: b"the second", end: file.len() });
        assert_eq!(read(&file, file.len(), 9), Found::End);
        assert_eq!(read(&file, 0, 8), Found::Damaged, "a frame in the wrong place");
    }

    #[test]
    fn any_flipped_bit_is_damage() {
        let (file, second) = two_frames();
        for bit in second * 8..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(&flipped, second, 8), Found::Damaged, "bit {bit}");
        }
    }

    #[test]
    fn any_shortened_frame_is_cut() {
        let (file, second) = two_frames();
        for length in second + 1..file.len() {
            assert_eq!(read(&file[..length], second, 8), Found::Cut, "{length} bytes");
        }
    }

    #[test]
    fn a_last_frame_whose_end_never_arrived_is_cut_and_one_before_others_is_damaged() {
        let (mut file, second) = two_frames();
        write(&mut file, 9, |body| body.extend([7; 2000]));
        let third = read(&file, second, 8);
        let Found::Frame { end: third, .. } = third else { panic!("{third:?}") };
        for sector in (third..file.len()).filter(|place| place.is_multiple_of(SECTOR)).chain([third]) {
            let mut torn = file.clone();
            torn[sector..].fill(0);
            assert_eq!(read(&torn, third, 9), Found::Cut, "zeros from {sector}");
            write(&mut torn, 10, |body| body.extend(b"more"));
            assert_eq!(read(&torn, third, 9), Found::Damaged, "zeros from {sector}, and a frame follows");
        }
        file[third + 700..].fill(0);
        assert_eq!(read(&file, third, 9), Found::Cut, "the sector that the zeros begin in is not judged");
        file[third + 20] ^= 1;
        file[second] ^= 1;
        assert_eq!(read(&file, second, 8), Found::Damaged, "what precedes it must be whole");
    }

    #[test]
    fn a_head_survives() {
        let head = Head { sequence: 42, identity: Identity { cluster_id: 1, member_id: 2 } };
        let mut body = Vec::new();
        head.encode(&mut body);
        assert_eq!(Head::decode(&body), Ok(head));
        assert_eq!((HEADER + body.len() + CHECKSUM) as u64, HEAD_SIZE);
        body[8] += 1;
        assert_eq!(Head::decode(&body), Err(BadHead::Format(FORMAT + 1)));
        assert_eq!(Head::decode(b"something"), Err(BadHead::Foreign));
    }
}
