//! What keeps running: the leader's loop, and the worker that turns any executable into a swarm.

mod backoff;
pub mod child;
mod compaction;
mod data;
pub mod dispatcher;
mod health;
mod housekeeping;
pub mod leader;
pub mod listener;
mod pace;
mod parent;
mod planner;
pub mod restore;
pub mod save;
pub mod session;
pub mod start;
pub mod view;
mod vitals;
pub mod worker;
