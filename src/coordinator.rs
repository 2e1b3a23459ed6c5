//! The coordinator: tasks, claims, connected workers, pushes, blockers.
//!
//! The files beside this one are rules over plain values. [`service`] reads, asks a rule and commits in one
//! transaction; [`runtime`] holds what keeps running: the leader's loop and the worker.

pub mod assignment;
pub mod backlog;
pub mod bench;
pub mod history;
pub mod hold;
pub mod runtime;
pub mod service;
pub mod snapshot;
pub mod task;
pub mod token;
pub mod vitals;

pub use hold::{Assignment, Hold, Mail, Session};
pub use task::{Reason, State, TaskRecord};
pub use token::Token;
pub use vitals::Vitals;
