//! Messages between swarms, and to `orchestrator`: what they say, and how much may be said.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{SwarmId, TaskId};

/// The longest text of a message, in bytes.
pub const MAX_TEXT: usize = 64 * 1024;

/// The longest subject of a message, in bytes.
pub const MAX_SUBJECT: usize = 1024;

/// How many unread messages a mailbox takes. Notices of blockers are not refused.
pub const MAX_UNREAD: usize = 1000;

/// A message to a swarm or to `orchestrator`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// What kind it is: `message`, or a notice such as `blocker_detected`.
    pub kind: String,
    /// The swarm it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swarm: Option<SwarmId>,
    /// The task it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// What it is about, in a line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// What it says.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// By what operation.
    pub op: String,
}

/// A message as it lies in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Its name in the mailbox.
    pub id: String,
    /// The revision that put it there.
    pub revision: i64,
    /// The message.
    #[serde(flatten)]
    pub mail: Mail,
}

/// Why a message cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It says nothing.
    #[error("the message has no text")]
    Empty,
    /// It says too much.
    #[error("the {what} of the message has {size} bytes, {limit} are allowed")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
}

impl Mail {
    /// A message that somebody writes.
    ///
    /// # Errors
    /// [`MailError`] when it says nothing or too much.
    pub fn message(subject: String, text: String, by: &str, now: Timestamp) -> Result<Self, MailError> {
        if text.trim().is_empty() {
            return Err(MailError::Empty);
        }
        for (what, size, limit) in [("subject", subject.len(), MAX_SUBJECT), ("text", text.len(), MAX_TEXT)] {
            if size > limit {
                return Err(MailError::TooLarge { what, size, limit });
            }
        }
        let (kind, by, op) = ("message".to_owned(), by.to_owned(), "send".to_owned());
        Ok(Self { kind, swarm: None, task: None, subject, text, at: now, by, op })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(subject: usize, text: usize) -> Result<Mail, MailError> {
        Mail::message("s".repeat(subject), "t".repeat(text), "s1", Timestamp::from_micros(0))
    }

    #[test]
    fn a_message_says_something_and_not_too_much() {
        assert!(message(MAX_SUBJECT, MAX_TEXT).is_ok());
        assert_eq!(message(0, 0), Err(MailError::Empty));
        let too_large = |what, size, limit| Err(MailError::TooLarge { what, size, limit });
        assert_eq!(message(0, MAX_TEXT + 1), too_large("text", MAX_TEXT + 1, MAX_TEXT));
        assert_eq!(message(MAX_SUBJECT + 1, 1), too_large("subject", MAX_SUBJECT + 1, MAX_SUBJECT));
    }

    #[test]
    fn a_notice_from_before_there_were_subjects_is_read() {
        let text = r#"{"kind":"blocker_detected","swarm":"s1","task":"T","text":"?","at":"2026-01-01T00:00:00Z",
            "by":"s1","op":"block"}"#;
        let mail: Mail = serde_json::from_str(text).unwrap();
        assert_eq!((mail.task, mail.subject.as_str()), (Some("T".parse().unwrap()), ""));
    }
}
