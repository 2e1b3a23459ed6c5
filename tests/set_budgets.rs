//! Budgets of many swarms are set at once, each by itself, and nobody's falls below what is gone or promised.

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::command::Finished;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    what_a_file_does_not_name_gets_the_default_and_so_does_a_newcomer,
    a_cap_below_what_is_gone_is_refused_alone,
    a_period_alone_is_for_all,
    a_mistake_in_the_file_is_shown_with_its_place,
    no_swarm_is_called_as_all_of_them_are,
);

fn start(backend: Backend) -> Site {
    let site = Site::start_under(backend, "capability_registry: {}\n");
    for swarm in ["s1", "s2", "s3"] {
        site.run(&format!("governor register {swarm} --capabilities a:b --cost-per-hour 1 --budget 5"))
            .expect(0);
    }
    site
}

fn set(site: &Site, file: &str, rest: &str) -> Finished {
    let path = site.home.path().join("budgets.yaml");
    fs::write(&path, file).unwrap();
    site.ifctl(&format!("governor set-budgets {rest}")).arg_pair("--per-swarm", &path).run()
}

fn cap(site: &Site, swarm: &str) -> i64 {
    site.budget(swarm).2
}

fn what_a_file_does_not_name_gets_the_default_and_so_does_a_newcomer(backend: Backend) {
    let site = start(backend);
    let file = "s1: 25.0\nnot-yet: 0.5\n";
    set(&site, file, "--default-budget 12 --dry-run").expect(0);
    assert_eq!((cap(&site, "s1"), cap(&site, "s2")), (5_000_000, 5_000_000));
    let done = set(&site, file, "--default-budget 12").expect(0);
    assert_snapshot!(done.stdout, @"
     SCOPE          BEFORE  AFTER  PERIOD  RESULT
     default             -  12.00  -       created
     swarm/not-yet       -   0.50  -       created
     swarm/s1         5.00  25.00  -       changed
     swarm/s2         5.00  12.00  -       changed
     swarm/s3         5.00  12.00  -       changed
    ");
    site.run("governor register late --capabilities a:b --cost-per-hour 1").expect(0);
    site.run("governor register not-yet --capabilities a:b --cost-per-hour 1").expect(0);
    assert_eq!((cap(&site, "late"), cap(&site, "not-yet")), (12_000_000, 500_000));
    let again = set(&site, "not-yet: 0.5\n", "").expect(0);
    assert!(again.stdout.contains("unchanged"), "{}", again.stdout);
    assert_eq!(cap(&site, "s1"), 25_000_000, "who is not named and has no default keeps what it has");
}

fn a_cap_below_what_is_gone_is_refused_alone(backend: Backend) {
    let site = start(backend);
    site.run("governor charge s2 --operation call --cost 3.0").expect(0);
    site.raw().put("/governor/budgets/swarm/s3", "garbage");
    let refused = set(&site, "s1: 2\ns2: 2\ns3: 2\n", "").expect(6);
    assert_snapshot!(refused.stdout, @"
     SCOPE     BEFORE  AFTER  PERIOD  RESULT
     swarm/s1    5.00   2.00  -       changed
     swarm/s2    5.00   2.00  -       refused: 3.00 are spent or reserved
     swarm/s3       -   2.00  -       replaced: nobody could read it
    ");
    assert!(refused.stderr.contains("1 of 3 budgets stay as they are"), "{}", refused.stderr);
    assert_eq!((cap(&site, "s1"), cap(&site, "s2")), (2_000_000, 5_000_000));
}

fn a_period_alone_is_for_all(backend: Backend) {
    let site = start(backend);
    site.run("governor set-budgets --period month").expect(0);
    site.run("governor register late --capabilities a:b --cost-per-hour 1").expect(0);
    for swarm in ["s1", "s2", "s3", "late"] {
        let line = &site.json(&format!("governor budgets {swarm}"))[0];
        assert!(line["period"].as_str().unwrap().starts_with("month/"), "{line}");
    }
    assert_eq!((cap(&site, "s1"), cap(&site, "late")), (5_000_000, 10_000_000));
    site.run("governor set-budgets --period never").expect(0);
    site.run("governor register later --capabilities a:b --cost-per-hour 1").expect(0);
    for swarm in ["s1", "late", "later"] {
        assert_eq!(site.json(&format!("governor budgets {swarm}"))[0]["period"], Value::Null, "{swarm}");
    }
    site.run("governor register later --capabilities a:b --cost-per-hour 1 --period day").expect(0);
    site.run("governor set-budgets --overall 50 --period week").expect(0);
    site.run("governor set-budgets --overall 50 --period never").expect(0);
    assert_eq!(site.json("governor budgets overall")[0]["period"], Value::Null);
    let wrong = site.run("governor set-budgets --period year").expect(2);
    assert!(wrong.stderr.contains("hour, day, week, month or never"), "{}", wrong.stderr);
    site.run("governor budgets nobody").expect(3);
}

fn a_mistake_in_the_file_is_shown_with_its_place(backend: Backend) {
    let site = start(backend);
    let wrong = set(&site, "s1: 2\ns2: -1\n", "").expect(2);
    assert!(wrong.stderr.contains("budgets.yaml:2:5: s2: `-1` is negative"), "{}", wrong.stderr);
    assert_eq!(cap(&site, "s1"), 5_000_000);
    let all = set(&site, "overall: 5\n", "").expect(2);
    assert!(all.stderr.contains("names overall, which is no swarm"), "{}", all.stderr);
    let empty = set(&site, "# nobody\n", "--period day").expect(2);
    assert!(empty.stderr.contains("budgets.yaml names no swarm"), "{}", empty.stderr);
    assert_eq!(site.raw().get("/governor/default-budget"), None);
    site.run("governor set-budgets").expect(2);
    site.run("governor set-budgets --per-swarm /nowhere").expect(2);
}

fn no_swarm_is_called_as_all_of_them_are(backend: Backend) {
    let policy = "capability_registry:\n  overall: {capabilities: [a:b], cost_per_hour: 1.0}\n";
    let site = Site::start_under(backend, policy);
    let refused = site.run("governor register overall --capabilities a:b --cost-per-hour 1").expect(2);
    assert!(refused.stderr.contains("what all swarms together are called"), "{}", refused.stderr);
    assert_eq!(site.raw().get("/swarms/overall/profile"), None);
}
