//! Bringing calls to people: each open call by each channel that carries it, at least once, and again until somebody
//! answers.
//!
//! A call is sent, then that is noted; it is not sent again before it could be noted. So only a coordinator that dies in
//! between repeats one, under the same number.

use std::collections::HashSet;
use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{PolicyFile, channel};
use crate::clock::Timestamp;
use crate::governor::delivery::Delivery;
use crate::governor::escalation::Escalation;
use crate::governor::message::Message;
use crate::governor::policy::EscalationPolicy;
use crate::governor::policy::channel::Channel;
use crate::governor::service::{Governor, Noted, Outbox};
use crate::id::ChannelName;
use crate::store::{Batch, StoreError, Versioned};

/// How many calls are on their way by one channel at the same time: a slow one delays no other.
const AT_ONCE: usize = 4;

/// The pause before what failed in the store is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// How long at most nobody looks at the clock, which may be set.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// Who writes what became of a delivery.
const BY: &str = "governor";

/// A call and a channel.
type Way = (String, ChannelName);

type Changes = Receiver<Result<Batch, StoreError>>;

/// Why there is nothing more to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// What is known may be wrong: read it anew.
    Anew,
    /// Another coordinator leads.
    Deposed,
}

/// Brings calls to people for as long as this coordinator leads.
pub(super) async fn run(governor: Governor, leader: i64, file: PolicyFile) {
    let mut carrier = Carrier {
        governor,
        leader,
        file,
        outbox: Outbox::default(),
        under_way: HashSet::new(),
        deliveries: JoinSet::new(),
    };
    loop {
        match carrier.governor.outbox().await {
            Ok(outbox) => {
                carrier.outbox = outbox;
                if carrier.carry().await == Ended::Deposed {
                    return;
                }
            }
            Err(error) => tracing::warn!(%error, "calls for humans are not delivered"),
        }
        sleep(PAUSE).await;
    }
}

/// What is to be delivered, and what is on its way.
struct Carrier {
    governor: Governor,
    leader: i64,
    /// What may be done on this machine.
    file: PolicyFile,
    outbox: Outbox,
    under_way: HashSet<Way>,
    deliveries: JoinSet<(Way, Noted)>,
}

impl Carrier {
    async fn carry(&mut self) -> Ended {
        let [mut calls, mut policy] = self.governor.follow_calls(self.outbox.next_revision);
        loop {
            let now = self.governor.time();
            let pause = self.send_due(now).map_or(LONGEST_SLEEP, |next| next.since(now).min(LONGEST_SLEEP));
            tokio::select! {
                batch = next(&mut calls) => match batch {
                    Some(batch) => self.outbox.apply(&batch),
                    None => return Ended::Anew,
                },
                batch = next(&mut policy) => match batch {
                    Some(batch) => self.outbox.apply_policy(&batch),
                    None => return Ended::Anew,
                },
                Some(ended) = self.deliveries.join_next() => {
                    if let Some(ended) = self.note(ended) {
                        return ended;
                    }
                }
                () = sleep(pause) => {}
            }
        }
    }

    /// Sends everything that is due, the longest overdue first; when the next is due.
    fn send_due(&mut self, now: Timestamp) -> Option<Timestamp> {
        let policy = self.outbox.policy.escalation.clone();
        let mut next: Option<Timestamp> = None;
        for (name, channel) in &policy.channels {
            let (mut due, later): (Vec<_>, Vec<_>) =
                self.open(name, channel, now).into_iter().partition(|(at, _)| *at <= now);
            next = later.into_iter().map(|(at, _)| at).chain(next).min();
            due.sort();
            let busy = self.under_way.iter().filter(|(_, by)| by == name).count();
            for (_, id) in due.into_iter().take(AT_ONCE.saturating_sub(busy)) {
                self.send(&id, name, channel, &policy);
            }
        }
        next
    }

    /// The calls that a channel has still to deliver, and when.
    fn open(&self, name: &ChannelName, channel: &Channel, now: Timestamp) -> Vec<(Timestamp, String)> {
        let carried = self.outbox.calls.iter().filter(|(_, call)| channel.carries(call.value.kind));
        let due = carried.filter_map(|(id, call)| {
            let way = (id.clone(), name.clone());
            if self.under_way.contains(&way) {
                return None;
            }
            let due = match self.outbox.deliveries.get(&way) {
                Some(delivery) => delivery.value.due(&call.value, now),
                None => Delivery::default().due(&call.value, now),
            };
            due.map(|due| (due, way.0))
        });
        due.collect()
    }

    fn send(&mut self, id: &str, name: &ChannelName, channel: &Channel, policy: &EscalationPolicy) {
        let Some(call) = self.outbox.calls.get(id).cloned() else { return };
        let way = (id.to_owned(), name.clone());
        let read = self.outbox.deliveries.get(&way).cloned();
        let number = read.as_ref().map_or(1, |read| read.value.number());
        let parcel = Parcel {
            governor: self.governor.clone(),
            leader: self.leader,
            message: Message::of(&call.value, number, &policy.dashboard),
            resend: Duration::from_secs(policy.resend_after_seconds),
            channel: channel.clone(),
            own: self.file.channel(name),
            name: name.clone(),
            call,
            read,
        };
        self.under_way.insert(way.clone());
        self.deliveries.spawn(async move { (way, parcel.deliver().await) });
    }

    /// Takes in what became of a delivery.
    fn note(&mut self, ended: Result<(Way, Noted), tokio::task::JoinError>) -> Option<Ended> {
        let (way, noted) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                // Which one it was nobody knows: none is on its way any more, and all are looked at again.
                tracing::error!(%error, "a delivery has ended unexpectedly");
                self.deliveries.abort_all();
                self.under_way.clear();
                return Some(Ended::Anew);
            }
        };
        self.under_way.remove(&way);
        match noted {
            Noted::Done(delivery) => {
                self.outbox.deliveries.insert(way, delivery);
                None
            }
            Noted::Stale => Some(Ended::Anew),
            Noted::Deposed => Some(Ended::Deposed),
        }
    }
}

async fn next(changes: &mut Changes) -> Option<Batch> {
    match changes.recv().await? {
        Ok(batch) => Some(batch),
        Err(error) => {
            tracing::debug!(%error, "calls are read anew");
            None
        }
    }
}

/// One call on its way by one channel.
struct Parcel {
    governor: Governor,
    leader: i64,
    message: Message,
    resend: Duration,
    channel: Channel,
    /// The channel of this name in the policy file of this machine.
    own: Option<Channel>,
    name: ChannelName,
    call: Versioned<Escalation>,
    read: Option<Versioned<Delivery>>,
}

impl Parcel {
    async fn deliver(self) -> Noted {
        let Self { governor, leader, message, resend, channel, own, name, call, read } = self;
        let sent = channel::send(&channel, own.as_ref(), &message, governor.time()).await;
        let before = read.as_ref().map_or_else(Delivery::default, |read| read.value.clone());
        let now = governor.time();
        let next = match sent {
            Ok(()) => before.delivered(&call.value, resend, BY, now),
            Err(error) => {
                let error = channel::explain(&error);
                tracing::warn!(channel = %name, call = %call.value.id, %error, "a call for a human is not delivered");
                before.failed(&call.value, error, rand::random(), BY, now)
            }
        };
        loop {
            match governor.note_delivery(&call, &name, read.as_ref(), &next, leader).await {
                Ok(noted) => return noted,
                Err(error) => tracing::warn!(%error, "what became of a delivery is not noted yet"),
            }
            sleep(PAUSE).await;
        }
    }
}
