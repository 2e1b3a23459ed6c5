//! Confinement: what a tool that works on somebody's file gets of this host.
//!
//! Pure: an order says what the tool sees and may use; `runtime` carries it out. What no order names is not there.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Where the tool finds the file, itself, and room to write; the last is gone with it.
pub(super) const INPUT: &str = "/.if/in";
pub(super) const TOOL: &str = "/.if/tool";
pub(super) const SCRATCH: &str = "/.if/scratch";

/// Whom the tool runs as: nobody, also when root has it run.
pub(super) const NOBODY: u32 = 65534;

/// Says that the process has its namespaces and waits for its identity.
pub(super) const READY: &str = "ready";

/// What a confined process is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Order {
    /// An empty directory, on which the tool's view of the host is put together.
    pub root: PathBuf,
    /// What it may read.
    pub reads: Vec<Read>,
    /// Whether it finds itself under `/proc`, and nobody else.
    pub sees_itself: bool,
    /// What is run.
    pub invocation: Invocation,
    /// What it may use.
    pub bounds: Bounds,
}

/// A file or directory of the host, and where the tool finds it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Read {
    pub inside: PathBuf,
    pub outside: PathBuf,
}

impl Read {
    /// What the tool finds where the host has it.
    pub(super) fn same(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { inside: path.clone(), outside: path }
    }
}

/// A call of the tool; nothing of the caller's environment goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Invocation {
    pub program: PathBuf,
    pub arguments: Vec<String>,
    pub environment: Vec<(String, String)>,
    /// The one file that is taken of what it makes.
    pub output: PathBuf,
}

/// What the tool may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bounds {
    /// Of processor time, for each process.
    pub seconds: u64,
    /// Of memory of its own, for each process.
    pub memory_bytes: u64,
    /// Of one file.
    pub file_bytes: u64,
    /// Of all files together.
    pub scratch_bytes: u64,
    /// Of processes and threads together.
    pub processes: u64,
    /// Of what it makes.
    pub output_bytes: u64,
}

/// How it ended; `Made` is followed by the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ending {
    /// The output is there.
    Made {
        /// Its size.
        bytes: u64,
    },
    /// The tool says that it failed.
    Failed,
    /// The tool was stopped by a signal: mostly it met a limit.
    Killed {
        /// The signal.
        signal: i32,
    },
    /// The tool says that it did not fail, and its output is missing.
    NoOutput,
    /// What lies there is no regular file, or too large.
    BadOutput,
    /// The kernel does not confine processes as it must; nothing was run.
    Unconfined {
        /// What it was to do.
        step: String,
        /// What it said.
        cause: String,
    },
}

/// What the tool may read, without what lies in something else that it may read.
pub(super) fn outermost(mut reads: Vec<Read>) -> Vec<Read> {
    reads.sort();
    let mut kept: Vec<Read> = Vec::new();
    for read in reads {
        if !kept.iter().any(|other| read.inside.starts_with(&other.inside)) {
            kept.push(read);
        }
    }
    kept
}

/// Who the process is in its user namespace, as `/proc/PID/uid_map` takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    /// The lines of the map.
    pub map: String,
    /// Whether only one user is mapped: then its groups must be, too, for good.
    pub is_single: bool,
}

impl Identity {
    /// The identity for a process of `user`, whose own map is `map`. Root keeps all whom it has, so that the tool can be run
    /// as somebody else; whoever is not root is nobody.
    pub(super) fn of(user: u32, map: &str) -> Self {
        let extents: Vec<(u32, u32)> = map.lines().filter_map(extent).collect();
        let has_nobody = extents.iter().any(|(first, count)| NOBODY.wrapping_sub(*first) < *count);
        if user == 0 && has_nobody {
            let lines = extents.iter().map(|(first, count)| format!("{first} {first} {count}\n"));
            Self { map: lines.collect(), is_single: false }
        } else {
            Self::single(user)
        }
    }

    /// The identity of a process that is nobody inside, and the user or group `outside` elsewhere.
    pub(super) fn single(outside: u32) -> Self {
        Self { map: format!("{NOBODY} {outside} 1\n"), is_single: true }
    }
}

/// The ids that a line of a map gives a process: the first, and how many.
fn extent(line: &str) -> Option<(u32, u32)> {
    let mut numbers = line.split_whitespace();
    let first = numbers.next()?.parse().ok()?;
    Some((first, numbers.nth(1)?.parse().ok()?))
}

/// A mount as a line of `/proc/self/mountinfo` has it: where it is, and whether programs in it can be run.
pub(super) fn mount(line: &str) -> Option<(PathBuf, bool)> {
    let mut fields = line.split(' ').skip(4);
    let place = unescaped(fields.next()?)?;
    let is_noexec = fields.next()?.split(',').any(|option| option == "noexec");
    Some((place, is_noexec))
}

/// Spaces and the like stand there as `\040`.
fn unescaped(text: &str) -> Option<PathBuf> {
    let mut parts = text.split('\\');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let (code, rest) = part.split_at_checked(3)?;
        plain.push(char::from(u8::from_str_radix(code, 8).ok()?));
        plain.push_str(rest);
    }
    Some(Path::new(&plain).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_keeps_everybody_and_everybody_else_is_nobody() {
        let whole = "         0          0 4294967295\n";
        let container = "0 1000 1\n1 100000 65536\n";
        for (user, map, expected, is_single) in [
            (0, whole, "0 0 4294967295\n", false),
            (0, container, "0 0 1\n1 1 65536\n", false),
            (0, "0 1000 1\n", "65534 0 1\n", true),
            (1000, whole, "65534 1000 1\n", true),
            (1000, "", "65534 1000 1\n", true),
        ] {
            assert_eq!(Identity::of(user, map), Identity { map: expected.to_owned(), is_single }, "{map}");
        }
    }

    #[test]
    fn what_lies_in_something_readable_is_not_named_again() {
        let reads = ["/usr/lib/python3", "/usr/lib", "/usr/lib64", "/usr/bin/python3", "/usr/lib"];
        let kept = outermost(reads.into_iter().map(Read::same).collect());
        let expected = ["/usr/bin/python3", "/usr/lib", "/usr/lib64"];
        assert_eq!(kept, expected.map(Read::same));
    }

    #[test]
    fn a_mount_is_read_with_what_is_escaped() {
        let line = r"36 35 98:0 /mnt1 /home/a\040b rw,noexec,noatime master:1 - ext3 /dev/root rw";
        assert_eq!(mount(line), Some(("/home/a b".into(), true)));
        assert_eq!(mount("1 2 3 / / rw,nosuid - tmpfs tmpfs rw"), Some(("/".into(), false)));
        assert_eq!(mount("nonsense"), None);
    }
}
