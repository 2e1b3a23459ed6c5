//! Saying in the store how well a swarm is.

use super::{Authority, Coordinator, CoordinatorError};
use crate::coordinator::health::Health;
use crate::governor::service::Governor;
use crate::governor::{Escalation, EscalationKind};
use crate::id::SwarmId;
use crate::store::{Entry, Key, Precondition, Transaction};

impl Coordinator {
    /// Writes how well a swarm is, if its status word says something else; false when it does not, or is a word of
    /// the governor's, which stays. A human is called when a swarm dies, once, in the same transaction.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn note_health(
        &self,
        swarm: &SwarmId,
        health: Health,
        authority: &Authority,
    ) -> Result<bool, CoordinatorError> {
        let key = Key::SwarmStatus(swarm.clone());
        let entry = self.store.get(&key).await?;
        let said = entry.as_ref().map(Entry::text).map(|word| Health::of_status(&word));
        if said.is_some_and(|said| said.is_none_or(|said| said == health)) {
            return Ok(false);
        }
        let revision = entry.map_or(0, |entry| entry.mod_revision);
        let mut transaction =
            Transaction::new().when(Precondition::unchanged(&key, revision)).put(&key, health.status());
        if health == Health::Dead {
            transaction = transaction.and(Governor::escalate(&self.obituary(swarm, revision, authority)));
        }
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }

    fn obituary(&self, swarm: &SwarmId, revision: i64, authority: &Authority) -> Escalation {
        Escalation::triggered(
            EscalationKind::SwarmDead,
            &format!("{swarm}.{revision}"),
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
