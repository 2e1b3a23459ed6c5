//! Leadership: how long nobody leads after the leading coordinator was killed, on an etcd that two of them share.

use std::time::Duration;

use infrafabric::clock::stopwatch;
use infrafabric::coordinator::runtime::leader::TTL;
use infrafabric::store::{Key, Store};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::marks::{Bound, Marks};
use crate::pushes::connection;
use crate::support::servers::{Backend, Coordinator, Server};

const ROUNDS: usize = 5;

pub(crate) fn run(marks: &mut Marks) {
    let server = Server::start(Backend::Etcd35);
    let runtime = Runtime::new().unwrap();
    let mut leading = Coordinator::start(&server);
    let mut longest = Duration::ZERO;
    for _ in 0..ROUNDS {
        let standby = Coordinator::start(&server);
        let next = standby.pid().unwrap();
        let gap = runtime.block_on(gap(&server, next, || leading.kill()));
        println!("  killed: another leads after {:.2} s", gap.as_secs_f64());
        longest = longest.max(gap);
        leading = standby;
    }
    let bound = (TTL + Duration::from_secs(1)).as_secs_f64();
    marks.check(
        "until another leads after the leader was killed, s",
        longest.as_secs_f64(),
        Bound::AtMost(bound),
    );
}

/// From the kill until `next` leads.
async fn gap(server: &Server, next: u32, kill: impl FnOnce()) -> Duration {
    let store = Store::connect(&connection(server.endpoint())).await.unwrap();
    let revision = store.status().await.unwrap().revision;
    let mut watch = store.watch_key(&Key::Leader, revision + 1);
    let killed = stopwatch();
    kill();
    loop {
        let batch = timeout(3 * TTL, watch.next()).await.expect("somebody leads").unwrap();
        let leads = |entry: &infrafabric::store::Entry| {
            entry.json::<serde_json::Value>().is_ok_and(|leader| leader["pid"] == next)
        };
        if batch.events.iter().any(|event| !event.deleted && leads(&event.entry)) {
            return killed.elapsed();
        }
    }
}
