use super::super::super::key_range::KeyRange;
use super::super::{Caller, Right};
use super::*;

fn user(name: &str) -> Change {
    Change::AddUser { name: name.into(), login: Login::Without }
}

fn role(name: &str) -> Change {
    Change::AddRole { name: name.into() }
}

fn give(user: &str, role: &str) -> Change {
    Change::GrantRole { user: user.into(), role: role.into() }
}

fn take(user: &str, role: &str) -> Change {
    Change::RevokeRole { user: user.into(), role: role.into() }
}

fn permit(role: &str, key: &str) -> Change {
    let permission = Permission { kind: 2, key: key.into(), range_end: Vec::new() };
    Change::GrantPermission { role: role.into(), permission: Some(permission) }
}

fn forbid(role: &str, key: &str) -> Change {
    Change::RevokePermission { role: role.into(), key: key.into(), range_end: Vec::new() }
}

fn password(name: &str) -> Change {
    Change::SetPassword { name: name.into(), password: None }
}

fn drop_user(name: &str) -> Change {
    Change::DeleteUser { name: name.into() }
}

fn drop_role(name: &str) -> Change {
    Change::DeleteRole { name: name.into() }
}

fn changed(changes: impl IntoIterator<Item = Change>) -> Directory {
    let mut directory = Directory::default();
    for change in changes {
        directory.apply(change).unwrap();
    }
    directory
}

/// Users root, with its role, and u, with role r, that may reach k.
fn populated() -> Directory {
    changed([user("root"), give("root", "root"), user("u"), role("r"), permit("r", "k"), give("u", "r")])
}

#[test]
fn what_cannot_be_is_refused_in_etcds_words_and_leaves_no_trace() {
    let nowhere = Permission { kind: 0, key: b"b".to_vec(), range_end: b"a".to_vec() };
    let grant = |permission| Change::GrantPermission { role: "absent".into(), permission };
    for (change, refusal) in [
        (user(""), Refusal::UserEmpty),
        (user("u"), Refusal::UserAlreadyExist),
        (drop_user("absent"), Refusal::UserNotFound),
        (password("absent"), Refusal::UserNotFound),
        (give("absent", "absent"), Refusal::UserNotFound),
        (give("u", "absent"), Refusal::RoleNotFound),
        (take("absent", "r"), Refusal::UserNotFound),
        (take("root", "r"), Refusal::RoleNotGranted),
        (role(""), Refusal::RoleEmpty),
        (role("r"), Refusal::RoleAlreadyExist),
        (drop_role("absent"), Refusal::RoleNotFound),
        (grant(None), Refusal::PermissionNotGiven),
        (grant(Some(nowhere)), Refusal::InvalidAuthMgmt),
        (permit("absent", "k"), Refusal::RoleNotFound),
        (forbid("absent", "k"), Refusal::RoleNotFound),
        (forbid("r", "absent"), Refusal::PermissionNotGranted),
    ] {
        let mut directory = populated();
        let before =
            (directory.revision(), format!("{:?}", directory.users), format!("{:?}", directory.roles));
        let asked = format!("{change:?}");
        assert_eq!(directory.apply(change), Err(refusal), "{asked}");
        let after =
            (directory.revision(), format!("{:?}", directory.users), format!("{:?}", directory.roles));
        assert_eq!(before, after, "{asked}");
    }
}

#[test]
fn every_change_counts_and_repeating_one_does_not() {
    let mut directory = populated();
    assert_eq!(directory.revision(), 7, "six changes after the first revision");
    for (change, revision) in [
        (give("u", "r"), 7),
        (Change::Enable, 7),
        (Change::Enable, 7),
        (password("u"), 8),
        (permit("r", "k"), 9),
        (forbid("r", "k"), 10),
        (take("u", "r"), 11),
        (drop_role("r"), 12),
        (drop_user("u"), 13),
        (Change::Disable, 14),
        (Change::Disable, 14),
    ] {
        let asked = format!("{change:?}");
        directory.apply(change).unwrap();
        assert_eq!(directory.revision(), revision, "{asked}");
    }
}

#[test]
fn auth_is_turned_on_only_when_somebody_could_turn_it_off() {
    let mut directory = Directory::default();
    assert_eq!(directory.apply(Change::Enable), Err(Refusal::RootUserNotExist));
    directory.apply(user("root")).unwrap();
    assert_eq!(directory.apply(Change::Enable), Err(Refusal::RootRoleNotExist));
    directory.apply(give("root", "root")).unwrap();
    directory.apply(role("root")).unwrap();
    directory.apply(Change::Enable).unwrap();
    for change in [drop_user("root"), take("root", "root"), drop_role("root")] {
        assert_eq!(directory.apply(change), Err(Refusal::InvalidAuthMgmt));
    }
    directory.apply(Change::Disable).unwrap();
    directory.apply(take("root", "root")).unwrap();
    directory.apply(drop_role("root")).unwrap();
    directory.apply(drop_user("root")).unwrap();
}

#[test]
fn what_a_user_may_do_follows_its_roles_at_once() {
    let mut directory = populated();
    directory.apply(Change::Enable).unwrap();
    let may = |directory: &Directory| {
        let caller = Caller::User { name: "u".into(), revision: directory.revision() };
        directory.may(&caller, Right::Write, KeyRange::Key(b"k")).is_ok()
    };
    assert!(may(&directory));
    for (change, allowed) in [
        (forbid("r", "k"), false),
        (permit("r", "k"), true),
        (take("u", "r"), false),
        (give("u", "r"), true),
        (password("u"), true),
        (drop_role("r"), false),
        (role("r"), false),
        (permit("r", "k"), false),
        (give("u", "r"), true),
        (drop_user("u"), false),
        (user("u"), false),
    ] {
        let asked = format!("{change:?}");
        // As the writer does: what is published keeps what it has worked out.
        let mut next = directory.clone();
        next.apply(change).unwrap();
        assert_eq!(may(&next), allowed, "{asked}");
        directory = next;
    }
}

#[test]
fn tokens_end_with_the_password_the_user_and_auth_itself_but_not_with_a_role() {
    let mut directory = populated();
    directory.apply(Change::Enable).unwrap();
    let issued = directory.revision();
    assert!(directory.honours("u", issued) && !directory.honours("absent", issued));
    directory.apply(take("u", "r")).unwrap();
    assert!(directory.honours("u", issued));
    let mut other = directory.clone();
    other.apply(password("u")).unwrap();
    assert!(!other.honours("u", issued) && other.honours("root", issued));
    assert!(other.honours("u", other.revision()));
    let mut other = directory.clone();
    other.apply(drop_user("u")).unwrap();
    assert!(!other.honours("u", issued));
    other.apply(user("u")).unwrap();
    assert!(!other.honours("u", issued), "another user of the same name");
    directory.apply(Change::Disable).unwrap();
    assert!(!directory.honours("u", issued));
    directory.apply(Change::Enable).unwrap();
    assert!(!directory.honours("u", issued), "a token from before auth was turned off");
}

#[test]
fn only_what_a_change_touches_is_noted() {
    let mut directory = populated();
    directory.apply(user("bystander")).unwrap();
    directory.apply(give("root", "r")).unwrap();
    let touched = directory.apply(permit("r", "l")).unwrap();
    assert_eq!(touched, Touched::role("r".into()));
    let touched = directory.apply(drop_role("r")).unwrap();
    assert!(touched.users.iter().eq(["root", "u"]) && touched.roles.iter().eq(["r"]));
}
