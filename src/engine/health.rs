//! Health: whether the store can be written, and how much of the disk it takes.
//!
//! The writer says what happened; everybody may ask.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What the last commit came to.
#[derive(Debug)]
pub(crate) struct Health {
    size: AtomicU64,
    trouble: Mutex<Option<Trouble>>,
}

/// Why nothing can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// What the system said.
    pub(crate) cause: String,
    /// Whether the disk is full.
    pub(crate) full: bool,
}

impl Health {
    pub(crate) fn new(size: u64) -> Self {
        Self { size: AtomicU64::new(size), trouble: Mutex::default() }
    }

    /// Notes that a commit succeeded.
    pub(crate) fn succeeded(&self, size: u64) {
        self.resized(size);
        if self.replace(None).is_some() {
            tracing::info!("the store can be written again");
        }
    }

    /// Notes that a commit failed; returns whether that is news.
    pub(crate) fn failed(&self, error: &io::Error, full: bool) -> bool {
        let trouble = Trouble { cause: error.to_string(), full };
        self.replace(Some(trouble.clone())) != Some(trouble)
    }

    pub(crate) fn resized(&self, size: u64) {
        self.size.store(size, Ordering::Relaxed);
    }

    fn replace(&self, trouble: Option<Trouble>) -> Option<Trouble> {
        std::mem::replace(&mut *self.trouble.lock().unwrap_or_else(PoisonError::into_inner), trouble)
    }

    /// Whether something keeps the store from being written.
    pub(crate) fn is_troubled(&self) -> bool {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// What keeps the store from being written, as far as the last commit told.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Bytes of all files.
    pub(crate) fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed)
    }
}
