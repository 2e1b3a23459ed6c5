//! Locks and elections: who comes first holds, who goes lets the next one in, and whoever asks gets etcd's answer.

use std::fmt::Debug;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use etcd_client::{
    Client, Error, GetOptions, LeaseGrantOptions, LockOptions, ProclaimOptions, ResignOptions,
};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinHandle;
use tonic::Code;

use crate::support::bare::Bare;
use crate::support::command::Lines;
use crate::support::patience::{PATIENCE, eventually};
use crate::support::servers::{Backend, fetched};

/// A store that only the test writes to, and a runtime for its clients.
struct Store {
    runtime: Runtime,
    bare: Bare,
}

impl Store {
    fn start(backend: Backend) -> Self {
        Self { runtime: Runtime::new().unwrap(), bare: Bare::start(backend) }
    }

    async fn client(&self) -> Client {
        Client::connect([self.bare.endpoint()], None).await.unwrap()
    }

    fn etcdctl(&self, args: &[&str]) -> Child {
        Command::new(fetched("etcd-3.5/etcdctl"))
            .env_clear()
            .args(["--endpoints", self.bare.endpoint()])
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

/// An answer as text: whole, but for the ids of the server.
fn told(answer: Result<impl Debug, Error>) -> String {
    let text = match answer {
        Ok(answer) => format!("{answer:?}"),
        Err(Error::GRpcStatus(status)) => format!("{:?}: {}", status.code(), status.message()),
        Err(other) => panic!("no answer of the server: {other}"),
    };
    let mut masked = String::new();
    for part in text.split_inclusive("_id: ") {
        masked.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    masked
}

/// Waits until a key is there, or is not.
async fn until(client: &Client, key: &str, there: bool) {
    let looking = async {
        while client.kv_client().get(key, None).await.unwrap().kvs().is_empty() == there {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("{key} there: {there}"));
}

async fn grant(client: &Client, id: i64, ttl: i64) {
    let options = LeaseGrantOptions::new().with_id(id);
    client.lease_client().grant(ttl, Some(options)).await.unwrap();
}

async fn lock(client: Client, name: &str, lease: i64) -> Result<etcd_client::LockResponse, Error> {
    client.lock_client().lock(name, Some(LockOptions::new().with_lease(lease))).await
}

/// Asks for a lock that is held, and waits until that stands in line.
async fn stand_in_line(client: &Client, name: &'static str, lease: i64) -> JoinHandle<String> {
    let asking = client.clone();
    let waiting = tokio::spawn(async move { told(lock(asking, name, lease).await.map(|answer| answer.0)) });
    until(client, &format!("{name}/{lease:x}"), true).await;
    waiting
}

async fn keys(client: &Client) -> String {
    let all = client.kv_client().get("", Some(GetOptions::new().with_all_keys())).await.unwrap();
    all.kvs().iter().fold(String::new(), |keys, pair| {
        format!("{keys}{}={} ", pair.key_str().unwrap(), pair.value_str().unwrap())
    })
}

async fn locks(client: Client) -> Vec<String> {
    let unlock = |key: &str| {
        let (client, key) = (client.clone(), key.to_owned());
        async move { told(client.lock_client().unlock(key).await.map(|answer| answer.0)) }
    };
    for lease in [0xa, 0xb, 0xc, 0xd] {
        grant(&client, lease, 600).await;
    }
    let mut story = vec![
        told(lock(client.clone(), "l", 0xa).await.map(|answer| answer.0)),
        told(lock(client.clone(), "l", 0xa).await.map(|answer| answer.0)),
        told(lock(client.clone(), "l", 0x77).await.map(|answer| answer.0)),
    ];
    let second = stand_in_line(&client, "l", 0xb).await;
    let third = stand_in_line(&client, "l", 0xc).await;
    let fourth = stand_in_line(&client, "l", 0xd).await;
    fourth.abort();
    until(&client, "l/d", false).await;
    story.push(keys(&client).await);
    story.push(unlock("l/a").await);
    story.push(second.await.unwrap());
    client.lease_client().revoke(0xc).await.unwrap();
    until(&client, "l/c", false).await;
    story.push(unlock("l/b").await);
    story.push(third.await.unwrap());
    story.push(unlock("l/b").await);
    story.push(unlock("").await);
    story.push(told(lock(client.clone(), "", 0xa).await.map(|answer| answer.0)));
    story.push(keys(&client).await);
    story
}

async fn candidacy(client: &Client, value: &'static str, lease: i64) -> JoinHandle<String> {
    let asking = client.clone();
    let waiting = tokio::spawn(async move {
        told(asking.election_client().campaign("e", value, lease).await.map(|answer| answer.0))
    });
    until(client, &format!("e/{lease:x}"), true).await;
    waiting
}

/// Observes an election; etcd does not answer before there is something to see.
fn observe(client: &Client) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    let client = client.clone();
    tokio::spawn(async move {
        let mut leaders = client.election_client().observe("e").await.unwrap();
        while let Some(leader) = leaders.message().await.unwrap() {
            if sender.send(told(Ok(leader.0))).await.is_err() {
                return;
            }
        }
    });
    receiver
}

/// The next leader an observer is told of.
async fn seen(observer: &mut Receiver<String>) -> String {
    let next = tokio::time::timeout(PATIENCE, observer.recv()).await;
    next.expect("there is something to see").expect("the observer goes on")
}

async fn elections(client: Client) -> Vec<String> {
    let elections = || client.election_client();
    for lease in [0xa, 0xb, 0xc, 0xd] {
        grant(&client, lease, 600).await;
    }
    let mut observer = observe(&client);
    let mut story = vec![told(elections().leader("e").await.map(|answer| answer.0))];
    let first = elections().campaign("e", "one", 0xa).await.unwrap();
    story.push(told(Ok(first.0.clone())));
    story.push(seen(&mut observer).await);
    story.push(told(elections().leader("e").await.map(|answer| answer.0)));
    // Once more with the same lease: only the value is new.
    story.push(told(elections().campaign("e", "uno", 0xa).await.map(|answer| answer.0)));
    story.push(seen(&mut observer).await);
    let second = candidacy(&client, "two", 0xb).await;
    let third = candidacy(&client, "three", 0xc).await;
    let fourth = candidacy(&client, "four", 0xd).await;
    third.abort();
    until(&client, "e/c", false).await;
    story.push(keys(&client).await);
    let leader = first.leader().unwrap().clone();
    let proclaim = |value: &'static str| {
        let options = ProclaimOptions::new().with_leader(leader.clone());
        let mut elections = elections();
        async move { told(elections.proclaim(value, Some(options)).await.map(|answer| answer.0)) }
    };
    story.push(proclaim("ein").await);
    story.push(seen(&mut observer).await);
    let resign = || ResignOptions::new().with_leader(leader.clone());
    story.push(told(elections().resign(Some(resign())).await.map(|answer| answer.0)));
    story.push(seen(&mut observer).await);
    story.push(second.await.unwrap());
    story.push(told(elections().resign(Some(resign())).await.map(|answer| answer.0)));
    story.push(proclaim("too late").await);
    client.lease_client().revoke(0xd).await.unwrap();
    client.lease_client().revoke(0xb).await.unwrap();
    story.push(fourth.await.unwrap());
    story.push(told(elections().leader("e").await.map(|answer| answer.0)));
    story.push(told(elections().campaign("e", "v", 0x77).await.map(|answer| answer.0)));
    story.push(told(elections().resign(None).await.map(|answer| answer.0)));
    story.push(told(elections().proclaim("v", None).await.map(|answer| answer.0)));
    story.push(keys(&client).await);
    story
}

/// The same story on both; the first difference is shown.
fn same_story<S: Future<Output = Vec<String>>>(script: impl Fn(Client) -> S) {
    let [engine, etcd] = [Backend::Engine, Backend::Etcd35].map(|backend| {
        let store = Store::start(backend);
        store.runtime.block_on(async { script(store.client().await).await })
    });
    for (step, (engine, etcd)) in engine.iter().zip(&etcd).enumerate() {
        assert_eq!(engine, etcd, "step {step}: the engine's answer, and etcd's");
    }
    assert_eq!(engine.len(), etcd.len());
}

#[test]
fn a_lock_is_answered_as_etcd_answers() {
    same_story(locks);
}

#[test]
fn an_election_is_answered_as_etcd_answers() {
    same_story(elections);
}

/// Adds one to a number in two steps, which only a lock makes safe.
async fn add_one_under_lock(client: Client, lease: i64) {
    grant(&client, lease, 600).await;
    let key = lock(client.clone(), "counting", lease).await.unwrap().key().to_vec();
    let mut kv = client.kv_client();
    let read = kv.get("count", None).await.unwrap();
    let count: u32 = read.kvs().first().map_or(0, |pair| pair.value_str().unwrap().parse().unwrap());
    kv.put("count", (count + 1).to_string(), None).await.unwrap();
    client.lock_client().unlock(key).await.unwrap();
}

#[test]
fn of_many_lockers_one_at_a_time_is_in() {
    for backend in [Backend::Engine, Backend::Etcd35] {
        let store = Store::start(backend);
        store.runtime.block_on(async {
            let client = store.client().await;
            let adding: Vec<_> =
                (1..=50).map(|lease| tokio::spawn(add_one_under_lock(client.clone(), lease))).collect();
            for added in adding {
                added.await.unwrap();
            }
            let count = client.kv_client().get("count", None).await.unwrap();
            assert_eq!(count.kvs()[0].value_str().unwrap(), "50", "{backend:?}");
            assert_eq!(keys(&client).await, "count=50 ", "{backend:?}");
        });
    }
}

#[test]
fn the_lock_of_a_holder_whose_lease_ends_passes_on() {
    let store = Store::start(Backend::Engine);
    store.runtime.block_on(async {
        let client = store.client().await;
        grant(&client, 1, 2).await;
        grant(&client, 2, 600).await;
        lock(client.clone(), "l", 1).await.unwrap();
        let next = tokio::time::timeout(PATIENCE, lock(client.clone(), "l", 2)).await.unwrap().unwrap();
        assert_eq!(next.key(), b"l/2");
        assert_eq!(keys(&client).await, "l/2= ");
    });
}

#[test]
fn who_brings_no_lease_is_given_one_of_a_minute() {
    for backend in [Backend::Engine, Backend::Etcd35] {
        let store = Store::start(backend);
        store.runtime.block_on(async {
            let client = store.client().await;
            let locked = client.lock_client().lock("l", None).await.unwrap();
            let leases = client.lease_client().leases().await.unwrap();
            let id = leases.leases()[0].id();
            assert_eq!(locked.key(), format!("l/{id:x}").as_bytes(), "{backend:?}");
            let life = client.lease_client().time_to_live(id, None).await.unwrap();
            assert_eq!(life.granted_ttl(), 60, "{backend:?}");
        });
    }
}

/// A client that vanishes with its connection, in the middle of waiting.
#[test]
fn a_client_that_is_gone_stands_in_no_line() {
    let store = Store::start(Backend::Engine);
    let client = store.runtime.block_on(store.client());
    store.runtime.block_on(async {
        grant(&client, 1, 600).await;
        grant(&client, 2, 600).await;
        lock(client.clone(), "l", 1).await.unwrap();
        client.election_client().campaign("e", "v", 1).await.unwrap();
    });
    let vanishing = Runtime::new().unwrap();
    let other = vanishing.block_on(store.client());
    let (locking, standing) = (other.clone(), other);
    vanishing.spawn(async move { lock(locking, "l", 2).await });
    vanishing.spawn(async move { standing.election_client().campaign("e", "w", 2).await });
    store.runtime.block_on(async {
        until(&client, "l/2", true).await;
        until(&client, "e/2", true).await;
        vanishing.shutdown_background();
        until(&client, "l/2", false).await;
        until(&client, "e/2", false).await;
    });
}

#[test]
fn etcdctl_locks_exclude_each_other_and_those_of_other_clients() {
    let store = Store::start(Backend::Engine);
    let directory = TempDir::new().unwrap();
    let (inside, log) = (directory.path().join("inside"), directory.path().join("log"));
    // Fails when somebody else is inside.
    let work = format!("mkdir {0} && echo in >> {1} && rmdir {0}", inside.display(), log.display());
    let client = store.runtime.block_on(store.client());
    store.runtime.block_on(async {
        grant(&client, 1, 600).await;
        lock(client.clone(), "l", 1).await.unwrap();
    });
    let mut waiting: Vec<_> =
        (0..8).map(|_| store.etcdctl(&["lock", "l", "--", "/bin/sh", "-c", &work])).collect();
    let in_line = || store.runtime.block_on(async { keys(&client).await.split_whitespace().count() });
    eventually("all stand in line", || (in_line() == 9).then_some(()));
    assert!(!log.exists(), "nobody is in while the lock is held");
    store.runtime.block_on(client.lock_client().unlock("l/1")).unwrap();
    for child in &mut waiting {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(fs::read_to_string(log).unwrap().lines().count(), 8);
    assert_eq!(in_line(), 0);
}

#[test]
fn etcdctl_elects_observes_and_resigns() {
    for backend in [Backend::Engine, Backend::Etcd35] {
        let store = Store::start(backend);
        let mut listener = store.etcdctl(&["elect", "--listen", "e"]);
        let heard = Lines::of(listener.stdout.take().unwrap());
        let mut first = store.etcdctl(&["elect", "e", "one"]);
        let lines = Lines::of(first.stdout.take().unwrap());
        let key = lines.next();
        assert!(key.starts_with("e/"), "{backend:?}: {key}");
        assert_eq!(lines.next(), "one", "{backend:?}");
        assert_eq!([heard.next(), heard.next()], [key, "one".to_owned()], "{backend:?}");
        let mut second = store.etcdctl(&["elect", "e", "two"]);
        let lines = Lines::of(second.stdout.take().unwrap());
        let client = store.runtime.block_on(store.client());
        let in_line = || store.runtime.block_on(async { keys(&client).await.split_whitespace().count() });
        eventually("the second stands", || (in_line() == 2).then_some(()));
        interrupt(&first);
        first.wait().unwrap();
        lines.next_with("two");
        heard.next_with("two");
        let leader = store.runtime.block_on(client.election_client().leader("e")).unwrap();
        assert_eq!(leader.kv().unwrap().value(), b"two", "{backend:?}");
        interrupt(&second);
        second.wait().unwrap();
        let nobody = store.runtime.block_on(client.election_client().leader("e")).unwrap_err();
        let Error::GRpcStatus(status) = nobody else { panic!("{nobody}") };
        assert_eq!((status.code(), status.message()), (Code::Unknown, "election: no leader"), "{backend:?}");
        listener.kill().unwrap();
        listener.wait().unwrap();
    }
}

fn interrupt(child: &Child) {
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT).unwrap();
}
