//! A task has one owner, whoever else wanted it at the same moment; and only the owner ends it.

use std::sync::Arc;
use std::time::Duration;

use infrafabric::clock::Clock;
use infrafabric::coordinator::service::{Claim, ClaimOutcome, Coordinator};
use infrafabric::id::{ClaimId, TaskId};
use infrafabric::store::Store;
use tokio::sync::Barrier;

use crate::support::command::{Finished, Running};
use crate::support::connected::connection_to;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    of_fifty_claimants_exactly_one_wins,
    claims_that_overlap_have_one_winner,
    only_the_holders_token_completes,
    a_claim_that_is_repeated_is_lost
);

fn of_fifty_claimants_exactly_one_wins(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let racers: Vec<Running> =
        (1..=50).map(|i| site.ifctl(&format!("coordinator claim T --swarm s{i}")).spawn()).collect();
    let ended: Vec<Finished> = racers.into_iter().map(Running::finish).collect();

    let (winners, losers): (Vec<_>, Vec<_>) = (1..).zip(ended).partition(|(_, finished)| finished.code == 0);
    let [(winner, won)] = winners.try_into().unwrap();
    assert_eq!(losers.len(), 49);
    for (_, lost) in losers {
        let lost = lost.expect(4);
        assert_eq!(lost.stdout, "");
        assert_eq!(
            lost.stderr,
            format!("error: task T is claimed by s{winner}\nhint: ifctl coordinator show T\n")
        );
    }

    let task = site.show("T");
    assert_eq!(won.stdout, format!("{}\n", task["token"].as_str().unwrap()));
    assert_eq!(task["record"]["owner"], format!("s{winner}"));
    assert_eq!(task["record"]["attempt"], 1);
    assert_eq!(site.raw().get("/tasks/T/owner"), Some(format!("s{winner}")));
    let claims = site.raw().history("/tasks/T/hold");
    assert_eq!(claims.len(), 1, "{claims:?}");
}

/// Processes start too far apart to overlap often. Here all have read before anybody has written: only the
/// compares of the transaction can tell them apart.
fn claims_that_overlap_have_one_winner(backend: Backend) {
    const RACERS: usize = 16;
    let site = Site::start(backend);
    let endpoint = site.server.endpoint().to_owned();
    let tasks: Vec<String> = (1..=10).map(|round| format!("T{round}")).collect();
    for task in &tasks {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    let race = async {
        for task in &tasks {
            let start = Arc::new(Barrier::new(RACERS));
            let racers: Vec<_> = (1..=RACERS)
                .map(|i| tokio::spawn(claim(endpoint.clone(), task.parse().unwrap(), i, start.clone())))
                .collect();
            let mut winners = 0;
            for racer in racers {
                winners += usize::from(racer.await.unwrap());
            }
            assert_eq!(winners, 1, "{task}");
        }
    };
    tokio::runtime::Runtime::new().unwrap().block_on(race);
    for task in &tasks {
        assert_eq!(site.raw().history(&format!("/tasks/{task}/hold")).len(), 1, "{task}");
    }
}

/// Claims with a connection of its own, at the same moment as the others; whether it won.
async fn claim(endpoint: String, task: TaskId, racer: usize, start: Arc<Barrier>) -> bool {
    let connection = connection_to(&endpoint);
    let store = Store::connect(&connection).await.unwrap();
    let lease = store.grant(Duration::from_mins(1)).await.unwrap().id;
    let claim = Claim {
        task,
        swarm: format!("s{racer}").parse().unwrap(),
        claim_id: ClaimId::fresh(Clock::System.now()),
        lease,
        session: None,
        pushed: false,
    };
    start.wait().await;
    let outcome = Coordinator::new(store, Clock::System).claim(&claim).await.unwrap();
    matches!(outcome, ClaimOutcome::Won { .. })
}

fn only_the_holders_token_completes(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let token = site.claim("T", "s1");
    let stale = site.run("coordinator complete T --token 0.1 --result forged").expect(5);
    assert!(stale.stderr.contains("token 0.1 of task T is stale: s1 holds the task now"), "{}", stale.stderr);

    let complete = format!("coordinator complete T --token {token} --result done");
    site.run(&complete).expect(0);
    site.run(&complete).expect(0);
    site.run("coordinator complete T --token 0.1 --result forged").expect(5);
    let task = site.show("T");
    assert_eq!(
        (task["record"]["state"].as_str(), task["result"].as_str()),
        (Some("completed"), Some("done"))
    );
    let accepted = site.raw().history("/tasks/T/record");
    assert_eq!(accepted.iter().filter(|change| change.json()["op"] == "complete").count(), 1);
}

fn a_claim_that_is_repeated_is_lost(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    site.claim("T", "s1");
    site.run("coordinator claim T --swarm s1").expect(4);
    site.run("coordinator claim nothing --swarm s1").expect(3);
}
