//! The board: who waits for which piece of work to be done.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

/// How long a body is.
const BODY: usize = 200;

/// Clones share it.
#[derive(Clone, Default)]
pub(super) struct Board(Arc<Posts>);

#[derive(Default)]
struct Posts {
    next: AtomicU64,
    open: Mutex<HashMap<u64, oneshot::Sender<()>>>,
}

impl Board {
    /// The number of a new piece, and the word that it is done.
    pub(super) fn post(&self) -> (u64, oneshot::Receiver<()>) {
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        let (sender, done) = oneshot::channel();
        self.0.open.lock().unwrap().insert(number, sender);
        (number, done)
    }

    pub(super) fn done(&self, number: u64) {
        let waiting = self.0.open.lock().unwrap().remove(&number).expect("it is done once");
        // An error means that the measurement is over.
        let _ = waiting.send(());
    }
}

/// What is handed in: the number, filled up.
pub(super) fn body(number: u64) -> String {
    format!("{number:0BODY$}")
}

pub(super) fn number(body: &[u8]) -> u64 {
    std::str::from_utf8(body).unwrap().parse().unwrap()
}
