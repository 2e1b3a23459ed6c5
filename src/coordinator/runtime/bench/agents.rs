//! Agents: workers that stay connected, take every task that is pushed to them and complete it at once. And whoever
//! gives them something to do, one task at a time.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::BenchError;
use crate::clock::{Clock, stopwatch};
use crate::coordinator::backlog::NewTask;
use crate::coordinator::runtime::listener::{Push, listen};
use crate::coordinator::runtime::session::Terms;
use crate::coordinator::service::{Authority, Coordinator, CoordinatorError};
use crate::store::{Connection, Store};

/// How many agents share a connection. Each watches by itself, as each worker's process does.
const PER_CONNECTION: usize = 100;
/// How long an agent may be silent.
const TTL: Duration = Duration::from_secs(30);
/// How long nothing may happen.
const PATIENCE: Duration = Duration::from_mins(1);

/// What an agent tells.
enum Receipt {
    Connected,
    Task(Instant),
    Failed(CoordinatorError),
}

/// Agents at work.
#[derive(Debug)]
pub struct Agents {
    count: usize,
    submitter: Coordinator,
    submitted: usize,
    receipts: UnboundedReceiver<Receipt>,
    listening: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Agents {
    /// Sends for `count` agents, each a swarm of its own.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn summon(connection: &Connection, clock: &Clock, count: usize) -> Result<Self, BenchError> {
        let (stop, stopped) = watch::channel(false);
        let (sender, receipts) = unbounded_channel();
        let mut listening = JoinSet::new();
        let mut service = connect(connection, clock).await?;
        for number in 0..count {
            if number % PER_CONNECTION == 0 {
                service = connect(connection, clock).await?;
            }
            let swarm = format!("agent-{number}").parse()?;
            let terms = Terms { swarm, slots: 1, assignable: true, ttl: TTL };
            let agent =
                Agent { service: service.clone(), clock: clock.clone(), terms, receipts: sender.clone() };
            listening.spawn(agent.run(stopped.clone()));
        }
        let submitter = connect(connection, clock).await?;
        Ok(Self { count, submitter, submitted: 0, receipts, listening, stop })
    }

    /// Waits until all of them are connected.
    ///
    /// # Errors
    /// When one of them cannot, or it takes too long.
    pub async fn assemble(&mut self) -> Result<(), BenchError> {
        for _ in 0..self.count {
            self.hear("not all workers have connected").await?;
        }
        Ok(())
    }

    /// Submits a task and waits until it was received and completed; how long it took until it was received.
    ///
    /// # Errors
    /// When the store refuses, or nobody receives it.
    pub async fn push(&mut self) -> Result<Duration, BenchError> {
        let id = format!("push-{}", self.submitted).parse()?;
        self.submitted += 1;
        let watch = stopwatch();
        self.submitter.submit(&NewTask::named(id), &Authority::of("bench")).await?;
        match self.hear("nobody has received a task").await? {
            Some(at) => Ok(at.saturating_duration_since(watch)),
            None => Ok(watch.elapsed()),
        }
    }

    /// The next receipt; of a task, when it was received.
    async fn hear(&mut self, what: &'static str) -> Result<Option<Instant>, BenchError> {
        match timeout(PATIENCE, self.receipts.recv()).await {
            Ok(Some(Receipt::Connected)) => Ok(None),
            Ok(Some(Receipt::Task(at))) => Ok(Some(at)),
            Ok(Some(Receipt::Failed(error))) => Err(error.into()),
            Ok(None) | Err(_) => Err(BenchError::TooSlow { what, limit: PATIENCE }),
        }
    }

    /// Sends them home, and waits until they are gone.
    pub async fn dismiss(mut self) {
        self.stop.send_replace(true);
        while self.listening.join_next().await.is_some() {}
    }
}

async fn connect(connection: &Connection, clock: &Clock) -> Result<Coordinator, BenchError> {
    Ok(Coordinator::new(Store::connect(connection).await?, clock.clone()))
}

struct Agent {
    service: Coordinator,
    clock: Clock,
    terms: Terms,
    receipts: UnboundedSender<Receipt>,
}

impl Agent {
    async fn run(self, mut stopped: watch::Receiver<bool>) {
        let stop = async {
            // An error means that nobody is there any more who could say stop.
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        let deliver = |push: &Push| {
            self.take(push);
            Ok::<_, CoordinatorError>(true)
        };
        if let Err(error) = listen(&self.service, &self.clock, &self.terms, None, stop, deliver).await {
            tell(&self.receipts, Receipt::Failed(error));
        }
    }

    fn take(&self, push: &Push) {
        match push {
            Push::Connected { .. } => tell(&self.receipts, Receipt::Connected),
            Push::Assignment { token, task, .. } => {
                let at = stopwatch();
                let (service, receipts) = (self.service.clone(), self.receipts.clone());
                let (token, task) = (*token, task.id.clone());
                tokio::spawn(async move {
                    let completed = service.complete(&task, token, Vec::new(), None).await;
                    tell(&receipts, completed.map_or_else(Receipt::Failed, |_| Receipt::Task(at)));
                });
            }
            Push::Disconnected { .. } | Push::Mail { .. } => {}
        }
    }
}

fn tell(receipts: &UnboundedSender<Receipt>, receipt: Receipt) {
    // An error means that nobody wants to know any more.
    let _ = receipts.send(receipt);
}
