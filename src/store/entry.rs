//! What a read gives: a key, its bytes and the revisions that date them.

use etcd_client::KeyValue;
use serde::de::DeserializeOwned;

use super::StoreError;

/// One key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key, without the namespace.
    pub key: String,
    /// The value; empty for a deletion.
    pub value: Vec<u8>,
    /// The revision that created the key.
    pub create_revision: i64,
    /// The revision that wrote this value.
    pub mod_revision: i64,
    /// The lease the key hangs on; 0 for none.
    pub lease: i64,
}

impl Entry {
    pub(super) fn from_wire(pair: &KeyValue, namespace: &str) -> Self {
        let key = String::from_utf8_lossy(pair.key());
        Self {
            key: key.strip_prefix(namespace).unwrap_or(&key).to_owned(),
            value: pair.value().to_vec(),
            create_revision: pair.create_revision(),
            mod_revision: pair.mod_revision(),
            lease: pair.lease(),
        }
    }

    /// The value as text; what is not UTF-8 is shown as such.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.value).into_owned()
    }

    /// The value read as JSON.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] names the key and the place.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_json::from_slice(&self.value)
            .map_err(|source| StoreError::Malformed { key: self.key.clone(), source })
    }

    /// The value read as JSON, with its revisions.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] names the key and the place.
    pub fn versioned<T: DeserializeOwned>(&self) -> Result<Versioned<T>, StoreError> {
        Ok(Versioned {
            value: self.json()?,
            create_revision: self.create_revision,
            mod_revision: self.mod_revision,
            lease: self.lease,
        })
    }
}

/// A value with the revisions that date it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The value.
    pub value: T,
    /// The revision that created its key.
    pub create_revision: i64,
    /// The revision that wrote it.
    pub mod_revision: i64,
    /// The lease its key hangs on; 0 for none.
    pub lease: i64,
}
