//! A plain etcd client, as somebody would use it who has never heard of `ifctl`.

use std::cell::Cell;

use etcd_client::{
    AlarmAction, AlarmType, Client, Compare, CompareOp, DeleteOptions, EventType, GetOptions, Txn, TxnOp,
    TxnOpResponse, WatchOptions,
};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::servers::Server;

/// A connection of its own to a store; every call waits for its answer.
pub(crate) struct Raw {
    runtime: Runtime,
    client: Client,
    markers: Cell<u32>,
}

/// One change that a key has seen.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) key: String,
    /// The new value; empty for a deletion.
    pub(crate) value: String,
    pub(crate) revision: i64,
    pub(crate) deleted: bool,
}

impl Change {
    /// The new value as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.value)
            .unwrap_or_else(|error| panic!("{error} in {} of {}", self.value, self.key))
    }
}

impl Raw {
    pub(crate) fn connect(server: &Server) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(Client::connect([server.endpoint()], None)).unwrap();
        Self { runtime, client, markers: Cell::new(0) }
    }

    pub(crate) fn put(&self, key: &str, value: &str) {
        self.runtime.block_on(self.client.kv_client().put(key, value, None)).unwrap();
    }

    pub(crate) fn get(&self, key: &str) -> Option<String> {
        let found = self.runtime.block_on(self.client.kv_client().get(key, None)).unwrap();
        found.kvs().first().map(|pair| pair.value_str().unwrap().to_owned())
    }

    /// The value of a key as JSON.
    pub(crate) fn json(&self, key: &str) -> Option<Value> {
        self.get(key).map(|text| serde_json::from_str(&text).unwrap())
    }

    /// The revision that created a key.
    pub(crate) fn created(&self, key: &str) -> Option<i64> {
        let found = self.runtime.block_on(self.client.kv_client().get(key, None)).unwrap();
        found.kvs().first().map(etcd_client::KeyValue::create_revision)
    }

    /// Keys and values under a prefix, by key.
    pub(crate) fn list(&self, prefix: &str) -> Vec<(String, String)> {
        let options = GetOptions::new().with_prefix();
        let found = self.runtime.block_on(self.client.kv_client().get(prefix, Some(options))).unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        found.kvs().iter().map(|pair| (text(pair.key()), text(pair.value()))).collect()
    }

    pub(crate) fn delete(&self, key: &str) {
        let options = DeleteOptions::new();
        self.runtime.block_on(self.client.kv_client().delete(key, Some(options))).unwrap();
    }

    /// Ends a lease, with all its keys.
    pub(crate) fn revoke(&self, lease: i64) {
        self.runtime.block_on(self.client.lease_client().revoke(lease)).unwrap();
    }

    /// How many leases live.
    pub(crate) fn leases(&self) -> usize {
        self.runtime.block_on(self.client.lease_client().leases()).unwrap().leases().len()
    }

    /// Puts `new` if the value is `old`, in one transaction; else gives the value that is there.
    pub(crate) fn swap(&self, key: &str, old: &str, new: &str) -> Result<(), Option<String>> {
        let transaction = Txn::new()
            .when([Compare::value(key, CompareOp::Equal, old)])
            .and_then([TxnOp::put(key, new, None)])
            .or_else([TxnOp::get(key, None)]);
        let answer = self.runtime.block_on(self.client.kv_client().txn(transaction)).unwrap();
        if answer.succeeded() {
            return Ok(());
        }
        match answer.op_responses().as_slice() {
            [TxnOpResponse::Get(found)] => {
                Err(found.kvs().first().map(|pair| pair.value_str().unwrap().to_owned()))
            }
            other => panic!("one question has one answer: {other:?}"),
        }
    }

    /// The store's revision now.
    pub(crate) fn revision(&self) -> i64 {
        let found = self.runtime.block_on(self.client.kv_client().get("/", None)).unwrap();
        found.header().unwrap().revision()
    }

    /// Whether the history from `revision`, which must be one that was, can still be watched; else the oldest that can.
    pub(crate) fn watchable(&self, revision: i64) -> Result<(), i64> {
        let options = WatchOptions::new().with_prefix().with_start_revision(revision);
        self.runtime.block_on(async {
            let mut watch = self.client.watch_client().watch("/", Some(options)).await.unwrap();
            loop {
                let answer = watch.message().await.unwrap().expect("it tells the past, or why not");
                if answer.canceled() {
                    return Err(answer.compact_revision());
                }
                if !answer.events().is_empty() {
                    return Ok(());
                }
            }
        })
    }

    /// Lets go of what only revisions before this one need.
    pub(crate) fn compact(&self, revision: i64) {
        self.runtime.block_on(self.client.kv_client().compact(revision, None)).unwrap();
    }

    /// Says that the space of the store is used up, or not any more.
    pub(crate) fn alarm(&self, action: AlarmAction) {
        let mut client = self.client.maintenance_client();
        self.runtime.block_on(client.alarm(action, AlarmType::Nospace, None)).unwrap();
    }

    /// Has the store ask everybody who they are; root has this password.
    pub(crate) fn turn_auth_on(&self, password: &str) {
        let mut auth = self.client.auth_client();
        self.runtime.block_on(async {
            auth.user_add("root", password, None).await.unwrap();
            auth.user_grant_role("root", "root").await.unwrap();
            auth.auth_enable().await.unwrap();
        });
    }

    /// Every change of the keys under `prefix`, from the first revision on until now.
    pub(crate) fn history(&self, prefix: &str) -> Vec<Change> {
        self.history_from(1, prefix)
    }

    /// Every change of the keys under `prefix`, from this revision on until now.
    pub(crate) fn history_from(&self, first: i64, prefix: &str) -> Vec<Change> {
        self.markers.set(self.markers.get() + 1);
        // A key of nobody, whose event tells that all before it have been seen.
        let marker = format!("/marker/{}-{}", std::process::id(), self.markers.get());
        self.put(&marker, "");
        let options = WatchOptions::new().with_prefix().with_start_revision(first).with_fragment();
        let mut changes = Vec::new();
        self.runtime.block_on(async {
            let mut watch = self.client.watch_client().watch("/", Some(options)).await.unwrap();
            while let Some(batch) = watch.message().await.unwrap() {
                assert_eq!(batch.compact_revision(), 0, "the history is still there from the beginning");
                for event in batch.events() {
                    let pair = event.kv().unwrap();
                    let change = Change {
                        key: pair.key_str().unwrap().to_owned(),
                        value: String::from_utf8_lossy(pair.value()).into_owned(),
                        revision: pair.mod_revision(),
                        deleted: event.event_type() == EventType::Delete,
                    };
                    if change.key == marker {
                        return;
                    }
                    changes.push(change);
                }
            }
            panic!("the watch ended before it had told everything");
        });
        changes.retain(|change| change.key.starts_with(prefix));
        changes
    }
}
