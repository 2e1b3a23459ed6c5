//! What a contract allows is the swarm's: however many processes and hosts run its tasks, together they get no more, and one
//! that is alone gets all of it.
//!
//! A home of its own makes a host. What arrives at a service is counted, over a time that is measured.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use infrafabric::clock::stopwatch;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::command::{Ifctl, Running};
use crate::support::patience::eventually;
use crate::support::receivers::Webhook;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    processes_of_a_host_make_no_more_calls_together_than_one,
    hosts_divide_the_calls_of_a_swarm_and_who_is_left_has_all,
    the_share_of_a_killed_host_is_free_when_its_lease_ends_and_not_before,
    processes_and_hosts_use_no_more_of_a_core_together_than_one,
    a_smaller_contract_shrinks_what_hosts_have,
    who_does_not_hear_of_the_store_has_nothing_once_its_lease_has_ended,
    what_was_counted_and_is_damaged_lets_nobody_have_more,
);

/// How many calls a second the swarm may make.
const RATE: u32 = 20;

const SPIN: &str = "examples/guests/spin.wat";
const GREEDY: &str = "tests/fixtures/greedy.wat";

struct Scene {
    site: Site,
    service: Webhook,
    /// Another host.
    other: TempDir,
}

impl Scene {
    fn new(backend: Backend) -> Self {
        let service = Webhook::answering(200);
        Self { site: Site::start(backend), service, other: TempDir::new().unwrap() }
    }

    fn hosts(&self) -> [&Path; 2] {
        [self.site.home.path(), self.other.path()]
    }

    fn at(&self, host: &Path, line: &str) -> Ifctl {
        Ifctl::new(host).endpoints(&self.site.server).args(line.split_whitespace())
    }

    /// Puts code under a contract, on both hosts.
    fn load(&self, guest: &str, rate: u32, cpu_percent: u32, seconds: u32) {
        let limits = format!(
            "{{max_api_calls_per_second: {rate}, max_cpu_percent: {cpu_percent}, \
             max_execution_time_seconds: {seconds}}}"
        );
        let egress = format!("[{{url: 'http://{}/', allow_private: true}}]", self.service.address);
        let text = format!(
            "swarm_id: s\nversion: 1.0.0\ncapabilities: [a:b]\nresource_requirements: {limits}\negress: {egress}\n"
        );
        for host in self.hosts() {
            let contract = host.join("given.yaml");
            fs::write(&contract, &text).unwrap();
            let load = self.at(host, &format!("chassis load s --replace --wasm {guest}"));
            load.arg_pair("--contract", contract).run().expect(0);
        }
    }

    fn start(&self, host: &Path) -> Running {
        let request = json!({"url": format!("http://{}/", self.service.address)});
        self.at(host, "chassis exec s").stdin(request.to_string()).spawn()
    }

    fn calls(&self) -> u32 {
        u32::try_from(self.service.requests().len()).unwrap()
    }

    /// What hosts have now: calls and share of a core, in thousandths.
    fn shares(&self) -> Vec<(u64, u64)> {
        let found = self.site.raw().list("/chassis/shares/s/");
        found.iter().map(|(_, text)| share(text)).collect()
    }

    fn eventually_shared(&self, expected: &[(u64, u64)]) {
        eventually(&format!("they have {expected:?}"), || (self.shares() == expected).then_some(()));
    }

    /// Goes through all that the store ever said: hosts together never had more than this.
    fn assert_never_more_than(&self, calls: u64, cpu: u64) {
        let (mut shares, mut seen) = (BTreeMap::new(), 0);
        let changes = self.site.raw().history("/chassis/shares/s/");
        for (index, change) in changes.iter().enumerate() {
            if change.deleted {
                shares.remove(&change.key);
            } else {
                shares.insert(change.key.clone(), share(&change.value));
            }
            if changes.get(index + 1).is_some_and(|next| next.revision == change.revision) {
                continue;
            }
            let sum = shares.values().fold((0, 0), |sum, share| (sum.0 + share.0, sum.1 + share.1));
            assert!(sum.0 <= calls && sum.1 <= cpu, "{sum:?} at {}", change.revision);
            seen += 1;
        }
        assert!(seen > 0, "the history is told");
    }
}

fn share(text: &str) -> (u64, u64) {
    let share: Value = serde_json::from_str(text).unwrap();
    let number = |name: &str| share[name].as_u64().unwrap();
    (number("milli_calls_per_second"), number("milli_cpu_percent"))
}

/// How many calls may come in since then.
fn allowed_since(watch: Instant) -> u32 {
    u32::try_from(u128::from(RATE) * watch.elapsed().as_millis() / 1000).unwrap()
}

fn processes_of_a_host_make_no_more_calls_together_than_one(backend: Backend) {
    let scene = Scene::new(backend);
    scene.load(GREEDY, RATE, 25, 5);
    let watch = stopwatch();
    let running: Vec<_> = (0..4).map(|_| scene.start(scene.hosts()[0])).collect();
    for task in running {
        task.finish().expect(6);
    }
    // A second's worth may have been saved up. Each by itself would have had five seconds' worth.
    let (calls, allowed) = (scene.calls(), allowed_since(watch) + RATE);
    assert!((RATE..=allowed).contains(&calls), "{calls} of {allowed}");
    assert_eq!(scene.shares(), [], "what nobody uses is given back");
    scene.assert_never_more_than(1000 * u64::from(RATE), 25_000);
    for file in files(scene.hosts()[0]) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
}

/// The files in which a host counts.
fn files(host: &Path) -> Vec<PathBuf> {
    let mut directory = host.join("chassis/shares");
    for _ in 0..2 {
        let inside = fs::read_dir(&directory).unwrap().next().unwrap().unwrap();
        assert_eq!(inside.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        directory = inside.path();
    }
    fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn hosts_divide_the_calls_of_a_swarm_and_who_is_left_has_all(backend: Backend) {
    let scene = Scene::new(backend);
    scene.load(GREEDY, RATE, 25, 6);
    let watch = stopwatch();
    let first = scene.start(scene.hosts()[0]);
    scene.eventually_shared(&[(20_000, 25_000)]);
    // The others outlast it.
    scene.load(GREEDY, RATE, 25, 12);
    let others = [scene.start(scene.hosts()[1]), scene.start(scene.hosts()[1])];
    scene.eventually_shared(&[(10_000, 12_500), (10_000, 12_500)]);
    let report = scene.site.json("chassis resources s");
    assert_eq!(report["shares"].as_array().unwrap().len(), 2, "{report}");
    assert_eq!(report["shares"][0]["calls_per_second"], 10.0, "{report}");
    first.finish().expect(6);
    scene.eventually_shared(&[(20_000, 25_000)]);
    for task in others {
        task.finish().expect(6);
    }
    // Each host may have saved up a second's worth of what it had at most.
    let (calls, allowed) = (scene.calls(), allowed_since(watch) + 2 * RATE);
    assert!((RATE..=allowed).contains(&calls), "{calls} of {allowed}");
    assert_eq!(scene.shares(), []);
    scene.assert_never_more_than(1000 * u64::from(RATE), 25_000);
}

fn the_share_of_a_killed_host_is_free_when_its_lease_ends_and_not_before(backend: Backend) {
    let scene = Scene::new(backend);
    // One call a second can be divided, too.
    scene.load(GREEDY, 1, 1, 600);
    let [first, second] = scene.hosts().map(|host| scene.start(host));
    scene.eventually_shared(&[(500, 500), (500, 500)]);
    first.kill();
    let raw = scene.site.raw();
    let died = raw.revision();
    scene.eventually_shared(&[(1000, 1000)]);
    let changes = raw.history_from(died + 1, "/chassis/shares/s/");
    assert!(
        changes.first().is_some_and(|change| change.deleted),
        "nobody takes it before it is free: {changes:?}"
    );
    // Another process of the host counts where the killed one did.
    let third = scene.start(scene.hosts()[0]);
    scene.eventually_shared(&[(500, 500), (500, 500)]);
    drop((second, third));
    scene.assert_never_more_than(1000, 1000);
}

/// The processor time of processes, so far.
fn cpu_time(running: &[Running]) -> Duration {
    let of = |task: &Running| {
        let stat = fs::read_to_string(format!("/proc/{}/stat", task.pid())).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        // User and system time, in hundredths of a second.
        fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum::<u64>()
    };
    Duration::from_millis(running.iter().map(of).sum::<u64>() * 10)
}

fn processes_and_hosts_use_no_more_of_a_core_together_than_one(backend: Backend) {
    const WINDOW: Duration = Duration::from_secs(4);
    let scene = Scene::new(backend);
    scene.load(SPIN, RATE, 20, 600);
    let mut running = vec![scene.at(scene.hosts()[0], "chassis serve s --slots 3").spawn()];
    for task in ["a", "b", "c"] {
        scene.site.run(&format!("coordinator submit {task} --direct-to s")).expect(0);
        running.push(scene.start(scene.hosts()[1]));
    }
    scene.eventually_shared(&[(10_000, 10_000), (10_000, 10_000)]);
    eventually("all of them run", || {
        (scene.site.json("chassis resources s")["instances"]["current"] == 6).then_some(())
    });
    let (watch, before) = (stopwatch(), cpu_time(&running));
    eventually("some time has passed", || (watch.elapsed() > WINDOW).then_some(()));
    let used = cpu_time(&running).checked_sub(before).unwrap().as_secs_f64() / watch.elapsed().as_secs_f64();
    // Six shares would be more than a core; a twentieth of one is what four processes need besides.
    assert!((0.05..0.45).contains(&used), "{used}");
    drop(running);
}

fn a_smaller_contract_shrinks_what_hosts_have(backend: Backend) {
    let scene = Scene::new(backend);
    scene.load(GREEDY, RATE, 20, 600);
    let running = scene.hosts().map(|host| scene.start(host));
    scene.eventually_shared(&[(10_000, 10_000), (10_000, 10_000)]);
    scene.load(GREEDY, 3, 10, 600);
    scene.eventually_shared(&[(1500, 5000), (1500, 5000)]);
    scene.load(GREEDY, 100, 20, 600);
    scene.eventually_shared(&[(50_000, 10_000), (50_000, 10_000)]);
    drop(running);
}

fn who_does_not_hear_of_the_store_has_nothing_once_its_lease_has_ended(backend: Backend) {
    let mut scene = Scene::new(backend);
    scene.load(GREEDY, RATE, 50, 600);
    let mut task = scene.start(scene.hosts()[0]);
    eventually("it calls", || (scene.calls() > 0).then_some(()));
    scene.site.server.kill();
    let rests = || {
        let (calls, watch) = (scene.calls(), stopwatch());
        eventually("a moment has passed", || (watch.elapsed() > Duration::from_secs(2)).then_some(()));
        (scene.calls() == calls).then_some(calls)
    };
    let calls = eventually("it makes no calls", rests);
    let before = cpu_time(std::slice::from_ref(&task));
    let watch = stopwatch();
    eventually("a moment has passed", || (watch.elapsed() > Duration::from_secs(2)).then_some(()));
    let used = cpu_time(std::slice::from_ref(&task)).checked_sub(before).unwrap().as_secs_f64() / 2.0;
    assert!(used < 0.3, "it rests: {used}");
    scene.site.server.restart();
    eventually("it goes on", || (scene.calls() > calls).then_some(()));
    drop(task.stderr_lines());
    task.kill();
}

fn what_was_counted_and_is_damaged_lets_nobody_have_more(backend: Backend) {
    let scene = Scene::new(backend);
    scene.load(GREEDY, RATE, 25, 6);
    let watch = stopwatch();
    let running = [scene.start(scene.hosts()[0]), scene.start(scene.hosts()[0])];
    eventually("they call", || (scene.calls() > 0).then_some(()));
    let account = files(scene.hosts()[0]).into_iter().find(|file| file.ends_with("s")).unwrap();
    // Without a moment in which it is empty.
    OpenOptions::new().write(true).open(account).unwrap().write_all(b"damaged").unwrap();
    let before = scene.calls();
    eventually("they go on", || (scene.calls() > before).then_some(()));
    for task in running {
        let finished = task.finish().expect(6);
        assert!(finished.stderr.matches("is counted anew").count() <= 2, "{}", finished.stderr);
    }
    let (calls, allowed) = (scene.calls(), allowed_since(watch) + RATE);
    assert!((RATE..=allowed).contains(&calls), "{calls} of {allowed}");
}
