//! The policy in force, as every process reads it.

use serde::{Deserialize, Serialize};

use super::{Governor, GovernorError};
use crate::governor::policy::Policy;
use crate::store::{Key, Precondition, Transaction};

/// The value of the policy's key.
#[derive(Debug, Serialize, Deserialize)]
struct Published {
    policy: Policy,
    by: String,
    op: String,
}

impl Governor {
    /// The policy in force: what was published, else the default.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer or holds a malformed policy.
    pub async fn policy(&self) -> Result<Policy, GovernorError> {
        match self.store.get(&Key::Policy).await? {
            Some(entry) => Ok(entry.json::<Published>()?.policy),
            None => Ok(Policy::default()),
        }
    }

    /// Puts a policy in force; tells whether it differs from the one before. Of two that publish at once, the
    /// last wins.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn publish_policy(&self, policy: &Policy, by: &str) -> Result<bool, GovernorError> {
        loop {
            let entry = self.store.get(&Key::Policy).await?;
            // What is there may be of another version and unreadable; then it differs.
            let published = entry.as_ref().and_then(|entry| entry.json::<Published>().ok());
            if published.is_some_and(|published| published.policy == *policy) {
                return Ok(false);
            }
            let value =
                Published { policy: policy.clone(), by: by.to_owned(), op: "governor.policy".to_owned() };
            let unchanged =
                Precondition::unchanged(&Key::Policy, entry.map_or(0, |entry| entry.mod_revision));
            let transaction = Transaction::new().when(unchanged).put_json(&Key::Policy, &value);
            if self.store.commit(transaction).await?.is_done() {
                return Ok(true);
            }
        }
    }
}
