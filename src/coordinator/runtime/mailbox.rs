//! Reading mail: each message goes to one reader, and is deleted once that has it.

use std::collections::HashSet;
use std::time::Duration;

use super::session::legible;
use super::worker::insist;
use crate::coordinator::mail::{Letter, Mail};
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::id::SwarmId;
use crate::store::{Batch, Entry, KeptLease, Key, Prefix, StoreError};

/// How long what a reader has begun to read is kept from others after it died.
const TTL: Duration = Duration::from_secs(10);

/// How many messages a reader takes at a time; others read the rest.
const AT_ONCE: usize = 16;

/// How mail is to be read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Whose mailbox.
    pub swarm: SwarmId,
    /// Go on with what comes, and wait for a store that is away.
    pub follow: bool,
    /// Leave it there for others.
    pub keep: bool,
}

/// Why reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// There is no more, or nobody takes it.
    Over,
    /// It was told to stop.
    Stopped,
}

/// Reads mail until there is no more, with `follow` until told to stop, or until `deliver` says that nobody takes it.
///
/// # Errors
/// When the store refuses, and what `deliver` fails with.
pub async fn read<E: From<CoordinatorError>>(
    coordinator: &Coordinator,
    reading: &Reading,
    stop: impl Future<Output = ()>,
    mut deliver: impl FnMut(&Letter) -> Result<bool, E>,
) -> Result<Ended, E> {
    let mut stop = std::pin::pin!(stop);
    let mut seen = HashSet::new();
    let mut patient = false;
    loop {
        let lease = if reading.keep { None } else { Some(lease(coordinator, patient).await?) };
        patient = reading.follow;
        let lease_id = lease.as_ref().map(KeptLease::id);
        let reader = Reader { coordinator, swarm: &reading.swarm, lease: lease_id, patient };
        let ended = tokio::select! {
            ended = reader.read(&mut seen, &mut deliver) => ended.map(|()| Ended::Over),
            () = &mut stop => Ok(Ended::Stopped),
        };
        if let Some(lease) = lease
            && let Err(error) = coordinator.store().revoke(lease.id()).await
        {
            tracing::debug!(%error, "the lease is left to run out");
        }
        match ended {
            Err(Interrupted::Compacted | Interrupted::LeaseLost) => {}
            Err(Interrupted::Failed(error)) => return Err(error),
            Ok(ended) => return Ok(ended),
        }
    }
}

async fn lease(coordinator: &Coordinator, patient: bool) -> Result<KeptLease, CoordinatorError> {
    let store = coordinator.store();
    let lease = ask(patient, || async { Ok(store.grant(TTL).await?) }).await?;
    Ok(store.keep_patiently(lease))
}

async fn ask<T, F>(patient: bool, question: impl Fn() -> F) -> Result<T, CoordinatorError>
where
    F: Future<Output = Result<T, CoordinatorError>>,
{
    if patient { insist(question).await } else { question().await }
}

/// What ends a look into the mailbox.
pub(super) enum Interrupted<E> {
    /// The history was compacted while the connection was away: look anew.
    Compacted,
    /// The lease has ended, and what was taken is free again.
    LeaseLost,
    /// Something else.
    Failed(E),
}

impl<E: From<CoordinatorError>> From<CoordinatorError> for Interrupted<E> {
    fn from(error: CoordinatorError) -> Self {
        match error {
            CoordinatorError::Store(StoreError::Compacted { .. }) => Self::Compacted,
            CoordinatorError::Store(StoreError::LeaseLost) => Self::LeaseLost,
            error => Self::Failed(error.into()),
        }
    }
}

impl<E: From<CoordinatorError>> From<StoreError> for Interrupted<E> {
    fn from(error: StoreError) -> Self {
        CoordinatorError::from(error).into()
    }
}

/// A reader of a mailbox. What it takes is its own as long as its lease lives; without one it only looks.
pub(super) struct Reader<'a> {
    coordinator: &'a Coordinator,
    swarm: &'a SwarmId,
    lease: Option<i64>,
    /// Whether it waits for a store that is away, and for what comes.
    patient: bool,
}

impl<'a> Reader<'a> {
    /// One that goes on as long as its lease lives.
    pub(super) fn patient(coordinator: &'a Coordinator, swarm: &'a SwarmId, lease: i64) -> Self {
        Self { coordinator, swarm, lease: Some(lease), patient: true }
    }

    async fn read<E: From<CoordinatorError>>(
        &self,
        seen: &mut HashSet<String>,
        deliver: &mut impl FnMut(&Letter) -> Result<bool, E>,
    ) -> Result<(), Interrupted<E>> {
        let (mut letters, revision) = ask(self.patient, || self.coordinator.mailbox(self.swarm)).await?;
        let mut watch = self.coordinator.store().watch(&Prefix::Mail(self.swarm.clone()), revision + 1);
        loop {
            // Who only looks finds the same again after looking anew.
            letters.retain(|letter| self.lease.is_some() || seen.insert(letter.key.clone()));
            let heard =
                self.hand_out(&letters, |letter| deliver(letter).map_err(Interrupted::Failed)).await?;
            if !heard || !self.patient {
                return Ok(());
            }
            letters = self.news(&watch.next().await?).await?;
        }
    }

    /// Delivers those of the messages that nobody else reads, and deletes them; false when nobody takes them any more.
    /// One that nobody can read is deleted unread.
    pub(super) async fn hand_out<E>(
        &self,
        letters: &[Entry],
        mut deliver: impl FnMut(&Letter) -> Result<bool, E>,
    ) -> Result<bool, E>
    where
        E: From<CoordinatorError>,
    {
        for some in letters.chunks(AT_ONCE) {
            for letter in self.take(some).await? {
                if let Some(legible) = self::letter(&letter)
                    && !deliver(&legible)?
                {
                    return Ok(false);
                }
                if self.lease.is_some() {
                    ask(self.patient, || self.coordinator.discard_mail(&letter)).await?;
                }
            }
        }
        Ok(true)
    }

    async fn take(&self, letters: &[Entry]) -> Result<Vec<Entry>, CoordinatorError> {
        match self.lease {
            Some(lease) => ask(self.patient, || self.coordinator.take_mail(letters, lease)).await,
            None => Ok(letters.to_vec()),
        }
    }

    /// What there is to read after these changes: what came, and what a reader that has gone did not finish.
    pub(super) async fn news(&self, batch: &Batch) -> Result<Vec<Entry>, CoordinatorError> {
        let (mut letters, mut finished, mut left) = (Vec::new(), HashSet::new(), Vec::new());
        for event in &batch.events {
            match Key::parse(&event.entry.key) {
                Some(Key::Mail(..)) if !event.deleted => letters.push(event.entry.clone()),
                Some(Key::Mail(_, id)) => drop(finished.insert(id)),
                Some(Key::Reader(_, id)) if event.deleted && self.lease.is_some() => left.push(id),
                _ => {}
            }
        }
        for id in left.into_iter().filter(|id| !finished.contains(id)) {
            letters.extend(insist(|| async { Ok(self.coordinator.letter(self.swarm, &id).await?) }).await?);
        }
        Ok(letters)
    }
}

/// A message as it lies in the mailbox, if anybody can read it.
pub(super) fn letter(entry: &Entry) -> Option<Letter> {
    let mail = legible::<Mail>(entry)?;
    let id = entry.key.rsplit('/').next().unwrap_or_default().to_owned();
    Some(Letter { id, revision: mail.create_revision, mail: mail.value })
}
