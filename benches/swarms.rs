//! Ten thousand swarms on one engine: pushes to them, a thousand that die at once, and all that come back at once
//! after the server was killed.
//!
//! The server is a real `ifctl coordinator start`. The swarms are sessions of this process, each with its own lease,
//! renewals and watch; a hundred share a connection.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use etcd_client::{Client, Txn, TxnOp};
use futures::StreamExt;
use infrafabric::clock::stopwatch;
use infrafabric::coordinator::backlog::NewTask;
use infrafabric::coordinator::bench::Times;
use infrafabric::coordinator::service::Authority;
use infrafabric::id::{TaskId, UNCLAIMED};
use infrafabric::store::{Key, Prefix, Transaction};
use tokio::runtime::Runtime;
use tokio::time::{interval, sleep, timeout};

use crate::agents::{Crowd, HOLD, Notice, TTL};
use crate::machine::{cpu, megabytes, resident, settled};
use crate::marks::{Bound, Marks};
use crate::support::servers::{Backend, Server};

const SWARMS: usize = 10_000;
/// How many tasks are pushed, and how far apart.
const PUSHES: usize = 2_000;
const APART: Duration = Duration::from_millis(5);
/// How many die at once, and as many others that hold a task while the server is killed.
const SOME: usize = 1_000;
/// How many submit at a time where it is not measured.
const SUBMITTERS: usize = 64;
/// How many keys are written in one transaction.
const BATCH: usize = 50;

pub(crate) fn run(marks: &mut Marks) {
    let mut server = Server::start(Backend::Engine);
    let runtime = Runtime::new().unwrap();
    let watch = stopwatch();
    let mut crowd = runtime.block_on(Crowd::gather(server.endpoint(), SWARMS));
    let memory = megabytes(resident(server.pid()));
    println!("  {SWARMS} swarms connected in {:.1} s, {memory:.0} MB", watch.elapsed().as_secs_f64());
    settled(server.pid());
    // Where tasks lie about, the rest says nothing.
    if pushes(&runtime, &server, &mut crowd, marks) == 0 {
        deaths(&runtime, &mut crowd, marks);
        restart(&runtime, &mut server, &mut crowd, marks);
    }
    runtime.shutdown_timeout(Duration::from_secs(5));
}

/// Tasks come at a steady pace, whatever becomes of the ones before; how many nobody received.
fn pushes(runtime: &Runtime, server: &Server, crowd: &mut Crowd, marks: &mut Marks) -> usize {
    let (before, watch) = (cpu(server.pid()), stopwatch());
    let taken = runtime.block_on(push_steadily(crowd));
    let cores = cpu(server.pid()).saturating_sub(before).as_secs_f64() / watch.elapsed().as_secs_f64();
    let memory = megabytes(resident(server.pid()));
    let latency = taken.latency();
    let lost = PUSHES - usize::try_from(taken.count()).unwrap();
    println!(
        "  {PUSHES} pushes, {lost} not received: p50 {} µs, p99 {} µs, {cores:.2} cores, {memory:.0} MB",
        latency.p50_us, latency.p99_us
    );
    let p99 = f64::from(u32::try_from(latency.p99_us).unwrap()) / 1000.0;
    marks.check("p99 of 200 pushes a second to 10,000 swarms, ms", p99, Bound::AtMost(10.0));
    marks.check("pushes that nobody received", count(lost), Bound::AtMost(0.0));
    marks.check("cores of the coordinator meanwhile", cores, Bound::AtMost(1.0));
    marks.check("its memory with 10,000 swarms, MB", memory, Bound::AtMost(300.0));
    lost
}

async fn push_steadily(crowd: &mut Crowd) -> Times {
    let mut due: HashMap<TaskId, Instant> = HashMap::new();
    let mut tick = interval(APART);
    for number in 0..PUSHES {
        let id: TaskId = format!("push-{number}").parse().unwrap();
        due.insert(id.clone(), tick.tick().await.into_std());
        let service = crowd.service.clone();
        tokio::spawn(async move {
            service.submit(&NewTask::named(id), &Authority::of("bench")).await.unwrap();
        });
    }
    let mut taken = Times::default();
    for (task, at) in crowd.tasks(PUSHES).await {
        taken.note(at.saturating_duration_since(due[&task]));
    }
    taken
}

/// Has swarms hold a task each; the tasks.
async fn hold(crowd: &mut Crowd, kind: &str, swarms: std::ops::Range<usize>) -> HashSet<TaskId> {
    let count = swarms.len();
    let submit = |number: usize| {
        let id = format!("{HOLD}{kind}-{number}").parse().unwrap();
        let directed_to = Some(crowd.names[number].0.clone());
        let service = crowd.service.clone();
        async move {
            let task = NewTask { directed_to, ..NewTask::named(id) };
            service.submit(&task, &Authority::of("bench")).await.unwrap();
        }
    };
    futures::stream::iter(swarms).for_each_concurrent(SUBMITTERS, submit).await;
    let held: HashSet<TaskId> = crowd.tasks(count).await.into_iter().map(|(task, _)| task).collect();
    assert_eq!(held.len(), count, "all are received");
    held
}

/// Some die without a word, all at once; their tasks are given back when their leases have ended.
fn deaths(runtime: &Runtime, crowd: &mut Crowd, marks: &mut Marks) {
    let (late, tasks) = runtime.block_on(async {
        let mut open = hold(crowd, "dying", 0..SOME).await;
        let tasks = open.clone();
        let store = crowd.service.store().clone();
        let from = store.status().await.unwrap().revision + 1;
        let mut watch = store.watch(&Prefix::Tasks, from);
        let died = stopwatch();
        crowd.agents.drain(..SOME).for_each(|agent| agent.abort());
        crowd.names.drain(..SOME);
        while !open.is_empty() {
            let batch = timeout(2 * TTL, watch.next()).await.expect("they are given back").unwrap();
            for event in batch.events.iter().filter(|event| event.entry.text() == UNCLAIMED) {
                if let Some(Key::Owner(task)) = Key::parse(&event.entry.key) {
                    open.remove(&task);
                }
            }
        }
        (died.elapsed().as_secs_f64() - TTL.as_secs_f64(), tasks)
    });
    println!("  {SOME} died at once: all given back {late:.2} s after their leases' time");
    marks.check("1,000 that died at once are given back, s after the TTL", late, Bound::AtMost(2.0));
    // Nobody is left to do them.
    runtime.block_on(async {
        for batch in tasks.into_iter().collect::<Vec<_>>().chunks(BATCH) {
            let forget = |all: Transaction, task: &TaskId| {
                all.delete(&Key::Owner(task.clone())).delete(&Key::Record(task.clone()))
            };
            crowd.service.store().commit(batch.iter().fold(Transaction::new(), forget)).await.unwrap();
        }
    });
}

/// The server is killed and started again; everybody comes back, with what they hold.
fn restart(runtime: &Runtime, server: &mut Server, crowd: &mut Crowd, marks: &mut Marks) {
    runtime.block_on(hold(crowd, "kept", 0..SOME));
    let before = runtime.block_on(holds(crowd));
    assert_eq!(before.len(), SOME);
    let watch = stopwatch();
    server.restart();
    let up = watch.elapsed().as_secs_f64();
    let back = runtime.block_on(async {
        mark(server.endpoint(), crowd).await;
        let mut back = 0;
        while back < crowd.names.len() {
            back += usize::from(matches!(crowd.next().await, Notice::Marked));
        }
        watch.elapsed().as_secs_f64()
    });
    let (sessions, after) = runtime.block_on(async {
        // Who has not renewed its lease by then has lost it.
        sleep((TTL + Duration::from_secs(5)).saturating_sub(watch.elapsed())).await;
        (sessions(crowd).await, holds(crowd).await)
    });
    let lost = before.iter().filter(|(task, revision)| after.get(*task) != Some(revision)).count();
    let away = crowd.names.len() - sessions;
    println!("  the server was up again after {up:.2} s, everybody back after {back:.2} s");
    println!("  {away} sessions and {lost} holds were lost");
    marks.check("10,000 swarms are back after a kill, s", back, Bound::AtMost(TTL.as_secs_f64()));
    marks.check("sessions that were lost by it", count(away), Bound::AtMost(0.0));
    marks.check("holds that were lost by it", count(lost), Bound::AtMost(0.0));
}

fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

/// Leaves something in everybody's inbox: whoever sees it watches again.
async fn mark(endpoint: &str, crowd: &Crowd) {
    let mut client = Client::connect([endpoint], None).await.unwrap();
    for batch in crowd.names.chunks(BATCH) {
        let put = |(swarm, session): &(_, _)| {
            TxnOp::put(format!("/swarms/{swarm}/inbox/{session}/are/you/there"), "", None)
        };
        client.txn(Txn::new().and_then(batch.iter().map(put).collect::<Vec<_>>())).await.unwrap();
    }
}

/// Every hold and the revision that created it.
async fn holds(crowd: &Crowd) -> BTreeMap<String, i64> {
    let is_hold = |key: &Key| matches!(key, Key::Hold(_));
    let (holds, _) = crowd.service.store().range_where(&Prefix::Tasks, is_hold).await.unwrap();
    holds.into_iter().map(|entry| (entry.key, entry.create_revision)).collect()
}

async fn sessions(crowd: &Crowd) -> usize {
    let is_session = |key: &Key| matches!(key, Key::Session(..));
    crowd.service.store().range_where(&Prefix::Swarms, is_session).await.unwrap().0.len()
}
