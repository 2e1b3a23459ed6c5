//! Tables: the only place that builds them.

pub(super) mod chassis;
pub(super) mod coordinator;
pub(super) mod demo;
pub(super) mod events;
pub(super) mod governor;
pub(super) mod resources;
mod sparkline;
mod table;
pub(super) mod tasks;
mod words;

pub(super) use table::Table;
