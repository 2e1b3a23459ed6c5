//! Pushes: from submitting a task until the agent that was chosen for it has it, held and acknowledged, through a
//! real coordinator and listeners that stay connected.

use std::time::Duration;

use infrafabric::clock::Clock;
use infrafabric::coordinator::bench::Times;
use infrafabric::coordinator::runtime::bench::agents::Agents;
use infrafabric::store::{Certificates, Connection};
use tokio::runtime::Runtime;

use crate::machine::pairs;
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
    format!("p50 {} µs, p99 {} µs", taken.quantile(0.5), taken.quantile(0.99))
}

fn quantile(taken: &Times, at: f64) -> f64 {
    f64::from(u32::try_from(taken.quantile(at)).unwrap())
}

/// The connection that clients of a benchmark use.
pub(crate) fn connection(endpoint: &str) -> Connection {
    Connection {
        endpoints: vec![endpoint.to_owned()],
        namespace: String::new(),
        timeout: Duration::from_secs(10),
        user: None,
        certificates: Certificates::default(),
    }
}

fn measure(backend: Backend, swarms: usize) -> Times {
    let server = Server::start(backend);
    let _coordinator = Coordinator::start(&server);
    Runtime::new().unwrap().block_on(async {
        let mut agents =
            Agents::summon(&connection(server.endpoint()), &Clock::System, swarms).await.unwrap();
        agents.assemble().await.unwrap();
        let mut taken = Times::default();
        for _ in 0..TASKS {
            taken.note(agents.push().await.unwrap());
        }
        agents.dismiss().await;
        taken
    })
}
