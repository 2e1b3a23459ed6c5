//! Mail is kept until it was read, and read once.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::command::Running;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_message_is_kept_until_it_was_read_and_gone_afterwards,
    who_only_looks_leaves_everything_there,
    of_many_readers_each_message_goes_to_one,
    what_a_reader_that_died_had_not_read_goes_to_the_next,
    a_notice_of_a_blocker_is_in_the_mail_as_soon_as_the_task_is_blocked,
    a_follower_outlasts_a_store_that_is_killed,
    messages_that_cannot_be,
    who_races_for_the_last_places_of_a_mailbox_does_not_overfill_it,
);

fn send(site: &Site, to: &str, text: &str) {
    site.ifctl(&format!("coordinator mail send --by s1 --to {to}")).args([text]).run().expect(0);
}

fn texts(stdout: &str) -> Vec<String> {
    let text = |line: &str| serde_json::from_str::<Value>(line).unwrap()["text"].as_str().unwrap().to_owned();
    stdout.lines().map(text).collect()
}

fn put(site: &Site, count: usize) -> BTreeSet<String> {
    let raw = site.raw();
    let names = (0..count).map(|number| format!("message {number:04}"));
    names
        .inspect(|text| {
            let mail = json!({"kind": "message", "text": text, "at": "2026-01-01T00:00:00Z", "by": "s1", "op": "send"});
            let name = text.replace(' ', "-");
            raw.put(&format!("/swarms/s2/mail/{name}"), &mail.to_string());
        })
        .collect()
}

fn a_message_is_kept_until_it_was_read_and_gone_afterwards(backend: Backend) {
    let site = Site::start(backend);
    let call = site.ifctl("coordinator mail send --by s1 --to s2 --subject").args(["Port", "5061, for now"]);
    call.run().expect(0);
    site.ifctl("coordinator mail send --to s2 -").stdin("from standard input").run().expect(0);
    send(&site, "s3", "not for s2");
    let read = site.run("coordinator mail read --swarm s2").expect(0);
    let letters: Vec<Value> = read.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let fields = |letter: &Value| ["kind", "subject", "text", "by"].map(|field| letter[field].clone());
    assert_eq!(fields(&letters[0]), ["message", "Port", "5061, for now", "s1"].map(Value::from));
    let by = "human:tester".into();
    assert_eq!(fields(&letters[1]), ["message".into(), Value::Null, "from standard input".into(), by]);
    assert_eq!(letters.len(), 2);
    assert!(letters[0]["revision"].as_i64() < letters[1]["revision"].as_i64());
    assert!(site.raw().list("/swarms/s2/mail/").is_empty());
    assert_eq!(site.run("coordinator mail read --swarm s2").expect(0).stdout, "");
    assert_eq!(texts(&site.run("coordinator mail read --swarm s3").expect(0).stdout), ["not for s2"]);
}

fn who_only_looks_leaves_everything_there(backend: Backend) {
    let site = Site::start(backend);
    send(&site, "s2", "first");
    let mut looking = site.ifctl("coordinator mail read --swarm s2 --keep --follow").spawn();
    let seen = looking.stdout_lines();
    assert_eq!(seen.next_json()["text"], "first");
    send(&site, "s2", "second");
    assert_eq!(seen.next_json()["text"], "second");
    looking.terminate().expect(0);
    assert_eq!(texts(&site.run("coordinator mail read --swarm s2").expect(0).stdout), ["first", "second"]);
}

fn of_many_readers_each_message_goes_to_one(backend: Backend) {
    const MESSAGES: usize = 60;
    let site = Site::start(backend);
    let sent = put(&site, MESSAGES);
    let followers: Vec<Running> =
        (0..2).map(|_| site.ifctl("coordinator mail read --swarm s2 --follow").spawn()).collect();
    let readers: Vec<Running> =
        (0..4).map(|_| site.ifctl("coordinator mail read --swarm s2").spawn()).collect();
    let mut read: Vec<String> =
        readers.into_iter().flat_map(|reader| texts(&reader.finish().expect(0).stdout)).collect();
    eventually("everything is read", || site.raw().list("/swarms/s2/mail/").is_empty().then_some(()));
    for follower in followers {
        read.extend(texts(&follower.terminate().expect(0).stdout));
    }
    assert_eq!(read.len(), MESSAGES, "none is read twice");
    assert_eq!(BTreeSet::from_iter(read), sent);
}

fn what_a_reader_that_died_had_not_read_goes_to_the_next(backend: Backend) {
    let site = Site::start(backend);
    // More than its standard output takes, which nobody reads.
    let texts: Vec<String> = (0..4).map(|number| format!("{number}{}", "x".repeat(60 * 1024))).collect();
    for text in &texts {
        site.ifctl("coordinator mail send --to s2 -").stdin(text.as_str()).run().expect(0);
    }
    let stuck = site.ifctl("coordinator mail read --swarm s2").spawn();
    let marks =
        || site.raw().list("/swarms/s2/mail/").into_iter().filter(|(key, _)| key.ends_with("/reader"));
    eventually("it has taken them all and is stuck", || {
        (marks().count() < texts.len()).then(|| marks().next()).flatten()
    });
    let mut next = site.ifctl("coordinator mail read --swarm s2 --follow").spawn();
    let read = next.stdout_lines();
    let dead = stuck.kill();
    let whole = dead.stdout.lines().filter(|line| line.ends_with('}')).count();
    assert!(whole < texts.len(), "it was stuck");
    // What the dead one had printed and not deleted may come again; the others must come.
    let again = read.next_json()["text"].as_str().unwrap().to_owned();
    let first = texts.iter().position(|text| *text == again).unwrap();
    assert!(first <= whole, "message {whole} is lost: the next one is {first}");
    for text in &texts[first + 1..] {
        assert_eq!(read.next_json()["text"], *text);
    }
    eventually("everything is read", || site.raw().list("/swarms/s2/mail/").is_empty().then_some(()));
    next.terminate().expect(0);
}

fn a_notice_of_a_blocker_is_in_the_mail_as_soon_as_the_task_is_blocked(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let token = site.claim("T", "s1");
    site.run(&format!("coordinator block T --token {token} --needs a:b --description how?")).expect(0);
    let raw = site.raw();
    let blocked =
        raw.history("/tasks/T/record").into_iter().find(|change| change.json()["op"] == "block").unwrap();
    let read = site.run("coordinator mail read --swarm orchestrator").expect(0);
    let notice: Value = serde_json::from_str(&read.stdout).unwrap();
    assert_eq!(notice["revision"], blocked.revision, "one transaction writes both");
    assert_eq!((&notice["kind"], &notice["task"]), (&"blocker_detected".into(), &"T".into()));
    assert_eq!((&notice["swarm"], &notice["text"]), (&"s1".into(), &"how?".into()));
}

fn a_follower_outlasts_a_store_that_is_killed(backend: Backend) {
    let mut site = Site::start(backend);
    let mut follower = site.ifctl("coordinator mail read --swarm s2 --follow").spawn();
    let read = follower.stdout_lines();
    for text in ["first", "second"] {
        send(&site, "s2", text);
        assert_eq!(read.next_json()["text"], text);
        site.server.restart();
    }
    send(&site, "s2", "third");
    assert_eq!(read.next_json()["text"], "third");
    follower.terminate().expect(0);
}

fn messages_that_cannot_be(backend: Backend) {
    let site = Site::start(backend);
    let call = || site.ifctl("coordinator mail send --to s2");
    assert_snapshot!(call().args([" "]).run().expect(2).stderr, @"
    error: the message has no text
    hint: give the text, or - to read it from standard input
    ");
    assert_snapshot!(call().args(["-"]).stdin("x".repeat(65_537)).run().expect(2).stderr, @"
    error: the text of the message has 65537 bytes, 65536 are allowed
    hint: keep what is long where the reader finds it, and send its name
    ");
    put(&site, 1000);
    assert_snapshot!(call().args(["one too many"]).run().expect(6).stderr, @"
    error: the mailbox of s2 has 1000 unread messages, which is as many as it takes
    hint: ifctl coordinator mail read --swarm s2
    ");
    site.run("coordinator mail read --swarm s2").expect(0);
    call().args(["there is room again"]).run().expect(0);
}

fn who_races_for_the_last_places_of_a_mailbox_does_not_overfill_it(backend: Backend) {
    let site = Site::start(backend);
    put(&site, 995);
    let racer = |number| site.ifctl("coordinator mail send --to s2").args([format!("from {number}")]).spawn();
    let racers: Vec<Running> = (0..20).map(racer).collect();
    let ended: Vec<i32> = racers.into_iter().map(|racer| racer.finish().code).collect();
    assert_eq!(ended.iter().filter(|code| **code == 0).count(), 5, "{ended:?}");
    assert!(ended.iter().all(|code| matches!(code, 0 | 6)), "{ended:?}");
    assert_eq!(site.raw().list("/swarms/s2/mail/").len(), 1000);
}
