//! Housekeeping: what a leader does for the engine in its process, beside leading. Each chore is a task of its own, so
//! that none keeps the dispatcher waiting, and none that fails ends the leadership.

use tokio::task::JoinSet;

use super::compaction::Compactor;
use super::leader::Leadership;
use super::vitals::Publisher;
use crate::clock::Clock;
use crate::coordinator::history::Limits;
use crate::coordinator::service::Coordinator;
use crate::engine::Engine;

/// The engine and what is to be done for it.
#[derive(Debug, Clone)]
pub(super) struct Housekeeping {
    pub(super) engine: Engine,
    /// How much history is kept; none for all of it.
    pub(super) history: Option<Limits>,
    pub(super) clock: Clock,
}

impl Housekeeping {
    /// Goes on until what it gives is dropped.
    pub(super) fn begin(
        &self,
        coordinator: &Coordinator,
        leadership: &Leadership,
        name: &str,
    ) -> JoinSet<()> {
        let (engine, clock, store) = (&self.engine, &self.clock, coordinator.store());
        let mut chores = JoinSet::new();
        let publisher = Publisher::new(engine.clone(), store.clone(), clock.clone(), leadership, name);
        chores.spawn(publisher.run());
        if let Some(limits) = self.history {
            let compactor = Compactor::new(engine.clone(), store.clone(), clock.clone(), leadership, limits);
            chores.spawn(compactor.run());
        }
        chores
    }
}
