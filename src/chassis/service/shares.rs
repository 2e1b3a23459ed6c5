//! Shares: what of a swarm's limits this host may use, and what all its processes have used of it.
//!
//! The limit is the swarm's. All processes of a host pay into one file for each swarm, and hosts divide the limit in the
//! store: each has a key on its lease for every swarm whose tasks it runs. A process asks the store when it begins a task
//! of a swarm of which its host has no share, and follows it as long as its tasks run (`keeping.rs`).
//!
//! What a host has less of counts before the store is told, what it has more of once the store knows: so hosts never use
//! more together than the store says, and the store never says more than the limit.

mod account;
mod dividing;
mod file;
mod host_lease;
mod keeping;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

use self::account::Account;
use self::file::SharedFile;
use super::publishing::host_name;
use super::{Chassis, ChassisError};
use crate::chassis::contract::ResourceRequirements;
use crate::chassis::runtime::broker::Rates;
use crate::chassis::{Allotment, CpuAccount, Digest, OverRate, Pause};
use crate::clock::uptime;
use crate::config::{Home, create_private_directory};
use crate::id::SwarmId;
use crate::store::Store;

/// Where Linux tells one run of the machine from another.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The shares of this host. Clones are the same.
#[derive(Clone)]
pub(super) struct HostShares(Arc<Inner>);

struct Inner {
    directory: PathBuf,
    store: Store,
    by: String,
    host: String,
    /// Where leases are kept alive, however busy guests keep the threads that run them.
    runtime: Option<Handle>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    seats: BTreeMap<SwarmId, Seat>,
    /// Whether somebody keeps leases alive and follows the store.
    kept: bool,
}

/// A swarm whose tasks run in this process, or did until a moment ago.
struct Seat {
    member: Arc<Member>,
    tasks: usize,
    /// When the last of them ended.
    idle_since: Duration,
}

/// A swarm as far as this host counts it.
pub(super) struct Member {
    swarm: SwarmId,
    /// All that the contract allows under which its last task began; what is in force in the store comes first.
    terms: Mutex<Allotment>,
    account: SharedFile<Account>,
    /// Held shared by every process that runs tasks of the swarm; unlocked when it is closed, also by a process that is killed.
    used: File,
    /// One at a time asks the store; nobody does any more once it is true: the share was given back.
    settling: tokio::sync::Mutex<bool>,
    warned: AtomicBool,
}

/// A task that counts, until it is dropped.
pub(super) struct Counted {
    shares: HostShares,
    member: Arc<Member>,
}

impl fmt::Debug for HostShares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostShares").field("directory", &self.0.directory).finish_non_exhaustive()
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("swarm", &self.swarm).finish_non_exhaustive()
    }
}

impl HostShares {
    /// Those of the processes with this `home` that use the same store. Uptimes and leases of another run of the machine
    /// mean nothing, so each run has its own.
    pub(super) fn of(home: &Home, store: Store, by: String) -> Self {
        let boot = fs::read_to_string(BOOT_ID).unwrap_or_default();
        let boot = Digest::of(boot.trim().as_bytes());
        let place = Digest::of(format!("{}\n{}", store.endpoints(), store.namespace()).as_bytes());
        let directory = home.chassis().join("shares").join(boot.short()).join(place.short());
        let (host, runtime) = (host_name(), Handle::try_current().ok());
        Self(Arc::new(Inner { directory, store, by, host, runtime, state: Mutex::default() }))
    }

    /// Begins to count a task of the swarm. The store is asked only when this host has no share of it.
    ///
    /// # Errors
    /// [`ChassisError::Uncounted`] when this host cannot; [`ChassisError::Store`].
    pub(super) async fn begin(
        &self,
        swarm: &SwarmId,
        requirements: &ResourceRequirements,
    ) -> Result<Counted, ChassisError> {
        let member = self.take_seat(swarm, Allotment::all_of(requirements))?;
        let counted = Counted { shares: self.clone(), member: Arc::clone(&member) };
        let revision = match member.standing(|account, now| account.held(now))? {
            Some(revision) => revision,
            None => self.settle(&member).await?,
        };
        self.have_kept(revision + 1);
        Ok(counted)
    }

    fn take_seat(&self, swarm: &SwarmId, terms: Allotment) -> Result<Arc<Member>, ChassisError> {
        let mut state = self.lock();
        if let Some(seat) = state.seats.get_mut(swarm) {
            seat.tasks += 1;
            *seat.member.terms.lock().unwrap_or_else(PoisonError::into_inner) = terms;
            return Ok(Arc::clone(&seat.member));
        }
        let member = Arc::new(Member::open(&self.0.directory, swarm, terms)?);
        let seat = Seat { member: Arc::clone(&member), tasks: 1, idle_since: Duration::ZERO };
        state.seats.insert(swarm.clone(), seat);
        Ok(member)
    }

    fn member(&self, swarm: &SwarmId) -> Option<Arc<Member>> {
        self.lock().seats.get(swarm).map(|seat| Arc::clone(&seat.member))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Whoever panicked did so between whole changes.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rates for HostShares {
    fn admit(&self, swarm: &SwarmId, per_second: u32) -> Result<(), OverRate> {
        // Whoever's tasks nobody counts makes no calls.
        let member = self.member(swarm).ok_or(OverRate::NoShare(per_second))?;
        let taken = member.account.update(Account::take);
        match taken {
            Ok(Ok(())) => Ok(()),
            Ok(Err(share)) => Err(OverRate::of(share, per_second)),
            Err(error) => {
                member.warn(&error);
                Err(OverRate::Uncounted(per_second))
            }
        }
    }
}

impl CpuAccount for Member {
    /// The time is that at which the file is read.
    fn charge(&self, cpu: Duration, _: Duration) -> Pause {
        self.account.update(|account, now| account.spend(cpu, now)).unwrap_or_else(|error| {
            self.warn(&error);
            Pause::UntilGranted
        })
    }
}

impl Member {
    fn open(directory: &Path, swarm: &SwarmId, terms: Allotment) -> Result<Self, ChassisError> {
        let path = directory.join(swarm.as_str());
        let opened = || {
            create_private_directory(directory)?;
            // No swarm is named so.
            let used = open_private(&directory.join(format!("{swarm}@used")))?;
            used.lock_shared()?;
            Ok((SharedFile::open(path.clone())?, used))
        };
        let (account, used) =
            opened().map_err(|source| ChassisError::Uncounted { path: path.clone(), source })?;
        Ok(Self {
            swarm: swarm.clone(),
            terms: Mutex::new(terms),
            account,
            used,
            settling: tokio::sync::Mutex::default(),
            warned: AtomicBool::default(),
        })
    }

    /// Changes or reads how the host stands with the swarm.
    fn standing<T>(&self, change: impl FnOnce(&mut Account, Duration) -> T) -> Result<T, ChassisError> {
        let path = || self.account.path().to_owned();
        self.account.update(change).map_err(|source| ChassisError::Uncounted { path: path(), source })
    }

    fn terms(&self) -> Allotment {
        *self.terms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any other process of the host runs tasks of the swarm. This one does not any more.
    fn is_used_elsewhere(&self) -> io::Result<bool> {
        self.used.unlock()?;
        match self.used.try_lock() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Says once in the life of a process that it cannot count.
    fn warn(&self, error: &io::Error) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            let path = self.account.path().display();
            tracing::warn!(swarm = %self.swarm, %path, %error, "what the swarm uses cannot be counted, so it waits");
        }
    }
}

impl Counted {
    /// Where the task's processor time is booked.
    pub(super) fn account(&self) -> Arc<dyn CpuAccount> {
        Arc::clone(&self.member) as Arc<dyn CpuAccount>
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if let Some(seat) = self.shares.lock().seats.get_mut(&self.member.swarm) {
            seat.tasks -= 1;
            seat.idle_since = uptime();
        }
    }
}

/// For its owner only, made when it is not there.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Chassis {
    /// Gives back, before this process ends, what other hosts can use of the limits of swarms.
    pub async fn give_shares_back(&self) {
        self.shares.leave().await;
    }
}
