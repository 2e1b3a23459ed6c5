//! Tasks in containers: for code that is no WebAssembly yet, under the same contract and on the same record.

use super::execution::Executed;
use super::publishing::host_name;
use super::{Chassis, ChassisError, Job, LoadedContract};
use crate::chassis::container::{ContainerLimits, ContainerRuntime, Narrowing};
use crate::chassis::contract::{ContainerCommand, ContainerTerms, Image};
use crate::chassis::runtime::container::{ContainerHost, ContainerProgram, ContainerTask};
use crate::chassis::{Observer, TaskInput};
use crate::coordinator::Token;
use crate::id::{SwarmId, TaskId, unique};
use crate::store::{Key, Query};

/// How a caller wants a task to be run.
#[derive(Debug, Clone, Default)]
pub struct ContainerWish {
    /// By what; else by the first that is installed.
    pub runtime: Option<ContainerRuntime>,
    /// With less than the contract allows.
    pub narrowing: Narrowing,
    /// In this image; else in that of the contract.
    pub image: Option<Image>,
    /// This; else what the contract says, or with an image of the caller's what that says.
    pub command: ContainerCommand,
}

/// A container that can be run on this host.
#[derive(Debug)]
pub struct Contained {
    loaded: LoadedContract,
    limits: ContainerLimits,
    code: ContainerTerms,
    host: ContainerHost,
}

impl Contained {
    /// What will run it.
    #[must_use]
    pub fn runtime(&self) -> ContainerRuntime {
        self.host.program.runtime()
    }

    /// What will be run.
    #[must_use]
    pub fn code(&self) -> &ContainerTerms {
        &self.code
    }
}

/// Why a task was stopped before its end.
enum Stopped {
    Told,
    NotHeld,
}

impl Chassis {
    /// Makes sure that a swarm's container may run as it is wished, and removes those that nobody waits for any more.
    ///
    /// # Errors
    /// [`ChassisError`] when there is no contract, no image or nothing to run it, or more is wished than the contract allows.
    pub async fn prepare_container(
        &self,
        swarm: &SwarmId,
        wish: ContainerWish,
    ) -> Result<Contained, ChassisError> {
        let loaded = self.loaded(swarm).await?;
        let code = code(&loaded, wish.image, wish.command)?;
        let limits = wish.narrowing.within(loaded.contract.resource_requirements())?;
        let host = self.container_host(ContainerProgram::find(wish.runtime)?);
        remove_strays(&host).await;
        Ok(Contained { loaded, limits, code, host })
    }

    /// Runs one task in a container of its own and records how it went; nothing when it was told to stop, which ends the task and
    /// is not recorded.
    ///
    /// # Errors
    /// [`ChassisError`] when the task cannot be run here, or is not held any more. A guest that fails is an
    /// [`Execution`](crate::chassis::Execution) without an answer.
    pub async fn run_contained(
        &self,
        contained: &Contained,
        job: &Job,
        input: &TaskInput,
        observer: impl Into<Observer>,
        stop: impl Future<Output = ()>,
    ) -> Result<Option<Executed>, ChassisError> {
        let contract = &contained.loaded.contract;
        let swarm = contract.swarm_id();
        let (running, observer) = self.begin(contract, job, observer.into());
        // Its calls are counted with those of the swarm's other tasks. Its processor time is not: the system holds it.
        let share = self.shares.begin(swarm, contract.resource_requirements()).await?;
        let limits = contained.limits.limits.until(job.deadline, self.clock.now());
        let permit = self.permit(contract, limits, job).await?;
        let task = ContainerTask {
            swarm,
            task: job.task.as_ref(),
            unique: unique(self.clock.now()),
            code: &contained.code,
            terms: permit.terms,
            cpu: contained.limits.cpu,
            credential: permit.handle,
            input,
        };
        let stop = async {
            tokio::select! {
                () = stop => Stopped::Told,
                () = self.hold_ends(job.task.as_ref().zip(job.token)) => Stopped::NotHeld,
            }
        };
        let ended = contained.host.execute(&task, observer, stop).await;
        drop(share);
        match ended {
            Ok(Ok(execution)) => Ok(Some(self.end(contract, job, running, execution, permit.lease).await)),
            Ok(Err(stopped)) => {
                self.end_credential(permit.lease).await;
                match (stopped, &job.task) {
                    (Stopped::NotHeld, Some(task)) => Err(ChassisError::NotHeld { task: task.clone() }),
                    (Stopped::NotHeld | Stopped::Told, _) => Ok(None),
                }
            }
            Err(error) => {
                self.end_credential(permit.lease).await;
                Err(error.into())
            }
        }
    }

    /// Removes the containers of this host that nobody waits for any more, whatever runs them. What does not answer is in
    /// nobody's way.
    pub async fn remove_stray_containers(&self) {
        for runtime in ContainerRuntime::ALL {
            if let Ok(program) = ContainerProgram::find(Some(runtime)) {
                remove_strays(&self.container_host(program)).await;
            }
        }
    }

    fn container_host(&self, program: ContainerProgram) -> ContainerHost {
        ContainerHost { program, directory: self.containers.clone(), name: host_name() }
    }

    /// Waits until the claim does not hold any more.
    async fn hold_ends(&self, claim: Option<(&TaskId, Token)>) {
        let Some((task, token)) = claim else { return std::future::pending().await };
        let key = Key::Hold(task.clone());
        loop {
            match self.store.read(vec![Query::One(key.clone())]).await {
                Ok(found) => {
                    if found.one(0).is_none_or(|hold| hold.create_revision != token.revision) {
                        return;
                    }
                    let mut watch = self.store.watch_key(&key, found.revision + 1);
                    while let Ok(batch) = watch.next().await {
                        let is_other = |event: &crate::store::Event| {
                            event.deleted || event.entry.create_revision != token.revision
                        };
                        if batch.events.iter().any(is_other) {
                            return;
                        }
                    }
                }
                Err(error) => tracing::debug!(%error, "whether the task is held is not known"),
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
    }
}

/// How long to wait when the store does not tell.
const BETWEEN_TRIES: std::time::Duration = std::time::Duration::from_secs(1);

/// What is run: what the caller says, before what the contract says.
fn code(
    loaded: &LoadedContract,
    image: Option<Image>,
    command: ContainerCommand,
) -> Result<ContainerTerms, ChassisError> {
    let agreed = loaded.contract.container();
    let own = |agreed: &ContainerTerms| agreed.image.clone();
    let has_own_image = image.is_some();
    let image = image.or_else(|| agreed.map(own));
    let image =
        image.ok_or_else(|| ChassisError::NoContainer { swarm: loaded.contract.swarm_id().clone() })?;
    let command = match agreed {
        // What is to be run in one image means nothing in another.
        Some(agreed) if command.is_empty() && !has_own_image => agreed.command.clone(),
        Some(_) | None => command,
    };
    Ok(ContainerTerms { image, command })
}

async fn remove_strays(host: &ContainerHost) {
    match host.remove_strays().await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "containers were removed whose caller had gone"),
        Err(error) => {
            let error: &dyn std::error::Error = &error;
            tracing::debug!(error, "whether containers are left over is not known");
        }
    }
}
