//! Payouts, from a revenue to its reconciliation: three swarms, two providers that fail, a person who has to agree, and
//! in every log exactly one payment. The swarms' programs are those of `examples/payouts`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use infrafabric::config::environment;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::{Value, json};

use crate::support::command::Running;
use crate::support::patience::eventually;
use crate::support::providers::{Payment, Provider};
use crate::support::secure::Certificates;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_payout_goes_by_the_next_rail_when_the_first_one_breaks_and_stands_once_in_every_log,
    a_small_batch_needs_nobody_and_takes_the_first_rail,
    an_executor_that_is_killed_after_it_has_paid_pays_no_second_time,
    a_batch_that_nobody_agrees_to_is_not_paid,
    a_treasury_with_too_little_pays_nothing,
);

const GUEST: &str = "examples/guests/courier.wat";

/// A site, two providers, and the three swarms registered and confined.
struct Scene {
    site: Site,
    certificates: Certificates,
    paypal: Provider,
    bank: Provider,
}

impl Scene {
    fn new(backend: Backend, treasury: &str) -> Self {
        let policy = fs::read_to_string("examples/payouts/policy.yaml").unwrap();
        let site = Site::start_under(backend, &policy);
        let certificates = Certificates::new();
        let [paypal, bank] = ["paypal", "bank"].map(|name| Provider::start(name, &certificates.server));
        let scene = Self { site, certificates, paypal, bank };
        let treasury = format!("treasury --capabilities payouts:fund --cost-per-hour 0 --budget {treasury}");
        for swarm in ["supervisor --capabilities payouts:supervise --cost-per-hour 0", &treasury] {
            scene.site.run(&format!("governor register {swarm}")).expect(0);
        }
        for swarm in ["executor", "reconciler"] {
            let load = scene.site.ifctl(&format!("chassis load {swarm} --wasm {GUEST}"));
            load.arg_pair("--contract", scene.contract(swarm)).run().expect(0);
        }
        for (name, provider) in [("PAYPAL_KEY", &scene.paypal), ("BANK_KEY", &scene.bank)] {
            let set = scene.site.ifctl(&format!("chassis secrets set {name}"));
            set.stdin(provider.secret()).run().expect(0);
        }
        scene
    }

    /// The example's contract, for the providers of this machine.
    fn contract(&self, swarm: &str) -> PathBuf {
        let text = fs::read_to_string(format!("examples/payouts/{swarm}.yaml")).unwrap();
        let text = text
            .replace("api.paypal.example", &self.paypal.address)
            .replace("api.bank.example", &self.bank.address)
            .replace("cost_per_call:", "allow_private: true, cost_per_call:");
        let file = self.site.home.path().join(format!("{swarm}.yaml"));
        fs::write(&file, text).unwrap();
        file
    }

    /// Sets a swarm to work.
    fn work(&self, swarm: &str) -> Running {
        self.site
            .ifctl(&format!("coordinator work --swarm {swarm} --session-ttl 2s --"))
            .args([format!("examples/payouts/{swarm}.sh")])
            .env("IFCTL", env!("CARGO_BIN_EXE_ifctl"))
            .env("SSL_CERT_FILE", &self.certificates.authority)
            .env("PAYPAL_URL", format!("https://{}/v1/payouts", self.paypal.address))
            .env("BANK_URL", format!("https://{}/v1/payouts", self.bank.address))
            .spawn()
    }

    /// Money comes in, in dollars.
    fn earn(&self, amount: u32) {
        let payload = json!({"amount": amount.to_string(), "currency": "USD", "source": "test"});
        let submit =
            self.site.ifctl("coordinator submit revenue-7 --capabilities payouts:supervise --payload");
        submit.args([payload.to_string()]).run().expect(0);
    }

    #[track_caller]
    fn eventually(&self, task: &str, state: &str) {
        eventually(&format!("{task} is {state}"), || {
            // The supervisor submits most of them itself.
            let shown = self.site.run(&format!("coordinator show {task}"));
            (shown.code == 0 && self.site.state(task) == state).then_some(())
        });
    }

    /// The call for somebody who agrees to the batch.
    fn call(&self) -> String {
        eventually("a person is called", || {
            let calls = self.site.json("governor escalations list --task approve-7");
            calls[0]["id"].as_str().map(str::to_owned)
        })
    }

    fn agree(&self, call: &str) {
        self.site.ifctl("governor escalations ack").args([call, "--note", "known payees"]).run().expect(0);
        self.site.run("coordinator unblock approve-7").expect(0);
    }

    fn result(&self, task: &str) -> Value {
        serde_json::from_str(self.site.show(task)["result"].as_str().unwrap()).unwrap()
    }

    /// Exactly one payment stands in every log: those of the providers, of the coordinator, of the charges.
    #[track_caller]
    fn assert_paid_once(&self, rail: &Provider, amount: &str) {
        let payment =
            Payment { key: "batch-7".to_owned(), amount: amount.to_owned(), id: format!("{}-1", rail.name) };
        let all = [self.paypal.payments(), self.bank.payments()].concat();
        assert_eq!(all, [payment]);
        assert_eq!(rail.payments().len(), 1);
        let (id, name) = (format!("{}-1", rail.name), rail.name);
        let reported = json!({"batch": "7", "rail": name, "payment": id, "amount": amount});
        assert_eq!(self.result("pay-7"), reported);
        let reconciled = json!({"batch": "7", "status": "COMPLETED", "rail": name, "payment": id});
        assert_eq!(self.result("reconcile-7"), reconciled);
        let completions = self.site.raw().history("/tasks/pay-7/record");
        let completions = completions.iter().filter(|change| change.json()["op"] == "complete");
        assert_eq!(completions.count(), 1);
        let charges = self.site.raw().list("/governor/charges/treasury/");
        let keys: Vec<&str> = charges.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["/governor/charges/treasury/batch-7"]);
        let micros: i64 = amount.replace('.', "").parse::<i64>().unwrap() * 10_000;
        assert_eq!(self.site.budget("treasury").0, micros);
        // What the calls cost is booked too: a cent for each that was answered.
        let calls = |provider: &Provider| provider.answers("GET").len() + provider.answers("POST").len();
        let calls = i64::try_from(calls(&self.paypal) + calls(&self.bank)).unwrap();
        let booked = ["executor", "reconciler"].map(|swarm| self.site.budget(swarm).0);
        assert_eq!(booked.iter().sum::<i64>(), calls * 10_000, "{booked:?}");
    }
}

fn a_payout_goes_by_the_next_rail_when_the_first_one_breaks_and_stands_once_in_every_log(backend: Backend) {
    let scene = Scene::new(backend, "1000");
    scene.paypal.fail_next(3);
    let _working = ["supervisor", "executor", "reconciler"].map(|swarm| scene.work(swarm));
    scene.earn(100);
    scene.eventually("approve-7", "input-required/blocked");
    assert_eq!(scene.result("revenue-7"), json!({"batch": "7", "earnings": "70.00"}));
    let call = scene.call();
    assert_eq!(scene.site.state("approve-7"), "input-required/blocked");
    assert_eq!(scene.site.state("pay-7"), "submitted/waiting");
    scene.agree(&call);

    scene.eventually("reconcile-7", "completed");
    assert_eq!(scene.result("approve-7"), json!({"batch": "7", "approved_by": "human:tester"}));
    assert_eq!(scene.paypal.answers("POST"), [503, 503, 503]);
    let breaker = scene.site.raw().json("/governor/breakers/provider/paypal").unwrap();
    assert_eq!(breaker["state"], "open");
    let rails =
        |provider: &str| scene.site.raw().json(&format!("/governor/rails/payout/{provider}")).unwrap();
    assert_eq!((&rails("paypal")["failure"], &rails("bank")["success"]), (&3.into(), &1.into()));
    scene.assert_paid_once(&scene.bank, "70.00");
}

fn a_small_batch_needs_nobody_and_takes_the_first_rail(backend: Backend) {
    let scene = Scene::new(backend, "1000");
    let _working = ["supervisor", "executor", "reconciler"].map(|swarm| scene.work(swarm));
    scene.earn(10);
    scene.eventually("reconcile-7", "completed");
    assert_eq!(scene.result("approve-7"), json!({"batch": "7", "approved_by": "supervisor"}));
    assert!(scene.site.escalations().is_empty(), "{:?}", scene.site.escalations());
    scene.assert_paid_once(&scene.paypal, "7.00");
}

fn an_executor_that_is_killed_after_it_has_paid_pays_no_second_time(backend: Backend) {
    let scene = Scene::new(backend, "1000");
    let _working = ["supervisor", "reconciler"].map(|swarm| scene.work(swarm));
    scene.paypal.be_silent(true);
    let executor = scene.work("executor");
    scene.earn(10);
    eventually("it is paid", || (!scene.paypal.payments().is_empty()).then_some(()));
    // By SIGKILL. The call that it has under way outlives it, and is not waited for.
    drop(executor);
    scene.eventually("pay-7", "submitted/ready");
    scene.paypal.be_silent(false);
    let _executor = scene.work("executor");
    scene.eventually("reconcile-7", "completed");
    assert_eq!(scene.paypal.answers("POST"), [201, 200], "the key makes one payment of both");
    assert_eq!(scene.site.record("pay-7")["lease_losses"], 1);
    scene.assert_paid_once(&scene.paypal, "7.00");
}

fn a_batch_that_nobody_agrees_to_is_not_paid(backend: Backend) {
    let scene = Scene::new(backend, "1000");
    let _working = ["supervisor", "executor", "reconciler"].map(|swarm| scene.work(swarm));
    scene.earn(100);
    scene.eventually("approve-7", "input-required/blocked");
    scene.site.run("coordinator cancel approve-7 --reason unknown-payees").expect(0);
    scene.eventually("pay-7", "canceled");
    scene.eventually("reconcile-7", "input-required/dependency-failed");
    assert_eq!((scene.paypal.answers("POST"), scene.bank.answers("POST")), (vec![], vec![]));
    assert_eq!(scene.site.budget("treasury").0, 0);
}

fn a_treasury_with_too_little_pays_nothing(backend: Backend) {
    let scene = Scene::new(backend, "5");
    let _working = ["supervisor", "executor", "reconciler"].map(|swarm| scene.work(swarm));
    scene.earn(10);
    scene.eventually("pay-7", "input-required/not-retryable");
    assert_eq!((scene.paypal.answers("POST"), scene.bank.answers("POST")), (vec![], vec![]));
    assert_eq!(scene.site.budget("treasury").0, 0);
    // With money for it, whoever looked into it tries again.
    scene
        .site
        .run("governor reset-circuit-breaker treasury --new-budget 50 --approved-by ann --reason funded")
        .expect(0);
    scene.site.run("coordinator retry pay-7").expect(0);
    scene.eventually("reconcile-7", "completed");
    scene.assert_paid_once(&scene.paypal, "7.00");
}

/// The commands that the README of the example gives under a mark.
fn block(mark: &str) -> String {
    let readme = fs::read_to_string("examples/payouts/README.md").unwrap();
    let (_, rest) =
        readme.split_once(&format!("```sh {mark}\n")).unwrap_or_else(|| panic!("no block `{mark}`"));
    rest.split_once("```").unwrap().0.to_owned()
}

/// Programs in the background, which end with the test.
struct Background(Child);

impl Background {
    fn start(mut command: Command) -> Self {
        Self(command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0).spawn().unwrap())
    }

    fn first_line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // An error means that they were gone before.
        let _ = killpg(Pid::from_raw(i32::try_from(self.0.id()).unwrap()), Signal::SIGKILL);
        self.0.wait().unwrap();
    }
}

#[test]
fn the_story_can_be_followed_by_hand_as_the_readme_tells_it() {
    let site = Site::start(Backend::Engine);
    let mut providers = block("providers").lines().map(provider).collect::<Vec<_>>();
    let ports: Vec<String> = providers
        .iter_mut()
        .map(|provider| provider.first_line().strip_prefix("port ").expect("it says where it is").to_owned())
        .collect();
    let shell = |script: &str| {
        let script = script
            .replace(":8101", &format!(":{}", ports[0]))
            .replace(":8102", &format!(":{}", ports[1]))
            .replace("$PWD/target/payouts", site.home.path().to_str().unwrap());
        let directory = Path::new(env!("CARGO_BIN_EXE_ifctl")).parent().unwrap();
        let path = format!("{}:{}", directory.display(), environment("PATH").unwrap().display());
        let mut command = Command::new("sh");
        command
            .args(["-euc", &script])
            .env("PATH", path)
            .env("IF_HOME", site.home.path())
            .env("IF_ENDPOINTS", site.server.endpoint())
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        command
    };
    let run = |script: &str| {
        let output = shell(script).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{script}\n{stderr}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&block("setup"));
    let _swarms = Background::start(shell(&format!("{}\nwait", block("swarms"))));
    let story = block("story");
    let (submit, rest) = story.split_once('\n').unwrap();
    run(submit);
    let call = eventually("somebody is called", || {
        let calls = site.json("governor escalations list --task approve-7");
        calls[0]["id"].as_str().map(str::to_owned)
    });
    let told = run(&rest.replace(" ID ", &format!(" {call} ")));
    assert!(told.contains("COMPLETED") && told.contains("open"), "{told}");
    let result: Value = serde_json::from_str(site.show("reconcile-7")["result"].as_str().unwrap()).unwrap();
    assert_eq!(result["rail"], "bank");
}

/// The provider that a line of the README starts, on a free port.
fn provider(line: &str) -> Background {
    let (command, _) = line.split_once(" &").expect("it is started in the background");
    let command = command.replace("8101", "0").replace("8102", "0");
    let words: Vec<&str> = command.split_whitespace().collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir(env!("CARGO_MANIFEST_DIR"));
    Background::start(command)
}
