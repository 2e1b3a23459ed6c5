//! Arbitrary files, made into a directory and opened.

use std::fs;
use std::path::Path;

use super::super::fuzzing::Pieces;
use super::super::header::Identity;
use super::super::key_range::KeyRange;
use super::super::staged::Staged;
use super::super::state::{Batch, State, View};
use super::frame::Head;
use super::log::HEAD;
use super::{Storage, frame, row};

/// A batch as it comes back from the disk.
pub(crate) fn rewritten(batch: &Batch) -> Option<Batch> {
    let mut body = Vec::new();
    row::encode(batch, &mut body);
    row::decode(&body)
}

/// Makes a directory of the pieces of an input and opens it. Pieces become frames with good checksums, for random bytes
/// come no further than those: a byte says whether a new file begins, of which kind, and whether the piece is left
/// as it is. What can be opened must be a store that works.
///
/// # Panics
/// When it does not.
pub fn files(input: &[u8]) {
    // The disk is not what is tested here; where there is memory in the place of one, it is quicker.
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let place = place.expect("there is a place for files");
    lay_out(place.path(), input);
    let Ok((mut storage, _, mut state)) = Storage::open(place.path()) else { return };
    let everything: Vec<_> =
        state.scan(KeyRange::From(b""), state.revision()).map(|record| record.key.clone()).collect();
    for key in everything {
        write(&mut storage, &mut state, |staged| staged.put(key, "v".into(), 0));
    }
    let leases: Vec<_> = state.leases().keys().copied().collect();
    for lease in leases {
        write(&mut storage, &mut state, |staged| staged.revoke(lease));
    }
    let revision = state.revision();
    write(&mut storage, &mut state, |staged| staged.compact(revision));
    state.finish_sweeping();
    drop(storage);
    let (_, _, reopened) = Storage::open(place.path()).expect("what was opened can be opened again");
    assert_eq!(format!("{reopened:?}"), format!("{state:?}"));
}

fn write(storage: &mut Storage, state: &mut State, change: impl FnOnce(&mut Staged<'_>)) {
    let mut staged = Staged::over(state);
    change(&mut staged);
    staged.seal();
    let batch = staged.into_batch();
    storage.commit(&batch).expect("the disk is not full");
    state.apply(batch);
}

const NEW_FILE: u8 = 1;
const SNAPSHOT: u8 = 2;
const AS_IT_IS: u8 = 4;

fn lay_out(directory: &Path, input: &[u8]) {
    let identity = Identity { cluster_id: 1, member_id: 2 };
    let (mut file, mut place, mut number) = (Vec::new(), None, HEAD);
    for (kind, piece) in Pieces(input) {
        if kind & NEW_FILE != 0 || place.is_none() {
            keep(place.take(), &file);
            file.clear();
            // The other bits are the number of its first batch.
            let sequence = u64::from(kind >> 3);
            let extension = if kind & SNAPSHOT != 0 { "snapshot" } else { "log" };
            place = Some(directory.join(format!("{sequence:016}.{extension}")));
            append(&mut file, HEAD, |body| Head { sequence, identity }.encode(body));
            number = if kind & SNAPSHOT != 0 { HEAD + 1 } else { sequence };
        }
        if kind & AS_IT_IS != 0 {
            file.extend_from_slice(piece);
        } else {
            append(&mut file, number, |body| body.extend_from_slice(piece));
            number += 1;
        }
    }
    keep(place, &file);
}

fn append(file: &mut Vec<u8>, number: u64, fill: impl FnOnce(&mut Vec<u8>)) {
    let mut frame = Vec::new();
    frame::write(&mut frame, file.len() as u64, number, fill);
    file.append(&mut frame);
}

fn keep(place: Option<std::path::PathBuf>, file: &[u8]) {
    if let Some(place) = place {
        fs::write(place, file).expect("there is room for a file");
    }
}
