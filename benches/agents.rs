//! Agents by the thousand: each is a swarm with a session and a watch on its inbox, takes every task that is pushed
//! to it, and completes it at once, unless the task says that it is to be held.

use std::time::{Duration, Instant};

use infrafabric::clock::{Clock, stopwatch};
use infrafabric::coordinator::Assignment;
use infrafabric::coordinator::runtime::session::{Connected, Received, Terms, legible, written};
use infrafabric::coordinator::service::{Coordinator, CoordinatorError};
use infrafabric::id::{SessionId, SwarmId, TaskId};
use infrafabric::store::{Entry, Store, Versioned};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::pushes::connection;

/// How long an agent may be silent.
pub(crate) const TTL: Duration = Duration::from_secs(30);
/// Tasks whose names begin so are not completed.
pub(crate) const HOLD: &str = "hold-";
/// How many agents share a connection. Each watches by itself, as each swarm's process does.
const PER_CONNECTION: usize = 100;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// What an agent noticed.
pub(crate) enum Notice {
    Connected {
        number: usize,
        swarm: SwarmId,
        session: SessionId,
    },
    /// A task was taken up at this moment, and is completed now or held.
    Task {
        task: TaskId,
        at: Instant,
    },
    /// Something that is no task lies in its inbox.
    Marked,
}

/// All of them.
pub(crate) struct Crowd {
    pub(crate) service: Coordinator,
    pub(crate) agents: Vec<AbortHandle>,
    pub(crate) names: Vec<(SwarmId, SessionId)>,
    notices: UnboundedReceiver<Notice>,
    /// They end with it.
    _following: JoinSet<()>,
}

/// A connection of one's own.
pub(crate) async fn connect(endpoint: &str) -> Coordinator {
    Coordinator::new(Store::connect(&connection(endpoint)).await.unwrap(), Clock::System)
}

impl Crowd {
    /// Connects so many, and waits until every one of them is.
    pub(crate) async fn gather(endpoint: &str, count: usize) -> Self {
        let (sender, notices) = unbounded_channel();
        let service = connect(endpoint).await;
        let mut agents = Vec::new();
        let mut following = JoinSet::new();
        for first in (0..count).step_by(PER_CONNECTION) {
            let service = connect(endpoint).await;
            for number in first..(first + PER_CONNECTION).min(count) {
                agents.push(following.spawn(follow(service.clone(), number, sender.clone())));
            }
        }
        let mut crowd = Self { service, agents, names: Vec::new(), notices, _following: following };
        let mut names = Vec::new();
        for _ in 0..count {
            let Notice::Connected { number, swarm, session } = crowd.next().await else {
                panic!("they connect first")
            };
            names.push((number, (swarm, session)));
        }
        names.sort_by_key(|(number, _)| *number);
        crowd.names = names.into_iter().map(|(_, name)| name).collect();
        crowd
    }

    /// What one of them notices next.
    pub(crate) async fn next(&mut self) -> Notice {
        timeout(PATIENCE, self.notices.recv()).await.expect("something happens").unwrap()
    }

    /// The next so many tasks that are taken up, and when; fewer when that takes too long.
    pub(crate) async fn tasks(&mut self, count: usize) -> Vec<(TaskId, Instant)> {
        let mut tasks = Vec::with_capacity(count);
        let collect = async {
            while tasks.len() < count {
                if let Some(Notice::Task { task, at }) = self.notices.recv().await {
                    tasks.push((task, at));
                }
            }
        };
        // What came until then is counted.
        let _ = timeout(PATIENCE, collect).await;
        tasks
    }
}

async fn follow(service: Coordinator, number: usize, notices: UnboundedSender<Notice>) {
    let terms =
        Terms { swarm: format!("swarm-{number}").parse().unwrap(), slots: 1, assignable: true, ttl: TTL };
    let connected = insist(|| Connected::open(&service, &Clock::System, &terms)).await;
    let (mut waiting, mut inbox) = insist(|| connected.inbox()).await;
    let (swarm, session) = (connected.swarm.clone(), connected.id.clone());
    notices.send(Notice::Connected { number, swarm, session }).unwrap();
    loop {
        for entry in waiting {
            match legible(&entry) {
                Some(assignment) => take(&service, &connected, &assignment, &notices).await,
                None => drop(notices.send(Notice::Marked)),
            }
        }
        waiting = written(&inbox.next().await.unwrap());
    }
}

async fn take(
    service: &Coordinator,
    connected: &Connected,
    assignment: &Versioned<Assignment>,
    notices: &UnboundedSender<Notice>,
) {
    let received = insist(|| connected.acknowledge(assignment, connected.now())).await;
    let Some(Received { record, token }) = received else { return };
    let at = stopwatch();
    if !record.id.as_str().starts_with(HOLD) {
        let (payload, _): (Option<Entry>, _) = insist(|| service.input(&record)).await;
        let result = payload.map(|payload| payload.text().into_bytes()).unwrap_or_default();
        insist(|| service.complete(&record.id, token, result.clone(), None)).await;
    }
    // An error means that the measurement is over.
    let _ = notices.send(Notice::Task { task: record.id, at });
}

/// Tries again as long as nobody answers.
async fn insist<T, E, F>(call: impl Fn() -> F) -> T
where
    F: Future<Output = Result<T, E>>,
    CoordinatorError: From<E>,
{
    loop {
        match call().await.map_err(CoordinatorError::from) {
            Ok(answer) => return answer,
            Err(error) if error.is_retryable() => {
                sleep(Duration::from_secs(1).mul_f64(rand::random())).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}
