//! Finding help: candidates from the index of capabilities, weighed by the rules.

use std::collections::BTreeSet;

use futures::future::{try_join, try_join_all};

use super::{Governor, GovernorError};
use crate::governor::help::{self, Help, HelpRequest, Picks};
use crate::id::{Capability, SwarmId};
use crate::store::{Key, Prefix, StoreError};

impl Governor {
    /// Weighs everybody who offers something of what is needed; everybody, when nothing in particular is. Reads the index of
    /// the capabilities concerned and these swarms' accounts, however many others there are.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn find_help(&self, request: &HelpRequest) -> Result<Help, GovernorError> {
        let candidates = async {
            if request.required.is_empty() {
                Ok(self.registered().await?)
            } else {
                Ok(self.offering(&request.required).await?)
            }
        };
        let (policy, candidates) = try_join(self.policy(), candidates).await?;
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
        let asked: BTreeSet<&Capability> = capabilities.iter().collect();
        let families = asked.into_iter().map(|capability| Prefix::OffersOf(capability.clone()));
        let asking = families.map(|family| async move { self.store.keys(&family).await });
        let offers = try_join_all(asking).await?.into_iter().flat_map(|(keys, _)| keys);
        let swarms = offers.filter_map(|key| match key {
            Key::Offer(_, swarm) => Some(swarm),
            _ => None,
        });
        Ok(swarms.collect())
    }

    /// Who has a profile.
    pub(super) async fn registered(&self) -> Result<BTreeSet<SwarmId>, StoreError> {
        let (keys, _) = self.store.keys(&Prefix::Swarms).await?;
        let profiles = keys.into_iter().filter_map(|key| match key {
            Key::Profile(swarm) => Some(swarm),
            _ => None,
        });
        Ok(profiles.collect())
    }
}
