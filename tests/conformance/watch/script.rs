//! Scripts of watches, and playing them on three stores.

use std::collections::BTreeMap;
use std::time::Duration;

use etcd_client::proto::{PbEvent, PbWatchRequest, PbWatchResponse};
use tokio::time::timeout;

use super::super::table::{Row, comparable, compare_with};
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
    Ended(tonic::Code, String),
}

/// Plays every row on the engine and on both versions of etcd, each on a stream of its own, and fails where they differ.
///
/// # Panics
/// With all that differs.
#[track_caller]
pub(super) fn compare(rows: &[Row<Step>]) {
    compare_with(rows, async |wire, script| Player::play(wire, script).await);
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
            match player.step(step).await {
                Ok(next) => seen.push(next),
                Err(ended) => {
                    seen.extend(ended);
                    break;
                }
            }
        }
        seen
    }

    /// What a step shows, or how the stream ended before that; nothing when it fell silent.
    async fn step(&mut self, step: &Step) -> Result<Seen, Option<Seen>> {
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

    async fn events(&mut self, enough: impl Fn(&[&PbEvent]) -> bool) -> Result<Seen, Option<Seen>> {
        while !enough(&self.told.values().flatten().collect::<Vec<_>>()) {
            let response = self.next().await?;
            if response.events.is_empty() {
                return Ok(Seen::Control(response));
            }
            self.note(response);
        }
        Ok(Seen::Events(std::mem::take(&mut self.told)))
    }

    async fn fragments(&mut self) -> Result<Seen, Option<Seen>> {
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

    async fn next(&mut self) -> Result<PbWatchResponse, Option<Seen>> {
        match timeout(PATIENCE, self.stream.next()).await {
            Ok(Ok(mut response)) => {
                if let Some(header) = &mut response.header {
                    (header.cluster_id, header.member_id) = (0, 0);
                }
                Ok(response)
            }
            Ok(Err(status)) => Err(Some(Seen::Ended(status.code(), status.message().to_owned()))),
            Err(_) => Err(None),
        }
    }
}
