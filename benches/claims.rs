//! Claims: how many compare-and-swap transactions a second, what each costs the server, how long it takes.
//!
//! Every client claims tasks of its own, so that every transaction writes. A connection serves up to sixteen
//! clients, as one worker process with as many slots would. Batches are transactions of a hundred puts.

use std::time::Duration;

use etcd_client::{Client, Compare, CompareOp, KvClient, Txn, TxnOp};
use infrafabric::clock::stopwatch;
use tokio::runtime::Runtime;

use crate::machine::{Times, cpu, fdatasync, loopback, micros, pairs, quantile, times};
use crate::marks::{Bound, Marks, median};
use crate::servers::Store;
use crate::support::servers::Backend;

/// How often engine and etcd are compared.
const PAIRS: usize = 3;
/// How long each run lasts.
const RUN: Duration = Duration::from_secs(3);
/// How many clients share a connection.
const PER_CONNECTION: usize = 16;
/// How many operations a batched transaction has.
const BATCH: usize = 100;

/// What one run came to.
struct Outcome {
    /// Claims per second.
    rate: f64,
    /// Microseconds of the server's processor time for each.
    cpu: f64,
    /// Microseconds of this process's, the clients', for each.
    client_cpu: f64,
    /// Round trips.
    taken: Times,
    /// What one fdatasync and one loopback round trip took just before, in microseconds.
    ideal: f64,
}

pub(crate) fn run(marks: &mut Marks) {
    for clients in [1, 64, 256, 1000] {
        let outcomes = pairs(PAIRS, |backend| measure(backend, clients, 1));
        let ratios = report(&format!("{clients} clients"), &outcomes);
        if clients > 1 {
            marks.check(
                format!("claims/s of {clients} clients, times etcd's"),
                ratios.rate,
                Bound::AtLeast(2.0),
            );
            marks.check(
                format!("server CPU a claim at {clients} clients, times etcd's"),
                ratios.cpu,
                Bound::AtMost(1.0 / 3.0),
            );
            marks.check(format!("p99 at {clients} clients, times etcd's"), ratios.p99, Bound::AtMost(0.5));
        } else {
            let ratio =
                median(outcomes.iter().map(|(engine, _)| quantile(&engine.taken, 0.5) / engine.ideal));
            marks.check("p50 of a lone client, times fdatasync + loopback", ratio, Bound::AtMost(1.5));
        }
    }
    let outcomes = pairs(PAIRS, |backend| measure(backend, 16, BATCH));
    let ratios = report(&format!("16 clients, {BATCH} puts in a transaction"), &outcomes);
    marks.check("batched puts/s, times etcd's", ratios.rate, Bound::AtLeast(5.0));
}

/// Medians of the engine's figures over etcd's.
struct Ratios {
    rate: f64,
    cpu: f64,
    p99: f64,
}

fn report(what: &str, outcomes: &[(Outcome, Outcome)]) -> Ratios {
    for (engine, etcd) in outcomes {
        println!("  {what}: engine {} | etcd {}", line(engine), line(etcd));
    }
    let ceiling = median(outcomes.iter().map(|(engine, etcd)| ceiling(engine) / etcd.rate));
    println!("  {what}: a server that cost nothing would reach {ceiling:.1} times etcd's rate here");
    let ratio = |figure: fn(&Outcome) -> f64| {
        median(outcomes.iter().map(|(engine, etcd)| figure(engine) / figure(etcd)))
    };
    Ratios {
        rate: ratio(|outcome| outcome.rate),
        cpu: ratio(|outcome| outcome.cpu),
        p99: ratio(|outcome| quantile(&outcome.taken, 0.99)),
    }
}

/// The rate at which the clients alone would keep every core busy.
fn ceiling(engine: &Outcome) -> f64 {
    let cores = std::thread::available_parallelism().unwrap().get();
    f64::from(u32::try_from(cores).unwrap()) * 1e6 / engine.client_cpu
}

fn line(Outcome { rate, cpu, client_cpu, taken, .. }: &Outcome) -> String {
    format!(
        "{rate:.0}/s, {cpu:.1} µs CPU (clients {client_cpu:.1}), p50 {:.0} µs, p99 {:.0} µs",
        quantile(taken, 0.5),
        quantile(taken, 0.99)
    )
}

fn measure(backend: Backend, clients: usize, batch: usize) -> Outcome {
    let server = Store::start(backend);
    let runtime = Runtime::new().unwrap();
    let connections = runtime.block_on(connect(&server, clients.div_ceil(PER_CONNECTION)));
    let ideal = f64::from(u32::try_from(fdatasync().p50_us).unwrap()) + quantile(&loopback(), 0.5);
    let (before, clients_before) = (cpu(server.pid()), cpu(std::process::id()));
    let taken = runtime.block_on(async {
        let racing = (0..clients).map(|client| {
            tokio::spawn(race(connections[client / PER_CONNECTION].clone(), client, batch, RUN))
        });
        let mut all = times();
        for raced in futures::future::join_all(racing).await {
            all.add(raced.unwrap()).unwrap();
        }
        all
    });
    let count = u32::try_from(taken.len()).unwrap() * u32::try_from(batch).unwrap();
    let each = |pid, before| cpu(pid).saturating_sub(before).as_secs_f64() * 1e6 / f64::from(count);
    Outcome {
        rate: f64::from(count) / RUN.as_secs_f64(),
        cpu: each(server.pid(), before),
        client_cpu: each(std::process::id(), clients_before),
        taken,
        ideal,
    }
}

async fn connect(server: &Store, connections: usize) -> Vec<KvClient> {
    let mut all = Vec::new();
    for _ in 0..connections {
        let mut client = Client::connect([server.endpoint()], None).await.unwrap().kv_client();
        // Opens the connection before the clock runs.
        client.get("warm", None).await.unwrap();
        all.push(client);
    }
    all
}

/// Claims one task after the other until the time is over.
async fn race(mut kv: KvClient, client: usize, batch: usize, time: Duration) -> Times {
    let mut taken = times();
    let begun = stopwatch();
    for round in 0.. {
        let claim = if batch == 1 { claim(client, round) } else { puts(client, round, batch) };
        let watch = stopwatch();
        let answer = kv.txn(claim).await.unwrap();
        taken.record(micros(watch.elapsed())).unwrap();
        assert!(answer.succeeded(), "nobody else claims these");
        if begun.elapsed() >= time {
            break;
        }
    }
    taken
}

/// The transaction of a claim: if nobody has it, it is mine, else say whose.
fn claim(client: usize, round: usize) -> Txn {
    let key = format!("/bench/{client:04}-{round}/owner");
    Txn::new()
        .when([Compare::version(key.as_str(), CompareOp::Equal, 0)])
        .and_then([TxnOp::put(key.as_str(), format!("session-{client}"), None)])
        .or_else([TxnOp::get(key, None)])
}

fn puts(client: usize, round: usize, count: usize) -> Txn {
    let put = |task| TxnOp::put(format!("/bench/{client:04}-{round}-{task}/owner"), "unclaimed", None);
    Txn::new().and_then((0..count).map(put).collect::<Vec<_>>())
}
