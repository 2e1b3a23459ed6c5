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
    use std::future::Future;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn contract(mebibytes: u32) -> Contract {
        let text = format!(
            "{{swarm_id: s, version: '1', capabilities: [a:b], resource_requirements: {{max_memory_mb: {mebibytes}}}}}"
        );
        Contract::parse(&text, "contract").unwrap()
    }

    #[test]
    fn what_is_set_aside_never_exceeds_the_limit_and_nobody_is_passed_by() {
        let room = Room::of(Some(100));
        let mut context = Context::from_waker(Waker::noop());
        let (large, small, larger) = (contract(60), contract(30), contract(101));
        let mut poll = |future: &mut std::pin::Pin<Box<dyn Future<Output = _>>>| match future
            .as_mut()
            .poll(&mut context)
        {
            Poll::Ready(taken) => Some(taken),
            Poll::Pending => None,
        };
        let take = |contract: &Contract| {
            let (room, contract) = (room.clone(), contract.clone());
            Box::pin(async move { room.take(&contract).await }) as std::pin::Pin<Box<dyn Future<Output = _>>>
        };
        let first = poll(&mut take(&large)).unwrap().unwrap();
        let (mut second, mut third) = (take(&large), take(&small));
        assert!(poll(&mut second).is_none());
        assert!(poll(&mut third).is_none(), "it came after the second");
        assert!(matches!(
            poll(&mut take(&larger)),
            Some(Err(ChassisError::NoRoom { needed: 101, limit: 100, .. }))
        ));
        drop(first);
        let second = poll(&mut second).unwrap().unwrap();
        let third = poll(&mut third).unwrap().unwrap();
        assert_eq!(room.free.available_permits(), 10);
        drop((second, third));
        assert_eq!(room.free.available_permits(), 100);
    }

    #[test]
    fn without_a_limit_nobody_waits() {
        let mut context = Context::from_waker(Waker::noop());
        let room = Room::of(None);
        let contract = contract(4096);
        let taken = std::pin::pin!(room.take(&contract)).poll(&mut context);
        assert!(matches!(taken, Poll::Ready(Ok(None))));
    }
}
