//! What keeps running: the leader's loop, and the worker that turns any executable into a swarm.

pub mod bench;
pub mod child;
mod compaction;
mod data;
pub mod dispatcher;
mod housekeeping;
pub mod leader;
pub mod listener;
mod parent;
pub mod restore;
pub mod save;
pub mod session;
pub mod start;
pub mod view;
mod vitals;
pub mod worker;
