//! The plan is the one that weighing everything would give, after any history, and costs what changed.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::coordinator::assignment::{Candidate, choose};
use crate::coordinator::runtime::view::tests::Scene;
use crate::coordinator::service::{Claim, Ground, assess};
use crate::governor::service::Governor;
use crate::governor::{Breaker, Budget, Policy, Probe, Profile, Share, TripReason};
use crate::id::{Capability, ClaimId};
use crate::money::Money;
use crate::store::{Key, Scope};

const SWARMS: u8 = 4;
const TASKS: u8 = 8;

fn swarm(number: u8) -> SwarmId {
    format!("s{}", number % SWARMS).parse().unwrap()
}

fn task(number: u8) -> TaskId {
    format!("t{}", number % TASKS).parse().unwrap()
}

fn at(seconds: u16) -> Timestamp {
    Timestamp::from_micros(0).after(Duration::from_secs(seconds.into()))
}

/// The capabilities whose bits are set.
fn capabilities(bits: u8) -> Vec<Capability> {
    let all = ["a:a", "b:b", "c:c"].into_iter().enumerate();
    all.filter(|(bit, _)| bits >> bit & 1 == 1).map(|(_, name)| name.parse().unwrap()).collect()
}

/// Something that happens to the store, or to the leader.
#[derive(Debug, Clone)]
enum Happening {
    Submit { task: u8, priority: u8, ready: u16, needs: u8, max_cost: u8, directed: u8, preferred: u8 },
    Forget { task: u8 },
    Hold { task: u8, swarm: u8, worker: u8 },
    LetGo { task: u8 },
    Connect { swarm: u8, worker: u8, slots: u8 },
    Disconnect { swarm: u8, worker: u8 },
    Register { swarm: u8, has: u8, cost: u8, reputation: u8 },
    Fund { swarm: u8, dollars: u8 },
    Break { swarm: u8, how: u8, until: u16 },
    Try { swarm: u8, begins: bool },
    Spoil { swarm: u8 },
    Sicken { swarm: u8, health: u8 },
    PassOver { task: u8, swarm: u8, worker: u8 },
    Decide { step: u8, half: bool, enforce: bool },
    Wait { seconds: u16 },
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    let (n, w) = (|| 0_u8..8, || 0_u8..3);
    prop_oneof![
        6 => (n(), 0_u8..10, 0_u16..4000, n(), n(), n(), n()).prop_map(
            |(task, priority, ready, needs, max_cost, directed, preferred)| {
                Submit { task, priority, ready, needs, max_cost, directed, preferred }
            }
        ),
        1 => n().prop_map(|task| Forget { task }),
        2 => (n(), n(), w()).prop_map(|(task, swarm, worker)| Hold { task, swarm, worker }),
        2 => n().prop_map(|task| LetGo { task }),
        4 => (n(), w(), 1_u8..4).prop_map(|(swarm, worker, slots)| Connect { swarm, worker, slots }),
        1 => (n(), w()).prop_map(|(swarm, worker)| Disconnect { swarm, worker }),
        3 => (n(), n(), n(), w()).prop_map(|(swarm, has, cost, reputation)| {
            Register { swarm, has, cost, reputation }
        }),
        2 => (n(), 0_u8..9).prop_map(|(swarm, dollars)| Fund { swarm, dollars }),
        2 => (n(), n(), 0_u16..4000).prop_map(|(swarm, how, until)| Break { swarm, how, until }),
        1 => (n(), any::<bool>()).prop_map(|(swarm, begins)| Try { swarm, begins }),
        1 => n().prop_map(|swarm| Spoil { swarm }),
        2 => (n(), 0_u8..4).prop_map(|(swarm, health)| Sicken { swarm, health }),
        1 => (n(), n(), w()).prop_map(|(task, swarm, worker)| PassOver { task, swarm, worker }),
        1 => (0_u8..3, any::<bool>(), any::<bool>()).prop_map(|(step, half, enforce)| {
            Decide { step, half, enforce }
        }),
        2 => (0_u16..600).prop_map(|seconds| Wait { seconds }),
    ]
}

fn lease(swarm: u8, worker: u8) -> i64 {
    i64::from(swarm % SWARMS) * 16 + i64::from(worker) + 1
}

fn submitted(happening: &Happening) -> TaskRecord {
    let Happening::Submit { task, priority, ready, needs, max_cost, directed, preferred } = *happening else {
        unreachable!("only submissions are asked")
    };
    let somebody = |number: u8| (number < 2).then(|| swarm(number));
    TaskRecord {
        priority,
        required_capabilities: capabilities(needs),
        max_cost: (max_cost < 5).then(|| Money::from_dollars(max_cost.into())),
        estimated_hours: f64::from(max_cost % 2 + 1),
        directed_to: somebody(directed),
        preferred: somebody(preferred),
        ..TaskRecord::new(self::task(task), "tester", at(ready))
    }
}

fn broken(how: u8, until: Timestamp) -> Breaker {
    let closed = Breaker::closed(at(0));
    let open = Breaker { open_until: Some(until), ..closed.tripped(TripReason::ConsecutiveFailures, at(0)) };
    match how % 5 {
        0 => closed,
        1 => closed.tripped(TripReason::Manual, at(0)),
        2 => closed.tripped(TripReason::BudgetExhausted, at(0)),
        3 => open.probing(at(0)),
        _ => open,
    }
}

fn happen(scene: &mut Scene, planner: &mut Planner, now: &mut Timestamp, happening: &Happening) {
    use Happening::*;
    match happening {
        Submit { task, .. } => {
            scene.let_go(&self::task(*task));
            scene.submit(&submitted(happening));
        }
        Forget { task } => scene.delete(&Key::Record(self::task(*task))),
        Hold { task, swarm, worker } => {
            if scene.view.record(&self::task(*task)).is_some() {
                scene.hold(&self::task(*task), &self::swarm(*swarm), lease(*swarm, *worker));
            }
        }
        LetGo { task } => scene.let_go(&self::task(*task)),
        Connect { swarm, worker, slots } => {
            scene.connect(&self::swarm(*swarm), lease(*swarm, *worker), (*slots).into());
        }
        Disconnect { swarm, worker } => scene.disconnect(&self::swarm(*swarm), lease(*swarm, *worker)),
        Register { swarm, has, cost, reputation } => {
            let profile = Profile {
                capabilities: capabilities(*has).into_iter().collect(),
                contracted: std::collections::BTreeSet::new(),
                // Powers of two, so that scores are exact and ties are ties.
                cost_per_hour: Money::from_dollars([0, 1, 2, 4][usize::from(cost % 4)]),
                reputation: [Share::HALF, Share::ALL, Share::of(1, 4)][usize::from(reputation % 3)],
                model: None,
                by: String::new(),
                op: String::new(),
                updated_at: None,
            };
            scene.put(&Key::Profile(self::swarm(*swarm)), &profile);
        }
        Fund { swarm, dollars } => {
            let key = Key::Budget(Scope::Swarm(self::swarm(*swarm)));
            match dollars {
                8 => scene.delete(&key),
                dollars => scene.put(&key, &Budget::with_cap(Money::from_dollars((*dollars).into()))),
            }
        }
        Break { swarm, how, until } => {
            scene.put(&Key::Breaker(Scope::Swarm(self::swarm(*swarm))), &broken(*how, at(*until)));
        }
        Try { swarm, begins } => {
            let key = Key::Probe(Scope::Swarm(self::swarm(*swarm)));
            let (task, claim) = (self::task(0), "c1".parse().unwrap());
            let probe = Probe { task, claim, at: at(0), by: String::new(), op: String::new() };
            if *begins { scene.put(&key, &probe) } else { scene.delete(&key) }
        }
        Spoil { swarm } => scene.put_text(&Key::Reputation(self::swarm(*swarm)), "what nobody can read"),
        Sicken { swarm, health } => {
            let all = [Health::Healthy, Health::Suspect, Health::Unhealthy, Health::Dead];
            let health = all[usize::from(*health)];
            planner.set_health(&scene.view, &self::swarm(*swarm), health, *now);
        }
        PassOver { task, swarm, worker } => {
            planner.pass_over(&self::task(*task), &SessionId::of_lease(lease(*swarm, *worker)));
        }
        Decide { step, half, enforce } => {
            let mut policy = Policy::default();
            policy.coordination.priority_step_seconds = [0, 60, 600][usize::from(step % 3)];
            policy.resources.enable_budget_enforcement = *enforce;
            if *half {
                policy.resources.min_capability_match = Share::HALF;
            }
            scene.put(&Key::Policy, &json!({"policy": policy, "by": "", "op": ""}));
        }
        Wait { seconds } => *now = now.after(Duration::from_secs((*seconds).into())),
    }
}

/// The plan as the rule has it: every task in its turn, every worker weighed.
fn reference(view: &View, planner: &Planner, now: Timestamp, most: usize) -> Vec<Choice> {
    let step = Duration::from_secs(view.policy().coordination.priority_step_seconds);
    let mut ready: Vec<_> = view.records().filter_map(|record| view.ready(&record.id)).collect();
    ready.sort_by_key(|task| Rank::of(task, step));
    let mut charged = HashSet::new();
    let mut choices = Vec::new();
    for task in ready {
        if choices.len() == most {
            break;
        }
        let mut candidates = candidates(view, planner, task, now);
        candidates.retain(|candidate| !charged.contains(&candidate.swarm));
        let is_new = |candidate: &Candidate| {
            !planner.passed_over.get(&task.id).is_some_and(|passed| passed.contains(&candidate.session))
        };
        if candidates.iter().any(is_new) {
            candidates.retain(is_new);
        }
        if let Some(best) = choose(&candidates) {
            charged.insert(best.swarm.clone());
            let worker = (best.swarm.clone(), best.session.clone());
            choices.push(Choice { task: task.id.clone(), worker });
        }
    }
    choices
}

fn candidates(view: &View, planner: &Planner, task: &TaskRecord, now: Timestamp) -> Vec<Candidate> {
    let situation = view.situation(&task.id);
    let mut candidates = Vec::new();
    for swarm in view.connected() {
        let account = view.account(swarm);
        let (coverage, governor_score) =
            Governor::suitability(&account, &task.required_capabilities, view.policy());
        for (session, entry) in view.workers(swarm) {
            let claim = Claim {
                task: task.id.clone(),
                swarm: swarm.clone(),
                claim_id: ClaimId::fresh(now),
                lease: session.lease().unwrap(),
                session: Some(session.clone()),
                pushed: true,
            };
            if assess(&situation, &account, &claim, Ground::Free, view.policy(), now).is_err() {
                continue;
            }
            candidates.push(Candidate {
                swarm: swarm.clone(),
                session: session.clone(),
                slots: entry.slots,
                used: view.used(session),
                health: planner.health.get(swarm).copied().unwrap_or_default().weight(),
                coverage,
                governor_score,
                preferred: task.preferred.as_ref() == Some(swarm),
            });
        }
    }
    candidates.retain(|candidate| candidate.used < candidate.slots && candidate.health > 0.0);
    candidates
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_plan_is_the_one_that_weighing_everything_gives(
        happenings in prop::collection::vec((happening(), 0_u8..4, 0_usize..4), 0..80),
    ) {
        let mut scene = Scene::default();
        let mut planner = Planner::default();
        let mut now = at(1000);
        for (happening, looks, kept) in happenings {
            happen(&mut scene, &mut planner, &mut now, &happening);
            // Several things may happen before the leader looks.
            if looks == 0 {
                continue;
            }
            let change = scene.view.take_change();
            planner.update(&scene.view, change, now);
            let most = if looks == 1 { 1 } else { 100 };
            let expected = reference(&scene.view, &planner, now, most);
            let planned = planner.plan(&scene.view, now, most);
            prop_assert_eq!(&planned, &expected);
            // Of what was planned, some is committed and some is refused.
            for Choice { task, worker: (swarm, session) } in planned.into_iter().take(kept) {
                scene.hold(&task, &swarm, session.lease().unwrap());
            }
        }
    }
}

/// A crowd: `swarms` of one worker each, and `tasks` that need one of three things.
fn crowd(swarms: usize, tasks: usize) -> Scene {
    let mut scene = Scene::default();
    for number in 0..swarms {
        let swarm: SwarmId = format!("s{number}").parse().unwrap();
        scene.connect(&swarm, i64::try_from(number).unwrap() + 1, 1);
        let profile = json!({"capabilities": capabilities(7), "cost_per_hour": 0.0});
        scene.put(&Key::Profile(swarm), &profile);
    }
    for number in 0..tasks {
        let id = format!("t{number}").parse().unwrap();
        let required_capabilities = capabilities(1 << (number % 3));
        scene.submit(&TaskRecord { required_capabilities, ..TaskRecord::new(id, "tester", at(1)) });
    }
    scene
}

/// Plans and commits until nothing more can be planned; which task each swarm got.
fn settle(scene: &mut Scene, planner: &mut Planner) -> BTreeMap<SwarmId, TaskId> {
    let mut got = BTreeMap::new();
    loop {
        let change = scene.view.take_change();
        planner.update(&scene.view, change, at(2000));
        let planned = planner.plan(&scene.view, at(2000), 100);
        if planned.is_empty() {
            return got;
        }
        for Choice { task, worker: (swarm, session) } in planned {
            scene.hold(&task, &swarm, session.lease().unwrap());
            got.insert(swarm, task);
        }
    }
}

#[test]
fn one_worker_that_is_free_again_is_weighed_alone_however_many_wait_and_work() {
    let (mut scene, mut planner) = (crowd(500, 3000), Planner::default());
    let got = settle(&mut scene, &mut planner);
    assert_eq!(got.len(), 500);
    let (swarm, task) = got.first_key_value().unwrap();
    let before = planner.weighed;
    scene.delete(&Key::Record(task.clone()));
    scene.let_go(task);
    let next = settle(&mut scene, &mut planner);
    assert_eq!(next.keys().collect::<Vec<_>>(), [swarm]);
    let weighed = planner.weighed - before;
    assert!(weighed <= 20, "{weighed} were weighed for one that changed");
}

#[test]
fn one_task_that_is_ready_weighs_a_few_workers_however_many_are_free() {
    let (mut scene, mut planner) = (crowd(3000, 0), Planner::default());
    assert!(settle(&mut scene, &mut planner).is_empty());
    let before = planner.weighed;
    let record = TaskRecord::new("t".parse().unwrap(), "tester", at(1));
    scene.submit(&TaskRecord { required_capabilities: capabilities(7), ..record });
    assert_eq!(settle(&mut scene, &mut planner).len(), 1);
    let weighed = planner.weighed - before;
    assert!(weighed <= 10, "{weighed} were weighed for one task");
}

#[test]
fn time_alone_lets_a_trial_through_when_its_breaker_says_so() {
    let (mut scene, mut planner) = (Scene::default(), Planner::default());
    scene.connect(&swarm(0), 1, 1);
    scene.put(&Key::Breaker(Scope::Swarm(swarm(0))), &broken(4, at(60)));
    scene.submit(&TaskRecord::new(task(0), "tester", at(0)));
    let change = scene.view.take_change();
    planner.update(&scene.view, change, at(0));
    assert_eq!(planner.plan(&scene.view, at(59), 100), []);
    let worker = (swarm(0), SessionId::of_lease(1));
    assert_eq!(planner.plan(&scene.view, at(60), 100), [Choice { task: task(0), worker }]);
}
