//! Tables: the only place that builds them.

pub(super) mod chassis;
mod table;

pub(super) use table::Table;
