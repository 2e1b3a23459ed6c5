//! Threads for guests only: however busy these keep them, the store is heard and leases are kept alive by others.

use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinError, JoinSet};

/// As many threads as this host has cores.
#[derive(Debug)]
pub(super) struct GuestThreads {
    /// `None` only while it is being dropped.
    runtime: Option<Runtime>,
}

impl GuestThreads {
    /// Starts them.
    ///
    /// # Errors
    /// When the system cannot.
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().thread_name("guest").enable_all().build()?;
        Ok(Self { runtime: Some(runtime) })
    }

    /// Does `work` there. Dropping the future ends the work where it pauses next, a few milliseconds later at most.
    ///
    /// # Errors
    /// When the work panics.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, JoinError> {
        let mut running = JoinSet::new();
        if let Some(runtime) = &self.runtime {
            running.spawn_on(work, runtime.handle());
        }
        match running.join_next().await {
            Some(ended) => ended,
            None => std::future::pending().await,
        }
    }
}

impl Drop for GuestThreads {
    fn drop(&mut self) {
        // Waiting for the threads is not allowed where this may be dropped.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn others_get_on_while_every_thread_of_guests_is_busy() {
        let threads = GuestThreads::start().unwrap();
        let (release, wait) = mpsc::channel::<()>();
        let wait = std::sync::Arc::new(std::sync::Mutex::new(wait));
        let busy = 2 * std::thread::available_parallelism().unwrap().get();
        let works: Vec<_> = (0..busy)
            .map(|_| {
                let wait = std::sync::Arc::clone(&wait);
                threads.run(async move {
                    // Never yields, as a guest does between two ticks, only much longer.
                    let _ = wait.lock().map(|wait| wait.recv());
                })
            })
            .collect();
        let all = futures::future::join_all(works);
        let mut all = std::pin::pin!(all);
        let meanwhile = tokio::time::sleep(Duration::from_millis(20));
        tokio::select! {
            _ = &mut all => panic!("they wait to be released"),
            () = meanwhile => drop(release),
        }
        assert!(all.await.iter().all(Result::is_ok));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_ends() {
        let threads = GuestThreads::start().unwrap();
        let (alive, mut ended) = tokio::sync::mpsc::channel::<()>(1);
        let work = threads.run(async move {
            let _alive = alive;
            std::future::pending::<()>().await;
        });
        assert!(tokio::time::timeout(Duration::from_millis(20), work).await.is_err());
        assert_eq!(ended.recv().await, None);
    }

    #[tokio::test]
    async fn work_that_panics_is_an_error_of_its_own_only() {
        let threads = GuestThreads::start().unwrap();
        assert!(threads.run(async { panic!("a fault of the host") }).await.is_err());
        assert_eq!(threads.run(async { 7 }).await.unwrap(), 7);
    }
}
