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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::governor::account::Dated;
    use crate::governor::breaker::{Breaker, TripReason};
    use crate::governor::budget::Budget;
    use crate::governor::profile::Profile;
    use crate::governor::share::Share;

    fn now() -> Timestamp {
        Timestamp::from_micros(0)
    }

    fn dated<T>(value: T) -> Dated<T> {
        Dated { value, revision: 1 }
    }

    fn needs(names: &[&str]) -> Vec<Capability> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    fn account(swarm: &str, capabilities: &[&str], dollars: u32, reputation: f64) -> Account {
        let profile = Profile {
            capabilities: needs(capabilities).into_iter().collect(),
            cost_per_hour: Money::from_dollars(dollars),
            reputation: reputation.try_into().unwrap(),
            model: None,
            by: String::new(),
            op: String::new(),
            updated_at: None,
        };
        Account {
            profile: Some(dated(profile)),
            budget: Some(dated(Budget::with_cap(Money::from_dollars(100)))),
            ..Account::unregistered(swarm.parse().unwrap())
        }
    }

    fn order(accounts: &[Account], required: &[&str], policy: &Policy) -> Vec<String> {
        let request = HelpRequest { required: needs(required), ..HelpRequest::default() };
        let help = find(accounts, &request, policy, now());
        help.assessments.iter().map(|assessment| assessment.swarm.to_string()).collect()
    }

    #[test]
    fn the_best_match_per_dollar_is_chosen_and_free_work_comes_first() {
        let accounts = [
            account("dear", &["a:b"], 4, 0.9),
            account("cheap", &["a:b"], 1, 0.5),
            account("free", &["a:b"], 0, 0.1),
            account("twin-b", &["a:b"], 2, 0.5),
            account("twin-a", &["a:b"], 2, 0.5),
            account("legal", &["contract-review:nda"], 0, 1.0),
        ];
        assert_eq!(
            order(&accounts, &["a:b"], &Policy::default()),
            ["free", "cheap", "twin-a", "twin-b", "dear", "legal"]
        );
    }

    #[test]
    fn reputation_counts_only_where_the_policy_says_so() {
        let accounts = [account("a-bad", &["a:b"], 2, 0.1), account("b-good", &["a:b"], 2, 0.9)];
        let mut policy = Policy::default();
        assert_eq!(order(&accounts, &["a:b"], &policy), ["b-good", "a-bad"]);
        policy.resources.enable_reputation_scoring = false;
        assert_eq!(order(&accounts, &["a:b"], &policy), ["a-bad", "b-good"]);
    }

    #[test]
    fn everybody_is_told_everything_that_spoke_against_it() {
        let mut unlucky = account("s1", &["x:y"], 20, 1.0);
        unlucky.budget = Some(dated(Budget::with_cap(Money::from_dollars(1))));
        unlucky.breaker = Some(dated(Breaker::closed(now()).tripped(TripReason::Manual, now())));
        let request = HelpRequest { required: needs(&["a:b"]), ..HelpRequest::default() };
        let help = find(&[unlucky], &request, &Policy::default(), now());
        assert_eq!(help.chosen, None);
        let shown = serde_json::to_value(&help.assessments[0]).unwrap();
        assert_eq!(shown["verdict"], "excluded");
        assert_eq!(shown["reasons"].as_array().unwrap().len(), 4);
    }

    #[test]
    fn a_need_gets_the_best_swarm_not_yet_chosen_and_never_the_blocked_one() {
        let accounts = [
            account("session-3-h323", &["integration:sip"], 0, 1.0),
            account("session-4-sip", &["integration:sip", "telephony:protocols"], 2, 0.9),
            account("session-7-ifbus", &["telephony:protocols"], 3, 0.5),
        ];
        let blocked = "session-3-h323".parse().unwrap();
        let needs = needs(&["integration:sip", "telephony:protocols", "integration:sip"]);
        let Picks::Helpers { picks, uncovered } =
            pick(&accounts, &needs, &blocked, &Policy::default(), now())
        else {
            panic!("two swarms qualify")
        };
        let shown: Vec<_> = picks.iter().map(|pick| (pick.swarm.as_str(), pick.amount)).collect();
        let share = Money::from_dollars(5);
        assert_eq!(shown, [("session-4-sip", share), ("session-7-ifbus", share)]);
        assert!(uncovered.is_empty());
    }

    #[test]
    fn a_pile_on_ends_with_as_many_helpers_and_dollars_as_the_policy_allows() {
        let names = ["a:a", "b:b", "c:c", "d:d", "e:e", "f:f"];
        let accounts: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(index, name)| account(&format!("s{index}"), &[name], 1, 1.0))
            .collect();
        let blocked = "blocked".parse().unwrap();
        let Picks::Helpers { picks, uncovered } =
            pick(&accounts, &needs(&names), &blocked, &Policy::default(), now())
        else {
            panic!("six swarms qualify")
        };
        assert_eq!((picks.len(), uncovered.len()), (3, 3));
        let total = picks.iter().fold(Money::ZERO, |sum, pick| sum.plus(pick.amount));
        assert!(total <= Money::from_dollars(10));
    }

    #[test]
    fn nobody_is_an_answer_with_reasons() {
        let accounts = [account("dear", &["a:b"], 50, 1.0), account("other", &["x:y"], 1, 1.0)];
        let blocked = "blocked".parse().unwrap();
        let Picks::Nobody { assessments } =
            pick(&accounts, &needs(&["a:b"]), &blocked, &Policy::default(), now())
        else {
            panic!("nobody qualifies")
        };
        assert_eq!(assessments.len(), 1, "who does not offer it is not asked");
        assert_eq!(
            pick(&accounts, &[], &blocked, &Policy::default(), now()),
            Picks::Nobody { assessments: vec![] }
        );
    }

    fn accounts() -> impl Strategy<Value = Vec<Account>> {
        let skills = prop::sample::subsequence(vec!["a:a", "b:b", "c:c"], 0..=3);
        let one = (skills, 0_u32..12, 0_u32..=10);
        prop::collection::vec(one, 0..12).prop_map(|swarms| {
            let numbered = swarms.into_iter().enumerate();
            numbered
                .map(|(index, (skills, dollars, tenths))| {
                    account(&format!("s{index:02}"), &skills, dollars, f64::from(tenths) / 10.0)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn the_order_of_candidates_does_not_depend_on_the_order_they_came_in(
            mut accounts in accounts(),
            turn in 0_usize..12,
        ) {
            let before = order(&accounts, &["a:a", "b:b"], &Policy::default());
            let middle = turn.min(accounts.len());
            accounts.rotate_left(middle);
            prop_assert_eq!(order(&accounts, &["a:a", "b:b"], &Policy::default()), before);
        }

        #[test]
        fn every_candidate_has_one_place_and_no_two_share_it(accounts in accounts()) {
            let request = HelpRequest { required: needs(&["a:a", "b:b"]), ..HelpRequest::default() };
            let Help { assessments, chosen } = find(&accounts, &request, &Policy::default(), now());
            let ranked: BTreeSet<_> = assessments.iter().map(|assessment| &assessment.swarm).collect();
            prop_assert_eq!(ranked.len(), accounts.len());
            for pair in assessments.windows(2) {
                let (before, after) = (&pair[0], &pair[1]);
                prop_assert!(before.is_qualified() || !after.is_qualified());
                if before.is_qualified() == after.is_qualified() {
                    prop_assert!(before.score >= after.score);
                    prop_assert!(before.score > after.score || before.swarm < after.swarm);
                }
            }
            let best = assessments.first().filter(|best| best.is_qualified());
            prop_assert_eq!(chosen, best.map(|best| best.swarm.clone()));
        }

        #[test]
        fn whoever_gets_better_never_ranks_lower(accounts in accounts(), who in 0_usize..12, how in 0_u8..3) {
            prop_assume!(who < accounts.len());
            let place = |accounts: &[Account]| {
                let order = order(accounts, &["a:a", "b:b"], &Policy::default());
                order.iter().position(|swarm| *swarm == format!("s{who:02}"))
            };
            let mut better = accounts.clone();
            let profile = &mut better[who].profile.as_mut().unwrap().value;
            match how {
                0 => profile.cost_per_hour = profile.cost_per_hour.divided_by(2),
                1 => profile.reputation = Share::ALL,
                _ => profile.capabilities.extend(needs(&["a:a", "b:b"])),
            }
            prop_assert!(place(&better) <= place(&accounts));
        }

        #[test]
        fn whoever_is_picked_is_qualified_and_asked_once(accounts in accounts()) {
            let blocked = "s00".parse().unwrap();
            let policy = Policy::default();
            if let Picks::Helpers { picks, .. } =
                pick(&accounts, &needs(&["a:a", "b:b", "c:c"]), &blocked, &policy, now())
            {
                let swarms: BTreeSet<_> = picks.iter().map(|pick| &pick.swarm).collect();
                prop_assert_eq!(swarms.len(), picks.len());
                prop_assert!(!swarms.contains(&blocked));
                prop_assert!(picks.iter().all(|pick| pick.assessment.is_qualified()));
            }
        }
    }
}
