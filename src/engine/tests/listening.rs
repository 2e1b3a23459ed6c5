use std::future::ready;

use bytes::Bytes;
use tokio::net::TcpListener;

use super::super::state::Batch;
use super::super::{Lacks, Listener, ServeError, Tls};
use super::TestServer;
use crate::certificate::tests::identity;

fn lacks(outcome: Result<(), ServeError>) -> Option<Lacks> {
    match outcome {
        Ok(()) => None,
        Err(ServeError::Exposed(exposed)) => Some(exposed.lacks),
        Err(other) => panic!("{other}"),
    }
}

/// Nothing is accepted here: the shutdown comes first.
#[tokio::test]
async fn the_engine_itself_refuses_to_serve_strangers_who_are_not_asked() {
    let server = TestServer::start().await;
    let engine = &server.engine;
    let serve = async |listener: Listener| lacks(engine.serve(listener, ready(())).await);
    let everywhere = async || Listener::from(TcpListener::bind("0.0.0.0:0").await.unwrap());
    let tls = Tls::new(&identity(), None);
    assert_eq!(serve(everywhere().await).await, Some(Lacks::Both));
    assert_eq!(serve(everywhere().await.with_tls(tls.clone())).await, Some(Lacks::Authentication));
    assert_eq!(serve(everywhere().await.open_to_strangers()).await, None);

    let notes = [(Bytes::from_static(b"auth/enabled"), Some(Bytes::from_static(b"1")))].into();
    engine.published().write().apply(Batch { notes, ..Batch::default() });
    assert!(engine.auth_enabled());
    assert_eq!(serve(everywhere().await).await, Some(Lacks::Tls));
    assert_eq!(serve(everywhere().await.with_tls(tls)).await, None);
}

#[tokio::test]
async fn a_connection_from_inside_needs_no_listener_and_ends_with_the_engine() {
    let server = TestServer::start().await;
    let inside = etcd_client::Client::from_channel(server.engine.channel(), None).await.unwrap();
    inside.kv_client().put("k", "inside", None).await.unwrap();
    let seen = server.client().await.get("k", None).await.unwrap();
    assert_eq!(seen.kvs()[0].value(), b"inside");
    let mut watch = inside.watch_client().watch("k", None).await.unwrap();
    assert!(watch.message().await.unwrap().unwrap().created());
    server.client().await.put("k", "outside", None).await.unwrap();
    assert_eq!(watch.message().await.unwrap().unwrap().events()[0].kv().unwrap().value(), b"outside");
    server.engine.close();
    assert!(watch.message().await.is_err(), "the engine has been closed");
    assert!(inside.kv_client().put("k", "late", None).await.is_err());
}
