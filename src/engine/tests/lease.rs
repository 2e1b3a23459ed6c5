use etcd_client::{LeaseGrantOptions, LeaseTimeToLiveOptions, PutOptions, WatchOptions};
use tonic::Code;

use super::{Options, TestServer, message};

#[tokio::test]
async fn expiry_deletes_all_keys_in_one_revision() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let lease = client.lease_grant(1, None).await.unwrap();
    assert_eq!(lease.ttl(), 2, "etcd's least TTL");
    for key in ["k/b", "k/a", "k/c"] {
        client.put(key, "", Some(PutOptions::new().with_lease(lease.id()))).await.unwrap();
    }
    let mut stream = client.watch("k/", Some(WatchOptions::new().with_prefix())).await.unwrap();
    assert!(stream.message().await.unwrap().unwrap().created());
    let response = stream.message().await.unwrap().unwrap();
    let deleted: Vec<_> = response
        .events()
        .iter()
        .map(|event| event.kv().unwrap())
        .map(|kv| (kv.key_str().unwrap().to_owned(), kv.mod_revision()))
        .collect();
    assert_eq!(deleted, [("k/a".to_owned(), 5), ("k/b".to_owned(), 5), ("k/c".to_owned(), 5)]);
    let life = client.lease_time_to_live(lease.id(), None).await.unwrap();
    assert_eq!((life.ttl(), life.granted_ttl()), (-1, 0));
}

#[tokio::test]
async fn a_kept_alive_lease_outlives_one_that_is_not() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let kept = client.lease_grant(3, None).await.unwrap().id();
    let left = client.lease_grant(2, None).await.unwrap().id();
    client.put("kept", "", Some(PutOptions::new().with_lease(kept))).await.unwrap();
    client.put("left", "", Some(PutOptions::new().with_lease(left))).await.unwrap();
    let (mut keeper, mut answers) = client.lease_keep_alive(kept).await.unwrap();
    let mut stream = client.watch("left", None).await.unwrap();
    assert!(stream.message().await.unwrap().unwrap().created());
    stream.message().await.unwrap().unwrap();
    keeper.keep_alive().await.unwrap();
    let answer = answers.message().await.unwrap().unwrap();
    assert_eq!((answer.id(), answer.ttl()), (kept, 3));
    assert_eq!(client.get("kept", None).await.unwrap().kvs().len(), 1);
}

#[tokio::test]
async fn leases_are_granted_listed_and_revoked_as_in_etcd() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let with_id = |id| Some(LeaseGrantOptions::new().with_id(id));
    client.lease_grant(60, with_id(7)).await.unwrap();
    client.lease_grant(30, with_id(8)).await.unwrap();
    let twice = client.lease_grant(60, with_id(7)).await.unwrap_err();
    assert_eq!(message(&twice), (Code::FailedPrecondition, "etcdserver: lease already exists".to_owned()));
    let long = client.lease_grant(9_000_000_001, None).await.unwrap_err();
    assert_eq!(message(&long), (Code::OutOfRange, "etcdserver: too large lease TTL".to_owned()));
    assert!(client.lease_grant(60, None).await.unwrap().id() > 0);
    client.put("k", "", Some(PutOptions::new().with_lease(7))).await.unwrap();
    let listed = client.leases().await.unwrap();
    assert_eq!(listed.leases()[0].id(), 8, "the first to end comes first");
    let options = LeaseTimeToLiveOptions::new().with_keys();
    let life = client.lease_time_to_live(7, Some(options)).await.unwrap();
    assert_eq!((life.granted_ttl(), life.keys()), (60, &[b"k".to_vec()][..]));
    let revoked = client.lease_revoke(7).await.unwrap();
    assert_eq!(revoked.header().unwrap().revision(), 3);
    assert_eq!(client.lease_revoke(8).await.unwrap().header().unwrap().revision(), 3, "it had no keys");
    let unknown = client.lease_revoke(7).await.unwrap_err();
    assert_eq!(message(&unknown), (Code::NotFound, "etcdserver: requested lease not found".to_owned()));
    let (mut keeper, mut answers) =
        client.lease_keep_alive(7).await.unwrap_or_else(|error| panic!("{error}"));
    keeper.keep_alive().await.unwrap();
    assert_eq!(answers.message().await.unwrap().unwrap().ttl(), 0);
}

#[tokio::test]
async fn a_reopened_file_has_its_revisions_leases_and_identity() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    client.lease_grant(600, Some(LeaseGrantOptions::new().with_id(7))).await.unwrap();
    client.lease_grant(600, Some(LeaseGrantOptions::new().with_id(9))).await.unwrap();
    client.lease_revoke(9).await.unwrap();
    client.put("k", "1", Some(PutOptions::new().with_lease(7))).await.unwrap();
    client.put("k", "2", Some(PutOptions::new().with_lease(7))).await.unwrap();
    client.put("other", "", None).await.unwrap();
    client.delete("other", None).await.unwrap();
    let identity = server.engine.identity();
    let server = TestServer::start_in(server.stop().await, Options::default()).await;
    let mut client = server.client().await;
    assert_eq!((server.engine.revision(), server.engine.identity()), (5, identity));
    let kv = client.get("k", None).await.unwrap().kvs()[0].clone();
    assert_eq!((kv.create_revision(), kv.mod_revision(), kv.version(), kv.lease()), (2, 3, 2, 7));
    let leases = client.leases().await.unwrap();
    assert_eq!(leases.leases().iter().map(etcd_client::LeaseStatus::id).collect::<Vec<_>>(), [7]);
    assert!(client.lease_time_to_live(7, None).await.unwrap().ttl() >= 598);
    let mut stream = client.watch("k", Some(WatchOptions::new().with_start_revision(2))).await.unwrap();
    assert!(stream.message().await.unwrap().unwrap().created());
    assert_eq!(stream.message().await.unwrap().unwrap().events().len(), 2, "history survives");
    client.lease_revoke(7).await.unwrap();
    assert!(client.get("k", None).await.unwrap().kvs().is_empty(), "keys still hang on their lease");
}
