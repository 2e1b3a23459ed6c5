//! Any executable is a worker: what it exits with decides, what it holds is never lost and never done twice.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;

use nix::sys::signal::kill;
use nix::unistd::Pid;
use serde_json::Value;

use crate::budgets::assert_never_above_cap;
use crate::support::command::Ifctl;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    the_exit_status_of_an_executable_decides,
    the_task_of_a_killed_worker_is_finished_by_another,
    a_child_is_stopped_when_its_hold_is_gone,
    the_child_of_a_killed_worker_ends_with_it,
    a_listener_gets_an_assignment_and_completes_it_with_its_token,
    pushed_and_pulling_workers_complete_a_whole_backlog_once,
);

/// Runs until its worker is gone, so that no test leaves it behind.
const AS_LONG_AS_THE_WORKER: &str = "while kill -0 $PPID 2>/dev/null; do sleep 0.1; done";

/// Runs until the test is over, whatever becomes of the worker.
const AS_LONG_AS_THE_TEST: &str = r#"while [ -d "$IF_HOME" ]; do sleep 0.1; done"#;

/// Says which process the child is; [`child`] reads it.
const TELL_PID: &str = r#"echo $$ > "$IF_HOME/pid""#;

fn child(site: &Site) -> Pid {
    eventually("the child runs", || {
        let pid = fs::read_to_string(site.home.path().join("pid")).ok()?;
        Some(Pid::from_raw(pid.trim().parse().ok()?))
    })
}

/// Whether a process runs. One that has ended keeps its number until it has been asked how.
fn runs(process: Pid) -> bool {
    fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|status| !status.contains(") Z "))
}

fn worker(site: &Site, swarm: &str, options: &str, script: &str) -> Ifctl {
    site.ifctl(&format!("coordinator work --swarm {swarm} {options} --")).args(["sh", "-c", script])
}

fn completions(site: &Site) -> HashMap<String, usize> {
    let mut completions = HashMap::new();
    for change in site.raw().history("/tasks/").into_iter().filter(|change| change.key.ends_with("/record")) {
        if change.json()["op"] == "complete" {
            *completions.entry(change.key).or_default() += 1;
        }
    }
    completions
}

fn the_exit_status_of_an_executable_decides(backend: Backend) {
    let site = Site::start(backend);
    for swarm in ["good", "unlucky", "bad"] {
        site.run(&format!("governor register {swarm} --capabilities a:b --cost-per-hour 2.0")).expect(0);
        site.ifctl(&format!("coordinator submit for-{swarm} --direct-to {swarm} --title"))
            .args(["Do it", "--payload", "{\"n\":1}"])
            .run()
            .expect(0);
    }
    let done = r#"cat > "$IF_HOME/input"; echo "$IF_TASK_ID done"; echo 1.5 > "$IF_TASK_COST_FILE""#;
    worker(&site, "good", "--once", done).run().expect(0);
    worker(&site, "unlucky", "--once", "exit 75").run().expect(0);
    worker(&site, "bad", "--once --pull", "exit 3").run().expect(0);

    let good = site.show("for-good");
    assert_eq!(good["record"]["state"], "completed");
    assert_eq!(good["result"], "for-good done\n");
    assert_eq!(site.budget("good"), (1_500_000, 0, 10_000_000));
    let input: Value =
        serde_json::from_str(&fs::read_to_string(site.home.path().join("input")).unwrap()).unwrap();
    assert_eq!((&input["id"], &input["title"]), (&"for-good".into(), &"Do it".into()));
    assert_eq!((&input["attempt"], &input["payload"]["n"]), (&1.into(), &1.into()));

    let history = site.raw().history("/tasks/for-unlucky/record");
    let failed = history.iter().map(|change| change.json()).find(|record| record["op"] == "fail").unwrap();
    assert_eq!((&failed["state"], &failed["reason"]), (&"submitted".into(), &"backoff".into()));
    eventually("it is ready again", || (site.state("for-unlucky") == "submitted/ready").then_some(()));

    assert_eq!(site.state("for-bad"), "input-required/not-retryable");
    assert_eq!(site.record("for-bad")["error"]["message"], "it ended with exit status 3");
}

fn the_task_of_a_killed_worker_is_finished_by_another(backend: Backend) {
    let site = Site::start(backend);
    let mut first = worker(&site, "s1", "--session-ttl 5s", AS_LONG_AS_THE_WORKER).spawn();
    let said = first.stderr_lines();
    said.next_with("connected as");
    site.run("coordinator submit T").expect(0);
    said.next_with("T began");
    let mut second = worker(&site, "s2", "", "echo finished").spawn();
    let said = second.stderr_lines();
    said.next_with("connected as");
    first.kill();

    said.next_with("T completed");
    let task = site.show("T");
    assert_eq!((&task["record"]["owner"], &task["result"]), (&"s2".into(), &"finished\n".into()));
    assert_eq!((&task["record"]["lease_losses"], &task["record"]["attempt"]), (&1.into(), &2.into()));
    assert_eq!(completions(&site), HashMap::from([("/tasks/T/record".to_owned(), 1)]));
    second.terminate().expect(0);
}

fn a_child_is_stopped_when_its_hold_is_gone(backend: Backend) {
    let site = Site::start(backend);
    let script = format!("{TELL_PID}; {AS_LONG_AS_THE_WORKER}");
    let mut running = worker(&site, "s1", "--once", &script).spawn();
    let said = running.stderr_lines();
    site.run("coordinator submit T").expect(0);
    let child = child(&site);
    kill(child, None).unwrap();
    site.raw().delete("/tasks/T/hold");

    said.next_with("T stopped: the hold is gone");
    assert_eq!(kill(child, None), Err(nix::errno::Errno::ESRCH));
    running.finish().expect(0);
    assert_eq!(completions(&site), HashMap::new());
    eventually("the task is ready again", || (site.state("T") == "submitted/ready").then_some(()));
    assert_eq!(site.record("T")["lease_losses"].as_u64().map(|losses| losses >= 1), Some(true));
}

fn the_child_of_a_killed_worker_ends_with_it(backend: Backend) {
    let site = Site::start(backend);
    let mut running = worker(&site, "s1", "", &format!("{TELL_PID}; {AS_LONG_AS_THE_TEST}")).spawn();
    // The child has the same standard error: read to its end, it would be waited for.
    let _said = running.stderr_lines();
    site.run("coordinator submit T").expect(0);
    let child = child(&site);
    assert!(runs(child));
    running.kill();
    eventually("the child has ended", || (!runs(child)).then_some(()));
}

fn a_listener_gets_an_assignment_and_completes_it_with_its_token(backend: Backend) {
    let site = Site::start(backend);
    let mut listener = site.ifctl("coordinator listen --swarm s1").spawn();
    let pushes = listener.stdout_lines();
    assert_eq!(pushes.next_json()["type"], "connected");
    site.ifctl("coordinator submit T --payload").args(["what to do"]).run().expect(0);
    let push = pushes.next_json();
    assert_eq!((&push["type"], &push["task"]["id"]), (&"assignment".into(), &"T".into()));
    assert_eq!((&push["payload"], &push["task"]["owner"]), (&"what to do".into(), &"s1".into()));
    let token = push["token"].as_str().unwrap();
    assert_eq!(site.show("T")["token"], token);
    assert!(site.raw().list("/swarms/s1/inbox/").is_empty(), "what was received is acknowledged");
    assert!(!site.record("T")["received_at"].is_null());

    // As the agent that reads this stream would.
    let agent = site.ifctl("coordinator complete --result done");
    agent.env("IF_TASK_ID", "T").env("IF_TASK_TOKEN", token).run().expect(0);
    assert_eq!(site.state("T"), "completed");

    // Who leaves gives back at once what it holds.
    site.run("coordinator submit U").expect(0);
    assert_eq!(pushes.next_json()["task"]["id"], "U");
    listener.terminate().expect(0);
    eventually("the task is returned", || (site.state("U") == "submitted/ready").then_some(()));
}

fn pushed_and_pulling_workers_complete_a_whole_backlog_once(backend: Backend) {
    let site = Site::start(backend);
    let capabilities: BTreeMap<String, HashSet<String>> = site
        .json("coordinator swarms")
        .as_array()
        .unwrap()
        .iter()
        .map(|swarm| (text(&swarm["swarm"]), texts(&swarm["capabilities"])))
        .collect();
    let mut workers = Vec::new();
    for swarm in capabilities.keys() {
        workers.push(worker(&site, swarm, "", "cat > /dev/null; echo pushed").spawn());
        workers.push(worker(&site, swarm, "--pull", "cat > /dev/null; echo pulled").spawn());
    }
    assert_eq!(workers.len(), 14);
    site.run("coordinator submit --file examples/backlog/phase-0.yaml").expect(0);
    eventually("all is done", || (site.json("coordinator status")["tasks"]["completed"] == 28).then_some(()));

    let completions = completions(&site);
    assert_eq!(completions.len(), 28);
    assert!(completions.values().all(|count| *count == 1), "{completions:?}");
    for record in site.json("coordinator tasks").as_array().unwrap() {
        let needed = texts(&record["required_capabilities"]);
        let covered = needed.intersection(&capabilities[&text(&record["owner"])]).count();
        assert!(10 * covered >= 7 * needed.len(), "an unqualified owner: {record}");
    }
    assert_never_above_cap(&site.raw());
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn texts(value: &Value) -> HashSet<String> {
    value.as_array().unwrap().iter().map(text).collect()
}
