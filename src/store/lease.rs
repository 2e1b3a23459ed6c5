//! Leases: keys that vanish when nobody renews them.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};

use super::{Store, StoreError};

/// A lease that was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Its number.
    pub id: i64,
    /// How long it lives without being renewed, as granted, which may be longer than asked for.
    pub ttl: Duration,
}

impl Store {
    /// Grants a lease of at least `ttl`, in whole seconds rounded up.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn grant(&self, ttl: Duration) -> Result<Lease, StoreError> {
        let seconds = i64::try_from(ttl.as_millis().div_ceil(1000)).unwrap_or(i64::MAX).max(1);
        let mut client = self.client.lease_client();
        let response = self.call(client.grant(seconds, None)).await?;
        let granted = u64::try_from(response.ttl()).unwrap_or(1);
        Ok(Lease { id: response.id(), ttl: Duration::from_secs(granted) })
    }

    /// Ends a lease now, with all its keys. A lease that has ended already is no error.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn revoke(&self, lease: i64) -> Result<(), StoreError> {
        let mut client = self.client.lease_client();
        match self.call(client.revoke(lease)).await {
            Ok(_) | Err(StoreError::LeaseLost) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Renews a lease to its full time.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when it has ended.
    pub async fn renew(&self, lease: i64) -> Result<(), StoreError> {
        let mut client = self.client.lease_client();
        // The library sends the first renewal and waits for its answer before it gives the stream.
        self.call(client.keep_alive(lease)).await.map(drop)
    }

    /// Renews a lease at a third of its time for as long as the guard lives.
    #[must_use]
    pub fn keep(&self, lease: Lease) -> KeptLease {
        let store = self.clone();
        KeptLease::by(lease, async move { renew_until_lost(&store, lease).await })
    }

    /// As [`Store::keep`], for whoever is in no hurry to know: while the store does not answer the lease counts as
    /// living, for a store that was away gives every lease its full time again.
    #[must_use]
    pub fn keep_patiently(&self, lease: Lease) -> KeptLease {
        let store = self.clone();
        KeptLease::by(lease, async move { renew_until_ended(&store, lease).await })
    }
}

/// The pause before the first renewal: those who came at the same time shall not renew at the same time ever after.
fn first_pause(pause: Duration) -> Duration {
    pause.mul_f64(rand::random())
}

async fn renew_until_ended(store: &Store, lease: Lease) {
    let pause = lease.ttl / 3;
    sleep(first_pause(pause)).await;
    loop {
        match store.renew(lease.id).await {
            Ok(()) => sleep(pause).await,
            Err(error) if error.is_retryable() => sleep(pause / 4).await,
            Err(_) => return,
        }
    }
}

async fn renew_until_lost(store: &Store, lease: Lease) {
    let pause = lease.ttl / 3;
    let mut deadline = Instant::now() + lease.ttl;
    sleep(first_pause(pause)).await;
    loop {
        let asked = Instant::now();
        let Ok(renewed) = timeout_at(deadline, store.renew(lease.id)).await else { return };
        match renewed {
            Ok(()) => {
                deadline = asked + lease.ttl;
                sleep(pause).await;
            }
            Err(error) if error.is_retryable() && Instant::now() < deadline => sleep(pause / 4).await,
            Err(_) => return,
        }
    }
}

/// A lease that is being renewed; dropping the guard lets it run out.
#[derive(Debug)]
pub struct KeptLease {
    lease: Lease,
    lost: watch::Receiver<bool>,
    task: JoinHandle<()>,
}

impl KeptLease {
    /// A lease that `renewing` keeps until it is lost.
    fn by(lease: Lease, renewing: impl Future<Output = ()> + Send + 'static) -> Self {
        let (lost, watched) = watch::channel(false);
        let task = tokio::spawn(async move {
            renewing.await;
            lost.send_replace(true);
        });
        Self { lease, lost: watched, task }
    }

    /// The lease's number.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.lease.id
    }

    /// Waits until the lease is lost: ended by the store, or not renewed in time.
    pub async fn lost(&self) {
        let mut lost = self.lost.clone();
        // An error means that the renewing task is gone, and then nobody renews the lease.
        let _ = lost.wait_for(|lost| *lost).await;
    }
}

impl Drop for KeptLease {
    fn drop(&mut self) {
        self.task.abort();
    }
}
