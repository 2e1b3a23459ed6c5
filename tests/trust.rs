//! Trust: where auth is on, a swarm that may write below `/swarms/ITSELF/` writes nothing that others rely on.

use etcd_client::{Client, ConnectOptions, DeleteOptions, Error, Permission, Txn, TxnOp};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::support::command::{Finished, Ifctl};
use crate::support::servers::{Backend, Server};
use crate::support::site::on_engine_and_etcd;

on_engine_and_etcd!(a_swarms_user_writes_its_own_keys_and_nothing_that_others_rely_on);

const SECRET: &str = "secret";

/// What the swarm `s1` must not forge.
const GUARDED: [&str; 16] = [
    "/swarms/s2/profile",
    "/swarms/s2/status",
    "/swarms/s2/mail/1",
    "/governor/budgets/swarm/s1",
    "/governor/budgets/overall",
    "/governor/breakers/swarm/s1",
    "/governor/reputation/s1",
    "/governor/grades/s1/t1",
    "/governor/policy",
    "/governor/escalations/circuit-breaker.s1.1",
    "/governor/approvals/swarm/s1/1",
    "/chassis/contracts/s1",
    "/coordinator/leader",
    "/coordinator/epoch",
    "/tasks/t1/record",
    "/capabilities/a:b/s2",
];

struct Guarded {
    runtime: Runtime,
    server: Server,
    home: TempDir,
}

impl Guarded {
    /// A store with two swarms in it, then with auth, and the user `s1`, who may write below `/swarms/s1/`.
    fn start(backend: Backend) -> Self {
        let server = match backend {
            Backend::Engine => Server::start_with(&["--user", "root", "--password", SECRET]),
            backend => Server::start(backend),
        };
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let guarded = Self { runtime, server, home: TempDir::new().unwrap() };
        for swarm in ["s1", "s2"] {
            let register = format!("governor register {swarm} --capabilities a:b --cost-per-hour 1.0");
            guarded.by("root", &register).expect(0);
        }
        guarded.by("root", "governor trip-circuit-breaker s1 --reason why").expect(0);
        guarded.by("root", "coordinator submit t1").expect(0);
        guarded.turn_auth_on();
        guarded
    }

    fn turn_auth_on(&self) {
        self.runtime.block_on(async {
            let client = Client::connect([self.server.endpoint()], None).await.unwrap();
            for key in GUARDED {
                if client.kv_client().get(key, None).await.unwrap().kvs().is_empty() {
                    client.kv_client().put(key, "guarded", None).await.unwrap();
                }
            }
            let mut auth = client.auth_client();
            for user in ["root", "s1"] {
                auth.user_add(user, SECRET, None).await.unwrap();
            }
            auth.user_grant_role("root", "root").await.unwrap();
            auth.role_add("swarm-s1").await.unwrap();
            let own = Permission::read_write("/swarms/s1/").with_prefix();
            auth.role_grant_permission("swarm-s1", own).await.unwrap();
            auth.user_grant_role("s1", "swarm-s1").await.unwrap();
            auth.auth_enable().await.unwrap();
        });
    }

    fn by(&self, user: &str, line: &str) -> Finished {
        let call = Ifctl::new(self.home.path()).endpoints(&self.server).args(line.split_whitespace());
        call.env("IF_USER", user).env("IF_PASSWORD", SECRET).run()
    }

    async fn client(&self, user: &str) -> Client {
        let options = ConnectOptions::new().with_user(user, SECRET);
        Client::connect([self.server.endpoint()], Some(options)).await.unwrap()
    }

    /// What is guarded, as root reads it.
    async fn values(&self) -> Vec<(&'static str, Vec<u8>)> {
        let client = self.client("root").await;
        let mut values = Vec::new();
        for key in GUARDED {
            let found = client.kv_client().get(key, None).await.unwrap();
            values.push((key, found.kvs().first().expect("it stands").value().to_vec()));
        }
        values
    }
}

#[track_caller]
fn assert_denied<T: std::fmt::Debug>(said: Result<T, Error>, what: &str) {
    match said {
        Err(Error::GRpcStatus(status)) if status.code() == tonic::Code::PermissionDenied => {}
        other => panic!("{what}: {other:?}"),
    }
}

fn a_swarms_user_writes_its_own_keys_and_nothing_that_others_rely_on(backend: Backend) {
    let guarded = Guarded::start(backend);
    guarded.runtime.block_on(async {
        let before = guarded.values().await;
        let client = guarded.client("s1").await;
        let mut kv = client.kv_client();
        kv.put("/swarms/s1/mail/1", "hello", None).await.unwrap();
        assert_eq!(kv.get("/swarms/s1/mail/1", None).await.unwrap().kvs()[0].value(), b"hello");
        kv.delete("/swarms/s1/mail/1", None).await.unwrap();
        for key in GUARDED {
            assert_denied(kv.put(key, "forged", None).await, key);
            assert_denied(kv.delete(key, None).await, key);
            let smuggled = [TxnOp::put("/swarms/s1/x", "", None), TxnOp::put(key, "forged", None)];
            assert_denied(kv.txn(Txn::new().and_then(smuggled)).await, key);
        }
        for prefix in ["/", "/swarms/", "/governor/", "/chassis/", "/coordinator/", "/tasks/"] {
            let all = DeleteOptions::new().with_prefix();
            assert_denied(kv.delete(prefix, Some(all)).await, prefix);
        }
        assert!(kv.get("/swarms/s1/x", None).await.unwrap().kvs().is_empty(), "nothing of it is done");
        assert_eq!(guarded.values().await, before);
    });
    // Nor does the program do for it what it may not do itself.
    for line in [
        "governor reset-circuit-breaker s1 --approved-by me --reason please",
        "governor register s1 --capabilities a:b --cost-per-hour 0 --budget 1000",
        "governor trip-circuit-breaker s2 --reason rival",
    ] {
        let refused = guarded.by("s1", line).expect(6).stderr;
        assert!(refused.contains("this user may not do that"), "{refused}");
    }
    let breaker = guarded.by("root", "governor circuit-breakers s1 -o json").expect(0).json();
    assert_eq!(breaker[0]["state"], "open");
}
