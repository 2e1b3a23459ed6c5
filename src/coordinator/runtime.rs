//! What keeps running: the leader's loop, and the worker that turns any executable into a swarm.

pub mod awaiting;
mod backoff;
pub mod bench;
pub mod child;
mod compaction;
mod data;
pub mod dispatcher;
mod health;
mod housekeeping;
pub mod intake;
pub mod leader;
pub mod listener;
pub mod mailbox;
pub mod next;
mod pace;
mod parent;
mod planner;
pub mod program;
pub mod restore;
pub mod save;
pub mod session;
pub mod start;
pub mod view;
mod vitals;
pub mod watching;
pub mod worker;
