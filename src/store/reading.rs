//! Reading: keys and families, at one revision.

use etcd_client::{GetOptions, TxnOp};

use super::connection::revision_of;
use super::transaction::{answers, reads_into_wire};
use super::{Entry, Key, MAX_BATCH, Prefix, Query, Snapshot, Store, StoreError};

/// Ranges are read in pages of this many keys.
const PAGE: i64 = 500;

/// A part of a family.
#[derive(Debug)]
pub struct Page {
    /// Its keys, in their order.
    pub entries: Vec<Entry>,
    /// Where the next part begins, if there is one.
    pub next: Option<Place>,
}

/// A place in a family, between two of its keys.
#[derive(Debug)]
pub struct Place(Vec<u8>);

impl Store {
    /// Whether a key, or a family of keys, may be read.
    ///
    /// # Errors
    /// Why not.
    pub(super) async fn may_read(&self, target: &str, prefix: bool) -> Result<(), StoreError> {
        let mut options = GetOptions::new().with_count_only();
        if prefix {
            options = options.with_prefix();
        }
        let mut client = self.kv();
        self.call(client.get(self.full_key(&target), Some(options))).await.map(drop)
    }

    /// Reads one key.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn get(&self, key: &Key) -> Result<Option<Entry>, StoreError> {
        let mut client = self.kv();
        let response = self.call(client.get(self.full_key(key), None)).await?;
        Ok(response.kvs().first().map(|pair| Entry::from_wire(pair, &self.namespace)))
    }

    /// Reads several keys and families at one revision, in one round trip.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn read(&self, queries: Vec<Query>) -> Result<Snapshot, StoreError> {
        let mut client = self.kv();
        let response = self.call(client.txn(reads_into_wire(queries, &self.namespace))).await?;
        let revision = revision_of(response.header());
        Ok(Snapshot { revision, answers: answers(&response, &self.namespace) })
    }

    /// Reads a whole family at one revision, page by page.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn range(&self, prefix: &Prefix) -> Result<(Vec<Entry>, i64), StoreError> {
        self.pages(prefix, false).await
    }

    /// Reads a part of a family, as it is at this moment: the first, or that which begins at `from`. For those that need not
    /// see all of it at one moment, nor have it in memory.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn page(&self, prefix: &Prefix, from: Option<Place>) -> Result<Page, StoreError> {
        let start = self.full_key(prefix);
        let options = GetOptions::new().with_range(end_of_prefix(&start)).with_limit(PAGE);
        let from = from.map_or_else(|| start.into_bytes(), |place| place.0);
        let mut client = self.kv();
        let page = self.call(client.get(from, Some(options))).await?;
        let after = |last: &etcd_client::KeyValue| Place([last.key(), b"\0"].concat());
        let next = page.kvs().last().filter(|_| page.more()).map(after);
        let entries = page.kvs().iter().map(|pair| Entry::from_wire(pair, &self.namespace)).collect();
        Ok(Page { entries, next })
    }

    /// Makes sure that the history from `revision` on is still there; the newest revision.
    ///
    /// # Errors
    /// [`StoreError::Compacted`] tells the oldest revision that is.
    pub async fn remembers(&self, revision: i64) -> Result<i64, StoreError> {
        let newest = self.read(vec![Query::One(Key::Epoch)]).await?.revision;
        if revision > newest {
            return Ok(newest);
        }
        let options = GetOptions::new().with_count_only().with_revision(revision);
        let mut client = self.kv();
        match self.call(client.get(self.full_key(&Key::Epoch), Some(options))).await {
            // Only a watch is told the oldest.
            Err(StoreError::Compacted { .. }) => drop(self.watch(&Prefix::All, revision).next().await?),
            answer => answer.map(drop)?,
        }
        Ok(newest)
    }

    /// Reads which keys a family has, at one revision, and no values.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn keys(&self, prefix: &Prefix) -> Result<(Vec<Key>, i64), StoreError> {
        let (entries, revision) = self.pages(prefix, true).await?;
        Ok((entries.iter().filter_map(|entry| Key::parse(&entry.key)).collect(), revision))
    }

    /// The first few keys of a family, in one round trip.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn first_keys(&self, prefix: &Prefix, most: i64) -> Result<Vec<Key>, StoreError> {
        let options = GetOptions::new().with_prefix().with_keys_only().with_limit(most);
        let mut client = self.kv();
        let found = self.call(client.get(self.full_key(prefix), Some(options))).await?;
        let entries = found.kvs().iter().map(|pair| Entry::from_wire(pair, &self.namespace));
        Ok(entries.filter_map(|entry| Key::parse(&entry.key)).collect())
    }

    async fn pages(&self, prefix: &Prefix, keys_only: bool) -> Result<(Vec<Entry>, i64), StoreError> {
        let mut client = self.kv();
        let start = self.full_key(prefix);
        let end = end_of_prefix(&start);
        let mut from = start.into_bytes();
        let mut entries = Vec::new();
        let mut revision = 0;
        loop {
            let mut options =
                GetOptions::new().with_range(end.clone()).with_limit(PAGE).with_revision(revision);
            if keys_only {
                options = options.with_keys_only();
            }
            let page = self.call(client.get(from, Some(options))).await?;
            if revision == 0 {
                revision = revision_of(page.header());
            }
            entries.extend(page.kvs().iter().map(|pair| Entry::from_wire(pair, &self.namespace)));
            match page.kvs().last() {
                Some(last) if page.more() => from = [last.key(), b"\0"].concat(),
                _ => return Ok((entries, revision)),
            }
        }
    }

    /// Reads those keys of a family that `keep` wants, at one revision. Values of others are not fetched,
    /// so that large ones beside them cost nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn range_where(
        &self,
        prefix: &Prefix,
        keep: impl Fn(&Key) -> bool,
    ) -> Result<(Vec<Entry>, i64), StoreError> {
        let (keys, revision) = self.pages(prefix, true).await?;
        let wanted: Vec<_> = keys
            .into_iter()
            .map(|entry| entry.key)
            .filter(|key| Key::parse(key).is_some_and(|key| keep(&key)))
            .collect();
        let mut entries = Vec::with_capacity(wanted.len());
        let mut client = self.kv();
        for keys in wanted.chunks(MAX_BATCH) {
            let at = || Some(GetOptions::new().with_revision(revision));
            let gets: Vec<_> = keys.iter().map(|key| TxnOp::get(self.full_key(key), at())).collect();
            let response = self.call(client.txn(etcd_client::Txn::new().and_then(gets))).await?;
            entries.extend(answers(&response, &self.namespace).into_iter().flatten());
        }
        Ok((entries, revision))
    }
}

pub(super) fn end_of_prefix(prefix: &str) -> Vec<u8> {
    let mut end = prefix.as_bytes().to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            return end;
        }
    }
    vec![0]
}

#[cfg(test)]
mod tests {
    use super::end_of_prefix;

    #[test]
    fn a_prefix_ends_before_its_successor() {
        assert_eq!(end_of_prefix("/tasks/"), b"/tasks0");
        assert_eq!(end_of_prefix(""), b"\0");
    }
}
