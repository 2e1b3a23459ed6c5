//! What keeps a coordinator from being started, saved, restored or measured, as an exit code and a hint.

use crate::cli::{Exit, Failure};
use crate::coordinator::runtime::bench::BenchError;
use crate::coordinator::runtime::restore::{RestoreError, StoreRestoreError};
use crate::coordinator::runtime::save::SaveError;
use crate::coordinator::runtime::start::{OpenError, StartError};

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Coordinator(error) => error.into(),
            StartError::Listen { .. } => Self::new(Exit::Conflict, error).hint(
                "ifctl coordinator status tells whether a coordinator runs there; --listen 127.0.0.1:0 takes any free port",
            ),
            StartError::Exposed(_) => Self::new(Exit::Refused, error).hint(
                "listen on 127.0.0.1; or turn authentication on there (etcdctl auth enable) and give --cert-file and --key-file",
            ),
            StartError::Certificate(error) => error.into(),
            StartError::Directory { .. } => Self::usage(error).hint("name another with --data-dir or IF_HOME"),
            StartError::Relic { .. } => Self::new(Exit::Refused, error)
                .hint("move the file away to start empty, or name another directory with --data-dir"),
            StartError::Open(error) => error.into(),
            StartError::Serve(_) | StartError::Stopped => Self::internal(error),
        }
    }
}

impl From<RestoreError> for Failure {
    fn from(error: RestoreError) -> Self {
        match error {
            RestoreError::Unreadable { .. } => Self::usage(error).hint("name a readable snapshot"),
            RestoreError::NoSnapshot { .. } => {
                Self::usage(error).hint("ifctl coordinator snapshot FILE saves one from a running coordinator")
            }
            RestoreError::OfEtcd { .. } => Self::usage(error).hint(
                "etcdutl snapshot restore makes an etcd of it; ifctl coordinator start --backend etcd uses that",
            ),
            RestoreError::Damaged { .. } => {
                Self::usage(error).hint("copy it again from where it was saved, or restore another")
            }
            RestoreError::NoEpoch { ref key, .. } => {
                let hint = format!("put a number into {key} where it was saved, and save it again");
                Self::new(Exit::Refused, error).hint(hint)
            }
            RestoreError::UnderWay { .. } => Self::new(Exit::Conflict, error).hint("wait until it has ended"),
            RestoreError::Directory { .. } => {
                Self::usage(error).hint("name another with --data-dir or IF_HOME")
            }
            RestoreError::Store(StoreRestoreError::Open(error)) => error.into(),
            RestoreError::Store(StoreRestoreError::Occupied { .. }) => Self::new(Exit::Conflict, error)
                .hint("name another directory with --data-dir, or move that one away"),
            RestoreError::Store(_) | RestoreError::Refused(_) => Self::internal(error),
        }
    }
}

impl From<BenchError> for Failure {
    fn from(error: BenchError) -> Self {
        match error {
            BenchError::Coordinator(error) => error.into(),
            BenchError::TooSlow { .. } => Self::new(Exit::TimedOut, error)
                .hint("ifctl coordinator bench with fewer --watchers, or: ifctl coordinator health"),
            BenchError::Disk { .. } => Self::usage(error).hint("name another home with IF_HOME"),
            BenchError::Interrupted => Self::interrupted(),
            BenchError::Name(_) | BenchError::NotWon { .. } | BenchError::Broken(_) => Self::internal(error),
        }
    }
}

impl From<SaveError> for Failure {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Exists { .. } => {
                Self::new(Exit::Conflict, error).hint("name another file, or replace it with --force")
            }
            SaveError::Unwritable { .. } => Self::usage(error).hint("name a file in a directory of your own"),
            SaveError::Incomplete { .. } => Self::new(Exit::Unavailable, error).hint("try again"),
            SaveError::Store(error) => error.into(),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Locked { .. } => Self::new(Exit::Conflict, error)
                .hint("ifctl coordinator status finds the one that runs; --data-dir takes another directory"),
            OpenError::Corrupt { .. } => Self::new(Exit::Refused, error)
                .hint("move the directory away; ifctl coordinator restore FILE brings a snapshot back"),
            OpenError::Format { .. } => {
                Self::new(Exit::Refused, error).hint("start the version that wrote it")
            }
            OpenError::Storage { .. } | OpenError::Thread(_) => Self::internal(error),
        }
    }
}
