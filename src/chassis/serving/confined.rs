//! A runner that carries out the tasks of one swarm in the sandbox: what a guest gets, and what its end means.

use std::sync::{Arc, Mutex, PoisonError};

use super::room::Room;
use super::threads::GuestThreads;
use crate::chassis::credential::Narrowing;
use crate::chassis::service::Guest;
use crate::chassis::{Chassis, ChassisError, Executed, GuestFailure, Job, Observer, SandboxError, TaskInput};
use crate::coordinator::{Assigned, Backoff, Ending, Runner, Stop, Stops, TaskError};
use crate::id::SwarmId;
use crate::money::Money;

/// Makes who looks on while a task of a swarm runs.
pub(super) type Observe = Arc<dyn Fn(&SwarmId, &Job) -> Observer + Send + Sync>;

/// Runs the tasks of one swarm. Clones are the same runner.
#[derive(Clone)]
pub(super) struct Confined {
    chassis: Chassis,
    swarm: SwarmId,
    threads: Arc<GuestThreads>,
    room: Room,
    observe: Observe,
    narrowing: Narrowing,
    /// The guest of the last task, so that its module stays in memory for the next one.
    last: Arc<Mutex<Guest>>,
}

impl Confined {
    pub(super) fn new(
        chassis: Chassis,
        guest: Guest,
        threads: Arc<GuestThreads>,
        room: Room,
        observe: Observe,
        narrowing: Narrowing,
    ) -> Self {
        let swarm = guest.loaded().contract.swarm_id().clone();
        Self { chassis, swarm, threads, room, observe, narrowing, last: Arc::new(Mutex::new(guest)) }
    }

    /// Runs a task under the contract that is in force now.
    async fn execute(&self, job: Job, input: TaskInput) -> Result<Ending, ChassisError> {
        // Kept off the stack, as what follows: these futures are large, and the stacks of threads are not.
        let guest = Box::pin(insist(|| self.chassis.prepare(&self.swarm))).await?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = guest.clone();
        let room = self.room.take(&guest.loaded().contract).await?;
        let (chassis, observer) = (self.chassis.clone(), (self.observe)(&self.swarm, &job));
        let run = async move {
            let _room = room;
            chassis.run(&guest, &job, &input, observer).await
        };
        let executed = self.threads.run(Box::pin(run)).await;
        let executed = executed.unwrap_or_else(|panic| Err(SandboxError::Host(Box::new(panic)).into()));
        Ok(match executed {
            Ok(executed) => self.ending(executed),
            Err(error) => host_failed(&error),
        })
    }

    fn ending(&self, executed: Executed) -> Ending {
        if let Some(error) = executed.unrecorded {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(swarm = %self.swarm, error, "a task is missing from the record");
        }
        match executed.execution.outcome {
            Ok(answer) => Ending::Done { result: answer.into_bytes(), cost: None },
            Err(failure) => guest_failed(&failure),
        }
    }
}

impl Runner for Confined {
    type Error = ChassisError;

    async fn run(&self, task: Assigned, mut stops: Stops) -> Result<Ending, ChassisError> {
        let input = match TaskInput::parse(task.input().to_string()) {
            Ok(input) => input,
            Err(error) => return Ok(failed("input", &error.to_string(), false)),
        };
        let mut ended = std::pin::pin!(self.execute(job(&task, &self.narrowing), input));
        tokio::select! {
            ended = &mut ended => return ended,
            stop = stops.told() => if stop > Stop::WorkerEnds {
                return Ok(Ending::Stopped { cost: None });
            },
        }
        tokio::select! {
            ended = ended => ended,
            _ = stops.at_least(Stop::Disconnected) => Ok(Ending::Stopped { cost: None }),
            () = tokio::time::sleep(task.grace) => Ok(Ending::Stopped { cost: None }),
        }
    }
}

/// Tries again as long as the store is unreachable.
pub(super) async fn insist<T, F>(operation: impl Fn() -> F) -> Result<T, ChassisError>
where
    F: Future<Output = Result<T, ChassisError>>,
{
    Backoff::retry(operation, ChassisError::is_retryable).await
}

fn job(task: &Assigned, narrowing: &Narrowing) -> Job {
    let record = &task.record;
    Job {
        task: Some(record.id.clone()),
        attempt: Some(record.attempt),
        submitted_by: Some(record.created_by.clone()),
        deadline: record.deadline,
        token: Some(task.token),
        credential: None,
        narrowing: narrowing.clone(),
    }
}

/// The same guest would end the same way with the same task: that is for people to mend.
fn guest_failed(failure: &GuestFailure) -> Ending {
    failed(failure.class().as_str(), &failure.to_string(), false)
}

/// Nothing is known of the guest, and nothing is to be paid for it.
fn host_failed(error: &ChassisError) -> Ending {
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    let error = TaskError { class: "host".to_owned(), message: bounded(&message), retryable: true };
    Ending::Failed { error, cost: Some(Money::ZERO) }
}

fn failed(class: &str, message: &str, retryable: bool) -> Ending {
    let error = TaskError { class: class.to_owned(), message: bounded(message), retryable };
    Ending::Failed { error, cost: None }
}

/// The beginning and the end of what a guest may have said at any length: what is worth knowing stands at either.
fn bounded(message: &str) -> String {
    const BEGINNING: usize = 512;
    const END: usize = 1024;
    if message.len() <= BEGINNING + END {
        return message.to_owned();
    }
    let beginning = &message[..message.floor_char_boundary(BEGINNING)];
    let end = &message[message.ceil_char_boundary(message.len() - END)..];
    format!("{beginning} … {end}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn error(ending: Ending) -> (TaskError, Option<Money>) {
        match ending {
            Ending::Failed { error, cost } => (error, cost),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_a_guest_does_wrong_it_would_do_again_and_what_the_host_lacks_it_may_have_later() {
        let failures = [
            (GuestFailure::Trap { what: "unreachable".to_owned() }, "trap"),
            (GuestFailure::OutOfMemory { limit: 1 << 20 }, "memory"),
            (GuestFailure::TimedOut { after: Duration::from_secs(1) }, "timeout"),
            (GuestFailure::StackOverflow, "stack"),
            (GuestFailure::BadResult { why: "it is no JSON".to_owned() }, "result"),
        ];
        for (failure, class) in failures {
            let (error, cost) = error(guest_failed(&failure));
            assert_eq!((error.class.as_str(), error.retryable, cost), (class, false, None));
            assert_eq!(error.message, failure.to_string());
        }
        let lacking = std::io::Error::other("no memory");
        let (error, cost) = error(host_failed(&SandboxError::Host(Box::new(lacking)).into()));
        assert_eq!((error.class.as_str(), error.retryable, cost), ("host", true, Some(Money::ZERO)));
        assert_eq!(error.message, "the host could not run the guest: no memory");
    }

    #[test]
    fn of_a_long_message_beginning_and_end_are_kept() {
        assert_eq!(bounded("short"), "short");
        for unit in ["x", "ä", "€", "🦀"] {
            let kept = bounded(&format!("first {} last", unit.repeat(10_000)));
            assert!(kept.starts_with("first ") && kept.ends_with(" last"), "{unit}");
            assert!((1500..1600).contains(&kept.len()), "{unit}: {}", kept.len());
        }
    }
}
