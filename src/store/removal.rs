//! Removal: a whole family of keys at once.

use etcd_client::DeleteOptions;

use super::{Prefix, Store, StoreError};

impl Store {
    /// Deletes every key of a family; how many there were.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn remove(&self, prefix: &Prefix) -> Result<i64, StoreError> {
        let mut client = self.client.kv_client();
        let family = DeleteOptions::new().with_prefix();
        let response = self.call(client.delete(self.full_key(prefix), Some(family))).await?;
        Ok(response.deleted())
    }
}
