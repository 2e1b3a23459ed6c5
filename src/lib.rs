//! `if`: coordination for people who run many AI agents side by side.

pub mod chassis;
pub mod cli;
pub mod clock;
pub mod config;
pub mod coordinator;
pub mod demo;
pub mod engine;
pub mod governor;
pub mod id;
pub mod money;
pub mod store;
