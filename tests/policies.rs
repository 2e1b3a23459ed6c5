//! Policies: shown, checked, compared, applied; a coordinator follows its file while it runs.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::command::{Finished, Ifctl};
use crate::support::patience::eventually;
use crate::support::servers::{Backend, Coordinator};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    an_applied_policy_is_in_force_and_its_swarms_are_registered,
    a_dry_run_tells_what_would_be_and_writes_nothing,
    applying_a_registry_resets_nothing_that_was_spent_or_earned,
    an_applied_policy_stays_until_the_leaders_file_changes,
    a_changed_file_is_followed_while_the_coordinator_runs,
    a_bad_file_changes_nothing_and_calls_once_until_a_good_one_comes,
    a_file_that_is_gone_changes_nothing_and_calls,
    the_difference_to_what_is_in_force_is_shown_by_key,
    health_says_that_nobody_can_read_what_is_in_force_until_it_is_healed,
    a_file_that_has_become_blank_changes_nothing_and_calls,
);

const FIVE: &str = "resource_policy: {max_cost_per_task: 5}\n";

/// Dollars that a task may cost, and two swarms.
fn declaring(dollars: u32) -> String {
    format!(
        "resource_policy: {{max_cost_per_task: {dollars}}}\ncapability_registry:\n  \
         declared-a: {{capabilities: [a:a], cost_per_hour: 1.0, budget: 20.0}}\n  \
         declared-b: {{capabilities: [b:b], cost_per_hour: 2.0}}\n"
    )
}

/// What a task may cost now, in dollars.
fn limit(site: &Site) -> f64 {
    let shown = site.json("governor policy show");
    shown["policy"]["resource_policy"]["max_cost_per_task"].as_f64().unwrap()
}

/// Runs `line` with the path of a file with this text at its end.
fn with_file(site: &Site, line: &str, text: &str) -> Finished {
    let file = site.home.path().join("mine.yaml");
    fs::write(&file, text).unwrap();
    site.ifctl(line).args([&file]).run()
}

fn calls_about_the_policy(site: &Site) -> Vec<Value> {
    site.escalations().into_iter().filter(|call| call["kind"] == "bad_policy").collect()
}

fn an_applied_policy_is_in_force_and_its_swarms_are_registered(backend: Backend) {
    let site = Site::start_under(backend, FIVE);
    let before = site.json("governor policy show");
    assert_eq!(before["source"], "file");
    assert!(before["by"].as_str().unwrap().starts_with("coordinator-"), "{before}");

    let applied = with_file(&site, "governor policy apply", &declaring(7)).expect(0);
    assert!(applied.stdout.contains("resource_policy.max_cost_per_task"), "{}", applied.stdout);
    assert!(
        applied.stdout.contains("declared-b") && applied.stdout.contains("created"),
        "{}",
        applied.stdout
    );
    assert!(
        applied.stderr.contains("until the file of the leading coordinator changes"),
        "{}",
        applied.stderr
    );
    let shown = site.json("governor policy show");
    assert_eq!((&shown["source"], &shown["by"]), (&"applied".into(), &"human:tester".into()));
    assert!(shown["file"].as_str().unwrap().ends_with("/mine.yaml"), "{shown}");
    assert!(shown["at"].is_string(), "{shown}");
    assert_eq!(site.budget("declared-a"), (0, 0, 20_000_000));
    site.run("governor find-help --required b:b --max-cost 2").expect(0);

    // What is shown is a policy file, and says where it came from.
    let shown = site.run("governor policy show").expect(0).stdout;
    assert!(shown.starts_with("# Policy in force since ") && shown.contains("human:tester"), "{shown}");
    with_file(&site, "governor policy validate", &shown).expect(0);
    let again = with_file(&site, "governor policy apply", &shown).expect(0);
    assert!(again.stdout.starts_with("no difference\n"), "{}", again.stdout);
    assert!(!again.stdout.contains("created") && again.stdout.contains("unchanged"), "{}", again.stdout);
    with_file(&site, "governor policy apply", "resource_polcy: {}\n").expect(2);
    assert!((limit(&site) - 7.0).abs() < f64::EPSILON);
}

fn a_dry_run_tells_what_would_be_and_writes_nothing(backend: Backend) {
    let site = Site::start_under(backend, FIVE);
    site.run("governor register declared-a --capabilities a:a --cost-per-hour 1.0").expect(0);
    let keys = |site: &Site| (site.raw().list("/governor/"), site.raw().list("/swarms/"));
    let before = keys(&site);
    let told = with_file(&site, "governor policy apply --dry-run -o json", &declaring(7)).expect(0);
    assert!(told.stderr.contains("nothing was written"), "{}", told.stderr);
    let told = told.json();
    assert_eq!(told["dry_run"], true);
    assert_eq!(told["differences"][0]["path"], "capability_registry.declared-a");
    let line = |index: usize| (&told["registry"][index]["swarm"], &told["registry"][index]["change"]);
    assert_eq!(line(0), (&"declared-a".into(), &"unchanged".into()));
    assert_eq!(line(1), (&"declared-b".into(), &"created".into()));
    assert_eq!(told["registry"][0]["budget"], 10.0, "the budget it has stays");
    assert_eq!(keys(&site), before);
}

fn applying_a_registry_resets_nothing_that_was_spent_or_earned(backend: Backend) {
    let policy = "capability_registry:\n  \
        spender: {capabilities: [a:a], cost_per_hour: 1.0, budget: 3.0}\n  \
        bankrupt: {capabilities: [a:a], cost_per_hour: 2.0, budget: 2.0}\n";
    let mut site = Site::start_under(backend, policy);
    for (task, swarm, cost) in [("t1", "spender", "1.5"), ("t2", "bankrupt", "2.0")] {
        site.run(&format!("coordinator submit {task} --capabilities a:a")).expect(0);
        let token = site.claim(task, swarm);
        site.run(&format!("coordinator complete {task} --token {token} --cost {cost}")).expect(0);
    }
    site.raw().put("/governor/reputation/spender", r#"{"score": 0.875}"#);
    let money_and_fame = |site: &Site| {
        let kept = ["/governor/budgets/", "/governor/breakers/", "/governor/reputation/"];
        let statuses =
            ["spender", "bankrupt"].map(|swarm| site.raw().get(&format!("/swarms/{swarm}/status")));
        (kept.map(|prefix| site.raw().list(prefix)), statuses)
    };
    let before = money_and_fame(&site);
    assert_eq!(before.1[1].as_deref(), Some("circuit_breaker_tripped"));

    let changed = policy.replace("cost_per_hour: 1.0, budget: 3.0", "cost_per_hour: 1.25, budget: 99.0");
    let applied = with_file(&site, "governor policy apply -o json", &changed).expect(0).json();
    assert_eq!(applied["registry"][1]["change"], "updated");
    assert_eq!(money_and_fame(&site), before);
    restart_coordinator(&mut site);
    assert_eq!(money_and_fame(&site), before);
}

/// Kills the leading coordinator and starts one that leads, on the same policy file.
fn restart_coordinator(site: &mut Site) {
    if site.server.backend() == Backend::Engine {
        site.server.restart();
        return;
    }
    let file = fs::read(site.policy_file()).unwrap();
    site.coordinator.kill();
    site.coordinator = Coordinator::start(&site.server);
    fs::write(site.policy_file(), file).unwrap();
    eventually("it leads", || {
        let leader = site.raw().json("/coordinator/leader")?;
        (leader["pid"] == site.coordinator.pid().unwrap()).then_some(())
    });
}

fn an_applied_policy_stays_until_the_leaders_file_changes(backend: Backend) {
    let mut site = Site::start_under(backend, FIVE);
    with_file(&site, "governor policy apply", &declaring(7)).expect(0);
    restart_coordinator(&mut site);
    fs::write(site.policy_file(), FIVE.replace('5', "6")).unwrap();
    eventually("the file that has changed is in force", || ((limit(&site) - 6.0).abs() < 0.1).then_some(()));
    let policies = site.raw().history("/governor/policy");
    let sources: Vec<_> = policies.iter().map(|change| change.json()["source"].take()).collect();
    assert_eq!(sources, ["file", "applied", "file"], "the restart with the same file changed nothing");
}

fn a_changed_file_is_followed_while_the_coordinator_runs(backend: Backend) {
    let site = Site::start_under(backend, FIVE);
    fs::write(site.policy_file(), declaring(7)).unwrap();
    eventually("the policy is another", || ((limit(&site) - 7.0).abs() < 0.1).then_some(()));
    eventually("its swarms are registered", || site.raw().get("/swarms/declared-b/profile"));
    eventually("it says so", || said(&site).contains("the policy file has changed").then_some(()));
    // As editors and configuration tools do it: another file takes its place.
    let beside = site.policy_file().with_extension("new");
    fs::write(&beside, FIVE).unwrap();
    fs::rename(&beside, site.policy_file()).unwrap();
    eventually("the policy is the former", || ((limit(&site) - 5.0).abs() < 0.1).then_some(()));
    assert!(site.raw().get("/swarms/declared-b/profile").is_some(), "nobody is unregistered");
    assert!(calls_about_the_policy(&site).is_empty());
}

/// What the coordinator wrote to standard error.
fn said(site: &Site) -> String {
    format!("{}{}", site.coordinator.said(), site.server.said())
}

fn a_bad_file_changes_nothing_and_calls_once_until_a_good_one_comes(backend: Backend) {
    let site = Site::start_under(backend, FIVE);
    let bad = "resource_policy:\n  max_cost_per_tusk: 7.0\n";
    fs::write(site.policy_file(), bad).unwrap();
    let call = eventually("a human is called", || calls_about_the_policy(&site).pop());
    let issue = call["issue"].as_str().unwrap();
    assert!(issue.contains("policy.yaml:2:3: unknown key `max_cost_per_tusk`"), "{issue}");
    assert!(issue.contains("did you mean `max_cost_per_task`?"), "{issue}");
    assert!(said(&site).contains("max_cost_per_tusk"), "{}", said(&site));
    assert!((limit(&site) - 5.0).abs() < f64::EPSILON);

    // The same once more is no news; other mistakes are.
    fs::write(site.policy_file(), bad).unwrap();
    let beside = site.policy_file().with_extension("new");
    fs::write(&beside, "coordination: {max_attempts: 0}\n").unwrap();
    fs::rename(&beside, site.policy_file()).unwrap();
    eventually("a human is called again", || (calls_about_the_policy(&site).len() == 2).then_some(()));
    fs::write(site.policy_file(), FIVE.replace('5', "6")).unwrap();
    eventually("the good one is in force", || ((limit(&site) - 6.0).abs() < 0.1).then_some(()));
    eventually("the calls are settled", || {
        calls_about_the_policy(&site).iter().all(|call| call["state"] == "resolved").then_some(())
    });
    assert_eq!(calls_about_the_policy(&site).len(), 2);
}

fn a_file_that_is_gone_changes_nothing_and_calls(backend: Backend) {
    let site = Site::start_under(backend, FIVE);
    fs::remove_file(site.policy_file()).unwrap();
    let call = eventually("a human is called", || calls_about_the_policy(&site).pop());
    assert!(call["issue"].as_str().unwrap().contains("is gone"), "{call}");
    assert!((limit(&site) - 5.0).abs() < f64::EPSILON);
    fs::write(site.policy_file(), FIVE).unwrap();
    eventually("the call is settled", || {
        (calls_about_the_policy(&site)[0]["state"] == "resolved").then_some(())
    });
    fs::remove_file(site.policy_file()).unwrap();
    eventually("the same is called anew", || {
        (calls_about_the_policy(&site)[0]["state"] == "triggered").then_some(())
    });
}

fn the_difference_to_what_is_in_force_is_shown_by_key(backend: Backend) {
    let site = Site::start_under(backend, FIVE);
    let same = with_file(&site, "governor policy diff", FIVE).expect(0);
    assert_eq!(same.stdout, "no difference\n");
    let other = with_file(&site, "governor policy diff -o json", &declaring(7)).expect(0).json();
    let paths: Vec<_> = other.as_array().unwrap().iter().map(|line| line["path"].as_str().unwrap()).collect();
    assert_eq!(
        paths,
        [
            "capability_registry.declared-a",
            "capability_registry.declared-b",
            "resource_policy.max_cost_per_task"
        ]
    );
    assert_eq!((&other[2]["in_force"], &other[2]["other"]), (&5.0.into(), &7.0.into()));
}

fn alone(home: &TempDir, line: &str) -> Finished {
    Ifctl::new(home.path()).args(line.split_whitespace()).run()
}

#[test]
fn policies_as_people_write_them_are_valid() {
    let home = TempDir::new().unwrap();
    let files = [
        "policies/default.yaml",
        "policies/development.yaml",
        "policies/production.yaml",
        "tests/fixtures/policies/permissive.yaml",
        "tests/fixtures/policies/strict.yaml",
    ];
    let validated = alone(&home, &format!("governor policy validate -o json {}", files.join(" "))).expect(0);
    let expected: Vec<Value> = files.iter().map(|file| json!({"file": file, "valid": true})).collect();
    assert_eq!(validated.json(), Value::from(expected));
}

#[test]
fn the_first_error_of_each_file_is_named_with_its_place() {
    let home = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
    write("a.yaml", "# one\nresource_policy:\n  max_cost_per_tusk: 5.0\n");
    write("b.yaml", "coordination:\n  retry_cap_seconds: 5\n  retry_base_seconds: 9\n");
    write("c.yaml", "health: {check_seconds: 5}\n");
    let files = ["a.yaml", "b.yaml", "c.yaml"].map(|name| home.path().join(name));
    let validate = || Ifctl::new(home.path()).args(["governor", "policy", "validate"]).args(&files);
    let told = validate().args(["-o", "json"]).run().expect(2).json();
    assert_eq!((&told[1]["valid"], &told[2]), (&false.into(), &json!({"file": files[2], "valid": true})));
    assert!(
        told[1]["error"].as_str().unwrap().contains("b.yaml:2:3: the policy contradicts itself: retry_cap")
    );
    let checked = validate().run().expect(2);
    let errors: Vec<_> = checked.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert!(
        errors[0].contains("a.yaml:3:3: unknown key `max_cost_per_tusk`, did you mean `max_cost_per_task`?")
    );
    assert!(errors[1].contains("b.yaml:2:3: the policy contradicts itself"), "{errors:?}");
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(checked.stderr.contains("cause: retry_cap_seconds (5) is below"), "{}", checked.stderr);
    let verdicts: Vec<_> = checked.stdout.lines().skip(1).map(|line| line.ends_with("not valid")).collect();
    assert_eq!(verdicts, [true, true, false], "{}", checked.stdout);
}

#[test]
fn without_a_name_the_configured_file_is_meant() {
    let home = TempDir::new().unwrap();
    let missing = alone(&home, "governor policy validate").expect(2);
    assert!(missing.stderr.contains("&& ifctl governor policy show --default > "), "{}", missing.stderr);
    let built_in = alone(&home, "governor policy show --default").expect(0).stdout;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/default.yaml");
    assert_eq!(built_in, fs::read_to_string(source).unwrap());
    fs::create_dir_all(home.path().join("governor")).unwrap();
    fs::write(home.path().join("governor/policy.yaml"), built_in).unwrap();
    alone(&home, "governor policy validate").expect(0);
}

fn health_says_that_nobody_can_read_what_is_in_force_until_it_is_healed(backend: Backend) {
    let site = Site::start_under(backend, FIVE);
    // The first may be healed by the first look at the file.
    for _ in 0..2 {
        eventually("it is seen before it is healed", || {
            site.raw().put("/governor/policy", "garbage");
            let finished = site.run("coordinator health");
            assert!([0, 10].contains(&finished.code), "{finished:?}");
            (finished.code == 10).then(|| {
                let said = &finished.stdout;
                assert!(
                    said.contains("nobody can read the policy in force") && said.contains("/governor/policy"),
                    "{said}"
                );
            })
        });
        eventually("it is healed", || (site.run("coordinator health").code == 0).then_some(()));
    }
    assert!((limit(&site) - 5.0).abs() < 1e-9);
}

fn a_file_that_has_become_blank_changes_nothing_and_calls(backend: Backend) {
    let site = Site::start_under(backend, FIVE);
    fs::write(site.policy_file(), "# cut off\n").unwrap();
    let call = eventually("a human is called", || calls_about_the_policy(&site).pop());
    assert!(call["issue"].as_str().unwrap().contains("says nothing"), "{call}");
    assert!((limit(&site) - 5.0).abs() < 1e-9);
    fs::write(site.policy_file(), "{}\n").unwrap();
    eventually("defaults are in force", || ((limit(&site) - 10.0).abs() < 1e-9).then_some(()));
}
