//! Pushes: one task after the other is submitted, and goes by way of a leader to a worker that waits for it.
//!
//! The leader is the one of `coordinator start`, here in this process, so that any store can be measured, whoever
//! leads in it. What takes long is what the store makes wait: four transactions, and the watch between each two.

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::agents::Agents;
use super::{Bench, BenchError, Step};
use crate::coordinator::bench::{Speed, Times};
use crate::coordinator::runtime::dispatcher::Dispatcher;
use crate::coordinator::runtime::leader::{Leader, Leadership};
use crate::coordinator::runtime::session::host_name;
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::store::Store;

/// In whose name it is led.
const NAME: &str = "bench";

pub(super) async fn relay(bench: &Bench<'_>, tell: &impl Fn(Step)) -> Result<Speed, BenchError> {
    tell(Step::Connecting);
    let leader = Reign::begin(bench).await?;
    let mut agents = Agents::summon(bench.connection, bench.clock, bench.plan.watchers).await?;
    let mut called_off = bench.called_off.clone();
    let measured = tokio::select! {
        assembled = agents.assemble() => match assembled {
            Ok(()) => {
                tell(Step::Pushing);
                push_each(bench, &mut agents).await
            }
            Err(error) => Err(error),
        },
        _ = called_off.wait_for(|called_off| *called_off) => Err(BenchError::Interrupted),
    };
    agents.dismiss().await;
    leader.end().await?;
    measured
}

async fn push_each(bench: &Bench<'_>, agents: &mut Agents) -> Result<Speed, BenchError> {
    let term = bench.term();
    let mut times = Times::default();
    while !term.is_over() {
        times.note(agents.push().await?);
    }
    Ok(times.within(term.begun.elapsed()))
}

/// A leader at work.
struct Reign {
    stop: oneshot::Sender<()>,
    leading: JoinHandle<Result<(), CoordinatorError>>,
}

impl Reign {
    async fn begin(bench: &Bench<'_>) -> Result<Self, BenchError> {
        let store = Store::connect(bench.connection).await?;
        let leader = Leader {
            id: NAME.to_owned(),
            host: host_name(),
            pid: std::process::id(),
            // It does not hold the data, and nobody asks it.
            backend: String::new(),
            since: bench.clock.now(),
            by: NAME.to_owned(),
            op: "lead".to_owned(),
        };
        let leadership = Leadership::win(&store, &leader).await?;
        let coordinator = Coordinator::new(store, bench.clock.clone());
        let dispatcher = Dispatcher::new(coordinator, bench.clock.clone(), &leadership, NAME);
        let (stop, stopped) = oneshot::channel();
        let leading = tokio::spawn(async move {
            let ended = tokio::select! {
                ended = dispatcher.run(&leadership) => ended,
                _ = stopped => Ok(()),
            };
            leadership.resign().await;
            ended
        });
        Ok(Self { stop, leading })
    }

    async fn end(self) -> Result<(), BenchError> {
        // An error means that it has ended by itself, which its result tells.
        let _ = self.stop.send(());
        Ok(self.leading.await??)
    }
}
