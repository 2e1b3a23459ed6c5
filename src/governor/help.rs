//! Help: whom to ask for work, and whom to send to a blocked task.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::account::Account;
use super::authorisation::{DEFAULT_HOURS, Refusal, Terms, price};
use super::policy::Policy;
use super::ranking::{Assessment, Verdict, assess, rank};
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
pub struct Picks {
    /// They, in the order of the needs; none when a human is needed.
    pub helpers: Vec<Pick>,
    /// The needs for which nobody was left, or no more were allowed.
    pub uncovered: Vec<Capability>,
    /// For each need everybody who offers it, best first.
    pub considered: Vec<Considered>,
}

/// Somebody who offers what is needed, and what became of that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Considered {
    /// The need.
    pub need: Capability,
    /// How it was weighed for that need.
    pub assessment: Assessment,
    /// What became of it.
    pub choice: Choice,
}

/// What became of somebody who offers what is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// It is asked.
    Chosen,
    /// It may not be asked, for all of these reasons.
    Excluded(Vec<Refusal>),
    /// It is the one that needs help.
    IsBlocked,
    /// It is asked for something else already.
    HelpsWith(Capability),
    /// As many as may be asked are asked already.
    Enough(usize),
    /// Another one suits better.
    Outranked(SwarmId),
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chosen => f.write_str("is asked"),
            Self::Excluded(reasons) => {
                let reasons: Vec<_> = reasons.iter().map(Refusal::to_string).collect();
                f.write_str(&reasons.join(", "))
            }
            Self::IsBlocked => f.write_str("needs the help itself"),
            Self::HelpsWith(need) => write!(f, "is asked for {need} already"),
            Self::Enough(most) => write!(f, "is one too many: at most {most} may help"),
            Self::Outranked(better) => write!(f, "ranks below {better}"),
        }
    }
}

impl Considered {
    /// A sentence about it: a refusal names its swarm by itself.
    fn sentence(&self) -> String {
        match &self.choice {
            Choice::Excluded(_) => self.choice.to_string(),
            choice => format!("{} {choice}", self.assessment.swarm),
        }
    }
}

impl Picks {
    /// Why nobody helps, in a few sentences, for a human.
    #[must_use]
    pub fn reasons(&self) -> String {
        let is_offered =
            |need: &Capability| self.considered.iter().any(|considered| considered.need == *need);
        let unoffered = self.uncovered.iter().filter(|need| !is_offered(need));
        let mut reasons: Vec<String> = unoffered.map(|need| format!("nobody offers {need}")).collect();
        for considered in self.considered.iter().filter(|considered| considered.choice != Choice::Chosen) {
            let sentence = considered.sentence();
            if !reasons.contains(&sentence) {
                reasons.push(sentence);
            }
        }
        let more = reasons.len().saturating_sub(MOST_REASONS);
        reasons.truncate(MOST_REASONS);
        if more > 0 {
            reasons.push(format!("and {more} more"));
        }
        reasons.join("; ")
    }
}

/// The most reasons that a human is told at once.
const MOST_REASONS: usize = 10;

/// The most helpers whose tasks and reservations fit into one transaction, whatever the policy allows: each takes half a
/// dozen of the 128 operations.
const MOST_HELPERS: usize = 16;

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
    let most = usize::try_from(policy.resources.max_swarms_per_task).unwrap_or(usize::MAX).min(MOST_HELPERS);
    let mut picks = Picks { helpers: Vec::new(), uncovered: Vec::new(), considered: Vec::new() };
    for need in needs {
        let weighed = weigh(accounts, need, amount, policy, now);
        let obstacles: Vec<_> =
            weighed.iter().map(|assessment| obstacle(assessment, &picks.helpers, blocked, most)).collect();
        let best = weighed.iter().zip(&obstacles).find(|(_, obstacle)| obstacle.is_none());
        match best.map(|(best, _)| best.clone()) {
            Some(assessment) => picks.helpers.push(Pick {
                swarm: assessment.swarm.clone(),
                capability: need.clone(),
                amount,
                assessment,
            }),
            None => picks.uncovered.push(need.clone()),
        }
        let best = picks.helpers.last().filter(|pick| pick.capability == *need).map(|pick| &pick.swarm);
        picks.considered.extend(weighed.into_iter().zip(obstacles).map(|(assessment, obstacle)| {
            Considered {
                need: need.clone(),
                choice: obstacle.unwrap_or_else(|| match best {
                    Some(best) if *best != assessment.swarm => Choice::Outranked(best.clone()),
                    Some(_) | None => Choice::Chosen,
                }),
                assessment,
            }
        }));
    }
    picks
}

/// What keeps somebody from being asked, however good it is.
fn obstacle(assessment: &Assessment, helpers: &[Pick], blocked: &SwarmId, most: usize) -> Option<Choice> {
    if assessment.swarm == *blocked {
        return Some(Choice::IsBlocked);
    }
    if let Some(pick) = helpers.iter().find(|pick| pick.swarm == assessment.swarm) {
        return Some(Choice::HelpsWith(pick.capability.clone()));
    }
    match &assessment.verdict {
        Verdict::Excluded(reasons) => Some(Choice::Excluded(reasons.clone())),
        Verdict::Qualified => (helpers.len() >= most).then_some(Choice::Enough(most)),
    }
}

/// Everybody who offers `need`, best first, on the terms of the claim that the help will be.
fn weigh(
    accounts: &[Account],
    need: &Capability,
    amount: Money,
    policy: &Policy,
    now: Timestamp,
) -> Vec<Assessment> {
    let mut assessments: Vec<_> = accounts
        .iter()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::governor::breaker::{Breaker, TripReason};
    use crate::governor::budget::Budget;
    use crate::governor::fixtures::{capabilities, dated, registered};
    use crate::governor::share::Share;

    fn now() -> Timestamp {
        Timestamp::from_micros(0)
    }

    /// A swarm with 100 dollars and this reputation.
    fn account(swarm: &str, can: &[&str], dollars: u32, reputation: f64) -> Account {
        let mut account = registered(swarm, can, dollars, 100);
        if let Some(profile) = &mut account.profile {
            profile.value.reputation = reputation.try_into().unwrap();
        }
        account
    }

    fn order(accounts: &[Account], required: &[&str], policy: &Policy) -> Vec<String> {
        let request = HelpRequest { required: capabilities(required), ..HelpRequest::default() };
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
        let request = HelpRequest { required: capabilities(&["a:b"]), ..HelpRequest::default() };
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
        let needs = capabilities(&["integration:sip", "telephony:protocols", "integration:sip"]);
        let picks = pick(&accounts, &needs, &blocked, &Policy::default(), now());
        let shown: Vec<_> = picks.helpers.iter().map(|pick| (pick.swarm.as_str(), pick.amount)).collect();
        let share = Money::from_dollars(5);
        assert_eq!(shown, [("session-4-sip", share), ("session-7-ifbus", share)]);
        assert!(picks.uncovered.is_empty());
        let choices: Vec<_> = picks.considered.iter().map(Considered::sentence).collect();
        assert_eq!(
            choices,
            [
                "session-3-h323 needs the help itself",
                "session-4-sip is asked",
                "session-4-sip is asked for integration:sip already",
                "session-7-ifbus is asked",
            ]
        );
    }

    #[test]
    fn whoever_is_not_asked_is_told_by_whom_it_is_outdone() {
        let accounts = [account("dear", &["a:b"], 4, 1.0), account("cheap", &["a:b"], 1, 1.0)];
        let blocked = "blocked".parse().unwrap();
        let picks = pick(&accounts, &capabilities(&["a:b"]), &blocked, &Policy::default(), now());
        let choices: Vec<_> = picks.considered.iter().map(Considered::sentence).collect();
        assert_eq!(choices, ["cheap is asked", "dear ranks below cheap"]);
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
        let picks = pick(&accounts, &capabilities(&names), &blocked, &Policy::default(), now());
        assert_eq!((picks.helpers.len(), picks.uncovered.len()), (3, 3));
        let total = picks.helpers.iter().fold(Money::ZERO, |sum, pick| sum.plus(pick.amount));
        assert!(total <= Money::from_dollars(10));
        assert_eq!(picks.considered[5].choice, Choice::Enough(3));
    }

    #[test]
    fn no_policy_allows_more_helpers_than_one_transaction_can_ask() {
        let names: Vec<_> = (0..40).map(|index| format!("a:{index}")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let accounts: Vec<_> =
            names.iter().map(|name| account(&name.replace(':', "-"), &[name], 0, 1.0)).collect();
        let mut policy = Policy::default();
        policy.resources.max_swarms_per_task = 1000;
        let picks = pick(&accounts, &capabilities(&names), &"blocked".parse().unwrap(), &policy, now());
        assert_eq!((picks.helpers.len(), picks.uncovered.len()), (MOST_HELPERS, 40 - MOST_HELPERS));
        assert!(picks.reasons().ends_with("; and 14 more"), "{}", picks.reasons());
    }

    #[test]
    fn nobody_is_an_answer_with_reasons() {
        let accounts = [account("dear", &["a:b"], 50, 1.0), account("other", &["x:y"], 1, 1.0)];
        let blocked = "blocked".parse().unwrap();
        let picks = pick(&accounts, &capabilities(&["a:b", "c:d"]), &blocked, &Policy::default(), now());
        assert!(picks.helpers.is_empty());
        assert_eq!(picks.considered.len(), 1, "who does not offer it is not asked");
        assert_eq!(
            picks.reasons(),
            "nobody offers c:d; dear would cost 50.00 dollars, at most 5.00 are allowed"
        );
        let nothing = pick(&accounts, &[], &blocked, &Policy::default(), now());
        assert!(nothing.helpers.is_empty() && nothing.considered.is_empty());
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
            let request = HelpRequest { required: capabilities(&["a:a", "b:b"]), ..HelpRequest::default() };
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
                _ => profile.capabilities.extend(capabilities(&["a:a", "b:b"])),
            }
            prop_assert!(place(&better) <= place(&accounts));
        }

        #[test]
        fn whoever_is_picked_is_qualified_and_asked_once(accounts in accounts()) {
            let blocked = "s00".parse().unwrap();
            let policy = Policy::default();
            let picks = pick(&accounts, &capabilities(&["a:a", "b:b", "c:c"]), &blocked, &policy, now());
            let swarms: BTreeSet<_> = picks.helpers.iter().map(|pick| &pick.swarm).collect();
            prop_assert_eq!(swarms.len(), picks.helpers.len());
            prop_assert!(!swarms.contains(&blocked));
            prop_assert!(picks.helpers.iter().all(|pick| pick.assessment.is_qualified()));
            let chosen = picks.considered.iter().filter(|considered| considered.choice == Choice::Chosen);
            let chosen: Vec<_> = chosen.map(|considered| &considered.assessment.swarm).collect();
            prop_assert_eq!(chosen, picks.helpers.iter().map(|pick| &pick.swarm).collect::<Vec<_>>());
        }
    }
}
