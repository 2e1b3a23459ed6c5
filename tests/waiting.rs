//! Whoever waits for tasks is told when they have ended, and how.

use insta::assert_snapshot;

use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    waiting_ends_when_all_tasks_are_completed,
    a_task_that_fails_makes_waiting_fail,
    who_waits_too_long_or_for_nothing_is_told_for_what,
    who_does_not_wait_is_told_how_it_is,
    who_is_interrupted_is_not_told_that_all_is_done,
    waiting_outlasts_a_store_that_is_killed,
);

fn waiting(site: &Site, tasks: &str) -> crate::support::command::Running {
    let mut waiting = site.ifctl(&format!("coordinator wait {tasks}")).spawn();
    waiting.stderr_lines().next_with("waiting for");
    waiting
}

fn complete(site: &Site, task: &str) {
    let token = site.claim(task, "s1");
    site.run(&format!("coordinator complete {task} --token {token}")).expect(0);
}

fn waiting_ends_when_all_tasks_are_completed(backend: Backend) {
    let site = Site::start(backend);
    for task in ["a", "b", "c"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    complete(&site, "a");
    let (one, all) = (waiting(&site, "b"), waiting(&site, "a b c -o json"));
    complete(&site, "b");
    one.finish().expect(0);
    complete(&site, "c");
    let all = all.finish().expect(0).json();
    let states: Vec<_> = all.as_array().unwrap().iter().map(|task| (&task["id"], &task["state"])).collect();
    let done = "completed".into();
    assert_eq!(states, [(&"a".into(), &done), (&"b".into(), &done), (&"c".into(), &done)]);
    // Nothing is left to wait for.
    assert_eq!(site.run("coordinator wait a b c").expect(0).stderr, "");
}

fn a_task_that_fails_makes_waiting_fail(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit good").expect(0);
    site.run("coordinator submit bad").expect(0);
    let both = waiting(&site, "good bad");
    let token = site.claim("bad", "s1");
    site.run(&format!("coordinator fail bad --token {token} --message broken")).expect(0);
    complete(&site, "good");
    let both = both.finish().expect(9);
    assert!(both.stdout.contains("input-required/not-retryable"), "{}", both.stdout);
    assert_snapshot!(site.run("coordinator wait bad good").expect(9).stderr, @"
    error: not completed: bad (input-required/not-retryable)
    hint: ifctl coordinator show bad
    ");
}

fn who_waits_too_long_or_for_nothing_is_told_for_what(backend: Backend) {
    let site = Site::start(backend);
    for task in ["done", "held", "free"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    complete(&site, "done");
    site.claim("held", "s1");
    assert_snapshot!(site.run("coordinator wait done held free --timeout 100ms").expect(8).stderr, @"
    waiting for 2 tasks
    error: not in time: free (submitted/ready), held (working)
    hint: ifctl coordinator tasks, or wait longer with --timeout
    ");
    assert_snapshot!(site.run("coordinator wait done nothing").expect(3).stderr, @"
    error: there is no task nothing
    hint: ifctl coordinator tasks
    ");
}

fn who_does_not_wait_is_told_how_it_is(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit done").expect(0);
    site.run("coordinator submit open").expect(0);
    complete(&site, "done");
    for timeout in ["0", "0s"] {
        site.run(&format!("coordinator wait done --timeout {timeout}")).expect(0);
        let open = site.run(&format!("coordinator wait done open --timeout {timeout}")).expect(8);
        assert!(open.stderr.starts_with("error: not in time: open (submitted/ready)\n"), "{}", open.stderr);
    }
}

fn who_is_interrupted_is_not_told_that_all_is_done(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit a").expect(0);
    assert_eq!(waiting(&site, "a").terminate().expect(8).stdout, "");
}

fn waiting_outlasts_a_store_that_is_killed(backend: Backend) {
    let mut site = Site::start(backend);
    site.run("coordinator submit a").expect(0);
    site.run("coordinator submit b").expect(0);
    let both = waiting(&site, "a b");
    site.server.kill();
    site.server.restart();
    complete(&site, "a");
    complete(&site, "b");
    both.finish().expect(0);
}
