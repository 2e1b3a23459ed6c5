//! One session: does with `ifctl` what it did with git.

use std::collections::HashMap;

use super::trace::{Event, Kind};
use crate::support::command::Finished;
use crate::support::site::Site;

/// A claim or a completion, and what came of it.
pub(super) struct Attempt {
    pub(super) task: String,
    pub(super) kind: Kind,
    pub(super) outcome: Outcome,
}

pub(super) enum Outcome {
    Accepted,
    /// Refused, because this session has the task or had it last.
    Told(String),
}

pub(super) struct Player<'s> {
    site: &'s Site,
    session: &'s str,
    /// The tasks that it holds.
    tokens: HashMap<String, String>,
}

impl<'s> Player<'s> {
    pub(super) fn new(site: &'s Site, session: &'s str) -> Self {
        Self { site, session, tokens: HashMap::new() }
    }

    /// Nothing comes of a status but that it is looked at.
    pub(super) fn play(&mut self, Event { task, kind, .. }: &Event) -> Option<Attempt> {
        let outcome = match kind {
            Kind::Claim => self.claim(task),
            Kind::Complete => self.complete(task),
            Kind::Status => {
                self.site.run(&format!("coordinator show {task}")).expect(0);
                return None;
            }
        };
        Some(Attempt { task: task.clone(), kind: *kind, outcome })
    }

    fn claim(&mut self, task: &str) -> Outcome {
        let finished = self.site.run(&format!("coordinator claim {task} --swarm {}", self.session));
        if finished.code == 4 {
            return Outcome::Told(holder(&finished, task));
        }
        let token = finished.expect(0).stdout.trim().to_owned();
        self.tokens.insert(task.to_owned(), token);
        Outcome::Accepted
    }

    /// Who has not claimed before does so now.
    fn complete(&mut self, task: &str) -> Outcome {
        if !self.tokens.contains_key(task)
            && let Outcome::Told(holder) = self.claim(task)
        {
            return Outcome::Told(holder);
        }
        let token = self.tokens.remove(task).unwrap();
        self.site.run(&format!("coordinator complete {task} --token {token}")).expect(0);
        Outcome::Accepted
    }
}

/// Whom a refusal names.
fn holder(refused: &Finished, task: &str) -> String {
    let said = refused.stderr.lines().next().unwrap_or_default();
    let held = said.strip_prefix(&format!("error: task {task} is claimed by "));
    let was_held = || {
        let rest = said.strip_prefix(&format!("error: task {task} is completed; "))?;
        rest.strip_suffix(" held it last")
    };
    held.or_else(was_held).unwrap_or_else(|| panic!("nobody is named: {said}")).to_owned()
}
