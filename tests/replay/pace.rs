//! The pace: recorded time, so many times faster, without the hours in which nothing happened.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use infrafabric::clock::{Timestamp, stopwatch};

use super::trace::Event;

/// How many times faster.
const SPEED: u32 = 2000;
/// A pause that was longer is cut to this.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);
/// Nobody gets further ahead of the slowest, in recorded time: a machine that is busy does not turn the days around.
const AHEAD: Duration = Duration::from_hours(1);

pub(super) struct Pace {
    begun: Instant,
    turns: Vec<Turn>,
    /// Turns that are not over.
    open: Mutex<BTreeSet<usize>>,
    ended: Condvar,
}

struct Turn {
    recorded: Timestamp,
    due: Duration,
}

impl Pace {
    /// Each event is a turn; the first is due now.
    pub(super) fn new(events: &[Event]) -> Self {
        let mut due = Duration::ZERO;
        let mut before = events[0].at;
        let turns = events.iter().map(|event| {
            due += event.at.since(before).min(LONGEST_PAUSE) / SPEED;
            before = event.at;
            Turn { recorded: event.at, due }
        });
        let turns: Vec<Turn> = turns.collect();
        let open = Mutex::new((0..turns.len()).collect());
        Self { begun: stopwatch(), turns, open, ended: Condvar::new() }
    }

    /// Acts when it is time.
    pub(super) fn in_turn<T>(&self, turn: usize, act: impl FnOnce() -> T) -> T {
        let Turn { recorded, due } = &self.turns[turn];
        thread::sleep(due.saturating_sub(self.begun.elapsed()));
        let too_far = |open: &mut BTreeSet<usize>| {
            open.first().is_some_and(|slowest| recorded.since(self.turns[*slowest].recorded) > AHEAD)
        };
        drop(self.ended.wait_while(self.open.lock().unwrap(), too_far).unwrap());
        let _over = Over { pace: self, turn };
        act()
    }
}

/// Ends a turn; all of them when its player fails, for nobody plays the rest of its part.
struct Over<'p> {
    pace: &'p Pace,
    turn: usize,
}

impl Drop for Over<'_> {
    fn drop(&mut self) {
        if let Ok(mut open) = self.pace.open.lock() {
            if thread::panicking() {
                open.clear();
            }
            open.remove(&self.turn);
        }
        self.pace.ended.notify_all();
    }
}
