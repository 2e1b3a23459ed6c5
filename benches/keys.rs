//! A million keys: starting up with them, reading a thousand of them, and claiming among them.

use std::time::Duration;

use etcd_client::{Client, Compare, CompareOp, GetOptions, KvClient, Txn, TxnOp};
use infrafabric::clock::stopwatch;
use tokio::runtime::Runtime;

use crate::machine::{Times, micros, quantile, resident, times};
use crate::marks::{Bound, Marks};
use crate::servers::Store;
use crate::support::servers::Backend;

const FEW: usize = 1_000;
const MANY: usize = 1_000_000;
/// How many keys one transaction writes while the store is filled.
const BATCH: usize = 100;
/// How many fill it at a time.
const FILLERS: usize = 16;
/// How often each thing is measured.
const SAMPLES: usize = 500;

/// What one server came to.
struct Outcome {
    startup: Duration,
    range: Times,
    claim_among_few: Times,
    claim_among_many: Times,
    memory: u64,
}

pub(crate) fn run(marks: &mut Marks) {
    let [engine, etcd] = [Backend::Engine, Backend::Etcd35].map(measure);
    for (name, outcome) in [("engine", &engine), ("etcd", &etcd)] {
        println!(
            "  {name}: start-up {:.2} s, range of 1,000 p50 {:.0} µs, claim p50 {:.0} µs among 1 k, {:.0} µs among 1 M, {} MB",
            outcome.startup.as_secs_f64(),
            quantile(&outcome.range, 0.5),
            quantile(&outcome.claim_among_few, 0.5),
            quantile(&outcome.claim_among_many, 0.5),
            outcome.memory / 1_000_000
        );
    }
    marks.check("start-up with 1 M keys, s", engine.startup.as_secs_f64(), Bound::AtMost(3.0));
    marks.check(
        "range of 1,000 of 1 M keys, p50 ms",
        quantile(&engine.range, 0.5) / 1000.0,
        Bound::AtMost(2.0),
    );
    let growth = quantile(&engine.claim_among_many, 0.5) / quantile(&engine.claim_among_few, 0.5);
    marks.check("a claim among 1 M keys, times one among 1 k", growth, Bound::AtMost(1.2));
}

fn measure(backend: Backend) -> Outcome {
    let mut server = Store::start(backend);
    let runtime = Runtime::new().unwrap();
    let connect =
        |server: &Store| runtime.block_on(Client::connect([server.endpoint()], None)).unwrap().kv_client();
    let kv = connect(&server);
    runtime.block_on(fill(&kv, 0..FEW));
    let claim_among_few = runtime.block_on(claims(kv.clone(), "few"));
    runtime.block_on(fill(&kv, FEW..MANY));
    let claim_among_many = runtime.block_on(claims(kv.clone(), "many"));
    let range = runtime.block_on(ranges(kv));
    let startup = server.restart();
    Outcome { startup, range, claim_among_few, claim_among_many, memory: resident(server.pid()) }
}

fn key(task: usize) -> String {
    format!("/bench/task-{task:07}/owner")
}

async fn fill(kv: &KvClient, tasks: std::ops::Range<usize>) {
    let end = tasks.end;
    let filling = (0..FILLERS).map(|filler| {
        let (mut kv, first) = (kv.clone(), tasks.start + filler * BATCH);
        tokio::spawn(async move {
            for batch in (first..end).step_by(FILLERS * BATCH) {
                let puts =
                    (batch..(batch + BATCH).min(end)).map(|task| TxnOp::put(key(task), "unclaimed", None));
                kv.txn(Txn::new().and_then(puts.collect::<Vec<_>>())).await.unwrap();
            }
        })
    });
    for filled in futures::future::join_all(filling).await {
        filled.unwrap();
    }
}

async fn claims(mut kv: KvClient, label: &str) -> Times {
    let mut taken = times();
    for task in 0..SAMPLES {
        let key = key(if label == "few" { task } else { FEW + task * 1_999 });
        let claim = Txn::new()
            .when([Compare::value(key.as_str(), CompareOp::Equal, "unclaimed")])
            .and_then([TxnOp::put(key.as_str(), label, None)])
            .or_else([TxnOp::get(key.as_str(), None)]);
        let watch = stopwatch();
        assert!(kv.txn(claim).await.unwrap().succeeded());
        taken.record(micros(watch.elapsed())).unwrap();
    }
    taken
}

async fn ranges(mut kv: KvClient) -> Times {
    let mut taken = times();
    for sample in 0..SAMPLES {
        let options = GetOptions::new().with_from_key().with_limit(1_000);
        let watch = stopwatch();
        let found = kv.get(key(sample * 1_999), Some(options)).await.unwrap();
        taken.record(micros(watch.elapsed())).unwrap();
        assert_eq!(found.kvs().len(), 1_000);
    }
    taken
}
