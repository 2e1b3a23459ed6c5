//! A line of a guest's log, as the host that ran the guest keeps it: one JSON document on a line of its own.
//!
//! Pure.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::TaskId;

/// What is kept of a line's text, in bytes. The limits of the sandbox are narrower; escapes can make a text longer.
const MAX_TEXT_BYTES: usize = 16 << 10;

/// One line that a guest has logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When, by the clock of the host.
    pub at: Timestamp,
    /// In which task, if it had a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// At which attempt, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// What it said.
    pub line: String,
    /// The process that ran it.
    pub pid: u32,
}

impl LogLine {
    /// The text as it is kept: cut to its limit.
    #[must_use]
    pub fn kept(text: &str) -> String {
        let end = text.floor_char_boundary(MAX_TEXT_BYTES);
        let cut = if end < text.len() { " … (cut)" } else { "" };
        format!("{}{cut}", &text[..end])
    }

    /// Reads a line of a file back; nothing for what is none, such as one that a full disk has torn.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }
}

/// Which lines somebody wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Those of one task.
    pub task: Option<TaskId>,
    /// Those that are not older than this.
    pub since: Option<Timestamp>,
}

impl LogFilter {
    /// Whether the line is of the task that is wanted.
    #[must_use]
    pub fn concerns(&self, line: &LogLine) -> bool {
        self.task.is_none() || self.task == line.task
    }

    /// Whether the line is to be shown.
    #[must_use]
    pub fn wants(&self, line: &LogLine) -> bool {
        self.concerns(line) && self.since.is_none_or(|since| line.at >= since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(second: i64, task: Option<&str>) -> LogLine {
        let at = Timestamp::from_micros(second * 1_000_000);
        let task = task.map(|task| task.parse().unwrap());
        LogLine { at, task, attempt: None, line: "x".to_owned(), pid: 1 }
    }

    #[test]
    fn a_line_is_one_line_of_json_whatever_it_says() {
        let said = LogLine { line: "a\nb\u{1b}\"".to_owned(), attempt: Some(2), ..line(1, Some("T")) };
        let json = serde_json::to_string(&said).unwrap();
        assert!(!json.contains('\n'), "{json}");
        assert_eq!(LogLine::parse(json.as_bytes()), Some(said));
        let older = br#"{"at":"1970-01-01T00:00:01Z","line":"x","pid":1}"#;
        assert_eq!(LogLine::parse(older), Some(line(1, None)));
        for torn in ["", "{", &json[..json.len() - 1], &json[1..], "null"] {
            assert_eq!(LogLine::parse(torn.as_bytes()), None, "{torn}");
        }
    }

    #[test]
    fn a_text_is_kept_up_to_its_limit() {
        assert_eq!(LogLine::kept("short"), "short");
        let long = LogLine::kept(&format!("x{}", "ä".repeat(MAX_TEXT_BYTES)));
        assert_eq!(long, format!("x{} … (cut)", "ä".repeat(MAX_TEXT_BYTES / 2 - 1)));
    }

    #[test]
    fn a_filter_wants_what_was_asked_for() {
        let at = |second: i64| Some(Timestamp::from_micros(second * 1_000_000));
        let filter = |task: Option<&str>, since| LogFilter { task: task.map(|t| t.parse().unwrap()), since };
        let cases = [
            (filter(None, None), [true, true, true]),
            (filter(Some("T"), None), [true, false, false]),
            (filter(None, at(2)), [false, true, true]),
            (filter(Some("T"), at(2)), [false, false, false]),
            (filter(None, at(4)), [false, false, false]),
        ];
        for (filter, expected) in cases {
            let lines = [line(1, Some("T")), line(2, Some("U")), line(3, None)];
            assert_eq!(lines.map(|line| filter.wants(&line)), expected, "{filter:?}");
        }
    }
}
