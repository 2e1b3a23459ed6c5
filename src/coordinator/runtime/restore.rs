//! Restoring: a store made of a snapshot, under a new epoch.
//!
//! A restore goes back to older revisions, and new work takes them again. So that no token of before passes for one of
//! now, the epoch is raised before anybody can connect. All of this happens beside the place of the store; the last
//! step moves it there whole, so that a crash leaves no store that could be started with the old epoch.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::data;
use crate::config::create_private_directory;
use crate::coordinator::snapshot::Format;
use crate::engine::{Engine, Options, restore as restore_store, vacate};
pub use crate::engine::{Refusal, RestoreError as StoreRestoreError};
use crate::store::Key;

/// A store that was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// Its revision.
    pub revision: i64,
    /// Keys that exist.
    pub keys: usize,
    /// The epoch of the namespace that was asked for.
    pub epoch: u64,
    /// Those of the other namespaces in it.
    pub other_epochs: BTreeMap<String, u64>,
    /// The data directory that it is in now.
    pub directory: PathBuf,
}

/// Why a snapshot was not restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The file cannot be read.
    #[error("cannot read the snapshot {}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{} is no snapshot", file.display())]
    NoSnapshot {
        /// The file.
        file: PathBuf,
    },
    /// The file was saved from an etcd.
    #[error("{} is a snapshot of etcd, which the engine cannot restore", file.display())]
    OfEtcd {
        /// The file.
        file: PathBuf,
    },
    /// The file is a snapshot and not as it was saved.
    #[error("the snapshot {} is damaged: {what}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What does not match.
        what: String,
    },
    /// Another process restores there.
    #[error("another restore into {} is under way", directory.display())]
    UnderWay {
        /// The data directory.
        directory: PathBuf,
    },
    /// The directory cannot be used.
    #[error("cannot use the directory {}", directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The store could not be made, or there is one.
    #[error(transparent)]
    Store(StoreRestoreError),
    /// The epoch in the snapshot cannot be raised.
    #[error("the snapshot has `{value}` as {key}, which is no number that can be raised")]
    NoEpoch {
        /// The key.
        key: String,
        /// Its value.
        value: String,
    },
    /// The restored store took no write.
    #[error("cannot raise the epoch of the restored store")]
    Refused(#[from] Refusal),
}

impl RestoreError {
    fn of_store(error: StoreRestoreError) -> Self {
        match error {
            StoreRestoreError::Read { path, source } => Self::Unreadable { file: path, source },
            StoreRestoreError::Unsound { path, what } => Self::Damaged { file: path, what },
            error => Self::Store(error),
        }
    }
}

/// Restores a snapshot of the engine into a data directory that has no store. The epoch of every namespace that is in
/// use in it is raised, and that of `namespace`.
///
/// # Errors
/// [`RestoreError`]; then there is no more in the directory than before.
pub async fn restore(file: &Path, data: &Path, namespace: &str) -> Result<Restored, RestoreError> {
    let place = Place::take(data)?;
    let restored = place.fill(file, namespace).await;
    if restored.is_err() {
        place.clear();
    }
    restored
}

/// The data directory while it is ours to restore into.
struct Place {
    data: PathBuf,
    /// Locked, so that of two restores one gives up.
    directory: File,
}

impl Place {
    fn take(data: &Path) -> Result<Self, RestoreError> {
        let failed = |source| RestoreError::Directory { directory: data.to_owned(), source };
        create_private_directory(data).map_err(failed)?;
        let directory = File::open(data).map_err(failed)?;
        match directory.try_lock() {
            Ok(()) => Ok(Self { data: data.to_owned(), directory }),
            Err(TryLockError::WouldBlock) => Err(RestoreError::UnderWay { directory: data.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    async fn fill(&self, file: &Path, namespace: &str) -> Result<Restored, RestoreError> {
        check_format(file)?;
        vacate(&data::store(&self.data)).map_err(RestoreError::of_store)?;
        self.clear();
        let (file, beside) = (file.to_owned(), data::restoring(&self.data));
        let opened = tokio::task::spawn_blocking(move || {
            restore_store(&file, &beside)?;
            Ok(Engine::open(&beside, Options::default())?)
        });
        let failed = |source| RestoreError::Directory { directory: self.data.clone(), source };
        let engine = opened.await.map_err(|error| failed(error.into()))?.map_err(RestoreError::of_store)?;
        let mut other_epochs = raise_all(&engine, namespace).await?;
        let epoch = other_epochs.remove(namespace).unwrap_or_default();
        let statistics = engine.statistics();
        engine.close();
        self.settle().map_err(failed)?;
        Ok(Restored {
            revision: statistics.revision,
            keys: statistics.keys,
            epoch,
            other_epochs,
            directory: self.data.clone(),
        })
    }

    /// Moves the store to its place, durably. Fails when somebody else has begun one there meanwhile.
    fn settle(&self) -> io::Result<()> {
        fs::rename(data::restoring(&self.data), data::store(&self.data))?;
        self.directory.sync_all()
    }

    /// Removes what a restore that did not come to its end has left.
    fn clear(&self) {
        // What cannot be removed is in the way of the next attempt, which says so.
        let _ = fs::remove_dir_all(data::restoring(&self.data));
    }
}

fn check_format(file: &Path) -> Result<(), RestoreError> {
    let mut beginning = Vec::new();
    File::open(file)
        .and_then(|opened| opened.take(Format::TELLING as u64).read_to_end(&mut beginning))
        .map_err(|source| RestoreError::Unreadable { file: file.to_owned(), source })?;
    match Format::of(&beginning) {
        Some(Format::Engine) => Ok(()),
        Some(Format::Etcd) => Err(RestoreError::OfEtcd { file: file.to_owned() }),
        None => Err(RestoreError::NoSnapshot { file: file.to_owned() }),
    }
}

/// Raises the epochs of all namespaces in use, and gives them.
async fn raise_all(engine: &Engine, namespace: &str) -> Result<BTreeMap<String, u64>, RestoreError> {
    // An alarm tells of the disk that the snapshot was saved from.
    engine.disarm().await?;
    let mut epochs = BTreeMap::new();
    for namespace in namespaces(engine, namespace) {
        let epoch = raise(engine, &namespace).await?;
        epochs.insert(namespace, epoch);
    }
    Ok(epochs)
}

/// Those that a coordinator has led in or a task was claimed in.
fn namespaces(engine: &Engine, namespace: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([namespace.to_owned()]);
    for key in engine.keys() {
        let text = str::from_utf8(&key).ok();
        if let Some((namespace, Key::Epoch | Key::Policy | Key::Record(_))) =
            text.and_then(Key::parse_anywhere)
            && !found.contains(namespace)
        {
            found.insert(namespace.to_owned());
        }
    }
    found
}

async fn raise(engine: &Engine, namespace: &str) -> Result<u64, RestoreError> {
    let key = format!("{namespace}{}", Key::Epoch);
    // Only the end of a lease can come between.
    loop {
        let old = engine.get(&key);
        let next = match &old {
            Some(value) => str::from_utf8(value)
                .ok()
                .and_then(|text| text.trim().parse::<u64>().ok()?.checked_add(1))
                .ok_or_else(|| RestoreError::NoEpoch {
                    key: key.clone(),
                    value: String::from_utf8_lossy(value).into_owned(),
                })?,
            None => 1,
        };
        if engine.swap(&key, old.as_deref(), &next.to_string()).await? {
            return Ok(next);
        }
    }
}

#[cfg(test)]
mod tests;
