//! The way out: what the broker adds to a call of an outside service, beside a bare hyper client; what a credential costs;
//! and whether a swarm that never stops calling slows others down.
//!
//! The service is on this machine and answers every request alike, on a thread of its own. Both clients keep one
//! connection and have one request under way; they are measured in turn, so that differences are those of the same moment.

mod bare;
mod credentials;
mod neighbours;
mod ours;
mod service;

use tokio::runtime::Runtime;

use self::bare::Bare;
use self::ours::Way;
use self::service::Service;
use crate::machine::{Times, quantile, times};
use crate::marks::{Bound, Marks, median};

/// How often both are compared, and how many requests each sends then.
const ROUNDS: usize = 15;
const REQUESTS: usize = 2_000;
/// What the broker may add to a request, in microseconds.
const OVERHEAD: f64 = 60.0;

pub(crate) fn run(marks: &mut Marks) {
    let service = Service::start();
    overhead(&service, marks);
    credentials::run(marks);
    neighbours::run(&service, marks);
}

fn overhead(service: &Service, marks: &mut Marks) {
    let way = Way::new(service, "courier");
    let runtime = Runtime::new().unwrap();
    let rounds: Vec<(f64, f64)> = runtime.block_on(async {
        let mut bare = Bare::connect(service).await;
        let mut rounds = Vec::with_capacity(ROUNDS);
        // The first round warms up.
        for round in 0..=ROUNDS {
            let (ours, theirs) = if round % 2 == 0 {
                let ours = p50(async || way.call().await).await;
                (ours, p50(async || bare.call().await).await)
            } else {
                let theirs = p50(async || bare.call().await).await;
                (p50(async || way.call().await).await, theirs)
            };
            rounds.push((ours, theirs));
        }
        rounds.split_off(1)
    });
    let ours = median(rounds.iter().map(|(ours, _)| *ours));
    let theirs = median(rounds.iter().map(|(_, theirs)| *theirs));
    let added = median(rounds.iter().map(|(ours, theirs)| ours - theirs));
    println!("  a request: through the broker p50 {ours:.1} µs, by a bare hyper client {theirs:.1} µs");
    marks.check("what the broker adds to a request, p50 µs", added, Bound::AtMost(OVERHEAD));
}

/// The median of many calls, one after the other, in microseconds.
async fn p50(mut call: impl AsyncFnMut()) -> f64 {
    let mut taken: Times = times();
    for _ in 0..REQUESTS {
        let watch = infrafabric::clock::stopwatch();
        call().await;
        // In tenths of a microsecond.
        taken.record(u64::try_from(watch.elapsed().as_nanos() / 100).unwrap()).unwrap();
    }
    quantile(&taken, 0.5) / 10.0
}
