//! `etcdctl`, of both lines of etcd, manages the engine's users as it manages etcd's: the same words come back.

use std::process::{Command, Stdio};

use super::store::Store;
use crate::support::servers::{Backend, fetched};

/// What somebody types, in order. Every line is answered, by the engine and by etcd alike.
const SESSION: &[&str] = &[
    "user add root:secret",
    "auth enable",
    "role add root",
    "user grant-role root root",
    "user add s:secret",
    "user add s:again",
    "user add certified --no-password",
    "role add own",
    "role add own",
    "role grant-permission own readwrite --prefix=true /s/",
    "role grant-permission own read /plan",
    "role grant-permission own write --from-key=true /z",
    "role grant-permission absent read /plan",
    "role get own",
    "user grant-role s own",
    "user grant-role s absent",
    "user get s",
    "user get s --detail",
    "user list",
    "role list",
    "put /s/a 1",
    "auth enable",
    "get /s/a",
    "--user s:wrong get /s/a",
    "--user certified:secret get /s/a",
    "--user s:secret get /s/a",
    "--user s:secret get --prefix /s/",
    "--user s:secret get --prefix /",
    "--user s:secret put /s/b 2",
    "--user s:secret put /plan 2",
    "--user s:secret del --prefix /s",
    "--user s:secret user list",
    "--user s:secret user get s",
    "--user s:secret user get root",
    "--user s:secret role get own",
    "--user s:secret auth disable",
    "--user root:secret user list",
    "--user root:secret role revoke-permission own /plan",
    "--user root:secret role revoke-permission own /plan",
    "--user root:secret role revoke-permission own /s/ --prefix=true",
    "--user s:secret get /s/a",
    "--user root:secret role get own",
    "--user root:secret user revoke-role s own",
    "--user root:secret user revoke-role s own",
    "--user root:secret user revoke-role root root",
    "--user root:secret role delete own",
    "--user root:secret role get own",
    "--user root:secret user passwd s --interactive=false",
    "--user s:secret user get s",
    "--user s:changed user get s",
    "--user root:secret user delete root",
    "--user root:secret user delete s",
    "--user s:changed user get s",
    "--user root:secret get --prefix /",
    "--user root:secret auth disable",
    "get --prefix /",
    "--user root:secret get /s/b",
];

/// Commands that `etcdctl` has since 3.5 only.
const STATUS: &[&str] = &["auth status", "--user root:secret auth status"];

/// What `etcdctl` answers to one line, and how it ends.
fn answer(etcdctl: &str, store: &Store, line: &str) -> String {
    let mut child = Command::new(fetched(etcdctl))
        .env_clear()
        .env("ETCDCTL_API", "3")
        .args(["--endpoints", store.endpoint()])
        .args(line.split(' '))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // For the one command that asks for a new password; the others do not read.
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"changed\n");
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    // The client's own log names times and addresses.
    let errors: Vec<&str> = errors.lines().filter(|line| !line.starts_with('{')).collect();
    let said = String::from_utf8(output.stdout).unwrap();
    format!("{line}\n{said}{}\n{:?}\n", errors.join("\n"), output.status.code())
}

fn session<'l>(etcdctl: &str, backend: Backend, lines: impl Iterator<Item = &'l &'l str>) -> Vec<String> {
    let store = Store::start(backend);
    lines.map(|line| answer(etcdctl, &store, line)).collect()
}

#[test]
fn etcdctl_3_5_hears_the_same_from_the_engine_as_from_etcd() {
    let lines = || SESSION[..23].iter().chain(STATUS).chain(&SESSION[23..]).chain(STATUS);
    let [engine, etcd] =
        [Backend::Engine, Backend::Etcd35].map(|backend| session("etcd-3.5/etcdctl", backend, lines()));
    for (engine, etcd) in engine.iter().zip(&etcd) {
        assert_eq!(engine, etcd);
    }
}

#[test]
fn etcdctl_3_4_hears_the_same_from_the_engine_as_from_etcd() {
    let [engine, etcd] = [Backend::Engine, Backend::Etcd35]
        .map(|backend| session("etcd-3.4/etcdctl", backend, SESSION.iter()));
    for (engine, etcd) in engine.iter().zip(&etcd) {
        assert_eq!(engine, etcd);
    }
}
