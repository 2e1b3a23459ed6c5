//! Pushes: from submitting a task until the agent that was chosen for it has it, held and acknowledged, through a
//! real coordinator and listeners that stay connected.

use std::time::{Duration, Instant};

use infrafabric::clock::{Clock, stopwatch};
use infrafabric::coordinator::backlog::NewTask;
use infrafabric::coordinator::runtime::listener::{Push, listen};
use infrafabric::coordinator::runtime::session::Terms;
use infrafabric::coordinator::service::{Authority, Coordinator as Service, CoordinatorError};
use infrafabric::store::{Certificates, Connection, Store};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::machine::{Times, micros, pairs, quantile, times};
use crate::marks::{Bound, Marks, median};
use crate::support::servers::{Backend, Coordinator, Server};

const PAIRS: usize = 3;
/// How many tasks are pushed, one at a time.
const TASKS: usize = 300;

pub(crate) fn run(marks: &mut Marks) {
    for swarms in [1, 100] {
        let outcomes = pairs(PAIRS, |backend| measure(backend, swarms));
        for (engine, etcd) in &outcomes {
            println!("  {swarms} swarms listen: engine {} | etcd {}", line(engine), line(etcd));
        }
        let p99 = median(outcomes.iter().map(|(engine, _)| quantile(engine, 0.99) / 1000.0));
        marks.check(format!("p99 from submit to receipt with {swarms} swarms, ms"), p99, Bound::AtMost(10.0));
        let ratio = median(outcomes.iter().map(|(engine, etcd)| quantile(engine, 0.5) / quantile(etcd, 0.5)));
        marks.check(
            format!("p50 from submit to receipt with {swarms} swarms, times that over etcd"),
            ratio,
            Bound::AtMost(1.0),
        );
    }
}

fn line(taken: &Times) -> String {
    format!("p50 {:.0} µs, p99 {:.0} µs", quantile(taken, 0.5), quantile(taken, 0.99))
}

fn measure(backend: Backend, swarms: usize) -> Times {
    let server = Server::start(backend);
    let _coordinator = Coordinator::start(&server);
    let runtime = Runtime::new().unwrap();
    let connection = Connection {
        endpoints: vec![server.endpoint().to_owned()],
        namespace: String::new(),
        timeout: Duration::from_secs(10),
        user: None,
        certificates: Certificates::default(),
    };
    let taken = runtime.block_on(async {
        let (receipts, mut received) = unbounded_channel();
        for swarm in 0..swarms {
            let service = connect(&connection).await;
            tokio::spawn(agent(service, swarm, receipts.clone()));
        }
        for _ in 0..swarms {
            assert!(matches!(received.recv().await.unwrap(), Receipt::Connected));
        }
        submit_each(&connect(&connection).await, &mut received).await
    });
    // The agents end with the runtime, and before the server does.
    runtime.shutdown_timeout(Duration::from_secs(1));
    taken
}

async fn connect(connection: &Connection) -> Service {
    Service::new(Store::connect(connection).await.unwrap(), Clock::System)
}

/// What an agent noticed.
enum Receipt {
    Connected,
    Task(Instant),
}

/// Takes every push, and completes it.
async fn agent(service: Service, swarm: usize, receipts: UnboundedSender<Receipt>) {
    let terms = Terms {
        swarm: format!("swarm-{swarm}").parse().unwrap(),
        slots: 1,
        assignable: true,
        ttl: Duration::from_secs(30),
    };
    let deliver = |push: &Push| {
        match push {
            Push::Connected { .. } => receipts.send(Receipt::Connected).unwrap(),
            Push::Assignment { token, task, .. } => {
                let at = stopwatch();
                let (service, receipts) = (service.clone(), receipts.clone());
                let (token, task) = (*token, task.id.clone());
                tokio::spawn(async move {
                    service.complete(&task, token, Vec::new(), None).await.unwrap();
                    receipts.send(Receipt::Task(at)).unwrap();
                });
            }
            Push::Disconnected { .. } | Push::Mail { .. } => {}
        }
        Ok::<_, CoordinatorError>(true)
    };
    let _ = listen(&service, &Clock::System, &terms, None, std::future::pending(), deliver).await;
}

/// Submits one task after the other, each when the last one was received and completed.
async fn submit_each(service: &Service, received: &mut UnboundedReceiver<Receipt>) -> Times {
    let mut taken = times();
    for number in 0..TASKS {
        let task: NewTask =
            serde_json::from_value(serde_json::json!({ "id": format!("task-{number}") })).unwrap();
        let watch = stopwatch();
        service.submit(&task, &Authority::of("bench")).await.unwrap();
        let Some(Receipt::Task(at)) = received.recv().await else { panic!("a task is received") };
        taken.record(micros(at - watch)).unwrap();
    }
    taken
}
