//! Ending calls for a human whose cause has ended by itself.

use super::finish::record_of;
use super::{Authority, Coordinator, CoordinatorError};
use crate::coordinator::alarm::is_over;
use crate::governor::service::{Governor, GovernorError};
use crate::governor::{Answer, Answered};
use crate::store::{Entry, Key, Precondition, Query};

impl Coordinator {
    /// Resolves a call if what it was for is over; false when it is not, or nobody waits for an answer. Compares the
    /// call, the task and the status of the swarm as they were read.
    ///
    /// # Errors
    /// When the store does not answer, or nobody can read the task.
    pub async fn end_call(&self, id: &str, authority: &Authority) -> Result<bool, CoordinatorError> {
        let call = match self.governor.escalation(id).await {
            Ok(call) => call,
            Err(GovernorError::NoEscalation { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let task = call.value.task.as_ref().map(|task| (task.clone(), Key::Record(task.clone())));
        let status = call.value.swarm.clone().map(Key::SwarmStatus);
        let keys = task.iter().map(|(_, key)| key).chain(&status).cloned();
        let read = self.store.read(keys.map(Query::One).collect()).await?;
        let record = match &task {
            Some((id, _)) => read.one(0).map(|entry| record_of(id, Some(entry))).transpose()?,
            None => None,
        };
        let word = status.as_ref().and_then(|_| read.one(usize::from(task.is_some())));
        if !is_over(
            &call.value,
            record.as_ref().map(|record| &record.value),
            word.map(Entry::text).as_deref(),
        ) {
            return Ok(false);
        }
        let note = Some("what it was for is over".to_owned());
        let answer = Answer { by: authority.by().to_owned(), at: self.now(), note };
        let Answered::Changed(next) = call.value.resolve(answer) else { return Ok(false) };
        let mut transaction = Governor::replace_call(id, &call, &next);
        if let Some((_, key)) = &task {
            transaction = transaction.when(Precondition::as_read(key, record.as_ref()));
        }
        if let Some(key) = &status {
            let revision = word.map_or(0, |word| word.mod_revision);
            transaction = transaction.when(Precondition::unchanged(key, revision));
        }
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }
}
