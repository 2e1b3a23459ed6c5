//! What the writer, the readers and the watches share.
//!
//! Only the writer changes it, and only after the change is on disk.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::Options;
use super::auth::{Authenticator, Caller, Credentials, Directory};
use super::error::Refusal;
use super::header::Identity;
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
    pub(crate) path: PathBuf,
    pub(crate) options: Options,
}

impl Published {
    pub(crate) fn new(path: PathBuf, options: Options, identity: Identity, state: State) -> Self {
        let hub = WatchHub::new(state.revision());
        Self {
            state: RwLock::new(state),
            hub,
            identity,
            authenticator: Authenticator::new(),
            commit_times: CommitTimes::new(),
            path,
            options,
        }
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

    /// The size of the file; 0 when the system does not say.
    pub(crate) fn file_size(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |metadata| metadata.len())
    }

    pub(crate) fn statistics(&self) -> Statistics {
        let (commit_p50_micros, commit_p99_micros) = self.commit_times.quantiles();
        let db_size_bytes = self.file_size();
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
