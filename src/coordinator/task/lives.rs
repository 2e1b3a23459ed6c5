//! Whole lives of a task, made up by chance: commands by anybody with any token that was ever given, holders that
//! vanish, restores, and a leader that does at any time what the rules say is due.

use std::time::Duration;

use proptest::prelude::*;

use super::*;

/// What somebody says who has, or once had, the token of the task.
#[derive(Debug, Clone, Copy)]
enum Said {
    Received,
    Progress,
    Complete,
    Fail { retryable: bool },
    Release,
    Block,
}

/// What may happen.
#[derive(Debug, Clone, Copy)]
enum Event {
    Claim { pushed: bool },
    Said { token: prop::sample::Index, what: Said },
    Vanished,
    Restored,
    Passed { seconds: u8 },
    Canceled,
    Retried,
    Unblocked,
    Dependency(Fate),
    Helped,
    HelpedInVain,
    Led,
}

/// A task, and what the store keeps beside its record.
#[derive(Debug)]
struct World {
    record: TaskRecord,
    /// The create revision of the hold.
    hold: Option<i64>,
    epoch: u64,
    revision: i64,
    seconds: i64,
    fate: Fate,
    given: Vec<Token>,
    accepted: usize,
}

const BY: &str = "tester";
const MAX_LOSSES: u32 = 3;
const PATIENCE: Duration = Duration::from_mins(1);

fn dependency() -> TaskId {
    "before".parse().unwrap()
}

fn helper() -> TaskId {
    "help".parse().unwrap()
}

impl World {
    fn new(policy: OnDependencyFailure, deadline: Option<u16>, waits: bool) -> Self {
        let at = Timestamp::from_micros(0);
        let mut record = TaskRecord::new("t".parse().unwrap(), BY, at);
        record.on_dependency_failure = policy;
        record.max_attempts = 2;
        record.deadline = deadline.map(|seconds| at.after(Duration::from_secs(seconds.into())));
        if waits {
            record.unmet.insert(dependency());
            (record.reason, record.ready_at) = (Some(Reason::Waiting), None);
        }
        let (epoch, revision, seconds, accepted) = (0, 10, 0, 0);
        Self { record, hold: None, epoch, revision, seconds, fate: Fate::Open, given: Vec::new(), accepted }
    }

    fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.seconds * 1_000_000)
    }

    fn token(&self) -> Option<Token> {
        self.hold.map(|revision| Token { epoch: self.epoch, revision })
    }

    fn happen(&mut self, event: Event) {
        self.revision += 1;
        let at = self.at();
        let record = &self.record;
        match event {
            Event::Claim { pushed } => self.claim(pushed),
            Event::Said { token, what } if !self.given.is_empty() => {
                self.hear(*token.get(&self.given), what);
            }
            Event::Vanished => self.hold = None,
            Event::Restored => {
                self.epoch += 1;
                self.revision = (self.revision - 5).max(self.hold.unwrap_or(0));
            }
            Event::Passed { seconds } => self.seconds += i64::from(seconds),
            Event::Canceled if !record.state.is_terminal() => {
                self.record = record.canceled(None, Money::ZERO, BY, at);
                self.hold = None;
            }
            Event::Retried if record.is_given_up() => self.record = record.retried(BY, at),
            Event::Unblocked if record.is_blocked() => self.record = record.unblocked(BY, at),
            Event::Dependency(fate) if self.fate != Fate::Met => self.fate = fate,
            Event::Helped if !record.state.is_terminal() => self.record = record.helped(&helper(), BY, at),
            Event::HelpedInVain if record.awaits_help(&helper()) => {
                self.record = record.helped_in_vain(&helper(), BY, at);
            }
            Event::Led => self.lead(),
            _ => {}
        }
    }

    fn claim(&mut self, pushed: bool) {
        if self.record.is_ready() && self.hold.is_none() {
            let claim_id = format!("c{}", self.revision).parse().unwrap();
            let attempt = Attempt { claim_id, reserved: Money::from_dollars(1), pushed };
            self.record = self.record.claimed(&"s1".parse().unwrap(), &attempt, BY, self.at());
            self.hold = Some(self.revision);
            self.given.extend(self.token());
        }
    }

    fn hear(&mut self, token: Token, what: Said) {
        if self.token() != Some(token) {
            return;
        }
        let (record, at, cost) = (&self.record, self.at(), Money::from_dollars(1));
        let retry = RetryRule { base: Duration::from_secs(1), cap: Duration::from_secs(9), jitter: 1.0 };
        let error = |retryable| TaskError { class: "exit".into(), message: String::new(), retryable };
        let (next, goes_on) = match what {
            Said::Received => (record.received(BY, at), true),
            Said::Progress => (record.progressed("half".to_owned(), Some(50), BY, at), true),
            Said::Complete => (record.completed(token, cost, BY, at), false),
            Said::Fail { retryable } => (record.failed(error(retryable), cost, &retry, BY, at), false),
            Said::Release => (record.released(Money::ZERO, BY, at), false),
            Said::Block => (record.blocked(Vec::new(), String::new(), Money::ZERO, BY, at), false),
        };
        self.accepted += usize::from(matches!(what, Said::Complete));
        self.record = next;
        self.hold = self.hold.filter(|_| goes_on);
    }

    /// Everything that is due, each as the leader finds it.
    fn lead(&mut self) {
        let at = self.at();
        let record = &self.record;
        if record.state == State::Working && self.hold.is_none() {
            self.record = match record.received_at {
                Some(_) => record.returned(record.reserved, MAX_LOSSES, BY, at),
                None => record.recalled(BY, at),
            };
        }
        if self.record.is_overdue(at) {
            self.record = self.record.expired(self.record.reserved, BY, at);
            self.hold = None;
        }
        if self.record.is_due(at) {
            self.record = self.record.due(BY, at);
        }
        if self.record.is_to_be_told(&dependency(), self.fate) {
            self.record = self.record.told(&dependency(), self.fate, BY, at);
        }
        if self.record.is_stalling(PATIENCE, at) {
            self.record = self.record.stalled(BY, at);
        }
        let unanswered = self.record.blocker.as_ref().is_some_and(|blocker| !blocker.requested);
        if self.record.reason == Some(Reason::Blocked) && unanswered {
            self.record = self.record.awaiting_help([helper()].into(), BY, at);
        }
    }

    fn assert_sound_after(&self, before: &TaskRecord, event: Event) {
        let record = &self.record;
        if before.state.is_terminal() {
            assert_eq!(record, before, "what has ended changed by {event:?}");
        }
        assert!(self.accepted <= 1, "{} completions were accepted", self.accepted);
        assert_eq!(self.accepted == 1, record.state == State::Completed, "{event:?}");
        assert!(self.given.is_sorted_by(|a, b| a < b), "a token went back: {:?}", self.given);
        assert!(self.hold.is_none() || record.state == State::Working, "held while {}", record.state);
        assert!(record.reserved == Money::ZERO || record.state == State::Working, "set aside for nobody");
        assert!(record.spent >= before.spent, "what was spent came back");
        assert!(record.failed_dependencies.is_subset(&record.unmet), "{record:?}");
        let begun = record.is_ready() || record.state == State::Working;
        assert!(!begun || record.unmet.is_empty(), "begun before what it waits for: {record:?}");
        assert!(record.attempt <= record.max_attempts.max(before.attempt + 1), "{record:?}");
        assert!(record.lease_losses <= MAX_LOSSES, "{record:?}");
        assert_eq!(record.ended_at.is_some(), record.state.is_terminal(), "{record:?}");
    }
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        Just(Said::Received),
        Just(Said::Progress),
        Just(Said::Complete),
        any::<bool>().prop_map(|retryable| Said::Fail { retryable }),
        Just(Said::Release),
        Just(Said::Block),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => any::<bool>().prop_map(|pushed| Event::Claim { pushed }),
        8 => (any::<prop::sample::Index>(), said()).prop_map(|(token, what)| Event::Said { token, what }),
        6 => Just(Event::Led),
        2 => Just(Event::Vanished),
        1 => Just(Event::Restored),
        3 => (1_u8..90).prop_map(|seconds| Event::Passed { seconds }),
        1 => Just(Event::Canceled),
        2 => Just(Event::Retried),
        2 => Just(Event::Unblocked),
        2 => prop::sample::select(vec![Fate::Open, Fate::Met, Fate::Failed]).prop_map(Event::Dependency),
        1 => Just(Event::Helped),
        1 => Just(Event::HelpedInVain),
    ]
}

fn policy() -> impl Strategy<Value = OnDependencyFailure> {
    use OnDependencyFailure::{Block, Cancel, Run};
    prop::sample::select(vec![Block, Cancel, Run])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_life_has_two_completions_an_end_that_changes_or_a_token_that_goes_back(
        policy in policy(),
        deadline in prop::option::weighted(0.3, 1_u16..600),
        waits in any::<bool>(),
        events in prop::collection::vec(event(), 1..80),
    ) {
        let mut world = World::new(policy, deadline, waits);
        for event in events {
            let before = world.record.clone();
            world.happen(event);
            world.assert_sound_after(&before, event);
        }
    }
}
