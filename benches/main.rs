//! Speed, measured against etcd 3.5 and others in the same run.
//!
//!     cargo bench -- [claims] [watches] [keys] [pushes] [swarms] [dispatch] [leadership] [find-help] [chassis]
//!         [egress]
//!
//! The first four measure the engine and etcd in turn, several times, and quote the median of the paired ratios;
//! `dispatch` does so with three queues, which it fetches. `swarms` and `dispatch` need 12,000 open files (`ulimit -n`).
//! `find-help` looks among up to 100,000 swarms, and runs the command beside etcdctl. `chassis` measures the sandbox beside
//! others, which it fetches and builds; `egress` measures the way out of it beside a bare client.
//! Exit status 0: every mark holds; 1: one does not. Speeds depend on the machine, so none of this is a test.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]
#![allow(clippy::print_stdout, reason = "figures are what it prints")]

mod agents;
mod chassis;
mod claims;
mod dispatch;
mod egress;
mod find_help;
mod keys;
mod leadership;
mod machine;
mod marks;
mod pushes;
mod servers;
#[allow(unused_imports, unused_macros, reason = "the tests use all of it")]
#[path = "../tests/support/mod.rs"]
mod support;
mod swarms;
mod watches;

use std::process::ExitCode;

use marks::Marks;

/// The one that the program has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A benchmark and its name on the command line.
type Named = (&'static str, fn(&mut Marks));

const ALL: [Named; 10] = [
    ("claims", claims::run),
    ("watches", watches::run),
    ("keys", keys::run),
    ("pushes", pushes::run),
    ("swarms", swarms::run),
    ("dispatch", dispatch::run),
    ("leadership", leadership::run),
    ("find-help", find_help::run),
    ("chassis", chassis::run),
    ("egress", egress::run),
];

fn main() -> ExitCode {
    // Cargo itself adds `--bench`.
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [verb, directory] = asked.as_slice()
        && verb == servers::SERVE
    {
        return servers::serve(directory);
    }
    if let Some(unknown) = asked.iter().find(|name| !ALL.iter().any(|(known, _)| known == name)) {
        let known: Vec<&str> = ALL.iter().map(|(known, _)| *known).collect();
        eprintln!("error: there is no benchmark {unknown}\nhint: {}", known.join(", "));
        return ExitCode::from(2);
    }
    let mut marks = Marks::default();
    machine::describe();
    for (name, run) in ALL.iter().filter(|(name, _)| asked.is_empty() || asked.iter().any(|one| one == name))
    {
        println!("\n{name}");
        run(&mut marks);
    }
    println!("\nmarks\n{marks}");
    if marks.hold() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
