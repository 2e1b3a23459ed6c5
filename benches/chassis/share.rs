//! The share of a core: a guest that never rests gets what its contract says, and its neighbour hardly notices.
//!
//! Both are tasks of one runtime, as under `chassis serve`. The neighbour gets a small task every millisecond, alone and
//! beside the other in turn. What the guest used is this process's processor time without the neighbour, less what the
//! process uses when nothing runs.

use std::fs;
use std::time::Duration;

use infrafabric::chassis::{FailureClass, GuestModule, Limits, Sandbox, TaskInput};
use infrafabric::clock::stopwatch;
use nix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::{TASK, check};
use crate::machine::{Times, quantile, times};
use crate::marks::{Bound, Marks, median};

const SHARES: [u32; 4] = [10, 25, 50, 80];
/// How long each is held.
const RUN: Duration = Duration::from_secs(2);
/// How often the neighbour is measured alone and beside each.
const PAIRS: usize = 3;
/// How far apart the neighbour's tasks are.
const APART: Duration = Duration::from_millis(1);

struct Bench {
    sandbox: Sandbox,
    spin: GuestModule,
    neighbour: GuestModule,
}

pub(super) fn run(neighbour: &str, marks: &mut Marks) {
    let sandbox = Sandbox::new().unwrap();
    let compile = |path: &str| sandbox.compile(&fs::read(path).unwrap()).unwrap();
    let (spin, neighbour) = (compile("examples/guests/spin.wat"), compile(neighbour));
    let bench = Bench { sandbox, spin, neighbour };
    Runtime::new().unwrap().block_on(async {
        let idle = idle().await;
        for percent in SHARES {
            let used = bench.alone(percent, idle).await;
            let mut pairs = Vec::new();
            for _ in 0..PAIRS {
                let alone = bench.neighbour().await;
                let spinning = bench.spin(percent);
                let beside = bench.neighbour().await;
                spinning.await.unwrap();
                pairs.push((quantile(&alone, 0.99), quantile(&beside, 0.99)));
            }
            let ratio = median(pairs.iter().map(|(alone, beside)| beside / alone));
            println!(
                "  {percent} %: {used:.1} % used; the neighbour's p99 in µs, alone and beside: {pairs:?}"
            );
            let off = (used - f64::from(percent)).abs();
            marks.check(format!("points off a share of {percent} %"), off, Bound::AtMost(2.0));
            marks.check(
                format!("a neighbour's p99 beside a guest of {percent} %, times alone"),
                ratio,
                Bound::AtMost(1.2),
            );
        }
    });
}

/// The share of a core that this process uses when nothing runs.
async fn idle() -> f64 {
    let (before, watch) = (processor_time(), stopwatch());
    sleep(RUN).await;
    processor_time().saturating_sub(before).as_secs_f64() / watch.elapsed().as_secs_f64()
}

impl Bench {
    /// Runs the restless guest for as long as it may.
    fn spin(&self, percent: u32) -> JoinHandle<()> {
        let limits = Limits { cpu_percent: percent, execution_time: RUN, ..Limits::default() };
        let (sandbox, spin) = (self.sandbox.clone(), self.spin.clone());
        tokio::spawn(async move {
            let task = TaskInput::parse(TASK).unwrap();
            let execution = sandbox.execute(&spin, &limits, &task, |_: &str| ()).await.unwrap();
            assert_eq!(execution.outcome.unwrap_err().class(), FailureClass::Timeout);
        })
    }

    /// The share that it uses without a neighbour, in percent.
    async fn alone(&self, percent: u32, idle: f64) -> f64 {
        let (before, watch) = (processor_time(), stopwatch());
        self.spin(percent).await.unwrap();
        let used = processor_time().saturating_sub(before).as_secs_f64() / watch.elapsed().as_secs_f64();
        (used - idle) * 100.0
    }

    /// How long the neighbour's tasks take.
    async fn neighbour(&self) -> Times {
        let (sandbox, module) = (self.sandbox.clone(), self.neighbour.clone());
        let working = tokio::spawn(async move {
            let (limits, task) = (Limits::default(), TaskInput::parse(TASK).unwrap());
            let mut due = interval(APART);
            due.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let (mut taken, begun) = (times(), stopwatch());
            while begun.elapsed() < RUN {
                due.tick().await;
                let watch = stopwatch();
                let execution = sandbox.execute(&module, &limits, &task, |_: &str| ()).await.unwrap();
                taken.record(u64::try_from(watch.elapsed().as_micros()).unwrap()).unwrap();
                check(&execution.outcome.unwrap());
            }
            taken
        });
        working.await.unwrap()
    }
}

fn processor_time() -> Duration {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).unwrap().into()
}
