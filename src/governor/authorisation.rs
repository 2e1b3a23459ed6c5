//! Authorisation: may this swarm take this work, and how much is set aside for it?

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use super::account::Account;
use super::breaker::{Admission, TripReason};
use super::budget::Shortage;
use super::policy::Policy;
use super::share::Share;
use super::task_budget::TaskBudget;
use crate::clock::Timestamp;
use crate::id::{Capability, SwarmId, TaskId};
use crate::money::Money;

/// How long work takes when nobody has said.
pub const DEFAULT_HOURS: f64 = 1.0;

/// Work that a swarm wants to take.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// Which task.
    pub task: &'a TaskId,
    /// What one must be able to do for it.
    pub required: &'a [Capability],
    /// How long it is thought to take.
    pub hours: f64,
    /// The most it may cost, if its submitter has said so.
    pub max_cost: Option<Money>,
}

/// The work may be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorisation {
    /// What is set aside for it; nothing for a swarm without a budget, unless it is paid from that of a task.
    pub amount: Money,
    /// What it is thought to cost, whoever pays for it.
    pub expected: Money,
    /// It is the one trial of a breaker that was open.
    pub probe: bool,
    /// What would have refused it if the policy enforced budgets; to be warned about.
    pub waived: Vec<Refusal>,
}

/// The work may not be taken. A refusal is nobody's failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The swarm cannot do enough of what is needed.
    #[error(
        "{swarm} covers {coverage} of the needed capabilities, {needed} are required: it lacks {}",
        names(missing)
    )]
    Capability {
        /// Who.
        swarm: SwarmId,
        /// What it cannot do.
        missing: Vec<Capability>,
        /// How much it can do.
        coverage: Share,
        /// How much is required.
        needed: Share,
    },
    /// What is known of the swarm cannot be read.
    #[error("nobody can read the profile or the reputation of {swarm}")]
    Garbled {
        /// Who.
        swarm: SwarmId,
    },
    /// The swarm's breaker is open.
    #[error("the circuit breaker of {swarm} is open ({reason}){}", trial(*until))]
    BreakerOpen {
        /// Who.
        swarm: SwarmId,
        /// Why it opened.
        reason: TripReason,
        /// When a trial is due; none when only a person closes it.
        until: Option<Timestamp>,
    },
    /// The swarm's breaker is half-open and its trial has not ended.
    #[error("the circuit breaker of {swarm} is half-open until its trial, task {task}, has ended")]
    ProbeUnderWay {
        /// Who.
        swarm: SwarmId,
        /// The task that is the trial.
        task: TaskId,
    },
    /// The swarm costs more than the work may.
    #[error("{swarm} would cost {price} dollars, at most {limit} are allowed")]
    TooExpensive {
        /// Who.
        swarm: SwarmId,
        /// What it would cost.
        price: Money,
        /// What the work may cost.
        limit: Money,
    },
    /// The swarm's budget does not have it.
    #[error("the budget of {swarm} has {left} dollars left, {needed} are needed")]
    Budget {
        /// Who.
        swarm: SwarmId,
        /// What is left.
        left: Money,
        /// What is needed.
        needed: Money,
    },
    /// The budget of the task, or of the one it helps, does not have it.
    #[error("the budget of task {task} has {left} dollars left, {needed} are needed")]
    TaskBudget {
        /// Whose budget.
        task: TaskId,
        /// What is left.
        left: Money,
        /// What is needed.
        needed: Money,
    },
    /// The budget that all swarms share does not have it.
    #[error("the overall budget has {left} dollars left, {needed} are needed")]
    Overall {
        /// What is left, also of what other swarms were allotted and have not committed.
        left: Money,
        /// What is needed.
        needed: Money,
    },
}

fn names(capabilities: &[Capability]) -> String {
    let names: Vec<&str> = capabilities.iter().map(Capability::as_str).collect();
    names.join(", ")
}

fn trial(until: Option<Timestamp>) -> String {
    until.map_or(String::new(), |until| format!("; a trial is due at {until}"))
}

impl Authorisation {
    /// The same for work that the budget of a task pays for as well: then it is set aside also for a swarm without one.
    #[must_use]
    pub fn in_full(self) -> Self {
        Self { amount: self.expected, ..self }
    }

    /// The same, if the budgets of the tasks have the amount too.
    ///
    /// # Errors
    /// [`Refusal::TaskBudget`], unless the policy does not enforce budgets.
    pub fn within(self, budgets: &[TaskBudget], policy: &Policy, now: Timestamp) -> Result<Self, Refusal> {
        let mut paid = if budgets.is_empty() { self } else { self.in_full() };
        for refusal in budgets.iter().filter_map(|budget| budget.refusal(paid.amount, now)) {
            if policy.resources.enable_budget_enforcement {
                return Err(refusal);
            }
            paid.waived.push(refusal);
        }
        Ok(paid)
    }
}

impl Refusal {
    /// Whether it is the swarm's budget that refuses.
    pub(super) fn is_about_budget(&self) -> bool {
        match self {
            Self::Budget { .. } | Self::TaskBudget { .. } | Self::Overall { .. } => true,
            Self::BreakerOpen { reason, .. } => *reason == TripReason::BudgetExhausted,
            Self::Capability { .. }
            | Self::Garbled { .. }
            | Self::ProbeUnderWay { .. }
            | Self::TooExpensive { .. } => false,
        }
    }
}

impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What is asked of one swarm, in money and skill.
#[derive(Debug, Clone)]
pub(super) struct Terms<'a> {
    /// What it must be able to do.
    pub required: BTreeSet<&'a Capability>,
    /// What the work is expected to cost.
    pub price: Money,
    /// The most it may cost.
    pub limit: Option<Money>,
    /// What its budget must have left.
    pub amount: Money,
}

impl<'a> Terms<'a> {
    /// The terms of a claim: reserves the submitter's limit, else the expected price, at most what the policy
    /// allows for one task.
    pub(super) fn of_claim(account: &Account, work: &Work<'a>, policy: &Policy) -> Self {
        let price = price(account.cost_per_hour(), work.hours);
        let amount = work.max_cost.unwrap_or(price).min(policy.resources.max_cost_per_task);
        Self { required: work.required.iter().collect(), price, limit: work.max_cost, amount }
    }
}

/// Hours that are no amount of time cost the most there is.
pub(super) fn price(cost_per_hour: Money, hours: f64) -> Money {
    cost_per_hour.times_hours(if hours >= 0.0 { hours } else { f64::INFINITY })
}

/// Everything that speaks against giving this swarm the work, in the order in which a claim is refused.
pub(super) fn objections(
    account: &Account,
    terms: &Terms<'_>,
    policy: &Policy,
    now: Timestamp,
) -> Vec<Refusal> {
    [
        account.is_garbled.then(|| Refusal::Garbled { swarm: account.swarm.clone() }),
        lacks_capability(account, terms, policy),
        is_broken(account, now),
        is_too_expensive(account, terms),
        is_out_of_money(account, terms),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn lacks_capability(account: &Account, terms: &Terms<'_>, policy: &Policy) -> Option<Refusal> {
    let coverage = coverage(account, &terms.required);
    let needed = policy.resources.min_capability_match;
    (coverage < needed || coverage == Share::NONE).then(|| Refusal::Capability {
        swarm: account.swarm.clone(),
        missing: missing(account, &terms.required),
        coverage,
        needed,
    })
}

fn is_broken(account: &Account, now: Timestamp) -> Option<Refusal> {
    let swarm = account.swarm.clone();
    match (account.admission(now), &account.probe) {
        (Admission::Pass, _) | (Admission::Probe, None) => None,
        (Admission::Probe, Some(probe)) => {
            Some(Refusal::ProbeUnderWay { swarm, task: probe.value.task.clone() })
        }
        (Admission::Refused { reason, until }, _) => Some(Refusal::BreakerOpen { swarm, reason, until }),
    }
}

fn is_too_expensive(account: &Account, terms: &Terms<'_>) -> Option<Refusal> {
    let limit = terms.limit.filter(|limit| terms.price > *limit)?;
    Some(Refusal::TooExpensive { swarm: account.swarm.clone(), price: terms.price, limit })
}

fn is_out_of_money(account: &Account, terms: &Terms<'_>) -> Option<Refusal> {
    let Shortage { left, needed } = account.budget.as_ref()?.value.reserve(terms.amount).err()?;
    Some(Refusal::Budget { swarm: account.swarm.clone(), left, needed })
}

/// How much of what is required the swarm can do.
pub(super) fn coverage(account: &Account, required: &BTreeSet<&Capability>) -> Share {
    match &account.profile {
        Some(profile) => profile.value.coverage(required),
        None => Share::of(0, required.len()),
    }
}

/// What of it the swarm cannot do.
pub(super) fn missing(account: &Account, required: &BTreeSet<&Capability>) -> Vec<Capability> {
    let has = |capability: &Capability| {
        account.profile.as_ref().is_some_and(|profile| profile.value.capabilities.contains(capability))
    };
    required.iter().filter(|capability| !has(capability)).map(|&capability| capability.clone()).collect()
}

/// Decides whether the swarm may take the work.
///
/// # Errors
/// The first [`Refusal`]: skill, breaker, price, budget. Where the policy does not enforce budgets, those about
/// money are waived.
pub fn authorise(
    account: &Account,
    work: &Work<'_>,
    policy: &Policy,
    now: Timestamp,
) -> Result<Authorisation, Refusal> {
    let account = &*account.at(now);
    let terms = Terms::of_claim(account, work, policy);
    let enforced = policy.resources.enable_budget_enforcement;
    let is_waived = |refusal: &Refusal| {
        !enforced && (refusal.is_about_budget() || matches!(refusal, Refusal::TooExpensive { .. }))
    };
    let (waived, refusals): (Vec<_>, Vec<_>) =
        objections(account, &terms, policy, now).into_iter().partition(is_waived);
    if let Some(refusal) = refusals.into_iter().next() {
        return Err(refusal);
    }
    let expected = terms.amount;
    let amount = account.budget.as_ref().map_or(Money::ZERO, |_| expected);
    Ok(Authorisation { amount, expected, probe: account.admission(now) == Admission::Probe, waived })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::governor::breaker::Breaker;
    use crate::governor::budget::Budget;
    use crate::governor::fixtures::{capabilities, dated, registered};
    use crate::governor::reservation::Probe;

    fn now() -> Timestamp {
        Timestamp::from_micros(1_000_000_000)
    }

    /// Knows SIP at 2 dollars an hour and has 10 dollars.
    fn account() -> Account {
        registered("s1", &["integration:sip", "telephony:protocols"], 2, 10)
    }

    fn decide(
        account: &Account,
        required: &[&str],
        hours: f64,
        max_cost: Option<u32>,
    ) -> Result<Authorisation, Refusal> {
        decide_under(&Policy::default(), account, required, hours, max_cost)
    }

    fn decide_under(
        policy: &Policy,
        account: &Account,
        required: &[&str],
        hours: f64,
        max_cost: Option<u32>,
    ) -> Result<Authorisation, Refusal> {
        let (task, required) = ("t1".parse().unwrap(), capabilities(required));
        let max_cost = max_cost.map(Money::from_dollars);
        authorise(account, &Work { task: &task, required: &required, hours, max_cost }, policy, now())
    }

    fn lenient() -> Policy {
        let mut policy = Policy::default();
        policy.resources.enable_budget_enforcement = false;
        policy
    }

    #[test]
    fn the_limit_is_reserved_else_the_price_at_most_what_a_task_may_cost() {
        for (hours, max_cost, dollars) in [
            (1.0, None, 2),
            (1.0, Some(5), 5),
            (3.0, None, 6),
            (50.0, None, 10),
            (1.0, Some(50), 10),
            (0.0, None, 0),
        ] {
            let authorisation = decide(&account(), &[], hours, max_cost).unwrap();
            assert_eq!(authorisation.amount, Money::from_dollars(dollars), "{hours} h, {max_cost:?}");
        }
    }

    #[test]
    fn a_duration_that_is_none_is_never_cheap() {
        for hours in [f64::NAN, -1.0, f64::INFINITY] {
            let refusal = decide(&account(), &[], hours, Some(5)).unwrap_err();
            assert!(matches!(refusal, Refusal::TooExpensive { .. }), "{hours}");
        }
    }

    #[test]
    fn a_refusal_says_who_and_why() {
        let mut poor = account();
        poor.budget = Some(dated(Budget::with_cap(Money::from_dollars(1))));
        let mut broken = account();
        broken.breaker = Some(dated(Breaker::closed(now()).tripped(TripReason::BudgetExhausted, now())));
        for (account, required, max_cost, said) in [
            (
                account(),
                &["integration:sip", "code-analysis:rust"][..],
                None,
                "s1 covers 50 % of the needed capabilities, 70 % are required: it lacks code-analysis:rust",
            ),
            (
                account(),
                &["integration:sip"],
                Some(1),
                "s1 would cost 2.00 dollars, at most 1.00 are allowed",
            ),
            (poor, &[], None, "the budget of s1 has 1.00 dollars left, 2.00 are needed"),
            (broken, &[], None, "the circuit breaker of s1 is open (budget exhausted)"),
        ] {
            assert_eq!(decide(&account, required, 1.0, max_cost).unwrap_err().to_string(), said);
        }
    }

    #[test]
    fn an_unregistered_swarm_can_do_nothing_in_particular_and_has_no_cap() {
        let stranger = Account::unregistered("s9".parse().unwrap());
        assert_eq!(decide(&stranger, &[], 1.0, Some(5)).unwrap().amount, Money::ZERO);
        assert!(matches!(decide(&stranger, &["a:b"], 1.0, None), Err(Refusal::Capability { .. })));
    }

    #[test]
    fn a_match_of_nothing_never_suffices() {
        let mut policy = Policy::default();
        policy.resources.min_capability_match = Share::NONE;
        assert!(decide_under(&policy, &account(), &["a:b"], 1.0, None).is_err());
        assert!(decide_under(&policy, &account(), &["a:b", "integration:sip"], 1.0, None).is_ok());
    }

    #[test]
    fn budgets_that_are_not_enforced_refuse_nobody_and_say_so() {
        let mut broke = account();
        broke.budget = Some(dated(Budget::with_cap(Money::ZERO)));
        broke.breaker = Some(dated(Breaker::closed(now()).tripped(TripReason::BudgetExhausted, now())));
        let authorisation = decide_under(&lenient(), &broke, &[], 4.0, Some(5)).unwrap();
        assert_eq!(authorisation.amount, Money::from_dollars(5));
        assert_eq!(authorisation.waived.len(), 3, "breaker, price and budget");
        assert!(decide_under(&lenient(), &broke, &["a:b"], 1.0, None).is_err(), "skill is no money");
    }

    #[test]
    fn one_trial_at_a_time() {
        let mut account = account();
        let past = Timestamp::from_micros(0);
        let open = Breaker::closed(past).tripped(TripReason::FailureRate, past);
        account.breaker = Some(dated(Breaker { open_until: Some(past), ..open }));
        assert!(decide(&account, &[], 1.0, None).unwrap().probe);
        account.probe = Some(dated(Probe {
            task: "t0".parse().unwrap(),
            claim: "c0".parse().unwrap(),
            at: past,
            by: String::new(),
            op: String::new(),
        }));
        assert!(matches!(decide(&account, &[], 1.0, None), Err(Refusal::ProbeUnderWay { .. })));
        assert!(decide_under(&lenient(), &account, &[], 1.0, None).is_err());
    }
}
