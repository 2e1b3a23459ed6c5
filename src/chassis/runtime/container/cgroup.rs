//! What a container uses, as the kernel counts it for its control group.
//!
//! Looked at while it runs, for the count goes with the container: what it used after the last look is missing.

use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::chassis::Gauge;

/// Where control groups are mounted.
const MOUNTED: &str = "/sys/fs/cgroup";
/// How often it is looked.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Shows what a container uses, for as long as somebody waits; `container` gives its first process and its id, once it runs.
pub(super) async fn measure<F>(container: impl Fn() -> F, gauge: &Gauge) -> Infallible
where
    F: Future<Output = Option<(u32, String)>>,
{
    let (pid, id) = loop {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        if let Some(found) = container().await {
            break found;
        }
    };
    let listed = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default();
    let Some(counters) = Counters::of(&listed, &id) else {
        // Its daemon counts processes otherwise than this host does: it runs elsewhere, or in a machine of its own.
        tracing::debug!("what the container uses cannot be seen from here");
        return std::future::pending().await;
    };
    let mut counted = Duration::ZERO;
    loop {
        if let Some(cpu) = counters.cpu() {
            gauge.add_cpu(cpu.saturating_sub(counted));
            counted = counted.max(cpu);
        }
        if let Some(memory) = counters.memory() {
            gauge.set_memory(memory.max(gauge.memory_bytes()));
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// Where the kernel counts.
#[derive(Debug, PartialEq, Eq)]
enum Counters {
    /// One tree for all.
    Unified(PathBuf),
    /// A tree for each.
    Separate { cpu: PathBuf, memory: PathBuf },
}

impl Counters {
    /// Finds them in what the kernel lists of a process, provided that it is one of the container's.
    fn of(listed: &str, id: &str) -> Option<Self> {
        let path = |controller: &str| {
            listed.lines().find_map(|line| {
                let mut fields = line.splitn(3, ':').skip(1);
                let (controllers, path) = (fields.next()?, fields.next()?);
                let found = controllers.split(',').any(|found| found == controller) && path.contains(id);
                found.then(|| path.trim_start_matches('/').to_owned())
            })
        };
        let mounted = Path::new(MOUNTED);
        match (path("cpuacct"), path("memory")) {
            (Some(cpu), Some(memory)) => Some(Self::Separate {
                cpu: mounted.join("cpuacct").join(cpu),
                memory: mounted.join("memory").join(memory),
            }),
            _ => path("").map(|path| Self::Unified(mounted.join(path))),
        }
    }

    fn cpu(&self) -> Option<Duration> {
        match self {
            Self::Unified(path) => {
                let text = fs::read_to_string(path.join("cpu.stat")).ok()?;
                let micros = text.lines().find_map(|line| line.strip_prefix("usage_usec "))?;
                Some(Duration::from_micros(micros.trim().parse().ok()?))
            }
            Self::Separate { cpu, .. } => Some(Duration::from_nanos(number(&cpu.join("cpuacct.usage"))?)),
        }
    }

    /// The most so far where the kernel keeps it, else what it is now.
    fn memory(&self) -> Option<usize> {
        let bytes = match self {
            Self::Unified(path) => {
                number(&path.join("memory.peak")).or_else(|| number(&path.join("memory.current")))
            }
            Self::Separate { memory, .. } => number(&memory.join("memory.max_usage_in_bytes")),
        };
        usize::try_from(bytes?).ok()
    }
}

fn number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_found_in_either_tree_and_only_of_the_container() {
        let separate = "7:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/\n";
        let expected = Counters::Separate {
            cpu: "/sys/fs/cgroup/cpuacct/docker/abc".into(),
            memory: "/sys/fs/cgroup/memory/docker/abc".into(),
        };
        assert_eq!(Counters::of(separate, "abc"), Some(expected));
        let unified = "0::/system.slice/docker-abc.scope\n";
        let expected = Counters::Unified("/sys/fs/cgroup/system.slice/docker-abc.scope".into());
        assert_eq!(Counters::of(unified, "abc"), Some(expected));
        for (listed, id) in [(separate, "abd"), (unified, "abd"), ("", "abc"), ("nonsense\n", "abc")] {
            assert_eq!(Counters::of(listed, id), None, "{listed}");
        }
    }
}
