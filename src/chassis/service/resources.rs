//! Showing what swarms use: whoever runs their tasks has published it, so any process can.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::{FutureExt, StreamExt, stream};
use tokio_stream::wrappers::ReceiverStream;

use super::publishing::legible;
use super::{Chassis, ChassisError, LoadedContract};
use crate::chassis::usage::PeakRecord;
use crate::chassis::{HostShare, LiveUsage, Peaks, ResourcesReport};
use crate::clock::Timestamp;
use crate::id::SwarmId;
use crate::store::{Batch, Entry, Key, Prefix, StoreError};

/// How often whoever watches is shown how time goes by.
const TICK: Duration = Duration::from_secs(1);

/// What whoever watches is shown.
#[derive(Debug)]
pub struct ResourcesLook {
    /// One for each swarm.
    pub reports: Vec<ResourcesReport>,
    /// Whether the store has told anything new, or a second has passed.
    pub is_news: bool,
}

/// What the store says of one swarm.
#[derive(Debug, Default)]
struct Known {
    contract: Option<LoadedContract>,
    peaks: Option<Peaks>,
    live: Vec<LiveUsage>,
    shares: Vec<HostShare>,
}

type Swarms = BTreeMap<SwarmId, Known>;

impl Chassis {
    /// Says what a swarm may use, uses, and has used; without a name all that have a contract.
    ///
    /// # Errors
    /// [`ChassisError::NotLoaded`] when the swarm has no contract; [`ChassisError::Store`].
    pub async fn resources(&self, swarm: Option<&SwarmId>) -> Result<Vec<ResourcesReport>, ChassisError> {
        let (known, _) = self.known(swarm).await?;
        Ok(reports(&known, self.clock.now()))
    }

    /// Shows the same again and again, whenever it changes and once a second, until told to stop, or until `show` says that
    /// nobody looks.
    ///
    /// # Errors
    /// As [`Self::resources`], and what `show` fails with.
    pub async fn watch_resources<E: From<ChassisError>>(
        &self,
        swarm: Option<&SwarmId>,
        stop: impl Future<Output = ()>,
        mut show: impl FnMut(ResourcesLook) -> Result<bool, E>,
    ) -> Result<(), E> {
        let mut stop = std::pin::pin!(stop);
        let (mut known, revision) = self.known(swarm).await?;
        let mut changes = self.changes(swarm, revision + 1);
        let mut ticks = tokio::time::interval(TICK);
        let mut is_news = true;
        loop {
            if !show(ResourcesLook { reports: reports(&known, self.clock.now()), is_news })? {
                return Ok(());
            }
            is_news = tokio::select! {
                () = &mut stop => return Ok(()),
                changed = changed(&mut changes) => {
                    let revision;
                    (known, revision) = self.known(swarm).await?;
                    if changed.map_err(ChassisError::from)? == Next::Forgotten {
                        changes = self.changes(swarm, revision + 1);
                    }
                    true
                }
                _ = ticks.tick() => false,
            };
        }
    }

    /// Reads what there is to know, all of it at one revision.
    async fn known(&self, swarm: Option<&SwarmId>) -> Result<(Swarms, i64), ChassisError> {
        let concerns = |key: &Key| told(key).is_some_and(|of| swarm.is_none_or(|swarm| *swarm == *of));
        let (entries, revision) = match swarm {
            Some(swarm) => self.entries_of(swarm).await?,
            None => self.store.range_where(&Prefix::Chassis, concerns).await?,
        };
        let mut swarms = Swarms::new();
        for entry in &entries {
            // Of one that nobody can read the others learn all the same.
            match take_in(&mut swarms, entry) {
                Err(error) if swarm.is_some() => return Err(error.into()),
                Err(error) => tracing::warn!(%error, "an entry is passed over"),
                Ok(()) => {}
            }
        }
        swarms.retain(|_, known| known.contract.is_some());
        match swarm {
            Some(swarm) if swarms.is_empty() => Err(ChassisError::NotLoaded { swarm: swarm.clone() }),
            _ => Ok((swarms, revision)),
        }
    }

    async fn entries_of(&self, swarm: &SwarmId) -> Result<(Vec<Entry>, i64), StoreError> {
        use crate::store::Query::{Family, One};

        let keys = [Key::Contract(swarm.clone()), Key::Peaks(swarm.clone())].map(One);
        let families = [Prefix::LiveUsages(swarm.clone()), Prefix::SharesOf(swarm.clone())].map(Family);
        let queries = keys.into_iter().chain(families).collect();
        let snapshot = self.store.read(queries).await?;
        Ok((snapshot.answers.into_iter().flatten().collect(), snapshot.revision))
    }

    fn changes(&self, swarm: Option<&SwarmId>, from: i64) -> Changes {
        let watches = match swarm {
            Some(swarm) => vec![
                self.store.watch(&Prefix::LiveUsages(swarm.clone()), from),
                self.store.watch(&Prefix::SharesOf(swarm.clone()), from),
                self.store.watch_key(&Key::Peaks(swarm.clone()), from),
                self.store.watch_key(&Key::Contract(swarm.clone()), from),
            ],
            None => vec![self.store.watch(&Prefix::Chassis, from)],
        };
        let channels =
            watches.into_iter().map(|watch| ReceiverStream::new(watch.without_previous().into_channel()));
        stream::select_all(channels)
    }
}

type Changes = stream::SelectAll<ReceiverStream<Result<Batch, StoreError>>>;

/// What a watch leads to.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// Read anew.
    Changed,
    /// Read anew, and watch from there.
    Forgotten,
}

/// Waits for changes that matter, and takes in all that have come with them. Cancel-safe: what was lost was lost by a stop.
async fn changed(changes: &mut Changes) -> Result<Next, StoreError> {
    let mut matters = false;
    loop {
        let batch = if matters {
            match changes.next().now_or_never() {
                Some(batch) => batch,
                None => return Ok(Next::Changed),
            }
        } else {
            changes.next().await
        };
        match batch {
            Some(Ok(batch)) => matters |= batch.events.iter().any(|event| matters_here(&event.entry)),
            Some(Err(StoreError::Compacted { .. })) | None => return Ok(Next::Forgotten),
            Some(Err(error)) => return Err(error),
        }
    }
}

fn matters_here(entry: &Entry) -> bool {
    Key::parse(&entry.key).is_some_and(|key| told(&key).is_some())
}

/// Of which swarm a key tells what it may use, uses or has used.
fn told(key: &Key) -> Option<&SwarmId> {
    match key {
        Key::Contract(swarm) | Key::Peaks(swarm) | Key::LiveUsage(swarm, _) | Key::Share(swarm, _) => {
            Some(swarm)
        }
        _ => None,
    }
}

fn take_in(swarms: &mut Swarms, entry: &Entry) -> Result<(), StoreError> {
    match Key::parse(&entry.key) {
        Some(Key::Contract(swarm)) => swarms.entry(swarm).or_default().contract = Some(entry.json()?),
        Some(Key::Peaks(swarm)) => {
            swarms.entry(swarm).or_default().peaks = Some(entry.json::<PeakRecord>()?.peaks);
        }
        Some(Key::LiveUsage(swarm, _)) => swarms.entry(swarm).or_default().live.extend(legible(entry)),
        // One that nobody can read gives nobody anything.
        Some(Key::Share(swarm, _)) => {
            swarms.entry(swarm).or_default().shares.extend(entry.json::<HostShare>());
        }
        _ => {}
    }
    Ok(())
}

fn reports(swarms: &Swarms, now: Timestamp) -> Vec<ResourcesReport> {
    let report = |known: &Known| {
        let contract = &known.contract.as_ref()?.contract;
        Some(ResourcesReport::new(contract, &known.live, known.peaks, now).divided(&known.shares))
    };
    swarms.values().filter_map(report).collect()
}
