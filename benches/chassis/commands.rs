//! Whole commands against the embedded engine: running a task of a core module, and loading Python anew.

use infrafabric::clock::stopwatch;
use tempfile::TempDir;

use super::TASK;
use crate::marks::{Bound, Marks, median};
use crate::support::command::{Finished, Ifctl};
use crate::support::servers::{Backend, Server};

/// How often each is run.
const EXECUTIONS: usize = 50;
const LOADS: usize = 15;

/// Loads the guest of this file under the contract of the guests.
fn load(site: &(Server, TempDir), guest: &str) -> Finished {
    let contract = "examples/contracts/sip-help.yaml";
    let load = ["chassis", "load", "sip-help", "--wasm", guest, "--contract", contract];
    Ifctl::new(site.1.path()).endpoints(&site.0).args(load).run().expect(0)
}

pub(super) fn run(python: &str, marks: &mut Marks) {
    let site = || (Server::start(Backend::Engine), TempDir::new().unwrap());
    let small = site();
    load(&small, "examples/guests/sip_help.wat");
    let execution = p50(EXECUTIONS, || {
        let exec = ["chassis", "exec", "sip-help"];
        Ifctl::new(small.1.path()).endpoints(&small.0).args(exec).stdin(TASK).run().expect(0);
    });
    let large = site();
    let first = p50(1, || drop(load(&large, python)));
    let again = p50(LOADS, || drop(load(&large, python)));
    println!("  chassis exec of a core module: p50 {execution:.1} ms");
    println!("  chassis load of Python: {first:.0} ms at first, then p50 {again:.1} ms");
    marks.check("chassis exec of a core module, p50 ms", execution, Bound::AtMost(15.0));
    marks.check("chassis load of Python for a second time, p50 ms", again, Bound::AtMost(20.0));
}

/// The median of how long something takes, in milliseconds.
fn p50(times: usize, mut act: impl FnMut()) -> f64 {
    median((0..times).map(|_| {
        let watch = stopwatch();
        act();
        watch.elapsed().as_secs_f64() * 1000.0
    }))
}
