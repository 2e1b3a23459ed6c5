//! The client side of the bus: one way to read, compare, write, watch and lease, whatever serves it.
//!
//! Owns the connection, the namespace, time limits and the translation of etcd's answers into domain words.
//! Never interprets a value: what a task or a budget is, its users know. Nothing else speaks etcd as a client.

mod committing;
mod connection;
mod endpoint;
mod entry;
mod error;
mod export;
pub mod keys;
pub mod lease;
mod neighbours;
mod reading;
mod removal;
mod rivals;
mod status;
mod tls;
mod transaction;
mod watch;

pub use committing::{MAX_BATCH, batches};
pub use connection::{Connection, Store};
pub use entry::{Entry, Versioned};
pub use error::StoreError;
pub use export::Export;
pub use keys::{Key, Prefix, Scope};
pub use lease::{KeptLease, Lease};
pub use reading::{Page, Place};
pub use rivals::yield_to_rivals;
pub use status::Status;
pub use tls::{Certificates, Distrust};
pub use transaction::{Commit, Precondition, Query, Snapshot, Transaction};
pub use watch::{Batch, Event, Watch};
