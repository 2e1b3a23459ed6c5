//! Snapshots: whose a file is, and whether it is whole.
//!
//! Pure. The engine and etcd end theirs alike, with the SHA-256 of all that is before it, and fill them differently.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// What a snapshot of the engine has, and where.
const ENGINE: (usize, &[u8]) = (20, b"ifengine");
/// What etcd's database has: bbolt's magic number, little-endian.
const ETCD: (usize, &[u8]) = (16, &[0xed, 0xda, 0x0c, 0xed]);
/// The length of the SHA-256 at the end.
const DIGEST: usize = 32;

/// Whose snapshot it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The engine's: `ifctl coordinator restore` takes it.
    Engine,
    /// etcd's: its own tools take it.
    Etcd,
}

impl Format {
    /// How many bytes of the beginning tell.
    pub const TELLING: usize = ENGINE.0 + ENGINE.1.len();

    /// Tells by the beginning; nothing when it is neither.
    #[must_use]
    pub fn of(beginning: &[u8]) -> Option<Self> {
        let has =
            |(place, mark): (usize, &[u8])| beginning.get(place..).is_some_and(|at| at.starts_with(mark));
        if has(ENGINE) {
            return Some(Self::Engine);
        }
        has(ETCD).then_some(Self::Etcd)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Engine => "engine",
            Self::Etcd => "etcd",
        })
    }
}

/// Follows a snapshot piece by piece.
#[derive(Debug, Default)]
pub struct Check {
    beginning: Vec<u8>,
    digest: Sha256,
    /// The newest bytes, which may be the digest.
    tail: Vec<u8>,
    size: u64,
}

impl Check {
    /// Takes in the next piece.
    pub fn take(&mut self, piece: &[u8]) {
        let missing = Format::TELLING.saturating_sub(self.beginning.len()).min(piece.len());
        self.beginning.extend(&piece[..missing]);
        self.size += piece.len() as u64;
        self.tail.extend(piece);
        let known = self.tail.len().saturating_sub(DIGEST);
        self.digest.update(&self.tail[..known]);
        self.tail.drain(..known);
    }

    /// How many bytes there were.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whose it is; nothing when it is neither's, or not whole.
    #[must_use]
    pub fn finish(self) -> Option<Format> {
        let whole = self.tail == self.digest.finalize().as_slice();
        Format::of(&self.beginning).filter(|_| whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot((place, mark): (usize, &[u8])) -> Vec<u8> {
        let mut bytes = [&vec![0; place], mark, &[7; 1000]].concat();
        let digest = Sha256::digest(&bytes);
        bytes.extend(digest);
        bytes
    }

    fn checked(bytes: &[u8], piece: usize) -> Option<Format> {
        let mut check = Check::default();
        bytes.chunks(piece).for_each(|piece| check.take(piece));
        assert_eq!(check.size(), bytes.len() as u64);
        check.finish()
    }

    #[test]
    fn a_whole_snapshot_is_known_in_whatever_pieces_it_comes() {
        for (mark, format) in
            [(ENGINE, Some(Format::Engine)), (ETCD, Some(Format::Etcd)), ((16, b"other"), None)]
        {
            let bytes = snapshot(mark);
            for piece in [1, 31, 32, 33, 5000] {
                assert_eq!(checked(&bytes, piece), format, "{piece}");
            }
        }
    }

    #[test]
    fn what_was_cut_short_or_changed_is_not_whole() {
        let bytes = snapshot(ENGINE);
        for length in [0, 20, 40, bytes.len() - 1] {
            assert_eq!(checked(&bytes[..length], 32), None, "{length}");
        }
        let mut changed = bytes;
        changed[500] ^= 1;
        assert_eq!(checked(&changed, 32), None);
    }
}
