//! Exit codes: the answer that scripts read first.

use std::process::ExitCode;

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// It did what was asked.
    Done = 0,
    /// A fault of the program.
    Internal = 1,
    /// Wrong arguments or invalid input.
    Usage = 2,
    /// No task, nobody qualified.
    NothingFound = 3,
    /// A claim was lost, a thing exists already.
    Conflict = 4,
    /// The token is not that of the present holder.
    StaleToken = 5,
    /// Policy, budget, breaker or sandbox said no.
    Refused = 6,
    /// Nobody answers; retrying may help.
    Unavailable = 7,
    /// No answer in time, or told to stop before there was one.
    TimedOut = 8,
    /// The work itself failed.
    WorkFailed = 9,
    /// Measured, and not well.
    Unhealthy = 10,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
