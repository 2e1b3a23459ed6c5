use std::fs;
use std::path::{Path, PathBuf};

use super::super::{Engine, OpenError, Options};
use super::{TestServer, store_in};

fn open(path: &Path) -> Result<Engine, OpenError> {
    Engine::open(path, Options::default())
}

/// The one file of a kind.
fn file(directory: &Path, kind: &str) -> PathBuf {
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|other| other == kind)).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// A store of 50 keys at revision 51, closed; its directory.
async fn fifty_keys() -> (tempfile::TempDir, PathBuf) {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for n in 0..50 {
        client.put(format!("key-{n:03}"), format!("value-{n:03}"), None).await.unwrap();
    }
    let directory = server.stop().await;
    let path = store_in(directory.path());
    (directory, path)
}

#[test]
fn a_second_engine_on_the_same_directory_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = store_in(directory.path());
    let first = open(&path).unwrap();
    let refused = open(&path).unwrap_err();
    assert!(matches!(refused, OpenError::Locked { .. }), "{refused}");
    drop(first);
    open(&path).unwrap();
}

/// Flips a bit in each byte of a file, and expects that the store is refused each time.
fn every_flip_is_refused(store: &Path, file: &Path) {
    let sound = fs::read(file).unwrap();
    for place in 0..sound.len() {
        let mut flipped = sound.clone();
        flipped[place] ^= 1 << (place % 8);
        fs::write(file, &flipped).unwrap();
        let refused = open(store).map(|engine| engine.revision()).unwrap_err();
        assert!(matches!(refused, OpenError::Corrupt { .. }), "byte {place}: {refused:?}");
        assert!(refused.to_string().contains("is corrupt: "), "{refused}");
    }
    fs::write(file, &sound).unwrap();
    assert_eq!(open(store).unwrap().revision(), 51);
}

#[tokio::test]
async fn a_flipped_byte_in_the_log_is_refused_and_never_served() {
    let (_directory, store) = fifty_keys().await;
    every_flip_is_refused(&store, &file(&store, "log"));
}

#[tokio::test]
async fn a_flipped_byte_in_a_snapshot_is_refused_and_never_served() {
    let (_directory, store) = snapshotted().await;
    every_flip_is_refused(&store, &file(&store, "snapshot"));
}

/// As [`fifty_keys`], but in a snapshot.
async fn snapshotted() -> (tempfile::TempDir, PathBuf) {
    let (directory, path) = fifty_keys().await;
    let server = TestServer::start_in(directory, Options::default()).await;
    server.client().await.maintenance_client().defragment().await.unwrap();
    (server.stop().await, path)
}

#[tokio::test]
async fn a_batch_that_a_crash_cut_short_is_dropped_and_the_rest_is_there() {
    let (_directory, store) = fifty_keys().await;
    let log = file(&store, "log");
    let sound = fs::read(&log).unwrap();
    for missing in [1, 10, 30] {
        fs::write(&log, &sound[..sound.len() - missing]).unwrap();
        assert_eq!(open(&store).unwrap().revision(), 50, "{missing} bytes short");
    }
}

#[tokio::test]
async fn a_batch_whose_contents_a_power_failure_kept_from_the_disk_is_dropped_and_the_rest_is_there() {
    let (_directory, store) = fifty_keys().await;
    let log = file(&store, "log");
    let sound = fs::read(&log).unwrap();
    for zeros in [4, 100, 600, 5000] {
        fs::write(&log, [&sound[..], &vec![0; zeros]].concat()).unwrap();
        assert_eq!(open(&store).unwrap().revision(), 51, "{zeros} zeros");
    }
}

#[tokio::test]
async fn writing_goes_on_where_a_crash_cut_the_log() {
    let (directory, store) = fifty_keys().await;
    let log = file(&store, "log");
    let sound = fs::read(&log).unwrap();
    fs::write(&log, &sound[..sound.len() - 3]).unwrap();
    let server = TestServer::start_in(directory, Options::default()).await;
    server.client().await.put("after", "the crash", None).await.unwrap();
    let _directory = server.stop().await;
    assert_eq!(open(&store).unwrap().revision(), 51);
}

#[tokio::test]
async fn a_missing_log_is_noticed() {
    let (directory, store) = snapshotted().await;
    let snapshot = file(&store, "snapshot");
    let server = TestServer::start_in(directory, Options::default()).await;
    server.client().await.put("in", "the log", None).await.unwrap();
    let _directory = server.stop().await;
    let log = file(&store, "log");
    let elsewhere = log.with_file_name("0000000000000900.log");
    fs::rename(&log, &elsewhere).unwrap();
    let refused = open(&store).unwrap_err();
    assert!(matches!(refused, OpenError::Corrupt { .. }), "{refused:?}");
    fs::rename(&elsewhere, &log).unwrap();
    fs::rename(&snapshot, store.join("elsewhere")).unwrap();
    let refused = open(&store).unwrap_err();
    assert!(matches!(refused, OpenError::Corrupt { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_snapshot_takes_the_place_of_the_log_and_holds_everything() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let lease = client.lease_grant(60, None).await.unwrap().id();
    for n in 0..10 {
        let options = etcd_client::PutOptions::new().with_lease(lease);
        client.put(format!("key-{}", n % 3), format!("{n}"), Some(options)).await.unwrap();
    }
    client.delete("key-1", None).await.unwrap();
    client.compact(5, None).await.unwrap();
    let before = hash(&mut client).await;
    client.maintenance_client().defragment().await.unwrap();
    let directory = server.stop().await;
    let store = store_in(directory.path());
    assert!(file(&store, "snapshot").metadata().unwrap().len() > 100);

    let server = TestServer::start_in(directory, Options::default()).await;
    let mut client = server.client().await;
    assert_eq!(hash(&mut client).await, before);
    let life = etcd_client::LeaseTimeToLiveOptions::new().with_keys();
    let life = client.lease_time_to_live(lease, Some(life)).await.unwrap();
    assert_eq!((life.granted_ttl(), life.keys().len()), (60, 2));
}

async fn hash(client: &mut etcd_client::Client) -> (u32, i64, i64) {
    let hash = client.hash_kv(0).await.unwrap();
    (hash.hash(), hash.compact_version(), hash.header().unwrap().revision())
}

#[tokio::test]
async fn an_export_restores_to_the_same_contents_under_a_new_identity() {
    let (directory, _) = fifty_keys().await;
    let server = TestServer::start_in(directory, Options::default()).await;
    let mut client = server.client().await;
    client.compact(20, None).await.unwrap();
    let before = hash(&mut client).await;
    let mut export = Vec::new();
    let mut pieces = client.snapshot().await.unwrap();
    while let Some(piece) = pieces.message().await.unwrap() {
        export.extend_from_slice(piece.blob());
    }
    assert_eq!(export.len() % 512, 32, "etcd's clients insist on a SHA-256 after whole pages");

    let elsewhere = tempfile::tempdir().unwrap();
    let export_file = elsewhere.path().join("export");
    fs::write(&export_file, &export).unwrap();
    let restored = super::super::restore(&export_file, &store_in(elsewhere.path())).unwrap();
    assert_eq!((restored.revision, restored.keys), (51, 50));
    let again = super::super::restore(&export_file, &store_in(elsewhere.path())).unwrap_err();
    assert!(again.to_string().contains("holds a store already"), "{again}");
    for place in [0, 100, export.len() - 1] {
        let mut flipped = export.clone();
        flipped[place] ^= 1;
        fs::write(&export_file, &flipped).unwrap();
        let refused = super::super::restore(&export_file, &elsewhere.path().join("new")).unwrap_err();
        assert!(refused.to_string().contains("SHA-256"), "{refused}");
    }

    let twin = TestServer::start_in(elsewhere, Options::default()).await;
    assert_eq!(hash(&mut twin.client().await).await, before);
    assert_ne!(twin.engine.identity(), server.engine.identity());
}

#[test]
fn a_log_that_a_crash_left_without_a_head_is_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    let store = store_in(directory.path());
    fs::create_dir_all(&store).unwrap();
    for unfinished in [&[][..], &[0; 64]] {
        fs::write(store.join("0000000000000001.log"), unfinished).unwrap();
        assert_eq!(open(&store).unwrap().revision(), 1);
        assert_eq!(open(&store).unwrap().revision(), 1, "and it is a good one");
    }
}
