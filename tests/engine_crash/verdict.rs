//! The verdict: whether an engine that was killed has everything that anybody was told.

use std::collections::{BTreeMap, BTreeSet};

use etcd_client::{Client, GetOptions, LeaseTimeToLiveOptions, WatchOptions};

use super::ledger::{Change, Ledger, PREFIX, Past, Present, Revisions};

/// Fails unless everything in the ledger is there, and nothing that nobody wrote; then the past is what it is now.
/// Returns whether there was a checksum to compare.
pub(super) async fn check(endpoint: &str, ledger: &Ledger, past: &mut Past, round: &str) -> bool {
    let mut client = Client::connect([endpoint], None).await.unwrap();
    let (revision, keys) = present(&mut client).await;
    let newest = past.revision.max(ledger.newest);
    assert!(revision >= newest, "{round}: the revision is {revision}, and {newest} was seen");

    let history = history(&mut client, past.revision + 1, revision).await;
    for (revision, changes) in &ledger.writes {
        let found = history.get(revision);
        assert_eq!(found, Some(changes), "{round}: what was acknowledged at {revision} is lost");
    }
    for (revision, changes) in &ledger.told {
        let found = history.get(revision);
        assert_eq!(found, Some(changes), "{round}: what the watch was told of {revision} is lost");
    }
    for value in history.values().flatten().filter_map(|change| change.value.as_ref()) {
        assert!(ledger.attempted.contains(value), "{round}: nobody wrote {value}");
    }
    for (revision, changes) in history {
        past.apply(revision, changes);
    }
    assert_eq!(keys, past.keys, "{round}: the keys are not what their history makes them");
    past.revision = revision;
    past.leases.extend(&ledger.leases);
    check_leases(&mut client, past, round).await;
    check_sum(&mut client, ledger, round).await
}

/// Fails unless everything that is not compacted is still what it was in the round that wrote it.
pub(super) async fn check_all(endpoint: &str, past: &Past) {
    let mut client = Client::connect([endpoint], None).await.unwrap();
    let compacted = client.hash_kv(0).await.unwrap().compact_version().max(0);
    let found = history(&mut client, compacted + 1, past.revision).await;
    let expected: Revisions = past.history.range(compacted + 1..).map(|(n, all)| (*n, all.clone())).collect();
    assert!(!expected.is_empty(), "nothing is left after {compacted}");
    assert_eq!(found, expected, "the history is another");
}

/// The load's keys as they are now, and the revision of now.
async fn present(client: &mut Client) -> (i64, BTreeMap<String, Present>) {
    let found = client.get(PREFIX, Some(GetOptions::new().with_prefix())).await.unwrap();
    let keys = found.kvs().iter().map(|pair| {
        let present = Present {
            value: pair.value_str().unwrap().to_owned(),
            created: pair.create_revision(),
            modified: pair.mod_revision(),
            version: pair.version(),
            lease: pair.lease(),
        };
        (pair.key_str().unwrap().to_owned(), present)
    });
    (found.header().unwrap().revision(), keys.collect())
}

/// What a watch tells of the load's keys from one revision up to another.
async fn history(client: &mut Client, from: i64, to: i64) -> Revisions {
    let mut history = Revisions::new();
    if from > to {
        return history;
    }
    // Of all keys: the last revision may be somebody else's.
    let options = WatchOptions::new().with_all_keys().with_start_revision(from);
    let mut watch = client.watch("", Some(options)).await.unwrap();
    while let Some(news) = watch.message().await.unwrap() {
        assert!(!news.canceled(), "the watch from {from} ended: {}", news.cancel_reason());
        for event in news.events() {
            let revision = event.kv().unwrap().mod_revision();
            if revision > to {
                return history;
            }
            if let Some(change) = Change::of(event) {
                history.entry(revision).or_default().insert(change);
            }
        }
        if news.events().last().is_some_and(|event| event.kv().unwrap().mod_revision() == to) {
            return history;
        }
    }
    panic!("the watch ended");
}

/// Every lease that was granted is there, and so is what hangs on it.
async fn check_leases(client: &mut Client, past: &Past, round: &str) {
    let listed: BTreeSet<i64> =
        client.leases().await.unwrap().leases().iter().map(etcd_client::LeaseStatus::id).collect();
    let lost: Vec<_> = past.leases.difference(&listed).collect();
    assert!(lost.is_empty(), "{round}: leases are lost: {lost:?}");
    let Some(&lease) = past.leases.last() else { return };
    let options = LeaseTimeToLiveOptions::new().with_keys();
    let life = client.lease_time_to_live(lease, Some(options)).await.unwrap();
    let found: BTreeSet<_> = life.keys().iter().map(|key| String::from_utf8(key.clone()).unwrap()).collect();
    let expected: BTreeSet<_> =
        past.keys.iter().filter(|(_, present)| present.lease == lease).map(|(key, _)| key.clone()).collect();
    assert_eq!(found, expected, "{round}: the keys of lease {lease}");
}

/// The checksum of the history up to then is what it was, unless a compaction has taken something away since.
async fn check_sum(client: &mut Client, ledger: &Ledger, round: &str) -> bool {
    let Some(before) = ledger.checksum else { return false };
    let now = client.hash_kv(before.revision).await.unwrap();
    if now.compact_version() != before.compacted {
        return false;
    }
    assert_eq!(now.hash(), before.hash, "{round}: the history up to {} is another", before.revision);
    true
}
