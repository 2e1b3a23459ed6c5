//! The load: clients that write until the engine is gone, and note what they are told.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use etcd_client::{
    Client, Compare, CompareOp, DeleteOptions, PutOptions, Txn, TxnOp, TxnOpResponse, WatchOptions,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use super::ledger::{Change, Checksum, Ledger, PREFIX};

const WRITERS: usize = 4;
const KEYS: usize = 6;
/// Longer than the test; nothing is lost because its time is over.
const TTL: i64 = 3600;

type Shared = Arc<Mutex<Ledger>>;

/// An error that ends a client, because the engine is gone.
struct Gone;

/// The clients at work.
pub(super) struct Load {
    ledger: Shared,
    clients: Vec<JoinHandle<()>>,
}

impl Load {
    /// Sets all clients to work on an engine that is at `revision` at least.
    pub(super) fn begin(
        runtime: &Runtime,
        endpoint: &str,
        revision: i64,
        round: usize,
        choices: &mut StdRng,
    ) -> Self {
        let ledger = Shared::default();
        let mut clients = Vec::new();
        for number in 0..WRITERS {
            let name = format!("{round}-{number}");
            let writer = Writer {
                name,
                count: 0,
                lease: 0,
                ledger: ledger.clone(),
                choices: StdRng::seed_from_u64(choices.random()),
            };
            clients.push(runtime.spawn(writer.write(endpoint.to_owned())));
        }
        clients.push(runtime.spawn(watch(endpoint.to_owned(), revision, ledger.clone())));
        let compact = choices.random_bool(0.3).then_some(revision);
        clients.push(runtime.spawn(look_after(endpoint.to_owned(), compact, ledger.clone())));
        Self { ledger, clients }
    }

    pub(super) fn acknowledged(&self) -> usize {
        self.ledger.lock().unwrap().acknowledged()
    }

    /// Waits for the clients of an engine that is gone; what they have noted.
    pub(super) fn end(self, runtime: &Runtime) -> Ledger {
        for client in self.clients {
            runtime.block_on(client).unwrap();
        }
        std::mem::take(&mut *self.ledger.lock().unwrap())
    }
}

/// Tells a write that failed, and may be followed by others, from the end of the engine.
fn failed(error: &etcd_client::Error) -> Result<(), Gone> {
    match error {
        etcd_client::Error::GRpcStatus(status)
            if status.message().contains("storage failed") || status.message().contains("space exceeded") =>
        {
            Ok(())
        }
        _ => Err(Gone),
    }
}

struct Writer {
    name: String,
    count: usize,
    lease: i64,
    ledger: Shared,
    choices: StdRng,
}

impl Writer {
    async fn write(mut self, endpoint: String) {
        let Ok(mut client) = Client::connect([endpoint], None).await else { return };
        loop {
            let outcome = match self.choices.random_range(0..20) {
                0..9 => self.put(&mut client).await,
                9..13 => self.delete(&mut client).await,
                13..16 => self.swap(&mut client).await,
                16..19 => self.put_and_delete(&mut client).await,
                _ => self.grant(&mut client).await,
            };
            if outcome.or_else(|error| failed(&error)).is_err() {
                return;
            }
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap()
    }

    fn key(&mut self) -> String {
        format!("{PREFIX}{}", self.choices.random_range(0..KEYS))
    }

    /// A value that nobody else puts.
    fn value(&mut self) -> String {
        self.count += 1;
        let size = if self.choices.random_bool(0.1) { 5000 } else { 0 };
        let value = format!("{}-{}{:size$}", self.name, self.count, "");
        self.ledger().attempted.insert(value.clone());
        value
    }

    async fn put(&mut self, client: &mut Client) -> Result<(), etcd_client::Error> {
        let (key, value) = (self.key(), self.value());
        let lease = if self.choices.random_bool(0.3) { self.lease } else { 0 };
        let options = PutOptions::new().with_lease(lease);
        let answer = client.put(key.as_str(), value.as_str(), Some(options)).await?;
        let revision = answer.header().unwrap().revision();
        self.ledger().note(revision, [Change::put(&key, &value, lease)].into());
        Ok(())
    }

    async fn delete(&mut self, client: &mut Client) -> Result<(), etcd_client::Error> {
        let options = DeleteOptions::new().with_prev_key();
        let (key, options) = if self.choices.random_bool(0.1) {
            (PREFIX.to_owned(), options.with_prefix())
        } else {
            (self.key(), options)
        };
        let answer = client.delete(key, Some(options)).await?;
        let gone = answer.prev_kvs().iter().map(|pair| Change::deletion(pair.key_str().unwrap()));
        self.ledger().note(answer.header().unwrap().revision(), gone.collect());
        Ok(())
    }

    /// Makes a key that is not there, deletes one that is.
    async fn swap(&mut self, client: &mut Client) -> Result<(), etcd_client::Error> {
        let (key, value) = (self.key(), self.value());
        let transaction = Txn::new()
            .when([Compare::version(key.as_str(), CompareOp::Equal, 0)])
            .and_then([TxnOp::put(key.as_str(), value.as_str(), None)])
            .or_else([TxnOp::delete(key.as_str(), None)]);
        let answer = client.txn(transaction).await?;
        let change = if answer.succeeded() { Change::put(&key, &value, 0) } else { Change::deletion(&key) };
        self.ledger().note(answer.header().unwrap().revision(), [change].into());
        Ok(())
    }

    /// Writes several keys in one revision.
    async fn put_and_delete(&mut self, client: &mut Client) -> Result<(), etcd_client::Error> {
        let first = self.choices.random_range(0..KEYS);
        let [one, other, doomed] = [0, 1, 2].map(|next| format!("{PREFIX}{}", (first + next) % KEYS));
        let values = [self.value(), self.value()];
        let transaction = Txn::new().and_then([
            TxnOp::put(one.as_str(), values[0].as_str(), None),
            TxnOp::put(other.as_str(), values[1].as_str(), None),
            TxnOp::delete(doomed.as_str(), None),
        ]);
        let answer = client.txn(transaction).await?;
        let mut changes =
            BTreeSet::from([Change::put(&one, &values[0], 0), Change::put(&other, &values[1], 0)]);
        if let Some(TxnOpResponse::Delete(deleted)) = answer.op_responses().last()
            && deleted.deleted() > 0
        {
            changes.insert(Change::deletion(&doomed));
        }
        self.ledger().note(answer.header().unwrap().revision(), changes);
        Ok(())
    }

    async fn grant(&mut self, client: &mut Client) -> Result<(), etcd_client::Error> {
        let lease = client.lease_grant(TTL, None).await?.id();
        self.lease = lease;
        self.ledger().leases.insert(lease);
        Ok(())
    }
}

/// Notes what a watch is told while the load goes on.
async fn watch(endpoint: String, revision: i64, ledger: Shared) {
    let Ok(mut client) = Client::connect([endpoint], None).await else { return };
    let options = WatchOptions::new().with_prefix().with_start_revision(revision + 1);
    let Ok(mut watch) = client.watch(PREFIX, Some(options)).await else { return };
    while let Ok(Some(news)) = watch.message().await {
        let mut ledger = ledger.lock().unwrap();
        news.events().iter().for_each(|event| ledger.note_event(event));
    }
}

/// Has snapshots taken one after the other, compacts once if that is asked for, and notes checksums.
async fn look_after(endpoint: String, mut compact: Option<i64>, ledger: Shared) {
    let Ok(mut client) = Client::connect([endpoint], None).await else { return };
    loop {
        if let Ok(sum) = client.hash_kv(0).await {
            let revision = sum.header().unwrap().revision();
            let checksum = Checksum { hash: sum.hash(), compacted: sum.compact_version(), revision };
            ledger.lock().unwrap().checksum = Some(checksum);
        }
        if let Some(revision) = compact.take() {
            // It may be done already, or fail: then the checksums tell.
            let _ = client.compact(revision, None).await;
        }
        if client.defragment().await.is_err_and(|error| failed(&error).is_err()) {
            return;
        }
    }
}
