//! A program that calls the library, under a clock that is years behind and jumps by hours: no promise may hang on it.

use std::time::Duration;

use infrafabric::clock::{Clock, ManualClock};
use infrafabric::coordinator::Token;
use infrafabric::coordinator::service::{Claim, ClaimOutcome, Coordinator, CoordinatorError, Finished};
use infrafabric::id::ClaimId;
use infrafabric::money::Money;
use infrafabric::store::{Connection, Store};

use super::{Memory, Move};
use crate::linearizability::operation::{Answer, Call, ClaimNumber};
use crate::linearizability::recorder::{Recorder, TTL, end_of_lease};
use crate::support::connected::connection_to;

/// A claim that got no answer is asked for so often.
const TRIES: usize = 3;
/// How long it thinks between two operations, at most.
const THOUGHT: Duration = Duration::from_millis(40);

pub(in crate::linearizability) struct Wayward {
    name: String,
    connection: Connection,
    memory: Memory,
    recorder: Recorder,
}

impl Wayward {
    pub(in crate::linearizability) fn new(
        number: usize,
        endpoint: &str,
        tasks: &[String],
        recorder: &Recorder,
    ) -> Self {
        let connection = Connection { timeout: Duration::from_secs(2), ..connection_to(endpoint) };
        let (name, memory) = (format!("wayward-{number}"), Memory::new(tasks));
        Self { name, connection, memory, recorder: recorder.clone() }
    }

    pub(in crate::linearizability) async fn run(mut self) {
        let clock = ManualClock::default();
        let store = Store::connect(&self.connection).await.unwrap();
        let coordinator = Coordinator::new(store, Clock::Manual(clock.clone()));
        while !self.recorder.is_over() {
            clock.advance(Duration::from_hours(rand::random_range(0..100)));
            match self.memory.next() {
                Move::Claim(task) => self.claim(&coordinator, &task, &clock).await,
                Move::Complete(task, token) => self.complete(&coordinator, &task, token).await,
                Move::Release(task, token) => self.release(&coordinator, &task, token).await,
            }
            tokio::time::sleep(THOUGHT.mul_f64(rand::random())).await;
        }
    }

    /// Claims, and asks again as long as there is no answer.
    async fn claim(&mut self, coordinator: &Coordinator, task: &str, clock: &ManualClock) {
        let asked = self.recorder.now();
        let Ok(lease) = coordinator.store().grant(TTL).await else { return };
        let claim = Claim {
            task: task.parse().unwrap(),
            swarm: self.name.parse().unwrap(),
            claim_id: ClaimId::fresh(Clock::Manual(clock.clone()).now()),
            lease: lease.id,
            session: None,
            pushed: false,
        };
        let number = self.recorder.next_claim();
        self.recorder.note_lapse(task, &self.name, end_of_lease(asked), number);
        for _ in 0..TRIES {
            let answer = self.ask(coordinator, &claim, number).await;
            if let Answer::Won(token) = answer {
                self.memory.held = Some((task.to_owned(), token));
            }
            if answer != Answer::Unknown {
                return;
            }
        }
    }

    async fn ask(&self, coordinator: &Coordinator, claim: &Claim, number: ClaimNumber) -> Answer {
        let invoked = self.recorder.now();
        let answer = match coordinator.claim(claim).await {
            Ok(ClaimOutcome::Won { token, .. }) => Answer::Won(token),
            Ok(ClaimOutcome::Lost { holder }) => Answer::Lost(holder),
            Ok(ClaimOutcome::NotReady { .. }) => Answer::Over,
            Ok(other) => panic!("{other:?}"),
            Err(_) => Answer::Unknown,
        };
        self.recorder.note(claim.task.as_str(), &self.name, invoked, Call::Claim(number), answer.clone());
        answer
    }

    async fn complete(&self, coordinator: &Coordinator, task: &str, token: Token) {
        let invoked = self.recorder.now();
        let ended = coordinator.complete(&task.parse().unwrap(), token, Vec::new(), None).await;
        self.recorder.note(task, &self.name, invoked, Call::Complete(token), answer(ended));
    }

    async fn release(&self, coordinator: &Coordinator, task: &str, token: Token) {
        let invoked = self.recorder.now();
        let ended = coordinator.release(&task.parse().unwrap(), token, Money::ZERO).await;
        self.recorder.note(task, &self.name, invoked, Call::Release(token), answer(ended));
    }
}

fn answer(ended: Result<Finished, CoordinatorError>) -> Answer {
    match ended {
        Ok(_) => Answer::Accepted,
        Err(CoordinatorError::Stale { .. }) => Answer::Stale,
        Err(error) if error.is_retryable() => Answer::Unknown,
        Err(error) => panic!("{error}"),
    }
}
