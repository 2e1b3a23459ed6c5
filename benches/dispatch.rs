//! Dispatch: from handing in a piece of work until one of many has received it and said so, beside three queues.
//!
//! The same work everywhere: a body of 200 bytes is stored for good, given to exactly one of all who wait, and struck
//! off for good when that one says that it is done. What is handed in is on disk before it is answered: etcd's rule, here
//! `sync_interval: always` (NATS `JetStream`), `appendfsync always` (Redis streams), `-f 0` (beanstalkd).
//! So many producers hand in one piece after the other, each when the last is done; every consumer has a connection
//! and takes one piece at a time. Nobody pipelines. Producers and consumers are this process for all of them.
//!
//! `ifctl` does more: it chooses who is best, checks capabilities, budget and breaker, gives a token, keeps the task
//! and what came of it, and says so to whoever watches. Its consumers are sessions whose leases are kept alive.

mod beanstalkd;
mod board;
mod nats;
mod ours;
mod peer;
mod redis;
mod wire;

use std::time::Duration;

use infrafabric::clock::stopwatch;
use infrafabric::coordinator::bench::{Speed, Times};
use tokio::runtime::Runtime;

use self::board::Board;
use self::peer::{Peer, Producer};
use crate::marks::{Bound, Marks, median};

/// How often all are compared.
const ROUNDS: usize = 3;
/// How long each run lasts.
const RUN: Duration = Duration::from_secs(4);
/// How many hand in work at a time.
const PRODUCERS: usize = 64;

/// A queue and its name.
type Named = (&'static str, fn(usize) -> Speed);

const ALL: [Named; 4] = [
    ("ifctl", measure::<ours::Ours>),
    ("NATS JetStream", measure::<nats::Nats>),
    ("Redis streams", measure::<redis::Redis>),
    ("beanstalkd", measure::<beanstalkd::Beanstalkd>),
];

pub(crate) fn run(marks: &mut Marks) {
    for consumers in [1, 100, 10_000] {
        let rounds: Vec<Vec<Speed>> =
            (0..ROUNDS).map(|round| one_after_the_other(round, consumers)).collect();
        for (at, (name, _)) in ALL.iter().enumerate() {
            let runs: Vec<String> = rounds.iter().map(|round| line(&round[at])).collect();
            println!("  {consumers} consumers, {name}: {}", runs.join(" | "));
        }
        for (at, (name, _)) in ALL.iter().enumerate().skip(1) {
            let ratio = median(rounds.iter().map(|round| round[0].per_second / round[at].per_second));
            marks.check(
                format!("dispatched a second with {consumers} consumers, times {name}"),
                ratio,
                Bound::AtLeast(1.0),
            );
        }
    }
}

/// One run of each, another one first in every round; in the order of [`ALL`].
fn one_after_the_other(round: usize, consumers: usize) -> Vec<Speed> {
    let mut speeds: Vec<(usize, Speed)> =
        (0..ALL.len()).map(|turn| (turn + round) % ALL.len()).map(|at| (at, ALL[at].1(consumers))).collect();
    speeds.sort_by_key(|(at, _)| *at);
    speeds.into_iter().map(|(_, speed)| speed).collect()
}

fn line(speed: &Speed) -> String {
    let Speed { per_second, latency, .. } = speed;
    format!("{per_second:.0}/s, p50 {} µs, p99 {} µs", latency.p50_us, latency.p99_us)
}

fn measure<P: Peer>(consumers: usize) -> Speed {
    let runtime = Runtime::new().unwrap();
    let board = Board::default();
    let speed = runtime.block_on(async {
        let peer = P::start(consumers, &board).await;
        let mut producers = Vec::new();
        for _ in 0..PRODUCERS {
            producers.push(peer.producer().await);
        }
        let begun = stopwatch();
        let producing = producers.into_iter().map(|producer| tokio::spawn(produce(producer, board.clone())));
        let mut all = Times::default();
        for produced in futures::future::join_all(producing).await {
            all.take_in(&produced.unwrap());
        }
        let speed = all.within(begun.elapsed());
        peer.stop().await;
        speed
    });
    runtime.shutdown_timeout(Duration::from_secs(5));
    speed
}

/// Hands in one piece after the other until the time is over.
async fn produce(mut producer: impl Producer, board: Board) -> Times {
    let mut taken = Times::default();
    let begun = stopwatch();
    while begun.elapsed() < RUN {
        let (number, done) = board.post();
        let watch = stopwatch();
        producer.hand_in(number).await;
        done.await.unwrap();
        taken.note(watch.elapsed());
    }
    taken
}
