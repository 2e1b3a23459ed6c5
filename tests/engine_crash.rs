//! `kill -9` at any moment costs the engine nothing that it has acknowledged, shown or told a watch.
//!
//! In each round several clients write the same few keys, take snapshots and compact, and note what they are told. A
//! failpoint holds the process at a random place of a commit, a rotation or a snapshot, or lets writing fail there; then
//! it is killed, started again on its files, and asked for everything.
//!
//! What this cannot show is whether `fdatasync` is called at all: what a killed process has written is in the page
//! cache, so an engine that never syncs passes. What only a power failure leaves behind is shown beside the frames, in
//! `src/engine/storage/frame.rs`.
//!
//! `IF_CRASH_SEED` plays the choices of a seed again, `IF_CRASH_ROUNDS` sets how many rounds there are. When exactly the
//! kill comes is not part of the choices.

mod ledger;
mod load;
mod verdict;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use infrafabric::clock::stopwatch;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::runtime::Runtime;

use self::ledger::{Ledger, Past};
use self::load::Load;
use crate::support::patience::PATIENCE;
use crate::support::servers::{Backend, Server};

const ROUNDS: usize = 200;
/// Rounds go on beside each other on this many engines.
const SERVERS: usize = 4;
/// Once nothing has been acknowledged for so long, a failpoint holds the engine.
const STILL: Duration = Duration::from_millis(60);

/// Where a commit can be held.
const COMMIT: [&str; 6] = [
    "engine-before-write",
    "engine-before-sync",
    "engine-after-sync",
    "engine-before-publish",
    "engine-before-notify",
    "engine-before-answer",
];
/// Where a rotation and the snapshot after it can be held.
const SNAPSHOT: [&str; 8] = [
    "engine-log-before-sync",
    "engine-log-created",
    "engine-snapshot-frame",
    "engine-snapshot-before-sync",
    "engine-snapshot-written",
    "engine-snapshot-in-place",
    "engine-before-tidying",
    "engine-while-tidying",
];
/// Where writing can fail.
const FAILURES: [&str; 5] = [
    "engine-write-fails",
    "engine-sync-fails",
    "engine-log-fails",
    "engine-snapshot-fails",
    "engine-write-cut-short",
];

#[test]
fn nothing_acknowledged_is_lost_when_the_engine_is_killed() {
    let seed = asked("IF_CRASH_SEED").unwrap_or_else(rand::random);
    let rounds = asked("IF_CRASH_ROUNDS").map_or(ROUNDS, |rounds| usize::try_from(rounds).unwrap());
    // Shown when the test fails.
    eprintln!("the choices of this run: IF_CRASH_SEED={seed}");
    let tally = Tally::default();
    thread::scope(|scope| {
        for number in 0..SERVERS {
            let mut choices = StdRng::seed_from_u64(seed.wrapping_add(number as u64));
            let (tally, rounds) = (&tally, rounds / SERVERS);
            scope.spawn(move || survive(&mut choices, rounds, tally));
        }
    });
    tally.assert_that_something_happened(rounds / SERVERS * SERVERS);
}

fn asked(name: &str) -> Option<u64> {
    let (_, value) = std::env::vars().find(|(found, _)| found == name)?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// What the rounds came to, so that none of them passes because nothing was tried.
#[derive(Default)]
struct Tally {
    acknowledged: AtomicUsize,
    loaded: AtomicUsize,
    held: AtomicUsize,
    hashed: AtomicUsize,
}

impl Tally {
    fn count(&self, ledger: &Ledger, held: bool, hashed: bool) {
        self.acknowledged.fetch_add(ledger.acknowledged(), Ordering::Relaxed);
        self.loaded.fetch_add(usize::from(ledger.acknowledged() > 0), Ordering::Relaxed);
        self.held.fetch_add(usize::from(held), Ordering::Relaxed);
        self.hashed.fetch_add(usize::from(hashed), Ordering::Relaxed);
    }

    fn assert_that_something_happened(&self, rounds: usize) {
        let [acknowledged, loaded, held, hashed] =
            [&self.acknowledged, &self.loaded, &self.held, &self.hashed].map(|n| n.load(Ordering::Relaxed));
        eprintln!(
            "{rounds} rounds: {loaded} with {acknowledged} acknowledged writes, {held} held by a failpoint, {hashed} with a checksum"
        );
        assert!(loaded * 10 >= rounds * 9, "{loaded} of {rounds} rounds had a load");
        assert!(held * 5 >= rounds, "{held} of {rounds} rounds were held by a failpoint");
        assert!(hashed * 3 >= rounds, "{hashed} of {rounds} rounds had a checksum to compare");
    }
}

fn survive(choices: &mut StdRng, rounds: usize, tally: &Tally) {
    let runtime = Runtime::new().unwrap();
    let mut server = Server::start(Backend::Engine);
    let mut past = Past::default();
    runtime.block_on(verdict::check(server.endpoint(), &Ledger::default(), &mut past, "the start"));
    for round in 0..rounds {
        let failpoints = failpoints(choices);
        server.restart_with(&failpoints);
        let load = Load::begin(&runtime, server.endpoint(), past.revision, round, choices);
        // A failpoint is waited for; where there is none, the kill comes at any time.
        let enough = if failpoints.ends_with("pause") { 300 } else { choices.random_range(5..80) };
        let held = until_held(&load, enough);
        server.kill();
        let ledger = load.end(&runtime);
        server.restart();
        let name = format!("round {round} with {failpoints}");
        let hashed = runtime.block_on(verdict::check(server.endpoint(), &ledger, &mut past, &name));
        tally.count(&ledger, held, hashed);
    }
    runtime.block_on(verdict::check_all(server.endpoint(), &past));
}

/// Where the engine is held or fails in the next round. Starting takes a few commits, which go through.
fn failpoints(choices: &mut StdRng) -> String {
    let place = |of: &[&str], choices: &mut StdRng| of[choices.random_range(0..of.len())].to_owned();
    match choices.random_range(0..10) {
        0..4 => format!("{}={}*off->pause", place(&COMMIT, choices), choices.random_range(15..60)),
        4..7 => {
            let place = place(&SNAPSHOT, choices);
            // The start tidies up as well.
            let passed = if place.ends_with("tidying") { 6 } else { 1 };
            format!("{place}={}*off->pause", passed + choices.random_range(0..6))
        }
        7..9 => {
            let place = place(&FAILURES, choices);
            let passed =
                if place.starts_with("engine-write") || place.starts_with("engine-sync") { 15 } else { 0 };
            let (often, how) = (choices.random_range(3..50), ["", "(full)"][choices.random_range(0..2)]);
            format!("{place}={passed}*off->{often}%return{how}")
        }
        _ => String::new(),
    }
}

/// Waits until enough was acknowledged, or nothing is any more; whether it was the latter.
fn until_held(load: &Load, enough: usize) -> bool {
    let watch = stopwatch();
    let (mut seen, mut since) = (0, watch.elapsed());
    loop {
        let acknowledged = load.acknowledged();
        if acknowledged >= enough {
            return false;
        }
        if acknowledged > seen {
            (seen, since) = (acknowledged, watch.elapsed());
        }
        let patience = if seen == 0 { STILL * 20 } else { STILL };
        if watch.elapsed() > since + patience {
            return true;
        }
        assert!(watch.elapsed() < PATIENCE, "the load does not end");
        thread::sleep(Duration::from_millis(2));
    }
}
