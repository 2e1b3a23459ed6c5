//! Finding help: candidates from the index of capabilities, weighed by the rules.

use std::collections::BTreeSet;

use super::{Governor, GovernorError};
use crate::governor::help::{self, Help, HelpRequest, Picks};
use crate::id::{Capability, SwarmId};
use crate::store::{Key, Prefix, StoreError};

impl Governor {
    /// Weighs everybody who offers something of what is needed; everybody, when nothing in particular is.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn find_help(&self, request: &HelpRequest) -> Result<Help, GovernorError> {
        let policy = self.policy().await?;
        let candidates = if request.required.is_empty() {
            self.registered().await?
        } else {
            self.offering(&request.required).await?
        };
        let accounts = self.legible_accounts(&candidates).await?;
        Ok(help::find(&accounts, request, &policy, self.clock.now()))
    }

    /// Chooses who is sent to a blocked task: per need the best swarm not yet chosen, never `blocked` itself,
    /// at most as many as the policy allows. Nothing is written.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn pick_help(&self, needs: &[Capability], blocked: &SwarmId) -> Result<Picks, GovernorError> {
        let policy = self.policy().await?;
        let accounts = self.legible_accounts(&self.offering(needs).await?).await?;
        Ok(help::pick(&accounts, needs, blocked, &policy, self.clock.now()))
    }

    /// Who offers at least one of the capabilities.
    async fn offering(&self, capabilities: &[Capability]) -> Result<BTreeSet<SwarmId>, StoreError> {
        let mut swarms = BTreeSet::new();
        for capability in capabilities.iter().collect::<BTreeSet<_>>() {
            let (entries, _) = self.store.range(&Prefix::OffersOf(capability.clone())).await?;
            swarms.extend(entries.iter().filter_map(|entry| match Key::parse(&entry.key) {
                Some(Key::Offer(_, swarm)) => Some(swarm),
                _ => None,
            }));
        }
        Ok(swarms)
    }

    /// Who has a profile.
    pub(super) async fn registered(&self) -> Result<BTreeSet<SwarmId>, StoreError> {
        let (entries, _) = self.store.range(&Prefix::Swarms).await?;
        let profiles = entries.iter().filter_map(|entry| match Key::parse(&entry.key) {
            Some(Key::Profile(swarm)) => Some(swarm),
            _ => None,
        });
        Ok(profiles.collect())
    }
}
