//! A file of tasks is submitted whole, in whatever order it is written and however often that is interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;
use serde_json::json;

use infrafabric::clock::Clock;
use infrafabric::coordinator::backlog::NewTask;
use infrafabric::coordinator::service::{Authority, Coordinator};
use infrafabric::store::Store;

use crate::support::command::{Finished, Ifctl};
use crate::support::connected::connection_to;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_submission_that_was_killed_goes_on_where_it_stopped,
    parents_may_come_after_their_dependents_and_in_other_batches,
    a_task_that_is_refused_is_named_with_its_line_and_the_rest_goes_on_later,
    a_file_that_is_wrong_submits_nothing,
    tasks_come_as_a_list_with_a_mark_or_through_a_pipe,
    what_is_no_file_of_tasks_is_refused_with_its_place,
    what_help_shows_is_a_file_of_tasks,
    tasks_that_are_too_large_for_one_request_go_in_several,
);

fn file(site: &Site, lines: &[String]) -> PathBuf {
    let path = site.home.path().join("tasks.ndjson");
    fs::write(&path, lines.join("\n")).unwrap();
    path
}

fn submit(site: &Site, file: &PathBuf) -> Ifctl {
    site.ifctl("coordinator submit").arg_pair("--file", file)
}

/// What it says of itself: submitted and known before.
fn counts(finished: &Finished) -> (u64, u64) {
    let tally = finished.json();
    (tally["submitted"].as_u64().unwrap(), tally["known"].as_u64().unwrap())
}

fn a_submission_that_was_killed_goes_on_where_it_stopped(backend: Backend) {
    const TASKS: u64 = 400;
    let site = Site::start(backend);
    // Each waits for the one before it, so each takes a round trip of its own: however fast the store is, the kill comes
    // on the way.
    let line = |number: u64| {
        let before: Vec<String> =
            number.checked_sub(1).map(|before| format!("t{before}")).into_iter().collect();
        json!({"id": format!("t{number}"), "payload": format!("do {number}"), "depends_on": before})
            .to_string()
    };
    let file = file(&site, &(0..TASKS).map(line).collect::<Vec<_>>());
    let running = submit(&site, &file).spawn();
    let there =
        || site.raw().list("/tasks/").iter().filter(|(key, _)| key.ends_with("/record")).count() as u64;
    eventually("some are submitted", || (there() > 0).then_some(()));
    running.kill();
    let before = there();
    assert!(before < TASKS, "it was killed on the way");

    let again = submit(&site, &file).args(["-o", "json"]).run().expect(0);
    // What was on its way when the kill came may still have arrived.
    let (submitted, known) = counts(&again);
    assert!(known >= before && submitted > 0 && submitted + known == TASKS, "{submitted} {known} {before}");
    let once_more = submit(&site, &file).run().expect(0);
    assert_eq!(once_more.stdout, format!("0 tasks submitted, {TASKS} known before; 1 ready\n"));
    let mut written = BTreeMap::new();
    for change in site.raw().history("/tasks/").into_iter().filter(|change| change.key.ends_with("/record")) {
        *written.entry(change.key).or_insert(0) += 1;
    }
    assert_eq!(written.len() as u64, TASKS);
    assert!(written.values().all(|times| *times == 1), "each is written once");
    assert_eq!(site.show("t399")["payload"], "do 399");
}

fn parents_may_come_after_their_dependents_and_in_other_batches(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit elsewhere").expect(0);
    // Each waits for the one after it, and for one that is not in the file.
    let mut lines: Vec<String> = (0..130)
        .map(|number| json!({"id": format!("t{number}"), "depends_on": [format!("t{}", number + 1), "elsewhere"]}))
        .map(|task| task.to_string())
        .collect();
    // One waits for more than a batch takes with it, and comes with many others.
    let many: Vec<String> = (0..40).map(|number| format!("root{number}")).collect();
    lines.insert(0, json!({"id": "end", "depends_on": many}).to_string());
    lines.extend(
        (0..120).map(|number| json!({"id": format!("m{number}"), "depends_on": ["root0"]}).to_string()),
    );
    lines.extend(many.iter().map(|root| json!({"id": root}).to_string()));
    lines.push(json!({"id": "t130"}).to_string());
    let finished = submit(&site, &file(&site, &lines)).run().expect(0);
    assert_eq!(finished.stdout, "292 tasks submitted, 0 known before; 41 ready\n");
    assert_eq!(site.record("t7")["unmet"], json!(["elsewhere", "t8"]));
    assert_eq!(site.record("end")["unmet"].as_array().unwrap().len(), 40);
    assert_eq!(site.raw().list("/dependents/elsewhere/").len(), 130);
    for task in ["elsewhere", "t130"] {
        let token = site.claim(task, "s1");
        site.run(&format!("coordinator complete {task} --token {token}")).expect(0);
    }
    eventually("what it set free is ready", || (site.state("t129") == "submitted/ready").then_some(()));
}

fn a_task_that_is_refused_is_named_with_its_line_and_the_rest_goes_on_later(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit taken").expect(0);
    let mut lines: Vec<String> =
        (0..5).map(|number| json!({"id": format!("t{number}")}).to_string()).collect();
    lines.insert(2, json!({"id": "taken", "priority": 9}).to_string());
    lines.push(json!({"id": "child", "depends_on": ["taken"]}).to_string());
    let path = file(&site, &lines);
    let refused = submit(&site, &path).run().expect(4);
    assert_snapshot!(refused.stderr.replace(&*site.home.path().to_string_lossy(), "HOME"), @"
    5 tasks submitted, 0 known before; 5 ready; the rest waits until that is put right
    error: cannot submit HOME/tasks.ndjson:3
    cause: task taken exists already
    hint: ifctl coordinator show taken, or choose another name
    ");
    lines[2] = json!({"id": "chosen", "priority": 9, "idempotency_key": "mine"}).to_string();
    let finished = submit(&site, &file(&site, &lines)).args(["-o", "json"]).run().expect(0);
    assert_eq!(counts(&finished), (2, 5));
    assert_eq!(site.record("chosen")["idempotency_key"], "mine");
    // Under a key of its own a task is the same, whatever else it says.
    lines[2] = json!({"id": "chosen", "priority": 1, "idempotency_key": "mine"}).to_string();
    let finished = submit(&site, &file(&site, &lines)).args(["-o", "json"]).run().expect(0);
    assert_eq!(counts(&finished), (0, 7));

    let orphan =
        [json!({"id": "fine"}).to_string(), json!({"id": "orphan", "depends_on": ["nobody"]}).to_string()];
    let refused = submit(&site, &file(&site, &orphan)).run().expect(3);
    assert!(
        refused.stderr.contains("tasks.ndjson:2\ncause: task orphan depends on nobody"),
        "{}",
        refused.stderr
    );
}

fn a_file_that_is_wrong_submits_nothing(backend: Backend) {
    let site = Site::start(backend);
    for (wrong, says) in [
        (
            r#"{"id":"b","prio":1}"#,
            "tasks.ndjson:2\ncause: the task is malformed\ncause: unknown field `prio`",
        ),
        (r#"{"id":"b""#, "tasks.ndjson:2\ncause: the task is malformed\ncause: EOF while parsing"),
        (r#"{"id":"b","estimated_hours":-1}"#, "tasks.ndjson:2\ncause: task b: estimated_hours -1"),
        (r#"{"id":"a"}"#, "tasks.ndjson:2\ncause: task a stands in the backlog twice"),
        (r#"{"id":"b","depends_on":["c"]}"#, "tasks.ndjson:2\ncause: the tasks b, c wait for each other"),
    ] {
        let lines = [r#"{"id":"a"}"#, wrong, r#"{"id":"c","depends_on":["b"]}"#].map(str::to_owned);
        let refused = submit(&site, &file(&site, &lines)).run().expect(2);
        assert!(refused.stderr.contains(says), "{}", refused.stderr);
    }
    assert!(site.raw().list("/tasks/").is_empty());
}

fn tasks_come_as_a_list_with_a_mark_or_through_a_pipe(backend: Backend) {
    let site = Site::start(backend);
    let path = site.home.path().join("tasks");
    fs::write(&path, "\u{feff}[{\"id\":\"b\",\"depends_on\":[\"a\"]},\n\t{\"id\":\"a\"}]\n").unwrap();
    assert_eq!(counts(&submit(&site, &path).args(["-o", "json"]).run().expect(0)), (2, 0));
    for (text, id) in [
        ("{\"tasks\": [{\"id\": \"e\", \"title\": \"\\ud83d\\ude80\"}]}", "e"),
        ("{ tasks: [ {id: f} ] }\n", "f"),
        ("# a list alone\n- {id: g}\n", "g"),
    ] {
        fs::write(&path, text).unwrap();
        assert_eq!(counts(&submit(&site, &path).args(["-o", "json"]).run().expect(0)), (1, 0), "{text}");
        assert_eq!(site.state(id), "submitted/ready");
    }
    fs::write(&path, "\u{feff}{\"id\":\"a\"}\n{\"id\":\"c\"}\n").unwrap();
    assert_eq!(counts(&submit(&site, &path).args(["-o", "json"]).run().expect(0)), (1, 1));
    let piped = submit(&site, &PathBuf::from("/dev/stdin")).args(["-o", "json"]).stdin("{\"id\":\"d\"}\n");
    assert_eq!(counts(&piped.run().expect(0)), (1, 0));
}

fn what_is_no_file_of_tasks_is_refused_with_its_place(backend: Backend) {
    let site = Site::start(backend);
    let path = site.home.path().join("tasks");
    for (bytes, says) in [
        (&b""[..], "error: cannot submit HOME/tasks\ncause: there is no task in it\n"),
        (b"{\"id\":\"a\"}\n{\"id\":\"\xe4\"}\n", "error: HOME/tasks:2 is not UTF-8\n"),
        (
            b"[{\"id\":\"a\"},\n{\"id\":\"a b\"}]",
            "error: cannot submit HOME/tasks:2\ncause: the list of tasks",
        ),
        (b"tasks:\n- {id: a}\n- {id: a b}\n", "error: cannot submit HOME/tasks:3\ncause: the backlog is"),
    ] {
        fs::write(&path, bytes).unwrap();
        let refused = submit(&site, &path).run().expect(2);
        let said = refused.stderr.replace(&*site.home.path().to_string_lossy(), "HOME");
        assert!(said.starts_with(says), "{said}");
        assert!(!said.contains("the same command"), "{said}");
    }
    assert!(site.raw().list("/tasks/").is_empty());
}

fn what_help_shows_is_a_file_of_tasks(backend: Backend) {
    let site = Site::start(backend);
    let help = site.run("coordinator submit --help").expect(0).stdout;
    let form = help.split_once("\ntasks:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let submitted =
        site.ifctl("coordinator submit --file -").stdin(format!("tasks:\n{form}\n")).run().expect(0);
    assert_eq!(submitted.stdout, "2 tasks submitted, 0 known before; 1 ready\n");
}

fn tasks_that_are_too_large_for_one_request_go_in_several(backend: Backend) {
    let site = Site::start(backend);
    let connection = connection_to(site.server.endpoint());
    let payload = Some("x".repeat(700 * 1024));
    let task = |name: &str| NewTask { payload: payload.clone(), ..NewTask::named(name.parse().unwrap()) };
    let tasks: Vec<NewTask> = ["a", "b", "c"].into_iter().map(task).collect();
    let outcomes = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let coordinator = Coordinator::new(Store::connect(&connection).await.unwrap(), Clock::System);
        coordinator.submit_each(&tasks, &Authority::of("tester")).await.unwrap()
    });
    let created = outcomes.into_iter().map(|outcome| outcome.unwrap());
    let created: Vec<_> =
        created.map(|submitted| (submitted.task.id.to_string(), submitted.created)).collect();
    assert_eq!(created, ["a", "b", "c"].map(|name| (name.to_owned(), true)));
    assert_eq!(site.show("c")["payload"].as_str().map(str::len), Some(700 * 1024));
}
