use etcd_client::proto::{PbCompare, PbRangeRequest};
use tokio::sync::oneshot;

use super::super::super::command::Reply;
use super::super::super::state::State;
use super::super::{Change, Login, Permission, stage};
use super::*;

/// A store with auth on. The user s may read and write below `s/`, and read below `open/`; r is only a reader of `s/`.
/// Lease 1 has only keys of s, lease 2 one of somebody else, lease 3 none.
fn store() -> State {
    let mut state = State::default();
    let mut staged = Staged::over(&state);
    let permission = |kind, prefix: &str| Permission {
        kind,
        key: format!("{prefix}/").into(),
        range_end: format!("{prefix}0").into(),
    };
    let grant =
        |role: &str, permission| Change::GrantPermission { role: role.into(), permission: Some(permission) };
    let user = |name: &str| Change::AddUser { name: name.into(), login: Login::Without };
    let role = |name: &str| Change::AddRole { name: name.into() };
    let give = |name: &str, role: &str| Change::GrantRole { user: name.into(), role: role.into() };
    for change in [
        user("root"),
        give("root", "root"),
        user("s"),
        role("worker"),
        grant("worker", permission(2, "s")),
        grant("worker", permission(0, "open")),
        give("s", "worker"),
        user("r"),
        role("reader"),
        grant("reader", permission(0, "s")),
        give("r", "reader"),
        Change::Enable,
    ] {
        stage(&mut staged, change).unwrap();
    }
    (1..=3).for_each(|lease| staged.grant(lease, 60));
    for (key, lease) in [("s/a", 1), ("s/b", 2), ("other", 2), ("unleased", 0)] {
        staged.put(key.into(), "".into(), lease);
    }
    staged.seal();
    let batch = staged.into_batch();
    state.apply(batch);
    state
}

fn caller(state: &State, name: &str) -> Caller {
    Caller::User { name: name.into(), revision: state.directory().revision() }
}

fn reply<T>() -> Reply<T> {
    oneshot::channel().0
}

fn put(key: &str) -> PbPutRequest {
    PbPutRequest { key: key.into(), ..PbPutRequest::default() }
}

fn delete(key: &str, end: &str) -> PbDeleteRequest {
    PbDeleteRequest { key: key.into(), range_end: end.into(), ..PbDeleteRequest::default() }
}

fn range(key: &str, end: &str) -> PbTxnOpRequest {
    let request = PbRangeRequest { key: key.into(), range_end: end.into(), ..PbRangeRequest::default() };
    PbTxnOpRequest::RequestRange(request)
}

fn then(operation: PbTxnOpRequest) -> PbTxnRequest {
    PbTxnRequest { success: vec![PbTxnRequestOp { request: Some(operation) }], ..PbTxnRequest::default() }
}

fn or_else(operation: PbTxnOpRequest) -> PbTxnRequest {
    PbTxnRequest { failure: vec![PbTxnRequestOp { request: Some(operation) }], ..PbTxnRequest::default() }
}

fn when(key: &str, end: &str) -> PbTxnRequest {
    let compare = PbCompare { key: key.into(), range_end: end.into(), ..PbCompare::default() };
    PbTxnRequest { compare: vec![compare], ..PbTxnRequest::default() }
}

fn transact(request: PbTxnRequest) -> Command {
    Command::Transact(request, reply())
}

fn judged(state: &State, name: &str, command: &Command) -> Result<(), Refusal> {
    check(&Staged::over(state), &caller(state, name), command)
}

/// All commands whose permission depends on keys: what s may do, and what it may not.
fn cases() -> [(&'static str, Command, bool); 31] {
    let put_op = |key: &str| PbTxnOpRequest::RequestPut(put(key));
    let delete_op = |key: &str, end: &str| PbTxnOpRequest::RequestDeleteRange(delete(key, end));
    let with_previous = |key: &str| PbPutRequest { prev_kv: true, ..put(key) };
    let leased = |lease| PbPutRequest { lease, ..put("s/a") };
    let nested = |request: PbTxnRequest| then(PbTxnOpRequest::RequestTxn(request));
    [
        ("put", Command::Put(put("s/a"), reply()), true),
        ("put elsewhere", Command::Put(put("other"), reply()), false),
        ("put where it may only read", Command::Put(put("open/a"), reply()), false),
        ("put, with what was there", Command::Put(with_previous("s/a"), reply()), true),
        ("put on its own lease", Command::Put(leased(1), reply()), true),
        ("put on a lease of others", Command::Put(leased(2), reply()), false),
        ("put on an empty lease", Command::Put(leased(3), reply()), true),
        ("delete", Command::Delete(delete("s/a", ""), reply()), true),
        ("delete a range", Command::Delete(delete("s/", "s0"), reply()), true),
        ("delete beyond", Command::Delete(delete("s/", "s1"), reply()), false),
        ("delete everything", Command::Delete(delete("s/", "\0"), reply()), false),
        ("delete where it may only read", Command::Delete(delete("open/a", ""), reply()), false),
        ("compare", transact(when("s/a", "")), true),
        ("compare what it may read", transact(when("open/a", "")), true),
        ("compare elsewhere", transact(when("other", "")), false),
        ("compare a range beyond", transact(when("s/", "\0")), false),
        ("read in a transaction", transact(then(range("s/", "s0"))), true),
        ("read elsewhere in a transaction", transact(then(range("other", ""))), false),
        ("read elsewhere in the other branch", transact(or_else(range("other", ""))), false),
        ("put elsewhere in the other branch", transact(or_else(put_op("other"))), false),
        ("delete elsewhere in a transaction", transact(then(delete_op("s/", "\0"))), false),
        (
            "put on a lease of others in a transaction",
            transact(then(PbTxnOpRequest::RequestPut(leased(2)))),
            false,
        ),
        ("nested", transact(nested(then(put_op("s/a")))), true),
        ("put elsewhere, nested", transact(nested(then(put_op("other")))), false),
        ("read elsewhere, nested twice", transact(nested(nested(or_else(range("other", ""))))), false),
        ("compare elsewhere, nested", transact(nested(when("other", ""))), false),
        ("revoke its own lease", Command::Revoke { id: 1, reply: reply() }, true),
        ("revoke a lease of others", Command::Revoke { id: 2, reply: reply() }, false),
        ("renew a lease of others", Command::KeepAlive { id: 2, reply: reply() }, false),
        ("see the keys of its own lease", Command::TimeToLive { id: 1, keys: true, reply: reply() }, true),
        ("see the keys of others", Command::TimeToLive { id: 2, keys: true, reply: reply() }, false),
    ]
}

#[test]
fn a_user_reaches_its_own_keys_and_no_others() {
    let state = store();
    for (what, command, allowed) in cases() {
        let expected = if allowed { Ok(()) } else { Err(Refusal::PermissionDenied) };
        assert_eq!(judged(&state, "s", &command), expected, "{what}");
    }
}

#[test]
fn root_and_the_process_itself_may_do_everything() {
    let state = store();
    for (what, command, _) in cases() {
        assert_eq!(judged(&state, "root", &command), Ok(()), "{what}");
        assert_eq!(check(&Staged::over(&state), &Caller::Engine, &command), Ok(()), "{what}");
    }
    let compact = Command::Compact { revision: 1, physical: false, reply: reply() };
    for command in [compact, Command::Auth(Change::Disable, reply()), Command::Leases(reply())] {
        assert_eq!(judged(&state, "root", &command), Ok(()));
        assert_eq!(judged(&state, "s", &command), Err(Refusal::PermissionDenied));
    }
}

#[test]
fn who_does_not_say_who_they_are_may_do_nothing_while_auth_is_on() {
    let mut state = store();
    let others = || {
        [
            ("grant", Command::Grant { id: 0, ttl: 60, reply: reply() }),
            ("leases", Command::Leases(reply())),
            ("time to live", Command::TimeToLive { id: 3, keys: false, reply: reply() }),
            ("renew", Command::KeepAlive { id: 3, reply: reply() }),
            ("revoke", Command::Revoke { id: 3, reply: reply() }),
            ("compact", Command::Compact { revision: 1, physical: false, reply: reply() }),
            ("auth", Command::Auth(Change::Disable, reply())),
        ]
    };
    let all = || cases().into_iter().map(|(what, command, _)| (what, command)).chain(others());
    for (what, command) in all() {
        let answer = check(&Staged::over(&state), &Caller::Nobody, &command);
        assert_eq!(answer, Err(Refusal::UserEmpty), "{what}");
    }
    let mut staged = Staged::over(&state);
    stage(&mut staged, Change::Disable).unwrap();
    let batch = staged.into_batch();
    state.apply(batch);
    for (what, command) in all() {
        assert_eq!(check(&Staged::over(&state), &Caller::Nobody, &command), Ok(()), "{what}");
    }
}

#[test]
fn what_was_there_is_shown_only_to_who_may_read_it() {
    let mut state = store();
    let mut staged = Staged::over(&state);
    let writes = Permission { kind: 1, key: b"w".to_vec(), range_end: Vec::new() };
    let grant = Change::GrantPermission { role: "worker".into(), permission: Some(writes) };
    stage(&mut staged, grant).unwrap();
    let batch = staged.into_batch();
    state.apply(batch);
    for prev_kv in [false, true] {
        let put = PbPutRequest { prev_kv, ..put("w") };
        let delete = PbDeleteRequest { prev_kv, ..delete("w", "") };
        let within =
            [PbTxnOpRequest::RequestPut(put.clone()), PbTxnOpRequest::RequestDeleteRange(delete.clone())];
        let alone = [Command::Put(put, reply()), Command::Delete(delete, reply())];
        for command in alone.into_iter().chain(within.map(|operation| transact(then(operation)))) {
            let expected = if prev_kv { Err(Refusal::PermissionDenied) } else { Ok(()) };
            assert_eq!(judged(&state, "s", &command), expected);
        }
    }
}

#[test]
fn a_command_is_judged_by_what_those_before_it_have_changed() {
    let state = store();
    let mut staged = Staged::over(&state);
    let command = Command::Put(put("s/a"), reply());
    let asked = caller(&state, "s");
    assert_eq!(check(&staged, &asked, &command), Ok(()));
    stage(&mut staged, Change::RevokeRole { user: "s".into(), role: "worker".into() }).unwrap();
    assert_eq!(check(&staged, &asked, &command), Err(Refusal::AuthOldRevision));
    let Caller::User { name, revision } = asked else { panic!("a user") };
    let asked_again = Caller::User { name, revision: revision + 1 };
    assert_eq!(check(&staged, &asked_again, &command), Err(Refusal::PermissionDenied));
    assert_eq!(judged(&state, "s", &command), Ok(()), "until it is durable, nobody else sees it");
}
