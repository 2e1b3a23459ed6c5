//! Capabilities: who can do what, what is needed that nobody can do; swarms that come, are looked at, and go.

use serde_json::{Value, json};

use crate::support::command::Finished;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    gaps_come_first_with_their_tasks_and_what_may_have_been_meant,
    the_needs_of_a_blocked_task_are_needs,
    a_capability_that_resembles_a_known_one_is_registered_with_a_note,
    a_swarm_that_is_unregistered_is_offered_no_more_and_keeps_its_history,
    a_swarm_at_work_is_unregistered_by_force_only,
    nobody_claims_what_was_decided_before_the_swarm_went,
    everything_about_a_swarm_is_shown,
    no_more_candidates_are_shown_than_were_asked_for,
    every_candidate_is_explained_by_its_figures_and_what_excluded_it,
    many_swarms_are_listed_instead_of_crossed,
);

const BARE: &str = "capability_registry: {}\n";

fn register(site: &Site, swarm: &str, capabilities: &str) -> Finished {
    site.run(&format!("governor register {swarm} --capabilities {capabilities} --cost-per-hour 2.0"))
        .expect(0)
}

fn names(rows: &Value, field: &str) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
}

fn gaps_come_first_with_their_tasks_and_what_may_have_been_meant(backend: Backend) {
    let site = Site::start_under(backend, BARE);
    register(&site, "s1", "code:rust,code:go");
    register(&site, "s2", "code:rust");
    for (task, needs) in [("t1", "code:rusty"), ("t2", "video:codec"), ("t3", "code:go"), ("over", "a:a")] {
        site.run(&format!("coordinator submit {task} --capabilities {needs}")).expect(0);
    }
    site.run("coordinator cancel over").expect(0);

    let matrix = site.json("governor capabilities");
    assert_eq!(names(&matrix["gaps"], "capability"), ["code:rusty", "video:codec"]);
    assert_eq!(matrix["gaps"][0]["needed_by"], json!(["t1"]));
    assert_eq!(
        matrix["near_misses"],
        json!([{"needed": "code:rusty", "offered": "code:rust", "offered_by": ["s1", "s2"]}])
    );
    assert_eq!(
        names(&matrix["capabilities"], "capability"),
        ["code:go", "code:rust", "code:rusty", "video:codec"]
    );
    assert_eq!(matrix["capabilities"][1]["offered_by"], json!(["s1", "s2"]));
    assert_eq!(matrix["swarms"], json!(["s1", "s2"]));

    let shown = site.run("governor capabilities").expect(0).stdout;
    let at = |text: &str| shown.find(text).unwrap_or_else(|| panic!("{text} is in:\n{shown}"));
    assert!(
        at("OFFERED BY NOBODY") < at("DID THEY MEAN") && at("DID THEY MEAN") < at("CAPABILITY"),
        "{shown}"
    );
    assert!(
        shown.contains("S1") && shown.lines().any(|line| line.contains("code:go") && line.ends_with('x')),
        "{shown}"
    );
    let gaps = site.run("governor capabilities --gaps").expect(0).stdout;
    assert!(gaps.contains("video:codec") && !gaps.contains("code:go"), "{gaps}");
    register(&site, "s3", "code:rusty,video:codec");
    let gaps = site.run("governor capabilities --gaps").expect(0).stdout;
    assert!(gaps.starts_with("no gaps"), "{gaps}");
}

fn the_needs_of_a_blocked_task_are_needs(backend: Backend) {
    let site = Site::start_under(backend, BARE);
    register(&site, "s1", "code:rust");
    site.run("coordinator submit T --capabilities code:rust").expect(0);
    let token = site.claim("T", "s1");
    site.run(&format!("coordinator block T --token {token} --needs legal:review --description may?"))
        .expect(0);
    let gaps = site.json("governor capabilities --gaps")["gaps"].take();
    assert_eq!(names(&gaps, "capability"), ["legal:review"]);
    assert_eq!(gaps[0]["needed_by"], json!(["T"]));
}

fn a_capability_that_resembles_a_known_one_is_registered_with_a_note(backend: Backend) {
    let policy = "capability_registry:\n  declared: {capabilities: [audio:opus], cost_per_hour: 1}\n";
    let site = Site::start_under(backend, policy);
    assert_eq!(register(&site, "s1", "integration:sip").stderr, "", "there is nothing it could mean");
    site.run("coordinator submit T --capabilities video:codec").expect(0);
    let noted = register(&site, "s2", "intergration:sip,video:codecs,audio:opas,code:rust").stderr;
    for meant in ["integration:sip", "video:codec", "audio:opus"] {
        assert!(noted.contains(&format!("did you mean {meant}?")), "{noted}");
    }
    assert_eq!(noted.lines().count(), 3, "{noted}");
    assert!(site.raw().get("/capabilities/intergration:sip/s2").is_some(), "it is accepted all the same");
    let asked = site.run("governor find-help --required integration:sit").expect(3);
    assert!(asked.stderr.contains("did you mean integration:sip?"), "{}", asked.stderr);
    assert_eq!(register(&site, "s3", "integration:sip,video:codec,audio:opus").stderr, "", "all are known");
    let gone = site.run("governor unregister declared").expect(0);
    assert!(gone.stderr.contains("the policy in force declares declared"), "{}", gone.stderr);
}

fn a_swarm_that_is_unregistered_is_offered_no_more_and_keeps_its_history(backend: Backend) {
    let site = Site::start_under(backend, BARE);
    site.run("governor register s1 --capabilities a:a,b:b --cost-per-hour 2.0 --budget 2.0").expect(0);
    site.run("coordinator submit T").expect(0);
    let token = site.claim("T", "s1");
    site.run(&format!("coordinator complete T --token {token} --cost 2.0")).expect(0);
    site.raw().put("/governor/reputation/s1", r#"{"score": 0.25}"#);
    let breaker = site.raw().get("/governor/breakers/swarm/s1");
    for stray in 0..130 {
        site.raw().put(&format!("/capabilities/stray:s{stray}/s1"), "");
    }

    let gone = site.run("governor unregister s1").expect(0);
    assert!(gone.stdout.contains("2.00 of 2.00 dollars stay spent"), "{}", gone.stdout);
    for key in ["profile", "capabilities"] {
        assert_eq!(site.raw().get(&format!("/swarms/s1/{key}")), None);
    }
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("circuit_breaker_tripped"));
    assert!(site.raw().list("/capabilities/").is_empty());
    assert_eq!(site.budget("s1"), (2_000_000, 0, 2_000_000));
    assert_eq!(site.raw().get("/governor/breakers/swarm/s1"), breaker);
    site.run("governor unregister s1").expect(3);
    let left = site.json("governor show s1");
    assert_eq!((&left["registered"], &left["reputation"]), (&false.into(), &0.25.into()));

    site.run("governor register s1 --capabilities a:a --cost-per-hour 2.0").expect(0);
    assert_eq!(site.budget("s1"), (2_000_000, 0, 2_000_000));
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("circuit_breaker_tripped"));
    assert_eq!(site.json("governor show s1")["reputation"], 0.25);
}

fn a_swarm_at_work_is_unregistered_by_force_only(backend: Backend) {
    let site = Site::start_under(backend, BARE);
    register(&site, "s1", "a:a");
    register(&site, "s2", "a:a");
    site.run("coordinator submit T").expect(0);
    let token = site.claim("T", "s1");
    let refused = site.run("governor unregister s1").expect(6);
    assert!(refused.stderr.contains("s1 is at work: T, 0 connected"), "{}", refused.stderr);
    assert!(refused.stderr.contains("--force"), "{}", refused.stderr);
    assert!(site.raw().get("/swarms/s1/profile").is_some());
    site.run("governor unregister s1 --force").expect(0);
    // What was begun is finished, and paid for.
    site.run(&format!("coordinator complete T --token {token} --cost 1.0")).expect(0);
    assert_eq!(site.budget("s1"), (1_000_000, 0, 10_000_000));

    let mut worker = site.ifctl("coordinator listen --swarm s2").spawn();
    assert_eq!(worker.stdout_lines().next_json()["type"], "connected");
    let refused = site.run("governor unregister s2").expect(6);
    assert!(refused.stderr.contains("1 connected"), "{}", refused.stderr);
    worker.terminate().expect(0);
    eventually("it may go", || (site.run("governor unregister s2").code == 0).then_some(()));
    site.run("governor unregister nobody").expect(3);
}

fn nobody_claims_what_was_decided_before_the_swarm_went(backend: Backend) {
    let site = Site::start_under(backend, BARE);
    register(&site, "s1", "a:a");
    let before = site.raw().json("/governor/budgets/swarm/s1").unwrap();
    let revision = site.raw().revision();
    site.run("governor unregister s1").expect(0);
    // A claim compares the budget as it was read; that it was written anew refuses what was decided before.
    let written = site.raw().history_from(revision + 1, "/governor/budgets/swarm/s1");
    assert_eq!(written.len(), 1, "{written:?}");
    let after = written[0].json();
    assert_eq!((&after["cap"], &after["spent"]), (&before["cap"], &before["spent"]));
    assert_eq!(after["op"], "governor.unregister");
    site.run("coordinator submit T --capabilities a:a").expect(0);
    site.run("coordinator claim T --swarm s1").expect(6);
}

fn everything_about_a_swarm_is_shown(backend: Backend) {
    let site = Site::start_under(backend, "resource_policy: {circuit_breaker_failure_threshold: 1}\n");
    site.run("governor register s1 --capabilities a:a --cost-per-hour 2.0 --budget 9.0 --model m7").expect(0);
    for task in ["t1", "t2"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    let held = site.claim("t2", "s1");
    let token = site.claim("t1", "s1");
    site.run(&format!("coordinator fail t1 --token {token} --message broken --cost 0.5")).expect(0);
    let mut worker = site.ifctl("coordinator listen --swarm s1").spawn();
    assert_eq!(worker.stdout_lines().next_json()["type"], "connected");

    let shown = site.json("governor show s1");
    assert_eq!((&shown["swarm"], &shown["registered"]), (&"s1".into(), &true.into()));
    assert_eq!(
        (&shown["profile"]["model"], &shown["status"]),
        (&"m7".into(), &"circuit_breaker_tripped".into())
    );
    assert_eq!(
        (&shown["budget"]["spent"], &shown["budget"]["reserved"]),
        (&500_000.into(), &2_000_000.into())
    );
    let left = shown["budget"]["cap"].as_i64().unwrap() - 2_500_000;
    assert_eq!(shown["left"], left);
    assert_eq!((&shown["breaker"]["state"], &shown["breaker"]["failures"]), (&"open".into(), &1.into()));
    // The breaker that opened, and the task that is not worth trying again.
    assert_eq!(shown["open_escalations"], 2);
    assert_eq!((&shown["tasks"][0]["task"], &shown["tasks"][0]["held"]), (&"t2".into(), &true.into()));
    assert_eq!(shown["tasks"].as_array().unwrap().len(), 1);
    assert_eq!(shown["sessions"].as_object().unwrap().len(), 1);
    let table = site.run("governor show s1").expect(0).stdout;
    for part in ["circuit_breaker_tripped", "open (consecutive failures)", "t2 (2.00 reserved)", "a:a", "m7"]
    {
        assert!(table.contains(part), "{part} is in:\n{table}");
    }
    worker.terminate().expect(0);
    site.run(&format!("coordinator release t2 --token {held}")).expect(0);
    assert_eq!(site.json("governor show s1")["tasks"], json!([]));
    let unknown = site.run("governor show nobody").expect(3);
    assert!(unknown.stderr.contains("there is no swarm nobody"), "{}", unknown.stderr);
}

fn no_more_candidates_are_shown_than_were_asked_for(backend: Backend) {
    let site = Site::start_under(backend, BARE);
    for (swarm, cost) in [("s1", 3), ("s2", 1), ("s3", 2)] {
        site.run(&format!("governor register {swarm} --capabilities a:a --cost-per-hour {cost}")).expect(0);
    }
    let found = site.json("governor find-help --required a:a --limit 2");
    assert_eq!(names(&found["assessments"], "swarm"), ["s2", "s3"]);
    assert_eq!(found["chosen"], "s2");
    site.run("governor find-help --required a:a --limit 0").expect(2);
    // That nobody may be asked does not depend on how many are shown.
    let nobody = site.run("governor find-help --required a:a --max-cost 0.5 --limit 1").expect(3);
    assert!(
        nobody.stdout.contains("s2 would cost 1.00 dollars, at most 0.50 are allowed"),
        "{}",
        nobody.stdout
    );
    assert!(!nobody.stdout.contains("s3"), "{}", nobody.stdout);
}

fn every_candidate_is_explained_by_its_figures_and_what_excluded_it(backend: Backend) {
    let site = Site::start_under(backend, BARE);
    site.run("governor register good --capabilities a:a,b:b --cost-per-hour 2 --budget 50").expect(0);
    site.run("governor register half --capabilities a:a --cost-per-hour 1 --budget 50").expect(0);
    site.run("governor register dear --capabilities a:a,b:b --cost-per-hour 9 --budget 50").expect(0);
    site.run("governor register poor --capabilities a:a,b:b --cost-per-hour 3 --budget 1").expect(0);
    site.run("governor register other --capabilities c:c --cost-per-hour 0").expect(0);
    site.raw().put("/governor/reputation/good", r#"{"score": 0.75}"#);
    let line = "governor find-help --required a:a,b:b --hours 2 --max-cost 7 --explain";
    let told = site.json(line);
    let of = |swarm: &str| {
        let all = told["assessments"].as_array().unwrap();
        all.iter().find(|one| one["swarm"] == swarm).unwrap_or_else(|| panic!("{swarm} is in {told}")).clone()
    };
    let good = of("good");
    assert_eq!(
        (&good["verdict"], &good["match"], &good["reputation"]),
        (&"qualified".into(), &1.0.into(), &0.75.into())
    );
    assert_eq!((&good["price"], &good["left"]), (&4_000_000.into(), &50_000_000.into()));
    assert_eq!((&good["breaker"], &good["score"]["value"]), (&"closed".into(), &0.375.into()));
    for (swarm, said) in [
        ("half", "half covers 50 % of the needed capabilities, 70 % are required: it lacks b:b"),
        ("dear", "dear would cost 18.00 dollars, at most 7.00 are allowed"),
        ("poor", "the budget of poor has 1.00 dollars left, 6.00 are needed"),
    ] {
        let one = of(swarm);
        assert_eq!(one["verdict"], "excluded");
        assert!(one["reasons"].as_array().unwrap().contains(&said.into()), "{one}");
    }
    assert_eq!(told["assessments"].as_array().unwrap().len(), 4, "who offers none of it is not asked");
    let table = site.run(line).expect(0).stdout;
    for heading in ["MATCH", "REPUTATION", "$/HOUR", "PRICE", "LEFT", "BREAKER", "SCORE", "VERDICT"] {
        assert!(table.contains(heading), "{table}");
    }
    let all = site.json("governor find-help --explain")["assessments"].as_array().unwrap().len();
    assert_eq!(all, 5, "everybody can do nothing in particular");
}

fn many_swarms_are_listed_instead_of_crossed(backend: Backend) {
    let site = Site::start_under(backend, BARE);
    let profile = r#"{"capabilities": ["code:rust"], "cost_per_hour": 1.0}"#;
    for number in 0..60 {
        site.raw().put(&format!("/swarms/swarm-{number:02}/profile"), profile);
    }
    site.raw().put("/swarms/hostile/profile", "garbage");
    let shown = site.run("governor capabilities").expect(0).stdout;
    assert!(shown.contains("swarm-03 and 56 more") && !shown.contains("SWARM-59"), "{shown}");
    assert_eq!(site.json("governor capabilities")["swarms"].as_array().unwrap().len(), 60);
}
