//! All swarms together spend no more than the overall budget, and none waits for what another does not need.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::command::{Finished, Running};
use crate::support::patience::eventually;
use crate::support::raw::Raw;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    swarms_that_race_never_commit_more_than_the_overall_budget,
    what_others_do_not_need_is_recalled_before_anybody_is_refused,
    whoever_dies_between_drawing_and_claiming_leaves_the_books_balanced,
    charges_and_costs_above_what_was_set_aside_are_drawn_too,
    workers_are_given_what_the_overall_budget_allows,
    the_overall_budget_is_raised_and_lowered_as_far_as_it_is_not_committed,
    help_that_it_cannot_pay_calls_a_human,
    helpers_that_are_asked_together_take_nothing_from_each_other,
    people_are_told_of_every_mark_once_and_anew_under_a_higher_cap,
    it_is_taken_away_again_and_limits_nobody_then,
    what_another_frees_is_given_to_who_waits_for_it,
);

const POLICY: &str = "capability_registry: {}\nhealth:\n  overdue_after_seconds: 1\n";

fn amount(value: &Value, name: &str) -> i64 {
    value[name].as_i64().unwrap_or(0)
}

/// Starts a place with an overall budget and so many swarms that cost 3 dollars an hour.
fn start(backend: Backend, swarms: usize, overall: &str) -> Site {
    let site = Site::start_under(backend, POLICY);
    for swarm in 1..=swarms {
        let offer = format!("--capabilities a:b,a:s{swarm} --cost-per-hour 3 --budget 100");
        site.run(&format!("governor register s{swarm} {offer}")).expect(0);
    }
    site.run(&format!("governor set-budgets --overall {overall}")).expect(0);
    site
}

/// What the books say at every revision: allotments and what is not allotted are the cap, and no swarm has committed
/// more than its allotment.
#[track_caller]
fn assert_balanced(raw: &Raw) {
    let (mut overall, mut swarms) = (None, BTreeMap::new());
    let changes = raw.history("/governor/budgets/");
    for (index, change) in changes.iter().enumerate() {
        if change.key.ends_with("/overall") {
            overall = Some(change.json());
        } else {
            swarms.insert(change.key.clone(), change.json());
        }
        if changes.get(index + 1).is_some_and(|next| next.revision == change.revision) {
            continue;
        }
        let Some(overall) = &overall else { continue };
        let allotted: i64 = swarms.values().map(|budget| amount(&budget["allotment"], "amount")).sum();
        assert_eq!(allotted + amount(overall, "unallotted"), amount(overall, "cap"), "{change:?}");
        for budget in swarms.values().filter(|budget| budget["allotment"].is_object()) {
            let committed = amount(&budget["allotment"], "spent") + amount(budget, "reserved");
            assert!(committed <= amount(&budget["allotment"], "amount"), "{change:?}");
        }
    }
}

fn allotted(site: &Site, swarm: &str) -> i64 {
    let budget = site.raw().json(&format!("/governor/budgets/swarm/{swarm}")).unwrap();
    amount(&budget["allotment"], "amount")
}

/// How often people were told that it refuses work.
fn overall_calls(site: &Site) -> usize {
    let is_meant =
        |call: &&Value| call["issue"].as_str().is_some_and(|issue| issue.starts_with("work is refused"));
    site.escalations().iter().filter(is_meant).count()
}

fn swarms_that_race_never_commit_more_than_the_overall_budget(backend: Backend) {
    let site = start(backend, 10, "20");
    let tasks: Vec<_> = (1..=20).map(|i| format!(r#"{{"id":"t{i}"}}"#)).collect();
    site.ifctl("coordinator submit --file -").stdin(tasks.join("\n")).run().expect(0);
    let claim = |i: usize| format!("coordinator claim t{i} --swarm s{}", 1 + i % 10);
    let racers: Vec<Running> = (1..=20).map(|i| site.ifctl(&claim(i)).spawn()).collect();
    let ended: Vec<Finished> = racers.into_iter().map(Running::finish).collect();

    // Six times 3 dollars fit into 20, whoever has them.
    let (won, refused): (Vec<_>, Vec<_>) = (1..).zip(ended).partition(|(_, finished)| finished.code == 0);
    assert_eq!(won.len(), 6, "{refused:?}");
    for (_, finished) in refused {
        let finished = finished.expect(6);
        assert!(finished.stderr.contains("the overall budget has 2.00 dollars left"), "{}", finished.stderr);
    }
    for swarm in 1..=10 {
        assert_eq!(site.raw().get(&format!("/swarms/s{swarm}/status")).as_deref(), Some("active"));
    }
    assert_eq!(overall_calls(&site), 1);
    for (i, finished) in won {
        let token = finished.stdout.trim();
        site.run(&format!("coordinator complete t{i} --token {token}")).expect(0);
    }
    let line = site.json("governor budgets overall")[0].take();
    assert_eq!((amount(&line, "spent"), amount(&line, "reserved")), (18_000_000, 0));
    assert_eq!((amount(&line, "cap"), amount(&line, "left")), (20_000_000, 2_000_000));
    assert_balanced(&site.raw());
}

fn what_others_do_not_need_is_recalled_before_anybody_is_refused(backend: Backend) {
    let site = start(backend, 3, "9");
    for task in ["t1", "t2", "t3", "t4"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    for (task, swarm) in [("t1", "s1"), ("t2", "s2"), ("t3", "s2")] {
        let token = site.claim(task, swarm);
        site.run(&format!("coordinator release {task} --token {token}")).expect(0);
    }
    assert_eq!(allotted(&site, "s1") + allotted(&site, "s2"), 6_000_000);
    site.ifctl("coordinator submit large --max-cost 9").run().expect(0);
    let token = site.claim("large", "s3");
    assert_eq!((allotted(&site, "s1"), allotted(&site, "s2"), allotted(&site, "s3")), (0, 0, 9_000_000));
    let refused = site.run("coordinator claim t4 --swarm s1").expect(6);
    assert_eq!(
        refused.stderr,
        "error: the overall budget has 0.00 dollars left, 3.00 are needed\nhint: ifctl governor budgets\n"
    );
    site.run(&format!("coordinator complete large --token {token} --cost 1")).expect(0);
    site.claim("t4", "s1");
    assert_balanced(&site.raw());
}

fn whoever_dies_between_drawing_and_claiming_leaves_the_books_balanced(backend: Backend) {
    let site = start(backend, 2, "3");
    site.run("coordinator submit t1").expect(0);
    let died = site
        .ifctl("coordinator claim t1 --swarm s1")
        .env("FAILPOINTS", "claim-drawn=return")
        .spawn()
        .finish();
    assert_ne!(died.code, 0, "{died:?}");
    assert_eq!((allotted(&site, "s1"), site.budget("s1")), (3_000_000, (0, 0, 100_000_000)));
    assert_eq!(site.state("t1"), "submitted/ready");
    site.claim("t1", "s2");
    assert_eq!((allotted(&site, "s1"), allotted(&site, "s2")), (0, 3_000_000));
    assert_balanced(&site.raw());
}

fn charges_and_costs_above_what_was_set_aside_are_drawn_too(backend: Backend) {
    let site = start(backend, 2, "10");
    site.run("coordinator submit t1").expect(0);
    site.run("governor charge s1 --operation call --cost 2").expect(0);
    let token = site.claim("t1", "s1");
    let refused = site.run("governor charge s2 --operation call --cost 5.5").expect(6);
    assert!(refused.stderr.contains("the overall budget has 5.00 dollars left, 5.50 are needed"));
    assert_eq!(site.raw().get("/swarms/s2/status").as_deref(), Some("active"));
    site.run(&format!("coordinator complete t1 --token {token} --cost 6")).expect(0);
    site.run("governor charge s2 --operation bill --cost 1.5 --incurred").expect(0);
    assert_balanced(&site.raw());
    let line = site.json("governor budgets overall")[0].take();
    assert_eq!((amount(&line, "spent"), amount(&line, "left")), (9_500_000, 500_000));
    // What is gone is booked, and seen.
    site.run("governor charge s2 --operation bill --cost 4 --incurred").expect(0);
    let line = site.json("governor budgets overall")[0].take();
    assert_eq!((amount(&line, "spent"), amount(&line, "allotted")), (13_500_000, 10_000_000));
}

fn workers_are_given_what_the_overall_budget_allows(backend: Backend) {
    let site = start(backend, 1, "4");
    site.run("governor register free --capabilities a:b --cost-per-hour 0").expect(0);
    for task in ["t1", "t2"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    site.run("coordinator work --swarm s1 --once -- true").expect(0);
    assert_eq!(site.budget("s1").0, 3_000_000);
    let _paid = site.ifctl("coordinator work --swarm s1 -- true").spawn();
    eventually("a human is called", || (overall_calls(&site) == 1).then_some(()));
    eventually("the second has waited for long", || {
        let age = site.json("coordinator status")["oldest_ready"]["age_seconds"].as_u64();
        age.filter(|age| *age >= 3)
    });
    site.run("coordinator health").expect(0);
    site.run("governor set-budgets --overall 6").expect(0);
    eventually("the second is done", || (site.budget("s1").0 == 6_000_000).then_some(()));
    site.run("coordinator submit t3").expect(0);
    site.run("coordinator work --swarm free --once -- true").expect(0);
    assert_eq!((site.state("t3").as_str(), site.budget("s1").0), ("completed", 6_000_000));
    assert_balanced(&site.raw());
}

fn the_overall_budget_is_raised_and_lowered_as_far_as_it_is_not_committed(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    site.run("governor register s1 --capabilities a:b --cost-per-hour 3 --budget 100").expect(0);
    site.run("coordinator submit t1").expect(0);
    let token = site.claim("t1", "s1");
    let refused = site.run("governor set-budgets --overall 2").expect(6);
    assert!(refused.stdout.contains("refused: 3.00 are spent or reserved"), "{}", refused.stdout);
    assert_eq!(site.raw().get("/governor/budgets/overall"), None);
    site.run("governor set-budgets --overall 5 --dry-run").expect(0);
    assert_eq!(site.raw().get("/governor/budgets/overall"), None);
    site.run("governor set-budgets --overall 5 --period day").expect(0);
    assert_eq!(allotted(&site, "s1"), 3_000_000);
    site.run(&format!("coordinator complete t1 --token {token} --cost 1")).expect(0);
    site.run("governor set-budgets --overall 0.5").expect(6);
    site.run("governor set-budgets --overall 1").expect(0);
    assert_eq!(allotted(&site, "s1"), 1_000_000);
    site.run("governor set-budgets --overall 8").expect(0);
    let line = site.json("governor budgets overall")[0].take();
    assert_eq!((amount(&line, "spent"), amount(&line, "allotted")), (1_000_000, 1_000_000));
    assert!(line["period"].as_str().unwrap().starts_with("day/"), "{line}");
    let shown = site.run("governor budgets").expect(0).stdout;
    assert!(shown.contains("overall") && shown.contains("ALLOTTED"), "{shown}");
    assert_balanced(&site.raw());
}

fn help_that_it_cannot_pay_calls_a_human(backend: Backend) {
    let site = start(backend, 2, "4");
    site.run("coordinator submit t1").expect(0);
    let token = site.claim("t1", "s1");
    site.run(&format!("coordinator block t1 --token {token} --needs a:s2 --description how? --cost 1"))
        .expect(0);
    let call = eventually("a human is called", || {
        site.escalations().into_iter().find(|call| call["kind"] == "no_help")
    });
    let issue = call["issue"].as_str().unwrap();
    assert!(issue.contains("the overall budget has 3.00 dollars left"), "{issue}");
    assert_eq!(site.budget("s2").1, 0);
    site.run("governor set-budgets --overall 30").expect(0);
    site.run("governor request-help t1").expect(0);
    assert!(site.budget("s2").1 > 0);
    assert_balanced(&site.raw());
}

fn helpers_that_are_asked_together_take_nothing_from_each_other(backend: Backend) {
    let site = start(backend, 3, "10");
    site.run("coordinator submit t1").expect(0);
    let token = site.claim("t1", "s1");
    let block = "--needs a:s2,a:s3 --description how? --cost 3";
    site.run(&format!("coordinator block t1 --token {token} {block}")).expect(0);
    // Each would get 5 dollars, and 7 are left.
    eventually("a human is called", || site.escalations().into_iter().find(|call| call["kind"] == "no_help"));
    assert_eq!((site.budget("s2").1, site.budget("s3").1), (0, 0));
    site.run("governor set-budgets --overall 13").expect(0);
    site.run("governor request-help t1").expect(0);
    assert_eq!((site.budget("s2").1, site.budget("s3").1), (5_000_000, 5_000_000));
    assert_balanced(&site.raw());
}

fn people_are_told_of_every_mark_once_and_anew_under_a_higher_cap(backend: Backend) {
    let site = start(backend, 2, "10");
    let told = |percent: u8, says: &str| {
        eventually(&format!("people are told of {percent} %"), || {
            let call =
                site.raw().json(&format!("/governor/escalations/budget-alert.overall.ever.{percent}"))?;
            call["issue"].as_str().is_some_and(|issue| issue.ends_with(says)).then_some(())
        });
    };
    let alerts = || {
        let ids = site.escalations().into_iter().filter_map(|call| call["id"].as_str().map(str::to_owned));
        ids.filter(|id| id.starts_with("budget-alert.overall.")).count()
    };
    site.run("governor charge s1 --operation call --cost 4").expect(0);
    site.run("governor charge s2 --operation call --cost 1").expect(0);
    told(50, "overall has spent 50 % of its budget: 5.00 of 10.00");
    site.run("governor charge s2 --operation call --cost 4.5").expect(0);
    told(90, "overall has spent 90 % of its budget: 9.50 of 10.00");
    assert_eq!(alerts(), 2, "the highest of two marks is enough");
    site.run("governor set-budgets --overall 30").expect(0);
    site.run("governor charge s1 --operation call --cost 6").expect(0);
    told(50, "overall has spent 50 % of its budget: 15.50 of 30.00");
    assert_eq!(alerts(), 2);
    assert_balanced(&site.raw());
}

fn it_is_taken_away_again_and_limits_nobody_then(backend: Backend) {
    let site = start(backend, 2, "4");
    for task in ["t1", "t2", "t3"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    let token = site.claim("t1", "s1");
    site.run("coordinator claim t2 --swarm s2").expect(6);
    site.run("governor set-budgets --no-overall --overall 5").expect(2);
    let planned = site.json("governor set-budgets --no-overall --dry-run");
    assert_eq!((&planned[0]["before"], &planned[0]["result"]), (&4_000_000.into(), &"removed".into()));
    assert!(site.raw().get("/governor/budgets/overall").is_some());
    site.run("governor set-budgets --no-overall").expect(0);
    assert_eq!(site.raw().get("/governor/budgets/overall"), None);
    let budget = site.raw().json("/governor/budgets/swarm/s1").unwrap();
    assert_eq!((&budget["allotment"], &budget["reserved"]), (&Value::Null, &3_000_000.into()));
    assert_eq!(budget["by"], "human:tester");
    site.claim("t2", "s2");
    site.run(&format!("coordinator complete t1 --token {token}")).expect(0);
    assert_eq!(site.json("governor set-budgets --no-overall")[0]["result"], "unchanged");
    // The next one begins with what is set aside, and with nothing spent.
    site.run("governor set-budgets --overall 5").expect(0);
    let line = site.json("governor budgets overall")[0].take();
    assert_eq!((amount(&line, "spent"), amount(&line, "reserved")), (0, 3_000_000));
    site.run("coordinator claim t3 --swarm s1").expect(6);
}

fn what_another_frees_is_given_to_who_waits_for_it(backend: Backend) {
    let site = start(backend, 2, "4");
    for task in ["t1", "t2"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    let token = site.claim("t1", "s2");
    let _worker = site.ifctl("coordinator work --swarm s1 -- true").spawn();
    eventually("a human is called", || (overall_calls(&site) == 1).then_some(()));
    // Its allotment stays with it, and can be recalled.
    site.run(&format!("coordinator complete t1 --token {token} --cost 0")).expect(0);
    eventually("the other is done", || (site.state("t2") == "completed").then_some(()));
    assert_balanced(&site.raw());
}
