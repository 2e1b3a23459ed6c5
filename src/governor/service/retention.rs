//! Removing records that nobody needs any more.

use std::collections::{BTreeMap, BTreeSet};

use super::escalations::{read_call, read_delivery};
use super::{Governor, GovernorError};
use crate::coordinator::TaskRecord;
use crate::governor::charge::Charge;
use crate::governor::policy::RetentionPolicy;
use crate::id::TaskId;
use crate::store::{Entry, Key, Precondition, Prefix, Query, StoreError, Transaction};

/// Keys that are removed in one transaction: etcd takes 128 compares, and one of them is the leader's.
const AT_ONCE: usize = 100;

impl Governor {
    /// Removes calls that were resolved long ago, with how they were delivered, charges that nobody sends again, and how far
    /// tasks were graded that ended long ago or are gone, as the policy says; how many keys that were. What somebody has
    /// written since, and what nobody can read, stays. `leader` is the revision that created the leader's key. Reads all of
    /// them, charges and grades page by page.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn remove_outlived(&self, leader: i64) -> Result<usize, GovernorError> {
        let retention = self.policy().await?.retention;
        let mut removed = 0;
        if retention.resolved_days > 0 {
            removed += self.remove_calls(retention, leader).await?;
        }
        if retention.charge_days > 0 {
            removed += self.remove_charges(retention, leader).await?;
            removed += self.remove_grades(retention, leader).await?;
        }
        Ok(removed)
    }

    async fn remove_calls(&self, retention: RetentionPolicy, leader: i64) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let (deliveries, _) = self.store.range(&Prefix::Deliveries).await?;
        // After the deliveries, so that none is taken for that of no call.
        let (calls, _) = self.store.range(&Prefix::Escalations).await?;
        let mut present: BTreeSet<String> = BTreeSet::new();
        let mut outlived: BTreeMap<String, i64> = BTreeMap::new();
        for entry in &calls {
            let Some(Key::Escalation(id)) = Key::parse(&entry.key) else { continue };
            if read_call(entry).is_some_and(|(_, call)| retention.outlives_call(&call.value, now)) {
                outlived.insert(id.clone(), entry.mod_revision);
            }
            present.insert(id);
        }
        let mut doomed: Vec<(Key, i64)> = Vec::new();
        for entry in &deliveries {
            let Some((id, channel, delivery)) = read_delivery(entry) else { continue };
            let is_orphan = !present.contains(&id);
            if outlived.contains_key(&id) || is_orphan && retention.outlives_delivery(&delivery.value, now) {
                doomed.push((Key::Delivery(id, channel), entry.mod_revision));
            }
        }
        // The deliveries first: those of a call that is gone are found only by their own age.
        doomed.extend(outlived.into_iter().map(|(id, revision)| (Key::Escalation(id), revision)));
        self.remove(&doomed, leader).await
    }

    async fn remove_charges(&self, retention: RetentionPolicy, leader: i64) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let outlived = |entry: &Entry| {
            let charge: Charge = entry.json().ok()?;
            let key = Key::parse(&entry.key)?;
            retention.outlives_charge(&charge, now).then_some((key, entry.mod_revision))
        };
        let (mut removed, mut from) = (0, None);
        loop {
            let page = self.store.page(&Prefix::Charges, from).await?;
            let doomed: Vec<(Key, i64)> = page.entries.iter().filter_map(outlived).collect();
            removed += self.remove(&doomed, leader).await?;
            match page.next {
                next @ Some(_) => from = next,
                None => return Ok(removed),
            }
        }
    }

    async fn remove_grades(&self, retention: RetentionPolicy, leader: i64) -> Result<usize, StoreError> {
        let (mut removed, mut from) = (0, None);
        loop {
            let page = self.store.page(&Prefix::Grades, from).await?;
            for grades in page.entries.chunks(AT_ONCE) {
                let doomed = self.outlived_grades(grades, retention).await?;
                removed += self.remove(&doomed, leader).await?;
            }
            match page.next {
                next @ Some(_) => from = next,
                None => return Ok(removed),
            }
        }
    }

    /// Those of which the task is over: no attempt of it can be graded any more.
    async fn outlived_grades(
        &self,
        grades: &[Entry],
        retention: RetentionPolicy,
    ) -> Result<Vec<(Key, i64)>, StoreError> {
        let now = self.clock.now();
        let named: Vec<(TaskId, (Key, i64))> = grades
            .iter()
            .filter_map(|entry| match Key::parse(&entry.key)? {
                Key::Grade(swarm, task) => {
                    Some((task.clone(), (Key::Grade(swarm, task), entry.mod_revision)))
                }
                _ => None,
            })
            .collect();
        let records = named.iter().map(|(task, _)| Query::One(Key::Record(task.clone()))).collect();
        let records = self.store.read(records).await?;
        let is_over = |index: usize| match records.one(index).map(Entry::json::<TaskRecord>) {
            None => true,
            Some(Ok(record)) => record.ended_at.is_some_and(|at| retention.outlives_grade(at, now)),
            Some(Err(_)) => false,
        };
        let over = named.into_iter().enumerate().filter(|(index, _)| is_over(*index));
        Ok(over.map(|(_, (_, grade))| grade).collect())
    }

    /// Deletes keys that are as they were read. Of those that one transaction takes, one that has changed keeps all till the
    /// next time.
    async fn remove(&self, doomed: &[(Key, i64)], leader: i64) -> Result<usize, StoreError> {
        let mut removed = 0;
        for some in doomed.chunks(AT_ONCE) {
            let fence = Transaction::new().when(Precondition::created_at(&Key::Leader, leader));
            let transaction = some.iter().fold(fence, |transaction, (key, revision)| {
                transaction.when(Precondition::unchanged(key, *revision)).delete(key)
            });
            if self.store.commit(transaction).await?.is_done() {
                removed += some.len();
            }
        }
        Ok(removed)
    }
}
