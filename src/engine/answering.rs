//! Answering: how the callers of a batch learn what became of their requests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::error::Refusal;

/// An answer that waits for the commit.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), Refusal>) + Send>;

/// From this many on, answers go by way of the runtime.
const MANY: usize = 4;

type Answers = (Vec<Answer>, Result<(), Refusal>);

/// Gives answers: a few at once, many by way of a task of the runtime that the callers wait on, which wakes its own
/// tasks more cheaply than the writer's thread does.
#[derive(Debug, Default)]
pub(crate) struct Answering(Mutex<Option<UnboundedSender<Answers>>>);

impl Answering {
    fn runtime(&self) -> MutexGuard<'_, Option<UnboundedSender<Answers>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn give(&self, answers: Vec<Answer>, outcome: Result<(), Refusal>) {
        let mut unsent = Some((answers, outcome));
        if let Some(runtime) = self.runtime().as_ref()
            && let Some(many) = unsent.take_if(|(answers, _)| answers.len() >= MANY)
        {
            unsent = runtime.send(many).err().map(|refused| refused.0);
        }
        unsent.into_iter().for_each(give);
    }

    /// Has a task of this runtime give the answers from now on.
    pub(crate) fn by_way_of_this_runtime(&self) {
        let (sender, receiver) = unbounded_channel();
        *self.runtime() = Some(sender);
        tokio::spawn(give_each(receiver));
    }
}

async fn give_each(mut batches: UnboundedReceiver<Answers>) {
    while let Some(batch) = batches.recv().await {
        give(batch);
    }
}

fn give((answers, outcome): Answers) {
    for answer in answers {
        answer(outcome.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers() -> (Vec<Answer>, std::sync::mpsc::Receiver<bool>) {
        let (sender, receiver) = std::sync::mpsc::channel();
        let answer = || {
            let sender = sender.clone();
            Box::new(move |outcome: Result<(), Refusal>| sender.send(outcome.is_ok()).unwrap()) as Answer
        };
        ((0..MANY * 2).map(|_| answer()).collect(), receiver)
    }

    #[test]
    fn answers_reach_their_callers_before_during_and_after_a_runtime() {
        let answering = Answering::default();
        let (before, given) = answers();
        answering.give(before, Ok(()));
        assert_eq!(given.try_iter().count(), MANY * 2);

        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (during, given) = answers();
        runtime.block_on(async {
            answering.by_way_of_this_runtime();
            answering.give(during, Err(Refusal::NoSpace));
            tokio::task::yield_now().await;
        });
        assert_eq!(given.try_iter().filter(|outcome| !outcome).count(), MANY * 2);

        drop(runtime);
        let (after, given) = answers();
        answering.give(after, Ok(()));
        assert_eq!(given.try_iter().count(), MANY * 2);
    }
}
