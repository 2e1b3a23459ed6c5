//! The recorder: notes what every client asked and was told, on one clock.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use infrafabric::clock::stopwatch;

use super::operation::{Answer, Call, ClaimNumber, Moment, Operation};
use crate::support::patience::eventually;

/// How long a hold lasts that nobody renews: the least that etcd grants.
pub(super) const TTL: Duration = Duration::from_secs(2);

/// Clones note in the same book.
#[derive(Clone)]
pub(super) struct Recorder(Arc<Book>);

struct Book {
    begun: Instant,
    /// After so many answers the clients may go.
    wanted: usize,
    answered: AtomicUsize,
    claims: AtomicUsize,
    histories: Mutex<BTreeMap<String, Vec<Operation>>>,
}

impl Recorder {
    pub(super) fn new(wanted: usize) -> Self {
        Self(Arc::new(Book {
            begun: stopwatch(),
            wanted,
            answered: AtomicUsize::new(0),
            claims: AtomicUsize::new(0),
            histories: Mutex::default(),
        }))
    }

    pub(super) fn now(&self) -> Moment {
        u64::try_from(self.0.begun.elapsed().as_micros()).unwrap()
    }

    pub(super) fn next_claim(&self) -> ClaimNumber {
        self.0.claims.fetch_add(1, Ordering::Relaxed)
    }

    /// Notes an operation that began at `invoked` and is over now.
    pub(super) fn note(&self, task: &str, client: &str, invoked: Moment, call: Call, answer: Answer) {
        let returned = (answer != Answer::Unknown).then(|| self.now());
        self.0.answered.fetch_add(usize::from(returned.is_some()), Ordering::SeqCst);
        let operation = Operation { client: client.to_owned(), call, answer, invoked, returned };
        self.0.histories.lock().unwrap().entry(task.to_owned()).or_default().push(operation);
    }

    /// Notes that the lease of a claim may end from this moment on.
    pub(super) fn note_lapse(&self, task: &str, client: &str, from: Moment, claim: ClaimNumber) {
        self.note(task, client, from, Call::Lapse(claim), Answer::Unknown);
    }

    pub(super) fn is_over(&self) -> bool {
        self.0.answered.load(Ordering::SeqCst) >= self.0.wanted
    }

    pub(super) fn await_answers(&self, count: usize) {
        let answered = || self.0.answered.load(Ordering::SeqCst);
        eventually("clients are answered", || (answered() >= count).then_some(()));
    }

    pub(super) fn histories(&self) -> BTreeMap<String, Vec<Operation>> {
        self.0.histories.lock().unwrap().clone()
    }
}

/// The first moment at which a lease that was asked for at `asked` can end.
pub(super) fn end_of_lease(asked: Moment) -> Moment {
    asked + u64::try_from(TTL.as_micros()).unwrap()
}
