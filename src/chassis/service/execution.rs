//! Running tasks: a guest is prepared once, and each task gets a fresh instance of it.

use std::sync::Arc;
use std::time::Duration;

use super::publishing::FIRST_LOOK;
use super::ready::ReadyModule;
use super::running::RunningTask;
use super::{Chassis, ChassisError, LoadedContract, blocking};
use crate::chassis::credential::{Handle, Narrowing};
use crate::chassis::runtime::wait_for_share;
use crate::chassis::{
    Contract, Digest, Execution, GuestFailure, Limits, Observer, Outcome, Sample, TaskInput, may_grade,
};
use crate::clock::Timestamp;
use crate::coordinator::Token;
use crate::id::{SwarmId, TaskId};

/// A swarm's code, ready to run on this host. Clones share it.
#[derive(Debug, Clone)]
pub struct Guest {
    loaded: LoadedContract,
    limits: Limits,
    module: ReadyModule,
}

impl Guest {
    fn new(loaded: LoadedContract, module: ReadyModule) -> Self {
        Self { limits: Limits::from(loaded.contract.resource_requirements()), loaded, module }
    }

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
    /// The token of its claim: what the task calls is paid from what was set aside for that.
    pub token: Option<Token>,
    /// What it shows to be let out; without, it is issued one of its own.
    pub credential: Option<Handle>,
    /// How much less than the contract allows that one is for.
    pub narrowing: Narrowing,
}

impl Job {
    /// The attempt that counts for the reputation of `swarm`: one at a task that somebody else submitted.
    fn graded_attempt(&self, swarm: &SwarmId) -> Option<u32> {
        let by_another = self.submitted_by.as_deref().is_some_and(|by| may_grade(by, swarm));
        self.attempt.filter(|_| by_another && self.task.is_some())
    }
}

/// A task that ran.
#[derive(Debug)]
pub struct Executed {
    /// How it went.
    pub execution: Execution,
    /// Why it is missing from the swarm's record, if it is. The answer is good all the same.
    pub unrecorded: Option<Arc<ChassisError>>,
}

impl Chassis {
    /// Makes a swarm's code ready to run: reads the contract in force and compiles the module, unless one of its guests
    /// is ready already.
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

    async fn guest_of(&self, loaded: &LoadedContract) -> Result<ReadyModule, ChassisError> {
        let swarm = loaded.contract.swarm_id().clone();
        let Some(digest) = loaded.digest() else { return Err(ChassisError::ContainerOnly { swarm }) };
        let (chassis, module) = (self.clone(), digest.clone());
        let compile = blocking(move || chassis.compile_kept(&swarm, &module));
        self.ready.get(digest, compile).await
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
        let contract = &guest.loaded.contract;
        let (running, observer) = self.begin(contract, job, observer.into());
        let share = self.shares.begin(contract.swarm_id(), contract.resource_requirements()).await?;
        wait_for_share(share.account().as_ref()).await;
        let observer = Observer { cpu_share: Some(share.account()), ..observer };
        let limits = guest.limits.until(job.deadline, self.clock.now());
        let permit = Box::pin(self.permit(contract, limits, job)).await?;
        let executing = self.sandbox.execute(guest.module.module(), permit.terms, input, observer);
        let executed = Box::pin(executing).await;
        drop(share);
        let execution = match executed {
            Ok(execution) => execution,
            Err(error) => {
                self.end_credential(permit.lease).await;
                return Err(error.into());
            }
        };
        Ok(Box::pin(self.end(contract, job, running, execution, permit.lease)).await)
    }

    /// A task begins: it can be seen from now on, and what it logs is kept.
    pub(super) fn begin(
        &self,
        contract: &Contract,
        job: &Job,
        observer: Observer,
    ) -> (RunningTask, Observer) {
        let swarm = contract.swarm_id();
        let observer = self.log_of(swarm, job, observer);
        let running = self.running.begin(swarm, &observer.gauge, self.clock.now());
        self.have_usage_published();
        (running, observer)
    }

    /// A task has ended: it is recorded, and what it was issued for itself is taken back.
    pub(super) async fn end(
        &self,
        contract: &Contract,
        job: &Job,
        running: RunningTask,
        mut execution: Execution,
        own_credential: Option<i64>,
    ) -> Executed {
        let swarm = contract.swarm_id();
        running.end(execution.latency);
        // Task or credential left it less time than the contract allows.
        let allowed = Limits::from(contract.resource_requirements()).execution_time;
        if let Err(GuestFailure::TimedOut { after }) = execution.outcome
            && after < allowed
        {
            execution.outcome = Err(GuestFailure::CutShort { after });
        }
        let (recorded, booked, (), ()) = tokio::join!(
            self.record_unless_cut_short(contract, job, &execution),
            self.book_peaks(swarm),
            self.book_calls(contract),
            self.end_credential(own_credential)
        );
        self.after(swarm, execution.latency, booked).await;
        Executed { execution, unrecorded: recorded.err() }
    }

    /// How a task would have ended that had less time than the contract allows is not known, and nothing is made of it.
    async fn record_unless_cut_short(
        &self,
        contract: &Contract,
        job: &Job,
        execution: &Execution,
    ) -> Result<(), Arc<ChassisError>> {
        if let Err(GuestFailure::CutShort { .. }) = execution.outcome {
            return Ok(());
        }
        self.record(contract, self.sample(contract, job, execution)).await
    }

    fn sample(&self, contract: &Contract, job: &Job, execution: &Execution) -> Sample {
        let outcome = Outcome::from(&execution.outcome);
        let sample = Sample::new(self.clock.now(), execution.latency, outcome, job.task.clone());
        match job.graded_attempt(contract.swarm_id()) {
            Some(attempt) => sample.graded(attempt),
            None => sample,
        }
    }

    /// Ends the credential that a task was issued for itself.
    pub(super) async fn end_credential(&self, lease: Option<i64>) {
        if let Some(lease) = lease
            && let Err(error) = self.store.revoke(lease).await
        {
            // It ends by itself in the end.
            tracing::debug!(%error, "the task's credential is not taken back yet");
        }
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

    /// Says whether the module of a swarm is on this host, without looking into it.
    ///
    /// # Errors
    /// [`ChassisError::ModuleElsewhere`] when it is not.
    pub(in crate::chassis) fn locate(&self, swarm: &SwarmId, module: &Digest) -> Result<(), ChassisError> {
        let path = self.modules.path(module);
        if path.is_file() {
            Ok(())
        } else {
            Err(ChassisError::ModuleElsewhere { swarm: swarm.clone(), path })
        }
    }
}
