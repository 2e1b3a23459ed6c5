//! What is offered, beside what is needed.

use std::collections::BTreeSet;

use super::{Governor, GovernorError};
use crate::governor::matrix::{Demand, Matrix, Supply, matrix};
use crate::governor::profile::Profile;
use crate::id::{Capability, SwarmId};
use crate::spelling::resembling;
use crate::store::{Key, Prefix};

/// A capability that nobody else knows, and the known one that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misspelling {
    /// As it was written.
    pub written: Capability,
    /// As it may have been meant.
    pub meant: Capability,
}

impl Governor {
    /// Who can do what, beside what `demand` needs. Reads the profiles of all swarms.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn capabilities(&self, demand: &Demand) -> Result<Matrix, GovernorError> {
        let is_profile = |key: &Key| matches!(key, Key::Profile(_));
        let (entries, _) = self.store.range_where(&Prefix::Swarms, is_profile).await?;
        let mut supply = Supply::new();
        for entry in &entries {
            let Some(Key::Profile(swarm)) = Key::parse(&entry.key) else { continue };
            match entry.json::<Profile>() {
                Ok(profile) => {
                    for capability in profile.capabilities {
                        supply.entry(capability).or_default().insert(swarm.clone());
                    }
                }
                Err(error) => tracing::error!(%swarm, %error, "left out"),
            }
        }
        Ok(matrix(&supply, demand))
    }

    /// Those of a swarm's capabilities that nobody else offers.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn offered_by_nobody_else(
        &self,
        swarm: &SwarmId,
        capabilities: &BTreeSet<Capability>,
    ) -> Result<BTreeSet<Capability>, GovernorError> {
        let mut lonely = BTreeSet::new();
        for capability in capabilities {
            let offers = self.store.first_keys(&Prefix::OffersOf(capability.clone()), 2).await?;
            let is_ours = |key: &Key| matches!(key, Key::Offer(_, offering) if offering == swarm);
            if offers.iter().all(is_ours) {
                lonely.insert(capability.clone());
            }
        }
        Ok(lonely)
    }

    /// Those of `lonely` that the policy does not declare and no task needs, but that resemble what others than `swarm` offer,
    /// the policy declares or a task needs. Reads all offers.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn misspellings(
        &self,
        swarm: Option<&SwarmId>,
        lonely: &BTreeSet<Capability>,
        demand: &Demand,
    ) -> Result<Vec<Misspelling>, GovernorError> {
        let (offers, _) = self.store.keys(&Prefix::Offers).await?;
        let offered = offers.into_iter().filter_map(|key| match key {
            Key::Offer(capability, offering) if Some(&offering) != swarm => Some(capability),
            _ => None,
        });
        let declared = self.policy().await?.capability_registry;
        let declared = declared.into_values().flat_map(|entry| entry.capabilities);
        let known: BTreeSet<Capability> = offered.chain(declared).chain(demand.keys().cloned()).collect();
        let unknown = lonely.iter().filter(|capability| !known.contains(*capability));
        let misspelling = |written: &Capability| {
            let meant = resembling(written, &known)?.clone();
            Some(Misspelling { written: written.clone(), meant })
        };
        Ok(unknown.filter_map(misspelling).collect())
    }
}
