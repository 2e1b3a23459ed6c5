use etcd_client::{
    Compare, CompareOp, DeleteOptions, GetOptions, PutOptions, SortOrder, SortTarget, Txn, TxnOp,
    TxnOpResponse,
};
use tokio::task::JoinSet;
use tonic::Code;

use super::{TestServer, message};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_racing_claimants_one_wins() {
    let server = TestServer::start().await;
    let client = server.client().await;
    client.kv_client().put("owner", "unclaimed", None).await.unwrap();
    let mut race = JoinSet::new();
    for claimant in 0..64 {
        let mut kv = client.kv_client();
        race.spawn(async move {
            let claim = Txn::new()
                .when([Compare::value("owner", CompareOp::Equal, "unclaimed")])
                .and_then([TxnOp::put("owner", format!("claimant-{claimant}"), None)])
                .or_else([TxnOp::get("owner", None)]);
            let answer = kv.txn(claim).await.unwrap();
            match answer.op_responses().pop().unwrap() {
                TxnOpResponse::Get(holder) => (false, holder.kvs()[0].value_str().unwrap().to_owned()),
                _ => (answer.succeeded(), format!("claimant-{claimant}")),
            }
        });
    }
    let outcomes = race.join_all().await;
    assert_eq!(outcomes.iter().filter(|(won, _)| *won).count(), 1);
    assert!(
        outcomes.iter().all(|(_, owner)| *owner == outcomes[0].1),
        "all name the same holder: {outcomes:?}"
    );
    assert_eq!(server.engine.revision(), 3, "losing writes nothing");
}

#[tokio::test]
async fn a_fresh_store_is_at_revision_1_and_headers_are_complete() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let answer = client.get("nothing", None).await.unwrap();
    let header = answer.header().unwrap();
    assert_eq!((header.revision(), header.raft_term()), (1, 2));
    assert!(header.cluster_id() != 0 && header.member_id() != 0);
    assert_eq!(client.put("k", "v", None).await.unwrap().header().unwrap().revision(), 2);
    assert_eq!(client.delete("absent", None).await.unwrap().header().unwrap().revision(), 2);
    assert_eq!(client.status().await.unwrap().version(), "3.5.21");
    let members = client.member_list().await.unwrap();
    assert_eq!(members.members()[0].client_urls(), [format!("http://{}", server.address)]);
}

#[tokio::test]
async fn ranges_select_sort_limit_and_look_back() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for (key, value) in [("a", "3"), ("b", "1"), ("c", "2"), ("a", "0"), ("x", "9")] {
        client.put(key, value, None).await.unwrap();
    }
    client.delete("b", None).await.unwrap();
    let all = || GetOptions::new().with_range("d");
    for (what, options, expected, count, more) in [
        ("now", all(), "a=0 c=2", 2, false),
        ("before the deletion", all().with_revision(6), "a=0 b=1 c=2", 3, false),
        ("at the start", all().with_revision(3), "a=3 b=1", 2, false),
        ("limited", all().with_revision(6).with_limit(2), "a=0 b=1", 3, true),
        ("counted", all().with_count_only(), "", 2, false),
        ("keys only", all().with_keys_only(), "a= c=", 2, false),
        (
            "by value",
            all().with_revision(4).with_sort(SortTarget::Value, SortOrder::Ascend),
            "b=1 c=2 a=3",
            3,
            false,
        ),
        ("by key, down", all().with_sort(SortTarget::Key, SortOrder::Descend).with_limit(1), "c=2", 2, true),
        ("changed since", all().with_min_mod_revision(5), "a=0", 2, false),
        ("created until", all().with_max_create_revision(2), "a=0", 2, false),
        ("from a key on", GetOptions::new().with_from_key(), "a=0 c=2 x=9", 3, false),
        ("by prefix", GetOptions::new().with_prefix(), "a=0", 1, false),
    ] {
        let answer = client.get("a", Some(options)).await.unwrap();
        let found: Vec<_> = answer
            .kvs()
            .iter()
            .map(|kv| format!("{}={}", kv.key_str().unwrap(), kv.value_str().unwrap()))
            .collect();
        assert_eq!(
            (found.join(" ").as_str(), answer.count(), answer.more()),
            (expected, count, more),
            "{what}"
        );
        assert_eq!(answer.header().unwrap().revision(), 7, "{what}");
    }
}

#[tokio::test]
async fn puts_keep_count_and_can_keep_value_or_lease() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let lease = client.lease_grant(60, None).await.unwrap().id();
    client.put("k", "one", Some(PutOptions::new().with_lease(lease))).await.unwrap();
    let options = PutOptions::new().with_ignore_lease().with_prev_key();
    let answer = client.put("k", "two", Some(options)).await.unwrap();
    assert_eq!(answer.prev_key().unwrap().value(), b"one");
    client.put("k", "", Some(PutOptions::new().with_ignore_value().with_lease(lease))).await.unwrap();
    let kv = client.get("k", None).await.unwrap().kvs()[0].clone();
    assert_eq!((kv.value(), kv.lease(), kv.version()), (&b"two"[..], lease, 3));
    assert_eq!((kv.create_revision(), kv.mod_revision()), (2, 4));
    client.put("k", "three", None).await.unwrap();
    assert_eq!(client.get("k", None).await.unwrap().kvs()[0].lease(), 0, "a plain put detaches the lease");
}

#[tokio::test]
async fn a_transaction_is_one_revision_and_sees_its_own_writes() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    client.put("a", "0", None).await.unwrap();
    let nested = Txn::new()
        // Decided before the outer transaction writes, as in etcd.
        .when([Compare::value("a", CompareOp::Equal, "0")])
        .and_then([TxnOp::put("b", "2", None), TxnOp::get("a", Some(GetOptions::new().with_from_key()))])
        .or_else([TxnOp::put("b", "else", None)]);
    let answer = client
        .txn(Txn::new().and_then([
            TxnOp::put("a", "1", None),
            TxnOp::txn(nested),
            TxnOp::delete("c", None),
            TxnOp::get("b", None),
        ]))
        .await
        .unwrap();
    assert_eq!(answer.header().unwrap().revision(), 3);
    let responses = answer.op_responses();
    let TxnOpResponse::Txn(inner) = &responses[1] else { panic!("{responses:?}") };
    let TxnOpResponse::Get(seen) = &inner.op_responses()[1] else { panic!("{inner:?}") };
    assert_eq!(seen.kvs().iter().map(|kv| kv.value()).collect::<Vec<_>>(), [b"1", b"2"]);
    assert!(seen.kvs().iter().all(|kv| kv.mod_revision() == 3));
    let TxnOpResponse::Delete(deleted) = &responses[2] else { panic!("{responses:?}") };
    assert_eq!(deleted.deleted(), 0);
}

#[tokio::test]
async fn compares_decide_as_etcd_decides() {
    use CompareOp::{Equal, Greater, Less, NotEqual};
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let lease = client.lease_grant(60, None).await.unwrap().id();
    client.put("k", "m", Some(PutOptions::new().with_lease(lease))).await.unwrap();
    client.put("k", "m", Some(PutOptions::new().with_lease(lease))).await.unwrap();
    client.put("p/1", "x", None).await.unwrap();
    client.put("p/2", "y", None).await.unwrap();
    for (what, compare, holds) in [
        ("value", Compare::value("k", Equal, "m"), true),
        ("value less", Compare::value("k", Less, "z"), true),
        ("value of nothing", Compare::value("absent", NotEqual, "m"), false),
        ("version", Compare::version("k", Equal, 2), true),
        ("version of nothing", Compare::version("absent", Equal, 0), true),
        ("created", Compare::create_revision("k", Equal, 2), true),
        ("changed", Compare::mod_revision("k", Greater, 2), true),
        ("lease", Compare::lease("k", Equal, lease), true),
        ("other lease", Compare::lease("k", NotEqual, lease), false),
        ("all of a range", Compare::version("p/", Equal, 1).with_prefix(), true),
        ("not all of a range", Compare::value("p/", Equal, "x").with_prefix(), false),
        ("an empty range", Compare::create_revision("q/", Equal, 0).with_prefix(), true),
    ] {
        let answer = client.txn(Txn::new().when([compare])).await.unwrap();
        assert_eq!(answer.succeeded(), holds, "{what}");
    }
}

#[tokio::test]
async fn refusals_have_the_words_and_codes_of_etcd() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let put = |key: &str| TxnOp::put(key, "", None);
    let many = || (0..129).map(|n| TxnOp::put(format!("k{n}"), "", None)).collect::<Vec<_>>();
    let crowded =
        Txn::new().and_then(
            (0..100)
                .map(|n| {
                    TxnOp::txn(Txn::new().and_then(
                        (0..29).map(|m| TxnOp::put(format!("{n}/{m}"), "", None)).collect::<Vec<_>>(),
                    ))
                })
                .collect::<Vec<_>>(),
        );
    for (txn, code, text) in [
        (
            Txn::new().and_then([put("a"), put("a")]),
            Code::InvalidArgument,
            "etcdserver: duplicate key given in txn request",
        ),
        (
            Txn::new().or_else([put("a"), TxnOp::delete("a", Some(DeleteOptions::new().with_prefix()))]),
            Code::InvalidArgument,
            "etcdserver: duplicate key given in txn request",
        ),
        (
            Txn::new().and_then([put("a"), TxnOp::txn(Txn::new().or_else([put("a")]))]),
            Code::InvalidArgument,
            "etcdserver: duplicate key given in txn request",
        ),
        (
            Txn::new().and_then(many()),
            Code::InvalidArgument,
            "etcdserver: too many operations in txn request",
        ),
        (crowded, Code::InvalidArgument, "etcdserver: too many operations in txn request"),
        (Txn::new().and_then([put("")]), Code::InvalidArgument, "etcdserver: key is not provided"),
        (
            Txn::new().and_then([TxnOp::put("a", "", Some(PutOptions::new().with_lease(7)))]),
            Code::NotFound,
            "etcdserver: requested lease not found",
        ),
        (
            Txn::new().and_then([TxnOp::put("a", "", Some(PutOptions::new().with_ignore_value()))]),
            Code::InvalidArgument,
            "etcdserver: key not found",
        ),
        (
            Txn::new().and_then([TxnOp::get("a", Some(GetOptions::new().with_revision(99)))]),
            Code::OutOfRange,
            "etcdserver: mvcc: required revision is a future revision",
        ),
    ] {
        assert_eq!(message(&client.txn(txn).await.unwrap_err()), (code, text.to_owned()));
    }
    let large = client.put("a", vec![0; 3 * 512 * 1024], None).await.unwrap_err();
    assert_eq!(message(&large), (Code::InvalidArgument, "etcdserver: request is too large".to_owned()));
    let safe = Txn::new().and_then([TxnOp::txn(Txn::new().and_then([put("a")]).or_else([put("a")]))]);
    client.txn(safe).await.unwrap();
    assert_eq!(server.engine.revision(), 2, "nothing that was refused left a trace");
}

#[tokio::test]
async fn what_is_compacted_is_gone_and_what_lives_stays() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for value in 0..10 {
        client.put("k", value.to_string(), None).await.unwrap();
    }
    client.put("gone", "", None).await.unwrap();
    client.delete("gone", None).await.unwrap();
    let before = server.engine.statistics().history_bytes;
    let options = etcd_client::CompactionOptions::new().with_physical();
    client.compact(13, Some(options)).await.unwrap();
    assert!(server.engine.statistics().history_bytes * 5 < before, "only one version of one key is left");
    let at = |revision| Some(GetOptions::new().with_revision(revision));
    let refused = client.get("k", at(12)).await.unwrap_err();
    assert_eq!(message(&refused).1, "etcdserver: mvcc: required revision has been compacted");
    assert_eq!(client.get("k", at(13)).await.unwrap().kvs()[0].value(), b"9");
    assert_eq!(message(&client.compact(13, None).await.unwrap_err()).0, Code::OutOfRange);
    assert_eq!(message(&client.compact(14, None).await.unwrap_err()).0, Code::OutOfRange);
    let directory = server.stop().await;
    let server = TestServer::start_in(directory, super::Options::default()).await;
    assert_eq!(server.engine.revision(), 13, "the revision survives although its record is gone");
    let statistics = server.engine.statistics();
    assert_eq!((statistics.keys, statistics.compact_revision), (1, 13));
}
