//! Committing: transactions, alone or many in one round trip.

use etcd_client::{TxnOp, TxnOpResponse};

use super::connection::revision_of;
use super::{Commit, Store, StoreError, Transaction};

/// How many transactions one round trip carries at most.
pub const MAX_BATCH: usize = 100;

/// How many bytes one request writes at most, unless a single transaction needs more: stores refuse what is too large.
const MAX_WRITTEN: usize = 1024 * 1024;

impl Store {
    /// Commits a transaction.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer or refuses; after [`StoreError::TimedOut`] and
    /// [`StoreError::Unavailable`] it is unknown whether it was committed.
    pub async fn commit(&self, transaction: Transaction) -> Result<Commit, StoreError> {
        let mut client = self.kv();
        let response = self.call(client.txn(transaction.into_wire(&self.namespace))).await?;
        Ok(Commit::from_wire(&response, revision_of(response.header()), &self.namespace))
    }

    /// Commits several transactions in as few round trips as their number and size allow; each stands or falls alone.
    /// No key may be written by two of them, or written by one and compared by another.
    ///
    /// # Errors
    /// As [`Store::commit`]; a lease that has ended fails them all. Of several round trips, those before the one that
    /// failed were made.
    pub async fn commit_each(&self, transactions: Vec<Transaction>) -> Result<Vec<Commit>, StoreError> {
        let mut commits = Vec::with_capacity(transactions.len());
        for batch in batches(transactions, Transaction::bytes_written) {
            commits.extend(self.commit_batch(batch).await?);
        }
        Ok(commits)
    }

    async fn commit_batch(&self, transactions: Vec<Transaction>) -> Result<Vec<Commit>, StoreError> {
        let nested: Vec<_> = transactions
            .into_iter()
            .map(|transaction| TxnOp::txn(transaction.into_wire(&self.namespace)))
            .collect();
        let mut client = self.kv();
        let response = self.call(client.txn(etcd_client::Txn::new().and_then(nested))).await?;
        let revision = revision_of(response.header());
        let commit = |op| match op {
            TxnOpResponse::Txn(inner) => Some(Commit::from_wire(&inner, revision, &self.namespace)),
            _ => None,
        };
        Ok(response.op_responses().into_iter().filter_map(commit).collect())
    }
}

/// Cuts what is to be committed into requests that are neither too many nor too large.
pub fn batches<T>(items: Vec<T>, bytes: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut batches: Vec<Vec<T>> = Vec::new();
    let mut size = 0;
    for item in items {
        let more = bytes(&item);
        match batches.last_mut() {
            Some(batch) if batch.len() < MAX_BATCH && size + more <= MAX_WRITTEN => {
                size += more;
                batch.push(item);
            }
            _ => {
                size = more;
                batches.push(vec![item]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_neither_too_large_nor_too_many_at_once() {
        let lengths =
            |items: &[usize]| batches(items.to_vec(), |size| *size).iter().map(Vec::len).collect::<Vec<_>>();
        let half = MAX_WRITTEN / 2;
        assert_eq!(lengths(&[]), [0; 0]);
        assert_eq!(lengths(&[1; 2 * MAX_BATCH + 1]), [MAX_BATCH, MAX_BATCH, 1]);
        assert_eq!(lengths(&[half, half, 1, half, half]), [2, 2, 1]);
        assert_eq!(lengths(&[2 * MAX_WRITTEN, 1]), [1, 1], "what is too large alone is tried alone");
    }
}
