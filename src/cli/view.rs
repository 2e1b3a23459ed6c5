//! Tables: the only place that builds them.

mod table;

pub(super) use table::Table;
