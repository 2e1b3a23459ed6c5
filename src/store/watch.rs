//! Watches: every change of a family of keys, in order, without gap or repetition.

use std::time::Duration;

use etcd_client::{EventType, WatchOptions, WatchResponse, WatchStream};
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::connection::{MAX_MESSAGE, revision_of};
use super::{Entry, Key, Prefix, Store, StoreError};

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// One change.
#[derive(Debug, Clone)]
pub struct Event {
    /// The key and its new value; for a deletion the value is empty.
    pub entry: Entry,
    /// Whether the key was deleted.
    pub deleted: bool,
    /// What was there before, while the store remembers it.
    pub previous: Option<Entry>,
}

/// The changes that one or more revisions made.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The last revision the batch covers completely.
    pub revision: i64,
    /// The changes, in order.
    pub events: Vec<Event>,
}

/// A watch that survives the loss of its connection: it resumes after the last revision it delivered.
#[derive(Debug)]
pub struct Watch {
    store: Store,
    target: String,
    prefix: bool,
    previous: bool,
    next_revision: i64,
    stream: Option<WatchStream>,
    pending: Vec<Event>,
    complete: bool,
    pause: Duration,
}

impl Store {
    /// Watches a family of keys from a revision on.
    #[must_use]
    pub fn watch(&self, prefix: &Prefix, from_revision: i64) -> Watch {
        self.watch_text(prefix.to_string(), true, from_revision)
    }

    /// Watches one key from a revision on.
    #[must_use]
    pub fn watch_key(&self, key: &Key, from_revision: i64) -> Watch {
        self.watch_text(key.to_string(), false, from_revision)
    }

    fn watch_text(&self, key: String, prefix: bool, from_revision: i64) -> Watch {
        Watch {
            store: self.clone(),
            target: key,
            prefix,
            previous: true,
            next_revision: from_revision,
            stream: None,
            pending: Vec::new(),
            complete: false,
            pause: FIRST_PAUSE,
        }
    }
}

/// How many batches may wait for whoever follows a [`Watch`] through a channel.
const CHANNEL: usize = 1024;

impl Watch {
    /// Does not ask what was there before a change: half the bytes, for who does not need it.
    #[must_use]
    pub fn without_previous(self) -> Self {
        Self { previous: false, ..self }
    }

    /// Goes on watching in a task of its own, which ends when the receiver is dropped or with an error.
    #[must_use]
    pub fn into_channel(mut self) -> mpsc::Receiver<Result<Batch, StoreError>> {
        let (sender, receiver) = mpsc::channel(CHANNEL);
        tokio::spawn(async move {
            loop {
                let batch = tokio::select! {
                    batch = self.next() => batch,
                    () = sender.closed() => return,
                };
                let ended = batch.is_err();
                if sender.send(batch).await.is_err() || ended {
                    return;
                }
            }
        });
        receiver
    }

    /// Waits for the next changes. Reconnects, with growing pauses, as often as it takes. Cancel-safe.
    ///
    /// # Errors
    /// [`StoreError::Compacted`] when the history to resume from is gone: read the family anew. Others when asking
    /// again would not help, such as [`StoreError::Forbidden`].
    pub async fn next(&mut self) -> Result<Batch, StoreError> {
        loop {
            match self.receive().await {
                Ok(true) => {}
                Ok(false) => self.interrupted().await,
                Err(error) if !error.is_retryable() => return Err(error),
                Err(error) => {
                    tracing::debug!(%error, "the watch lost its connection");
                    self.interrupted().await;
                }
            }
            if let Some(batch) = self.take_complete() {
                return Ok(batch);
            }
        }
    }

    /// Takes in one response; false when the stream has ended.
    async fn receive(&mut self) -> Result<bool, StoreError> {
        if self.stream.is_none() {
            self.stream = Some(self.open().await?);
        }
        let Some(stream) = self.stream.as_mut() else { return Ok(false) };
        let response = stream.message().await;
        let response = response.map_err(|error| StoreError::from_wire(error, &self.store.endpoints))?;
        let Some(response) = response else { return Ok(false) };
        if response.canceled() {
            return self.canceled(&response).await.map(|()| false);
        }
        let namespace = &self.store.namespace;
        self.pending.extend(response.events().iter().filter_map(|event| Event::from_wire(event, namespace)));
        self.complete = !response.0.fragment;
        if self.pending.is_empty() && self.complete && !response.created() {
            // Nothing happened up to here: a resumed watch need not ask for history that may be compacted.
            self.next_revision = self.next_revision.max(revision_of(response.header()) + 1);
        }
        Ok(true)
    }

    /// Finds out why the server ended the watch: whether resuming it would help.
    async fn canceled(&self, response: &WatchResponse) -> Result<(), StoreError> {
        let reason = response.cancel_reason();
        if response.compact_revision() > 0 {
            return Err(StoreError::Compacted { oldest: response.compact_revision() });
        }
        // The reason alone does not tell a user that may not read from a token that ran out. Reading does, and brings
        // a new token.
        if ["permission denied", "auth", "user name is empty"].iter().any(|word| reason.contains(word)) {
            self.store.may_read(&self.target, self.prefix).await?;
        }
        Ok(())
    }

    fn take_complete(&mut self) -> Option<Batch> {
        let revision = self.pending.last()?.entry.mod_revision;
        if !self.complete {
            return None;
        }
        self.pause = FIRST_PAUSE;
        self.next_revision = revision + 1;
        Some(Batch { revision, events: std::mem::take(&mut self.pending) })
    }

    async fn interrupted(&mut self) {
        self.stream = None;
        self.pending.clear();
        sleep(self.pause.mul_f64(rand::random_range(0.5..1.0))).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
    }

    async fn open(&self) -> Result<WatchStream, StoreError> {
        let mut options = WatchOptions::new()
            .with_start_revision(self.next_revision)
            .with_progress_notify()
            .with_fragment();
        if self.previous {
            options = options.with_prev_key();
        }
        if self.prefix {
            options = options.with_prefix();
        }
        let mut client = self.store.client.watch_client().max_decoding_message_size(MAX_MESSAGE);
        self.store.call(client.watch(self.store.full_key(&self.target), Some(options))).await
    }
}

impl Event {
    fn from_wire(event: &etcd_client::Event, namespace: &str) -> Option<Self> {
        Some(Self {
            entry: Entry::from_wire(event.kv()?, namespace),
            deleted: event.event_type() == EventType::Delete,
            previous: event.prev_kv().map(|pair| Entry::from_wire(pair, namespace)),
        })
    }
}
