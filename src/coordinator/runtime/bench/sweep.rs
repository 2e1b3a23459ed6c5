//! What benchmarks leave behind that were killed: each has a namespace of its own, with a mark in it that is on a lease,
//! and so goes with its benchmark.

use std::time::Duration;

use crate::store::{KeptLease, Key, Prefix, Store, StoreError, Transaction};

/// What the names of these namespaces begin with.
pub(super) const STEM: &str = "bench-";

/// How many hexadecimal digits follow.
const DIGITS: usize = 28;

/// How long after its end a benchmark that was killed counts as one that goes on.
const TTL: Duration = Duration::from_secs(10);

/// Marks a namespace as that of a benchmark that goes on, as long as the guard lives. Before anything else is written
/// there.
pub(super) async fn mark(store: &Store) -> Result<KeptLease, StoreError> {
    let lease = store.grant(TTL).await?;
    store.commit(Transaction::new().put_leased(&Key::Benchmark, "", lease.id)).await?;
    Ok(store.keep(lease))
}

/// Removes what benchmarks beside `store` have left that do not go on.
pub(super) async fn sweep(store: &Store) -> Result<(), StoreError> {
    for namespace in store.namespaces(STEM).await?.into_iter().filter(|name| is_of_a_benchmark(name)) {
        let left = store.under(&namespace);
        if left.get(&Key::Benchmark).await?.is_none() {
            tracing::info!(namespace, "a benchmark that was killed has left it: it is removed");
            left.remove(&Prefix::All).await?;
        }
    }
    Ok(())
}

/// Other teams may call theirs something with `bench-` too.
fn is_of_a_benchmark(namespace: &str) -> bool {
    let digits = namespace.rsplit_once(STEM).map(|(_, digits)| digits);
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::id::unique;

    #[test]
    fn the_namespace_of_a_benchmark_is_known_by_its_name() {
        let name = unique(Timestamp::from_micros(1_700_000_000_000_000));
        for base in ["", "team/", "/bench-marks/"] {
            assert!(is_of_a_benchmark(&format!("{base}{STEM}{name}")), "{base}");
        }
        for other in ["bench-", "bench-marks", &format!("{STEM}{name}0"), &format!("{STEM}{name}/x")] {
            assert!(!is_of_a_benchmark(other), "{other}");
        }
    }
}
