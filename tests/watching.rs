//! Whoever watches hears of every event once, in order, whatever becomes of the store meanwhile.

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::command::{Lines, Running};
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    every_change_of_a_task_is_an_event_with_the_token_of_its_attempt,
    a_swarms_events_are_those_of_its_workers_and_tasks,
    a_watch_goes_on_after_the_store_was_killed_without_gap_or_repetition,
    a_stream_from_before_the_history_is_told_where_it_can_begin,
    a_stream_from_after_the_present_is_told_what_that_is,
);

/// A watch that has begun.
fn watch(site: &Site, options: &str) -> (Running, Lines) {
    let mut watch = site.ifctl(&format!("coordinator watch {options}")).spawn();
    watch.stderr_lines().next_with("watching from revision");
    let events = watch.stdout_lines();
    (watch, events)
}

/// Event and token of what comes, until `last` has come.
fn until(events: &Lines, last: &str) -> Vec<(String, Value)> {
    let mut told = Vec::new();
    loop {
        let event = events.next_json();
        let name = event["event"].as_str().unwrap().to_owned();
        let over = name == last;
        told.push((name, event));
        if over {
            return told;
        }
    }
}

fn names(told: &[(String, Value)]) -> Vec<&str> {
    told.iter().map(|(name, _)| name.as_str()).collect()
}

fn every_change_of_a_task_is_an_event_with_the_token_of_its_attempt(backend: Backend) {
    let site = Site::start(backend);
    let (watch, events) = watch(&site, "--task T");
    site.run("coordinator submit other").expect(0);
    site.ifctl("coordinator submit T --title").args(["Do it"]).run().expect(0);
    let first = site.claim("T", "s1");
    site.run(&format!("coordinator heartbeat T --token {first} --note half")).expect(0);
    site.run(&format!("coordinator release T --token {first}")).expect(0);
    let second = site.claim("T", "s2");
    site.run(&format!("coordinator complete T --token {second}")).expect(0);

    let told = until(&events, "completed");
    assert_eq!(names(&told), ["submitted", "claimed", "progressed", "released", "claimed", "completed"]);
    let tokens: Vec<_> = told.iter().map(|(_, event)| event["token"].as_str()).collect();
    let (first, second) = (Some(first.as_str()), Some(second.as_str()));
    assert_eq!(tokens, [None, first, first, first, second, second]);
    let revisions: Vec<_> = told.iter().map(|(_, event)| event["revision"].as_i64().unwrap()).collect();
    assert!(revisions.is_sorted_by(|earlier, later| earlier < later), "{revisions:?}");
    assert!(told.iter().all(|(_, event)| event["task"] == "T"), "{told:?}");
    assert_eq!((&told[0].1["detail"], &told[2].1["detail"]), (&"Do it".into(), &"half".into()));
    assert_eq!((&told[5].1["swarm"], &told[5].1["state"]), (&"s2".into(), &"completed".into()));
    watch.terminate().expect(0);

    // What it was told live is what history tells, and people can read it too.
    let mut again = site.ifctl(&format!("coordinator watch --since {} -o table", revisions[1])).spawn();
    let lines = again.stdout_lines();
    let line = lines.next();
    assert_eq!(line, format!("{} T claimed (s1) working token {}", revisions[1], first.unwrap()));
    again.terminate().expect(0);
}

fn a_swarms_events_are_those_of_its_workers_and_tasks(backend: Backend) {
    let site = Site::start(backend);
    let (watch, events) = watch(&site, "--swarm s1");
    site.run("governor register s1 --capabilities a:b --cost-per-hour 1.0").expect(0);
    site.run("coordinator submit others").expect(0);
    site.claim("others", "s2");
    let mut listener = site.ifctl("coordinator listen --swarm s1").spawn();
    let pushes = listener.stdout_lines();
    let session = pushes.next_json()["session"].clone();
    site.run("coordinator submit T").expect(0);
    let token = pushes.next_json()["token"].clone();
    let told = until(&events, "received");
    assert_eq!(names(&told), ["registered", "status", "joined", "assigned", "received"]);
    assert_eq!((&told[2].1["session"], &told[4].1["token"]), (&session, &token));
    listener.terminate().expect(0);

    let told = until(&events, "returned");
    assert_eq!(names(&told), ["left", "returned"]);
    assert_eq!(told[0].1["session"], session);
    watch.terminate().expect(0);
}

fn a_watch_goes_on_after_the_store_was_killed_without_gap_or_repetition(backend: Backend) {
    let mut site = Site::start(backend);
    let (watch, events) = watch(&site, "");
    let mut told = Vec::new();
    for round in ["a", "b", "c"] {
        site.run(&format!("coordinator submit {round}")).expect(0);
        site.server.restart();
        let token = site.claim(round, "s1");
        site.run(&format!("coordinator complete {round} --token {token}")).expect(0);
        told.extend(until(&events, "completed"));
    }
    watch.terminate().expect(0);
    assert_eq!(names(&told), ["submitted", "claimed", "completed"].repeat(3));

    let since = told[0].1["revision"].clone();
    let mut again = site.ifctl(&format!("coordinator watch --since {since}")).spawn();
    let events = again.stdout_lines();
    for (_, event) in &told {
        assert_eq!(events.next_json(), *event, "history tells the same");
    }
    again.terminate().expect(0);
}

fn a_stream_from_before_the_history_is_told_where_it_can_begin(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let raw = site.raw();
    raw.put("/busy", "");
    let oldest = raw.revision();
    raw.compact(oldest);
    for stream in ["watch", "listen --swarm s1"] {
        let late = site.run(&format!("coordinator {stream} --since 1")).expect(3);
        assert_eq!(late.stdout, "");
        let verb = stream.split_whitespace().next().unwrap();
        let error = late.stderr.replace(&oldest.to_string(), "OLDEST").replace(verb, "STREAM");
        let error = error.replace("STREAMing from revision 1 on\n", "");
        assert_snapshot!(error, @"
        error: the history from revision 1 on is gone: OLDEST is the oldest revision that is left
        hint: ifctl coordinator STREAM --since OLDEST …
        ");
    }
    let history = raw.history_from(oldest, "/swarms/");
    assert!(history.is_empty(), "a listener that cannot begin gets no work: {history:?}");
    let mut watch = site.ifctl(&format!("coordinator watch --task T --since {oldest}")).spawn();
    let events = watch.stdout_lines();
    let token = site.claim("T", "s1");
    assert_eq!(events.next_json()["token"], token);
    watch.terminate().expect(0);
}

fn a_stream_from_after_the_present_is_told_what_that_is(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    for verb in ["watch", "listen"] {
        let swarm = if verb == "listen" { "--swarm s1" } else { "" };
        let early = site.run(&format!("coordinator {verb} {swarm} --since 1000000")).expect(2);
        assert_eq!(early.stdout, "");
        let said = "error: revision 1000000 is not there yet: ";
        assert!(
            early.stderr.starts_with(said) && early.stderr.contains(" is the present one\n"),
            "{}",
            early.stderr
        );
        assert!(early.stderr.contains(&format!("hint: ifctl coordinator {verb}")), "{}", early.stderr);
    }
    assert!(site.raw().list("/swarms/s1/").is_empty(), "nobody was connected");
}
