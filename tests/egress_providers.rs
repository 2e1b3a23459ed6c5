//! Providers that fail are left alone, each swarm pays what its calls have cost, and no swarm's calls are another's loss.

use std::collections::VecDeque;
use std::fs;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::command::{Finished, Running};
use crate::support::patience::eventually;
use crate::support::provider::{Provider, Reply};
use crate::support::secure::Certificates;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_swarm_whose_calls_fail_is_kept_away_and_no_other_is,
    a_provider_that_fails_more_than_one_swarm_is_left_alone_by_all,
    a_provider_that_nobody_can_connect_to_is_left_alone_by_all,
    one_call_is_the_trial_and_its_end_is_the_breakers,
    a_provider_that_asks_to_wait_is_left_alone_for_so_long,
    a_breaker_that_opens_elsewhere_stops_a_task_in_the_middle,
    a_call_costs_what_its_answer_says_was_used,
    what_a_claim_has_set_aside_comes_back_to_it,
    calls_stand_in_the_books,
    a_noisy_neighbour_costs_the_others_nothing,
);

/// Breakers stay open for an hour.
const POLICY: &str = "resource_policy: {circuit_breaker_open_seconds: 3600}\nrails: {llm: [acme]}\n";

/// A site, and a provider that answers what it is told.
struct Scene {
    site: Site,
    provider: Provider,
    status: Arc<AtomicU16>,
    certificates: Certificates,
}

impl Scene {
    /// The provider answers paths that end in a number with that status, all others as the test says.
    fn new(backend: Backend) -> Self {
        let status = Arc::new(AtomicU16::new(200));
        let told = Arc::clone(&status);
        Self::with(backend, status, move |path| {
            let own = path.rsplit('/').next().and_then(|end| end.parse().ok());
            let reply = Reply::status(own.unwrap_or_else(|| told.load(Ordering::SeqCst)));
            if path.starts_with("/patient") { reply.wait(600) } else { reply }
        })
    }

    fn with(
        backend: Backend,
        status: Arc<AtomicU16>,
        answer: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let certificates = Certificates::new();
        let provider = Provider::start(&certificates.server, answer);
        Self { site: Site::start_under(backend, POLICY), provider, status, certificates }
    }

    /// A swarm whose guest calls what its task says, under this rule.
    fn load(&self, swarm: &str, guest: &str, more: &str) {
        let url = format!("url: 'https://{}/'", self.provider.address);
        let rule = if more.is_empty() { url } else { format!("{url}, {more}") };
        self.load_rule(swarm, guest, &rule, 100_000);
    }

    fn load_rule(&self, swarm: &str, guest: &str, rule: &str, calls_per_second: u32) {
        let contract = self.site.home.path().join(format!("{swarm}.yaml"));
        let text = format!(
            "swarm_id: {swarm}\nversion: 1.0.0\ncapabilities: [errands:run]\nresource_requirements: \
             {{max_api_calls_per_second: {calls_per_second}}}\negress: [{{{rule}, allow_private: true}}]\n"
        );
        fs::write(&contract, text).unwrap();
        let load = self.site.ifctl(&format!("chassis load {swarm} --wasm {guest}"));
        load.arg_pair("--contract", contract).run().expect(0);
    }

    fn start(&self, swarm: &str, more: &str, path: &str) -> Running {
        let request = json!({"url": format!("https://{}{path}", self.provider.address)});
        self.site
            .ifctl(&format!("chassis exec {swarm} -o json {more}"))
            .env("SSL_CERT_FILE", &self.certificates.authority)
            .stdin(request.to_string())
            .spawn()
    }

    /// What a swarm is answered.
    fn call(&self, swarm: &str, path: &str) -> Value {
        self.start(swarm, "", path).finish().expect(0).json()
    }

    fn refusal(&self, swarm: &str, path: &str) -> String {
        refused(self.start(swarm, "", path).finish())
    }

    fn breaker(&self, scope: &str) -> Option<Value> {
        self.site.raw().json(&format!("/governor/breakers/provider/{scope}"))
    }

    fn state(&self, scope: &str) -> String {
        self.breaker(scope)
            .map_or_else(|| "never written".to_owned(), |one| one["state"].as_str().unwrap().to_owned())
    }

    /// Its trial is due, without anybody having waited for it.
    fn is_due_now(&self, scope: &str) {
        let mut breaker = self.breaker(scope).unwrap();
        breaker["open_until"] = json!("2026-01-01T00:00:00Z");
        self.site.raw().put(&format!("/governor/breakers/provider/{scope}"), &breaker.to_string());
    }

    fn register(&self, swarm: &str, budget: &str) {
        let line = "--capabilities errands:run --cost-per-hour 1 --budget";
        self.site.run(&format!("governor register {swarm} {line} {budget}")).expect(0);
    }
}

fn refused(finished: Finished) -> String {
    let answer = finished.expect(0).json();
    answer["error"].as_str().unwrap_or_else(|| panic!("it is not refused: {answer}")).to_owned()
}

const COURIER: &str = "examples/guests/courier.wat";

fn a_swarm_whose_calls_fail_is_kept_away_and_no_other_is(backend: Backend) {
    let scene = Scene::new(backend);
    scene.register("courier", "1.0");
    scene.load("courier", COURIER, "provider: acme, cost_per_call: 0.01");
    scene.load("other", COURIER, "provider: acme");
    // What is the caller's own fault is no failure of the provider's, and a success ends a row of failures.
    for path in ["/404", "/500", "/503", "/200", "/500", "/500", "/404", "/503"] {
        assert_eq!(scene.call("courier", path)["status"].to_string(), path[1..], "{path}");
    }
    assert_eq!(scene.state("acme/courier"), "closed");
    for _ in 0..2 {
        scene.call("courier", "/500");
    }
    let open = scene.breaker("acme/courier").unwrap();
    assert_eq!((&open["state"], &open["reason"]), (&json!("open"), &json!("consecutive_failures")));
    let (asked, spent) = (scene.provider.asked().len(), scene.site.budget("courier"));
    let refusal = scene.refusal("courier", "/200");
    let due = open["open_until"].as_str().unwrap();
    assert_eq!(
        refusal,
        format!(
            "refused: the circuit breaker of provider/acme/courier is open: consecutive failures; a trial is due at {due}"
        )
    );
    assert_eq!((scene.provider.asked().len(), scene.site.budget("courier")), (asked, spent));
    // A path that fails one swarm only is no reason to keep others away.
    assert_eq!(scene.call("other", "/200")["status"], 200);
    assert_eq!(
        (scene.state("acme"), scene.state("acme/other")),
        ("never written".into(), "never written".into())
    );
    let shown = scene.site.run("governor circuit-breakers").expect(0).stdout;
    assert!(shown.contains("provider/acme/courier"), "{shown}");
    scene.site.run("governor rails choose llm").expect(0);
    let reset = "governor reset-circuit-breaker provider/acme/courier --approved-by ann --reason mended";
    scene.site.run(reset).expect(0);
    assert_eq!(scene.call("courier", "/200")["status"], 200);
}

fn a_provider_that_fails_more_than_one_swarm_is_left_alone_by_all(backend: Backend) {
    let scene = Scene::new(backend);
    for swarm in ["one", "two", "three"] {
        scene.load(swarm, COURIER, "provider: acme");
    }
    for (swarm, path) in [("one", "/500"), ("two", "/429")] {
        for _ in 0..3 {
            scene.call(swarm, path);
        }
    }
    // A limit may be that of the swarm's own account.
    assert_eq!(
        (scene.state("acme/one"), scene.state("acme/two"), scene.state("acme")),
        ("open".into(), "open".into(), "never written".into())
    );
    assert!(scene.refusal("two", "/200").contains("fewer calls are asked for; a trial is due at "));
    for _ in 0..3 {
        scene.call("three", "/503");
    }
    assert_eq!(scene.state("acme"), "open");
    scene.load("four", COURIER, "provider: acme");
    let asked = scene.provider.asked().len();
    assert!(scene.refusal("four", "/200").contains("the circuit breaker of provider/acme is open"));
    assert_eq!(scene.provider.asked().len(), asked);
    scene.site.run("governor rails choose llm").expect(6);
    let calls = scene.site.escalations();
    assert_eq!(
        calls.iter().map(|call| call["id"].as_str().unwrap()).collect::<Vec<_>>(),
        ["provider-breaker.acme.1"]
    );
}

fn a_provider_that_nobody_can_connect_to_is_left_alone_by_all(backend: Backend) {
    let scene = Scene::new(backend);
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let rule = format!("url: 'https://{gone}/', provider: acme");
    let call = |swarm: &str| {
        let request = json!({"url": format!("https://{gone}/")});
        let exec = scene.site.ifctl(&format!("chassis exec {swarm} -o json")).stdin(request.to_string());
        refused(exec.run())
    };
    for swarm in ["one", "two"] {
        scene.load_rule(swarm, COURIER, &rule, 1000);
    }
    for _ in 0..3 {
        assert!(call("one").starts_with("failed: no connection"));
    }
    assert_eq!((scene.state("acme"), scene.state("acme/one")), ("open".into(), "never written".into()));
    assert!(call("two").contains("the circuit breaker of provider/acme is open: consecutive failures"));
}

fn one_call_is_the_trial_and_its_end_is_the_breakers(backend: Backend) {
    let scene = Scene::new(backend);
    for swarm in ["one", "two"] {
        scene.load(swarm, COURIER, "provider: acme");
        for _ in 0..3 {
            scene.call(swarm, "/500");
        }
    }
    scene.load("three", COURIER, "provider: acme");
    scene.is_due_now("acme");
    assert_eq!(scene.call("three", "/500")["status"], 500);
    let again = scene.breaker("acme").unwrap();
    assert_eq!((&again["state"], &again["failed_probes"]), (&json!("open"), &json!(1)));
    assert!(scene.refusal("three", "/200").contains("the circuit breaker of provider/acme is open"));
    // Whose own breaker is open makes no trial for all.
    scene.is_due_now("acme");
    assert!(scene.refusal("one", "/200").contains("provider/acme/one"));
    // What a choice has given out as the trial is made by the call.
    assert_eq!(scene.site.run("governor rails choose llm").expect(0).stdout, "acme\n");
    assert_eq!(scene.state("acme"), "half_open");
    assert_eq!(scene.call("three", "/200")["status"], 200);
    assert_eq!(scene.state("acme"), "closed");
    // A trial that is not made after all is free for the next.
    scene.load("poor", COURIER, "provider: acme, cost_per_call: 1");
    scene.register("poor", "0.5");
    let mut open = scene.breaker("acme").unwrap();
    open["state"] = json!("open");
    scene.site.raw().put("/governor/breakers/provider/acme", &open.to_string());
    scene.is_due_now("acme");
    assert!(scene.refusal("poor", "/200").contains("0.50"));
    eventually("the trial is free again", || {
        let answer = scene.call("three", "/200");
        (answer["status"] == 200).then_some(())
    });
    assert_eq!(scene.state("acme"), "closed");
    assert!(scene.site.raw().list("/governor/probes/").is_empty());
}

fn a_provider_that_asks_to_wait_is_left_alone_for_so_long(backend: Backend) {
    let scene = Scene::new(backend);
    scene.load("hasty", COURIER, "provider: acme");
    scene.load("other", COURIER, "provider: acme");
    assert_eq!(scene.call("hasty", "/patient/429")["status"], 429);
    let open = scene.breaker("acme/hasty").unwrap();
    assert_eq!((&open["state"], &open["reason"]), (&json!("open"), &json!("limited")));
    let at = |name: &str| open[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(at("open_until").as_second() - at("since").as_second(), 600);
    let asked = scene.provider.asked().len();
    assert!(scene.refusal("hasty", "/200").contains("fewer calls are asked for"));
    assert_eq!(scene.provider.asked().len(), asked);
    assert_eq!(scene.call("other", "/200")["status"], 200);
    assert!(scene.site.escalations().is_empty(), "nobody is called for that");
}

fn a_breaker_that_opens_elsewhere_stops_a_task_in_the_middle(backend: Backend) {
    let scene = Scene::new(backend);
    scene.load("insistent", "tests/fixtures/insistent.wat", "provider: acme");
    let running = scene.start("insistent", "", "/told");
    eventually("it calls", || (scene.provider.count("/told", 200) > 1).then_some(()));
    scene.site.run("governor trip-circuit-breaker provider/acme --reason maintenance").expect(0);
    let told = refused(running.finish());
    assert!(told.contains("the circuit breaker of provider/acme is open: opened by a person"), "{told}");
    scene.site.run("governor reset-circuit-breaker provider/acme --approved-by ann --reason done").expect(0);
    // The same once a call of its own says so.
    let running = scene.start("insistent", "", "/told");
    eventually("it calls again", || (scene.provider.asked().last()?.1 == 200).then_some(()));
    scene.status.store(500, Ordering::SeqCst);
    let told = refused(running.finish());
    assert!(told.contains("the circuit breaker of provider/acme/insistent is open"), "{told}");
    assert_eq!(scene.provider.count("/told", 500), 3, "the fourth is not sent");
}

const RATES: &str = "\
llm:
  model: /model
  units: {input: /usage/prompt_tokens, output: /usage/completion_tokens}
  prices:
    default: {input: 100, output: 300}
    small: {input: 10, output: 30}
";

/// A scene whose provider answers `/MODEL/INPUT/OUTPUT` with that usage, and whose host has rates.
fn metered(backend: Backend) -> Scene {
    let scene = Scene::with(backend, Arc::default(), |path| {
        let words: Vec<&str> = path.split('/').skip(1).collect();
        match words[..] {
            [model, input, output] => Reply::json(&format!(
                r#"{{"model": "{model}", "usage": {{"prompt_tokens": {input}, "completion_tokens": {output}}}}}"#
            )),
            _ => Reply::status(200),
        }
    });
    let directory = scene.site.home.path().join("governor");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("rates.yaml"), RATES).unwrap();
    scene
}

fn a_call_costs_what_its_answer_says_was_used(backend: Backend) {
    let scene = metered(backend);
    scene.register("courier", "1.0");
    scene.load("courier", COURIER, "rates: llm, cost_per_call: 0.4");
    let spent = || scene.site.budget("courier").0;
    for (path, sum) in [
        ("/small/1000/100", 13_000),
        ("/small-2026-01-01/1/0", 13_010),
        ("/other/1000/0", 113_010),
        // Without usage it costs what was set aside.
        ("/nothing", 513_010),
        ("/small/0/0", 513_010),
        // More than was set aside is booked as well.
        ("/small/45000/0", 963_010),
    ] {
        scene.call("courier", path);
        assert_eq!(spent(), sum, "{path}");
    }
    assert_eq!(scene.site.raw().json("/governor/breakers/swarm/courier"), None, "there is money left");
    let asked = scene.provider.asked().len();
    let refusal = scene.refusal("courier", "/small/0/0");
    assert!(refusal.contains("0.03699 dollars left"), "{refusal}");
    assert_eq!((scene.provider.asked().len(), spent()), (asked, 963_010));

    let show = |file: &str| scene.site.run(&format!("governor rates {file}"));
    assert!(show("policies/rates.yaml").expect(0).stdout.contains("gpt-4o-mini"));
    let own = scene.site.home.path().join("governor/rates.yaml");
    fs::write(&own, RATES.replace("units", "unit")).unwrap();
    let mistake = show("").expect(2);
    assert!(
        mistake.stderr.contains("rates.yaml:3:3: unknown key `unit`, did you mean `units`?"),
        "{}",
        mistake.stderr
    );
    scene.register("other", "1.0");
    scene.load("other", COURIER, "rates: llm, cost_per_call: 0.4");
    let refusal = scene.refusal("other", "/small/1/1");
    assert!(
        refusal.contains("the rates llm of the contract are not to be had")
            && refusal.contains("unknown key"),
        "{refusal}"
    );
    fs::remove_file(own).unwrap();
    assert!(scene.refusal("other", "/small/1/1").contains("cannot read the rates"));
    assert_eq!(scene.site.budget("other").0, 0);
}

fn what_a_claim_has_set_aside_comes_back_to_it(backend: Backend) {
    let scene = metered(backend);
    scene.register("courier", "2.0");
    // All that is left may be set aside without a breaker opening.
    scene.load("courier", COURIER, "rates: llm, cost_per_call: 1.0");
    scene.site.run("coordinator submit errand --max-cost 1.0").expect(0);
    let token = scene.site.claim("errand", "courier");
    let call = |path: &str| {
        scene.start("courier", &format!("--task-id errand --token {token}"), path).finish().expect(0).json()
    };
    assert_eq!(scene.site.budget("courier"), (0, 1_000_000, 2_000_000));
    call("/small/1000/0");
    assert_eq!(scene.site.budget("courier"), (10_000, 990_000, 2_000_000));
    // What goes beyond is taken from what is left.
    call("/other/12000/0");
    assert_eq!(scene.site.budget("courier"), (1_210_000, 0, 2_000_000));
    let refused = call("/small/0/0");
    assert!(refused["error"].as_str().unwrap().contains("0.79 dollars left"), "{refused}");
    scene.site.run(&format!("coordinator complete errand --token {token}")).expect(0);
    assert_eq!(scene.site.budget("courier"), (1_210_000, 0, 2_000_000));
}

fn calls_stand_in_the_books(backend: Backend) {
    let scene = Scene::new(backend);
    scene.register("busy", "1.0");
    scene.load("busy", "tests/fixtures/rounds.wat", "provider: acme, cost_per_call: 0.001");
    scene.load("idle", COURIER, "");
    let runs: Vec<Running> = (0..4).map(|_| scene.start("busy", "", "/told")).collect();
    for run in runs {
        run.finish().expect(0);
    }
    scene.call("idle", "/500");
    scene.call("idle", "/404");
    let lines = scene.site.json("chassis calls");
    let found = |swarm: &str| {
        let lines = lines.as_array().unwrap();
        lines.iter().find(|line| line["swarm"] == swarm).cloned().unwrap()
    };
    let (busy, idle) = (found("busy"), found("idle"));
    assert_eq!((&busy["provider"], &busy["calls"], &busy["failed"]), (&json!("acme"), &json!(80), &json!(0)));
    assert_eq!(
        (&busy["cost"], &busy["bytes_in"], &busy["bytes_out"]),
        (&json!(80_000), &json!(160), &json!(0))
    );
    assert!(busy["micros"].as_u64() >= busy["longest_micros"].as_u64() && busy["longest_micros"] != 0);
    assert_eq!((&idle["calls"], &idle["failed"]), (&json!(2), &json!(1)));
    assert_eq!(idle["provider"], scene.provider.address.as_str());
    let shown = scene.site.run("chassis calls busy").expect(0).stdout;
    assert!(shown.contains("acme") && shown.contains("80") && !shown.contains("idle"), "{shown}");
    assert_eq!(scene.site.budget("busy").0, 80_000);
}

/// A provider that takes a hundred requests within any second, and all but the loudest of its clients their time.
fn limited() -> impl Fn(&str) -> Reply + Send + Sync {
    let taken = Mutex::new(VecDeque::<Instant>::new());
    move |path| {
        let (now, mut taken) = (infrafabric::clock::stopwatch(), taken.lock().unwrap());
        while taken.front().is_some_and(|then| now.duration_since(*then) >= Duration::from_secs(1)) {
            taken.pop_front();
        }
        if taken.len() >= 100 {
            return Reply::status(429);
        }
        taken.push_back(now);
        let delay = if path == "/s7" { Duration::ZERO } else { Duration::from_millis(150) };
        Reply { delay, ..Reply::status(200) }
    }
}

fn a_noisy_neighbour_costs_the_others_nothing(backend: Backend) {
    const ROUNDS: usize = 20;
    let scene = Scene::with(backend, Arc::default(), limited());
    let names: Vec<String> = (1..=10).map(|number| format!("s{number}")).collect();
    let quiet = || names.iter().filter(|name| *name != "s7");
    let rule = format!("url: 'https://{}/', provider: acme", scene.provider.address);
    for name in &names {
        let guest = if name == "s7" { "restless" } else { "rounds" };
        scene.load_rule(name, &format!("tests/fixtures/{guest}.wat"), &rule, 10);
    }
    let path = |name: &str| format!("/{name}");
    let served = || quiet().map(|name| scene.provider.count(&path(name), 200)).sum::<usize>();
    let all_call = || {
        let before = served();
        let runs: Vec<Running> = quiet().map(|name| scene.start(name, "", &path(name))).collect();
        for run in runs {
            run.finish().expect(0);
        }
        served() - before
    };
    let alone = all_call();
    let noisy = scene.start("s7", "", "/s7");
    eventually("swarm 7 is at it", || (scene.provider.count("/s7", 200) >= 10).then_some(()));
    let before = scene.provider.count("/s7", 200);
    let beside = all_call();
    assert!(scene.provider.count("/s7", 200) > before, "it goes on all the time");
    drop(noisy);
    let lost = alone.saturating_sub(beside);
    assert!(lost * 100 < 9 * ROUNDS, "{alone} without swarm 7, {beside} beside it");
    assert_eq!(scene.state("acme"), "never written");
}
