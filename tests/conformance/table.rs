//! Tables of scripts, and playing them on three stores.

use std::fmt::Debug;

use futures::future::join_all;
use tokio::runtime::Builder;

use crate::support::bare::Bare;
use crate::support::servers::Backend;
use crate::support::wire::{Answer, Call, Wire};

/// A script and what it shows. The stores keep their data from row to row.
pub(super) struct Row<S> {
    says: &'static str,
    script: Box<dyn Fn(i64) -> Vec<S>>,
}

/// A row whose script is made for the revision at which it begins.
pub(super) fn row<S>(says: &'static str, script: impl Fn(i64) -> Vec<S> + 'static) -> Row<S> {
    Row { says, script: Box::new(script) }
}

/// Plays every row of calls on the engine and on etcd 3.4 and 3.5, and fails where they differ.
///
/// # Panics
/// With all that differs.
#[track_caller]
pub(super) fn compare(rows: &[Row<Call>]) {
    compare_with(rows, async |wire, script| play(wire, script).await);
}

/// As [`compare`], for scripts that `play` knows how to play: it shows something for every step it comes to.
///
/// # Panics
/// With all that differs.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "callers hand over a closure")]
pub(super) fn compare_with<S: Debug, A: Debug + PartialEq>(
    rows: &[Row<S>],
    play: impl AsyncFn(&Wire, &[S]) -> Vec<A>,
) {
    let stores = start_all();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let wires = runtime.block_on(join_all(stores.iter().map(|store| Wire::connect(store.endpoint()))));
    let mut differences = Vec::new();
    for Row { says, script } in rows {
        let revisions = runtime.block_on(join_all(wires.iter().map(revision)));
        if revisions.iter().any(|revision| *revision != revisions[0]) {
            differences.push(format!("the revisions went apart before {says:?}: {revisions:?}"));
            break;
        }
        let script = script(revisions[0]);
        let played = runtime.block_on(join_all(wires.iter().map(|wire| play(wire, &script))));
        for (index, step) in script.iter().enumerate() {
            let [engine, old, new] = [0, 1, 2].map(|store| played[store].get(index));
            // A step that none of them comes to is a mistake of the script.
            if engine.is_none() || engine != new || old != new {
                let (step, engine, old, new) = (brief(step), brief(&engine), brief(&old), brief(&new));
                differences.push(format!(
                    "{says}\n  {index}: {step}\n  engine:   {engine}\n  etcd 3.4: {old}\n  etcd 3.5: {new}"
                ));
            }
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

/// The beginning of what may be megabytes.
pub(crate) fn brief(value: &impl Debug) -> String {
    format!("{value:?}").chars().take(1000).collect()
}

/// One store of each kind, started side by side.
fn start_all() -> Vec<Bare> {
    let starting = Backend::ALL.map(|backend| std::thread::spawn(move || Bare::start(backend)));
    starting.map(|thread| thread.join().unwrap()).into()
}

async fn play(wire: &Wire, script: &[Call]) -> Vec<Answer> {
    let mut answers = Vec::new();
    for call in script {
        answers.push(comparable(wire.call(call.clone()).await));
    }
    answers
}

/// The revision of a store now.
async fn revision(wire: &Wire) -> i64 {
    match wire.call(crate::support::requests::get("nothing").into()).await {
        Answer::Range(answer) => answer.header.unwrap().revision,
        other => panic!("no range, as if the store had not survived the last row: {other:?}"),
    }
}

/// An answer without what a store chooses for itself.
pub(crate) fn comparable(mut answer: Answer) -> Answer {
    if let Some(header) = answer.header_mut() {
        (header.cluster_id, header.member_id) = (0, 0);
    }
    match &mut answer {
        // Time passes between the grant and the question.
        Answer::TimeToLive(life) => {
            if life.ttl > 0 && (life.granted_ttl - 5..=life.granted_ttl).contains(&life.ttl) {
                life.ttl = life.granted_ttl;
            }
            // etcd lists them in an order that changes from call to call.
            life.keys.sort_unstable();
        }
        Answer::Grant(lease) if lease.id > u32::MAX.into() => lease.id = 0,
        Answer::Alarm(answer) => {
            // etcd 3.4 gives none.
            answer.header = None;
            answer.alarms.iter_mut().for_each(|alarm| alarm.member_id = 0);
        }
        // A field that the etcd of this version does not have.
        Answer::HashKv(answer) => answer.hash_revision = 0,
        _ => {}
    }
    answer
}
