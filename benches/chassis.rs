//! The sandbox: a fresh instance and one task in it, beside a bare embedding of the same wasmtime (the limit of what
//! can be had), wasmtime-py and Extism; loading and running as whole commands; and whether a share of a core is kept.
//!
//! The work is everywhere the same, that of the guests in `examples/guests`: a line of log and an answer to a question.
//! A module is compiled once, as all of them allow. The bare embedding has no limits, cannot be interrupted and drops
//! the log; wasmtime-py and Extism run in processes of their own, as they are set up by default, and drop the log, too.
//! All are measured in turn, so that ratios are those of the same moment.

mod bare;
mod commands;
mod ours;
mod peers;
mod share;

use self::bare::Bare;
use self::ours::Ours;
use self::peers::Peer;
use crate::marks::{Bound, Marks, median};
use crate::support::guests;

/// The task, and what every guest answers, without spaces.
const TASK: &str = r#"{"question":"which transport?"}"#;
const ANSWER: &str = r#"{"answer":"usesipovertlsonport5061","input_bytes":31}"#;

/// How often all are compared.
const ROUNDS: usize = 15;
/// At most so many times the bare embedding.
const OVERHEAD: f64 = 1.3;

/// What runs tasks in fresh instances.
trait Contender {
    /// Runs so many tasks, one after the other, and gives the median in microseconds.
    fn p50(&mut self, tasks: usize) -> f64;
}

/// What a guest is to its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Core,
    Component,
    /// A component that needs WASI.
    Wasi,
}

pub(crate) fn run(marks: &mut Marks) {
    let core = guests::guest("c");
    let mut extism = Peer::extism();
    compare("core module", Kind::Core, &core, 2_000, Some(("Extism", &mut extism)), marks);
    compare("component in C", Kind::Component, &guests::component("c"), 1_000, None, marks);
    let python = guests::guest("python");
    compare("component in Python", Kind::Wasi, &python, 50, None, marks);
    commands::run(&python, marks);
    share::run(&core, marks);
}

/// Runs the same guest everywhere in turn; the order goes round.
fn compare(
    what: &str,
    kind: Kind,
    guest: &str,
    tasks: usize,
    more: Option<(&str, &mut Peer)>,
    marks: &mut Marks,
) {
    let (mut ours, mut bare) = (Ours::new(guest), Bare::new(kind, guest));
    let mut wasmtime_py = Peer::wasmtime_py(kind, guest);
    let mut all: Vec<(&str, &mut dyn Contender)> =
        vec![("ifctl", &mut ours), ("a bare embedding", &mut bare), ("wasmtime-py", &mut wasmtime_py)];
    all.extend(more.map(|(name, peer)| (name, peer as &mut dyn Contender)));
    for (_, contender) in &mut all {
        contender.p50(tasks);
    }
    let rounds: Vec<Vec<f64>> =
        (0..ROUNDS).map(|round| one_after_the_other(round, tasks, &mut all)).collect();
    for (at, (name, _)) in all.iter().enumerate() {
        let p50 = median(rounds.iter().map(|round| round[at]));
        println!("  {what}, {name}: fresh instance and task p50 {p50:.1} µs");
    }
    for (at, (name, _)) in all.iter().enumerate().skip(1) {
        let ratio = median(rounds.iter().map(|round| round[0] / round[at]));
        let bound = if at == 1 { OVERHEAD } else { 1.0 };
        marks.check(format!("{what}: fresh instance and task, times {name}"), ratio, Bound::AtMost(bound));
    }
}

/// One run of each, another one first in every round; in the order of `all`.
fn one_after_the_other(round: usize, tasks: usize, all: &mut [(&str, &mut dyn Contender)]) -> Vec<f64> {
    let mut taken = vec![0.0; all.len()];
    for turn in 0..all.len() {
        let at = (turn + round) % all.len();
        taken[at] = all[at].1.p50(tasks);
    }
    taken
}

/// Fails unless this is what every guest answers.
fn check(answer: &str) {
    let bare: String = answer.to_lowercase().split_whitespace().collect();
    assert_eq!(bare, ANSWER);
}
