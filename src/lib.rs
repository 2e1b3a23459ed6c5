//! `if`: coordination for people who run many AI agents side by side.

pub mod clock;
pub mod engine;
pub mod id;
pub mod money;
