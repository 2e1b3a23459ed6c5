//! Status: what the store says of itself.

use super::connection::revision_of;
use super::{Store, StoreError};

/// What the store says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The version of etcd it speaks.
    pub version: String,
    /// Its current revision.
    pub revision: i64,
    /// The size of its database in bytes.
    pub db_size: i64,
    /// How much of that is in use.
    pub db_size_in_use: i64,
    /// What it says is wrong, such as an alarm that its space is used up.
    pub errors: Vec<String>,
}

impl Store {
    /// Asks the store about itself.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn status(&self) -> Result<Status, StoreError> {
        let mut client = self.client.maintenance_client();
        let response = self.call(client.status()).await?;
        Ok(Status {
            version: response.version().to_owned(),
            revision: revision_of(response.header()),
            db_size: response.db_size(),
            db_size_in_use: response.raft_used_db_size(),
            errors: response.errors().iter().map(|error| error.trim().to_owned()).collect(),
        })
    }
}
