//! Mail: sent, taken by one reader at a time, deleted once it was read.
//!
//! A reader first puts its mark, which hangs on its lease, beside a message. So two readers never have the same one,
//! and what a reader that died had not finished is there for the next.

use super::{Coordinator, CoordinatorError, TRIES};
use crate::coordinator::mail::{Letter, MAX_UNREAD, Mail};
use crate::id::{SwarmId, unique};
use crate::store::{
    Commit, Entry, Key, MAX_BATCH, Precondition, Prefix, Query, StoreError, Transaction, yield_to_rivals,
};

impl Coordinator {
    /// Puts a message into a mailbox.
    ///
    /// # Errors
    /// [`CoordinatorError::MailboxFull`] when too much there is unread.
    pub async fn send(&self, to: &SwarmId, mail: Mail) -> Result<Letter, CoordinatorError> {
        let prefix = Prefix::Mail(to.clone());
        for attempt in 0..TRIES {
            let (keys, revision) = self.store.keys(&prefix).await?;
            let unread = keys.iter().filter(|key| matches!(key, Key::Mail(..))).count();
            if unread >= MAX_UNREAD {
                return Err(CoordinatorError::MailboxFull { swarm: to.clone(), limit: MAX_UNREAD });
            }
            let id = unique(self.now());
            let transaction = Transaction::new()
                .when(Precondition::no_newcomer(&prefix, revision))
                .put_json(&Key::Mail(to.clone(), id.clone()), &mail);
            if let Commit::Done { revision } = self.store.commit(transaction).await? {
                return Ok(Letter { id, revision, mail });
            }
            yield_to_rivals(attempt).await;
        }
        Err(CoordinatorError::MailboxBusy { swarm: to.clone() })
    }

    /// What lies in a mailbox, oldest first, with the revision at which it did.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn mailbox(&self, swarm: &SwarmId) -> Result<(Vec<Entry>, i64), CoordinatorError> {
        let is_mail = |key: &Key| matches!(key, Key::Mail(..));
        let (mut letters, revision) = self.store.range_where(&Prefix::Mail(swarm.clone()), is_mail).await?;
        letters.sort_by_key(|letter| letter.create_revision);
        Ok((letters, revision))
    }

    /// Of these messages, takes those that nobody else is reading; they are this reader's as long as its lease lives.
    /// Taking what one has already is harmless.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the lease has ended.
    pub async fn take_mail(&self, letters: &[Entry], lease: i64) -> Result<Vec<Entry>, CoordinatorError> {
        let mut taken = Vec::new();
        for some in letters.chunks(MAX_BATCH) {
            let claims: Vec<_> =
                some.iter().filter_map(|letter| Some((letter, marking(letter, lease)?))).collect();
            let (letters, transactions): (Vec<&Entry>, Vec<Transaction>) = claims.into_iter().unzip();
            let commits = self.store.commit_each(transactions).await?;
            let is_ours = |commit: &Commit| match commit {
                Commit::Done { .. } => true,
                // The mark was put before, and the reply lost.
                Commit::Refused(after) => after.one(0).is_some_and(|mark| mark.lease == lease),
            };
            let ours = letters.into_iter().zip(&commits).filter(|(_, commit)| is_ours(commit));
            taken.extend(ours.map(|(letter, _)| letter.clone()));
        }
        Ok(taken)
    }

    /// Deletes a message that was read, with its reader's mark.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn discard_mail(&self, letter: &Entry) -> Result<(), CoordinatorError> {
        let Some((key, mark)) = keys_of(letter) else { return Ok(()) };
        let transaction = Transaction::new()
            .when(Precondition::created_at(&key, letter.create_revision))
            .delete(&key)
            .delete(&mark);
        self.store.commit(transaction).await?;
        Ok(())
    }

    /// One message, if it is still there.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn letter(&self, swarm: &SwarmId, id: &str) -> Result<Option<Entry>, StoreError> {
        self.store.get(&Key::Mail(swarm.clone(), id.to_owned())).await
    }
}

fn keys_of(letter: &Entry) -> Option<(Key, Key)> {
    match Key::parse(&letter.key)? {
        Key::Mail(swarm, id) => Some((Key::Mail(swarm.clone(), id.clone()), Key::Reader(swarm, id))),
        _ => None,
    }
}

fn marking(letter: &Entry, lease: i64) -> Option<Transaction> {
    let (key, mark) = keys_of(letter)?;
    let transaction = Transaction::new()
        .when(Precondition::created_at(&key, letter.create_revision))
        .when(Precondition::absent(&mark))
        .put_leased(&mark, "", lease)
        .otherwise(Query::One(mark));
    Some(transaction)
}
