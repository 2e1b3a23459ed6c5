//! Room: the memory that the tasks of this host may take together.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::chassis::{ChassisError, Contract};

/// Sets memory aside for tasks, as much as their contracts allow them: what is set aside never exceeds the limit. Who
/// comes first is first served, so that large tasks are not passed by for ever. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Room {
    /// In MiB. `None`: no limit.
    limit: Option<u32>,
    free: Arc<Semaphore>,
}

impl Room {
    pub(super) fn of(limit: Option<u32>) -> Self {
        let free = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or_default();
        Self { limit, free: Arc::new(Semaphore::new(free.min(Semaphore::MAX_PERMITS))) }
    }

    /// Makes sure that a task under this contract can ever run here.
    ///
    /// # Errors
    /// [`ChassisError::NoRoom`] when it cannot.
    pub(super) fn fits(&self, contract: &Contract) -> Result<(), ChassisError> {
        let needed = contract.resource_requirements().max_memory_mb.get();
        match self.limit {
            Some(limit) if needed > limit => {
                Err(ChassisError::NoRoom { swarm: contract.swarm_id().clone(), needed, limit })
            }
            _ => Ok(()),
        }
    }

    /// Waits until there is room for a task under this contract, and sets it aside until the permit is dropped.
    ///
    /// # Errors
    /// [`ChassisError::NoRoom`] when there never will be.
    pub(super) async fn take(
        &self,
        contract: &Contract,
    ) -> Result<Option<OwnedSemaphorePermit>, ChassisError> {
        self.fits(contract)?;
        if self.limit.is_none() {
            return Ok(None);
        }
        let needed = contract.resource_requirements().max_memory_mb.get();
        // An error means that it was closed, which nobody does.
        Ok(Arc::clone(&self.free).acquire_many_owned(needed).await.ok())
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn contract(mebibytes: u32) -> Contract {
        let text = format!(
            "{{swarm_id: s, version: '1', capabilities: [a:b], resource_requirements: {{max_memory_mb: {mebibytes}}}}}"
        );
        Contract::parse(&text, "contract").unwrap()
    }

    #[tokio::test]
    async fn what_is_set_aside_never_exceeds_the_limit_and_nobody_is_passed_by() {
        let room = Room::of(Some(100));
        let (large, small) = (contract(60), contract(30));
        let first = room.take(&large).await.unwrap();
        let mut second = Box::pin(room.take(&large));
        assert!(second.as_mut().now_or_never().is_none());
        let mut third = Box::pin(room.take(&small));
        assert!(third.as_mut().now_or_never().is_none(), "it came after the second");
        let never = room.take(&contract(101)).await;
        assert!(matches!(never, Err(ChassisError::NoRoom { needed: 101, limit: 100, .. })));
        drop(first);
        let (second, third) = (second.await.unwrap(), third.await.unwrap());
        assert_eq!(room.free.available_permits(), 10);
        drop((second, third));
        assert_eq!(room.free.available_permits(), 100);
    }

    #[test]
    fn without_a_limit_nobody_waits() {
        let (room, contract) = (Room::of(None), contract(4096));
        assert!(matches!(room.take(&contract).now_or_never(), Some(Ok(None))));
    }
}
