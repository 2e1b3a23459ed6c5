//! Scripts of watches, and playing them on three stores.

use std::collections::BTreeMap;
use std::time::Duration;

use etcd_client::proto::{PbEvent, PbWatchRequest, PbWatchResponse};
use futures::future::join_all;
use tokio::runtime::Builder;
use tokio::time::timeout;

use super::super::table::{brief, comparable, revision, start_all};
use crate::support::requests::Create;
use crate::support::wire::{Answer, Call, Watching, Wire};

/// How long a response may take before it counts as absent; nothing that comes takes nearly as long.
const PATIENCE: Duration = Duration::from_secs(10);

/// One step on one stream.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Call(Call),
    Ask(PbWatchRequest),
    /// A response without events comes; what has events comes in between.
    Control,
    /// Events come until there are so many in all.
    Events(usize),
    /// Events come until there are so many of this revision.
    EventsUntil(i64, usize),
    /// Fragments of one response come, up to the last.
    Fragments,
}

impl<T> From<T> for Step
where
    Call: From<T>,
{
    fn from(request: T) -> Self {
        Self::Call(request.into())
    }
}

impl From<Create> for Step {
    fn from(create: Create) -> Self {
        Self::Ask(create.into())
    }
}

impl From<PbWatchRequest> for Step {
    fn from(request: PbWatchRequest) -> Self {
        Self::Ask(request)
    }
}

/// Steps from requests of any kind.
macro_rules! steps {
    ($($step:expr),* $(,)?) => { vec![$($crate::conformance::watch::script::Step::from($step)),*] };
}

pub(super) use steps;

/// A script and what it shows. The stores keep their data from row to row; each row has a stream of its own.
pub(super) struct Row {
    says: &'static str,
    script: Box<dyn Fn(i64) -> Vec<Step>>,
}

/// A row whose script is made for the revision at which it begins.
pub(super) fn row(says: &'static str, script: impl Fn(i64) -> Vec<Step> + 'static) -> Row {
    Row { says, script: Box::new(script) }
}

/// What one step showed.
#[derive(Debug, PartialEq)]
enum Seen {
    Answer(Answer),
    Control(PbWatchResponse),
    /// By watch: the events, in order. Their grouping in responses is the server's choice.
    Events(BTreeMap<i64, Vec<PbEvent>>),
    /// How many events each fragment had.
    Fragments(Vec<usize>),
    Asked,
    Nothing,
    Ended(tonic::Code, String),
}

/// Plays every row on the engine and on both versions of etcd, and fails where they differ.
///
/// # Panics
/// With all that differs.
#[track_caller]
pub(super) fn compare(rows: &[Row]) {
    let stores = start_all();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let wires = runtime.block_on(join_all(stores.iter().map(|store| Wire::connect(store.endpoint()))));
    let mut differences = Vec::new();
    for row in rows {
        let revisions = runtime.block_on(join_all(wires.iter().map(revision)));
        if revisions.iter().any(|revision| *revision != revisions[0]) {
            differences.push(format!("the revisions went apart before {:?}: {revisions:?}", row.says));
            break;
        }
        let script = (row.script)(revisions[0]);
        let played = runtime.block_on(join_all(wires.iter().map(|wire| Player::play(wire, &script))));
        for (index, step) in script.iter().enumerate() {
            let [engine, old, new] = [0, 1, 2].map(|store| played[store].get(index));
            // What none of them tells is a mistake of the script.
            if engine != new || old != new || matches!(engine, Some(Seen::Nothing)) {
                let (step, engine, old, new) = (brief(step), brief(&engine), brief(&old), brief(&new));
                let says = row.says;
                differences.push(format!(
                    "{says}\n  {index}: {step}\n  engine:   {engine}\n  etcd 3.4: {old}\n  etcd 3.5: {new}"
                ));
            }
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

/// One script on one stream of one store.
struct Player<'w> {
    wire: &'w Wire,
    stream: Watching,
    /// Events that no step has asked for yet.
    told: BTreeMap<i64, Vec<PbEvent>>,
}

impl<'w> Player<'w> {
    async fn play(wire: &'w Wire, script: &[Step]) -> Vec<Seen> {
        let mut player = Self { wire, stream: wire.watch().await, told: BTreeMap::new() };
        let mut seen = Vec::new();
        for step in script {
            let next = player.step(step).await.unwrap_or_else(|ended| ended);
            let over = matches!(next, Seen::Nothing | Seen::Ended(..));
            seen.push(next);
            if over {
                break;
            }
        }
        seen
    }

    /// What a step shows, or how it was over before that.
    async fn step(&mut self, step: &Step) -> Result<Seen, Seen> {
        match step {
            Step::Call(call) => Ok(Seen::Answer(comparable(self.wire.call(call.clone()).await))),
            Step::Ask(request) => {
                self.stream.ask(request.clone()).await;
                Ok(Seen::Asked)
            }
            Step::Control => loop {
                let response = self.next().await?;
                if response.events.is_empty() {
                    return Ok(Seen::Control(response));
                }
                self.note(response);
            },
            &Step::Events(count) => self.events(|told| told.len() >= count).await,
            &Step::EventsUntil(revision, count) => {
                let of_it = |event: &&&PbEvent| event.kv.as_ref().unwrap().mod_revision == revision;
                self.events(|told| told.iter().filter(of_it).count() >= count).await
            }
            Step::Fragments => self.fragments().await,
        }
    }

    async fn events(&mut self, enough: impl Fn(&[&PbEvent]) -> bool) -> Result<Seen, Seen> {
        while !enough(&self.told.values().flatten().collect::<Vec<_>>()) {
            let response = self.next().await?;
            if response.events.is_empty() {
                return Ok(Seen::Control(response));
            }
            self.note(response);
        }
        Ok(Seen::Events(std::mem::take(&mut self.told)))
    }

    async fn fragments(&mut self) -> Result<Seen, Seen> {
        let mut sizes = Vec::new();
        loop {
            let response = self.next().await?;
            sizes.push(response.events.len());
            if !response.fragment {
                return Ok(Seen::Fragments(sizes));
            }
        }
    }

    fn note(&mut self, response: PbWatchResponse) {
        self.told.entry(response.watch_id).or_default().extend(response.events);
    }

    async fn next(&mut self) -> Result<PbWatchResponse, Seen> {
        match timeout(PATIENCE, self.stream.next()).await {
            Ok(Ok(mut response)) => {
                if let Some(header) = &mut response.header {
                    (header.cluster_id, header.member_id) = (0, 0);
                }
                Ok(response)
            }
            Ok(Err(status)) => Err(Seen::Ended(status.code(), status.message().to_owned())),
            Err(_) => Err(Seen::Nothing),
        }
    }
}
