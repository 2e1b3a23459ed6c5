//! What a guest logs: line by line, safe to show, and never more than its limits.

use crate::chassis::limits::Limits;
use crate::printable::printable;

/// Takes one line.
pub(super) type Sink = Box<dyn FnMut(&str) + Send>;

/// What even an empty line costs of the limit, so that a flood of them ends, too.
const LINE_COST: usize = 64;

/// The log of one task.
pub(super) struct GuestLog {
    sink: Sink,
    line_limit: usize,
    limit: usize,
    left: usize,
    lines: u64,
    full: bool,
}

impl GuestLog {
    pub(super) fn new(sink: Sink, limits: &Limits) -> Self {
        let (line_limit, limit) = (limits.log_line_bytes, limits.log_bytes);
        Self { sink, line_limit, limit, left: limit, lines: 0, full: false }
    }

    /// How many lines were passed on, notices not counted.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// Passes one line on, cut to its limit; once the log is full, says so once and drops everything.
    pub(super) fn line(&mut self, bytes: &[u8]) {
        if self.full {
            return;
        }
        let kept = &bytes[..bytes.len().min(self.line_limit)];
        let mut text = printable(&String::from_utf8_lossy(kept));
        if kept.len() < bytes.len() {
            text.push_str(" … (cut)");
        }
        let Some(left) = self.left.checked_sub(text.len() + LINE_COST) else {
            self.full = true;
            return (self.sink)(&format!("(the log ends here: its limit is {} bytes)", self.limit));
        };
        self.left = left;
        self.lines += 1;
        (self.sink)(&text);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    fn logged(limits: &Limits, lines: &[&[u8]]) -> Vec<String> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        let mut log = GuestLog::new(Box::new(move |line| sink.lock().unwrap().push(line.to_owned())), limits);
        for line in lines {
            log.line(line);
        }
        seen.lock().unwrap().clone()
    }

    #[test]
    fn a_long_line_is_cut() {
        let limits = Limits { log_line_bytes: 4, ..Limits::default() };
        assert_eq!(logged(&limits, &[b"abcdefgh", b"abcd"]), ["abcd … (cut)", "abcd"]);
    }

    #[test]
    fn a_full_log_says_so_once() {
        let limits = Limits { log_bytes: 2 * LINE_COST, ..Limits::default() };
        let lines = logged(&limits, &[b"", b"", b"", b""]);
        assert_eq!(lines, ["", "", "(the log ends here: its limit is 128 bytes)"]);
    }

    #[test]
    fn a_guest_cannot_forge_a_second_line() {
        assert_eq!(logged(&Limits::default(), &[b"a\nother-swarm: b\xff"]), ["a\\nother-swarm: b\u{fffd}"]);
    }
}
