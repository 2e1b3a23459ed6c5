//! A listener gets every push once, whatever becomes of the store and of its session.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use infrafabric::clock::{Clock, stopwatch};
use infrafabric::coordinator::runtime::listener::{Push, listen};
use infrafabric::coordinator::runtime::session::Terms;
use infrafabric::coordinator::service::CoordinatorError;
use infrafabric::store::Store;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::support::command::{Lines, Running};
use crate::support::connected::connection_to;
use crate::support::patience::{PATIENCE, eventually};
use crate::support::raw::Raw;
use crate::support::servers::{Backend, Coordinator};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    no_push_is_missed_or_repeated_when_the_store_is_killed,
    a_listener_that_has_lost_its_session_says_so_and_connects_anew,
    a_session_outlasts_a_store_that_was_away_for_longer_than_the_session_may_be,
    who_comes_back_is_told_what_was_pushed_since,
    what_another_process_has_is_not_told_again,
    what_a_session_could_not_tell_of_the_past_the_next_one_tells,
);

fn listener(site: &Site, options: &str) -> (Running, Lines, String) {
    let mut listener = site.ifctl(&format!("coordinator listen --swarm s1 {options}")).spawn();
    let pushes = listener.stdout_lines();
    let hello = pushes.next_json();
    assert_eq!(hello["type"], "connected", "{hello}");
    let session = hello["session"].as_str().unwrap().to_owned();
    (listener, pushes, session)
}

fn send(site: &Site, text: &str) {
    site.ifctl("coordinator mail send --to s1").args([text]).run().expect(0);
}

/// What a push is about: a task or what a message says.
fn subject(push: &Value) -> String {
    let subject = match push["type"].as_str() {
        Some("assignment") => &push["task"]["id"],
        Some("mail") => &push["mail"]["text"],
        _ => panic!("{push}"),
    };
    subject.as_str().unwrap().to_owned()
}

fn no_push_is_missed_or_repeated_when_the_store_is_killed(backend: Backend) {
    let mut site = Site::start(backend);
    let (listener, pushes, _) = listener(&site, "--slots 64");
    let mut heard = BTreeMap::new();
    let mut sent = Vec::new();
    for round in 1..=4 {
        for number in 1..=3 {
            let task = format!("task-{round}-{number}");
            site.run(&format!("coordinator submit {task}")).expect(0);
            sent.push(task);
        }
        let text = format!("mail-{round}");
        send(&site, &text);
        sent.push(text);
        // In the first rounds before anything was heard, as far as possible; later afterwards.
        if round <= 2 {
            site.server.restart();
        }
        for _ in 0..4 {
            let push = pushes.next_json();
            *heard.entry(subject(&push)).or_insert(0) += 1;
        }
        if round > 2 {
            site.server.restart();
        }
    }
    // What comes last comes after anything that would come twice.
    site.run("coordinator submit last").expect(0);
    send(&site, "last mail");
    sent.extend(["last".to_owned(), "last mail".to_owned()]);
    for _ in 0..2 {
        *heard.entry(subject(&pushes.next_json())).or_insert(0) += 1;
    }
    let once: BTreeMap<_, _> = sent.into_iter().map(|subject| (subject, 1)).collect();
    assert_eq!(heard, once);
    for record in site.json("coordinator tasks").as_array().unwrap() {
        assert_eq!((&record["state"], &record["attempt"]), (&"working".into(), &1.into()), "{record}");
    }
    let ended = listener.terminate().expect(0);
    assert_eq!(ended.stdout, "");
}

fn a_listener_that_has_lost_its_session_says_so_and_connects_anew(backend: Backend) {
    let site = Site::start(backend);
    let (listener, pushes, session) = listener(&site, "--session-ttl 4s");
    site.run("coordinator submit T").expect(0);
    let first = pushes.next_json();
    assert_eq!(subject(&first), "T");
    let process = Pid::from_raw(i32::try_from(listener.pid()).unwrap());
    kill(process, Signal::SIGSTOP).unwrap();
    eventually("the task is returned", || (site.state("T") == "submitted/ready").then_some(()));
    send(&site, "while it was away");
    kill(process, Signal::SIGCONT).unwrap();

    let lost = pushes.next_with("disconnected");
    let lost: Value = serde_json::from_str(&lost).unwrap();
    assert_eq!(lost["session"], session);
    let hello = pushes.next_json();
    assert_eq!(hello["type"], "connected");
    assert_ne!(hello["session"], session);
    // The message may have been heard of before the session was known to be lost.
    let again: Value = serde_json::from_str(&pushes.next_with("\"assignment\"")).unwrap();
    assert_eq!(subject(&again), "T");
    let revision = |push: &Value| push["revision"].as_i64().unwrap();
    assert!(revision(&again) > revision(&first));
    assert_eq!(again["token"], site.show("T")["token"]);
    site.run(&format!("coordinator complete T --token {}", first["token"].as_str().unwrap())).expect(5);
    site.run(&format!("coordinator complete T --token {}", again["token"].as_str().unwrap())).expect(0);
    eventually("the message is read", || site.raw().list("/swarms/s1/mail/").is_empty().then_some(()));
    listener.terminate().expect(0);
}

fn a_session_outlasts_a_store_that_was_away_for_longer_than_the_session_may_be(backend: Backend) {
    let mut site = Site::start(backend);
    let (listener, pushes, session) = listener(&site, "--session-ttl 5s --slots 2");
    site.run("coordinator submit before").expect(0);
    let before = pushes.next_json();
    assert_eq!(subject(&before), "before");
    site.server.kill();
    let watch = stopwatch();
    eventually("the session's time has passed", || (watch.elapsed().as_secs() >= 6).then_some(()));
    site.server.restart();
    site.run("coordinator submit after").expect(0);
    let after = pushes.next_json();
    assert_eq!(subject(&after), "after", "nothing comes in between: {after}");
    assert_eq!(site.show("after")["hold"]["session"], session);
    let token = before["token"].as_str().unwrap();
    site.run(&format!("coordinator complete before --token {token}")).expect(0);
    listener.terminate().expect(0);
}

/// In the engine it goes with the store, which other tests kill.
#[test]
fn a_listener_hears_of_what_the_next_coordinator_hands_out() {
    let mut site = Site::start(Backend::Etcd34);
    let (listener, pushes, _) = listener(&site, "--slots 3");
    site.run("coordinator submit first").expect(0);
    assert_eq!(subject(&pushes.next_json()), "first");
    site.coordinator.kill();
    site.run("coordinator submit second").expect(0);
    site.coordinator = Coordinator::start(&site.server);
    site.run("coordinator submit third").expect(0);
    assert_eq!(subject(&pushes.next_json()), "second");
    assert_eq!(subject(&pushes.next_json()), "third");
    listener.terminate().expect(0);
}

fn who_comes_back_is_told_what_was_pushed_since(backend: Backend) {
    let site = Site::start(backend);
    let (listener, pushes, _) = listener(&site, "--slots 8 --session-ttl 60s");
    let mut heard = Vec::new();
    for task in ["old", "over", "held"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
        heard.push(pushes.next_json());
    }
    send(&site, "read before");
    heard.push(pushes.next_json());
    let token = heard[1]["token"].as_str().unwrap();
    site.run(&format!("coordinator complete over --token {token}")).expect(0);
    eventually("the message is deleted", || site.raw().list("/swarms/s1/mail/").is_empty().then_some(()));
    listener.kill();
    send(&site, "not read yet");

    let since = heard[0]["revision"].as_i64().unwrap() + 1;
    let (listener, pushes, _) = self::listener(&site, &format!("--since {since} --slots 8"));
    let told: Vec<_> = (0..3).map(|_| pushes.next_json()).collect();
    assert_eq!(told.iter().map(subject).collect::<Vec<_>>(), ["held", "read before", "not read yet"]);
    assert_eq!((&told[0]["token"], &told[1]["revision"]), (&heard[2]["token"], &heard[3]["revision"]));
    site.run("coordinator submit new").expect(0);
    assert_eq!(subject(&pushes.next_json()), "new", "what was told of the past is not told again");
    eventually("the message is deleted", || site.raw().list("/swarms/s1/mail/").is_empty().then_some(()));
    listener.terminate().expect(0);
}

fn what_another_process_has_is_not_told_again(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit asked-for").expect(0);
    site.run("coordinator claim --next --swarm s1 --wait 60s").expect(0);
    let (first, pushes, _) = listener(&site, "");
    site.run("coordinator submit pushed").expect(0);
    assert_eq!(subject(&pushes.next_json()), "pushed");
    let script = r#"while [ -d "$IF_HOME" ]; do sleep 0.1; done"#;
    let mut working = site.ifctl("coordinator work --swarm s1 --once --").args(["sh", "-c", script]).spawn();
    let said = working.stderr_lines();
    said.next_with("connected as");
    site.run("coordinator submit worked-on").expect(0);
    said.next_with("worked-on began");

    let (second, pushes, _) = listener(&site, "--since 1");
    site.run("coordinator submit new").expect(0);
    assert_eq!(subject(&pushes.next_json()), "new", "whoever has the others lives");
    for process in [first, second] {
        process.terminate().expect(0);
    }
    working.terminate().expect(0);
}

fn what_a_session_could_not_tell_of_the_past_the_next_one_tells(backend: Backend) {
    let site = Site::start(backend);
    send(&site, "of the past");
    site.run("coordinator mail read --swarm s1").expect(0);
    let connection = connection_to(site.server.endpoint());
    let terms =
        Terms { swarm: "s1".parse().unwrap(), slots: 1, assignable: true, ttl: Duration::from_secs(2) };
    let mut told = Vec::new();
    let mut hear = |push: &Push| {
        let push = serde_json::to_value(push).unwrap();
        if push["type"] == "connected" && told.is_empty() {
            end_session(&site, push["session"].as_str().unwrap());
        }
        let is_last = push["type"] == "mail" && push["mail"]["text"] == "of the present";
        told.push(push);
        Ok::<_, CoordinatorError>(!is_last)
    };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::connect(&connection).await.unwrap();
        let coordinator = infrafabric::coordinator::service::Coordinator::new(store, Clock::System);
        let never = std::future::pending();
        let listening = listen(&coordinator, &Clock::System, &terms, Some(1), never, &mut hear);
        tokio::time::timeout(PATIENCE, listening).await.unwrap().unwrap();
    });
    let past = told.iter().filter(|push| push["type"] == "mail" && push["mail"]["text"] == "of the past");
    assert_eq!(past.count(), 1, "{told:?}");
}

/// Ends a session and waits until its listener, which cannot do anything meanwhile, may know; then something comes for
/// the listener to end with.
fn end_session(site: &Site, session: &str) {
    thread::scope(|scope| {
        // A runtime of its own, in a thread that has none.
        let ended =
            scope.spawn(|| Raw::connect(&site.server).revoke(i64::from_str_radix(session, 16).unwrap()));
        ended.join().unwrap();
    });
    let watch = stopwatch();
    eventually("it should have been renewed", || (watch.elapsed().as_secs() >= 2).then_some(()));
    send(site, "of the present");
}
