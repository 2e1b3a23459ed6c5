//! Users, roles and tokens.

use etcd_client::PermissionType::{self, Read, Readwrite, Write};

use super::super::wire::Wire;
use super::compare;

#[test]
fn users_and_roles_are_kept_as_etcd_keeps_them() {
    compare(async |wire: &mut Wire| {
        wire.user_list().await;
        wire.role_list().await;
        wire.auth_status().await;
        for name in ["", "u", "u", "v"] {
            wire.user_add(name, "secret").await;
        }
        wire.user_add_without_password("certified").await;
        wire.user_add_without_password("certified").await;
        for name in ["", "r", "r", "q"] {
            wire.role_add(name).await;
        }
        for (user, role) in
            [("absent", "r"), ("u", "absent"), ("u", "r"), ("u", "r"), ("u", "q"), ("u", "root")]
        {
            wire.user_grant_role(user, role).await;
        }
        for name in ["u", "v", "absent", ""] {
            wire.user_get(name).await;
        }
        for (user, role) in [("absent", "r"), ("v", "r"), ("u", "q"), ("u", "q")] {
            wire.user_revoke_role(user, role).await;
        }
        wire.user_get("u").await;
        wire.user_list().await;
        wire.role_list().await;
        for name in ["u", "certified", "absent"] {
            wire.user_change_password(name, "other").await;
        }
        wire.role_delete("absent").await;
        wire.role_delete("r").await;
        wire.user_get("u").await;
        wire.role_get("r").await;
        wire.user_delete("absent").await;
        wire.user_delete("v").await;
        wire.user_list().await;
        wire.role_list().await;
        wire.auth_status().await;
        wire.put("k", "still revision 2").await;
    });
}

#[test]
fn permissions_are_granted_listed_and_revoked_as_in_etcd() {
    compare(async |wire: &mut Wire| {
        wire.role_add("r").await;
        let permissions: [(PermissionType, &str, &str); 9] = [
            (Read, "m", ""),
            (Write, "a", "c"),
            (Readwrite, "z", "\0"),
            (Readwrite, "b", ""),
            (Read, "b", "d"),
            (Write, "m", ""),
            (Read, "a", "c"),
            (Write, "\0", "\0"),
            (Read, "m", "n"),
        ];
        for (kind, key, end) in permissions {
            wire.grant_permission("r", kind, key, end).await;
            wire.role_get("r").await;
        }
        wire.grant_permission("absent", Read, "k", "").await;
        for (key, end) in [("b", "d"), ("b", "d"), ("b", ""), ("z", ""), ("z", "\0"), ("absent", "")] {
            wire.revoke_permission("r", key, end).await;
        }
        wire.revoke_permission("absent", "k", "").await;
        wire.role_get("r").await;
        wire.role_get("absent").await;
        wire.auth_status().await;
    });
}

#[test]
fn auth_is_turned_on_and_off_as_in_etcd() {
    compare(async |wire: &mut Wire| {
        wire.authenticate("root", "secret").await;
        wire.auth_enable().await;
        wire.user_add("root", "secret").await;
        wire.auth_enable().await;
        wire.authenticate("root", "secret").await;
        wire.role_add("root").await;
        wire.user_grant_role("root", "root").await;
        wire.auth_disable().await;
        wire.auth_status().await;
        wire.auth_enable().await;
        wire.auth_enable().await;
        wire.auth_status().await;

        wire.authenticate("root", "wrong").await;
        wire.authenticate("absent", "secret").await;
        wire.authenticate("", "").await;
        wire.authenticate("root", "secret").await;
        wire.log_in("root", "secret").await.speak_as("root");
        wire.auth_status().await;
        wire.auth_enable().await;
        for (user, role) in [("root", "root"), ("root", "absent")] {
            wire.user_revoke_role(user, role).await;
        }
        wire.role_delete("root").await;
        wire.user_delete("root").await;
        wire.user_add_without_password("certified").await;
        wire.speak_as_nobody().authenticate("certified", "").await;
        wire.authenticate("certified", "secret").await;

        wire.speak_as("root").auth_disable().await;
        wire.auth_status().await;
        wire.put("k", "with a token while auth is off").await;
        wire.speak_as_nobody().auth_status().await;
        wire.authenticate("root", "secret").await;
        wire.auth_enable().await;
        wire.speak_as("root").auth_status().await;
        wire.log_in("root", "secret").await.speak_as("root");
        wire.auth_status().await;
    });
}

#[test]
fn tokens_count_as_long_as_etcd_honours_them() {
    compare(async |wire: &mut Wire| {
        for name in ["root", "u"] {
            wire.user_add(name, "secret").await;
        }
        wire.role_add("r").await;
        wire.grant_permission("r", Readwrite, "k", "").await;
        wire.user_grant_role("u", "r").await;
        wire.user_grant_role("root", "root").await;
        wire.auth_enable().await;
        for token in ["", "token", "aaaaaaaaaaaaaaaa.1", "a.b.c"] {
            wire.speak_with(token).get("k", "").await;
            wire.put("k", "v").await;
            wire.auth_status().await;
        }
        wire.log_in("root", "secret").await.log_in("u", "secret").await;
        wire.speak_as("u").put("k", "v").await;
        wire.show_token_as("authorization").put("k", "v").await;
        wire.get("k", "").await;
        wire.show_token_as("token");

        // A change of roles ends no token.
        wire.speak_as("root").role_add("q").await;
        wire.speak_as("u").get("k", "").await;
        // A change of the password does.
        wire.speak_as("root").user_change_password("u", "other").await;
        wire.speak_as("u").get("k", "").await;
        wire.speak_as_nobody().authenticate("u", "secret").await;
        wire.log_in("u", "other").await.speak_as("u").get("k", "").await;
        // So does the end of the user, whoever comes after it.
        wire.speak_as("root").user_delete("u").await;
        wire.speak_as("u").get("k", "").await;
        wire.speak_as("root").user_add("u", "other").await;
        wire.speak_as("u").get("k", "").await;
        // An empty password locks a user out.
        wire.speak_as("root").user_change_password("u", "").await;
        wire.speak_as_nobody().authenticate("u", "").await;
        wire.authenticate("u", "other").await;
    });
}

#[test]
fn only_root_administers_and_everybody_may_look_at_themselves() {
    compare(async |wire: &mut Wire| {
        for name in ["root", "u", "other"] {
            wire.user_add(name, "secret").await;
        }
        for name in ["r", "foreign"] {
            wire.role_add(name).await;
        }
        wire.user_grant_role("u", "r").await;
        wire.user_grant_role("root", "root").await;
        wire.auth_enable().await;
        wire.log_in("root", "secret").await.log_in("u", "secret").await;
        for speaker in [None, Some("u")] {
            match speaker {
                Some(user) => wire.speak_as(user),
                None => wire.speak_as_nobody(),
            };
            wire.auth_enable().await;
            wire.auth_disable().await;
            wire.auth_status().await;
            wire.user_add("new", "secret").await;
            wire.user_add("", "").await;
            wire.user_add_without_password("new").await;
            wire.user_list().await;
            wire.user_delete("other").await;
            wire.user_change_password("other", "stolen").await;
            wire.user_change_password("u", "own").await;
            wire.user_grant_role("u", "root").await;
            wire.user_revoke_role("u", "r").await;
            wire.role_add("new").await;
            wire.role_add("").await;
            wire.role_list().await;
            wire.role_delete("r").await;
            wire.grant_permission("r", Readwrite, "\0", "\0").await;
            wire.revoke_permission("r", "k", "").await;
            for name in ["u", "other", "absent", "root", ""] {
                wire.user_get(name).await;
            }
            for name in ["r", "foreign", "absent", "root", ""] {
                wire.role_get(name).await;
            }
        }
        wire.speak_as("root").user_list().await;
        wire.role_list().await;
        wire.user_get("u").await;
        wire.role_get("r").await;
    });
}
