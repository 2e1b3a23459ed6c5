//! Records: what one put or delete left behind. The unit of history, of the file and of watches.
//!
//! Pure. A record never changes once it is made; the index and the revision log share it.

use std::sync::Arc;

use bytes::Bytes;
use etcd_client::proto::PbKeyValue;

/// What the index and the log cost in memory for one record, beside its key and value.
const OVERHEAD: usize = 160;

/// One version of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) key: Bytes,
    pub(crate) value: Bytes,
    /// The revision at which the key was created; 0 in a deletion.
    pub(crate) created: i64,
    /// The revision that made this record.
    pub(crate) main: i64,
    /// The record's place among those of the same revision.
    pub(crate) sub: u32,
    /// How often the key was put since it was created; 0 in a deletion.
    pub(crate) version: i64,
    /// The lease the key hangs on; 0 for none.
    pub(crate) lease: i64,
    /// Whether this record deletes the key.
    pub(crate) deleted: bool,
}

/// What a put takes over from the version before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lineage {
    pub(crate) created: i64,
    pub(crate) version: i64,
}

impl Record {
    pub(crate) fn lineage(&self) -> Lineage {
        Lineage { created: self.created, version: self.version }
    }

    /// The record of a deletion.
    pub(crate) fn tombstone(key: Bytes, main: i64, sub: u32) -> Self {
        Self { key, value: Bytes::new(), created: 0, main, sub, version: 0, lease: 0, deleted: true }
    }

    /// The record as clients see it.
    pub(crate) fn to_key_value(&self) -> PbKeyValue {
        PbKeyValue {
            key: self.key.to_vec(),
            create_revision: self.created,
            mod_revision: self.main,
            version: self.version,
            value: self.value.to_vec(),
            lease: self.lease,
        }
    }

    /// Bytes of memory, roughly.
    pub(crate) fn footprint(&self) -> usize {
        OVERHEAD + self.key.len() + self.value.len()
    }
}

/// The version that was current at `revision`, which may be a deletion; `versions` are in order.
pub(crate) fn version_at(versions: &[Arc<Record>], revision: i64) -> Option<&Record> {
    if let Some(last) = versions.last()
        && last.main <= revision
    {
        return Some(last);
    }
    let after = versions.partition_point(|version| version.main <= revision);
    after.checked_sub(1).map(|index| versions[index].as_ref())
}
