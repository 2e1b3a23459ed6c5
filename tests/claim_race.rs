//! A task has one owner, whoever else wanted it at the same moment; and only the owner ends it.

use crate::support::command::{Finished, Running};
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    of_fifty_claimants_exactly_one_wins,
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
