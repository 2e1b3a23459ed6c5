//! Circuit breakers: seen, opened and closed by people, tried by one at a time, the same for everybody.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::command::{Finished, Running};
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};
use crate::support::terminal::Terminal;

on_engine_and_etcd!(
    what_a_person_has_opened_a_person_closes,
    a_worker_waits_while_the_breaker_of_its_swarm_is_open,
    whoever_has_spent_everything_is_reset_with_a_new_budget_only,
    a_reset_is_one_transaction,
    a_reset_resolves_the_calls_about_that_breaker_and_no_other,
    whoever_fails_too_much_of_its_work_is_paused,
    of_ten_claims_on_a_breaker_that_is_due_one_is_the_trial_and_its_death_frees_it,
    a_reset_ends_the_trial_under_way,
    only_what_has_ever_opened_is_listed_unless_asked_for_by_name,
    a_providers_breaker_opens_by_reports_and_is_reset_like_any_other,
    registering_again_washes_off_nothing,
);

/// One failure opens, one second later a trial is due.
const QUICK: &str =
    "resource_policy: {circuit_breaker_failure_threshold: 1, circuit_breaker_open_seconds: 1}";

fn breaker(site: &Site, scope: &str) -> Value {
    site.json(&format!("governor circuit-breakers {scope}"))[0].take()
}

fn status(site: &Site, swarm: &str) -> Option<String> {
    site.raw().get(&format!("/swarms/{swarm}/status"))
}

fn submit(site: &Site, tasks: &[&str]) {
    for task in tasks {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
}

fn fail(site: &Site, task: &str, swarm: &str) {
    let token = site.claim(task, swarm);
    site.run(&format!("coordinator fail {task} --token {token} --message broken")).expect(0);
}

fn complete(site: &Site, task: &str, token: &str) {
    site.run(&format!("coordinator complete {task} --token {token}")).expect(0);
}

/// A reset as a script types it.
fn reset(site: &Site, rest: &str) -> Finished {
    let line = format!("governor reset-circuit-breaker {rest} --approved-by alice --reason");
    site.ifctl(&line).args(["it is mended"]).run()
}

fn becomes_due(site: &Site, scope: &str) {
    eventually("a trial is due", || {
        let shown = site.run(&format!("governor circuit-breakers {scope}")).expect(0).stdout;
        shown.contains(" due ").then_some(())
    });
}

fn what_a_person_has_opened_a_person_closes(backend: Backend) {
    let site = Site::start(backend);
    submit(&site, &["t1", "t2"]);
    let token = site.claim("t1", "s1");
    let trip = || site.ifctl("governor trip-circuit-breaker s1 --reason").args(["it spams\u{1b}[2J"]).run();
    let tripped = trip().expect(0);
    assert_eq!(tripped.stdout, "swarm/s1 is open: no work passes\n");
    assert!(
        tripped.stderr.contains("s1 has never registered: see that its name is right"),
        "{}",
        tripped.stderr
    );
    assert_eq!(status(&site, "s1").as_deref(), Some("circuit_breaker_tripped"));

    let refused = site.run("coordinator claim t2 --swarm s1").expect(6).stderr;
    assert!(refused.contains("open (opened by a person)"), "{refused}");
    assert!(refused.contains("hint: ifctl governor circuit-breakers s1"), "{refused}");
    // What it holds it may end; that proves nothing to a person.
    complete(&site, "t1", &token);
    let open = breaker(&site, "s1");
    assert_eq!((&open["state"], &open["reason"]), (&"open".into(), &"manual".into()));
    assert_eq!(open["opened_by"]["by"], "human:tester");
    assert_eq!(open["opened_by"]["reason"], "it spams\u{1b}[2J");
    let again = trip().expect(4).stderr;
    assert!(again.contains("opened before, by human:tester: it spams\\u{1b}[2J"), "{again}");

    assert_snapshot!(site.run("governor reset-circuit-breaker s1 --reason mended").snapshot(), @"
    $ ifctl governor reset-circuit-breaker s1 --reason mended
    status: 2
    --- stdout
    --- stderr
    error: a person must approve the reset: --approved-by and --reason are needed where nobody can be asked
    hint: ifctl governor reset-circuit-breaker swarm/s1 --approved-by NAME --reason TEXT
    ");
    assert_eq!(breaker(&site, "s1")["state"], "open");
    assert_eq!(reset(&site, "s1").expect(0).stdout, "swarm/s1 is closed: work passes again\n");
    assert_eq!(status(&site, "s1").as_deref(), Some("active"));
    let closed = breaker(&site, "s1");
    assert_eq!((&closed["state"], &closed["trips"]), (&"closed".into(), &1.into()));
    assert_eq!((&closed["approval"]["by"], &closed["opened_by"]), (&"alice".into(), &Value::Null));
    site.claim("t2", "s1");
    assert_snapshot!(reset(&site, "s1").snapshot(), @"
    $ ifctl governor reset-circuit-breaker s1 --approved-by alice --reason it is mended
    status: 3
    --- stdout
    --- stderr
    error: the circuit breaker of swarm/s1 is closed: there is nothing to reset
    hint: ifctl governor circuit-breakers
    ");

    let approvals = site.raw().list("/governor/approvals/swarm/s1/");
    assert_eq!(approvals.len(), 1, "{approvals:?}");
    let approval: Value = serde_json::from_str(&approvals[0].1).unwrap();
    assert_eq!(
        (&approval["approved_by"], &approval["reason"], &approval["by"], &approval["op"]),
        (&"alice".into(), &"it is mended".into(), &"human:tester".into(), &"governor.reset".into())
    );
    assert_eq!(approval["breaker"]["reason"], "manual");
}

fn a_worker_waits_while_the_breaker_of_its_swarm_is_open(backend: Backend) {
    let site = Site::start(backend);
    let workers: Vec<_> = ["s1", "s2"]
        .map(|swarm| {
            let mut worker =
                site.ifctl(&format!("coordinator work --swarm {swarm} --")).args(["true"]).spawn();
            let said = worker.stderr_lines();
            said.next_with("connected as");
            (worker, said)
        })
        .into();
    site.run("governor trip-circuit-breaker s1 --reason why").expect(0);
    site.run("coordinator submit waits --direct-to s1 --priority 9").expect(0);
    site.run("coordinator submit goes-on --direct-to s2").expect(0);
    workers[1].1.next_with("goes-on completed");
    assert_eq!(site.state("waits"), "submitted/ready");
    reset(&site, "s1").expect(0);
    workers[0].1.next_with("waits completed");
    for (worker, _) in workers {
        worker.terminate().expect(0);
    }
}

/// A swarm that has spent its 4 dollars.
fn spent_up(site: &Site, swarm: &str) {
    let capabilities = "--capabilities a:b --cost-per-hour 2.0";
    site.run(&format!("governor register {swarm} {capabilities} --budget 4.0")).expect(0);
    for task in ["paid-1", "paid-2"] {
        submit(site, &[task]);
        complete(site, task, &site.claim(task, swarm));
    }
    assert_eq!(breaker(site, swarm)["reason"], "budget_exhausted");
}

fn whoever_has_spent_everything_is_reset_with_a_new_budget_only(backend: Backend) {
    let site = Site::start(backend);
    spent_up(&site, "runaway");
    submit(&site, &["t1"]);
    assert_snapshot!(reset(&site, "runaway").snapshot(), @"
    $ ifctl governor reset-circuit-breaker runaway --approved-by alice --reason it is mended
    status: 6
    --- stdout
    --- stderr
    error: swarm/runaway has spent 4.00 of 4.00 dollars: it goes on with a new budget only
    hint: ifctl governor reset-circuit-breaker swarm/runaway --new-budget DOLLARS …
    ");
    let small = reset(&site, "runaway --new-budget 4.0").expect(6).stderr;
    assert!(small.contains("has 4.00 dollars spent or reserved: a new budget must be above that"), "{small}");
    for nonsense in ["-1", "NaN", "lots"] {
        reset(&site, &format!("runaway --new-budget {nonsense}")).expect(2);
    }
    // A person who opens it too opens no way around.
    site.run("governor trip-circuit-breaker runaway --reason enough").expect(0);
    reset(&site, "runaway").expect(6);
    assert_eq!(status(&site, "runaway").as_deref(), Some("circuit_breaker_tripped"));
    assert_eq!(site.budget("runaway"), (4_000_000, 0, 4_000_000));

    reset(&site, "runaway --new-budget 7.5").expect(0);
    assert_eq!(site.budget("runaway"), (4_000_000, 0, 7_500_000));
    site.claim("t1", "runaway");
    assert_eq!(site.budget("runaway"), (4_000_000, 2_000_000, 7_500_000));
}

fn a_reset_is_one_transaction(backend: Backend) {
    let site = Site::start(backend);
    spent_up(&site, "runaway");
    let before = site.raw().revision();
    reset(&site, "runaway --new-budget 10").expect(0);
    let written: Vec<_> = site
        .raw()
        .history_from(before + 1, "/")
        .into_iter()
        .filter(|change| change.key.contains("runaway"))
        .map(|change| (change.revision, change.key))
        .collect();
    let revision = written[0].0;
    assert!(written.iter().all(|(written_at, _)| *written_at == revision), "{written:?}");
    for part in ["/breakers/", "/budgets/", "/approvals/", "/escalations/", "/status"] {
        assert_eq!(written.iter().filter(|(_, key)| key.contains(part)).count(), 1, "{part} {written:?}");
    }
}

fn a_reset_resolves_the_calls_about_that_breaker_and_no_other(backend: Backend) {
    let site = Site::start_under(backend, "resource_policy: {circuit_breaker_failure_threshold: 1}");
    submit(&site, &["t1", "t2"]);
    fail(&site, "t1", "s");
    fail(&site, "t2", "s.1");
    // Nobody can read it, and it keeps nobody from going on.
    site.raw().put("/governor/escalations/circuit-breaker.s.7", "garbage");
    reset(&site, "s").expect(0);
    let call = |id: &str| site.raw().json(&format!("/governor/escalations/{id}")).unwrap();
    let resolved = call("circuit-breaker.s.1");
    assert_eq!(
        (&resolved["state"], &resolved["by"], &resolved["op"]),
        (&"resolved".into(), &"human:tester".into(), &"governor.resolve".into())
    );
    assert_eq!(
        (&resolved["resolved"]["by"], &resolved["resolved"]["note"]),
        (&"human:tester".into(), &"it is mended".into())
    );
    assert_eq!(call("circuit-breaker.s.1.1")["state"], "triggered");
    assert_eq!(breaker(&site, "s.1")["state"], "open");
}

fn whoever_fails_too_much_of_its_work_is_paused(backend: Backend) {
    let policy = "resource_policy:\n  circuit_breaker_failure_threshold: 9\n  \
        circuit_breaker_failure_rate: 0.5\n  circuit_breaker_window: 4\n";
    let site = Site::start_under(backend, policy);
    submit(&site, &["bad-1", "good", "given-back", "bad-2", "next"]);
    fail(&site, "bad-1", "s1");
    complete(&site, "good", &site.claim("good", "s1"));
    let token = site.claim("given-back", "s1");
    site.run(&format!("coordinator release given-back --token {token}")).expect(0);
    assert_eq!(breaker(&site, "s1")["state"], "closed");
    fail(&site, "bad-2", "s1");
    let open = breaker(&site, "s1");
    assert_eq!((&open["state"], &open["reason"]), (&"open".into(), &"failure_rate".into()));
    assert!(open["trial_due"].is_string(), "{open}");
    let refused = site.run("coordinator claim next --swarm s1").expect(6).stderr;
    assert!(refused.contains("open (failure rate); a trial is due at"), "{refused}");
    let calls = site.escalations();
    let about = calls.iter().find(|call| call["kind"] == "circuit_breaker").unwrap();
    assert_eq!(about["issue"], "s1 failed 2 of its last 3 tasks: its circuit breaker opened");
}

fn of_ten_claims_on_a_breaker_that_is_due_one_is_the_trial_and_its_death_frees_it(backend: Backend) {
    let site = Site::start_under(backend, QUICK);
    submit(&site, &["bad"]);
    fail(&site, "bad", "s1");
    let tasks: Vec<_> = (1..=10).map(|i| format!(r#"{{"id":"t{i}"}}"#)).collect();
    site.ifctl("coordinator submit --file -").stdin(tasks.join("\n")).run().expect(0);
    becomes_due(&site, "s1");
    let racers: Vec<Running> =
        (1..=10).map(|i| site.ifctl(&format!("coordinator claim t{i} --swarm s1")).spawn()).collect();
    let ended = (1..).zip(racers.into_iter().map(Running::finish));
    let (won, refused): (Vec<_>, Vec<_>) = ended.partition(|(_, finished)| finished.code == 0);
    let [(number, won)] = won.try_into().expect("one of them is the trial");
    let trial = format!("t{number}");
    for (_, finished) in refused {
        let said = finished.expect(6).stderr;
        assert!(said.contains(&format!("half-open until its trial, task {trial}, has ended")), "{said}");
    }
    let on_trial = breaker(&site, "s1");
    assert_eq!(
        (&on_trial["state"], &on_trial["trial"]["task"]),
        (&"half_open".into(), &trial.clone().into())
    );

    // It fails, and the next one is killed.
    let token = won.stdout.trim();
    site.run(&format!("coordinator fail {trial} --token {token} --message broken")).expect(0);
    let again = breaker(&site, "s1");
    assert_eq!((&again["state"], &again["failed_trials"]), (&"open".into(), &1.into()));
    let work = site.ifctl("coordinator work --swarm s1 --session-ttl 10s --").args(["sleep", "600"]);
    let worker = work.spawn();
    let first = eventually("the worker is given a trial", || {
        breaker(&site, "s1")["trial"]["task"].as_str().map(str::to_owned)
    });
    let others: Vec<_> = (1..=10).map(|i| format!("t{i}")).filter(|task| *task != first).collect();
    let other = others.iter().find(|task| site.state(task) == "submitted/ready").unwrap();
    site.run(&format!("coordinator claim {other} --swarm s1")).expect(6);
    worker.kill();
    let token = eventually("its death lets another one through", || {
        let claim = site.run(&format!("coordinator claim {other} --swarm s1"));
        (claim.code == 0).then(|| claim.stdout.trim().to_owned())
    });
    assert_eq!(breaker(&site, "s1")["trial"]["task"], other.as_str());
    complete(&site, other, &token);
    assert_eq!(breaker(&site, "s1")["state"], "closed");
    assert_eq!(status(&site, "s1").as_deref(), Some("active"));
    assert_eq!(site.raw().get("/governor/probes/swarm/s1"), None);
}

fn a_reset_ends_the_trial_under_way(backend: Backend) {
    let site = Site::start_under(backend, QUICK);
    submit(&site, &["bad", "trial", "other"]);
    fail(&site, "bad", "s1");
    becomes_due(&site, "s1");
    let token = site.claim("trial", "s1");
    assert!(site.raw().get("/governor/probes/swarm/s1").is_some());
    reset(&site, "s1").expect(0);
    assert_eq!(site.raw().get("/governor/probes/swarm/s1"), None);
    site.claim("other", "s1");
    // It is work like any other now, and counts as such.
    site.run(&format!("coordinator fail trial --token {token} --message broken")).expect(0);
    let open = breaker(&site, "s1");
    assert_eq!(
        (&open["state"], &open["trips"], &open["failed_trials"]),
        (&"open".into(), &2.into(), &0.into())
    );
}

fn only_what_has_ever_opened_is_listed_unless_asked_for_by_name(backend: Backend) {
    let site = Site::start(backend);
    let list = |rest: &str| site.json(&format!("governor circuit-breakers {rest}"));
    assert_eq!(list(""), json!([]));
    let never = &list("swarm/session-4-sip")[0];
    assert_eq!(
        (&never["state"], &never["since"], &never["trips"]),
        (&"closed".into(), &Value::Null, &0.into())
    );
    assert_eq!(never["budget"], json!({"cap": 60_000_000, "spent": 0, "reserved": 0}));
    assert_eq!(list("session-4-sip --open"), json!([]));
    for scope in ["task/t1", "overall", "provider/a/b/c", "a,b"] {
        site.run(&format!("governor circuit-breakers {scope}")).expect(2);
    }

    for scope in ["session-4-sip", "provider/openai"] {
        site.run(&format!("governor trip-circuit-breaker {scope} --reason why")).expect(0);
    }
    reset(&site, "session-4-sip").expect(0);
    let scopes = |rest: &str| -> Vec<String> {
        let lines = list(rest);
        lines.as_array().unwrap().iter().map(|line| line["scope"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(scopes(""), ["swarm/session-4-sip", "provider/openai"]);
    assert_eq!(scopes("--open"), ["provider/openai"]);
    let table = site.run("governor circuit-breakers --open").expect(0).stdout;
    assert!(table.contains("opened by a person") && table.contains("when a person resets it"), "{table}");
}

fn a_providers_breaker_opens_by_reports_and_is_reset_like_any_other(backend: Backend) {
    let policy = "resource_policy: {circuit_breaker_failure_threshold: 1}\nrails: {llm: [openai]}\n";
    let site = Site::start_under(backend, policy);
    site.run("governor rails record llm openai --failure --time 1s").expect(0);
    assert_eq!(breaker(&site, "provider/openai")["state"], "open");
    site.run("governor rails choose llm").expect(6);
    let state = || {
        let call = site.raw().json("/governor/escalations/provider-breaker.openai.1");
        call.unwrap()["state"].take()
    };
    assert_eq!(state(), "triggered");
    reset(&site, "provider/openai --new-budget 5").expect(2);
    reset(&site, "provider/openai").expect(0);
    assert_eq!(state(), "resolved");
    assert_eq!(site.raw().get("/swarms/openai/status"), None, "it is no swarm");
    site.run("governor rails choose llm").expect(0);
}

fn registering_again_washes_off_nothing(backend: Backend) {
    let site = Site::start(backend);
    let register = || {
        site.run("governor register s1 --capabilities x:y --cost-per-hour 2.0 --budget 9.0").expect(0);
    };
    register();
    let reputation = || {
        let found = site.ifctl("governor find-help --required x:y --explain -o json").run();
        found.json()["assessments"][0]["reputation"].as_f64().unwrap()
    };
    assert!((reputation() - 0.5).abs() < f64::EPSILON, "nothing is known of a newcomer");
    site.raw().put("/governor/reputation/s1", r#"{"score":0.125}"#);
    submit(&site, &["t1"]);
    complete(&site, "t1", &site.claim("t1", "s1"));
    site.run("governor trip-circuit-breaker s1 --reason why").expect(0);

    // As if it had never been there, as far as a swarm can see to that itself.
    let own = ["/swarms/s1/profile", "/swarms/s1/capabilities", "/swarms/s1/status", "/capabilities/x:y/s1"];
    for key in own {
        site.raw().delete(key);
    }
    register();
    assert!((reputation() - 0.125).abs() < f64::EPSILON);
    assert_eq!(site.budget("s1"), (2_000_000, 0, 9_000_000));
    assert_eq!(breaker(&site, "s1")["reason"], "manual");
    assert_eq!(status(&site, "s1").as_deref(), Some("circuit_breaker_tripped"));
}

#[test]
fn at_a_terminal_the_breaker_is_shown_and_a_person_asked() {
    let site = Site::start(Backend::Engine);
    spent_up(&site, "runaway");
    let start = |line: &str| {
        let line = format!("governor reset-circuit-breaker runaway {line}");
        Terminal::start(site.home.path(), &site.server, &line)
    };
    let (code, _, shown) = start("").finish();
    assert_eq!(code, 6, "nobody is asked in vain: {shown}");
    assert!(shown.contains("it goes on with a new budget only") && !shown.contains("Reset?"), "{shown}");

    let mut terminal = start("--new-budget 8");
    terminal.wait_for("Reset? [y/N]");
    terminal.answer("n");
    let (code, stdout, shown) = terminal.finish();
    assert_eq!((code, stdout.as_str()), (6, ""), "{shown}");
    assert_eq!(breaker(&site, "runaway")["state"], "open");

    let mut terminal = start("--new-budget 8");
    terminal.wait_for("Reset? [y/N]");
    terminal.answer("y");
    terminal.wait_for("Reason:");
    terminal.answer("I have looked");
    let (code, stdout, shown) = terminal.finish();
    assert_eq!((code, stdout.as_str()), (0, "swarm/runaway is closed: work passes again\n"), "{shown}");
    for part in ["swarm/runaway", "open", "budget exhausted", "4.00 of 4.00 dollars spent, 0.00 reserved"] {
        assert!(shown.contains(part), "{part:?} is not in:\n{shown}");
    }
    let approval = breaker(&site, "runaway")["approval"].take();
    assert_eq!((&approval["by"], &approval["reason"]), (&"human:tester".into(), &"I have looked".into()));
}

#[test]
fn what_changes_while_a_person_thinks_is_not_approved() {
    let site = Site::start(Backend::Engine);
    site.run("governor trip-circuit-breaker s1 --reason first").expect(0);
    let line = "governor reset-circuit-breaker s1 --reason mended";
    let mut terminal = Terminal::start(site.home.path(), &site.server, line);
    terminal.wait_for("Reset? [y/N]");
    reset(&site, "s1").expect(0);
    site.run("governor trip-circuit-breaker s1 --reason second").expect(0);
    terminal.answer("y");
    let (code, _, shown) = terminal.finish();
    assert_eq!(code, 4, "{shown}");
    assert!(shown.contains("has changed since it was shown"), "{shown}");
    assert_eq!(breaker(&site, "s1")["opened_by"]["reason"], "second");
}
