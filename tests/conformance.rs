//! The engine is etcd to its clients: whatever is asked, it answers as etcd 3.5 does, revisions and errors included.
//!
//! One file per area, each a table of short scripts that are played on the engine and on etcd 3.4 and 3.5, which agree
//! on all of them.

mod alarm;
mod compaction;
mod lease;
mod put_delete;
mod range;
mod table;
mod txn;
mod watch;

pub(crate) use self::table::{brief, comparable};
