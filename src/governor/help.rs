//! Help: whom to ask for work, and whom to send to a blocked task.

use std::collections::BTreeSet;

use serde::Serialize;

use super::account::Account;
use super::authorisation::{DEFAULT_HOURS, Terms, price};
use super::policy::Policy;
use super::ranking::{Assessment, assess, rank};
use crate::clock::Timestamp;
use crate::id::{Capability, SwarmId};
use crate::money::Money;

/// Somebody is looking for help.
#[derive(Debug, Clone, PartialEq)]
pub struct HelpRequest {
    /// What must be done; everybody can do nothing in particular.
    pub required: Vec<Capability>,
    /// The most it may cost; else what the policy allows for one task.
    pub max_cost: Option<Money>,
    /// How long it is thought to take.
    pub hours: f64,
    /// Who is not to be asked.
    pub exclude: Vec<SwarmId>,
}

impl Default for HelpRequest {
    fn default() -> Self {
        Self { required: Vec::new(), max_cost: None, hours: DEFAULT_HOURS, exclude: Vec::new() }
    }
}

/// The answer to a request for help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Help {
    /// Every candidate, best first, with what spoke against it.
    pub assessments: Vec<Assessment>,
    /// The best qualified one.
    pub chosen: Option<SwarmId>,
}

/// Weighs all candidates for a request.
pub(super) fn find(accounts: &[Account], request: &HelpRequest, policy: &Policy, now: Timestamp) -> Help {
    let limit = request.max_cost.unwrap_or(policy.resources.max_cost_per_task);
    let mut assessments: Vec<_> = accounts
        .iter()
        .filter(|account| !request.exclude.contains(&account.swarm))
        .map(|account| {
            let price = price(account.cost_per_hour(), request.hours);
            let required = request.required.iter().collect();
            let terms = Terms { required, price, limit: Some(limit), amount: price };
            assess(account, &terms, policy, now)
        })
        .collect();
    rank(&mut assessments);
    let best = assessments.first().filter(|best| best.is_qualified());
    Help { chosen: best.map(|best| best.swarm.clone()), assessments }
}

/// One helper for a blocked task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pick {
    /// Who is sent.
    pub swarm: SwarmId,
    /// For what.
    pub capability: Capability,
    /// What the help may cost.
    pub amount: Money,
    /// Why it was chosen.
    pub assessment: Assessment,
}

/// Who is sent to a blocked task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Picks {
    /// At least one helper.
    Helpers {
        /// Them, in the order of the needs.
        picks: Vec<Pick>,
        /// The needs for which nobody was left, or no more were allowed.
        uncovered: Vec<Capability>,
    },
    /// Nobody qualifies: a human is needed.
    Nobody {
        /// Everybody who offers one of the needs, with what spoke against it.
        assessments: Vec<Assessment>,
    },
}

/// Chooses per need the best swarm not yet chosen, never the blocked one, at most as many as the policy
/// allows. The money for one task is shared out evenly over the needs.
pub(super) fn pick(
    accounts: &[Account],
    needs: &[Capability],
    blocked: &SwarmId,
    policy: &Policy,
    now: Timestamp,
) -> Picks {
    let needs = without_repetition(needs);
    let amount = policy.resources.max_cost_per_task.divided_by(needs.len());
    let most = usize::try_from(policy.resources.max_swarms_per_task).unwrap_or(usize::MAX);
    let (mut picks, mut uncovered, mut passed_over) = (Vec::<Pick>::new(), Vec::new(), Vec::new());
    for need in needs {
        let chosen: BTreeSet<_> = picks.iter().map(|pick| pick.swarm.clone()).collect();
        let free = |account: &&Account| account.swarm != *blocked && !chosen.contains(&account.swarm);
        let weighed = weigh(accounts.iter().filter(free), need, amount, policy, now);
        match weighed.first() {
            Some(best) if best.is_qualified() && picks.len() < most => picks.push(Pick {
                swarm: best.swarm.clone(),
                capability: need.clone(),
                amount,
                assessment: best.clone(),
            }),
            _ => {
                uncovered.push(need.clone());
                passed_over.extend(weighed);
            }
        }
    }
    if picks.is_empty() {
        Picks::Nobody { assessments: once_each(passed_over) }
    } else {
        Picks::Helpers { picks, uncovered }
    }
}

/// Everybody who offers `need`, best first, on the terms of the claim that the help will be.
fn weigh<'a>(
    accounts: impl Iterator<Item = &'a Account>,
    need: &Capability,
    amount: Money,
    policy: &Policy,
    now: Timestamp,
) -> Vec<Assessment> {
    let mut assessments: Vec<_> = accounts
        .map(|account| {
            let price = price(account.cost_per_hour(), DEFAULT_HOURS);
            let terms = Terms { required: BTreeSet::from([need]), price, limit: Some(amount), amount };
            assess(account, &terms, policy, now)
        })
        .filter(|assessment| assessment.missing.is_empty())
        .collect();
    rank(&mut assessments);
    assessments
}

fn without_repetition(needs: &[Capability]) -> Vec<&Capability> {
    let mut seen = BTreeSet::new();
    needs.iter().filter(|need| seen.insert(*need)).collect()
}

fn once_each(mut assessments: Vec<Assessment>) -> Vec<Assessment> {
    let mut seen = BTreeSet::new();
    assessments.retain(|assessment| seen.insert(assessment.swarm.clone()));
    rank(&mut assessments);
    assessments
}
