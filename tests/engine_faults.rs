//! What befalls the engine from outside, and what it makes of it: a frozen process, a damaged file, a full disk, a
//! rotation that fails.

mod disk;

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use etcd_client::{Client, PutOptions, WatchOptions};
use infrafabric::clock::stopwatch;
use infrafabric::engine::{Engine, Options};
use insta::assert_snapshot;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tonic::Code;

use self::disk::Disk;
use crate::support::command::{Finished, Ifctl};
use crate::support::patience::eventually;
use crate::support::raw::Raw;
use crate::support::servers::{Backend, Server, fetched};

/// The shortest that the engine grants, in seconds.
const TTL: i64 = 2;
/// How often a client renews: as clients do, well within the TTL.
const RENEWAL: Duration = Duration::from_millis(500);

/// Puts `key` with a lease of the shortest time.
async fn leased(client: &mut Client, key: &str) -> i64 {
    let lease = client.lease_grant(TTL, None).await.unwrap().id();
    client.put(key, "held", Some(PutOptions::new().with_lease(lease))).await.unwrap();
    lease
}

/// Renews a lease until told to stop; the shortest time that was left after a renewal.
fn renewing(runtime: &Runtime, mut client: Client, lease: i64, stop: &Arc<AtomicBool>) -> JoinHandle<i64> {
    let stop = Arc::clone(stop);
    runtime.spawn(async move {
        let (mut keeper, mut answers) = client.lease_keep_alive(lease).await.unwrap();
        let mut least = i64::MAX;
        while !stop.load(Ordering::Relaxed) {
            keeper.keep_alive().await.unwrap();
            least = least.min(answers.message().await.unwrap().unwrap().ttl());
            tokio::time::sleep(RENEWAL).await;
        }
        least
    })
}

/// etcd 3.5 lets every lease die whose time went by while the process was stopped, before it reads the renewals that
/// wait in its sockets. The engine does not count the time in which nobody could renew.
#[test]
fn a_process_that_was_frozen_for_longer_than_their_ttl_loses_no_lease() {
    let server = Server::start(Backend::Engine);
    let runtime = Runtime::new().unwrap();
    let mut client = runtime.block_on(Client::connect([server.endpoint()], None)).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let keys: Vec<String> = (0..4).map(|n| format!("/frozen/{n}")).collect();
    let mut renewals = Vec::new();
    for key in &keys {
        let lease = runtime.block_on(leased(&mut client, key));
        renewals.push(renewing(&runtime, client.clone(), lease, &stop));
    }
    runtime.block_on(leased(&mut client, "/abandoned"));

    let pid = Pid::from_raw(i32::try_from(server.pid()).unwrap());
    kill(pid, Signal::SIGSTOP).unwrap();
    // Nothing is waited for: this is what is done to it.
    std::thread::sleep(Duration::from_secs(3));
    kill(pid, Signal::SIGCONT).unwrap();

    let raw = Raw::connect(&server);
    assert_eq!(raw.get("/abandoned").as_deref(), Some("held"), "the freeze is nobody's time");
    eventually("a lease that nobody renews ends all the same", || {
        raw.get("/abandoned").is_none().then_some(())
    });
    stop.store(true, Ordering::Relaxed);
    for renewal in renewals {
        assert_eq!(runtime.block_on(renewal).unwrap(), TTL);
    }
    for key in &keys {
        assert_eq!(raw.get(key).as_deref(), Some("held"), "{key}");
        let history = raw.history(key);
        assert_eq!(history.len(), 1, "{history:?}");
    }
}

#[test]
fn a_damaged_file_is_refused_by_name_and_moving_it_away_starts_empty() {
    let mut server = Server::start(Backend::Engine);
    Raw::connect(&server).put("kept", "until now");
    server.kill();
    let log = server.engine_directory().join("0000000000000001.log");
    let mut bytes = fs::read(&log).unwrap();
    // In the middle of the first batch.
    bytes[100] ^= 1;
    fs::write(&log, &bytes).unwrap();

    let data = server.engine_directory().parent().unwrap().to_owned();
    let home = data.parent().unwrap();
    let start = ["coordinator", "start", "--listen", "127.0.0.1:0", "--data-dir"];
    let refused = Ifctl::new(home).args(start).args([&data]).run();
    assert_snapshot!(refused.snapshot(), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --data-dir HOME/data
    status: 6
    --- stdout
    --- stderr
    error: HOME/data/engine/ID.log is corrupt: a checksum of batch 1, at byte 64, does not match
    hint: move the directory away; ifctl coordinator restore FILE brings a snapshot back
    ");

    fs::rename(server.engine_directory(), data.join("damaged")).unwrap();
    server.restart();
    assert_eq!(Raw::connect(&server).get("kept"), None);
}

#[test]
fn a_rotation_that_fails_leaves_nothing_behind_that_contradicts_what_follows() {
    let mut server = Server::start(Backend::Engine);
    server.restart_with("engine-log-fails=return");
    let runtime = Runtime::new().unwrap();
    let mut client = runtime.block_on(Client::connect([server.endpoint()], None)).unwrap();
    let refused = runtime.block_on(client.defragment()).unwrap_err();
    assert!(refused.to_string().contains("storage failed"), "{refused}");
    Raw::connect(&server).put("after", "the failure");
    server.restart();
    assert_eq!(Raw::connect(&server).get("after").as_deref(), Some("the failure"));
}

/// Puts keys of `size` until there is no space, and notes which were acknowledged, at which revision.
async fn fill(client: &mut Client, size: usize, written: &mut Vec<(String, i64)>) -> tonic::Status {
    loop {
        let key = format!("/fill/{:05}", written.len());
        match client.put(key.as_str(), vec![b'v'; size], None).await {
            Ok(answer) => written.push((key, answer.header().unwrap().revision())),
            Err(etcd_client::Error::GRpcStatus(status)) => return status,
            Err(other) => panic!("{other}"),
        }
    }
}

/// Nobody writes here, not even a coordinator that would lead.
#[test]
fn an_engine_that_nobody_writes_to_finds_out_by_itself_that_there_is_room_again() {
    let disk = Disk::mount(8);
    disk.fill("filler", 6);
    let runtime = Runtime::new().unwrap();
    let engine = Engine::open(&disk.path().join("engine"), Options::default()).unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = engine.clone();
    runtime.spawn(async move { serving.serve(listener, std::future::pending()).await });
    let mut client = runtime.block_on(Client::connect([address], None)).unwrap();
    runtime.block_on(fill(&mut client, 100_000, &mut Vec::new()));
    let mut errors = || runtime.block_on(client.status()).unwrap().errors().to_vec();
    assert!(errors().iter().any(|error| error.contains("NOSPACE")), "{:?}", errors());
    disk.remove("filler");
    eventually("the alarm is gone", || errors().is_empty().then_some(()));
    engine.close();
}

/// Every one of `written` is there, and a watch tells of them all.
async fn assert_all_there(client: &mut Client, written: &[(String, i64)]) {
    let options = WatchOptions::new().with_prefix().with_start_revision(1).with_fragment();
    let mut watch = client.watch("/fill/", Some(options)).await.unwrap();
    let mut told = Vec::new();
    while told.len() < written.len() {
        let news = watch.message().await.unwrap().unwrap();
        let pairs = news.events().iter().map(|event| event.kv().unwrap());
        told.extend(pairs.map(|pair| (pair.key_str().unwrap().to_owned(), pair.mod_revision())));
    }
    assert_eq!(told, written);
    for (key, revision) in written {
        let found = client.get(key.as_str(), None).await.unwrap();
        assert_eq!(found.kvs().first().map(etcd_client::KeyValue::mod_revision), Some(*revision), "{key}");
    }
}

fn alarms(server: &Server) -> String {
    let mut etcdctl = Command::new(fetched("etcd-3.5/etcdctl"));
    let output = etcdctl.args(["--endpoints", server.endpoint(), "alarm", "list"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn health(server: &Server, home: &Disk) -> Finished {
    Ifctl::new(home.path()).endpoints(server).args(["coordinator", "health"]).run()
}

#[test]
fn on_a_full_disk_reads_and_leases_go_on_and_writes_resume_by_themselves() {
    let disk = Disk::mount(16);
    disk.fill("filler", 8);
    let mut server = Server::start_engine_in(disk.directory());
    let runtime = Runtime::new().unwrap();
    let mut client = runtime.block_on(Client::connect([server.endpoint()], None)).unwrap();
    let held = runtime.block_on(leased(&mut client, "/held"));
    runtime.block_on(leased(&mut client, "/abandoned"));
    let stop = Arc::new(AtomicBool::new(false));
    let renewal = renewing(&runtime, client.clone(), held, &stop);
    assert_eq!(alarms(&server), "");

    let mut written = Vec::new();
    runtime.block_on(async {
        for size in [100_000, 1000, 1] {
            let refused = fill(&mut client, size, &mut written).await;
            assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");
            assert_eq!(refused.message(), "etcdserver: mvcc: database space exceeded");
        }
        assert_all_there(&mut client, &written).await;
    });
    assert!(alarms(&server).contains("alarm:NOSPACE"), "{}", alarms(&server));
    let unwell = health(&server, &disk).expect(10);
    assert!(unwell.stdout.contains("the store has no space left"), "{}", unwell.stdout);
    // For longer than the leases last, while writers knock on the door: their batches carry the renewals.
    let watch = stopwatch();
    while watch.elapsed() < Duration::from_secs(3) {
        let refused = runtime.block_on(fill(&mut client, 1, &mut written));
        assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");
    }
    stop.store(true, Ordering::Relaxed);
    assert_eq!(runtime.block_on(renewal).unwrap(), TTL, "each renewal was answered");
    let raw = Raw::connect(&server);
    assert_eq!(raw.get("/held").as_deref(), Some("held"));

    server.restart();
    let mut client = runtime.block_on(Client::connect([server.endpoint()], None)).unwrap();
    runtime.block_on(assert_all_there(&mut client, &written));

    disk.remove("filler");
    eventually("the alarm is gone", || alarms(&server).is_empty().then_some(()));
    let answer = runtime.block_on(client.put("/fill/more", "", None)).unwrap();
    written.push(("/fill/more".to_owned(), answer.header().unwrap().revision()));
    eventually("all is well", || (health(&server, &disk).code == 0).then_some(()));
    let raw = Raw::connect(&server);
    eventually("a lease that nobody renews ends", || raw.get("/abandoned").is_none().then_some(()));
    server.restart();
    let mut client = runtime.block_on(Client::connect([server.endpoint()], None)).unwrap();
    runtime.block_on(assert_all_there(&mut client, &written));
}
