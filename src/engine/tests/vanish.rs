//! Clients that vanish: whatever way they go, nothing of their watches stays.

use std::net::SocketAddr;
use std::time::Duration;

use etcd_client::{Client, WatchOptions, WatchStream};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch as latch;

use super::{Options, TestServer};

const STREAMS: i64 = 300;

/// Opens streams with a watch each, and one more on which a second watch has more to tell than the client reads.
async fn open(server: &TestServer, client: &Client) -> Vec<WatchStream> {
    let mut streams = Vec::new();
    let from = |revision| WatchOptions::new().with_prefix().with_start_revision(revision);
    for n in 0..STREAMS {
        streams.push(client.watch_client().watch("k/", Some(from(n % 2))).await.unwrap());
    }
    let mut unread = client.watch_client().watch("k/", None).await.unwrap();
    unread.watch("large/", Some(from(1))).await.unwrap();
    streams.push(unread);
    until(server, streams.len()).await;
    streams
}

/// Waits until there are so many watches.
async fn until(server: &TestServer, watchers: usize) {
    let reached = async {
        while server.engine.statistics().watchers != watchers {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(30), reached).await.is_ok();
    assert!(in_time, "there are {} watches, not {watchers}", server.engine.statistics().watchers);
}

async fn with_history(options: Options) -> TestServer {
    let server = TestServer::start_in(tempfile::tempdir().unwrap(), options).await;
    let mut client = server.client().await;
    client.put("k/a", "history", None).await.unwrap();
    for n in 0..30 {
        client.put(format!("large/{n}"), vec![0; 1 << 20], None).await.unwrap();
    }
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_are_dropped_leave_no_watch() {
    let server = with_history(Options::default()).await;
    let client = server.client().await;
    for _ in 0..3 {
        let streams = open(&server, &client).await;
        drop(streams);
        until(&server, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_reset_leaves_no_watch() {
    let server = with_history(Options::default()).await;
    let line = Line::to(server.address).await;
    let client = Client::connect([line.address.to_string()], None).await.unwrap();
    let streams = open(&server, &client).await;
    line.state.send(State::Reset).unwrap();
    until(&server, 0).await;
    drop(streams);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_falls_silent_leaves_no_watch() {
    let interval = Duration::from_millis(200);
    let options = Options { keepalive_interval: interval, keepalive_timeout: interval, ..Options::default() };
    let server = with_history(options).await;
    let line = Line::to(server.address).await;
    let client = Client::connect([line.address.to_string()], None).await.unwrap();
    let streams = open(&server, &client).await;
    line.state.send(State::Silent).unwrap();
    until(&server, 0).await;
    drop(streams);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Both ends stay open, and nothing passes any more.
    Silent,
    Reset,
}

/// A line between clients and a server that can be cut.
struct Line {
    address: SocketAddr,
    state: latch::Sender<State>,
}

impl Line {
    async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (state, seen) = latch::channel(State::Open);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(server).await.unwrap();
                tokio::spawn(connect(client, server, seen.clone()));
            }
        });
        Self { address, state }
    }
}

async fn connect(mut client: TcpStream, mut server: TcpStream, mut state: latch::Receiver<State>) {
    tokio::select! {
        // A line that was cut has nothing to report.
        _ = copy_bidirectional(&mut client, &mut server) => {}
        _ = state.wait_for(|state| *state != State::Open) => {}
    }
    // The sender goes with the test.
    let _ = state.wait_for(|state| *state == State::Reset).await;
    server.set_zero_linger().unwrap();
}
