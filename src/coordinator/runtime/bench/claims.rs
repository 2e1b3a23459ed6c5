//! Claims: every client claims one task after the other, all of them at the same time.
//!
//! A claim is that of `ifctl coordinator claim`: it reads the task, the policy and the claimant's account, and swaps
//! owner, hold, record and reservation in one transaction. Each client has tasks of its own, so that every claim
//! writes. Tasks are made and removed fifty at a time, and the holds of fifty hang on one lease; that is four calls
//! for a hundred that are measured, and counts as time.

use tokio::task::JoinSet;

use super::{Bench, BenchError, Term};
use crate::clock::{Clock, stopwatch};
use crate::coordinator::bench::{Speed, Times};
use crate::coordinator::service::{Claim, ClaimOutcome, Coordinator};
use crate::id::{ClaimId, SwarmId, TaskId, UNCLAIMED};
use crate::store::{Key, Store, Transaction};

/// How many clients share a connection, as the slots of one worker do.
const PER_CONNECTION: usize = 16;
/// How many tasks are made at a time: their keys are removed in one transaction, and etcd takes 128 operations.
const BATCH: usize = 50;
/// How long a hold would last; it is given up long before.
const TTL: std::time::Duration = std::time::Duration::from_mins(10);

pub(super) async fn race(bench: &Bench<'_>) -> Result<Speed, BenchError> {
    let mut stores = Vec::new();
    for _ in 0..bench.plan.clients.div_ceil(PER_CONNECTION) {
        let store = Store::connect(bench.connection).await?;
        // Opens the connection before the clock runs.
        store.status().await?;
        stores.push(store);
    }
    let term = bench.term();
    let mut racing = JoinSet::new();
    for number in 0..bench.plan.clients {
        let coordinator = Coordinator::new(stores[number / PER_CONNECTION].clone(), bench.clock.clone());
        let client = Client { number, coordinator, clock: bench.clock.clone(), term: term.clone() };
        racing.spawn(client.run());
    }
    let mut all = Times::default();
    let mut failed = None;
    // One that fails does not keep the others from cleaning up.
    while let Some(raced) = racing.join_next().await {
        match raced? {
            Ok(times) => all.take_in(&times),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or_else(|| Ok(all.within(term.begun.elapsed())), Err)
}

struct Client {
    number: usize,
    coordinator: Coordinator,
    clock: Clock,
    term: Term,
}

impl Client {
    async fn run(self) -> Result<Times, BenchError> {
        let swarm = format!("client-{}", self.number).parse()?;
        let mut times = Times::default();
        for batch in 0.. {
            if self.term.is_over() {
                break;
            }
            let name = |task| format!("claim-{}-{batch}-{task}", self.number).parse();
            let tasks: Vec<TaskId> = (0..BATCH).map(name).collect::<Result<_, _>>()?;
            self.claim_all(&tasks, &swarm, &mut times).await?;
        }
        Ok(times)
    }

    async fn claim_all(
        &self,
        tasks: &[TaskId],
        swarm: &SwarmId,
        times: &mut Times,
    ) -> Result<(), BenchError> {
        let store = self.coordinator.store();
        let lease = store.grant(TTL).await?.id;
        let owner = |task: &TaskId| Key::Owner(task.clone());
        let make = |all: Transaction, task| all.put(&owner(task), UNCLAIMED);
        store.commit(tasks.iter().fold(Transaction::new(), make)).await?;
        for task in tasks {
            if self.term.is_over() {
                break;
            }
            let claim = Claim {
                task: task.clone(),
                swarm: swarm.clone(),
                claim_id: ClaimId::fresh(self.clock.now()),
                lease,
                session: None,
                pushed: false,
            };
            let watch = stopwatch();
            let outcome = self.coordinator.claim(&claim).await?;
            times.note(watch.elapsed());
            if !matches!(outcome, ClaimOutcome::Won { .. }) {
                return Err(BenchError::NotWon { task: task.clone() });
            }
        }
        let record = |task: &TaskId| Key::Record(task.clone());
        let unmake = |all: Transaction, task| all.delete(&owner(task)).delete(&record(task));
        store.commit(tasks.iter().fold(Transaction::new(), unmake)).await?;
        Ok(store.revoke(lease).await?)
    }
}
