//! What a submitter hands over: one task, or a file of them.

mod order;

use std::collections::BTreeSet;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

pub use order::{Outline, levels};

use super::task::{OnDependencyFailure, Reason, TaskRecord};
use crate::clock::{Span, Timestamp, When};
use crate::id::{Capability, SwarmId, TaskId};
use crate::money::{Money, dollars};

/// The largest payload or result, in bytes: etcd refuses requests above 1.5 MiB.
pub const MAX_PAYLOAD: usize = 1024 * 1024;

/// The longest title, in bytes.
pub const MAX_TITLE: usize = 1024;

/// The longest note, question, reason or message about a task, in bytes.
pub const MAX_TEXT: usize = 4096;

/// The most capabilities one task or one question may need.
pub const MAX_CAPABILITIES: usize = 64;

/// A task as its submitter describes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// Its name.
    pub id: TaskId,
    /// What it is, in a line.
    #[serde(default)]
    pub title: String,
    /// What a swarm must be able to do.
    #[serde(default)]
    pub required_capabilities: Vec<Capability>,
    /// 0 to 9; 9 goes first.
    #[serde(default = "default_priority")]
    pub priority: u8,
    /// Tasks that must be completed before.
    #[serde(default)]
    pub depends_on: BTreeSet<TaskId>,
    /// What becomes of it when one of them fails.
    #[serde(default)]
    pub on_dependency_failure: OnDependencyFailure,
    /// Not to be begun before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<When>,
    /// To be done before; afterwards it has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<When>,
    /// How long its holder may go without progress; by default as long as the policy says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stall_after: Option<Span>,
    /// How long it should take, in hours.
    #[serde(default = "default_hours")]
    pub estimated_hours: f64,
    /// The most one attempt may cost, in dollars.
    #[serde(default, with = "dollars::option", skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<Money>,
    /// How many attempts there may be; by default what the policy says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<u32>,
    /// What the worker gets, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// Only this swarm may work on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directed_to: Option<SwarmId>,
    /// Submitting again with the same key changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

fn default_priority() -> u8 {
    5
}

fn default_hours() -> f64 {
    1.0
}

/// A file of tasks: a list of them, or the key `tasks` with one.
struct BacklogFile {
    tasks: Vec<NewTask>,
}

impl<'de> Deserialize<'de> for BacklogFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename = "backlog")]
        struct Keyed {
            tasks: Vec<NewTask>,
        }

        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = BacklogFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of tasks, or the key tasks with one")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<BacklogFile, A::Error> {
                let tasks = Vec::deserialize(SeqAccessDeserializer::new(list))?;
                Ok(BacklogFile { tasks })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<BacklogFile, A::Error> {
                let Keyed { tasks } = Keyed::deserialize(MapAccessDeserializer::new(map))?;
                Ok(BacklogFile { tasks })
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// Why tasks cannot be submitted as described.
#[derive(Debug, thiserror::Error)]
pub enum BacklogError {
    /// The file is not what it should be.
    #[error("the backlog is malformed")]
    Malformed(#[source] serde_yaml::Error),
    /// The list is not what it should be.
    #[error("the list of tasks is malformed")]
    MalformedList(#[source] serde_json::Error),
    /// There is nothing in the file.
    #[error("there is no task in it")]
    Empty,
    /// A line is not what it should be.
    #[error("the task is malformed")]
    MalformedLine(#[source] serde_json::Error),
    /// A value out of range.
    #[error("task {task}: {what}")]
    Invalid {
        /// The task.
        task: TaskId,
        /// What is wrong.
        what: String,
    },
    /// Named twice.
    #[error("task {task} stands in the backlog twice")]
    Twice {
        /// The task.
        task: TaskId,
    },
    /// Tasks that wait for each other.
    #[error("the tasks {} wait for each other", join(tasks))]
    Cycle {
        /// Each waits for the next one, and the last for the first.
        tasks: Vec<TaskId>,
    },
}

impl BacklogError {
    /// The line of the file that it is about, where the file as a whole was read.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Malformed(error) => error.location().map(|location| location.line()),
            Self::MalformedList(error) => Some(error.line()),
            Self::Empty
            | Self::MalformedLine(_)
            | Self::Invalid { .. }
            | Self::Twice { .. }
            | Self::Cycle { .. } => None,
        }
    }
}

fn join(tasks: &[TaskId]) -> String {
    tasks.iter().map(TaskId::as_str).collect::<Vec<_>>().join(", ")
}

impl NewTask {
    /// A task of defaults.
    #[must_use]
    pub fn named(id: TaskId) -> Self {
        Self {
            id,
            title: String::new(),
            required_capabilities: Vec::new(),
            priority: default_priority(),
            depends_on: BTreeSet::new(),
            on_dependency_failure: OnDependencyFailure::default(),
            not_before: None,
            deadline: None,
            stall_after: None,
            estimated_hours: default_hours(),
            max_cost: None,
            max_attempts: None,
            payload: None,
            directed_to: None,
            idempotency_key: None,
        }
    }

    /// Checks what the types do not.
    ///
    /// # Errors
    /// [`BacklogError::Invalid`] names the task and the value.
    pub fn check(&self) -> Result<(), BacklogError> {
        let wrong = |what: String| Err(BacklogError::Invalid { task: self.id.clone(), what });
        if self.priority > 9 {
            return wrong(format!("priority {} is not from 0 to 9", self.priority));
        }
        if !(self.estimated_hours.is_finite() && (0.0..=10_000.0).contains(&self.estimated_hours)) {
            return wrong(format!("estimated_hours {} is not from 0 to 10000", self.estimated_hours));
        }
        if self.title.len() > MAX_TITLE {
            return wrong(format!("its title has {} bytes, {MAX_TITLE} are allowed", self.title.len()));
        }
        if self.required_capabilities.len() > MAX_CAPABILITIES {
            let count = self.required_capabilities.len();
            return wrong(format!("it needs {count} capabilities, {MAX_CAPABILITIES} are allowed"));
        }
        if self.idempotency_key.as_ref().is_some_and(|key| key.len() > MAX_TITLE) {
            return wrong(format!("its idempotency key is longer than {MAX_TITLE} bytes"));
        }
        if self.max_attempts == Some(0) {
            return wrong("max_attempts is 0".to_owned());
        }
        if self.depends_on.contains(&self.id) {
            return wrong("it waits for itself".to_owned());
        }
        match &self.payload {
            Some(payload) if payload.len() > MAX_PAYLOAD => {
                wrong(format!("its payload has {} bytes, {MAX_PAYLOAD} are allowed", payload.len()))
            }
            _ => Ok(()),
        }
    }

    /// Checks its deadline against the time it is submitted at.
    ///
    /// # Errors
    /// [`BacklogError::Invalid`] when there would be no time for it.
    pub fn check_deadline(&self, now: Timestamp) -> Result<(), BacklogError> {
        let begin = self.not_before.map_or(now, |when| when.moment(now)).max(now);
        match self.deadline.map(|when| when.moment(now)) {
            Some(deadline) if deadline <= begin => {
                let what = format!("its deadline {deadline} leaves no time: it cannot begin before {begin}");
                Err(BacklogError::Invalid { task: self.id.clone(), what })
            }
            _ => Ok(()),
        }
    }

    /// The task under an idempotency key: its own, else one that stands for all that it says.
    ///
    /// # Panics
    /// Never: its serialisation cannot fail.
    #[must_use]
    #[expect(clippy::expect_used, reason = "plain data serialises")]
    pub fn keyed(mut self) -> Self {
        if self.idempotency_key.is_none() {
            let text = serde_json::to_vec(&self).expect("plain data serialises");
            let digest: [u8; 32] = Sha256::digest(&text).into();
            let half = digest.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
            self.idempotency_key = Some(format!("sha256:{half:032x}"));
        }
        self
    }

    /// What the order of a backlog depends on.
    #[must_use]
    pub fn outline(&self) -> Outline {
        Outline { id: self.id.clone(), depends_on: self.depends_on.iter().cloned().collect() }
    }

    /// The record of the task when `unmet` of its dependencies are not completed yet.
    #[must_use]
    pub fn record(&self, unmet: BTreeSet<TaskId>, max_attempts: u32, by: &str, now: Timestamp) -> TaskRecord {
        let not_before = self.not_before.map(|when| when.moment(now)).filter(|moment| *moment > now);
        let reason = match not_before {
            _ if !unmet.is_empty() => Reason::Waiting,
            Some(_) => Reason::Scheduled,
            None => Reason::Ready,
        };
        TaskRecord {
            title: self.title.clone(),
            required_capabilities: self.required_capabilities.clone(),
            priority: self.priority,
            depends_on: self.depends_on.clone(),
            on_dependency_failure: self.on_dependency_failure,
            not_before,
            deadline: self.deadline.map(|when| when.moment(now)),
            stall_after: self.stall_after,
            max_cost: self.max_cost,
            estimated_hours: self.estimated_hours,
            max_attempts: self.max_attempts.unwrap_or(max_attempts),
            directed_to: self.directed_to.clone(),
            idempotency_key: self.idempotency_key.clone(),
            reason: Some(reason),
            ready_at: (reason == Reason::Ready).then_some(now),
            unmet,
            ..TaskRecord::new(self.id.clone(), by, now)
        }
    }
}

/// Reads one line of a backlog: a JSON document.
///
/// # Errors
/// [`BacklogError`] names what is wrong in it.
pub fn parse_line(text: &str) -> Result<NewTask, BacklogError> {
    let task: NewTask = serde_json::from_str(text).map_err(BacklogError::MalformedLine)?;
    task.check()?;
    Ok(task)
}

/// Reads a backlog: YAML, or JSON, that is a list of tasks or has one under the key `tasks`. Parents come before dependents in the answer, whatever their order in
/// the file.
///
/// # Errors
/// [`BacklogError`] names line or task.
pub fn parse(text: &str) -> Result<Vec<NewTask>, BacklogError> {
    ordered(serde_yaml::from_str::<BacklogFile>(text).map_err(BacklogError::Malformed)?.tasks)
}

/// Reads a backlog that is JSON, as [`parse`] does.
///
/// # Errors
/// [`BacklogError`] names line or task.
pub fn parse_list(text: &str) -> Result<Vec<NewTask>, BacklogError> {
    ordered(serde_json::from_str::<BacklogFile>(text).map_err(BacklogError::MalformedList)?.tasks)
}

fn ordered(tasks: Vec<NewTask>) -> Result<Vec<NewTask>, BacklogError> {
    for task in &tasks {
        task.check()?;
    }
    let outlines: Vec<_> = tasks.iter().map(NewTask::outline).collect();
    let order = levels(&outlines).map_err(|(_, error)| error)?;
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    Ok(order.into_iter().flatten().filter_map(|index| tasks.get_mut(index)?.take()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_first_whatever_the_order_of_the_file() {
        let tasks =
            parse("tasks:\n- {id: c, depends_on: [b]}\n- {id: b, depends_on: [a]}\n- {id: a}\n").unwrap();
        assert_eq!(tasks.iter().map(|task| task.id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn a_line_is_a_task_or_says_what_it_lacks() {
        let task = parse_line(r#"{"id":"a","priority":9}"#).unwrap();
        assert_eq!((task.id.as_str(), task.priority), ("a", 9));
        assert!(matches!(parse_line(r#"{"id":"a","prio":1}"#), Err(BacklogError::MalformedLine(_))));
        let error = parse_line(r#"{"id":"a","priority":10}"#).unwrap_err().to_string();
        assert_eq!(error, "task a: priority 10 is not from 0 to 9");
    }

    #[test]
    fn a_key_stands_for_all_that_a_task_says_unless_it_has_its_own() {
        let key = |line: &str| parse_line(line).unwrap().keyed().idempotency_key.unwrap();
        let plain = key(r#"{"id":"a"}"#);
        assert_eq!(plain, key(r#"{"priority":5,"id":"a"}"#));
        assert_ne!(plain, key(r#"{"id":"a","priority":6}"#));
        assert_ne!(plain, key(r#"{"id":"a","payload":"x"}"#));
        assert_eq!(key(r#"{"id":"a","idempotency_key":"mine"}"#), "mine");
    }

    #[test]
    fn what_cannot_work_is_refused_by_name() {
        for (text, part) in [
            ("tasks:\n- {id: a, depends_on: [b]}\n- {id: b, depends_on: [a]}\n", "a, b wait for each other"),
            ("tasks:\n- {id: a}\n- {id: a}\n", "task a stands in the backlog twice"),
            ("- {id: a}\n- {id: a}\n", "task a stands in the backlog twice"),
            ("tasks:\n- {id: a, priority: 10}\n", "priority 10"),
            ("tasks:\n- {id: a, estimated_hours: -1}\n", "estimated_hours -1"),
            ("tasks:\n- {id: a, estimated_hours: .nan}\n", "estimated_hours NaN"),
            ("tasks:\n- {id: a, depends_on: [a]}\n", "waits for itself"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        assert!(matches!(parse("tasks:\n- {id: a, prio: 1}\n"), Err(BacklogError::Malformed(_))));
    }

    #[test]
    fn a_backlog_says_when_a_task_may_begin_must_end_and_what_failures_do() {
        let text = "tasks:\n- {id: a, not_before: 10m, deadline: '2030-01-01T00:00:00Z', stall_after: 1h, \
                    on_dependency_failure: run}\n";
        let now = "2029-12-31T23:00:00Z".parse().unwrap();
        let task = parse(text).unwrap().remove(0);
        task.check_deadline(now).unwrap();
        let record = task.record(BTreeSet::new(), 5, "tester", now);
        assert_eq!((record.reason, record.ready_at), (Some(Reason::Scheduled), None));
        assert_eq!(record.not_before.unwrap().to_string(), "2029-12-31T23:10:00Z");
        assert_eq!(record.deadline.unwrap().to_string(), "2030-01-01T00:00:00Z");
        assert_eq!(record.on_dependency_failure, OnDependencyFailure::Run);
        assert_eq!(record.stall_after.unwrap().to_string(), "1h");
        let late = "2029-12-31T23:50:00Z".parse().unwrap();
        let error = task.check_deadline(late).unwrap_err().to_string();
        assert!(error.contains("leaves no time"), "{error}");
    }
}
