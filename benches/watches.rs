//! Watches: from a put to the event, with up to ten thousand watchers, each on a prefix of its own.

use std::time::Duration;

use etcd_client::{Client, WatchOptions, WatchStream};
use infrafabric::clock::stopwatch;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::machine::{Times, megabytes, micros, pairs, quantile, resident, times};
use crate::marks::{Bound, Marks, median};
use crate::servers::Store;
use crate::support::servers::Backend;

const PAIRS: usize = 3;
/// How many events each run waits for, one at a time.
const EVENTS: usize = 2000;
/// How many streams share a connection. Each watcher has a stream of its own, as each swarm's process does.
const PER_CONNECTION: usize = 100;

/// What one run came to.
struct Outcome {
    /// Seconds until all watches stood.
    setup: f64,
    /// Bytes that the watches cost the server.
    memory: u64,
    /// From before the put until the event was there.
    taken: Times,
}

pub(crate) fn run(marks: &mut Marks) {
    for watchers in [1, 1_000, 10_000] {
        let outcomes = pairs(PAIRS, |backend| measure(backend, watchers));
        for (engine, etcd) in &outcomes {
            println!("  {watchers} watchers: engine {} | etcd {}", line(engine), line(etcd));
        }
        for (name, at) in [("p50", 0.5), ("p99", 0.99)] {
            let ratio = median(
                outcomes.iter().map(|(engine, etcd)| quantile(&engine.taken, at) / quantile(&etcd.taken, at)),
            );
            marks.check(
                format!("{name} from put to event at {watchers} watchers, times etcd's"),
                ratio,
                Bound::AtMost(1.0),
            );
        }
        if watchers == 10_000 {
            let of_engine =
                |figure: fn(&Outcome) -> f64| median(outcomes.iter().map(|(engine, _)| figure(engine)));
            let p99 = of_engine(|outcome| quantile(&outcome.taken, 0.99)) / 1000.0;
            marks.check("p99 at 10,000 watchers, ms", p99, Bound::AtMost(10.0));
            marks.check(
                "setting up 10,000 watchers, s",
                of_engine(|outcome| outcome.setup),
                Bound::AtMost(1.5),
            );
            marks.check(
                "memory with 10,000 watchers, MB",
                of_engine(|outcome| megabytes(outcome.memory)),
                Bound::AtMost(120.0),
            );
        }
    }
}

fn line(Outcome { setup, memory, taken }: &Outcome) -> String {
    format!(
        "set up in {setup:.2} s, {:.0} MB, p50 {:.0} µs, p99 {:.0} µs",
        megabytes(*memory),
        quantile(taken, 0.5),
        quantile(taken, 0.99)
    )
}

fn measure(backend: Backend, watchers: usize) -> Outcome {
    let server = Store::start(backend);
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let client = Client::connect([server.endpoint()], None).await.unwrap();
        let (arrivals, mut arrived) = unbounded_channel();
        let watch = stopwatch();
        let opened = (0..watchers.div_ceil(PER_CONNECTION)).map(|connection| {
            let first = connection * PER_CONNECTION;
            let numbers = first..(first + PER_CONNECTION).min(watchers);
            tokio::spawn(open(server.endpoint().to_owned(), numbers))
        });
        let mut streams = Vec::new();
        for opened in futures::future::join_all(opened).await {
            streams.extend(opened.unwrap());
        }
        let setup = watch.elapsed().as_secs_f64();
        let memory = resident(server.pid());
        let following: Vec<_> =
            streams.into_iter().map(|stream| tokio::spawn(follow(stream, arrivals.clone()))).collect();
        let taken = puts(&client, watchers, &mut arrived).await;
        following.iter().for_each(tokio::task::JoinHandle::abort);
        Outcome { setup, memory, taken }
    })
}

/// Opens a connection with a watch for each number, and waits until the server has confirmed them all.
async fn open(endpoint: String, numbers: std::ops::Range<usize>) -> Vec<WatchStream> {
    let client = Client::connect([endpoint], None).await.unwrap();
    let watches = numbers.map(|number| {
        let mut client = client.watch_client();
        async move {
            let prefixed = WatchOptions::new().with_prefix();
            let mut stream = client.watch(prefix(number), Some(prefixed)).await.unwrap();
            assert!(stream.message().await.unwrap().unwrap().created());
            stream
        }
    });
    futures::future::join_all(watches).await
}

fn prefix(number: usize) -> String {
    format!("/bench/swarm-{number}/")
}

async fn follow(mut stream: WatchStream, arrivals: UnboundedSender<()>) {
    while let Ok(Some(response)) = stream.message().await {
        for _ in response.events() {
            arrivals.send(()).unwrap();
        }
    }
}

async fn puts(client: &Client, watchers: usize, arrived: &mut UnboundedReceiver<()>) -> Times {
    let mut kv = client.kv_client();
    let mut taken = times();
    for event in 0..EVENTS {
        let key = format!("{}task", prefix(event * 7919 % watchers));
        let watch = stopwatch();
        let (put, came) = tokio::join!(
            kv.put(key, "pushed", None),
            tokio::time::timeout(Duration::from_secs(10), arrived.recv())
        );
        put.unwrap();
        came.expect("the event comes").unwrap();
        taken.record(micros(watch.elapsed())).unwrap();
    }
    taken
}
