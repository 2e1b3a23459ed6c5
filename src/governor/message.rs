//! Messages: what people read when they are called, in the words of the original design.
//!
//! Pure. What a record says may come from anybody: here nothing of it becomes a second line, a markup or a header.

use serde::Serialize;
use serde_json::json;

use super::escalation::{Escalation, EscalationKind, EscalationState};
use super::policy::channel::WebAddress;
use crate::clock::Timestamp;
use crate::id::{SwarmId, TaskId};
use crate::printable::printable;

/// What happened is told in so many characters at most: a pager is no place for a log.
const LONGEST: usize = 2000;

/// A call on its way to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The call.
    pub id: String,
    /// The number of this delivery on its channel, from 1; a repetition after a failure has the same.
    pub delivery: u32,
    /// What calls of one kind about the same thing have in common.
    pub dedup: String,
    /// What people are called for; nothing when this is a trial of the channel.
    pub kind: Option<EscalationKind>,
    /// How far the call has come.
    pub state: EscalationState,
    /// The swarm concerned.
    pub swarm: Option<SwarmId>,
    /// The task concerned.
    pub task: Option<TaskId>,
    /// What happened.
    pub issue: String,
    /// What people have to do.
    pub action_required: String,
    /// Since when.
    pub triggered_at: Timestamp,
    /// Where more is to be seen.
    pub dashboard: String,
    /// All of it for people to read.
    pub text: String,
}

impl Message {
    /// The delivery of this number of a call.
    #[must_use]
    pub fn of(call: &Escalation, delivery: u32, dashboard: &WebAddress) -> Self {
        Self {
            id: call.id.clone(),
            delivery,
            dedup: call.dedup(),
            kind: Some(call.kind),
            state: call.state,
            swarm: call.swarm.clone(),
            task: call.task.clone(),
            issue: call.issue.clone(),
            action_required: call.action_required.clone(),
            triggered_at: call.triggered_at,
            dashboard: link(call.swarm.as_ref(), dashboard),
            text: text(call, dashboard),
        }
    }

    /// A trial of a channel, of which nobody is to be alarmed.
    #[must_use]
    pub fn trial(id: &str, by: &str, dashboard: &WebAddress, now: Timestamp) -> Self {
        let (issue, action) = (format!("{by} tries out this channel"), "none: this is a trial".to_owned());
        let call = Escalation {
            id: id.to_owned(),
            ..Escalation::triggered(EscalationKind::NoHelp, "trial", issue, action, by, now)
        };
        Self { kind: None, dedup: id.to_owned(), ..Self::of(&call, 1, dashboard) }
    }

    /// What tells this delivery from every other one, in characters that any header takes.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        format!("{}.{}", plain(&self.id), self.delivery)
    }

    /// One line that says what it is about.
    #[must_use]
    pub fn subject(&self) -> String {
        let about = self.task.as_ref().map(TaskId::as_str).or(self.swarm.as_ref().map(SwarmId::as_str));
        let kind = self.kind.map_or_else(|| "trial".to_owned(), |kind| kind.to_string());
        format!("Escalation: {kind} {}", about.unwrap_or_default()).trim_end().to_owned()
    }

    /// The document that programs get.
    #[must_use]
    pub fn document(&self) -> serde_json::Value {
        let kind = self.kind.map_or_else(|| "trial".to_owned(), |kind| kind.to_string());
        json!({
            "id": self.id,
            "delivery": self.delivery,
            "idempotency_key": self.idempotency_key(),
            "dedup": self.dedup,
            "kind": kind,
            "state": self.state,
            "swarm": self.swarm,
            "task": self.task,
            "issue": self.issue,
            "action_required": self.action_required,
            "triggered_at": self.triggered_at,
            "dashboard": self.dashboard,
            "text": self.text,
        })
    }

    /// The document that Slack gets: there `&`, `<` and `>` begin mentions and links.
    #[must_use]
    pub fn slack(&self) -> serde_json::Value {
        let text = self.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        json!({ "text": text })
    }
}

/// The text of a call, as the original design has it, with the task and the way to answer.
fn text(call: &Escalation, dashboard: &WebAddress) -> String {
    let swarm = call.swarm.as_ref().map_or("-", SwarmId::as_str);
    let task = call.task.as_ref().map_or_else(String::new, |task| format!("Task: {task}\n"));
    let (issue, action) = (line(&call.issue), line(&call.action_required));
    let (id, link) = (line(&call.id), link(call.swarm.as_ref(), dashboard));
    format!(
        "🚨 S² System Escalation Required\n\nSwarm: {swarm}\n{task}Issue: {issue}\n\nAction Required: {action}\n\n\
         Dashboard: {link}\nAcknowledge: ifctl governor escalations ack {id}"
    )
}

fn link(swarm: Option<&SwarmId>, dashboard: &WebAddress) -> String {
    let base = dashboard.to_string();
    let base = base.trim_end_matches('/');
    swarm.map_or_else(|| base.to_owned(), |swarm| format!("{base}/swarms/{swarm}"))
}

/// One line of bounded length, whatever the text is.
fn line(text: &str) -> String {
    let beginning: String = text.chars().take(LONGEST).collect();
    let cut = if beginning.len() < text.len() { "…" } else { "" };
    printable(&beginning) + cut
}

/// The text with everything in it escaped, as in a URL, that is not of the alphabet of names.
fn plain(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'.' | b'_' | b':' | b'-' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().take(LONGEST).map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(issue: &str) -> Escalation {
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        Escalation::triggered(EscalationKind::Stalled, "t.7", issue, "ask its worker", "leader", at)
    }

    fn message(call: &Escalation) -> Message {
        Message::of(call, 2, &"http://localhost:8080".parse().unwrap())
    }

    #[test]
    fn the_text_is_that_of_the_original_design_and_says_how_to_answer() {
        let call = call("nothing has been heard")
            .about_swarm(&"session-4-sip".parse().unwrap())
            .about_task(&"t".parse().unwrap());
        assert_eq!(
            message(&call).text,
            "🚨 S² System Escalation Required\n\nSwarm: session-4-sip\nTask: t\nIssue: nothing has been heard\n\n\
             Action Required: ask its worker\n\nDashboard: http://localhost:8080/swarms/session-4-sip\n\
             Acknowledge: ifctl governor escalations ack stalled.t.7"
        );
        assert_eq!(message(&call).subject(), "Escalation: stalled t");
        assert_eq!(message(&call).idempotency_key(), "stalled.t.7.2");
    }

    #[test]
    fn a_hostile_record_makes_no_line_no_markup_and_no_header_of_its_own() {
        let hostile = Escalation {
            id: "a\r\nBcc: eve@example.com €".to_owned(),
            ..call("x\r\nSwarm: other\u{202e} <!channel> & <https://evil|click> \"}\u{0}")
        };
        let sent = message(&hostile);
        assert_eq!(sent.text.lines().count(), message(&call("x")).text.lines().count());
        assert!(!sent.text.contains(['\r', '\0', '\u{202e}']));
        let slack = sent.slack()["text"].as_str().unwrap().to_owned();
        assert!(!slack.contains(['<', '>']) && slack.contains("&lt;!channel&gt; &amp; "), "{slack}");
        assert_eq!(sent.idempotency_key(), "a%0D%0ABcc:%20eve%40example.com%20%E2%82%AC.2");
        let document = sent.document().to_string();
        let read: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(read["issue"], hostile.issue);
        assert!(message(&call(&"ä".repeat(1 << 20))).text.chars().count() < 3 * LONGEST);
    }

    #[test]
    fn a_trial_says_that_it_is_one() {
        let at = Timestamp::from_micros(0);
        let trial = Message::trial("trial-1", "human:ann", &"http://localhost:8080".parse().unwrap(), at);
        assert_eq!(trial.document()["kind"], "trial");
        assert_eq!(trial.subject(), "Escalation: trial");
        assert!(trial.text.contains("human:ann tries out this channel"), "{}", trial.text);
    }
}
