//! Watching: every change of tasks and swarms as an event, in the order of revisions.

use std::collections::{HashMap, HashSet};

use crate::coordinator::event::{Event, Values};
use crate::coordinator::service::{Coordinator, CoordinatorError, Epoch};
use crate::coordinator::task::TaskRecord;
use crate::coordinator::token::Token;
use crate::id::{SwarmId, TaskId};
use crate::store::{Batch, Entry, Event as Change, Key, Prefix, Query, Snapshot, StoreError};

/// Which events somebody wants to hear of, and from where on.
#[derive(Debug, Clone, Default)]
pub struct Interest {
    /// Those of one task.
    pub task: Option<TaskId>,
    /// Those of one swarm, and of the tasks that it has.
    pub swarm: Option<SwarmId>,
    /// From this revision on; else from now on.
    pub since: Option<i64>,
}

impl Interest {
    fn covers(&self, event: &Event) -> bool {
        let right_task = self.task.is_none() || self.task == event.task;
        right_task && (self.swarm.is_none() || self.swarm == event.swarm)
    }

    fn prefix(&self) -> Prefix {
        self.task.clone().map_or(Prefix::All, Prefix::Task)
    }
}

/// Delivers events until told to stop, or until `deliver` says that nobody takes them. `begun` is told the revision
/// from which on nothing is missed.
///
/// # Errors
/// [`CoordinatorError::Forgotten`] when the history asked for is gone, [`CoordinatorError::Unborn`] when it is still to
/// come, and what `deliver` fails with.
pub async fn watch<E: From<CoordinatorError>>(
    coordinator: &Coordinator,
    interest: &Interest,
    stop: impl Future<Output = ()>,
    begun: impl FnOnce(i64),
    mut deliver: impl FnMut(&Event) -> Result<bool, E>,
) -> Result<(), E> {
    let store = coordinator.store();
    let mut queries = vec![Query::One(Key::Epoch)];
    queries.extend(interest.task.iter().map(|task| Query::One(Key::Hold(task.clone()))));
    let now = store.read(queries).await.map_err(CoordinatorError::from)?;
    let mut from = interest.since.unwrap_or(now.revision + 1);
    born("watch", from, now.revision)?;
    begun(from);
    let mut interpreter = Interpreter::new(interest.task.as_ref().filter(|_| from > now.revision), &now);
    let mut changes = store.watch(&interest.prefix(), from);
    let mut stop = std::pin::pin!(stop);
    loop {
        let batch = tokio::select! {
            batch = changes.next() => batch,
            () = &mut stop => return Ok(()),
        };
        let batch = batch.map_err(|error| forgotten("watch", from, error))?;
        for event in interpreter.events(&batch).into_iter().filter(|event| interest.covers(event)) {
            if !deliver(&event)? {
                return Ok(());
            }
        }
        from = batch.revision + 1;
    }
}

/// Makes sure that a stream begins with what is there, or with what comes next.
pub(super) fn born(stream: &'static str, since: i64, present: i64) -> Result<(), CoordinatorError> {
    if since > present + 1 {
        return Err(CoordinatorError::Unborn { stream, since, present });
    }
    Ok(())
}

/// What it means for a stream from `since` on that the store refuses to go on.
pub(super) fn forgotten(stream: &'static str, since: i64, error: StoreError) -> CoordinatorError {
    match error {
        StoreError::Compacted { oldest } => CoordinatorError::Forgotten { stream, since, oldest },
        error => error.into(),
    }
}

/// Turns changes into events. Knows the token of every attempt that it has seen begin.
struct Interpreter {
    epoch: u64,
    tokens: HashMap<TaskId, Token>,
}

impl Interpreter {
    /// One that knows the epoch, and the token of `task`, from what was read: first the epoch, then the hold.
    fn new(task: Option<&TaskId>, read: &Snapshot) -> Self {
        let epoch = Epoch::from_entry(read.one(0)).number;
        let token = |hold: &Entry| Token { epoch, revision: hold.create_revision };
        let tokens = task.cloned().zip(read.one(1).map(token)).into_iter().collect();
        Self { epoch, tokens }
    }

    fn events(&mut self, batch: &Batch) -> Vec<Event> {
        let same_revision = |one: &Change, other: &Change| one.entry.mod_revision == other.entry.mod_revision;
        batch.events.chunk_by(same_revision).flat_map(|changes| self.of_one_revision(changes)).collect()
    }

    fn of_one_revision(&mut self, changes: &[Change]) -> Vec<Event> {
        let keyed: Vec<(Key, &Change)> =
            changes.iter().filter_map(|change| Some((Key::parse(&change.entry.key)?, change))).collect();
        for (key, change) in &keyed {
            self.note(key, change);
        }
        let recorded: HashSet<&TaskId> = keyed.iter().filter_map(|(key, _)| task_of_record(key)).collect();
        let events = keyed.iter().filter_map(|(key, change)| self.event(key, change, &recorded)).collect();
        for (key, change) in &keyed {
            if let Key::Hold(task) = key
                && change.deleted
            {
                self.tokens.remove(task);
            }
        }
        events
    }

    /// Takes in what says which attempt a task is at: one that ends here has its token here too.
    fn note(&mut self, key: &Key, change: &Change) {
        match key {
            Key::Epoch => self.epoch = Epoch::from_entry(Some(&change.entry)).number,
            Key::Hold(task) => {
                let hold = if change.deleted { change.previous.as_ref() } else { Some(&change.entry) };
                let token = hold.map(|hold| Token { epoch: self.epoch, revision: hold.create_revision });
                self.tokens.extend(token.map(|token| (task.clone(), token)));
            }
            _ => {}
        }
    }

    fn event(&self, key: &Key, change: &Change, recorded: &HashSet<&TaskId>) -> Option<Event> {
        let revision = change.entry.mod_revision;
        match key {
            Key::Record(task) => {
                let (before, after) = (legible(change.previous.as_ref()), legible(written(change)));
                if after.is_none() && !change.deleted {
                    return None;
                }
                let values = Values { before: before.as_ref(), after: after.as_ref() };
                Some(Event::of_record(task, values, self.tokens.get(task).copied(), revision))
            }
            Key::Owner(task) if !recorded.contains(task) => {
                let (before, after) = texts(change);
                let values = Values { before: before.as_deref(), after: after.as_deref() };
                Event::of_owner(task, values, revision)
            }
            Key::Session(swarm, session) => Event::of_session(swarm, session, values(change), revision),
            Key::Profile(swarm) => Event::of_profile(swarm, values(change), revision),
            Key::SwarmStatus(swarm) => {
                let (before, after) = texts(change);
                let values = Values { before: before.as_deref(), after: after.as_deref() };
                Event::of_status(swarm, values, revision)
            }
            _ => None,
        }
    }
}

fn task_of_record(key: &Key) -> Option<&TaskId> {
    match key {
        Key::Record(task) => Some(task),
        _ => None,
    }
}

fn written(change: &Change) -> Option<&Entry> {
    (!change.deleted).then_some(&change.entry)
}

/// Before and after; the store may have forgotten what a key was before that is older than this change.
fn values(change: &Change) -> Values<'_, Entry> {
    let after = written(change);
    let older = after.filter(|entry| entry.create_revision < entry.mod_revision);
    Values { before: change.previous.as_ref().or(older), after }
}

fn texts(change: &Change) -> (Option<String>, Option<String>) {
    (change.previous.as_ref().map(Entry::text), written(change).map(Entry::text))
}

fn legible(entry: Option<&Entry>) -> Option<TaskRecord> {
    entry?.json().inspect_err(|error| tracing::warn!(%error, "a record is passed over")).ok()
}
