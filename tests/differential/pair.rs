//! A history on two stores at once.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use etcd_client::SortTarget;
use etcd_client::proto::{
    PbDeleteRequest, PbEvent, PbKeyValue, PbRangeRequest, PbRangeResponse, PbWatchResponse,
};
use tokio::runtime::Builder;
use tokio::time::timeout;

use super::history::{KEYS, Operation, place, placed};
use crate::conformance::{brief, comparable};
use crate::support::bare::Bare;
use crate::support::requests::{Create, cancel, delete_span, progress, put};
use crate::support::servers::Backend;
use crate::support::wire::{Answer, Call, Watching, Wire};

/// How long etcd may take to tell a watch what the engine has told; it never takes nearly as long.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many watches at most are open.
const WATCHES: usize = 12;
/// After so many operations the watches are compared.
const ROUND: usize = 500;

/// Where the two stores went apart.
#[derive(Debug)]
pub(super) struct Difference {
    /// Which operation it was.
    pub(super) at: usize,
    what: Apart,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Apart { asked, engine, etcd } = &self.what;
        write!(f, "{asked}\n  engine:   {engine}\n  etcd 3.5: {etcd}")
    }
}

#[derive(Debug)]
struct Apart {
    asked: String,
    engine: String,
    etcd: String,
}

/// Fails when the two are not equal.
fn same<T: PartialEq + fmt::Debug>(asked: &impl fmt::Debug, engine: &T, etcd: &T) -> Result<(), Apart> {
    if engine == etcd {
        return Ok(());
    }
    Err(Apart { asked: brief(asked), engine: brief(engine), etcd: brief(etcd) })
}

/// What a watch was told.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Event(PbEvent),
    /// It is over; what it still asked for is compacted up to here.
    Compacted(i64),
}

/// The engine and etcd, each empty at first.
pub(super) struct Pair {
    engine: Side,
    etcd: Side,
    /// The newest revision.
    now: i64,
    /// The watches that are open.
    open: Vec<i64>,
}

impl Pair {
    /// Plays a history on two empty stores.
    pub(super) fn play(history: &[Operation]) -> Result<(), Difference> {
        let [engine, etcd] = [Backend::Engine, Backend::Etcd35]
            .map(|backend| std::thread::spawn(move || Bare::start(backend)))
            .map(|starting| starting.join().unwrap());
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut pair = Self {
                engine: Side::connect(&engine).await,
                etcd: Side::connect(&etcd).await,
                now: 1,
                open: Vec::new(),
            };
            for (at, operation) in history.iter().enumerate() {
                pair.step(operation).await.map_err(|what| Difference { at, what })?;
                if at % ROUND == ROUND - 1 || at == history.len() - 1 {
                    pair.compare_watches().await.map_err(|what| Difference { at, what })?;
                }
            }
            Ok(())
        })
    }

    async fn step(&mut self, operation: &Operation) -> Result<(), Apart> {
        match operation {
            Operation::Call(call @ Call::Compact(_)) => {
                // etcd tells a watch of the past up to 100 ms later, and compaction may be faster.
                self.compare_watches().await?;
                self.call(call).await
            }
            Operation::Call(call) => self.call(call).await,
            Operation::Watch(create) if self.open.len() < WATCHES => self.watch(create).await,
            Operation::Cancel(id) if self.open.contains(id) => self.cancel(*id).await,
            Operation::Watch(_) | Operation::Cancel(_) => Ok(()),
        }
    }

    async fn call(&mut self, call: &Call) -> Result<(), Apart> {
        let call = placed(call, self.now);
        let (engine, etcd) = tokio::join!(self.engine.call(&call), self.etcd.call(&call));
        if let Some(header) = engine.clone().header_mut() {
            self.now = self.now.max(header.revision);
        }
        same(&call, &engine, &etcd)
    }

    async fn watch(&mut self, create: &Create) -> Result<(), Apart> {
        let mut create = create.clone();
        place(&mut create.start_revision, self.now);
        if create.start_revision == -1 {
            // etcd accepts a watch from there, but tells it nothing, and nothing to those that catch up beside it.
            create.start_revision = 0;
        }
        let request = || create.clone().into();
        let (engine, etcd) = tokio::join!(self.engine.ask(request()), self.etcd.ask(request()));
        same(&create, &engine, &etcd)?;
        if !engine.canceled {
            self.open.push(engine.watch_id);
        }
        Ok(())
    }

    async fn cancel(&mut self, id: i64) -> Result<(), Apart> {
        // What etcd has not told a watch by now, it never will.
        self.compare_watches().await?;
        if !self.open.contains(&id) {
            return Ok(());
        }
        self.open.retain(|open| *open != id);
        let (engine, etcd) = tokio::join!(self.engine.ask(cancel(id)), self.etcd.ask(cancel(id)));
        same(&format!("cancel {id}"), &engine, &etcd)
    }

    /// Gives every watch something to tell, so that it is seen to be up to date, and compares what they told.
    async fn compare_watches(&mut self) -> Result<(), Apart> {
        for key in KEYS {
            self.call(&put(key, "mark").into()).await?;
        }
        self.call(&PbDeleteRequest { prev_kv: true, ..delete_span("\0", "\0") }.into()).await?;
        for key in KEYS.iter().step_by(2) {
            self.call(&put(key, "again").into()).await?;
        }
        // The engine answers when it has told everything.
        let told = self.engine.told_by_now().await;
        self.etcd.wait_for(&told).await;
        let etcd = std::mem::take(&mut self.etcd.told);
        for (watch, engine) in &told {
            let etcd = etcd.get(watch).map_or(&[][..], Vec::as_slice);
            let first = engine.iter().zip(etcd).take_while(|(engine, etcd)| engine == etcd).count();
            let asked = format!("what watch {watch} is told, from place {first} on");
            same(&asked, &engine[first..].to_vec(), &etcd[first..].to_vec())?;
            if matches!(engine.last(), Some(Told::Compacted(_))) {
                self.open.retain(|open| open != watch);
            }
        }
        same(&"which watches are told", &told.keys().collect::<Vec<_>>(), &etcd.keys().collect())
    }
}

/// One of the stores, and a stream on it.
struct Side {
    wire: Wire,
    stream: Watching,
    /// By watch, since the last comparison.
    told: BTreeMap<i64, Vec<Told>>,
}

impl Side {
    async fn connect(store: &Bare) -> Self {
        let wire = Wire::connect(store.endpoint()).await;
        Self { stream: wire.watch().await, wire, told: BTreeMap::new() }
    }

    async fn call(&self, call: &Call) -> Answer {
        let mut answer = comparable(self.wire.call(call.clone()).await);
        match (&mut answer, call) {
            (Answer::Range(answer), Call::Range(request)) => order_equals(request, answer),
            // Leases of the same length end in the order of their grants, a matter of milliseconds.
            (Answer::Leases(answer), _) => answer.leases.sort_unstable_by_key(|lease| lease.id),
            _ => {}
        }
        answer
    }

    /// Asks for something that the next response without events answers.
    async fn ask(&mut self, request: etcd_client::proto::PbWatchRequest) -> PbWatchResponse {
        self.stream.ask(request).await;
        loop {
            let response = self.stream.next().await.unwrap();
            if let Some(mut answer) = self.note(response) {
                let header = answer.header.as_mut().unwrap();
                (header.cluster_id, header.member_id) = (0, 0);
                return answer;
            }
        }
    }

    /// Everything that watches were told up to now; for the engine.
    async fn told_by_now(&mut self) -> BTreeMap<i64, Vec<Told>> {
        self.ask(progress()).await;
        std::mem::take(&mut self.told)
    }

    /// Waits until every watch has been told as much as here, in vain when that is too much.
    async fn wait_for(&mut self, expected: &BTreeMap<i64, Vec<Told>>) {
        let short = |told: &BTreeMap<i64, Vec<Told>>| {
            expected.iter().any(|(watch, all)| told.get(watch).map_or(0, Vec::len) < all.len())
        };
        while short(&self.told) {
            let Ok(response) = timeout(PATIENCE, self.stream.next()).await else { return };
            self.note(response.unwrap());
        }
    }

    /// Keeps what a watch is told, and gives back what answers a request.
    fn note(&mut self, response: PbWatchResponse) -> Option<PbWatchResponse> {
        if response.compact_revision != 0 {
            let told = self.told.entry(response.watch_id).or_default();
            told.push(Told::Compacted(response.compact_revision));
        } else if response.events.is_empty() {
            return Some(response);
        } else {
            let told = self.told.entry(response.watch_id).or_default();
            told.extend(response.events.into_iter().map(Told::Event));
        }
        None
    }
}

/// Pairs that are equal in what they are sorted by have no order in etcd: they get the one of their keys.
fn order_equals(request: &PbRangeRequest, answer: &mut PbRangeResponse) {
    let equal = |a: &PbKeyValue, b: &PbKeyValue| match SortTarget::try_from(request.sort_target) {
        Ok(SortTarget::Version) => a.version == b.version,
        Ok(SortTarget::Create) => a.create_revision == b.create_revision,
        Ok(SortTarget::Mod) => a.mod_revision == b.mod_revision,
        // Of keys only the values are gone, and with them the reason of the order.
        Ok(SortTarget::Value) => request.keys_only || a.value == b.value,
        Ok(SortTarget::Key) | Err(_) => false,
    };
    for equals in answer.kvs.chunk_by_mut(equal) {
        equals.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    }
}
