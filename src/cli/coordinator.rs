//! `ifctl coordinator …`: tasks, claims, workers.

mod attempt;
mod bench;
mod bulk;
mod claim;
mod conditions;
mod decide;
mod mail;
mod retention;
mod snapshot;
mod start;
mod tasks;
mod wait;
mod watch;
mod worker;

use clap::Subcommand;

pub(in crate::cli) use attempt::Held;
pub(in crate::cli) use snapshot::Answer;
pub(in crate::cli) use start::{Health, stop_signal};
pub(in crate::cli) use worker::tell;

use super::{Context, Exit, Failure};
use crate::coordinator::service::Coordinator;

/// What the coordinator can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Run a coordinator in the foreground; prints one JSON line when it is ready
    Start(start::Start),
    /// Show what the coordinator and its store say of themselves
    Status,
    /// Say whether the coordinator works: exit 0, or 10 and what is wrong
    Health,
    /// Save everything that the running store holds in a file
    Snapshot(snapshot::Snapshot),
    /// Make the store of an engine out of a snapshot; tokens from before are stale in it
    Restore(snapshot::Restore),
    /// List swarms, their workers and their money
    Swarms,
    /// List tasks
    Tasks(tasks::List),
    /// Submit one task, or a file of them
    Submit(tasks::Submit),
    /// Show one task with its holder, attempts, payload and result
    Show(tasks::Named),
    /// Print every event of tasks and swarms as one JSON document a line, until interrupted
    Watch(watch::Watch),
    /// Wait until tasks have ended: exit 0 when all are completed, 9 when one failed, was given up or canceled
    Wait(wait::Wait),
    /// Claim a task, or the next one; prints the token that proves it
    Claim(claim::Claim),
    /// Give a sign of life: renews the claim
    Heartbeat(attempt::Heartbeat),
    /// Say how far the work is: a sign of life, and that it gets on
    Progress(attempt::Report),
    /// Report the work as done
    Complete(attempt::Complete),
    /// Report that the attempt failed
    Fail(attempt::Fail),
    /// Give the task back unfinished
    Release(attempt::Release),
    /// Say that the attempt cannot go on without help
    Block(attempt::Block),
    /// Say that a task can go on that is blocked, or waits for one that failed
    Unblock(tasks::Named),
    /// Call a task off, whoever works on it
    Cancel(decide::Cancel),
    /// Try a task again that was given up, as often as in the beginning
    Retry(tasks::Named),
    /// Send messages to swarms, and read one's own
    #[command(subcommand)]
    Mail(mail::Verb),
    /// Stay connected and print every push as one JSON document a line
    Listen(worker::Listen),
    /// Measure claims and pushes on this store; leaves nothing behind
    Bench(bench::Bench),
    /// Make any executable a worker: task as JSON on its standard input, result from its standard output
    Work(worker::Work),
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Start(arguments) => start::start(arguments, context).await,
        Verb::Status => start::status(context).await,
        Verb::Health => start::health(context).await,
        Verb::Snapshot(arguments) => snapshot::snapshot(arguments, context).await,
        Verb::Restore(arguments) => snapshot::restore(arguments, context).await,
        Verb::Swarms => tasks::swarms(context).await,
        Verb::Tasks(arguments) => tasks::list(arguments, context).await,
        Verb::Submit(arguments) => tasks::submit(arguments, context).await,
        Verb::Show(arguments) => tasks::show(arguments, context).await,
        Verb::Watch(arguments) => watch::watch(arguments, context).await,
        Verb::Wait(arguments) => wait::wait(arguments, context).await,
        Verb::Claim(arguments) => claim::claim(arguments, context).await,
        Verb::Heartbeat(arguments) => attempt::heartbeat(arguments, context).await,
        Verb::Progress(arguments) => attempt::progress(arguments, context).await,
        Verb::Complete(arguments) => attempt::complete(arguments, context).await,
        Verb::Fail(arguments) => attempt::fail(arguments, context).await,
        Verb::Release(arguments) => attempt::release(arguments, context).await,
        Verb::Block(arguments) => attempt::block(arguments, context).await,
        Verb::Unblock(arguments) => decide::unblock(arguments, context).await,
        Verb::Cancel(arguments) => decide::cancel(arguments, context).await,
        Verb::Retry(arguments) => decide::retry(arguments, context).await,
        Verb::Mail(verb) => mail::run(verb, context).await,
        Verb::Listen(arguments) => worker::listen(arguments, context).await,
        Verb::Bench(arguments) => bench::bench(arguments, context).await,
        Verb::Work(arguments) => worker::work(arguments, context).await,
    }
}

impl Context {
    /// The coordinator over the configured store.
    pub(super) async fn coordinator(&self) -> Result<Coordinator, Failure> {
        Ok(Coordinator::new(self.store().await?, self.clock.clone()))
    }
}
