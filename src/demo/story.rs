//! The story, from an empty store to the last line of the report.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::timeout;

use super::attack::{Attack, attack};
use super::ledger::{Ledger, Violation};
use super::outcome::{HelpGiven, Latency, Outcome, Recorded, SwarmOutcome, TaskOutcome};
use super::stage::{Stage, StageError, crash};
use crate::clock::{Clock, stopwatch};
use crate::coordinator::backlog::{BacklogError, NewTask, parse};
use crate::coordinator::service::{Authority, Coordinator, CoordinatorError};
use crate::coordinator::{Hold, Session, State, TaskRecord};
use crate::governor::service::GovernorError;
use crate::governor::{BreakerState, Policy};
use crate::id::{IdError, SwarmId, TaskId};
use crate::money::Money;
use crate::store::{Batch, Certificates, Connection, Entry, Event, Key, Prefix, Scope, Store, StoreError};

const BACKLOG: &str = include_str!("../../examples/backlog/phase-0.yaml");
const AGENT: &str = include_str!("../../examples/scripts/agent.sh");
const GUEST: &str = include_str!("../../examples/guests/sip_help.wat");
const CONTRACT: &str = include_str!("../../examples/contracts/session-4-sip.yaml");

/// The swarm that gets stuck, the one that can help, and the one that runs away.
const STUCK: &str = "session-3-h323";
const EXPERT: &str = "session-4-sip";
const RUNAWAY: &str = "session-6-talent";

const BRIDGE: &str = "bridge-sip";
const FIRST_LOOP: &str = "loop-1";

/// A task of so many hours lasts long enough for its worker to be killed in the middle.
const LONG_ENOUGH: f64 = 2.0;

/// The longest the story may take.
const LIMIT: Duration = Duration::from_mins(1);

/// What the demonstration is started with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Leave the home for looking around.
    pub keep: bool,
}

/// What is told while it goes on.
#[derive(Debug, Clone)]
pub enum Progress {
    /// So many tasks there are to complete.
    Submitted(usize),
    /// One more is completed.
    Completed,
    /// Something worth telling.
    Note(String),
}

/// Why the demonstration could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The stage fell down.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The coordinator did not do its part.
    #[error(transparent)]
    Coordinator(#[from] CoordinatorError),
    /// The governor did not do its part.
    #[error(transparent)]
    Governor(#[from] GovernorError),
    /// The backlog that comes with the program is malformed.
    #[error("the backlog that comes with the program is malformed")]
    Backlog(#[from] BacklogError),
    /// A name in the story is none.
    #[error(transparent)]
    Name(#[from] IdError),
    /// It took too long.
    #[error("the story was not over after {} s: {open} tasks were not", LIMIT.as_secs())]
    TimedOut {
        /// Tasks that were not completed.
        open: usize,
    },
}

/// Tells the story; with `keep`, also gives the home.
///
/// # Errors
/// [`DemoError`] when it could not be shown; a broken promise is part of the outcome.
pub async fn run(
    options: Options,
    clock: Clock,
    mut tell: impl FnMut(Progress),
) -> Result<(Outcome, Option<PathBuf>), DemoError> {
    let watch = stopwatch();
    let mut stage = Stage::set().await?;
    let told = tell_story(&mut stage, clock, &mut tell).await;
    stage.dismiss_workers().await;
    let outcome = match told {
        Ok(story) => story.report(watch.elapsed()).await,
        Err(error) => Err(error),
    };
    let home = stage.clear(options.keep).await;
    Ok((outcome?, home))
}

async fn tell_story(
    stage: &mut Stage,
    clock: Clock,
    tell: &mut impl FnMut(Progress),
) -> Result<Story, DemoError> {
    let connection = Connection {
        endpoints: vec![stage.endpoint().to_owned()],
        namespace: String::new(),
        timeout: Duration::from_secs(5),
        user: None,
        certificates: Certificates::default(),
    };
    let store = Store::connect(&connection).await?;
    let mut story = Story::new(Coordinator::new(store, clock));
    story.load_expert(stage).await?;
    let agent = stage.prop("agent.sh", AGENT)?;
    for swarm in Policy::default().capability_registry.keys() {
        stage.employ(swarm.as_str(), false, &agent)?;
        stage.employ(swarm.as_str(), true, &agent)?;
    }
    story.await_workers(2 * Policy::default().capability_registry.len()).await?;
    let tasks = story.cast()?;
    tell(Progress::Submitted(story.wanted.len()));
    let from = story.store().status().await?.revision + 1;
    let submission = submit(story.coordinator.clone(), tasks);
    let attacks = async { Ok(attack(stage).await?) };
    let told =
        timeout(LIMIT, async { tokio::try_join!(submission, story.follow(from, tell), attacks) }).await;
    let open = story.wanted.len();
    let ((), (), attacks) = told.map_err(|_| DemoError::TimedOut { open })??;
    for attack in attacks.iter().filter(|attack| attack.is_stopped()) {
        tell(Progress::Note(format!("{} tried to {} and was stopped", attack.swarm, attack.tried)));
    }
    story.attacks = attacks;
    Ok(story)
}

/// The story so far.
struct Story {
    coordinator: Coordinator,
    backlog: BTreeSet<TaskId>,
    /// What is still to be completed.
    wanted: BTreeSet<TaskId>,
    long: BTreeSet<TaskId>,
    killed: Option<(u32, TaskId)>,
    tripped: bool,
    attacks: Vec<Attack>,
}

impl Story {
    fn new(coordinator: Coordinator) -> Self {
        Self {
            coordinator,
            backlog: BTreeSet::new(),
            wanted: BTreeSet::new(),
            long: BTreeSet::new(),
            killed: None,
            tripped: false,
            attacks: Vec::new(),
        }
    }

    fn store(&self) -> &Store {
        self.coordinator.store()
    }

    async fn load_expert(&self, stage: &Stage) -> Result<(), DemoError> {
        let guest = stage.prop("guest.wat", GUEST)?;
        let contract = stage.prop("contract.yaml", CONTRACT)?;
        let (guest, contract) = (guest.to_string_lossy(), contract.to_string_lossy());
        let arguments = ["chassis", "load", EXPERT, "--wasm", &guest, "--contract", &contract];
        Ok(stage.run(&arguments).await?)
    }

    /// Waits until every worker is connected, so that all of them race.
    async fn await_workers(&self, count: usize) -> Result<(), DemoError> {
        let is_session = |key: &Key| matches!(key, Key::Session(..));
        let (entries, revision) = self.store().range_where(&Prefix::Swarms, is_session).await?;
        let mut connected = entries.len();
        let mut watch = self.store().watch(&Prefix::Swarms, revision + 1);
        let arrive = async {
            while connected < count {
                let batch = watch.next().await?;
                connected += batch.events.iter().filter(|event| arrives(event)).count();
            }
            Ok(())
        };
        timeout(LIMIT, arrive).await.unwrap_or(Err(DemoError::TimedOut { open: count }))
    }

    /// The backlog and the two tasks that make trouble.
    fn cast(&mut self) -> Result<Vec<NewTask>, DemoError> {
        let mut tasks = parse(BACKLOG)?;
        let long = tasks.iter().filter(|task| task.estimated_hours >= LONG_ENOUGH);
        self.long = long.map(|task| task.id.clone()).collect();
        self.backlog = tasks.iter().map(|task| task.id.clone()).collect();
        self.wanted.clone_from(&self.backlog);
        let bridge = NewTask {
            title: "Bridge the gatekeeper to SIP".to_owned(),
            required_capabilities: vec!["integration:h323".parse()?],
            priority: 9,
            ..NewTask::named(BRIDGE.parse()?)
        };
        self.wanted.insert(bridge.id.clone());
        let runaway = NewTask {
            title: "Explore once more".to_owned(),
            required_capabilities: vec!["research:exploration".parse()?],
            ..NewTask::named(FIRST_LOOP.parse()?)
        };
        tasks.extend([bridge, runaway]);
        Ok(tasks)
    }

    /// Follows the store until all is done and the runaway is stopped.
    async fn follow(&mut self, from: i64, tell: &mut impl FnMut(Progress)) -> Result<(), DemoError> {
        let mut watch = self.store().watch(&Prefix::All, from);
        while !(self.wanted.is_empty() && self.tripped) {
            let Batch { events, .. } = watch.next().await?;
            for event in events.iter().filter(|event| !event.deleted) {
                self.witness(event, tell).await?;
            }
        }
        Ok(())
    }

    async fn witness(&mut self, event: &Event, tell: &mut impl FnMut(Progress)) -> Result<(), DemoError> {
        match Key::parse(&event.entry.key) {
            Some(Key::Record(_)) => {
                let record: TaskRecord = event.entry.json()?;
                self.see_record(&record, tell);
                let begun = record.state == State::Working && record.received_at.is_some();
                if begun && self.killed.is_none() && self.long.contains(&record.id) {
                    self.kill_holder(&record, tell).await?;
                }
            }
            Some(Key::Breaker(Scope::Swarm(swarm))) if swarm.as_str() == RUNAWAY => {
                self.tripped = true;
                tell(Progress::Note(format!("{swarm} has spent its budget: its circuit breaker opened")));
            }
            _ => {}
        }
        Ok(())
    }

    fn see_record(&mut self, record: &TaskRecord, tell: &mut impl FnMut(Progress)) {
        let name = &record.id;
        if record.state == State::Completed && self.wanted.remove(name) {
            tell(Progress::Completed);
        }
        let owner = record.owner.as_ref().map_or("", SwarmId::as_str);
        match (record.op.as_str(), &record.helps) {
            ("block", _) => tell(Progress::Note(format!("{owner} is stuck on {name} and asks for help"))),
            ("complete", Some(helped)) => tell(Progress::Note(format!("{owner} has helped {helped}"))),
            ("reap", _) => tell(Progress::Note(format!("{name} lost its worker and is ready again"))),
            _ => {}
        }
    }

    /// Kills the worker that has just begun a long task, unless the story needs it.
    async fn kill_holder(
        &mut self,
        record: &TaskRecord,
        tell: &mut impl FnMut(Progress),
    ) -> Result<(), DemoError> {
        let task = &record.id;
        let Some(entry) = self.store().get(&Key::Hold(task.clone())).await? else { return Ok(()) };
        let hold: Hold = entry.json()?;
        let needed = [STUCK, EXPERT, RUNAWAY].contains(&hold.swarm.as_str());
        let Some(session) = hold.session.filter(|_| !needed) else { return Ok(()) };
        let Some(entry) = self.store().get(&Key::Session(hold.swarm.clone(), session)).await? else {
            return Ok(());
        };
        let pid = entry.json::<Session>()?.pid;
        if Some(&hold.claim_id) == record.claim_id.as_ref() && crash(pid) {
            tell(Progress::Note(format!("killed worker {pid} of {} in the middle of {task}", hold.swarm)));
            self.killed = Some((pid, task.clone()));
        }
        Ok(())
    }

    /// Reads everything back from the store.
    async fn report(self, took: Duration) -> Result<Outcome, DemoError> {
        let tasks = self.coordinator.tasks().await?;
        let (mut ledger, revision) = self.audit().await?;
        let help = self.help_given(&tasks, &mut ledger).await?;
        let outcomes: Vec<_> = tasks.iter().map(|task| task_outcome(task, &ledger)).collect();
        let unstopped = self.attacks.iter().filter(|attack| !attack.is_stopped());
        let escaped: Vec<_> =
            unstopped.map(|attack| Violation::Unstopped { swarm: attack.swarm.clone() }).collect();
        let of_backlog = || outcomes.iter().filter(|outcome| self.backlog.contains(&outcome.task));
        Ok(Outcome {
            swarms: self.swarms(&tasks).await?,
            escalations: self.coordinator.governor().escalations().await?,
            push_latency: Latency::of(ledger.latencies()),
            killed: self.killed.clone(),
            backlog_done: of_backlog().filter(|outcome| outcome.state == State::Completed).count(),
            backlog_completions: of_backlog().map(|outcome| outcome.accepted_completions).sum(),
            recorded: Recorded::HISTORY,
            violations: ledger.violations().into_iter().chain(escaped).collect(),
            took_ms: took.as_millis(),
            tasks: outcomes,
            help,
            attacks: self.attacks,
            revision,
        })
    }

    /// Goes through the whole history, from the first revision to the last.
    async fn audit(&self) -> Result<(Ledger, i64), DemoError> {
        let (_, last) = self.store().range_where(&Prefix::All, |_| false).await?;
        let mut watch = self.store().watch(&Prefix::All, 1);
        let mut ledger = Ledger::default();
        let mut seen = 0;
        while seen < last {
            let batch = timeout(LIMIT, watch.next()).await.map_err(|_| DemoError::TimedOut { open: 0 })??;
            for event in &batch.events {
                ledger.note(event);
            }
            seen = batch.revision;
        }
        Ok((ledger, seen))
    }

    async fn help_given(
        &self,
        tasks: &[TaskRecord],
        ledger: &mut Ledger,
    ) -> Result<Vec<HelpGiven>, DemoError> {
        let swarms = self.coordinator.governor().swarms().await?;
        let mut given = Vec::new();
        for help in tasks {
            let Some(blocked) = &help.helps else { continue };
            let able =
                swarms.iter().find(|line| Some(&line.swarm) == help.owner.as_ref()).is_some_and(|line| {
                    help.required_capabilities.iter().all(|need| line.profile.capabilities.contains(need))
                });
            if let Some(helper) = help.owner.as_ref().filter(|_| !able) {
                ledger.note_unqualified(helper, &help.id);
            }
            let answer = self.store().get(&Key::Result(help.id.clone())).await?;
            given.push(HelpGiven {
                blocked: blocked.clone(),
                help: help.id.clone(),
                helper: help.owner.clone(),
                cost: help.spent,
                answer: answer.as_ref().map(Entry::text).map(|text| text.trim().to_owned()),
                found_after_us: self
                    .blocked_at(blocked)
                    .await?
                    .zip(help.received_at)
                    .map(|(blocked, received)| received.since(blocked).as_micros()),
            });
        }
        Ok(given)
    }

    /// When the task was blocked, as its settlement says.
    async fn blocked_at(&self, task: &TaskId) -> Result<Option<crate::clock::Timestamp>, DemoError> {
        let settlements = self.coordinator.show(task).await?.settlements;
        let blocked = |outcome| outcome == crate::governor::Outcome::Blocked;
        Ok(settlements.iter().find(|settlement| blocked(settlement.outcome)).map(|settlement| settlement.at))
    }

    async fn swarms(&self, tasks: &[TaskRecord]) -> Result<Vec<SwarmOutcome>, DemoError> {
        let mut completed: BTreeMap<&SwarmId, usize> = BTreeMap::new();
        for task in tasks.iter().filter(|task| task.state == State::Completed) {
            if let Some(owner) = &task.owner {
                *completed.entry(owner).or_default() += 1;
            }
        }
        let lines = self.coordinator.governor().swarms().await?;
        let outcome = |line: &crate::governor::service::SwarmLine| {
            let money = |of: fn(&crate::governor::service::BudgetLine) -> Money| {
                line.budget.as_ref().map_or(Money::ZERO, of)
            };
            SwarmOutcome {
                swarm: line.swarm.clone(),
                status: line.status.clone().unwrap_or_default(),
                completed: completed.get(&line.swarm).copied().unwrap_or(0),
                spent: money(|budget| budget.spent),
                reserved: money(|budget| budget.reserved),
                cap: money(|budget| budget.cap),
                breaker: line.budget.as_ref().map_or(BreakerState::Closed, |budget| budget.breaker),
            }
        };
        Ok(lines.iter().map(outcome).collect())
    }
}

async fn submit(coordinator: Coordinator, tasks: Vec<NewTask>) -> Result<(), DemoError> {
    let authority = Authority::of("demo");
    for task in &tasks {
        coordinator.submit(task, &authority).await?;
    }
    Ok(())
}

fn arrives(event: &Event) -> bool {
    !event.deleted && matches!(Key::parse(&event.entry.key), Some(Key::Session(..)))
}

fn task_outcome(task: &TaskRecord, ledger: &Ledger) -> TaskOutcome {
    TaskOutcome {
        task: task.id.clone(),
        title: task.title.clone(),
        state: task.state,
        reason: task.reason,
        owner: task.owner.clone(),
        pushed: task.assigned_at.is_some(),
        attempts: task.attempt,
        lease_losses: task.lease_losses,
        spent: task.spent,
        accepted_completions: ledger.completions(&task.id),
    }
}
