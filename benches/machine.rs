//! The machine: what its disk and its loopback cost, and what a process has used.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use hdrhistogram::Histogram;
use infrafabric::clock::stopwatch;
use infrafabric::coordinator::bench::Latency;
use infrafabric::coordinator::runtime::bench::disk;
use tempfile::TempDir;

use crate::support::servers::Backend;

/// How often each cost is taken.
const SAMPLES: usize = 500;
/// About what a small transaction weighs on disk and on the wire.
const BYTES: usize = 300;

/// Times in microseconds.
pub(crate) type Times = Histogram<u64>;

pub(crate) fn times() -> Times {
    Histogram::new(3).unwrap()
}

pub(crate) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap()
}

/// A quantile in microseconds.
#[expect(clippy::cast_precision_loss, reason = "latencies are far below 2^52 µs")]
pub(crate) fn quantile(times: &Times, quantile: f64) -> f64 {
    times.value_at_quantile(quantile) as f64
}

/// One measured run of each server, the order swapped from pair to pair.
pub(crate) fn pairs<T>(count: usize, mut measure: impl FnMut(Backend) -> T) -> Vec<(T, T)> {
    (0..count)
        .map(|round| {
            if round % 2 == 0 {
                let engine = measure(Backend::Engine);
                (engine, measure(Backend::Etcd35))
            } else {
                let etcd = measure(Backend::Etcd35);
                (measure(Backend::Engine), etcd)
            }
        })
        .collect()
}

/// What appending a little and making it durable costs, in microseconds: half of them, and 99 of 100.
pub(crate) fn fdatasync() -> Latency {
    disk::fdatasync(TempDir::new().unwrap().path()).unwrap().latency()
}

/// What a message to another thread over loopback and back costs.
pub(crate) fn loopback() -> Times {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut far, _) = listener.accept().unwrap();
    for stream in [&near, &far] {
        stream.set_nodelay(true).unwrap();
    }
    let echo = std::thread::spawn(move || {
        let mut message = [0; BYTES];
        while far.read_exact(&mut message).is_ok() {
            far.write_all(&message).unwrap();
        }
    });
    let mut message = [0; BYTES];
    let taken = sampled(|| {
        near.write_all(&message).unwrap();
        near.read_exact(&mut message).unwrap();
    });
    drop(near);
    echo.join().unwrap();
    taken
}

fn sampled(mut act: impl FnMut()) -> Times {
    let mut taken = times();
    for _ in 0..SAMPLES {
        let watch = stopwatch();
        act();
        taken.record(micros(watch.elapsed())).unwrap();
    }
    taken
}

pub(crate) fn describe() {
    let Latency { p50_us, p99_us } = fdatasync();
    println!("fdatasync of an append: p50 {p50_us} µs, p99 {p99_us} µs");
    let taken = loopback();
    println!("loopback round trip: p50 {} µs, p99 {} µs", quantile(&taken, 0.5), quantile(&taken, 0.99));
}

/// Processor time that a server has used so far.
pub(crate) fn cpu(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks: u64 = fields[11..13].iter().map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    // Linux counts in hundredths of a second on every platform that Rust supports.
    Duration::from_millis(ticks * 10)
}

/// Waits until a server has taken in what was done to it: what it does on its own takes less than a third of a core.
pub(crate) fn settled(pid: u32) {
    const LOOK: Duration = Duration::from_millis(500);
    for _ in 0..60 {
        let before = cpu(pid);
        std::thread::sleep(LOOK);
        if cpu(pid).saturating_sub(before) < LOOK / 3 {
            return;
        }
    }
    panic!("the server does not come to rest");
}

/// Resident memory of a server now, in bytes.
pub(crate) fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
