//! Compare, then write or read, in one atomic step.

use etcd_client::{
    Compare, CompareOp, DeleteOptions, GetOptions, PutOptions, Txn, TxnOp, TxnOpResponse, TxnResponse,
};
use serde::Serialize;

use super::{Entry, Key, Prefix};

/// What must hold for a transaction to write.
#[derive(Debug, Clone)]
enum Condition {
    Value(Vec<u8>),
    ModRevision(i64),
    CreateRevision(i64),
}

/// One compare of a transaction.
#[derive(Debug, Clone)]
pub struct Precondition {
    target: String,
    prefix: bool,
    condition: Condition,
}

impl Precondition {
    fn on(key: &Key, condition: Condition) -> Self {
        Self { target: key.to_string(), prefix: false, condition }
    }

    /// The key has exactly this value.
    #[must_use]
    pub fn value(key: &Key, value: impl Into<Vec<u8>>) -> Self {
        Self::on(key, Condition::Value(value.into()))
    }

    /// The key does not exist.
    #[must_use]
    pub fn absent(key: &Key) -> Self {
        Self::on(key, Condition::CreateRevision(0))
    }

    /// The key was last written by this revision; 0 means that it does not exist.
    #[must_use]
    pub fn unchanged(key: &Key, mod_revision: i64) -> Self {
        Self::on(key, Condition::ModRevision(mod_revision))
    }

    /// The key is as it was read: at the same revision, or still absent.
    #[must_use]
    pub fn as_read<T>(key: &Key, read: Option<&super::Versioned<T>>) -> Self {
        Self::unchanged(key, read.map_or(0, |versioned| versioned.mod_revision))
    }

    /// The key was created by this revision and has not been deleted since.
    #[must_use]
    pub fn created_at(key: &Key, create_revision: i64) -> Self {
        Self::on(key, Condition::CreateRevision(create_revision))
    }

    /// No key of the family was created after this revision.
    #[must_use]
    pub fn no_newcomer(prefix: &Prefix, revision: i64) -> Self {
        let condition = Condition::CreateRevision(revision + 1);
        Self { target: prefix.to_string(), prefix: true, condition }
    }

    /// No key of the family was written after this revision.
    #[must_use]
    pub fn unwritten_since(prefix: &Prefix, revision: i64) -> Self {
        let condition = Condition::ModRevision(revision + 1);
        Self { target: prefix.to_string(), prefix: true, condition }
    }

    fn into_wire(self, namespace: &str) -> Compare {
        let key = format!("{namespace}{}", self.target);
        let op = if self.prefix { CompareOp::Less } else { CompareOp::Equal };
        let compare = match self.condition {
            Condition::Value(value) => Compare::value(key, op, value),
            Condition::ModRevision(revision) => Compare::mod_revision(key, op, revision),
            Condition::CreateRevision(revision) => Compare::create_revision(key, op, revision),
        };
        if self.prefix { compare.with_prefix() } else { compare }
    }
}

/// What to read.
#[derive(Debug, Clone)]
pub enum Query {
    /// One key.
    One(Key),
    /// Every key of a family; for families that are small by nature.
    Family(Prefix),
}

impl Query {
    fn into_wire(self, namespace: &str) -> TxnOp {
        match self {
            Self::One(key) => TxnOp::get(format!("{namespace}{key}"), None),
            Self::Family(prefix) => {
                TxnOp::get(format!("{namespace}{prefix}"), Some(GetOptions::new().with_prefix()))
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Write {
    Put { key: String, value: Vec<u8>, lease: i64 },
    Delete { key: String },
}

/// Compares, writes and, if a compare fails, reads: all or nothing, in one round trip.
#[derive(Debug, Clone, Default)]
#[must_use = "a transaction does nothing until it is committed"]
pub struct Transaction {
    preconditions: Vec<Precondition>,
    writes: Vec<Write>,
    otherwise: Vec<Query>,
}

impl Transaction {
    /// An empty transaction.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes only if this holds as well.
    pub fn when(mut self, precondition: Precondition) -> Self {
        self.preconditions.push(precondition);
        self
    }

    /// Writes bytes.
    pub fn put(self, key: &Key, value: impl Into<Vec<u8>>) -> Self {
        self.put_leased(key, value, 0)
    }

    /// Writes bytes that vanish with the lease.
    pub fn put_leased(mut self, key: &Key, value: impl Into<Vec<u8>>, lease: i64) -> Self {
        self.writes.push(Write::Put { key: key.to_string(), value: value.into(), lease });
        self
    }

    /// Writes a value as JSON.
    pub fn put_json<T: Serialize>(self, key: &Key, value: &T) -> Self {
        self.put_json_leased(key, value, 0)
    }

    /// Writes a value as JSON that vanishes with the lease.
    ///
    /// # Panics
    /// Never for the types of this crate: their serialisation cannot fail.
    #[expect(clippy::expect_used, reason = "plain structs with string keys always serialise")]
    pub fn put_json_leased<T: Serialize>(self, key: &Key, value: &T, lease: i64) -> Self {
        self.put_leased(key, serde_json::to_vec(value).expect("plain data serialises"), lease)
    }

    /// Deletes a key.
    pub fn delete(mut self, key: &Key) -> Self {
        self.writes.push(Write::Delete { key: key.to_string() });
        self
    }

    /// Reads this if a compare fails.
    pub fn otherwise(mut self, query: Query) -> Self {
        self.otherwise.push(query);
        self
    }

    /// Everything of both: compares, writes and reads.
    pub fn and(mut self, other: Self) -> Self {
        self.preconditions.extend(other.preconditions);
        self.writes.extend(other.writes);
        self.otherwise.extend(other.otherwise);
        self
    }

    /// How much it writes: the bytes of keys and values, without what the protocol adds.
    #[must_use]
    pub fn bytes_written(&self) -> usize {
        self.writes.iter().map(Write::bytes).sum()
    }

    pub(super) fn into_wire(self, namespace: &str) -> Txn {
        let compares: Vec<_> = self.preconditions.into_iter().map(|p| p.into_wire(namespace)).collect();
        let writes: Vec<_> = self.writes.into_iter().map(|write| write.into_wire(namespace)).collect();
        let reads: Vec<_> = self.otherwise.into_iter().map(|query| query.into_wire(namespace)).collect();
        Txn::new().when(compares).and_then(writes).or_else(reads)
    }
}

impl Write {
    fn bytes(&self) -> usize {
        match self {
            Self::Put { key, value, .. } => key.len() + value.len(),
            Self::Delete { key } => key.len(),
        }
    }

    fn into_wire(self, namespace: &str) -> TxnOp {
        match self {
            Self::Put { key, value, lease } => {
                TxnOp::put(format!("{namespace}{key}"), value, Some(PutOptions::new().with_lease(lease)))
            }
            Self::Delete { key } => TxnOp::delete(format!("{namespace}{key}"), Some(DeleteOptions::new())),
        }
    }
}

pub(super) fn reads_into_wire(queries: Vec<Query>, namespace: &str) -> Txn {
    Txn::new().and_then(queries.into_iter().map(|query| query.into_wire(namespace)).collect::<Vec<_>>())
}

/// What several reads at one revision gave.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The revision of the store that was read.
    pub revision: i64,
    /// The entries of each query, in the order of the queries.
    pub answers: Vec<Vec<Entry>>,
}

impl Snapshot {
    /// The entry of the query for one key at `index`, if the key exists.
    #[must_use]
    pub fn one(&self, index: usize) -> Option<&Entry> {
        self.answers.get(index).and_then(|entries| entries.first())
    }

    /// The entries of the query at `index`.
    #[must_use]
    pub fn all(&self, index: usize) -> &[Entry] {
        self.answers.get(index).map_or(&[], Vec::as_slice)
    }
}

/// What became of a transaction.
#[derive(Debug, Clone)]
pub enum Commit {
    /// Every compare held; the writes bear this revision.
    Done {
        /// The revision of the writes, which is the create revision of every key they created.
        revision: i64,
    },
    /// A compare failed; nothing was written.
    Refused(Snapshot),
}

impl Commit {
    /// Whether the writes were made.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }

    pub(super) fn from_wire(response: &TxnResponse, revision: i64, namespace: &str) -> Self {
        if response.succeeded() {
            Self::Done { revision }
        } else {
            Self::Refused(Snapshot { revision, answers: answers(response, namespace) })
        }
    }
}

pub(super) fn answers(response: &TxnResponse, namespace: &str) -> Vec<Vec<Entry>> {
    let entries = |op| match op {
        TxnOpResponse::Get(get) => get.kvs().iter().map(|pair| Entry::from_wire(pair, namespace)).collect(),
        _ => Vec::new(),
    };
    response.op_responses().into_iter().map(entries).collect()
}
