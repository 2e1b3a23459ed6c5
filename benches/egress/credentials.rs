//! What it takes to check a credential: with every call whether it still counts and covers it, and at the beginning of a
//! task whether the handle is its.

use std::time::Duration;

use infrafabric::chassis::credential::{Credential, Grant, Handle};
use infrafabric::chassis::egress::{Method, Target};
use infrafabric::clock::{Clock, stopwatch};

use crate::machine::{quantile, times};
use crate::marks::{Bound, Marks};

const CHECKS: usize = 100_000;
/// In microseconds.
const BOUND: f64 = 20.0;

pub(super) fn run(marks: &mut Marks) {
    let (swarm, task) = ("courier".parse().unwrap(), "parcel-1".parse().unwrap());
    let grant = Grant {
        endpoints: ["https://api.example.org/v1", "https://*.example.com/", "https://example.net/v1/answers"]
            .map(|endpoint| endpoint.parse().unwrap())
            .into(),
        methods: vec![Method::Get, Method::Post],
        ..Grant::of_task(&swarm, Some(&task), Duration::from_hours(1))
    };
    let clock = Clock::System;
    let handle = Handle::new("c1".parse().unwrap(), [7; 32]);
    let credential = Credential::issue(grant, &handle, "bench", clock.now());
    // The last of its endpoints, and the whole text of the handle.
    let target = Target::parse("https://example.net/v1/answers/42?q=1").unwrap();
    let mut taken = times();
    for _ in 0..CHECKS {
        let watch = stopwatch();
        let current = std::hint::black_box(&credential).clone();
        current.is_for(&handle, &swarm, Some(&task), clock.now()).unwrap();
        current.admits(Method::Post, &target, clock.now()).unwrap();
        taken.record(u64::try_from(watch.elapsed().as_nanos()).unwrap()).unwrap();
    }
    let (p50, p99) = (quantile(&taken, 0.5) / 1000.0, quantile(&taken, 0.99) / 1000.0);
    println!("  a credential is checked: p50 {p50:.2} µs, p99 {p99:.2} µs");
    marks.check("check of a credential, p50 µs", p50, Bound::AtMost(BOUND));
}
