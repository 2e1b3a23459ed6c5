//! Namespaces beside one's own, in the same store.

use etcd_client::GetOptions;

use super::reading::end_of_prefix;
use super::{Key, Store, StoreError};

impl Store {
    /// The namespaces whose names begin as this store's own with `stem` behind it, as far as there are keys of this
    /// layout in them. Asks once for each.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn namespaces(&self, stem: &str) -> Result<Vec<String>, StoreError> {
        let mut client = self.client.kv_client();
        let start = self.full_key(&stem);
        let end = end_of_prefix(&start);
        let (mut from, mut found) = (start.into_bytes(), Vec::new());
        loop {
            let first = GetOptions::new().with_range(end.clone()).with_limit(1).with_keys_only();
            let page = self.call(client.get(from, Some(first))).await?;
            let Some(pair) = page.kvs().first() else { return Ok(found) };
            from = match Key::parse_anywhere(&String::from_utf8_lossy(pair.key())) {
                Some((namespace, _)) => {
                    found.push(namespace.to_owned());
                    end_of_prefix(&format!("{namespace}/"))
                }
                None => [pair.key(), b"\0"].concat(),
            };
        }
    }

    /// The same store, seen under another namespace.
    #[must_use]
    pub fn under(&self, namespace: &str) -> Self {
        let mut store = self.clone();
        store.namespace = namespace.into();
        store
    }
}
