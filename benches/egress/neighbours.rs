//! Nine calm swarms beside one that calls in an endless loop: it spends its own calls and its own share of a core.
//!
//! All are guests of one process and one broker, as under `chassis serve`. The nine are measured alone and beside the
//! tenth in turn.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use infrafabric::chassis::runtime::Terms;
use infrafabric::chassis::runtime::broker::Broker;
use infrafabric::chassis::{FailureClass, GuestModule, Limits, Sandbox, TaskInput};
use infrafabric::clock::stopwatch;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::ours::{Way, broker};
use super::service::Service;
use crate::machine::{Times, quantile, times};
use crate::marks::{Bound, Marks, median};

const CALM: usize = 9;
/// How far apart the tasks of one of them are.
const APART: Duration = Duration::from_millis(10);
/// What a contract allows.
const CALLS_PER_SECOND: u32 = 200;
/// How long each is held, and how often both are measured.
const RUN: Duration = Duration::from_secs(3);
const PAIRS: usize = 5;

/// Calls, and never looks at what came of it.
const RESTLESS: &str = r#"(module
  (import "env" "http_request" (func $http_request (param i32 i32) (result i64)))
  (memory (export "memory") 16)
  (func (export "alloc") (param i32) (result i32)
    ;; The task first, then every response in the place of the one before.
    (local $place i32)
    (local.set $place (global.get $next))
    (global.set $next (i32.const 524288))
    (local.get $place))
  (global $next (mut i32) (i32.const 1024))
  (func (export "execute_task") (param i32 i32) (result i64)
    (loop $again
      (drop (call $http_request (local.get 0) (local.get 1)))
      (br $again))
    (unreachable)))"#;

struct Scene<'s> {
    sandbox: Sandbox,
    restless: GuestModule,
    courier: GuestModule,
    broker: Arc<Broker>,
    service: &'s Service,
}

pub(super) fn run(service: &Service, marks: &mut Marks) {
    let sandbox = Sandbox::new().unwrap();
    let restless = sandbox.compile(RESTLESS.as_bytes()).unwrap();
    let courier = sandbox.compile(&fs::read("examples/guests/courier.wat").unwrap()).unwrap();
    let scene = Scene { sandbox, restless, courier, broker: broker(), service };
    let pairs: Vec<(f64, f64)> = Runtime::new().unwrap().block_on(async {
        scene.calm().await;
        let mut pairs = Vec::new();
        for _ in 0..PAIRS {
            let alone = scene.calm().await;
            let looping = scene.restless();
            let beside = scene.calm().await;
            looping.await.unwrap();
            pairs.push((quantile(&alone, 0.99), quantile(&beside, 0.99)));
        }
        pairs
    });
    println!("  {CALM} calm swarms, p99 of a call in µs, alone and beside one in a loop: {pairs:?}");
    let ratio = median(pairs.iter().map(|(alone, beside)| beside / alone));
    marks.check("p99 of calm swarms' calls beside one in a loop, times alone", ratio, Bound::AtMost(1.2));
}

impl Scene<'_> {
    fn terms(&self, swarm: &str, limits: Limits) -> (Terms, TaskInput) {
        let way = Way::through(&self.broker, self.service, swarm, CALLS_PER_SECOND);
        let task = TaskInput::parse(way.request.as_str()).unwrap();
        (Terms { limits, egress: way.gate }, task)
    }

    /// Lets the tenth swarm call for as long as it may.
    fn restless(&self) -> JoinHandle<()> {
        let (terms, task) = self.terms("restless", Limits { execution_time: RUN, ..Limits::default() });
        let (sandbox, module) = (self.sandbox.clone(), self.restless.clone());
        tokio::spawn(async move {
            let execution = sandbox.execute(&module, terms, &task, |_: &str| ()).await.unwrap();
            assert_eq!(execution.outcome.unwrap_err().class(), FailureClass::Timeout);
        })
    }

    /// How long the calls of the nine take, all of which are answered.
    async fn calm(&self) -> Times {
        let working: Vec<JoinHandle<Times>> =
            (0..CALM).map(|number| tokio::spawn(self.courier(number))).collect();
        let mut taken = times();
        for one in working {
            taken.add(one.await.unwrap()).unwrap();
        }
        taken
    }

    fn courier(&self, number: usize) -> impl Future<Output = Times> + Send + use<> {
        let (terms, task) = self.terms(&format!("calm-{number}"), Limits::default());
        let (sandbox, module) = (self.sandbox.clone(), self.courier.clone());
        async move {
            let mut due = interval(APART);
            due.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let (mut taken, begun) = (times(), stopwatch());
            while begun.elapsed() < RUN {
                due.tick().await;
                let watch = stopwatch();
                let execution = sandbox.execute(&module, terms.clone(), &task, |_: &str| ()).await.unwrap();
                taken.record(u64::try_from(watch.elapsed().as_micros()).unwrap()).unwrap();
                let answer = execution.outcome.unwrap();
                assert!(answer.starts_with(r#"{"status":200"#), "{answer}");
            }
            taken
        }
    }
}
