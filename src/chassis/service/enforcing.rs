//! Putting contracts in force: stored with what the governor must know, whoever else does the same.

use std::collections::BTreeSet;

use super::given::Given;
use super::loading::Loaded;
use super::{Chassis, ChassisError};
use crate::chassis::in_force::{Standing, Succession};
use crate::chassis::{Digest, Inspection, LoadedContract, ModuleInfo};
use crate::failpoint::mortal;
use crate::governor::service::Change;
use crate::id::SwarmId;
use crate::store::{Entry, Key, Precondition, Query, StoreError};

/// How often a contract that others outran is tried again.
pub(super) const ATTEMPTS: u32 = 20;

const OP: &str = "chassis.load";

/// What is stored as a swarm's contract, or as its last one, and since when.
pub(super) struct InForce {
    standing: Standing,
    revision: i64,
    /// Since when its last one is stored; 0 for never.
    ended: i64,
}

impl InForce {
    fn of(contract: Option<&Entry>, ended: Option<&Entry>) -> Self {
        let read = |entry: &Entry| entry.json::<LoadedContract>().map(Box::new);
        let standing = match (contract.map(read), ended.map(read)) {
            (None, None) => Standing::Free,
            (Some(Ok(loaded)), _) => Standing::InForce(loaded),
            (None, Some(Ok(loaded))) => Standing::Ended(loaded),
            (Some(Err(_)), _) | (None, Some(Err(_))) => Standing::Illegible,
        };
        let revision = |entry: Option<&Entry>| entry.map_or(0, |entry| entry.mod_revision);
        Self { standing, revision: revision(contract), ended: revision(ended) }
    }

    /// Whether it is the very same, looked into before.
    pub(super) fn is(&self, given: &Given) -> bool {
        self.loaded().is_some_and(|loaded| {
            loaded.module.as_ref().is_none_or(|module| module.inspection.is_some())
                && loaded.digest() == given.digest()
                && loaded.contract == given.contract
        })
    }

    /// The module in force.
    pub(super) fn module(&self) -> Option<Digest> {
        self.loaded().and_then(LoadedContract::digest).cloned()
    }

    fn loaded(&self) -> Option<&LoadedContract> {
        match &self.standing {
            Standing::InForce(loaded) => Some(loaded),
            Standing::Free | Standing::Illegible | Standing::Ended(_) => None,
        }
    }
}

impl Chassis {
    pub(super) async fn in_force(&self, swarm: &SwarmId) -> Result<InForce, StoreError> {
        let keys = [Key::Contract(swarm.clone()), Key::EndedContract(swarm.clone())];
        let snapshot = self.store.read(keys.map(Query::One).to_vec()).await?;
        Ok(InForce::of(snapshot.one(0), snapshot.one(1)))
    }

    /// What comes of loading `given` now: what is in force then, and whether that is new.
    pub(super) fn succeed(
        &self,
        before: &InForce,
        given: &Given,
        inspection: Option<&Inspection>,
        replace: bool,
    ) -> Result<(LoadedContract, Change), ChassisError> {
        let known = before.loaded().and_then(|loaded| loaded.module.as_ref());
        let known = known.filter(|known| Some(&known.sha256) == given.digest());
        let known = known.and_then(|known| known.inspection.as_ref());
        let module = given.module.as_ref().map(|module| ModuleInfo {
            sha256: module.digest.clone(),
            bytes: module.size(),
            inspection: inspection.or(known).cloned(),
        });
        let next = LoadedContract {
            contract: given.contract.clone(),
            module,
            loaded_at: self.clock.now(),
            by: self.by.clone(),
            op: OP.to_owned(),
            replaced: Vec::new(),
        };
        match before.standing.succeeded_by(next, replace) {
            Succession::Same(loaded) => Ok((*loaded, Change::Unchanged)),
            Succession::Next(next) if before.revision == 0 => Ok((*next, Change::Created)),
            Succession::Next(next) => Ok((*next, Change::Updated)),
            Succession::Weaker(differences) => {
                let is_over = matches!(before.standing, Standing::Ended(_));
                let swarm = given.contract.swarm_id().clone();
                Err(ChassisError::Weaker { swarm, is_over, differences })
            }
        }
    }

    /// Stores the contract and what it offers in one transaction.
    pub(super) async fn put_in_force(
        &self,
        given: &Given,
        mut before: InForce,
        inspection: Option<Inspection>,
        replace: bool,
    ) -> Result<Loaded, ChassisError> {
        let swarm = given.contract.swarm_id();
        let (key, ended) = (Key::Contract(swarm.clone()), Key::EndedContract(swarm.clone()));
        let offer: BTreeSet<_> = given.contract.capabilities().iter().cloned().collect();
        for _ in 0..ATTEMPTS {
            let (loaded, change) = self.succeed(&before, given, inspection.as_ref(), replace)?;
            let (registered, registering) = self.governor.contract(swarm, &offer, &self.by, OP).await?;
            let mut transaction = registering.when(Precondition::unchanged(&key, before.revision));
            if change != Change::Unchanged {
                transaction = transaction.put_json(&key, &loaded);
            }
            if before.ended > 0 {
                transaction = transaction.when(Precondition::unchanged(&ended, before.ended)).delete(&ended);
            }
            mortal!("load-decided");
            if self.store.commit(transaction).await?.is_done() {
                mortal!("load-committed");
                return Ok(Loaded { loaded, change, registered });
            }
            before = self.in_force(swarm).await?;
        }
        Err(ChassisError::Contended { swarm: swarm.clone() })
    }
}
