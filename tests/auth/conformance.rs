//! One script of requests, held to by the engine and by etcd 3.5, answer by answer.

mod management;
mod permissions;

use std::fmt::Write;

use super::store::Store;
use super::wire::Wire;
use crate::support::servers::Backend;

/// Has the script played by both, and compares what they said, line by line.
#[expect(clippy::needless_pass_by_value, reason = "scripts are written where they are passed")]
fn compare(script: impl AsyncFn(&mut Wire)) {
    let [engine, etcd] = [Backend::Engine, Backend::Etcd35].map(|backend| {
        Store::start(backend).talk(async |wire| {
            script(wire).await;
            std::mem::take(&mut wire.transcript)
        })
    });
    let mut differences = String::new();
    for (engine, etcd) in engine.iter().zip(&etcd).filter(|(engine, etcd)| engine != etcd) {
        write!(differences, "\nengine: {engine}\netcd:   {etcd}").unwrap();
    }
    assert!(differences.is_empty(), "they differ:{differences}");
    assert_eq!(engine.len(), etcd.len());
}
