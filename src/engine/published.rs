//! What the writer, the readers and the watches share.
//!
//! Only the writer changes it, and only after the change is on disk.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::Options;
use super::answering::Answering;
use super::auth::{Authenticator, Caller, Credentials, Directory};
use super::error::Refusal;
use super::header::Identity;
use super::health::Health;
use super::state::{State, View};
use super::statistics::{CommitTimes, Statistics};
use super::watch::WatchHub;

#[derive(Debug)]
pub(crate) struct Published {
    state: RwLock<State>,
    pub(crate) hub: WatchHub,
    pub(crate) identity: Identity,
    pub(crate) authenticator: Authenticator,
    pub(crate) commit_times: CommitTimes,
    pub(crate) health: Health,
    pub(crate) answering: Answering,
    pub(crate) path: PathBuf,
    pub(crate) options: Options,
}

impl Published {
    pub(crate) fn new(path: PathBuf, options: Options, identity: Identity, state: State, size: u64) -> Self {
        let hub = WatchHub::new(state.revision());
        let state = RwLock::new(state);
        let (commit_times, health) = (CommitTimes::new(), Health::new(size));
        let (authenticator, answering) = (Authenticator::new(), Answering::default());
        Self { state, hub, identity, authenticator, commit_times, health, answering, path, options }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// For the writer alone.
    pub(super) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Users and roles.
    pub(crate) fn directory(&self) -> Arc<Directory> {
        Arc::clone(self.read().directory())
    }

    /// Who asks, going by what is published now.
    pub(crate) fn identify(&self, credentials: &Credentials) -> Result<Caller, Refusal> {
        match credentials.token() {
            Some(token) => self.authenticator.caller(token, &self.directory()),
            None => Ok(Caller::Nobody),
        }
    }

    pub(crate) fn statistics(&self) -> Statistics {
        let (commit_p50_micros, commit_p99_micros) = self.commit_times.quantiles();
        let db_size_bytes = self.health.size();
        let watchers = self.hub.watchers();
        let state = self.read();
        Statistics {
            revision: state.revision(),
            compact_revision: state.compacted(),
            keys: state.live_keys(),
            leases: state.leases().len(),
            watchers,
            db_size_bytes,
            history_bytes: state.footprint(),
            commit_p50_micros,
            commit_p99_micros,
        }
    }
}
