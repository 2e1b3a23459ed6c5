//! The demonstration: seven swarms share out a real backlog, through every layer and as separate processes.
//!
//! Owns the story and its stage. What it reports is read back from the store: it counts in the history of the
//! keys, not in what the processes said. Nothing outside the command line depends on it.

mod attack;
mod ledger;
mod outcome;
mod stage;
mod story;

pub use attack::Attack;
pub use ledger::{Ledger, Violation};
pub use outcome::{HelpGiven, Latency, Outcome, Recorded, SwarmOutcome, TaskOutcome};
pub use stage::StageError;
pub use story::{DemoError, Options, Progress, run};
