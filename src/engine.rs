//! The engine: an etcd v3 server over one directory, inside this process.
//!
//! To a client it is etcd 3.5. It knows nothing of tasks or swarms.
//!
//! | file | owns |
//! |---|---|
//! | [`storage`] | the log and the snapshots: frames, checksums, the scan at the start |
//! | [`state`], [`staged`], [`record`] | what is published, and what a batch will make of it |
//! | [`request`], [`transaction`], [`range`], [`compare`], [`lease`] | etcd's rules, pure |
//! | [`auth`] | users, roles, and who may do what |
//! | [`command`], [`writer`] | the one thread that orders writes and commits them in groups |
//! | [`watch`] | who is told of which change |
//! | [`checksum`] | etcd's number for what is kept |
//! | [`server`] | the gRPC services, and what etcd says over plain HTTP |
//! | [`listener`], [`tls`] | where clients come in, and who may |
//! | [`inside`] | what its own process does with it without a connection |
//!
//! What holds at every moment: nothing is acknowledged, read, watched or compared before it is on disk; readers and
//! watches see revisions in order and whole.

mod answering;
mod auth;
mod checksum;
mod command;
mod compare;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod header;
mod health;
mod inside;
mod key_range;
mod lease;
mod listener;
mod published;
mod range;
mod record;
mod request;
mod server;
mod staged;
mod state;
mod statistics;
mod storage;
mod tls;
mod transaction;
mod watch;
mod writer;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot, watch as latch};

pub use self::error::Refusal;
pub use self::header::Identity;
pub use self::listener::{Exposed, Lacks, Listener};
pub use self::server::ServeError;
pub use self::statistics::Statistics;
pub use self::storage::{OpenError, RestoreError, Restored, restore, vacate};
pub use self::tls::Tls;

use self::auth::Caller;
use self::command::{Command, Job, Reply};
use self::published::Published;
use self::state::View;
use self::storage::Storage;
use self::writer::Writer;

/// How many requests may wait for the writer; more wait for their turn to queue.
const QUEUE: usize = 4096;

/// What can be set.
#[derive(Debug, Clone)]
pub struct Options {
    /// How much may wait for the client of a watch stream, in bytes, before the watch that would exceed it is
    /// canceled.
    pub watch_backlog: usize,
    /// How often a quiet watch that asked for progress is told of it. etcd's default.
    pub progress_interval: Duration,
    /// How often a client is asked whether it is still there. etcd asks every two hours, and keeps the watches of a
    /// machine that lost its power as long.
    pub keepalive_interval: Duration,
    /// How long a client has to answer that. etcd's default.
    pub keepalive_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            watch_backlog: 16 << 20,
            progress_interval: Duration::from_mins(10),
            keepalive_interval: Duration::from_mins(1),
            keepalive_timeout: Duration::from_secs(20),
        }
    }
}

/// A running engine; clones are handles of the same one.
#[derive(Debug, Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    published: Arc<Published>,
    queue: Sender<Job>,
    permits: Arc<Semaphore>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Becomes true when the engine is closed.
    closed: latch::Sender<bool>,
}

impl Engine {
    /// Opens the directory at `path`, or makes it, and reads it into memory.
    ///
    /// # Errors
    /// [`OpenError::Locked`] when it is in use, [`OpenError::Corrupt`] when anything in it is not what was written.
    pub fn open(path: &Path, options: Options) -> Result<Self, OpenError> {
        let (storage, identity, state) = Storage::open(path)?;
        let published = Arc::new(Published::new(path.to_owned(), options, identity, state, storage.size()));
        let (queue, jobs) = mpsc::channel();
        let writer = Writer::new(Arc::clone(&published), jobs, storage);
        let thread = std::thread::Builder::new().name("engine-writer".to_owned()).spawn(move || writer.run());
        let thread = Mutex::new(Some(thread.map_err(OpenError::Thread)?));
        let permits = Arc::new(Semaphore::new(QUEUE));
        let closed = latch::Sender::new(false);
        Ok(Self { inner: Arc::new(Inner { published, queue, permits, thread, closed }) })
    }

    /// Serves the etcd v3 API on `listener` until `shutdown` resolves. Open streams are ended then.
    ///
    /// # Errors
    /// As [`Engine::may_serve`], and when the listener fails.
    pub async fn serve(
        &self,
        listener: impl Into<Listener>,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), ServeError> {
        server::serve(self.clone(), listener.into(), shutdown).await
    }

    /// Whether [`Engine::serve`] would serve on this listener now.
    ///
    /// # Errors
    /// [`ServeError::Exposed`] when strangers could reach it unasked, [`ServeError::Listener`] when it has no address.
    pub fn may_serve(&self, listener: &Listener) -> Result<(), ServeError> {
        let address = listener.socket.local_addr().map_err(ServeError::Listener)?;
        Ok(listener.check(address, self.auth_enabled())?)
    }

    /// Whether clients must say who they are.
    #[must_use]
    pub fn auth_enabled(&self) -> bool {
        self.inner.published.directory().is_enabled()
    }

    /// A connection from inside this process: the same services, without a socket. It needs no listener and no TLS,
    /// and its streams end when the engine is closed.
    #[must_use]
    pub fn channel(&self) -> etcd_client::Channel {
        server::channel(self.clone(), self.inner.closed.subscribe())
    }

    /// The newest revision.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.inner.published.read().revision()
    }

    /// Who answers: the ids in every response header.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.inner.published.identity
    }

    /// Figures of this moment.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.inner.published.statistics()
    }

    /// Lets go of everything that only revisions before `revision` need. Removing it from memory goes on in the
    /// background, from disk with the next snapshot.
    ///
    /// # Errors
    /// [`Refusal::Compacted`] when that has been done, [`Refusal::FutureRevision`] when there is no such revision.
    pub async fn compact(&self, revision: i64) -> Result<(), Refusal> {
        let compact = |reply| Command::Compact { revision, physical: false, reply };
        self.ask(Caller::Engine, compact).await.map(drop)
    }

    /// Finishes what was asked for, ends the writer and frees the directory. Later requests are refused.
    pub fn close(&self) {
        self.inner.close();
    }

    /// Sends a command to the writer, which judges whether `caller` may give it, and waits for its answer.
    async fn ask<T>(&self, caller: Caller, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, Refusal> {
        let permit = Arc::clone(&self.inner.permits).acquire_owned().await.map_err(|_| Refusal::Stopped)?;
        let (reply, answer) = oneshot::channel();
        let job = Job { command: command(reply), caller, permit: Some(permit) };
        self.inner.queue.send(job).map_err(|_| Refusal::Stopped)?;
        answer.await.map_err(|_| Refusal::Stopped)?
    }

    fn published(&self) -> &Arc<Published> {
        &self.inner.published
    }
}

impl Inner {
    fn close(&self) {
        self.closed.send_replace(true);
        // The writer may have ended already.
        let _ = self.queue.send(Job { command: Command::Stop, caller: Caller::Engine, permit: None });
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the writer thread had panicked");
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}
