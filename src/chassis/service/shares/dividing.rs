//! Dividing a swarm's limits in the store: each host takes what is its own, by comparing what it decided on.

use super::host_lease::HostLease;
use super::{HostShares, Member};
use crate::chassis::allotment::next;
use crate::chassis::service::ChassisError;
use crate::chassis::{Allotment, HostShare, LoadedContract};
use crate::id::SessionId;
use crate::store::{
    Commit, Entry, Key, Precondition, Prefix, Query, Snapshot, StoreError, Transaction, yield_to_rivals,
};

/// How often a decision that others outran is made anew.
const ATTEMPTS: u32 = 100;

const OP: &str = "chassis.share";

/// What the store says of a swarm's shares at one revision.
struct View {
    revision: i64,
    /// What the contract in force allows, if there is a legible one, and since when.
    limit: Option<Allotment>,
    contract: i64,
    /// What this host has, and since when; 0 when it has no key.
    own: Allotment,
    own_revision: i64,
    others: Vec<Allotment>,
    /// How many of them come before this host.
    place: usize,
}

impl View {
    fn new(snapshot: &Snapshot, own: &str) -> Self {
        let contract = snapshot.one(0);
        let limit = contract.and_then(|entry| entry.json::<LoadedContract>().ok());
        let limit = limit.map(|loaded| Allotment::all_of(loaded.contract.resource_requirements()));
        let mut view = Self {
            revision: snapshot.revision,
            limit,
            contract: contract.map_or(0, |entry| entry.mod_revision),
            own: Allotment::NONE,
            own_revision: 0,
            others: Vec::new(),
            place: 0,
        };
        snapshot.all(1).iter().for_each(|entry| view.add(entry, own));
        view
    }

    /// What nobody can read, or would never end, is nobody's.
    fn add(&mut self, entry: &Entry, own: &str) {
        let allotment = entry.json::<HostShare>().map(|share| share.allotment);
        if entry.key == own {
            (self.own, self.own_revision) = (allotment.unwrap_or_default(), entry.mod_revision);
        } else if let Ok(allotment) = allotment
            && entry.lease != 0
        {
            self.others.push(allotment);
            self.place += usize::from(entry.key.as_str() < own);
        }
    }
}

impl HostShares {
    /// Has this host take its part of the swarm's limits, as far as others leave it, and give away what is theirs. The revision
    /// of the store up to which that is so.
    pub(super) async fn settle(&self, member: &Member) -> Result<i64, ChassisError> {
        let has_left = member.settling.lock().await;
        if *has_left {
            return Ok(0);
        }
        for attempt in 0..ATTEMPTS {
            let lease = match member.standing(|account, now| account.lease(now))? {
                Some(lease) => lease,
                None => self.lease().await?,
            };
            match self.try_to_settle(member, &lease).await {
                Ok(Some(revision)) => return Ok(revision),
                Ok(None) => yield_to_rivals(attempt).await,
                Err(ChassisError::Store(StoreError::LeaseLost)) => {
                    member.standing(|account, _| account.lost(lease.id))?;
                    self.lease_ended(lease.id)?;
                }
                Err(error) => return Err(error),
            }
        }
        Err(ChassisError::Contended { swarm: member.swarm.clone() })
    }

    /// Nothing when others were faster.
    async fn try_to_settle(&self, member: &Member, lease: &HostLease) -> Result<Option<i64>, ChassisError> {
        let store = &self.0.store;
        let contract = Key::Contract(member.swarm.clone());
        let family = Prefix::SharesOf(member.swarm.clone());
        let own = Key::Share(member.swarm.clone(), SessionId::of_lease(lease.id));
        let queries = vec![Query::One(contract.clone()), Query::Family(family.clone())];
        let view = View::new(&store.read(queries).await?, &own.to_string());
        // Without a contract tasks end under the one they began with.
        let limit = view.limit.unwrap_or_else(|| member.terms());
        let target = next(limit, view.own, &view.others, view.place);
        // Less counts before the store knows.
        let has = member.standing(|account, _| account.lower(target))?;
        // Who has no key yet says that it has come, also when there is nothing for it: then others give away.
        let is_known = view.own_revision != 0 && view.own == target;
        if is_known && has == (target, view.own_revision) {
            return Ok(Some(view.revision));
        }
        let is_given_away = view.own_revision != 0 && target.is_within(view.own);
        let put = if is_given_away {
            Transaction::new().when(Precondition::unchanged(&own, view.own_revision))
        } else {
            Transaction::new()
                .when(Precondition::unwritten_since(&family, view.revision))
                .when(Precondition::unchanged(&contract, view.contract))
        };
        let (host, by) = (self.0.host.clone(), self.0.by.clone());
        let share = HostShare { allotment: target, host, by, op: OP.to_owned() };
        match store.commit(put.put_json_leased(&own, &share, lease.id)).await? {
            Commit::Done { revision } => {
                member.standing(|account, now| account.grant(target, revision, lease, now))?;
                Ok(Some(view.revision))
            }
            Commit::Refused(_) => Ok(None),
        }
    }

    /// Takes the share of this host back from the store, unless another of its processes uses it.
    pub(super) async fn give_back(&self, member: &Member) -> Result<(), ChassisError> {
        let unusable = |source| ChassisError::Uncounted { path: member.account.path().to_owned(), source };
        *member.settling.lock().await = true;
        if member.is_used_elsewhere().map_err(unusable)? {
            return Ok(());
        }
        // Whoever begins now finds that there is no share, and asks the store.
        let (lease, revision) = member.standing(|account, _| account.retire())?;
        member.used.unlock().map_err(unusable)?;
        if revision == 0 {
            return Ok(());
        }
        let key = Key::Share(member.swarm.clone(), SessionId::of_lease(lease));
        let taken_back = Transaction::new().when(Precondition::unchanged(&key, revision)).delete(&key);
        self.0.store.commit(taken_back).await?;
        Ok(())
    }
}
