//! What was acknowledged is there after `kill -9` in the middle of a load, and nobody owns what another owns.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use infrafabric::clock::Clock;
use infrafabric::coordinator::Token;
use infrafabric::coordinator::backlog::NewTask;
use infrafabric::coordinator::service::{Authority, Claim, ClaimOutcome, Coordinator, Finished};
use infrafabric::id::{ClaimId, TaskId};
use infrafabric::store::{Connection, Store};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::support::connected::connection_to;
use crate::support::patience::eventually;
use crate::support::raw::Raw;
use crate::support::servers::{self, Backend};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(acknowledged_claims_survive_a_kill_in_the_middle_of_a_load);

const ROUNDS: usize = 3;
const TASKS: usize = 60;
const CLAIMANTS: usize = 8;
/// The kill comes after this many acknowledged claims of a round.
const BEFORE_THE_KILL: usize = 15;

/// A claim that its claimant was told to have won.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Acknowledged {
    swarm: String,
    token: Token,
}

/// All acknowledged claims, by task. A task that is acknowledged twice fails the test at once.
#[derive(Debug, Clone, Default)]
struct Ledger(Arc<Mutex<BTreeMap<TaskId, Acknowledged>>>);

impl Ledger {
    fn note(&self, claim: &Claim, token: Token) {
        let won = Acknowledged { swarm: claim.swarm.to_string(), token };
        if let Some(before) = self.0.lock().unwrap().insert(claim.task.clone(), won.clone()) {
            assert_eq!(before, won, "{} has two owners", claim.task);
        }
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn all(&self) -> BTreeMap<TaskId, Acknowledged> {
        self.0.lock().unwrap().clone()
    }
}

async fn connect(endpoint: &str) -> Coordinator {
    let connection = Connection { timeout: Duration::from_secs(5), ..connection_to(endpoint) };
    Coordinator::new(Store::connect(&connection).await.unwrap(), Clock::System)
}

/// Claims one task after the other until the store is gone; gives the claim that got no answer.
async fn claim_all(tasks: Vec<TaskId>, swarm: String, endpoint: String, ledger: Ledger) -> Option<Claim> {
    let coordinator = connect(&endpoint).await;
    for task in tasks {
        // As the command does it: a lease for each claim, which ends with it.
        let lease = coordinator.store().grant(Duration::from_mins(10)).await.ok()?;
        let claim = Claim {
            task,
            swarm: swarm.parse().unwrap(),
            claim_id: ClaimId::fresh(Clock::System.now()),
            lease: lease.id,
            session: None,
            pushed: false,
        };
        match coordinator.claim(&claim).await {
            Ok(ClaimOutcome::Won { token, .. }) => ledger.note(&claim, token),
            Ok(ClaimOutcome::Lost { .. }) => {}
            Ok(other) => panic!("{other:?}"),
            Err(_) => return Some(claim),
        }
    }
    None
}

/// Submits a round's tasks and sets all claimants on them.
fn load(runtime: &Runtime, site: &Site, round: usize, ledger: &Ledger) -> Vec<JoinHandle<Option<Claim>>> {
    let endpoint = site.server.endpoint();
    let tasks: Vec<TaskId> = (0..TASKS).map(|i| format!("r{round}-{i}").parse().unwrap()).collect();
    runtime.block_on(async {
        let coordinator = connect(endpoint).await;
        for task in &tasks {
            coordinator.submit(&NewTask::named(task.clone()), &Authority::of("tester")).await.unwrap();
        }
    });
    let in_order =
        |i: usize| if i.is_multiple_of(2) { tasks.clone() } else { tasks.iter().rev().cloned().collect() };
    (0..CLAIMANTS)
        .map(|i| {
            let claiming = claim_all(in_order(i), format!("s{i}"), endpoint.to_owned(), ledger.clone());
            runtime.spawn(claiming)
        })
        .collect()
}

fn assert_everything_is_there(raw: &Raw, ledger: &Ledger) {
    for (task, won) in ledger.all() {
        assert_eq!(raw.get(&format!("/tasks/{task}/owner")), Some(won.swarm.clone()), "{task}");
        assert_eq!(raw.created(&format!("/tasks/{task}/hold")), Some(won.token.revision), "{task}");
        let record = raw.json(&format!("/tasks/{task}/record")).unwrap();
        assert_eq!((&record["owner"], &record["state"]), (&won.swarm.into(), &"working".into()), "{task}");
    }
}

fn acknowledged_claims_survive_a_kill_in_the_middle_of_a_load(backend: Backend) {
    let mut site = Site::start(backend);
    let runtime = Runtime::new().unwrap();
    let ledger = Ledger::default();
    let mut revision = 0;
    for round in 0..ROUNDS {
        let before = ledger.len();
        let claimants = load(&runtime, &site, round, &ledger);
        eventually("the load is under way", || (ledger.len() >= before + BEFORE_THE_KILL).then_some(()));
        if backend != Backend::Engine {
            site.coordinator.kill();
        }
        site.server.kill();
        let unanswered: Vec<Claim> =
            claimants.into_iter().filter_map(|claimant| runtime.block_on(claimant).unwrap()).collect();

        site.server.restart();
        let raw = site.raw();
        assert_everything_is_there(&raw, &ledger);
        let newest = ledger.all().values().map(|won| won.token.revision).max().unwrap();
        assert!(raw.revision() >= newest && newest > revision, "{} {newest} {revision}", raw.revision());
        revision = raw.revision();

        // Whoever got no answer asks again, and learns whether it had won.
        runtime.block_on(async {
            let coordinator = connect(site.server.endpoint()).await;
            for claim in unanswered {
                if let ClaimOutcome::Won { token, .. } = coordinator.claim(&claim).await.unwrap() {
                    ledger.note(&claim, token);
                }
            }
        });
        if backend != Backend::Engine {
            site.coordinator = servers::Coordinator::start(&site.server);
        }
    }
    assert_everything_is_there(&site.raw(), &ledger);
    assert_each_task_was_claimed_once(&site.raw());
    assert_the_tokens_are_good(&runtime, &site, &ledger);
    eventually("a coordinator leads", || (site.run("coordinator health").code == 0).then_some(()));
}

fn assert_each_task_was_claimed_once(raw: &Raw) {
    let mut claims: HashMap<String, usize> = HashMap::new();
    for change in raw.history("/tasks/").into_iter().filter(|change| change.key.ends_with("/owner")) {
        if change.value != "unclaimed" {
            *claims.entry(change.key).or_default() += 1;
        }
    }
    assert!(claims.len() >= ROUNDS * BEFORE_THE_KILL, "{claims:?}");
    assert!(claims.values().all(|count| *count == 1), "{claims:?}");
}

fn assert_the_tokens_are_good(runtime: &Runtime, site: &Site, ledger: &Ledger) {
    runtime.block_on(async {
        let coordinator = connect(site.server.endpoint()).await;
        for (task, won) in ledger.all() {
            let completed = coordinator.complete(&task, won.token, b"done".to_vec(), None).await.unwrap();
            assert!(matches!(completed, Finished::Done(_)), "{completed:?}");
        }
    });
}
