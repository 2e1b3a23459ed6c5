//! Running tasks: a guest is prepared once, and each task gets a fresh instance of it.

use std::time::Duration;

use super::modules::read_module;
use super::publishing::FIRST_LOOK;
use super::{Chassis, ChassisError, LoadedContract, blocking};
use crate::chassis::{Digest, Execution, GuestModule, Limits, Observer, Outcome, Sample, TaskInput};
use crate::clock::Timestamp;
use crate::id::{SwarmId, TaskId};

/// A swarm's code, ready to run on this host. Clones share it.
#[derive(Debug, Clone)]
pub struct Guest {
    loaded: LoadedContract,
    limits: Limits,
    module: GuestModule,
}

impl Guest {
    /// The contract it runs under, as it was when the guest was prepared.
    #[must_use]
    pub fn loaded(&self) -> &LoadedContract {
        &self.loaded
    }
}

/// What is known of a task besides its input. A task that nobody submitted has none of it.
#[derive(Debug, Clone, Default)]
pub struct Job {
    /// Its id.
    pub task: Option<TaskId>,
    /// How often it has been tried, this time included.
    pub attempt: Option<u32>,
    /// Who submitted it.
    pub submitted_by: Option<String>,
    /// When it must have ended, whatever the contract allows.
    pub deadline: Option<Timestamp>,
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
        let limits = Limits::from(loaded.contract.resource_requirements());
        let (chassis, owner, digest) = (self.clone(), swarm.clone(), loaded.module.sha256.clone());
        let module = blocking(move || chassis.compile_kept(&owner, &digest)).await?;
        Ok(Guest { loaded, limits, module })
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
        let swarm = guest.loaded.contract.swarm_id();
        let observer = self.log_of(swarm, job, observer.into());
        let running = self.running.begin(swarm, guest.limits.cpu_percent, &observer.gauge, self.clock.now());
        self.have_usage_published();
        running.wait_for_share().await;
        let observer = Observer { cpu_share: Some(running.cpu_share()), ..observer };
        let limits = guest.limits.until(job.deadline, self.clock.now());
        let execution = self.sandbox.execute(&guest.module, &limits, input, observer).await?;
        running.end(execution.latency);
        let outcome = Outcome::from(&execution.outcome);
        let sample = Sample::new(self.clock.now(), execution.latency, outcome, job.task.clone());
        let (recorded, booked) = tokio::join!(self.record(swarm, &sample), self.book_peaks(swarm));
        self.after(swarm, execution.latency, booked).await;
        Ok(Executed { execution, unrecorded: recorded.err() })
    }

    /// What others are told of a task that has ended.
    async fn after(&self, swarm: &SwarmId, took: Duration, booked: Result<(), ChassisError>) {
        match booked {
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(%swarm, error, "the most that it has used is missing from the record");
            }
            // Nobody was told of a shorter one.
            Ok(()) if took >= FIRST_LOOK => self.withdraw_if_idle().await,
            Ok(()) => {}
        }
    }

    /// Compiles a module that was loaded on this host, after making sure that it still is that one.
    fn compile_kept(&self, swarm: &SwarmId, digest: &Digest) -> Result<GuestModule, ChassisError> {
        let path = self.modules.path(digest);
        let bytes = match read_module(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ChassisError::ModuleElsewhere { swarm: swarm.clone(), path });
            }
            Err(source) => return Err(ChassisError::Unreadable { path, source }),
        };
        let found = Digest::of(&bytes);
        if found != *digest {
            return Err(ChassisError::Damaged { path, found });
        }
        self.compile(&path, &bytes)
    }
}
