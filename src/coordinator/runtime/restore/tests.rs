//! Restoring what a real engine has exported.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::super::save;
use super::*;
use crate::store::{Connection, Store};

/// An export of an engine that holds `pairs`, as a file in `home`.
async fn export(home: &Path, pairs: &[(&str, &str)]) -> PathBuf {
    let engine = Engine::open(&home.join("source"), Options::default()).unwrap();
    for (key, value) in pairs {
        assert!(engine.swap(key, None, value).await.unwrap());
    }
    let file = home.join("file");
    export_to(&file, &engine).await;
    engine.close();
    file
}

/// Saves what the engine serves, as anybody would.
async fn export_to(file: &Path, engine: &Engine) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let connection = Connection {
        endpoints: vec![listener.local_addr().unwrap().to_string()],
        namespace: String::new(),
        timeout: Duration::from_secs(5),
        user: None,
        certificates: crate::store::Certificates::default(),
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = engine.clone();
    let task = tokio::spawn(async move { serving.serve(listener, async { drop(stopped.await) }).await });
    let store = Store::connect(&connection).await.unwrap();
    let saved = save::save(&store, file, false).await.unwrap();
    assert_eq!((saved.format, saved.bytes), (Format::Engine, fs::metadata(file).unwrap().len()));
    drop((store, stop));
    task.await.unwrap().unwrap();
}

fn value(data: &Path, key: &str) -> Option<String> {
    let engine = Engine::open(&data.join("engine"), Options::default()).unwrap();
    let value = engine.get(key).map(|value| String::from_utf8(value.to_vec()).unwrap());
    engine.close();
    value
}

#[tokio::test]
async fn the_epoch_of_every_namespace_in_use_is_raised() {
    let home = TempDir::new().unwrap();
    let file = export(
        home.path(),
        &[
            ("/coordinator/epoch", "6"),
            ("/governor/policy", "{}"),
            ("red/governor/policy", "{}"),
            ("/blue//tasks/T/record", "{}"),
            ("of somebody else", ""),
        ],
    )
    .await;
    let data = home.path().join("data");
    let restored = restore(&file, &data, "green").await.unwrap();
    assert_eq!(restored.epoch, 1);
    let others = [("", 7), ("/blue/", 1), ("red", 1)];
    assert_eq!(restored.other_epochs, others.map(|(name, epoch)| (name.to_owned(), epoch)).into());
    assert_eq!((restored.keys, restored.revision), (8, 10));
    assert_eq!(value(&data, "/coordinator/epoch").as_deref(), Some("7"));
    assert_eq!(value(&data, "red/coordinator/epoch").as_deref(), Some("1"));
    assert_eq!(value(&data, "green/coordinator/epoch").as_deref(), Some("1"));
}

#[tokio::test]
async fn a_restore_that_was_cut_short_leaves_no_store_and_is_not_in_the_way() {
    let home = TempDir::new().unwrap();
    let file = export(home.path(), &[("/coordinator/epoch", "6")]).await;
    let data = home.path().join("data");
    // As a crash leaves it that comes before the epoch is raised.
    fs::create_dir(&data).unwrap();
    restore_store(&file, &data::restoring(&data)).unwrap();
    assert!(!data::store(&data).exists());

    assert_eq!(restore(&file, &data, "").await.unwrap().epoch, 7);
    assert!(!data::restoring(&data).exists());
    assert_eq!(value(&data, "/coordinator/epoch").as_deref(), Some("7"));
}

#[tokio::test]
async fn an_epoch_that_cannot_be_raised_is_refused_and_leaves_nothing() {
    let home = TempDir::new().unwrap();
    for (name, epoch) in [("words", "seven"), ("largest", "18446744073709551615")] {
        let home = home.path().join(name);
        let file = export(&home, &[("/coordinator/epoch", epoch)]).await;
        let data = home.join("data");
        let error = restore(&file, &data, "").await.unwrap_err();
        assert!(matches!(&error, RestoreError::NoEpoch { value, .. } if value == epoch), "{error:?}");
        assert_eq!(fs::read_dir(&data).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn of_two_restores_into_one_directory_one_gives_up() {
    let home = TempDir::new().unwrap();
    let file = export(home.path(), &[]).await;
    let data = home.path().join("data");
    let place = Place::take(&data).unwrap();
    let error = restore(&file, &data, "").await.unwrap_err();
    assert!(matches!(error, RestoreError::UnderWay { .. }), "{error:?}");
    drop(place);
    restore(&file, &data, "").await.unwrap();
    let error = restore(&file, &data, "").await.unwrap_err();
    assert!(matches!(error, RestoreError::Store(StoreRestoreError::Occupied { .. })), "{error:?}");
}
