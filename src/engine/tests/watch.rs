use std::time::Duration;

use etcd_client::{EventType, PutOptions, Txn, TxnOp, WatchFilterType, WatchOptions, WatchStream};

use super::{Options, TestServer};

/// What the next `count` events of a stream are: revision, type, key, value, previous value.
async fn events(stream: &mut WatchStream, count: usize) -> Vec<String> {
    let mut seen = Vec::new();
    while seen.len() < count {
        let response = stream.message().await.unwrap().unwrap();
        assert!(!response.canceled(), "{response:?}");
        for event in response.events() {
            let kv = event.kv().unwrap();
            let kind = if event.event_type() == EventType::Put { "put" } else { "delete" };
            let previous = event.prev_kv().map_or("-", |kv| kv.value_str().unwrap());
            let (key, value) = (kv.key_str().unwrap(), kv.value_str().unwrap());
            seen.push(format!("{} {kind} {key} {value} {previous}", kv.mod_revision()));
        }
    }
    seen
}

#[tokio::test]
async fn a_watch_from_an_old_revision_tells_what_was_and_what_comes() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    client.put("k", "1", None).await.unwrap();
    client.put("k", "2", None).await.unwrap();
    client.put("other", "x", None).await.unwrap();
    client.delete("k", None).await.unwrap();
    let options = WatchOptions::new().with_start_revision(2).with_prev_key();
    let mut stream = client.watch("k", Some(options)).await.unwrap();
    client.put("k", "3", None).await.unwrap();
    assert_eq!(events(&mut stream, 4).await, ["2 put k 1 -", "3 put k 2 1", "5 delete k  2", "6 put k 3 -"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_across_many_keys_has_no_gap_and_no_repetition() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let mut kv = client.kv_client();
            tokio::spawn(async move {
                for n in 0..50 {
                    let both = Txn::new().and_then([
                        TxnOp::put(format!("k/{writer}/{n}"), "", None),
                        TxnOp::put(format!("k/{writer}"), "", None),
                    ]);
                    kv.txn(both).await.unwrap();
                }
            })
        })
        .collect();
    // Some of it is history by then, some is not.
    let options = || WatchOptions::new().with_prefix().with_start_revision(2);
    let mut streams = Vec::new();
    for _ in 0..4 {
        streams.push(client.watch("k/", Some(options())).await.unwrap());
    }
    for mut stream in streams {
        let mut revisions = Vec::new();
        while revisions.len() < 800 {
            let response = stream.message().await.unwrap().unwrap();
            let of_response: Vec<_> =
                response.events().iter().map(|event| event.kv().unwrap().mod_revision()).collect();
            assert_eq!(of_response.len() % 2, 0, "a revision is never torn: {of_response:?}");
            revisions.extend(of_response);
        }
        let expected: Vec<i64> = (2..402).flat_map(|revision| [revision, revision]).collect();
        assert_eq!(revisions, expected);
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn many_watches_share_a_stream_and_end_alone() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let mut stream = client.watch("a", Some(WatchOptions::new().with_watch_id(7))).await.unwrap();
    assert_eq!(stream.message().await.unwrap().unwrap().watch_id(), 7);
    let no_delete = WatchOptions::new().with_filters([WatchFilterType::NoDelete]).with_from_key();
    stream.watch("a", Some(no_delete)).await.unwrap();
    let created = stream.message().await.unwrap().unwrap();
    assert!(created.created() && created.watch_id() == 0);
    stream.watch("b", Some(WatchOptions::new().with_watch_id(7))).await.unwrap();
    let refused = stream.message().await.unwrap().unwrap();
    assert!(refused.created() && refused.canceled());
    assert_eq!(refused.cancel_reason(), "mvcc: duplicate watch ID provided on the WatchStream");
    stream.cancel(7).await.unwrap();
    let canceled = stream.message().await.unwrap().unwrap();
    assert!(canceled.canceled() && canceled.watch_id() == 7);
    client.put("a", "1", None).await.unwrap();
    client.delete("a", None).await.unwrap();
    client.put("b", "2", None).await.unwrap();
    assert_eq!(events(&mut stream, 2).await, ["2 put a 1 -", "4 put b 2 -"]);
    stream.request_progress().await.unwrap();
    let progress = stream.message().await.unwrap().unwrap();
    assert_eq!((progress.watch_id(), progress.header().unwrap().revision()), (-1, 4));
    assert_eq!(server.engine.statistics().watchers, 1);
}

#[tokio::test]
async fn a_compacted_watch_is_told_where_history_begins() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for value in ["1", "2", "3"] {
        client.put("k", value, None).await.unwrap();
    }
    client.compact(4, None).await.unwrap();
    let mut stream = client.watch("k", Some(WatchOptions::new().with_start_revision(3))).await.unwrap();
    assert!(stream.message().await.unwrap().unwrap().created());
    let canceled = stream.message().await.unwrap().unwrap();
    assert!(canceled.canceled() && canceled.compact_revision() == 4);
    stream.watch("k", Some(WatchOptions::new().with_start_revision(4))).await.unwrap();
    assert_eq!(events(&mut stream, 1).await, ["4 put k 3 -"]);
}

#[tokio::test]
async fn a_large_revision_comes_in_fragments_when_asked() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let large = || vec![b'x'; 700 * 1024];
    for key in ["k/1", "k/2", "k/3"] {
        client.put(key, large(), None).await.unwrap();
    }
    let lease = client.lease_grant(60, None).await.unwrap().id();
    for key in ["k/1", "k/2", "k/3"] {
        let options = PutOptions::new().with_lease(lease).with_ignore_value();
        client.put(key, "", Some(options)).await.unwrap();
    }
    let options = WatchOptions::new().with_prefix().with_fragment().with_prev_key();
    let mut stream = client.watch("k/", Some(options)).await.unwrap();
    assert!(stream.message().await.unwrap().unwrap().created());
    client.lease_revoke(lease).await.unwrap();
    let mut sizes = Vec::new();
    while sizes.iter().sum::<usize>() < 3 {
        sizes.push(stream.message().await.unwrap().unwrap().events().len());
    }
    assert_eq!(sizes, [2, 1]);
}

#[tokio::test]
async fn quiet_watches_are_told_of_progress() {
    let options = Options { progress_interval: Duration::from_millis(50), ..Options::default() };
    let server = TestServer::start_in(tempfile::tempdir().unwrap(), options).await;
    let mut client = server.client().await;
    let mut stream = client.watch("k", Some(WatchOptions::new().with_progress_notify())).await.unwrap();
    assert!(stream.message().await.unwrap().unwrap().created());
    client.put("elsewhere", "", None).await.unwrap();
    loop {
        let progress = stream.message().await.unwrap().unwrap();
        assert!(progress.events().is_empty() && progress.watch_id() == 0);
        if progress.header().unwrap().revision() == 2 {
            break;
        }
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_off_and_can_resume() {
    let options = Options { watch_backlog: 1 << 20, ..Options::default() };
    let server = TestServer::start_in(tempfile::tempdir().unwrap(), options).await;
    let mut client = server.client().await;
    let mut idle = client.watch("k", None).await.unwrap();
    assert!(idle.message().await.unwrap().unwrap().created());
    let mut writer = server.client().await;
    let mut written = 0;
    while server.engine.statistics().watchers > 0 {
        writer.put("k", vec![0; 256 * 1024], None).await.unwrap();
        written += 1;
        assert!(written < 1000, "an idle client is never cut off");
    }
    let mut seen = 0;
    let resume = loop {
        let response = idle.message().await.unwrap().unwrap();
        seen += response.events().len();
        if response.canceled() {
            assert!(response.cancel_reason().contains("too slow"), "{}", response.cancel_reason());
            break response.header().unwrap().revision() + 1;
        }
    };
    assert_eq!(i64::try_from(seen).unwrap(), resume - 2, "everything before the cut was delivered");
    idle.watch("k", Some(WatchOptions::new().with_start_revision(resume))).await.unwrap();
    while seen < written {
        seen += idle.message().await.unwrap().unwrap().events().len();
    }
    assert_eq!(seen, written);
}

#[tokio::test]
async fn a_shutdown_ends_open_streams() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let mut stream = client.watch("k", None).await.unwrap();
    assert!(stream.message().await.unwrap().unwrap().created());
    let stopping = tokio::spawn(server.stop());
    assert!(stream.message().await.is_err(), "the server says that it stops");
    stopping.await.unwrap();
}
