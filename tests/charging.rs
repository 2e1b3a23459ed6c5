//! Charging: money moves while work goes on, is booked once, and never passes the cap unless it is gone already.

use serde_json::Value;

use crate::budgets::{assert_never_above_cap, breaker_calls};
use crate::support::command::{Finished, Running};
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    two_hundred_charges_at_once_never_pass_the_cap_and_the_books_balance,
    a_claim_is_charged_from_what_is_set_aside_and_its_end_books_only_the_rest,
    what_is_asked_for_and_not_left_opens_the_breaker_and_is_not_booked,
    what_is_gone_is_booked_in_full_and_calls_a_human,
    the_same_key_books_once_however_many_send_it,
    two_claims_of_a_task_book_the_same_key_once_each,
    whoever_has_no_budget_is_told_so_and_not_booked,
    budgets_that_are_not_enforced_are_booked_and_warned_about,
    a_holder_that_died_is_settled_once_and_corrects_by_its_token,
    charges_and_the_end_of_a_claim_at_once_book_nothing_twice,
    what_is_left_is_shown_with_how_long_it_lasts,
);

/// The charges of a swarm, as they are stored.
fn charges(site: &Site, swarm: &str) -> Vec<Value> {
    let found = site.raw().list(&format!("/governor/charges/{swarm}/"));
    found.iter().map(|(_, text)| serde_json::from_str(text).unwrap()).collect()
}

fn settlements(site: &Site, task: &str) -> Vec<Value> {
    let found = site.raw().list(&format!("/governor/settlements/{task}/"));
    found.iter().map(|(_, text)| serde_json::from_str(text).unwrap()).collect()
}

fn register(site: &Site, swarm: &str, budget: &str) {
    let line = format!("governor register {swarm} --capabilities a:b --cost-per-hour 2.0 --budget {budget}");
    site.run(&line).expect(0);
}

fn charge(site: &Site, rest: &str) -> Finished {
    site.run(&format!("governor charge {rest} --operation call"))
}

fn two_hundred_charges_at_once_never_pass_the_cap_and_the_books_balance(backend: Backend) {
    let site = Site::start(backend);
    register(&site, "s1", "10.0");
    let racers: Vec<Running> = (0..200)
        .map(|i| format!("governor charge s1 --operation call-{i} --cost 0.0730{i:02}", i = i % 100))
        .map(|line| site.ifctl(&line).args(["--command-timeout", "60s"]).spawn())
        .collect();
    let ended: Vec<Finished> = racers.into_iter().map(Running::finish).collect();
    let (booked, refused): (Vec<_>, Vec<_>) = ended.into_iter().partition(|finished| finished.code == 0);
    for finished in refused {
        finished.expect(6);
    }

    let (spent, reserved, cap) = site.budget("s1");
    assert_eq!((reserved, cap), (0, 10_000_000));
    assert!(cap - spent < 73_100, "it was refused too early: {spent} of {cap}");
    let charges = charges(&site, "s1");
    assert_eq!(charges.len(), booked.len());
    assert_eq!(charges.iter().map(|charge| charge["cost"].as_i64().unwrap()).sum::<i64>(), spent);
    assert_never_above_cap(&site.raw());
    assert_eq!(breaker_calls(&site).len(), 1);
}

fn a_claim_is_charged_from_what_is_set_aside_and_its_end_books_only_the_rest(backend: Backend) {
    let site = Site::start(backend);
    register(&site, "s1", "10.0");
    for task in ["t1", "t2", "t3"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    let token = site.claim("t1", "s1");
    assert_eq!(site.budget("s1"), (0, 2_000_000, 10_000_000));
    let drawn = charge(&site, &format!("s1 --task t1 --token {token} --cost 0.5")).expect(0);
    assert_eq!(drawn.stdout, "s1 charged 0.50 for call, 8.00 left\n");
    assert_eq!(site.budget("s1"), (500_000, 1_500_000, 10_000_000));
    charge(&site, &format!("s1 --task t1 --token {token} --cost 3.0")).expect(0);
    assert_eq!(site.budget("s1"), (3_500_000, 0, 10_000_000));
    // The claim's end says less than was charged: that is gone all the same.
    site.run(&format!("coordinator complete t1 --token {token} --cost 3.0")).expect(0);
    assert_eq!(site.budget("s1"), (3_500_000, 0, 10_000_000));
    assert_eq!(site.record("t1")["spent"], 3_500_000);
    charge(&site, &format!("s1 --task t1 --token {token} --cost 0.5")).expect(5);

    // The total, of which a part was charged; then nobody says it.
    for (task, end, spent) in [("t2", "--cost 0.75", 4_250_000), ("t3", "", 6_250_000)] {
        let token = site.claim(task, "s1");
        charge(&site, &format!("s1 --task {task} --token {token} --cost 0.5")).expect(0);
        charge(&site, &format!("s2 --task {task} --token {token} --cost 0.5")).expect(5);
        site.run(&format!("coordinator complete {task} --token {token} {end}")).expect(0);
        assert_eq!(site.budget("s1"), (spent, 0, 10_000_000), "{task}");
    }
    assert_eq!(site.raw().list("/governor/reservations/"), []);
    assert_never_above_cap(&site.raw());
}

fn what_is_asked_for_and_not_left_opens_the_breaker_and_is_not_booked(backend: Backend) {
    let site = Site::start(backend);
    register(&site, "s1", "3.0");
    site.run("coordinator submit t1").expect(0);
    let token = site.claim("t1", "s1");
    // Two dollars are set aside, one is left.
    let line = "governor charge s1 --cost 1.000001 --operation";
    let refused = site.ifctl(line).args(["call\nme"]).run().expect(6);
    assert!(refused.stderr.contains("1.00 dollars left, 1.000001 are needed"), "{}", refused.stderr);
    assert_eq!(site.budget("s1"), (0, 2_000_000, 3_000_000));
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("circuit_breaker_tripped"));
    assert_eq!(breaker_calls(&site).len(), 1);
    for line in ["s1 --cost 0.5", &format!("s1 --task t1 --token {token} --cost 0.5")] {
        let refused = charge(&site, line).expect(6);
        assert!(refused.stderr.contains("circuit breaker of s1 is open"), "{}", refused.stderr);
    }
    assert_eq!(charges(&site, "s1"), [] as [Value; 0]);
    // What it was for shows in one line, whatever it is.
    let (issue, shown) =
        (&breaker_calls(&site)[0]["issue"], site.run("governor escalations").expect(0).stdout);
    assert!(issue.as_str().unwrap().contains("asked for 1.000001 dollars for call\\nme"), "{issue}");
    assert_eq!(shown.lines().filter(|line| line.contains("circuit-breaker.s1.1")).count(), 1, "{shown}");
    // Its work was not in vain: what was set aside may be spent.
    site.run(&format!("coordinator complete t1 --token {token} --cost 1.5")).expect(0);
    assert_eq!((site.budget("s1"), breaker_calls(&site).len()), ((1_500_000, 0, 3_000_000), 1));
    for amount in ["-1", "NaN", "inf", "0.0000001"] {
        charge(&site, &format!("s1 --cost {amount}")).expect(2);
    }
}

fn what_is_gone_is_booked_in_full_and_calls_a_human(backend: Backend) {
    let site = Site::start(backend);
    register(&site, "s1", "1.0");
    charge(&site, "s1 --cost 0.999999 --incurred").expect(0);
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("active"));
    charge(&site, "s1 --cost 4.5 --incurred").expect(0);
    assert_eq!(site.budget("s1"), (5_499_999, 0, 1_000_000));
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("circuit_breaker_tripped"));
    // It goes on being booked, and nobody is called again.
    charge(&site, "s1 --cost 1 --incurred").expect(0);
    assert_eq!((site.budget("s1").0, charges(&site, "s1").len()), (6_499_999, 3));
    assert_eq!(breaker_calls(&site).len(), 1);
}

fn the_same_key_books_once_however_many_send_it(backend: Backend) {
    let site = Site::start(backend);
    register(&site, "s1", "10.0");
    let line = "governor charge s1 --operation call --cost 0.3 --idempotency-key k1 -o json";
    let racers: Vec<Running> = (0..10).map(|_| site.ifctl(line).spawn()).collect();
    let answers: Vec<String> = racers.into_iter().map(|running| running.finish().expect(0).stdout).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!((site.budget("s1").0, charges(&site, "s1").len()), (300_000, 1));
    let other = charge(&site, "s1 --cost 0.4 --idempotency-key k1").expect(4);
    assert!(other.stderr.contains("charged something else under the name k1"), "{}", other.stderr);
    assert_eq!(site.budget("s1").0, 300_000);
}

fn two_claims_of_a_task_book_the_same_key_once_each(backend: Backend) {
    let site = Site::start(backend);
    register(&site, "s1", "10.0");
    site.run("coordinator submit t1").expect(0);
    for spent in [300_000, 600_000] {
        let token = site.claim("t1", "s1");
        for _ in 0..2 {
            charge(&site, &format!("s1 --task t1 --token {token} --cost 0.3 --idempotency-key k1")).expect(0);
            assert_eq!(site.budget("s1").0, spent);
        }
        let other = format!("s1 --task t1 --token {token} --cost 0.4 --idempotency-key k1");
        charge(&site, &other).expect(4);
        site.run(&format!("coordinator release t1 --token {token}")).expect(0);
    }
    assert_eq!(charges(&site, "s1").len(), 2);

    // What an older version has booked under the name alone is not booked again.
    let token = site.claim("t1", "s1");
    let (_, text) = site.raw().list("/governor/charges/s1/").remove(0);
    let mut older: Value = serde_json::from_str(&text).unwrap();
    older.as_object_mut().unwrap().remove("token");
    older["id"] = "k2".into();
    site.raw().put("/governor/charges/s1/k2", &older.to_string());
    charge(&site, &format!("s1 --task t1 --token {token} --cost 0.3 --idempotency-key k2")).expect(0);
    assert_eq!(site.budget("s1").0, 600_000);
}

fn whoever_has_no_budget_is_told_so_and_not_booked(backend: Backend) {
    let site = Site::start(backend);
    let told = charge(&site, "stranger --cost 5").expect(0);
    assert_eq!(told.stdout, "stranger has no budget: nothing was booked\n");
    assert_eq!(site.json("governor charge stranger --cost 5 --operation call")["booked"], false);
    assert_eq!(charges(&site, "stranger"), [] as [Value; 0]);
}

fn budgets_that_are_not_enforced_are_booked_and_warned_about(backend: Backend) {
    let site = Site::start_under(backend, "resource_policy:\n  enable_budget_enforcement: false\n");
    register(&site, "s1", "1.0");
    let booked = charge(&site, "s1 --cost 1.5").expect(0);
    assert!(booked.stderr.contains("budgets are not enforced"), "{}", booked.stderr);
    assert_eq!(site.budget("s1"), (1_500_000, 0, 1_000_000));
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("active"));
}

fn a_holder_that_died_is_settled_once_and_corrects_by_its_token(backend: Backend) {
    let site = Site::start(backend);
    register(&site, "s1", "10.0");
    site.run("coordinator submit t1").expect(0);
    let won = site.run("coordinator claim t1 --swarm s1 --ttl 2s").expect(0);
    let token = won.stdout.trim();
    let late = |total: &str| charge(&site, &format!("s1 --task t1 --token {token} --total --cost {total}"));
    charge(&site, &format!("s1 --task t1 --token {token} --cost 0.25")).expect(0);
    late("1").expect(4);
    eventually("the claim is settled", || (site.state("t1") == "submitted/ready").then_some(()));
    assert_eq!(site.budget("s1"), (2_000_000, 0, 10_000_000));

    // Another has the task meanwhile, and pays for itself.
    let second = site.claim("t1", "s1");
    for (total, spent, before) in [("0.75", 750_000, 2_000_000), ("3.0", 3_000_000, 750_000)] {
        late(total).expect(0);
        assert_eq!(site.budget("s1"), (spent, 2_000_000, 10_000_000));
        let settled = settlements(&site, "t1");
        assert_eq!(settled.len(), 1, "{settled:?}");
        assert_eq!((&settled[0]["cost"], &settled[0]["corrected"]["from"]), (&spent.into(), &before.into()));
    }
    charge(&site, "s1 --task t1 --token 0.1 --total --cost 1").expect(5);
    charge(&site, &format!("s2 --task t1 --token {token} --total --cost 1")).expect(5);
    site.run(&format!("coordinator complete t1 --token {second} --cost 1.0")).expect(0);
    assert_eq!(site.budget("s1"), (4_000_000, 0, 10_000_000));
    assert_eq!(settlements(&site, "t1").len(), 2);

    // What an older version settled proves nobody's report.
    let (key, old) = site.raw().list("/governor/settlements/t1/").remove(0);
    let mut old: Value = serde_json::from_str(&old).unwrap();
    old.as_object_mut().unwrap().remove("token");
    site.raw().put(&key, &old.to_string());
    let refused = late("1").expect(5);
    assert!(refused.stderr.contains("older version"), "{}", refused.stderr);
    assert_never_above_cap(&site.raw());
}

fn charges_and_the_end_of_a_claim_at_once_book_nothing_twice(backend: Backend) {
    let site = Site::start(backend);
    register(&site, "s1", "10.0");
    site.run("coordinator submit t1").expect(0);
    let token = site.claim("t1", "s1");
    let proof = format!("--task t1 --token {token} --command-timeout 60s");
    let charging =
        |i: usize| format!("governor charge s1 --operation call --cost 0.3 {proof} --idempotency-key k{i}");
    let mut racers: Vec<Running> = (0..10).map(|i| site.ifctl(&charging(i)).spawn()).collect();
    racers.insert(5, site.ifctl(&format!("coordinator complete t1 --token {token} --cost 1.1")).spawn());
    let ended: Vec<Finished> = racers.into_iter().map(Running::finish).collect();
    for finished in ended {
        assert!([0, 5].contains(&finished.code), "{finished:?}");
    }
    let (spent, reserved, _) = site.budget("s1");
    let charged: i64 = charges(&site, "s1").iter().map(|charge| charge["cost"].as_i64().unwrap()).sum();
    assert_eq!((spent, reserved), (charged.max(1_100_000), 0));
    assert_eq!(settlements(&site, "t1")[0]["cost"], spent);

    // Many late reports at once: the last one counts, and the budget has what the settlement says.
    let late = |i: usize| format!("governor charge s1 --operation bill --cost {i} --total {proof}");
    let racers: Vec<Running> = (1..=8).map(|i| site.ifctl(&late(i)).spawn()).collect();
    for racer in racers {
        racer.finish().expect(0);
    }
    let settled = settlements(&site, "t1");
    assert_eq!(settled.len(), 1);
    assert_eq!(settled[0]["cost"], site.budget("s1").0);
    assert_never_above_cap(&site.raw());
}

fn what_is_left_is_shown_with_how_long_it_lasts(backend: Backend) {
    let site = Site::start(backend);
    register(&site, "s1", "10.0");
    let shown = &site.json("governor budgets s1")[0];
    assert_eq!((&shown["burn_per_hour"], &shown["exhausted_in_seconds"]), (&0.into(), &Value::Null));
    charge(&site, "s1 --cost 5").expect(0);
    let shown = &site.json("governor budgets swarm/s1")[0];
    // What was spent in the hour of the clock before counts less and less.
    let burn = shown["burn_per_hour"].as_i64().unwrap();
    assert!((4_000_000..=5_000_000).contains(&burn), "{shown}");
    let lasts = shown["exhausted_in_seconds"].as_u64().unwrap();
    assert!((3600..=4500).contains(&lasts), "{shown}");
    let table = site.run("governor budgets s1").expect(0).stdout;
    assert_eq!((table.lines().count(), table.contains("▓▓▓▓▓░░░░░")), (2, true), "{table}");
    site.run("governor budgets s9").expect(3);
    site.run("governor budgets galaxy/s1").expect(2);
}
