use std::path::Path;

use super::super::{Engine, OpenError, Options};
use super::{TestServer, file_in};

fn open(path: &Path) -> Result<Engine, OpenError> {
    Engine::open(path, Options::default())
}

#[test]
fn a_second_engine_on_the_same_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = file_in(directory.path());
    let first = open(&path).unwrap();
    let refused = open(&path).unwrap_err();
    assert!(matches!(refused, OpenError::Locked { .. }), "{refused}");
    drop(first);
    open(&path).unwrap();
}

#[tokio::test]
async fn a_flipped_byte_is_refused_and_never_served() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for n in 0..50 {
        client.put(format!("key-{n:03}"), format!("value-{n:03}"), None).await.unwrap();
    }
    let directory = server.stop().await;
    let path = file_in(directory.path());
    let sound = std::fs::read(&path).unwrap();
    let needle = b"value-025";
    let places =
        sound.windows(needle.len()).enumerate().filter(|(_, bytes)| bytes == needle).map(|(at, _)| at);
    let mut refused = 0;
    for place in places {
        let mut flipped = sound.clone();
        flipped[place + 6] ^= 1;
        std::fs::write(&path, &flipped).unwrap();
        match open(&path) {
            // A page that is no longer in use.
            Ok(engine) => assert_eq!(engine.revision(), 51),
            Err(error) => {
                assert!(matches!(error, OpenError::Corrupt { .. }), "{error:?}");
                assert!(error.to_string().contains("restore it from a snapshot"), "{error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 0);
    std::fs::write(&path, &sound).unwrap();
    assert_eq!(open(&path).unwrap().revision(), 51);
}
