//! Running tasks: a guest is prepared once, and each task gets a fresh instance of it.

use super::{Chassis, ChassisError, LoadedContract, blocking};
use crate::chassis::{Execution, GuestModule, Limits, Observer, Outcome, Sample, TaskInput};
use crate::id::{SwarmId, TaskId};

/// A swarm's code, ready to run on this host. Clones share it.
#[derive(Debug, Clone)]
pub struct Guest {
    loaded: LoadedContract,
    limits: Limits,
    module: GuestModule,
}

impl Guest {
    fn new(loaded: LoadedContract, module: GuestModule) -> Self {
        Self { limits: Limits::from(loaded.contract.resource_requirements()), loaded, module }
    }

    /// The contract it runs under, as it was when the guest was prepared.
    #[must_use]
    pub fn loaded(&self) -> &LoadedContract {
        &self.loaded
    }
}

/// What a task is called, for the record.
#[derive(Debug, Clone, Default)]
pub struct Job {
    /// Its id, if it has one.
    pub task: Option<TaskId>,
}

/// A task that ran.
#[derive(Debug)]
pub struct Executed {
    /// How it went.
    pub execution: Execution,
    /// Why it is missing from the swarm's record, if it is. The answer is good all the same.
    pub unrecorded: Option<ChassisError>,
}

impl Chassis {
    /// Makes a swarm's code ready to run: reads the contract in force and compiles the module, if need be.
    ///
    /// # Errors
    /// [`ChassisError`] when it is not loaded here, or is not what was loaded.
    pub async fn prepare(&self, swarm: &SwarmId) -> Result<Guest, ChassisError> {
        let loaded = self.loaded(swarm).await?;
        let module = match self.guest_of(&loaded).await {
            Err(ChassisError::ModuleElsewhere { .. }) => {
                // Files that were replaced or unloaded meanwhile are gone: then something else is in force.
                let now = self.loaded(swarm).await?;
                let module = self.guest_of(&now).await?;
                return Ok(Guest::new(now, module));
            }
            outcome => outcome?,
        };
        Ok(Guest::new(loaded, module))
    }

    async fn guest_of(&self, loaded: &LoadedContract) -> Result<GuestModule, ChassisError> {
        let (chassis, module) = (self.clone(), loaded.module.sha256.clone());
        let swarm = loaded.contract.swarm_id().clone();
        blocking(move || chassis.compile_kept(&swarm, &module)).await
    }

    /// Runs one task in a fresh instance and records how it went. Dropping the future ends the task, which then is not recorded.
    ///
    /// # Errors
    /// [`ChassisError`] when the task cannot be run here. A guest that fails is an [`Execution`] without an answer.
    pub async fn run(
        &self,
        guest: &Guest,
        job: &Job,
        input: &TaskInput,
        observer: impl Into<Observer>,
    ) -> Result<Executed, ChassisError> {
        let execution = self.sandbox.execute(&guest.module, &guest.limits, input, observer).await?;
        let outcome = Outcome::from(&execution.outcome);
        let sample = Sample::new(self.clock.now(), execution.latency, outcome, job.task.clone());
        let unrecorded = self.record(guest.loaded.contract.swarm_id(), &sample).await.err();
        Ok(Executed { execution, unrecorded })
    }
}
