//! Random histories have the same outcome on the engine as on etcd 3.5: every answer, and all that watches are told.
//!
//! 10,000 operations of a new seed each time; `IF_DIFFERENTIAL_OPERATIONS` sets another number. A history that shows a
//! difference is made as short as it can be and printed with its seed.

mod history;
mod pair;
mod shrinking;

use self::history::{Operation, history};
use self::pair::Pair;
use self::shrinking::shrunk;

/// Seeds that have shown a difference once, and how many operations it took. All are played each time.
const FAILED_ONCE: [(u64, usize); 1] = [
    // A watch from revision -1, to which etcd tells nothing.
    (0x3155_e3df_a0ec_802d, 500),
];
/// How many operations are played unless the environment says otherwise.
const OPERATIONS: usize = 10_000;
/// How many operations one history has; the next begins with empty stores.
const LENGTH: usize = 5_000;

#[test]
fn random_histories_have_the_same_outcome_on_both() {
    let total = asked().unwrap_or(OPERATIONS);
    for start in (0..total).step_by(LENGTH) {
        check(rand::random(), LENGTH.min(total - start));
    }
}

#[test]
fn seeds_that_failed_once_do_not_fail_again() {
    for (seed, length) in FAILED_ONCE {
        check(seed, length);
    }
}

fn asked() -> Option<usize> {
    let (_, value) = std::env::vars().find(|(name, _)| name == "IF_DIFFERENTIAL_OPERATIONS")?;
    Some(value.parse().expect("IF_DIFFERENTIAL_OPERATIONS is a number"))
}

#[track_caller]
fn check(seed: u64, length: usize) {
    let operations = history(seed, length);
    let Err(difference) = Pair::play(&operations) else { return };
    let shortest = shrunk(operations[..=difference.at].to_vec(), |shorter| Pair::play(shorter).err());
    let (history, difference) = shortest.unwrap_or((operations, difference));
    let lines: Vec<String> = history.iter().map(Operation::to_string).collect();
    panic!(
        "seed {seed:#x} with {length} operations differs; the shortest is\n{}\n{difference}",
        lines.join("\n")
    );
}
