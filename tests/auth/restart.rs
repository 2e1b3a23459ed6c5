//! Users, roles and the fact that they are asked for outlive the engine; tokens do not.

use etcd_client::PermissionType::Readwrite;
use etcd_client::proto::{PbPutResponse, PbRangeResponse};

use super::store::Store;
use super::wire::{Wire, requests};
use crate::support::servers::Backend;

async fn describe(wire: &mut Wire) -> Vec<String> {
    wire.transcript.clear();
    wire.auth_status().await;
    wire.user_list().await;
    wire.role_list().await;
    for name in ["root", "u", "deleted"] {
        wire.user_get(name).await;
    }
    for name in ["r", "deleted"] {
        wire.role_get(name).await;
    }
    std::mem::take(&mut wire.transcript)
}

#[test]
fn auth_survives_a_restart() {
    let store = Store::start(Backend::Engine);
    let (token, before) = store.talk(async |wire| {
        for name in ["root", "u", "deleted"] {
            wire.user_add(name, "secret").await;
        }
        for name in ["r", "deleted"] {
            wire.role_add(name).await;
            wire.user_grant_role("u", name).await;
        }
        wire.user_grant_role("root", "root").await;
        wire.grant_permission("r", Readwrite, "k", "").await;
        wire.user_change_password("u", "changed").await;
        wire.auth_enable().await;
        wire.log_in("root", "secret").await.log_in("u", "changed").await.speak_as("root");
        wire.user_delete("deleted").await;
        wire.role_delete("deleted").await;
        (wire.token("u"), describe(wire).await)
    });
    let store = store.restarted();
    store.talk(async |wire| {
        let put = || requests::put("k", "v");
        let unknown = wire.outcome::<_, PbPutResponse>("KV/Put", put()).await;
        assert_eq!(unknown, r#"InvalidArgument "etcdserver: user name is empty""#);
        let stale = wire.speak_with(&token).outcome::<_, PbPutResponse>("KV/Put", put()).await;
        assert_eq!(stale, r#"Unauthenticated "etcdserver: invalid auth token""#);
        wire.speak_as_nobody().authenticate("u", "secret").await;
        assert!(wire.transcript.pop().unwrap().contains("authentication failed"), "the former password");
        wire.log_in("u", "changed").await.speak_as("u");
        assert_eq!(wire.outcome::<_, PbPutResponse>("KV/Put", put()).await, "ok");
        let elsewhere = wire.outcome::<_, PbRangeResponse>("KV/Range", requests::range("l", "")).await;
        assert_eq!(elsewhere, r#"PermissionDenied "etcdserver: permission denied""#);
        wire.log_in("root", "secret").await.speak_as("root");
        let after = describe(wire).await;
        // The put has moved the store's own revision, and nothing else.
        let moved = |lines: Vec<String>| lines.join("\n").replace("revision: 2,", "revision: 1,");
        assert_eq!(moved(after), moved(before));
        wire.auth_disable().await;
    });
    store.restarted().talk(async |wire| {
        assert_eq!(wire.outcome::<_, PbPutResponse>("KV/Put", requests::put("l", "v")).await, "ok");
    });
}
