//! Streams as lines for people.

use super::words::or_dash;
use crate::coordinator::runtime::listener::Push;
use crate::coordinator::{Event, Letter, Mail};
use crate::printable::printable;

pub(in crate::cli) fn event(event: &Event) -> String {
    let subject = event.task.as_ref().map(ToString::to_string);
    let words = [
        Some(event.revision.to_string()),
        subject,
        Some(event.event.to_string()),
        event.swarm.as_ref().map(|swarm| format!("({swarm})")),
        event.state.clone(),
        event.token.map(|token| format!("token {token}")),
        event.detail.clone(),
    ];
    printable(&words.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

pub(in crate::cli) fn push(push: &Push) -> String {
    match push {
        Push::Connected { session } => format!("connected as {session}"),
        Push::Disconnected { session } => format!("{session} is lost, and every task that it had"),
        Push::Assignment { token, task, .. } => {
            printable(&format!("{} token {token} {}", task.id, task.title))
        }
        Push::Mail { mail, .. } => message(mail),
    }
}

pub(in crate::cli) fn letter(letter: &Letter) -> String {
    message(&letter.mail)
}

fn message(Mail { task, subject, text, at, by, kind, .. }: &Mail) -> String {
    let about = if subject.is_empty() { kind } else { subject };
    let first = printable(&format!("{at} {by}, task {}: {about}", or_dash(task.as_ref())));
    let lines = text.lines().map(|line| format!("\n  {}", printable(line)));
    lines.fold(first, |message, line| message + &line)
}
