//! What a guest logs and prints: line by line, safe to show, and never more than its limits.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::chassis::limits::Limits;
use crate::printable::printable;

/// Takes one line.
pub(super) type Sink = Box<dyn FnMut(&str) + Send>;

/// What even an empty line costs of the limit, so that a flood of them ends, too.
const LINE_COST: usize = 64;

/// How many of the last lines that it printed as errors are remembered, and how many bytes of each.
const LAST_WORDS: usize = 64;
const LAST_WORDS_BYTES: usize = 512;

/// The guest logged more than it may: it is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} bytes of log")]
pub(super) struct LogFull {
    pub(super) limit: usize,
}

/// Where a guest prints to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    Out,
    Error,
}

/// The log of one task, shared by all that write to it.
#[derive(Clone)]
pub(super) struct SharedLog(Arc<Mutex<GuestLog>>);

impl SharedLog {
    pub(super) fn new(sink: Sink, limits: &Limits) -> Self {
        Self(Arc::new(Mutex::new(GuestLog::new(sink, limits))))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, GuestLog> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The log of one task.
pub(super) struct GuestLog {
    sink: Sink,
    line_limit: usize,
    limit: usize,
    left: usize,
    lines: u64,
    /// What was printed to either channel since its last end of line.
    begun: [Vec<u8>; 2],
    /// The last lines that were printed as errors, as they were.
    last_words: VecDeque<String>,
}

impl GuestLog {
    fn new(sink: Sink, limits: &Limits) -> Self {
        let (line_limit, limit) = (limits.log_line_bytes, limits.log_bytes);
        Self {
            sink,
            line_limit,
            limit,
            left: limit,
            lines: 0,
            begun: [const { Vec::new() }; 2],
            last_words: VecDeque::new(),
        }
    }

    /// How many lines were passed on.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// Passes one line on, cut to its limit.
    ///
    /// # Errors
    /// [`LogFull`] when it does not fit any more; from then on, nothing is passed on.
    pub(super) fn line(&mut self, bytes: &[u8]) -> Result<(), LogFull> {
        let kept = &bytes[..bytes.len().min(self.line_limit)];
        let mut text = printable(&String::from_utf8_lossy(kept));
        if kept.len() < bytes.len() {
            text.push_str(" … (cut)");
        }
        let left = self.left.checked_sub(text.len() + LINE_COST);
        self.left = left.unwrap_or(0);
        if left.is_none() {
            return Err(LogFull { limit: self.limit });
        }
        self.lines += 1;
        (self.sink)(&text);
        Ok(())
    }

    /// Passes on what was printed, line by line; a line that is too long goes on in the next.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub(super) fn print(&mut self, channel: Channel, bytes: &[u8]) -> Result<(), LogFull> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ended) = match piece.strip_suffix(b"\n") {
                Some(text) => (text, true),
                None => (piece, false),
            };
            self.begun[channel as usize].extend_from_slice(text);
            while self.begun[channel as usize].len() > self.line_limit.max(1) {
                let rest = self.begun[channel as usize].split_off(self.line_limit.max(1));
                self.end_line(channel)?;
                self.begun[channel as usize] = rest;
            }
            if ended {
                self.end_line(channel)?;
            }
        }
        Ok(())
    }

    /// Passes on the lines that were begun and never ended.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub(super) fn finish(&mut self) -> Result<(), LogFull> {
        for channel in [Channel::Out, Channel::Error] {
            if !self.begun[channel as usize].is_empty() {
                self.end_line(channel)?;
            }
        }
        Ok(())
    }

    /// The last lines that the guest printed as errors, as it wrote them.
    pub(super) fn last_words(&self) -> Vec<&str> {
        self.last_words.iter().map(String::as_str).collect()
    }

    fn end_line(&mut self, channel: Channel) -> Result<(), LogFull> {
        let line = std::mem::take(&mut self.begun[channel as usize]);
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        if channel == Channel::Error {
            if self.last_words.len() == LAST_WORDS {
                self.last_words.pop_front();
            }
            let kept = &line[..line.len().min(LAST_WORDS_BYTES)];
            self.last_words.push_back(String::from_utf8_lossy(kept).into_owned());
        }
        self.line(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(limits: &Limits, log_all: impl FnOnce(&mut GuestLog)) -> Vec<String> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        let mut log = GuestLog::new(Box::new(move |line| sink.lock().unwrap().push(line.to_owned())), limits);
        log_all(&mut log);
        assert_eq!(log.lines(), seen.lock().unwrap().len() as u64);
        seen.lock().unwrap().clone()
    }

    #[test]
    fn a_long_line_is_cut() {
        let limits = Limits { log_line_bytes: 4, ..Limits::default() };
        let lines = logged(&limits, |log| {
            log.line(b"abcdefgh").unwrap();
            log.line(b"abcd").unwrap();
        });
        assert_eq!(lines, ["abcd … (cut)", "abcd"]);
    }

    #[test]
    fn a_full_log_takes_nothing_more() {
        let limits = Limits { log_bytes: 2 * LINE_COST, ..Limits::default() };
        let full = Err(LogFull { limit: 2 * LINE_COST });
        let lines = logged(&limits, |log| {
            let ends: Vec<_> = [&b""[..], b"longer", b"", b"x"].iter().map(|line| log.line(line)).collect();
            assert_eq!(ends, [Ok(()), full, full, full]);
            assert_eq!(log.print(Channel::Out, b"\n"), full);
        });
        assert_eq!(lines, [""]);
    }

    #[test]
    fn a_guest_cannot_forge_a_second_line() {
        let lines = logged(&Limits::default(), |log| log.line(b"a\nother-swarm: b\xff").unwrap());
        assert_eq!(lines, ["a\\nother-swarm: b\u{fffd}"]);
    }

    #[test]
    fn what_is_printed_becomes_lines_whatever_the_pieces() {
        let lines = logged(&Limits::default(), |log| {
            for piece in [&b"one\r\ntw"[..], b"", b"o\n\nthr", b"ee"] {
                log.print(Channel::Out, piece).unwrap();
                log.print(Channel::Error, b"!").unwrap();
            }
            log.finish().unwrap();
            log.finish().unwrap();
        });
        assert_eq!(lines, ["one", "two", "", "three", "!!!!"]);
    }

    #[test]
    fn the_last_lines_that_were_printed_as_errors_are_remembered() {
        logged(&Limits::default(), |log| {
            log.print(Channel::Out, b"elsewhere\n").unwrap();
            for number in 0..=LAST_WORDS {
                log.print(Channel::Error, format!("{number}\n").as_bytes()).unwrap();
            }
            log.print(Channel::Error, &[b'x'; 1000]).unwrap();
            log.finish().unwrap();
            let words = log.last_words();
            assert_eq!(
                (words.len(), words[0], words[LAST_WORDS - 1].len()),
                (LAST_WORDS, "2", LAST_WORDS_BYTES)
            );
        });
    }

    #[test]
    fn a_line_without_an_end_goes_on_in_the_next_and_counts() {
        let limits = Limits { log_line_bytes: 4, log_bytes: 3 * (LINE_COST + 4), ..Limits::default() };
        let lines = logged(&limits, |log| {
            log.print(Channel::Out, b"abcdefghij").unwrap();
            assert_eq!(log.print(Channel::Out, &[b'x'; 1000]), Err(LogFull { limit: 3 * (LINE_COST + 4) }));
        });
        assert_eq!(lines, ["abcd", "efgh", "ijxx"]);
    }
}
