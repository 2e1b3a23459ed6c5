//! Following how a swarm does: the store tells, nobody asks again and again.

use super::{Chassis, ChassisError, LoadedContract};
use crate::chassis::{Contract, Performance, PerformanceReport};
use crate::id::SwarmId;
use crate::store::{Batch, Entry, Event, Key, StoreError};

impl Chassis {
    /// Delivers how a swarm does, now and whenever a task ends or its contract is replaced, until told to stop or until
    /// `deliver` says that nobody takes it. What happens while the store is away is told once it is back.
    ///
    /// # Errors
    /// [`ChassisError::NotLoaded`] when it has no contract, or has none any more; what `deliver` fails with.
    pub async fn follow_performance<E: From<ChassisError>>(
        &self,
        swarm: &SwarmId,
        stop: impl Future<Output = ()>,
        mut deliver: impl FnMut(&PerformanceReport) -> Result<bool, E>,
    ) -> Result<(), E> {
        let mut stop = std::pin::pin!(stop);
        loop {
            let (contract, performance, revision) = self.measured(swarm).await?;
            let mut state = Followed { contract, performance };
            if !deliver(&state.report(self))? {
                return Ok(());
            }
            let watch = |key: Key| self.store.watch_key(&key, revision + 1).without_previous();
            let mut contracts = watch(Key::Contract(swarm.clone()));
            let mut tasks = watch(Key::Metrics(swarm.clone()));
            loop {
                let change = tokio::select! {
                    change = contracts.next() => change,
                    change = tasks.next() => change,
                    () = &mut stop => return Ok(()),
                };
                match change {
                    Ok(batch) => state.note(swarm, &batch)?,
                    // The history went while the connection was away: look at everything anew.
                    Err(StoreError::Compacted { .. }) => break,
                    Err(error) => return Err(ChassisError::from(error).into()),
                }
                if !deliver(&state.report(self))? {
                    return Ok(());
                }
            }
        }
    }
}

/// What is known of a swarm that is followed.
struct Followed {
    contract: Contract,
    performance: Performance,
}

impl Followed {
    fn report(&self, chassis: &Chassis) -> PerformanceReport {
        PerformanceReport::new(&self.contract, &self.performance, chassis.clock.now())
    }

    fn note(&mut self, swarm: &SwarmId, batch: &Batch) -> Result<(), ChassisError> {
        for Event { entry, deleted, .. } in &batch.events {
            let written = Some(entry).filter(|_| !deleted);
            match Key::parse(&entry.key) {
                Some(Key::Contract(_)) => {
                    let gone = || ChassisError::NotLoaded { swarm: swarm.clone() };
                    self.contract = written.ok_or_else(gone)?.json::<LoadedContract>()?.contract;
                }
                Some(Key::Metrics(_)) => {
                    self.performance = written.map(Entry::json).transpose()?.unwrap_or_default();
                }
                _ => {}
            }
        }
        Ok(())
    }
}
