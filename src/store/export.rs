//! Exports: everything the store holds, as the bytes of its own snapshot format.

use std::fmt;

use etcd_client::SnapshotStreaming;

use super::{Store, StoreError};

/// An export under way.
pub struct Export {
    store: Store,
    stream: SnapshotStreaming,
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Store {
    /// Begins an export of this moment.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn export(&self) -> Result<Export, StoreError> {
        let mut client = self.client.maintenance_client();
        let stream = self.call(client.snapshot()).await?;
        Ok(Export { store: self.clone(), stream })
    }
}

impl Export {
    /// The next piece; none at the end. Each may take as long as any other answer.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        let piece = self.store.call(self.stream.message()).await?;
        Ok(piece.map(|piece| piece.blob().to_vec()))
    }
}
