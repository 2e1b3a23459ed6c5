//! What the files must look like, seen from inside.

use std::fs;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::super::header::Identity;
use super::super::published::Published;
use super::super::staged::Staged;
use super::super::state::State;
use super::super::{OpenError, Options};
use super::directory::Directory;
use super::frame::Head;
use super::log::Log;
use super::snapshot::{self, Base};
use super::{Batch, Storage};

fn batch(state: &State, write: impl FnOnce(&mut Staged<'_>)) -> Batch {
    let mut staged = Staged::over(state);
    write(&mut staged);
    staged.seal();
    staged.into_batch()
}

fn apply(state: &mut State, write: impl FnOnce(&mut Staged<'_>)) {
    let batch = batch(state, write);
    state.apply(batch);
}

#[test]
fn nothing_follows_the_last_batch_of_a_log_that_is_not_the_last() {
    let directory = tempfile::tempdir().unwrap();
    let (mut storage, ..) = Storage::open(directory.path()).unwrap();
    let batch = batch(&State::default(), |staged| staged.put("k".into(), "v".into(), 0));
    storage.commit(&batch).unwrap();
    let log = storage.directory.log(1);
    drop(storage);
    let whole = fs::metadata(&log).unwrap().len();

    fs::File::options().append(true).open(&log).unwrap().write_all(b"cut short").unwrap();
    let (mut storage, identity, state) = Storage::open(directory.path()).unwrap();
    let published = Published::new(directory.path().to_owned(), Options::default(), identity, state, 0);
    let older = fs::File::open(&log).unwrap();
    storage.begin_snapshot(&Arc::new(published)).unwrap();
    assert!(storage.log.is_empty(), "another log follows");
    // The snapshot may have been quick, and the name be gone.
    assert_eq!(older.metadata().unwrap().len(), whole);
}

#[test]
fn a_snapshot_is_made_of_frames_of_about_a_megabyte_however_much_one_key_has() {
    const VALUE: usize = 300_000;
    let mut state = State::default();
    for _ in 0..20 {
        apply(&mut state, |staged| staged.put("k".into(), vec![7; VALUE].into(), 0));
    }
    let identity = Identity::draw();
    let base = Base::of(&state, Head { sequence: 1, identity });
    let (mut frames, mut whole) = (Vec::new(), Vec::new());
    snapshot::write(&state, &base, |frame| {
        frames.push(frame.len());
        whole.extend_from_slice(frame);
        Ok(())
    })
    .unwrap();
    assert!(frames.iter().all(|length| *length < (1 << 20) + VALUE + 100), "{frames:?}");
    let (_, read, end) = snapshot::parse(&whole, "memory".as_ref()).unwrap();
    assert_eq!(end, whole.len());
    assert_eq!(format!("{read:?}"), format!("{state:?}"));
}

#[test]
fn a_snapshot_without_the_batches_it_was_taken_beside_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let directory = Directory::open(place.path()).unwrap();
    let mut state = State::default();
    apply(&mut state, |staged| staged.put("k".into(), "v".into(), 0));
    let head = Head { sequence: 2, identity: Identity::draw() };
    let base = Base::of(&state, head);
    for _ in 0..3 {
        apply(&mut state, |staged| staged.put("k".into(), "v".into(), 0));
    }
    apply(&mut state, |staged| staged.compact(4));
    snapshot::save(&state, &base, &directory.places(2), &AtomicBool::new(false)).unwrap();
    Log::create(&directory, head).unwrap();
    drop(directory);
    let refused = Storage::open(place.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Corrupt { .. }), "{refused:?}");
    assert!(refused.to_string().contains("a log is missing"), "{refused}");
}
