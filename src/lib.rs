//! `if`: coordination for people who run many AI agents side by side.
//!
//! The map of the house, from the ground up:
//!
//! - [`id`], [`money`], [`clock`], [`config`], [`certificate`]: the words everybody uses.
//! - [`engine`]: an etcd v3 server over one directory. Knows nothing of tasks or swarms.
//! - [`store`]: the one client of the etcd v3 API, whoever serves it.
//! - [`coordinator`], [`governor`], [`chassis`]: pure rules in files named after their nouns, use-cases in
//!   `service`, what keeps running in `runtime`. They meet only through their services.
//! - [`demo`]: the story that shows all of it.
//! - [`cli`]: arguments in, tables and exit codes out.
//!
//! What always holds: a task has at most one accepted completion; a terminal state never changes; nothing is
//! acknowledged before it is on disk; in every budget spent + reserved ≤ cap, unless money was gone before
//! anybody could refuse it (work cost more than was set aside for it, a charge was reported afterwards), and then the
//! breaker of the swarm is open.

pub mod certificate;
pub mod chassis;
pub mod cli;
pub mod clock;
pub mod config;
pub mod coordinator;
#[cfg(test)]
mod corpus;
pub mod demo;
pub mod engine;
mod failpoint;
pub mod governor;
mod hexadecimal;
pub mod id;
pub mod money;
mod printable;
mod spelling;
pub mod store;
