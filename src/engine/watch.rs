//! Watches: who is told of which change.
//!
//! The hub hands every new record to the mailboxes of those who watch its key. It never waits for anybody: a
//! mailbox that is full costs its owner the watch, and nobody else notices. A watch that begins in the past reads the
//! log at its own pace and joins the hub when it has caught up, in one step, so that nothing is missed or repeated.

pub(crate) mod history;
mod index;
mod subscription;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

pub(crate) use self::subscription::Subscription;

use self::index::Index;
use super::key_range::KeyRange;
use super::record::Record;
use super::state::{State, View};

/// Names a watch within the hub.
pub(crate) type WatchKey = u64;

/// What a watch wants to see.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selector {
    pub(crate) key: Vec<u8>,
    pub(crate) range_end: Vec<u8>,
    pub(crate) no_put: bool,
    pub(crate) no_delete: bool,
}

impl Selector {
    pub(crate) fn range(&self) -> KeyRange<'_> {
        KeyRange::new(&self.key, &self.range_end)
    }

    fn wants(&self, record: &Record) -> bool {
        if record.deleted { !self.no_delete } else { !self.no_put }
    }

    /// Whether the watch is to be told of the record.
    pub(crate) fn admits(&self, record: &Record) -> bool {
        self.wants(record) && self.range().contains(&record.key)
    }
}

/// News for one watch.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// Records in order; the last revision is complete.
    Records(WatchKey, Vec<Arc<Record>>),
    /// The mailbox was full: the watch is over, and the records from this revision on were not delivered.
    Cut(WatchKey, i64),
}

/// Where one stream receives the news of all its watches.
#[derive(Debug)]
pub(crate) struct Mailbox {
    inbox: Mutex<Inbox>,
    arrived: Notify,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Inbox {
    deliveries: Vec<Delivery>,
    bytes: usize,
}

impl Mailbox {
    /// A mailbox for about `capacity` bytes of records.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { inbox: Mutex::default(), arrived: Notify::new(), capacity }
    }

    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts records into the mailbox unless it is full; then only word of that. Returns whether they went in.
    fn offer(&self, watch: WatchKey, records: Vec<Arc<Record>>) -> bool {
        let bytes = records.iter().map(|record| record.footprint()).sum::<usize>();
        let mut inbox = self.inbox();
        // What is larger than the whole mailbox may come alone.
        let fits = inbox.bytes == 0 || inbox.bytes + bytes <= self.capacity;
        if fits {
            inbox.bytes += bytes;
            inbox.deliveries.push(Delivery::Records(watch, records));
        } else {
            let first = records.first().map_or(0, |record| record.main);
            inbox.deliveries.push(Delivery::Cut(watch, first));
        }
        drop(inbox);
        self.arrived.notify_one();
        fits
    }

    /// Everything that has arrived.
    pub(crate) fn take(&self) -> Vec<Delivery> {
        std::mem::take(&mut *self.inbox()).deliveries
    }

    /// Waits until something has arrived since the last time.
    pub(crate) async fn arrived(&self) {
        self.arrived.notified().await;
    }
}

#[derive(Debug)]
struct Watcher {
    selector: Selector,
    /// Older revisions do not concern it.
    from: i64,
    mailbox: Arc<Mailbox>,
}

/// All watches that are up to date.
#[derive(Debug)]
pub(crate) struct WatchHub(Mutex<Hub>);

#[derive(Debug)]
struct Hub {
    /// Everything up to this revision is in the mailboxes.
    dispatched: i64,
    next_key: WatchKey,
    watchers: HashMap<WatchKey, Watcher>,
    index: Index,
}

impl WatchHub {
    pub(crate) fn new(dispatched: i64) -> Self {
        Self(Mutex::new(Hub { dispatched, next_key: 0, watchers: HashMap::new(), index: Index::default() }))
    }

    fn hub(&self) -> MutexGuard<'_, Hub> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A name for a watch that may join later.
    pub(crate) fn name(&self) -> WatchKey {
        let mut hub = self.hub();
        hub.next_key += 1;
        hub.next_key
    }

    /// Lets a watch that has seen everything before `from` join; refuses when newer records have been handed out.
    pub(crate) fn join(&self, key: WatchKey, selector: &Selector, from: i64, mailbox: &Arc<Mailbox>) -> bool {
        let mut hub = self.hub();
        if from <= hub.dispatched {
            return false;
        }
        hub.index.insert(selector.range(), key);
        let watcher = Watcher { selector: selector.clone(), from, mailbox: Arc::clone(mailbox) };
        hub.watchers.insert(key, watcher);
        true
    }

    pub(crate) fn leave(&self, key: WatchKey) {
        self.hub().remove(key);
    }

    /// What has arrived in a mailbox, and up to which revision that is everything.
    pub(crate) fn settle(&self, mailbox: &Mailbox) -> (i64, Vec<Delivery>) {
        let hub = self.hub();
        (hub.dispatched, mailbox.take())
    }

    pub(crate) fn watchers(&self) -> usize {
        self.hub().watchers.len()
    }

    /// Hands out what has been published since the last time. For the writer alone.
    pub(crate) fn dispatch(&self, state: &State) {
        let mut hub = self.hub();
        if hub.dispatched >= state.revision() {
            return;
        }
        for (key, records) in hub.addressed(state) {
            let delivered = hub.watchers.get(&key).is_some_and(|watcher| watcher.mailbox.offer(key, records));
            if !delivered {
                hub.remove(key);
            }
        }
        hub.dispatched = state.revision();
    }
}

impl Hub {
    fn addressed(&self, state: &State) -> HashMap<WatchKey, Vec<Arc<Record>>> {
        let mut addressed: HashMap<WatchKey, Vec<Arc<Record>>> = HashMap::new();
        for record in state.log_from(self.dispatched + 1) {
            self.index.visit(&record.key, |key| {
                let interested =
                    |watcher: &Watcher| watcher.from <= record.main && watcher.selector.wants(record);
                if self.watchers.get(&key).is_some_and(interested) {
                    addressed.entry(key).or_default().push(Arc::clone(record));
                }
            });
        }
        addressed
    }

    fn remove(&mut self, key: WatchKey) {
        if let Some(watcher) = self.watchers.remove(&key) {
            self.index.remove(watcher.selector.range(), key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::staged::Staged;
    use super::*;

    fn watch(key: &str) -> Selector {
        Selector { key: key.into(), ..Selector::default() }
    }

    fn put(state: &mut State, key: &'static str) {
        let mut staged = Staged::over(state);
        staged.put(key.into(), vec![b'v'; 1000].into(), 0);
        staged.seal();
        let batch = staged.into_batch();
        state.apply(batch);
    }

    #[test]
    fn a_full_mailbox_costs_its_owner_the_watch_and_nobody_else() {
        let (mut state, hub) = (State::default(), WatchHub::new(1));
        let (slow, quick) = (Arc::new(Mailbox::new(2500)), Arc::new(Mailbox::new(2500)));
        assert!(hub.join(1, &watch("k"), 2, &slow));
        assert!(hub.join(2, &watch("k"), 2, &quick));
        for revision in 2..=5 {
            put(&mut state, "k");
            hub.dispatch(&state);
            let Some(Delivery::Records(2, records)) = quick.take().pop() else {
                panic!("nothing at {revision}")
            };
            assert_eq!(records[0].main, revision);
        }
        let left = slow.take();
        assert!(matches!(
            left.as_slice(),
            [Delivery::Records(1, _), Delivery::Records(1, _), Delivery::Cut(1, 4)]
        ));
        assert_eq!(hub.watchers(), 1);
    }

    #[test]
    fn who_is_behind_cannot_join() {
        let (mut state, hub) = (State::default(), WatchHub::new(1));
        put(&mut state, "k");
        hub.dispatch(&state);
        let mailbox = Arc::new(Mailbox::new(1));
        assert!(!hub.join(1, &watch("k"), 2, &mailbox), "revision 2 was handed out already");
        assert!(hub.join(1, &watch("k"), 3, &mailbox));
    }

    #[test]
    fn a_watch_of_the_future_sleeps_until_then() {
        let (mut state, hub) = (State::default(), WatchHub::new(1));
        let mailbox = Arc::new(Mailbox::new(1 << 20));
        assert!(hub.join(1, &watch("k"), 3, &mailbox));
        put(&mut state, "k");
        put(&mut state, "k");
        hub.dispatch(&state);
        let Some(Delivery::Records(1, records)) = mailbox.take().pop() else { panic!("nothing came") };
        assert_eq!(records.iter().map(|record| record.main).collect::<Vec<_>>(), [3]);
    }
}
