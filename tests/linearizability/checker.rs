//! Whether a history can be told as one story: a search for an order of its operations that keeps the order of those
//! that did not overlap, and in which each was answered as the register would have (Wing and Gong 1993, with Lowe's
//! memory of what was tried in vain).

use std::collections::HashSet;

use super::operation::{Moment, Operation};
use super::register::Register;

/// Finds an order.
///
/// # Errors
/// When there is none, the shortest history that shows it: up to the first answer that nothing explains, without those
/// who only looked on.
pub(super) fn check(history: &[Operation]) -> Result<(), Vec<Operation>> {
    if is_linearizable(history) { Ok(()) } else { Err(shortest(history)) }
}

/// The history for people, in the order in which the operations began.
pub(super) fn describe(history: &[Operation]) -> String {
    let mut history: Vec<&Operation> = history.iter().collect();
    history.sort_by_key(|operation| operation.invoked);
    history.into_iter().map(|operation| format!("  {operation}")).collect::<Vec<_>>().join("\n")
}

fn shortest(history: &[Operation]) -> Vec<Operation> {
    let mut answers: Vec<Moment> = history.iter().filter_map(|operation| operation.returned).collect();
    answers.sort_unstable();
    let until = |moment| history.iter().filter_map(|operation| operation.as_of(moment)).collect::<Vec<_>>();
    // Every beginning of a linearizable history is linearizable.
    let first = answers.partition_point(|&moment| is_linearizable(&until(moment)));
    let mut offending = answers.get(first).map_or_else(|| history.to_vec(), |&moment| until(moment));
    let mut at = 0;
    while at < offending.len() {
        let mut without = offending.clone();
        if without.remove(at).only_looks() && !is_linearizable(&without) {
            offending = without;
        } else {
            at += 1;
        }
    }
    let claimed: HashSet<_> = offending.iter().filter_map(Operation::claim).collect();
    offending.retain(|operation| operation.lapse().is_none_or(|claim| claimed.contains(&claim)));
    offending
}

fn is_linearizable(history: &[Operation]) -> bool {
    let mut search = Search { history, tried: HashSet::new() };
    search.extend(&mut vec![false; history.len()], &Register::default())
}

struct Search<'h> {
    history: &'h [Operation],
    /// Which operations were in the story, and what the task was then.
    tried: HashSet<(Vec<bool>, Register)>,
}

impl Search<'_> {
    /// Whether the story so far can be told to its end.
    fn extend(&mut self, told: &mut Vec<bool>, register: &Register) -> bool {
        let untold = || self.history.iter().enumerate().filter(|(at, _)| !told[*at]);
        // What began after this answer was given comes after the operation that was answered.
        let Some(horizon) = untold().filter_map(|(_, operation)| operation.returned).min() else {
            return true;
        };
        if !self.tried.insert((told.clone(), register.clone())) {
            return false;
        }
        let mut next: Vec<(usize, Register)> = untold()
            .filter(|(_, operation)| operation.invoked <= horizon)
            .filter_map(|(at, operation)| Some((at, register.after(operation)?)))
            .collect();
        // What changes nothing is best told as soon as it can be: nothing is lost by it.
        if let Some(at) = next.iter().position(|(_, after)| after == register) {
            next = vec![next.swap_remove(at)];
        }
        next.into_iter().any(|(at, after)| {
            told[at] = true;
            let ends = self.extend(told, &after);
            told[at] = ends;
            ends
        })
    }
}

#[cfg(test)]
mod tests {
    use infrafabric::coordinator::Token;

    use super::super::operation::Answer::{Accepted, Lost, Over, Stale, Unknown, Won};
    use super::super::operation::Call::{Claim, Complete, Lapse, Release};
    use super::super::operation::{Answer, Call};
    use super::*;

    fn token(revision: i64) -> Token {
        Token { epoch: 0, revision }
    }

    fn lost_to(holder: &str) -> Answer {
        Lost(holder.to_owned())
    }

    /// An operation of the client `by` between two moments.
    fn operation(by: &str, between: (Moment, Moment), call: Call, answer: Answer) -> Operation {
        let returned = (answer != Unknown).then_some(between.1);
        Operation { client: by.to_owned(), call, answer, invoked: between.0, returned }
    }

    fn accepts(history: &[Operation]) {
        if let Err(offending) = check(history) {
            panic!("refused:\n{}", describe(&offending));
        }
    }

    /// Refuses it; how long the shortest offending history is.
    fn refuses(history: &[Operation]) -> usize {
        check(history).expect_err("it cannot be told as one story").len()
    }

    #[test]
    fn one_after_the_other_is_one_story() {
        accepts(&[
            operation("a", (0, 1), Claim(1), Won(token(5))),
            operation("b", (2, 3), Claim(2), lost_to("a")),
            operation("a", (4, 5), Release(token(5)), Accepted),
            operation("a", (6, 7), Complete(token(5)), Stale),
            operation("b", (8, 9), Claim(3), Won(token(9))),
            operation("b", (10, 11), Complete(token(9)), Accepted),
            operation("b", (12, 13), Complete(token(9)), Accepted),
            operation("a", (14, 15), Claim(4), Over),
        ]);
    }

    #[test]
    fn two_owners_at_a_time_are_refused() {
        let history = [
            operation("a", (0, 5), Claim(1), Won(token(5))),
            operation("c", (1, 2), Claim(3), lost_to("a")),
            operation("b", (3, 8), Claim(2), Won(token(7))),
        ];
        // Who only looked on is not needed to show it.
        assert_eq!(refuses(&history), 2);
    }

    #[test]
    fn a_stale_token_that_is_accepted_is_refused() {
        refuses(&[
            operation("a", (0, 1), Claim(1), Won(token(5))),
            operation("a", (2, 3), Release(token(5)), Accepted),
            operation("b", (4, 5), Claim(2), Won(token(7))),
            operation("a", (6, 7), Complete(token(5)), Accepted),
        ]);
    }

    #[test]
    fn a_good_token_that_is_stale_is_refused() {
        refuses(&[
            operation("a", (0, 1), Claim(1), Won(token(5))),
            operation("a", (2, 3), Complete(token(5)), Stale),
        ]);
    }

    #[test]
    fn a_token_that_goes_back_is_refused() {
        refuses(&[
            operation("a", (0, 1), Claim(1), Won(token(5))),
            operation("a", (2, 3), Release(token(5)), Accepted),
            operation("b", (4, 5), Claim(2), Won(token(4))),
        ]);
    }

    #[test]
    fn two_completions_are_refused() {
        refuses(&[
            operation("a", (0, 1), Claim(1), Won(token(5))),
            operation("a", (2, 3), Complete(token(5)), Accepted),
            operation("b", (4, 5), Claim(2), Won(token(7))),
            operation("b", (6, 7), Complete(token(7)), Accepted),
        ]);
    }

    #[test]
    fn a_loser_who_is_told_of_nobody_or_of_the_wrong_one_is_refused() {
        refuses(&[operation("b", (0, 1), Claim(1), lost_to("a"))]);
        refuses(&[
            operation("a", (0, 1), Claim(1), Won(token(5))),
            operation("b", (2, 3), Claim(2), lost_to("c")),
        ]);
    }

    #[test]
    fn an_acknowledged_claim_that_is_forgotten_is_refused_at_the_first_answer_that_shows_it() {
        let history = [
            operation("a", (0, 1), Claim(1), Won(token(5))),
            operation("b", (2, 3), Claim(2), Won(token(6))),
            operation("b", (4, 5), Release(token(6)), Accepted),
            operation("c", (6, 7), Claim(3), Won(token(8))),
        ];
        assert_eq!(refuses(&history), 2);
    }

    #[test]
    fn what_overlaps_may_have_happened_in_either_order() {
        accepts(&[
            operation("a", (0, 9), Claim(1), lost_to("b")),
            operation("b", (1, 8), Claim(2), Won(token(5))),
        ]);
        refuses(&[
            operation("a", (0, 1), Claim(1), lost_to("b")),
            operation("b", (2, 3), Claim(2), Won(token(5))),
        ]);
    }

    #[test]
    fn what_was_not_answered_may_have_happened_then_later_or_never() {
        let unanswered = operation("a", (0, 0), Claim(1), Unknown);
        accepts(std::slice::from_ref(&unanswered));
        accepts(&[unanswered.clone(), operation("b", (2, 3), Claim(2), Won(token(5)))]);
        accepts(&[unanswered.clone(), operation("b", (2, 3), Claim(2), lost_to("a"))]);
        accepts(&[
            unanswered.clone(),
            operation("b", (2, 3), Claim(2), lost_to("a")),
            operation("a", (4, 5), Claim(1), Won(token(1))),
        ]);
        // It cannot have happened and be without an owner.
        refuses(&[
            unanswered,
            operation("b", (2, 3), Claim(2), lost_to("a")),
            operation("b", (4, 5), Claim(3), Won(token(5))),
        ]);
    }

    #[test]
    fn an_unanswered_end_explains_a_stale_token() {
        accepts(&[
            operation("a", (0, 1), Claim(1), Won(token(5))),
            operation("a", (2, 2), Release(token(5)), Unknown),
            operation("a", (4, 5), Release(token(5)), Stale),
        ]);
    }

    #[test]
    fn a_lease_may_end_after_its_time_and_not_before() {
        let with_lapse_from = |moment| {
            [
                operation("a", (0, 1), Claim(1), Won(token(5))),
                operation("a", (moment, moment), Lapse(1), Unknown),
                operation("b", (10, 11), Claim(2), Won(token(7))),
                operation("a", (12, 13), Complete(token(5)), Stale),
            ]
        };
        accepts(&with_lapse_from(9));
        refuses(&with_lapse_from(12));
    }
}
