//! Looking for help among 100, 10,000 and 100,000 registered swarms, of which always the same ten can help: in this process,
//! and as the whole command beside one `etcdctl get` of the same engine.

use std::process::Command;
use std::time::Duration;

use etcd_client::{Client, KvClient, Txn, TxnOp};
use infrafabric::clock::{Clock, stopwatch};
use infrafabric::governor::HelpRequest;
use infrafabric::governor::service::Governor;
use infrafabric::store::Store;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::machine::{Times, micros, quantile, settled, times};
use crate::marks::{Bound, Marks, median};
use crate::pushes::connection;
use crate::support::command::Ifctl;
use crate::support::servers::{Backend, Server, fetched};

const FEW: usize = 100;
const MANY: usize = 10_000;
const MOST: usize = 100_000;
/// How many of them can help; they are among the few.
const HELPERS: usize = 10;
/// What they can do.
const WANTED: &str = "help:wanted";
/// How many other skills there are.
const SKILLS: usize = 200;
/// How often help is looked for in this process, before and while it is measured.
const WARM_UP: usize = 100;
const SAMPLES: usize = 2_000;
/// How often the command and etcdctl are run in turn.
const PAIRS: usize = 50;
/// How many swarms are registered in one transaction, and how many transactions are under way.
const BATCH: usize = 16;
const FILLERS: usize = 16;

pub(crate) fn run(marks: &mut Marks) {
    let server = Server::start(Backend::Engine);
    let runtime = Runtime::new().unwrap();
    let kv = runtime.block_on(Client::connect([server.endpoint()], None)).unwrap().kv_client();
    let governor = runtime.block_on(async {
        let store = Store::connect(&connection(server.endpoint())).await.unwrap();
        Governor::new(store, Clock::System)
    });
    let mut registered = 0;
    let mut measure = |swarms: usize| {
        runtime.block_on(register(&kv, registered..swarms));
        registered = swarms;
        settled(server.pid());
        let taken = runtime.block_on(find(&governor));
        let (p50, p99) = (quantile(&taken, 0.5), quantile(&taken, 0.99));
        println!("  among {swarms}: p50 {p50:.0} µs, p99 {p99:.0} µs");
        taken
    };
    let among_few = measure(FEW);
    let among_many = measure(MANY);
    commands(&server, marks);
    let among_most = measure(MOST);
    marks.check(
        "finding help among 10,000 swarms, p99 ms",
        quantile(&among_many, 0.99) / 1000.0,
        Bound::AtMost(2.0),
    );
    let growth = quantile(&among_most, 0.5) / quantile(&among_few, 0.5);
    marks.check("finding help among 100,000 swarms, times among 100", growth, Bound::AtMost(2.0));
}

/// Writes what registering writes.
async fn register(kv: &KvClient, swarms: std::ops::Range<usize>) {
    let end = swarms.end;
    let filling = (0..FILLERS).map(|filler| {
        let (mut kv, first) = (kv.clone(), swarms.start + filler * BATCH);
        tokio::spawn(async move {
            for batch in (first..end).step_by(FILLERS * BATCH) {
                let puts: Vec<TxnOp> = (batch..(batch + BATCH).min(end)).flat_map(registration).collect();
                kv.txn(Txn::new().and_then(puts)).await.unwrap();
            }
        })
    });
    for filled in futures::future::join_all(filling).await {
        filled.unwrap();
    }
}

fn registration(number: usize) -> Vec<TxnOp> {
    let swarm = format!("bench-{number:06}");
    let skill = if number < HELPERS { WANTED.to_owned() } else { format!("skill:s{}", number % SKILLS) };
    let capabilities = [skill, format!("other:s{}", number % SKILLS)];
    let dollars = 1 + number % 5;
    let profile = json!({"capabilities": capabilities, "cost_per_hour": dollars, "reputation": 0.5});
    let budget = json!({"cap": 100_000_000, "spent": 0, "reserved": 0});
    let put = |key: String, value: String| TxnOp::put(key, value, None);
    let mut puts = vec![
        put(format!("/swarms/{swarm}/profile"), profile.to_string()),
        put(format!("/swarms/{swarm}/capabilities"), json!(capabilities).to_string()),
        put(format!("/swarms/{swarm}/status"), "active".to_owned()),
        put(format!("/governor/budgets/swarm/{swarm}"), budget.to_string()),
    ];
    puts.extend(
        capabilities.map(|capability| put(format!("/capabilities/{capability}/{swarm}"), String::new())),
    );
    puts
}

async fn find(governor: &Governor) -> Times {
    let required = vec![WANTED.parse().unwrap()];
    let request = HelpRequest { required, ..HelpRequest::default() };
    let mut taken = times();
    for sample in 0..WARM_UP + SAMPLES {
        let watch = stopwatch();
        let help = governor.find_help(&request).await.unwrap();
        if sample >= WARM_UP {
            taken.record(micros(watch.elapsed())).unwrap();
        }
        assert_eq!(help.assessments.len(), HELPERS);
        assert!(help.chosen.is_some());
    }
    taken
}

/// The whole command, and what fetching one key by etcdctl takes, in turn.
fn commands(server: &Server, marks: &mut Marks) {
    let home = TempDir::new().unwrap();
    let etcdctl = fetched("etcd-3.5/etcdctl");
    let pairs: Vec<(f64, f64)> = (0..PAIRS)
        .map(|_| {
            let ours = taking(|| {
                let find = ["governor", "find-help", "--required", WANTED];
                Ifctl::new(home.path()).endpoints(server).args(find).run().expect(0);
            });
            let theirs = taking(|| {
                let mut get = Command::new(&etcdctl);
                get.args(["--endpoints", server.endpoint(), "get", "/governor/policy"]);
                assert!(get.env("ETCDCTL_API", "3").output().unwrap().status.success());
            });
            (ours, theirs)
        })
        .collect();
    let ours = median(pairs.iter().map(|(ours, _)| *ours));
    let theirs = median(pairs.iter().map(|(_, theirs)| *theirs));
    println!("  the command: p50 {ours:.1} ms; etcdctl get: p50 {theirs:.1} ms");
    marks.check("ifctl governor find-help among 10,000 swarms, p50 ms", ours, Bound::AtMost(15.0));
    let ratio = median(pairs.iter().map(|(ours, theirs)| ours / theirs));
    marks.check("ifctl governor find-help, times etcdctl get", ratio, Bound::AtMost(1.0));
}

/// How long something takes, in milliseconds.
fn taking(act: impl FnOnce()) -> f64 {
    let watch = stopwatch();
    act();
    milliseconds(watch.elapsed())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
