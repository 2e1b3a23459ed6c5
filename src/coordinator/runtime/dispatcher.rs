//! The leader's loop: watches the store, hands out ready tasks, takes back what was lost.
//!
//! Every step does what the changes since the last one call for; the watch then shows what came of it. What a
//! rival made stale is refused by its compare and seen again in the next step.

mod allotting;
mod assigning;
mod calls;
mod duty;
mod refusals;

use std::collections::HashMap;
use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use tokio::time::{MissedTickBehavior, interval};

use self::allotting::is_worth_a_try;
use self::refusals::Refusals;
use super::health::Charts;
use super::leader::Leadership;
use super::pace::Measured;
use super::planner::Planner;
use super::view::{Sign, View};
use crate::clock::{Clock, Timestamp};
use crate::coordinator::service::{Authority, Coordinator, CoordinatorError};
use crate::id::{ClaimId, TaskId};
use crate::store::{MAX_BATCH, Prefix, Store, StoreError};

/// How often time alone may bring something about: a pause that ends, an assignment that nobody took up.
const TICK: Duration = Duration::from_millis(200);

/// How long a task is left alone that could not be helped.
const LEFT_ALONE: Duration = Duration::from_secs(30);

/// How many status words are written between two looks at the tasks at most.
const WORDS: usize = 50;

/// How many duties are carried out at the same time: each takes several round trips.
const SIDE_BY_SIDE: usize = 16;

/// After so many duties there may be more of them.
const MANY: usize = 50;

/// The leader at work.
#[derive(Debug)]
pub struct Dispatcher {
    coordinator: Coordinator,
    store: Store,
    clock: Clock,
    authority: Authority,
    planner: Planner,
    charts: Charts,
    measured: Measured,
    /// Whether it is time for what need not be done with every change.
    round_is_due: bool,
    /// Tasks that could not be helped, and until when they are left alone.
    left_alone: HashMap<TaskId, Timestamp>,
    refusals: Refusals,
    /// Since when nobody draws on the overall budget what was too much for it.
    too_much_since: Option<Timestamp>,
    /// When this leader first saw each assignment, for machines whose clocks disagree.
    seen: HashMap<ClaimId, Timestamp>,
}

impl Dispatcher {
    /// A leader over `coordinator`'s store.
    #[must_use]
    pub fn new(coordinator: Coordinator, clock: Clock, leadership: &Leadership, name: &str) -> Self {
        Self {
            store: coordinator.store().clone(),
            authority: Authority::leader(name, leadership.create_revision),
            coordinator,
            clock,
            planner: Planner::default(),
            charts: Charts::default(),
            measured: Measured::new(leadership, name),
            round_is_due: true,
            left_alone: HashMap::new(),
            refusals: Refusals::default(),
            too_much_since: None,
            seen: HashMap::new(),
        }
    }

    /// Leads until leadership is lost.
    ///
    /// # Errors
    /// When the store refuses what a leader needs.
    pub async fn run(mut self, leadership: &Leadership) -> Result<(), CoordinatorError> {
        tokio::select! {
            ended = self.lead() => ended,
            () = leadership.lost() => Ok(()),
        }
    }

    async fn lead(&mut self) -> Result<(), CoordinatorError> {
        loop {
            let ended = match View::read(&self.store).await {
                Ok(mut view) => {
                    self.begin(&view);
                    self.follow(&mut view).await
                }
                Err(error) => Err(error.into()),
            };
            match ended {
                Err(CoordinatorError::Store(StoreError::Compacted { .. })) => {
                    tracing::warn!(
                        "the history was compacted faster than it was read: reading everything anew"
                    );
                }
                ended => return ended,
            }
        }
    }

    /// Begins with a view that nothing is known of yet.
    fn begin(&mut self, view: &View) {
        let now = self.clock.now();
        self.planner = Planner::default();
        self.charts = Charts::begin(view, now);
        for (swarm, health) in self.charts.unwell() {
            self.planner.set_health(view, swarm, health, now);
        }
    }

    /// Keeps the view current and does what is due. The watch runs in a task of its own, so that no tick
    /// interrupts it.
    async fn follow(&mut self, view: &mut View) -> Result<(), CoordinatorError> {
        let watch = self.store.watch(&Prefix::All, view.revision + 1).without_previous();
        let mut changes = watch.into_channel();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut settled = 0;
        loop {
            tokio::select! {
                batch = changes.recv() => match batch {
                    Some(batch) => view.apply(&batch?),
                    None => return Ok(()),
                },
                _ = tick.tick() => self.round_is_due = true,
            }
            while let Ok(batch) = changes.try_recv() {
                view.apply(&batch?);
            }
            if view.revision < settled {
                continue;
            }
            match self.step(view).await {
                Ok(revision) => settled = settled.max(revision),
                Err(error) if error.is_retryable() => tracing::warn!(%error, "a step is tried again"),
                Err(error) => return Err(error),
            }
        }
    }

    /// Does what is due. Gives the revision that the view must show before the next step, so that no step
    /// decides on what its predecessor has already changed.
    async fn step(&mut self, view: &mut View) -> Result<i64, CoordinatorError> {
        let now = self.clock.now();
        if self.too_much_since.take_if(|since| is_worth_a_try(*since, view, now)).is_some() {
            view.forget_too_much();
        }
        let change = view.take_change();
        self.planner.update(view, change, now);
        for sign in view.take_signs() {
            match sign {
                Sign::Received(receipt) => self.measured.received(receipt, now),
                sign => self.charts.note(&sign, view, now),
            }
        }
        for (swarm, health) in self.charts.look(view, now) {
            tracing::info!(%swarm, %health, "its health is another");
            self.planner.set_health(view, &swarm, health, now);
        }
        let assigned = self.assign(view, now).await;
        // What keeps tasks from being handed out must not keep the leader from everything else.
        // Who is stuck waits for no round.
        let is_stuck = view.unanswered().any(|task| !self.left_alone.contains_key(task));
        if std::mem::take(&mut self.round_is_due) || is_stuck {
            self.round(view, now).await?;
        }
        assigned
    }

    /// What looks at more than what changed, and is done from time to time.
    async fn round(&mut self, view: &mut View, now: Timestamp) -> Result<(), CoordinatorError> {
        for (task, _) in self.left_alone.extract_if(|_, until| *until <= now) {
            self.planner.take_in(view, &task);
        }
        self.refusals.retain(|task| view.ready(task).is_some());
        self.take_back(view, now).await?;
        self.do_duties(view, now).await?;
        self.end_calls(view, now).await;
        self.raise_alarm(view, now).await;
        for (swarm, health) in self.charts.take_unwritten(WORDS) {
            let vanished: Vec<_> = view.vanished().get(&swarm).into_iter().flatten().cloned().collect();
            let noted = self.coordinator.note_health(&swarm, health, &vanished, &self.authority).await;
            if let Err(error) = noted {
                // The next look finds that the word is still another.
                tracing::warn!(%swarm, %error, "its health is not written");
            }
        }
        let unmissed = self.charts.unmissed(view, MAX_BATCH);
        if let Err(error) = self.coordinator.forget(&unmissed, &self.authority).await {
            // The next round finds them again.
            tracing::warn!(%error, "workers that vanished are not forgotten");
        }
        if let Err(error) = self.measured.publish(&self.store, now).await {
            tracing::warn!(%error, "the pace is not published");
        }
        Ok(())
    }

    async fn do_duties(&mut self, view: &View, now: Timestamp) -> Result<(), CoordinatorError> {
        let duties = duty::due(view, now, |task| self.left_alone.contains_key(task));
        // What comes of them brings the next step, and with it the rest.
        self.round_is_due = duties.len() >= MANY;
        let (coordinator, authority) = (&self.coordinator, &self.authority);
        let done = duties.into_iter().map(|duty| async move {
            let task = duty.task().clone();
            (task, duty.perform(coordinator, authority).await)
        });
        let done: Vec<_> = stream::iter(done).buffer_unordered(SIDE_BY_SIDE).collect().await;
        for (task, outcome) in done {
            match outcome {
                Ok(()) => {}
                Err(error) if error.is_retryable() => return Err(error),
                Err(error) => {
                    // One task that cannot be helped must not keep the leader from all others.
                    tracing::error!(%task, %error, "the task is left alone for a while");
                    self.left_alone.insert(task, now.after(LEFT_ALONE));
                }
            }
        }
        Ok(())
    }
}
