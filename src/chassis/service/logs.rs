//! What guests have logged, on the disk of the host that ran them: for the owner only, and never more of a swarm than
//! its segments hold.
//!
//! A swarm's log is a directory of segments, numbered upwards. Everybody appends to the newest, one write a line, so that
//! the lines of several processes never mix; whoever finds it full begins the next and removes the oldest. Nothing is
//! renamed and nothing locked: no process can be in the way of another, or leave anything to be mended when it is killed.

mod reader;
mod writer;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use self::reader::LogReader;
use self::writer::LogWriter;
use super::execution::Job;
use super::{Chassis, ChassisError};
use crate::chassis::{LogLine, Observer};
use crate::config::Home;
use crate::id::SwarmId;

/// How large a segment grows before the next is begun, in bytes.
const SEGMENT_BYTES: u64 = 4 << 20;

/// How many segments of a swarm are kept.
const SEGMENTS: u64 = 4;

/// The logs of all guests that have run on this host.
#[derive(Debug, Clone)]
pub struct GuestLogs {
    directory: PathBuf,
    segment_bytes: u64,
    /// Whether somebody was told that the disk takes no more.
    warned: Arc<AtomicBool>,
}

impl GuestLogs {
    /// Those under `home`.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        let directory = home.chassis().join("logs");
        Self { directory, segment_bytes: SEGMENT_BYTES, warned: Arc::default() }
    }

    /// Reads what guests of a swarm have logged, and goes on from there.
    #[must_use]
    pub fn reader(&self, swarm: &SwarmId) -> LogReader {
        LogReader::new(self.directory_of(swarm))
    }

    fn writer(&self, swarm: &SwarmId) -> LogWriter {
        LogWriter::new(self.directory_of(swarm), self.segment_bytes)
    }

    /// An id begins with a letter or a digit and has no slash: the directory is always one below.
    fn directory_of(&self, swarm: &SwarmId) -> PathBuf {
        self.directory.join(swarm.as_str())
    }

    /// Says once in the life of a process that lines are lost.
    fn warn(&self, swarm: &SwarmId, error: &io::Error) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            let directory = self.directory_of(swarm);
            tracing::warn!(directory = %directory.display(), %error, "what guests log is not kept");
        }
    }
}

impl Chassis {
    /// Has what the guest logs kept as well as passed on. A disk that does not take it stops no task.
    pub(super) fn log_of(&self, swarm: &SwarmId, job: &Job, observer: Observer) -> Observer {
        let Observer { mut log, gauge, cpu_share } = observer;
        let (logs, clock) = (self.logs.clone(), self.clock.clone());
        let (swarm, task, attempt) = (swarm.clone(), job.task.clone(), job.attempt);
        let mut writer = logs.writer(&swarm);
        let keep_and_pass_on = move |line: &str| {
            let (at, pid) = (clock.now(), std::process::id());
            let kept = LogLine { at, task: task.clone(), attempt, line: LogLine::kept(line), pid };
            if let Err(error) = writer.write(&kept) {
                logs.warn(&swarm, &error);
            }
            log(line);
        };
        Observer { log: Box::new(keep_and_pass_on), gauge, cpu_share }
    }

    /// Makes sure that the swarm has a contract: one that logged nothing may still log, one that nobody knows may not.
    ///
    /// # Errors
    /// [`ChassisError::NotLoaded`] when it has no contract; [`ChassisError::Store`].
    pub async fn is_loaded(&self, swarm: &SwarmId) -> Result<(), ChassisError> {
        self.loaded(swarm).await.map(drop)
    }
}

fn segment(directory: &Path, number: u64) -> PathBuf {
    directory.join(format!("{number:010}.ndjson"))
}

/// The numbers of the segments that there are, upwards; none where there is no directory. A link is none.
fn segments(directory: &Path) -> io::Result<Vec<u64>> {
    if fs::symlink_metadata(directory).is_ok_and(|found| found.is_symlink()) {
        return Err(io::Error::new(ErrorKind::NotADirectory, "a link stands in the place of the directory"));
    }
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        numbers.extend(name.to_str().and_then(|name| name.strip_suffix(".ndjson")?.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    use super::*;
    use crate::clock::Timestamp;

    const SEGMENT: u64 = 4096;

    fn logs(home: &Path) -> GuestLogs {
        GuestLogs { segment_bytes: SEGMENT, ..GuestLogs::of(&Home::at(home)) }
    }

    fn swarm() -> SwarmId {
        "a..b".parse().unwrap()
    }

    fn line(text: String, pid: u32) -> LogLine {
        LogLine { at: Timestamp::from_micros(0), task: None, attempt: None, line: text, pid }
    }

    fn texts(lines: &[LogLine]) -> Vec<&str> {
        lines.iter().map(|line| line.line.as_str()).collect()
    }

    #[test]
    fn a_log_is_for_its_owner_only_and_a_directory_below_the_others() {
        let home = tempfile::tempdir().unwrap();
        let logs = logs(home.path());
        logs.writer(&swarm()).write(&line("x".to_owned(), 1)).unwrap();
        let directory = home.path().join("chassis/logs/a..b");
        let file = fs::read_dir(&directory).unwrap().next().unwrap().unwrap().path();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(&directory)), (0o600, 0o700));
    }

    #[test]
    fn a_log_takes_no_more_than_its_segments_and_keeps_the_newest_lines() {
        let home = tempfile::tempdir().unwrap();
        let logs = logs(home.path());
        let mut writer = logs.writer(&swarm());
        for number in 0..1000 {
            writer.write(&line(format!("{number} {}", "x".repeat(100)), 1)).unwrap();
        }
        let directory = logs.directory_of(&swarm());
        let numbers = segments(&directory).unwrap();
        assert_eq!(numbers.len(), usize::try_from(SEGMENTS).unwrap());
        let size: u64 = numbers.iter().map(|&n| fs::metadata(segment(&directory, n)).unwrap().len()).sum();
        assert!(size <= SEGMENTS * (SEGMENT + 200), "{size}");
        let kept = logs.reader(&swarm()).more().unwrap();
        let numbers: Vec<u32> =
            kept.iter().map(|line| line.line.split(' ').next().unwrap().parse().unwrap()).collect();
        let first = *numbers.first().unwrap();
        assert!(first > 0 && numbers.len() > 60, "{numbers:?}");
        assert_eq!(numbers, (first..1000).collect::<Vec<_>>());
    }

    /// A reader that keeps pace is shown every line once, however the segments change under it.
    #[test]
    fn whoever_follows_misses_no_line_of_any_writer() {
        const LINES: u32 = 300;
        let home = tempfile::tempdir().unwrap();
        let logs = logs(home.path());
        let mut reader = logs.reader(&swarm());
        let mut writers: Vec<_> = (0..8).map(|_| logs.writer(&swarm())).collect();
        let mut seen = Vec::new();
        for number in 0..LINES {
            thread::scope(|scope| {
                for (pid, writer) in (0..).zip(&mut writers) {
                    let line = line(format!("{number} {}", "x".repeat(50)), pid);
                    scope.spawn(move || writer.write(&line).unwrap());
                }
            });
            if number % 10 == 0 {
                seen.extend(reader.more().unwrap());
            }
        }
        seen.extend(reader.more().unwrap());
        for pid in 0..8 {
            let of_one = seen.iter().filter(|line| line.pid == pid);
            let numbers: Vec<u32> =
                of_one.map(|line| line.line.split(' ').next().unwrap().parse().unwrap()).collect();
            assert_eq!(numbers, (0..LINES).collect::<Vec<_>>(), "of {pid}");
        }
        assert!(segments(&logs.directory_of(&swarm())).unwrap().len() <= 4);
    }

    #[test]
    fn writers_at_once_begin_a_segment_together_and_stay_within_the_bound() {
        let home = tempfile::tempdir().unwrap();
        let logs = logs(home.path());
        thread::scope(|scope| {
            for pid in 0..8 {
                let mut writer = logs.writer(&swarm());
                scope.spawn(move || {
                    for number in 0..500 {
                        writer.write(&line(format!("{number} {}", "x".repeat(80)), pid)).unwrap();
                    }
                });
            }
        });
        let directory = logs.directory_of(&swarm());
        let size: u64 = fs::read_dir(&directory).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum();
        // Each of the eight may have looked at the size before the line of another.
        assert!(size <= SEGMENTS * (SEGMENT + 8 * 200), "{size}");
        for number in segments(&directory).unwrap() {
            let text = fs::read(segment(&directory, number)).unwrap();
            let lines = text.strip_suffix(b"\n").unwrap_or_default().split(|byte| *byte == b'\n');
            assert!(lines.clone().all(|line| LogLine::parse(line).is_some()), "a line is torn");
        }
    }

    #[test]
    fn a_line_that_was_torn_is_passed_over_and_the_next_is_whole() {
        let home = tempfile::tempdir().unwrap();
        let logs = logs(home.path());
        let mut writer = logs.writer(&swarm());
        writer.write(&line("first".to_owned(), 1)).unwrap();
        let path = segment(&logs.directory_of(&swarm()), 1);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, [&whole[..], &whole[..10], b"\n", &whole[..]].concat()).unwrap();
        let mut reader = logs.reader(&swarm());
        assert_eq!(texts(&reader.more().unwrap()), ["first", "first"]);
        // What has no end yet waits for it.
        let unended = whole.strip_suffix(b"\n").unwrap();
        fs::write(&path, [&whole[..], &whole[..10], b"\n", &whole[..], unended].concat()).unwrap();
        assert!(reader.more().unwrap().is_empty());
        fs::write(&path, [&whole[..], &whole[..10], b"\n", &whole[..], &whole[..]].concat()).unwrap();
        assert_eq!(texts(&reader.more().unwrap()), ["first"]);
    }

    #[test]
    fn a_log_that_somebody_removes_begins_anew_for_writers_and_readers() {
        let home = tempfile::tempdir().unwrap();
        let logs = logs(home.path());
        let (mut writer, mut reader) = (logs.writer(&swarm()), logs.reader(&swarm()));
        assert!(reader.more().unwrap().is_empty(), "nothing is there yet");
        writer.write(&line("before".to_owned(), 1)).unwrap();
        assert_eq!(texts(&reader.more().unwrap()), ["before"]);
        fs::remove_dir_all(logs.directory_of(&swarm())).unwrap();
        writer.write(&line("after".to_owned(), 1)).unwrap();
        assert_eq!(texts(&reader.more().unwrap()), ["after"]);
    }

    #[test]
    fn what_leads_elsewhere_is_neither_written_nor_read() {
        let home = tempfile::tempdir().unwrap();
        let (logs, directory) = (logs(home.path()), logs(home.path()).directory_of(&swarm()));
        let elsewhere = home.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        fs::write(segment(&elsewhere, 1), "").unwrap();
        fs::create_dir_all(directory.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &directory).unwrap();
        assert!(logs.writer(&swarm()).write(&line("x".to_owned(), 1)).is_err());
        assert!(logs.reader(&swarm()).more().is_err());
        fs::remove_file(&directory).unwrap();
        fs::create_dir(&directory).unwrap();
        std::os::unix::fs::symlink(segment(&elsewhere, 1), segment(&directory, 1)).unwrap();
        assert!(logs.writer(&swarm()).write(&line("x".to_owned(), 1)).is_err());
        assert!(logs.reader(&swarm()).more().is_err());
        fs::remove_file(segment(&directory, 1)).unwrap();
        nix::unistd::mkfifo(&segment(&directory, 1), nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(logs.writer(&swarm()).write(&line("x".to_owned(), 1)).is_err(), "it does not wait");
        assert_eq!(fs::read(segment(&elsewhere, 1)).unwrap(), b"");
    }

    #[test]
    fn a_disk_that_takes_nothing_is_an_error_and_no_more() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("chassis"), "a file where a directory should be").unwrap();
        let mut writer = logs(home.path()).writer(&swarm());
        assert!(writer.write(&line("lost".to_owned(), 1)).is_err());
        fs::remove_file(home.path().join("chassis")).unwrap();
        writer.write(&line("kept".to_owned(), 1)).unwrap();
        assert_eq!(texts(&logs(home.path()).reader(&swarm()).more().unwrap()), ["kept"]);
    }
}
