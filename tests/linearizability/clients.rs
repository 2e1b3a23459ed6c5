//! Clients that claim, complete, give back, and sometimes just forget what they hold.

mod commands;
mod wayward;

use infrafabric::coordinator::Token;
use rand::seq::IndexedRandom;

pub(super) use commands::Commands;
pub(super) use wayward::Wayward;

/// What a client does next.
enum Move {
    Claim(String),
    Complete(String, Token),
    Release(String, Token),
}

/// What a client remembers.
struct Memory {
    tasks: Vec<String>,
    /// What it holds, as far as it knows.
    held: Option<(String, Token)>,
    /// What it held before.
    past: Vec<(String, Token)>,
}

impl Memory {
    fn new(tasks: &[String]) -> Self {
        Self { tasks: tasks.to_vec(), held: None, past: Vec::new() }
    }

    /// Mostly gives back what it holds, so that others can have it; sometimes shows a token of before.
    fn next(&mut self) -> Move {
        if let Some((task, token)) = self.past.choose(&mut rand::rng()).filter(|_| rand::random_bool(0.2)) {
            return Move::Complete(task.clone(), *token);
        }
        let Some((task, token)) = self.held.take() else { return self.claim() };
        self.past.push((task.clone(), token));
        match rand::random_range(0..20) {
            0 => Move::Complete(task, token),
            1..=3 => self.claim(),
            _ => Move::Release(task, token),
        }
    }

    fn claim(&self) -> Move {
        Move::Claim(self.tasks.choose(&mut rand::rng()).unwrap().clone())
    }
}
