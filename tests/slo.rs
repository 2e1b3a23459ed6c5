//! What was measured is on record, whoever records; what others think of a swarm hangs on its name.

use std::fs::{self, File};
use std::io::Write;

use futures::future::join_all;
use infrafabric::chassis::{Chassis, Job, TaskInput};
use infrafabric::clock::Clock;
use infrafabric::config::Home;
use infrafabric::store::Store;
use nix::pty::openpty;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use crate::support::command::{Finished, Ifctl, Lines, Running};
use crate::support::connected::connection_to;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    figures_are_those_of_the_tasks_that_ended,
    nothing_run_is_nothing_measured,
    nobody_grades_itself,
    an_attempt_is_graded_once,
    ten_processes_that_record_at_once_lose_nothing,
    tasks_of_one_process_that_end_together_share_their_writes,
    a_write_whose_answer_is_lost_counts_once,
    failures_change_the_ranking_at_once,
    neither_loading_nor_registering_again_washes_a_reputation,
    a_record_that_nobody_can_read_stops_no_other,
    whoever_watches_is_told_of_every_task,
    on_a_terminal_the_table_stays_in_its_place,
);

/// More than a pipe holds: whoever has written it knows that somebody reads.
const MORE_THAN_A_PIPE: usize = 128 << 10;

/// Puts a guest of the examples under a contract that promises much.
#[track_caller]
fn load(site: &Site, swarm: &str, guest: &str) {
    let contract = site.home.path().join(format!("{swarm}.yaml"));
    let text = format!(
        "swarm_id: {swarm}\nversion: 1.0.0\ncapabilities: [a:b]\n\
         slos: {{p99_latency_ms: 60000, success_rate: 0.9, availability: 0.75}}\n"
    );
    fs::write(&contract, text).unwrap();
    let wasm = format!("examples/guests/{guest}.wat");
    site.run(&format!("chassis load {swarm} --replace --wasm {wasm} --contract {}", contract.display()))
        .expect(0);
}

fn exec(site: &Site, swarm: &str, more: &str) -> Finished {
    site.ifctl(&format!("chassis exec {swarm} {more}")).stdin("{}").run()
}

/// Has somebody else submit a task, and the swarm claim it; its token.
#[track_caller]
fn given(site: &Site, task: &str, swarm: &str) -> String {
    site.run(&format!("coordinator submit {task} --by boss")).expect(0);
    site.claim(task, swarm)
}

fn reputation(site: &Site, swarm: &str) -> Value {
    site.json(&format!("chassis reputation {swarm}"))
}

fn performance(site: &Site, swarm: &str) -> Value {
    site.json(&format!("chassis performance {swarm}"))
}

fn graded(site: &Site, swarm: &str) -> u64 {
    reputation(site, swarm)["graded"].as_u64().unwrap()
}

fn figures_are_those_of_the_tasks_that_ended(backend: Backend) {
    let site = Site::start(backend);
    for (guest, code, times) in [("echo", 0, 6), ("trap", 9, 1), ("not_json", 9, 1)] {
        load(&site, "s1", guest);
        for _ in 0..times {
            exec(&site, "s1", "").expect(code);
        }
    }
    let report = performance(&site, "s1");
    assert_eq!((&report["total"], &report["succeeded"], &report["n"]), (&json!(8), &json!(6), &json!(8)));
    assert_eq!((&report["latency"]["n"], &report["lifetime_latency"]["n"]), (&json!(7), &json!(7)));
    let millis = |kind: &str, name: &str| report[kind][name].as_f64().unwrap();
    for name in ["p50_ms", "p90_ms", "p99_ms"] {
        let (exact, kept) = (millis("latency", name), millis("lifetime_latency", name));
        assert!((exact..=exact * 1.01 + 0.001).contains(&kept), "{name}: {kept} for {exact}");
    }
    let objective = |name: &str| {
        let all = report["objectives"].as_array().unwrap();
        all.iter().find(|objective| objective["name"] == name).unwrap().clone()
    };
    let success = objective("success_rate");
    assert_eq!((&success["measured"], &success["verdict"]), (&json!(0.75), &json!("missed")));
    let windows: Vec<_> = success["burn"].as_array().unwrap().iter().map(window).collect();
    // A quarter fails where a tenth may: the budget burns two and a half times too fast.
    let expected = |window, short, alert| (json!([window, 8, 2, 2.5]), json!([short, 8, 2, 2.5]), alert);
    assert_eq!(
        windows,
        [
            expected("1h", "5m", Value::Null),
            expected("6h", "30m", Value::Null),
            expected("3d", "6h", json!("ticket"))
        ]
    );
    let available = objective("availability");
    assert_eq!((&available["measured"], &available["verdict"]), (&json!(0.875), &json!("met")));
    assert_eq!(window(&available["burn"][0]).0, json!(["1h", 8, 1, 0.5]));
    assert_eq!(window(&objective("p99_latency_ms")["burn"][0]).0, json!(["1h", 7, 0, 0.0]));

    let history = site.json("chassis performance s1 --history");
    for unit in ["minutes", "hours"] {
        let sum = |name: &str| {
            let periods = history[unit].as_array().unwrap().iter();
            periods.map(|period| period[name].as_u64().unwrap()).sum::<u64>()
        };
        assert_eq!((sum("n"), sum("succeeded"), sum("late")), (8, 6, 0), "{history}");
    }
    let table = site.run("chassis performance s1 --history").expect(0).stdout;
    assert!(table.contains("LONGEST MS") && table.contains(" MINUTE "), "{table}");
    let table = site.run("chassis performance s1").expect(0).stdout;
    assert!(table.contains("a ticket") && table.contains('█'), "{table}");
    site.run("chassis performance s1 --history --watch").expect(2);
}

/// Length, tasks, broken promises and rate of both windows, and whom that calls.
fn window(burn: &Value) -> (Value, Value, Value) {
    let of = |window: &Value| json!([window["window"], window["n"], window["bad"], window["rate"]]);
    (of(&burn["long"]), of(&burn["short"]), burn["alert"].clone())
}

fn nothing_run_is_nothing_measured(backend: Backend) {
    let site = Site::start(backend);
    assert!(site.run("chassis reputation s1").expect(3).stderr.contains("no contract is loaded for s1"));
    assert_eq!(site.json("chassis reputation"), json!([]));
    load(&site, "s1", "echo");
    let report = performance(&site, "s1");
    assert_eq!((&report["lifetime_latency"], &report["last_hour"]), (&Value::Null, &json!([])));
    assert!(site.run("chassis performance s1").expect(0).stdout.contains("Nothing is measured yet."));
    let newcomer = reputation(&site, "s1");
    assert_eq!(
        (&newcomer["score"], &newcomer["measured"], &newcomer["n"]),
        (&json!(0.5), &json!(false), &json!(0))
    );
    assert_eq!((&newcomer["appraisal"], &newcomer["original_design"]["score"]), (&Value::Null, &json!(1.0)));
    let table = site.run("chassis reputation s1").expect(0).stdout;
    assert!(table.contains("0.50 (newcomer)") && table.contains("has ended yet"), "{table}");
}

fn nobody_grades_itself(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", "echo");
    let tasks = [
        ("of-its-own", "--by s1", Some("s1")),
        // `exec` below is run by the same person.
        ("of-whoever-runs-it", "", Some("s1")),
        ("of-another-not-claimed", "--by boss", None),
        ("of-another-claimed-by-another", "--by boss", Some("s2")),
    ];
    for (task, by, claimed) in tasks {
        site.run(&format!("coordinator submit {task} {by}")).expect(0);
        if let Some(swarm) = claimed {
            site.claim(task, swarm);
        }
        exec(&site, "s1", &format!("--task-id {task}")).expect(0);
    }
    let token = given(&site, "of-another-done", "s1");
    site.run(&format!("coordinator complete of-another-done --token {token}")).expect(0);
    site.raw().put("/tasks/raw/owner", "s1");
    for task in ["--task-id of-another-done", "--task-id unheard-of", "--task-id raw", ""] {
        exec(&site, "s1", task).expect(0);
    }
    assert_eq!(performance(&site, "s1")["total"], 8, "all of them are measured");
    assert_eq!((graded(&site, "s1"), site.raw().get("/governor/reputation/s1")), (0, None));

    given(&site, "of-another", "s1");
    exec(&site, "s1", "--task-id of-another").expect(0);
    let measured = reputation(&site, "s1");
    assert_eq!(
        (&measured["graded"], &measured["successes"], &measured["measured"]),
        (&json!(1), &json!(1), &json!(true))
    );
    assert_eq!(format!("{:.2}", measured["score"].as_f64().unwrap()), "0.21");
    assert_eq!(measured["original_design"]["score"], 1.0);
}

fn an_attempt_is_graded_once(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", "trap");
    let token = given(&site, "t1", "s1");
    exec(&site, "s1", "--task-id t1").expect(9);
    load(&site, "s1", "echo");
    exec(&site, "s1", "--task-id t1").expect(0);
    // Who gives it back and takes it again is still at the same attempt.
    site.run(&format!("coordinator release t1 --token {token}")).expect(0);
    let token = site.claim("t1", "s1");
    exec(&site, "s1", "--task-id t1").expect(0);
    let once = reputation(&site, "s1");
    assert_eq!((&once["graded"], &once["successes"], &once["score"]), (&json!(1), &json!(0), &json!(0.0)));

    site.run(&format!("coordinator fail t1 --token {token} --message why --retryable")).expect(0);
    eventually("it is tried again", || {
        let claim = site.run("coordinator claim t1 --swarm s1");
        (claim.code == 0).then_some(())
    });
    exec(&site, "s1", "--task-id t1").expect(0);
    let twice = reputation(&site, "s1");
    assert_eq!((&twice["graded"], &twice["successes"]), (&json!(2), &json!(1)));
    let factors = |name: &str| {
        let factors = twice["appraisal"]["factors"].as_array().unwrap().iter();
        factors.map(|factor| factor[name].clone()).collect::<Vec<_>>()
    };
    assert_eq!(factors("objective"), ["success_rate", "p99_latency_ms"]);
    assert_eq!(factors("factor"), [0.8, 1.0]);
    assert_eq!(performance(&site, "s1")["total"], 4);
    let table = site.run("chassis reputation s1").expect(0).stdout;
    assert!(table.contains("success_rate 0.9 promised") && table.contains("x 0.8"), "{table}");
}

/// Starts one call for each task and lets all of them end at the same moment.
fn at_once(site: &Site, tasks: &[String], failpoints: &str) {
    let exec = |task: &String| {
        let call = site.ifctl(&format!("chassis exec s1 --task-id {task}")).open_stdin();
        call.env("FAILPOINTS", failpoints).spawn()
    };
    let mut racers: Vec<Running> = tasks.iter().map(exec).collect();
    let input = format!("{}{{}}", " ".repeat(MORE_THAN_A_PIPE));
    let mut inputs: Vec<_> = racers.iter_mut().map(Running::take_stdin).collect();
    for pipe in &mut inputs {
        pipe.write_all(input.as_bytes()).unwrap();
    }
    drop(inputs);
    for racer in racers {
        racer.finish().expect(0);
    }
}

fn ten_processes_that_record_at_once_lose_nothing(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", "echo");
    for round in 1..=2_u64 {
        let tasks: Vec<String> = (0..10).map(|racer| format!("t{round}.{racer}")).collect();
        for task in &tasks {
            given(&site, task, "s1");
        }
        at_once(&site, &tasks, "");
        let report = performance(&site, "s1");
        let counted = [&report["total"], &report["succeeded"], &report["lifetime_latency"]["n"]];
        assert_eq!(counted, [&json!(round * 10); 3]);
        assert_eq!(window(&report["objectives"][1]["burn"][0]).0[1], round * 10);
        assert_eq!(graded(&site, "s1"), round * 10);
    }
}

fn tasks_of_one_process_that_end_together_share_their_writes(backend: Backend) {
    const TASKS: usize = 130;
    let site = Site::start(backend);
    load(&site, "s1", "echo");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let connection = connection_to(site.server.endpoint());
        let store = Store::connect(&connection).await.unwrap();
        let home = Home::at(site.home.path());
        let chassis = Chassis::new(store, &home, Clock::System, "human:host".to_owned()).unwrap();
        let guest = chassis.prepare(&"s1".parse().unwrap()).await.unwrap();
        let input = TaskInput::parse(b"{}".to_vec()).unwrap();
        let jobs: Vec<Job> = (0..TASKS).map(|task| of_another(&format!("t{task}"))).collect();
        // Each twice: an attempt that was run again is measured again and graded once.
        let runs = jobs.iter().chain(&jobs).map(|job| chassis.run(&guest, job, &input, |_: &str| {}));
        for executed in join_all(runs).await {
            let executed = executed.unwrap();
            assert!(executed.unrecorded.is_none() && executed.execution.outcome.is_ok());
        }
    });
    assert_eq!(performance(&site, "s1")["total"], 2 * TASKS);
    assert_eq!(graded(&site, "s1"), TASKS as u64);
    let writes = site.raw().history("/chassis/metrics/s1/summary").len();
    assert!(writes < 2 * TASKS, "{writes} writes");
}

/// A task as the coordinator hands it out.
fn of_another(task: &str) -> Job {
    let (task, submitted_by) = (task.parse().ok(), Some("boss".to_owned()));
    Job { task, attempt: Some(1), submitted_by, ..Job::default() }
}

fn a_write_whose_answer_is_lost_counts_once(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", "echo");
    let mut total = 0;
    for failpoints in ["record-unsent=2*return", "record-answer-lost=1*return", "record-answer-lost=3*return"]
    {
        let tasks: Vec<String> = (0..4).map(|racer| format!("t{total}.{racer}")).collect();
        for task in &tasks {
            given(&site, task, "s1");
        }
        at_once(&site, &tasks, failpoints);
        total += 4;
        let report = performance(&site, "s1");
        assert_eq!([&report["total"], &report["lifetime_latency"]["n"]], [&json!(total); 2], "{failpoints}");
        assert_eq!(graded(&site, "s1"), total, "{failpoints}");
    }
    // Who never gets an answer says so, and has the guest's answer all the same.
    let call = site.ifctl("chassis exec s1").stdin("{}").env("FAILPOINTS", "record-unsent=return");
    let untold = call.run().expect(0);
    assert_eq!(untold.stdout, "{}\n");
    assert!(untold.stderr.contains("missing from the record"), "{}", untold.stderr);
    assert_eq!(performance(&site, "s1")["total"], total);
}

fn failures_change_the_ranking_at_once(backend: Backend) {
    let site = Site::start_under(backend, "capability_registry: {}\n");
    for swarm in ["one", "two"] {
        site.run(&format!("governor register {swarm} --capabilities a:b --cost-per-hour 1 --budget 100"))
            .expect(0);
    }
    let best = || site.json("governor find-help --required a:b")["chosen"].clone();
    assert_eq!(best(), "one", "of equals the first by name");
    load(&site, "one", "trap");
    given(&site, "t1", "one");
    exec(&site, "one", "--task-id t1").expect(9);
    assert_eq!(best(), "two", "one has failed");

    // Ten successes are worth more than nothing known, and one failure of eleven less than none of ten.
    for (swarm, guest, code, tasks) in
        [("one", "echo", 0, 2..12), ("two", "echo", 0, 12..22), ("two", "trap", 9, 22..23)]
    {
        load(&site, swarm, guest);
        for task in tasks {
            given(&site, &format!("t{task}"), swarm);
            exec(&site, swarm, &format!("--task-id t{task}")).expect(code);
        }
        if guest == "echo" {
            assert_eq!(best(), swarm, "{swarm} has done well");
        }
    }
    assert!(reputation(&site, "one")["score"].as_f64().unwrap() > 0.5);
    let told = site.json("governor find-help --required a:b --explain");
    for assessment in told["assessments"].as_array().unwrap() {
        let swarm = assessment["swarm"].as_str().unwrap();
        assert_eq!(assessment["reputation"], reputation(&site, swarm)["score"], "{swarm}");
    }
}

fn neither_loading_nor_registering_again_washes_a_reputation(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", "trap");
    let token = given(&site, "t1", "s1");
    exec(&site, "s1", "--task-id t1").expect(9);
    site.run(&format!("coordinator complete t1 --token {token}")).expect(0);
    let bad = reputation(&site, "s1");
    assert_eq!((&bad["score"], &bad["measured"]), (&json!(0.0), &json!(true)));

    site.raw().delete("/chassis/contracts/s1");
    assert_eq!(reputation(&site, "s1"), bad, "it outlives the contract");
    load(&site, "s1", "echo");
    assert_eq!(reputation(&site, "s1"), bad);
    let register = "governor register s1 --capabilities a:b --cost-per-hour 1";
    site.run(register).expect(0);
    site.run("governor unregister s1").expect(0);
    site.run(register).expect(0);
    assert_eq!(reputation(&site, "s1"), bad);
    assert_eq!(site.json("governor show s1")["reputation"], 0.0);
    site.raw()
        .put("/swarms/s1/profile", r#"{"capabilities": ["a:b"], "cost_per_hour": 1, "reputation": 1.0}"#);
    assert_eq!(reputation(&site, "s1"), bad, "what it says of itself counts for nothing");
}

fn a_record_that_nobody_can_read_stops_no_other(backend: Backend) {
    let site = Site::start(backend);
    for swarm in ["s1", "s2"] {
        load(&site, swarm, "echo");
    }
    given(&site, "t1", "s1");
    site.raw().put("/governor/reputation/s1", "what nobody can read");
    let warned = exec(&site, "s1", "--task-id t1").expect(0);
    assert!(warned.stderr.contains("/governor/reputation/s1 is malformed"), "{}", warned.stderr);
    assert_eq!(performance(&site, "s1")["total"], 1, "it is measured all the same");
    assert_eq!(site.raw().get("/governor/reputation/s1").as_deref(), Some("what nobody can read"));
    site.run("chassis reputation s1").expect(1);
    let told = site.json("chassis reputation");
    let swarms: Vec<_> = told.as_array().unwrap().iter().map(|one| &one["swarm"]).collect();
    assert_eq!(swarms, ["s2"]);
}

fn whoever_watches_is_told_of_every_task(backend: Backend) {
    let site = Site::start(backend);
    site.run("chassis performance s1 --watch").expect(3);
    load(&site, "s1", "echo");
    let mut watch = site.ifctl("chassis performance s1 --watch -o json").spawn();
    let reports = watch.stdout_lines();
    assert_eq!(reports.next_json()["total"], 0);
    for total in 1..=3 {
        exec(&site, "s1", "").expect(0);
        assert_eq!(reports.next_json()["total"], total);
    }
    let contract = site.home.path().join("s1.yaml");
    let text = fs::read_to_string(&contract).unwrap().replace("1.0.0", "1.1.0");
    fs::write(&contract, text).unwrap();
    site.run(&format!("chassis load s1 --wasm examples/guests/echo.wat --contract {}", contract.display()))
        .expect(0);
    let replaced = reports.next_json();
    assert_eq!((&replaced["contract_version"], &replaced["total"]), (&json!("1.1.0"), &json!(3)));
    interrupt(watch).expect(0);
}

/// What Ctrl-C does.
fn interrupt(running: Running) -> Finished {
    kill(Pid::from_raw(i32::try_from(running.pid()).unwrap()), Signal::SIGINT).unwrap();
    running.finish()
}

fn on_a_terminal_the_table_stays_in_its_place(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", "echo");
    let terminal = openpty(None, None).unwrap();
    let call: Ifctl = site.ifctl("chassis performance s1 --watch").stdout(terminal.slave);
    let watch = call.spawn();
    let screen = Lines::of(File::from(terminal.master));
    assert!(screen.next_with("SWARM").starts_with(" SWARM"), "nothing is cleared before");
    screen.next_with("Nothing is measured yet.");
    exec(&site, "s1", "").expect(0);
    let again = screen.next_with("SWARM");
    assert!(
        again.starts_with("\u{1b}[") && again.contains("F\u{1b}[J"),
        "it takes the place of the last: {again:?}"
    );
    screen.next_with("last 1");
    interrupt(watch).expect(0);
}
