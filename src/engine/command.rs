//! Commands: what the writer is asked to do, by whom, and where the answer goes.

use etcd_client::proto::{
    PbDeleteRequest, PbDeleteResponse, PbPutRequest, PbPutResponse, PbTxnRequest, PbTxnResponse,
};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::answering::Answer;
use super::auth::{Caller, Change};
use super::error::Refusal;
use super::state::State;
use super::transaction;

/// The note of the alarm that the space is used up, when a client has raised it.
pub(crate) const NO_SPACE: &[u8] = b"alarm/no-space";

/// Whether a client has said that the space is used up.
pub(crate) fn is_alarmed(state: &State) -> bool {
    state.notes().contains_key(NO_SPACE)
}

pub(crate) type Reply<T> = oneshot::Sender<Result<T, Refusal>>;

/// What the writer is asked to do.
pub(crate) enum Command {
    Put(PbPutRequest, Reply<PbPutResponse>),
    Delete(PbDeleteRequest, Reply<PbDeleteResponse>),
    Transact(PbTxnRequest, Reply<PbTxnResponse>),
    Compact {
        revision: i64,
        physical: bool,
        reply: Reply<i64>,
    },
    Grant {
        id: i64,
        ttl: i64,
        reply: Reply<Granted>,
    },
    Revoke {
        id: i64,
        reply: Reply<i64>,
    },
    KeepAlive {
        id: i64,
        reply: Reply<Renewed>,
    },
    TimeToLive {
        id: i64,
        keys: bool,
        reply: Reply<LeaseLife>,
    },
    Leases(Reply<(i64, Vec<i64>)>),
    /// Sets or clears the alarm that refuses whatever takes more space.
    Alarm {
        raised: bool,
        reply: Reply<bool>,
    },
    /// Has a snapshot take the place of the log.
    Defragment(Reply<()>),
    Auth(Change, Reply<i64>),
    /// Writes something that nobody reads, to find out whether writing is possible.
    Probe(Reply<()>),
    Stop,
}

impl Command {
    /// Whether it is refused once the space is used up. Deletions, compaction and all that only asks are not.
    pub(crate) fn takes_space(&self) -> bool {
        match self {
            Self::Put(..) | Self::Grant { .. } | Self::Probe(_) => true,
            Self::Transact(request, _) => transaction::puts(request),
            Self::Delete(..)
            | Self::Compact { .. }
            | Self::Revoke { .. }
            | Self::KeepAlive { .. }
            | Self::TimeToLive { .. }
            | Self::Leases(_)
            | Self::Alarm { .. }
            | Self::Defragment(_)
            | Self::Auth(..)
            | Self::Stop => false,
        }
    }

    /// Answers without carrying it out.
    pub(crate) fn refuse(self, refusal: Refusal) -> Option<Answer> {
        match self {
            Self::Put(_, reply) => later(reply, Err(refusal)),
            Self::Delete(_, reply) => later(reply, Err(refusal)),
            Self::Transact(_, reply) => later(reply, Err(refusal)),
            Self::Compact { reply, .. } | Self::Revoke { reply, .. } | Self::Auth(_, reply) => {
                later(reply, Err(refusal))
            }
            Self::Grant { reply, .. } => later(reply, Err(refusal)),
            Self::KeepAlive { reply, .. } => later(reply, Err(refusal)),
            Self::TimeToLive { reply, .. } => later(reply, Err(refusal)),
            Self::Leases(reply) => later(reply, Err(refusal)),
            Self::Alarm { reply, .. } => later(reply, Err(refusal)),
            Self::Defragment(reply) | Self::Probe(reply) => later(reply, Err(refusal)),
            Self::Stop => None,
        }
    }
}

/// A lease as it was granted.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) id: i64,
    pub(crate) ttl: i64,
    pub(crate) revision: i64,
}

/// A lease after a keep-alive; a TTL of 0 says that there is no such lease.
#[derive(Debug)]
pub(crate) struct Renewed {
    pub(crate) ttl: i64,
    pub(crate) revision: i64,
}

/// What is left of a lease; -1 says that there is no such lease.
#[derive(Debug)]
pub(crate) struct LeaseLife {
    pub(crate) remaining: i64,
    pub(crate) granted: i64,
    pub(crate) keys: Vec<Vec<u8>>,
    pub(crate) revision: i64,
}

/// A command, whoever gives it, and its place in the queue.
pub(crate) struct Job {
    pub(crate) command: Command,
    pub(crate) caller: Caller,
    /// Given back when the job is done; the writer's own wake-ups need none.
    pub(crate) permit: Option<OwnedSemaphorePermit>,
}

/// Keeps an answer until it is known whether the batch became durable.
#[expect(clippy::unnecessary_wraps, reason = "some commands have no answer yet")]
pub(crate) fn later<T: Send + 'static>(reply: Reply<T>, outcome: Result<T, Refusal>) -> Option<Answer> {
    Some(Box::new(move |committed| {
        // A caller that went away needs no answer.
        let _ = reply.send(committed.and(outcome));
    }))
}
