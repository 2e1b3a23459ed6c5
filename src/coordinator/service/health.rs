//! Saying in the store how well a swarm is.

use super::{Authority, Coordinator, CoordinatorError};
use crate::coordinator::health::Health;
use crate::governor::service::Governor;
use crate::governor::{Escalation, EscalationKind};
use crate::id::{SessionId, SwarmId};
use crate::store::{Entry, Key, MAX_BATCH, Precondition, Transaction};

impl Coordinator {
    /// Writes how well a swarm is, if its status word says something else; false when it does not, or is a word of
    /// the governor's, which stays. A human is called when a swarm dies, whatever the word is, and the workers are
    /// forgotten that vanished: once, in the same transaction.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn note_health(
        &self,
        swarm: &SwarmId,
        health: Health,
        vanished: &[SessionId],
        authority: &Authority,
    ) -> Result<bool, CoordinatorError> {
        let key = Key::SwarmStatus(swarm.clone());
        let entry = self.store.get(&key).await?;
        let revision = entry.as_ref().map_or(0, |entry| entry.mod_revision);
        let mut transaction = Transaction::new().when(Precondition::unchanged(&key, revision));
        let cause = match entry.as_ref().map(Entry::text).map(|word| Health::of_status(&word)) {
            Some(Some(said)) if said == health => return Ok(false),
            None | Some(Some(_)) => {
                transaction = transaction.put(&key, health.status());
                revision.to_string()
            }
            Some(None) => match vanished.last() {
                Some(session) if health == Health::Dead => session.to_string(),
                _ => return Ok(false),
            },
        };
        if health == Health::Dead {
            let forgotten = forgetting(vanished.iter().rev().map(|session| (swarm, session)));
            let obituary = self.obituary(swarm, &cause, authority);
            transaction = transaction.and(Governor::escalate(&obituary)).and(forgotten);
        }
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }

    /// Forgets workers that vanished, for nobody misses them.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn forget(
        &self,
        workers: &[(SwarmId, SessionId)],
        authority: &Authority,
    ) -> Result<(), CoordinatorError> {
        for some in workers.chunks(MAX_BATCH) {
            let forgotten = forgetting(some.iter().map(|(swarm, session)| (swarm, session)));
            self.store.commit(authority.fence(forgotten)).await?;
        }
        Ok(())
    }

    fn obituary(&self, swarm: &SwarmId, cause: &str, authority: &Authority) -> Escalation {
        Escalation::triggered(
            EscalationKind::SwarmDead,
            &format!("{swarm}.{cause}"),
            format!("{swarm} was lost without a word and has not come back"),
            format!(
                "see why its workers are gone; start them again: ifctl coordinator work --swarm {swarm} -- …"
            ),
            authority.by(),
            self.now(),
        )
        .about_swarm(swarm)
    }
}

/// As many as one transaction takes; whoever is left is forgotten with the next. A name comes once only, so nothing is
/// compared.
fn forgetting<'a>(workers: impl Iterator<Item = (&'a SwarmId, &'a SessionId)>) -> Transaction {
    workers.take(MAX_BATCH).fold(Transaction::new(), |transaction, (swarm, session)| {
        transaction.delete(&Key::Presence(swarm.clone(), session.clone()))
    })
}
