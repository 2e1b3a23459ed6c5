//! A worker and its programs: how many at a time, who keeps a task alive, and how a program is stopped.

use std::fs;

use infrafabric::clock::stopwatch;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::command::Running;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_worker_has_as_many_programs_at_a_time_as_it_has_slots,
    a_program_that_does_not_end_when_told_to_is_killed_after_the_grace,
    the_worker_keeps_a_task_alive_whatever_its_program_does,
    a_program_goes_on_while_the_store_is_killed_and_comes_back,
    a_worker_that_is_told_to_end_gives_its_task_back,
);

fn worker(site: &Site, options: &str, script: &str) -> Running {
    site.ifctl(&format!("coordinator work --swarm s1 {options} --")).args(["sh", "-c", script]).spawn()
}

/// The process that a program says it is, under the name of its task.
fn program(site: &Site, task: &str) -> Pid {
    eventually("the program runs", || {
        let pid = fs::read_to_string(site.home.path().join(task)).ok()?;
        Some(Pid::from_raw(pid.trim().parse().ok()?))
    })
}

const TELL_PID: &str = r#"echo $$ > "$IF_HOME/$IF_TASK_ID""#;

/// Runs until the test says that it may end.
const UNTIL_RELEASED: &str =
    r#"while [ -d "$IF_HOME" ] && ! [ -e "$IF_HOME/released" ]; do sleep 0.05; done"#;

fn release(site: &Site) {
    fs::write(site.home.path().join("released"), "").unwrap();
}

fn a_worker_has_as_many_programs_at_a_time_as_it_has_slots(backend: Backend) {
    let site = Site::start(backend);
    for task in ["a", "b", "c"] {
        site.run(&format!("coordinator submit {task} --direct-to s1")).expect(0);
    }
    let mut worker = worker(&site, "--slots 2", &format!("{TELL_PID}; {UNTIL_RELEASED}"));
    let said = worker.stderr_lines();
    said.next_with("began");
    said.next_with("began");
    // The leader has seen that both slots are taken: it has assigned to somebody else since.
    site.run("coordinator submit d --direct-to s2").expect(0);
    let other = site.run("coordinator claim --next --swarm s2 --wait 60s").expect(0);
    assert_eq!(other.stderr, "claimed d\n");
    assert_eq!(site.state("c"), "submitted/ready");
    let working = site.json("coordinator tasks --state working --owner s1");
    assert_eq!(working.as_array().unwrap().len(), 2, "{working}");
    release(&site);
    said.next_with("completed");
    said.next_with("completed");
    worker.terminate().expect(0);
}

fn a_program_that_does_not_end_when_told_to_is_killed_after_the_grace(backend: Backend) {
    let site = Site::start(backend);
    let script = format!(r#"trap 'echo told > "$IF_HOME/told"' TERM; {TELL_PID}; {UNTIL_RELEASED}"#);
    let mut worker = worker(&site, "--once --grace 500ms", &script);
    let said = worker.stderr_lines();
    site.run("coordinator submit T").expect(0);
    let program = program(&site, "T");
    site.raw().delete("/tasks/T/hold");
    said.next_with("T stopped: the hold is gone");
    assert_eq!(kill(program, None), Err(nix::errno::Errno::ESRCH));
    assert_eq!(fs::read_to_string(site.home.path().join("told")).unwrap(), "told\n");
    worker.finish().expect(0);
}

fn the_worker_keeps_a_task_alive_whatever_its_program_does(backend: Backend) {
    let site = Site::start(backend);
    let mut worker = worker(&site, "--once --session-ttl 4s", &format!("{TELL_PID}; {UNTIL_RELEASED}"));
    let said = worker.stderr_lines();
    site.run("coordinator submit T").expect(0);
    let program = program(&site, "T");
    kill(program, Signal::SIGSTOP).unwrap();
    let held = site.raw().get("/tasks/T/hold");
    assert!(held.is_some());
    let watch = stopwatch();
    eventually("several times the session's time have passed", || {
        assert_eq!(site.raw().get("/tasks/T/hold"), held);
        (watch.elapsed().as_secs() >= 10).then_some(())
    });
    kill(program, Signal::SIGCONT).unwrap();
    release(&site);
    said.next_with("T completed");
    worker.finish().expect(0);
    assert_eq!(site.record("T")["lease_losses"], 0);
}

fn a_program_goes_on_while_the_store_is_killed_and_comes_back(backend: Backend) {
    let mut site = Site::start(backend);
    let mut worker = worker(&site, "", &format!("{TELL_PID}; {UNTIL_RELEASED}; echo done"));
    let said = worker.stderr_lines();
    site.run("coordinator submit T").expect(0);
    let program = program(&site, "T");
    let token = site.show("T")["token"].clone();
    site.server.kill();
    release(&site);
    eventually("the program has ended", || kill(program, None).is_err().then_some(()));
    site.server.restart();
    said.next_with("T completed");
    let task = site.show("T");
    assert_eq!((&task["result"], &task["record"]["completed_token"]), (&"done\n".into(), &token));
    assert_eq!((&task["record"]["attempt"], &task["record"]["lease_losses"]), (&1.into(), &0.into()));
    site.run("coordinator submit U").expect(0);
    said.next_with("U completed");
    worker.terminate().expect(0);
}

fn a_worker_that_is_told_to_end_gives_its_task_back(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let spend = r#"echo 0.3 > "$IF_TASK_COST_FILE""#;
    let mut worker = worker(&site, "", &format!("{spend}; {TELL_PID}; {UNTIL_RELEASED}"));
    let said = worker.stderr_lines();
    program(&site, "T");
    worker.terminate().expect(0);
    said.next_with("T stopped and given back");
    let record = site.record("T");
    assert_eq!(site.state("T"), "submitted/ready");
    assert_eq!((&record["attempt"], &record["lease_losses"]), (&0.into(), &0.into()));
    assert_eq!(record["spent"], 300_000, "what the program had reported");
}

#[test]
fn a_worker_ends_although_what_has_ended_cannot_be_reported() {
    let mut site = Site::start(Backend::Engine);
    site.run("coordinator submit T").expect(0);
    let worker = worker(&site, "--grace 100ms", &format!("{TELL_PID}; {UNTIL_RELEASED}"));
    let program = program(&site, "T");
    site.server.kill();
    release(&site);
    eventually("the program ends", || kill(program, None).is_err().then_some(()));
    worker.terminate().expect(0);
}
