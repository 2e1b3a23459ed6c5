//! The requests a script is made of, in as few words as it takes.

#![expect(clippy::default_trait_access, reason = "the types are not exported, so they cannot be named")]

use etcd_client::PermissionType;
use etcd_client::proto::{
    PbAuthDisableRequest, PbAuthDisableResponse, PbAuthEnableRequest, PbAuthEnableResponse,
    PbAuthRoleAddRequest, PbAuthRoleAddResponse, PbAuthRoleDeleteRequest, PbAuthRoleDeleteResponse,
    PbAuthRoleGetRequest, PbAuthRoleGetResponse, PbAuthRoleGrantPermissionRequest,
    PbAuthRoleGrantPermissionResponse, PbAuthRoleListRequest, PbAuthRoleListResponse,
    PbAuthRoleRevokePermissionRequest, PbAuthRoleRevokePermissionResponse, PbAuthUserAddRequest,
    PbAuthUserAddResponse, PbAuthUserChangePasswordRequest, PbAuthUserChangePasswordResponse,
    PbAuthUserDeleteRequest, PbAuthUserDeleteResponse, PbAuthUserGetRequest, PbAuthUserGetResponse,
    PbAuthUserGrantRoleRequest, PbAuthUserGrantRoleResponse, PbAuthUserListRequest, PbAuthUserListResponse,
    PbAuthUserRevokeRoleRequest, PbAuthUserRevokeRoleResponse, PbAuthenticateRequest, PbAuthenticateResponse,
    PbCompare, PbDeleteRequest, PbDeleteResponse, PbLeaseGrantRequest, PbLeaseGrantResponse,
    PbLeaseRevokeRequest, PbLeaseRevokeResponse, PbPutRequest, PbPutResponse, PbRangeRequest,
    PbRangeResponse, PbTxnOpRequest, PbTxnRequest, PbTxnRequestOp, PbTxnResponse, PbWatchRequest,
    PbWatchRequestUnion,
};

use super::Wire;

/// `etcd_client` exports neither the request nor the response.
#[derive(Clone, PartialEq, prost::Message)]
struct AuthStatusRequest {}

#[derive(Clone, PartialEq, prost::Message)]
struct AuthStatusResponse {
    #[prost(message, optional, tag = "1")]
    header: Option<etcd_client::proto::PbResponseHeader>,
    #[prost(bool, tag = "2")]
    enabled: bool,
    #[prost(uint64, tag = "3")]
    auth_revision: u64,
}

pub(in super::super) fn range(key: &str, end: &str) -> PbRangeRequest {
    PbRangeRequest { key: key.into(), range_end: end.into(), ..PbRangeRequest::default() }
}

pub(in super::super) fn put(key: &str, value: &str) -> PbPutRequest {
    PbPutRequest { key: key.into(), value: value.into(), ..PbPutRequest::default() }
}

pub(in super::super) fn delete(key: &str, end: &str) -> PbDeleteRequest {
    PbDeleteRequest { key: key.into(), range_end: end.into(), ..PbDeleteRequest::default() }
}

pub(in super::super) fn range_op(key: &str, end: &str) -> PbTxnOpRequest {
    PbTxnOpRequest::RequestRange(range(key, end))
}

pub(in super::super) fn put_op(key: &str) -> PbTxnOpRequest {
    PbTxnOpRequest::RequestPut(put(key, "v"))
}

pub(in super::super) fn delete_op(key: &str, end: &str) -> PbTxnOpRequest {
    PbTxnOpRequest::RequestDeleteRange(delete(key, end))
}

/// A transaction of nothing but a compare, which holds for a key that exists.
pub(in super::super) fn when(key: &str, end: &str) -> PbTxnRequest {
    let compare = PbCompare {
        key: key.into(),
        range_end: end.into(),
        result: etcd_client::CompareOp::Greater as i32,
        ..PbCompare::default()
    };
    PbTxnRequest { compare: vec![compare], ..PbTxnRequest::default() }
}

/// A transaction that carries out one operation.
pub(in super::super) fn then(operation: PbTxnOpRequest) -> PbTxnRequest {
    PbTxnRequest { success: vec![PbTxnRequestOp { request: Some(operation) }], ..PbTxnRequest::default() }
}

/// A transaction that names one operation and does not carry it out.
pub(in super::super) fn or_else(operation: PbTxnOpRequest) -> PbTxnRequest {
    PbTxnRequest { failure: vec![PbTxnRequestOp { request: Some(operation) }], ..PbTxnRequest::default() }
}

/// A transaction within another.
pub(in super::super) fn nested(inner: PbTxnRequest) -> PbTxnRequest {
    then(PbTxnOpRequest::RequestTxn(inner))
}

pub(in super::super) fn watch(key: &str, end: &str) -> PbWatchRequest {
    let mut request = PbWatchRequest { request_union: None };
    // The type of a create request has no name outside.
    let union = request.request_union.insert(PbWatchRequestUnion::CreateRequest(Default::default()));
    if let PbWatchRequestUnion::CreateRequest(create) = union {
        create.key = key.into();
        create.range_end = end.into();
    }
    request
}

/// Requests on keys and leases.
impl Wire {
    pub(in super::super) async fn say_range(&mut self, request: PbRangeRequest) {
        self.say::<_, PbRangeResponse>("KV/Range", request).await;
    }

    pub(in super::super) async fn say_put(&mut self, request: PbPutRequest) {
        self.say::<_, PbPutResponse>("KV/Put", request).await;
    }

    pub(in super::super) async fn say_delete(&mut self, request: PbDeleteRequest) {
        self.say::<_, PbDeleteResponse>("KV/DeleteRange", request).await;
    }

    pub(in super::super) async fn say_txn(&mut self, request: PbTxnRequest) {
        self.say::<_, PbTxnResponse>("KV/Txn", request).await;
    }

    pub(in super::super) async fn get(&mut self, key: &str, end: &str) {
        self.say_range(range(key, end)).await;
    }

    pub(in super::super) async fn put(&mut self, key: &str, value: &str) {
        self.say_put(put(key, value)).await;
    }

    /// Asks for a watch; its number is left out, which etcd changed in the course of 3.5.
    pub(in super::super) async fn say_watch(&mut self, key: &str, end: &str) {
        let answer = self.watch(watch(key, end)).await;
        let said = (answer.created, answer.canceled, answer.cancel_reason);
        self.transcript.push(format!("watch {key:?} {end:?} -> {said:?}"));
    }

    pub(in super::super) async fn grant_lease(&mut self, id: i64) {
        let request = PbLeaseGrantRequest { ttl: 600, id };
        self.say::<_, PbLeaseGrantResponse>("Lease/LeaseGrant", request).await;
    }

    pub(in super::super) async fn revoke_lease(&mut self, id: i64) {
        let request = PbLeaseRevokeRequest { id };
        self.say::<_, PbLeaseRevokeResponse>("Lease/LeaseRevoke", request).await;
    }
}

/// Turning auth on and off, and logging in.
impl Wire {
    pub(in super::super) async fn auth_enable(&mut self) {
        self.say::<_, PbAuthEnableResponse>("Auth/AuthEnable", PbAuthEnableRequest {}).await;
    }

    pub(in super::super) async fn auth_disable(&mut self) {
        self.say::<_, PbAuthDisableResponse>("Auth/AuthDisable", PbAuthDisableRequest {}).await;
    }

    pub(in super::super) async fn auth_status(&mut self) {
        self.say::<_, AuthStatusResponse>("Auth/AuthStatus", AuthStatusRequest {}).await;
    }

    pub(in super::super) async fn authenticate(&mut self, name: &str, password: &str) {
        let request = PbAuthenticateRequest { name: name.into(), password: password.into() };
        self.say::<_, PbAuthenticateResponse>("Auth/Authenticate", request).await;
    }
}

/// Users.
impl Wire {
    pub(in super::super) async fn user_add(&mut self, name: &str, password: &str) {
        let request = PbAuthUserAddRequest {
            name: name.into(),
            password: password.into(),
            ..PbAuthUserAddRequest::default()
        };
        self.say::<_, PbAuthUserAddResponse>("Auth/UserAdd", request).await;
    }

    pub(in super::super) async fn user_add_without_password(&mut self, name: &str) {
        let mut request = PbAuthUserAddRequest {
            name: name.into(),
            options: Some(Default::default()),
            ..PbAuthUserAddRequest::default()
        };
        request.options.as_mut().unwrap().no_password = true;
        self.say::<_, PbAuthUserAddResponse>("Auth/UserAdd", request).await;
    }

    pub(in super::super) async fn user_get(&mut self, name: &str) {
        let request = PbAuthUserGetRequest { name: name.into() };
        self.say::<_, PbAuthUserGetResponse>("Auth/UserGet", request).await;
    }

    pub(in super::super) async fn user_list(&mut self) {
        self.say::<_, PbAuthUserListResponse>("Auth/UserList", PbAuthUserListRequest {}).await;
    }

    pub(in super::super) async fn user_delete(&mut self, name: &str) {
        let request = PbAuthUserDeleteRequest { name: name.into() };
        self.say::<_, PbAuthUserDeleteResponse>("Auth/UserDelete", request).await;
    }

    pub(in super::super) async fn user_change_password(&mut self, name: &str, password: &str) {
        let request = PbAuthUserChangePasswordRequest {
            name: name.into(),
            password: password.into(),
            ..PbAuthUserChangePasswordRequest::default()
        };
        self.say::<_, PbAuthUserChangePasswordResponse>("Auth/UserChangePassword", request).await;
    }

    pub(in super::super) async fn user_grant_role(&mut self, user: &str, role: &str) {
        let request = PbAuthUserGrantRoleRequest { user: user.into(), role: role.into() };
        self.say::<_, PbAuthUserGrantRoleResponse>("Auth/UserGrantRole", request).await;
    }

    pub(in super::super) async fn user_revoke_role(&mut self, user: &str, role: &str) {
        let request = PbAuthUserRevokeRoleRequest { name: user.into(), role: role.into() };
        self.say::<_, PbAuthUserRevokeRoleResponse>("Auth/UserRevokeRole", request).await;
    }
}

/// Roles.
impl Wire {
    pub(in super::super) async fn role_add(&mut self, name: &str) {
        let request = PbAuthRoleAddRequest { name: name.into() };
        self.say::<_, PbAuthRoleAddResponse>("Auth/RoleAdd", request).await;
    }

    pub(in super::super) async fn role_get(&mut self, name: &str) {
        let request = PbAuthRoleGetRequest { role: name.into() };
        self.say::<_, PbAuthRoleGetResponse>("Auth/RoleGet", request).await;
    }

    pub(in super::super) async fn role_list(&mut self) {
        self.say::<_, PbAuthRoleListResponse>("Auth/RoleList", PbAuthRoleListRequest {}).await;
    }

    pub(in super::super) async fn role_delete(&mut self, name: &str) {
        let request = PbAuthRoleDeleteRequest { role: name.into() };
        self.say::<_, PbAuthRoleDeleteResponse>("Auth/RoleDelete", request).await;
    }

    pub(in super::super) async fn grant_permission(
        &mut self,
        role: &str,
        kind: PermissionType,
        key: &str,
        end: &str,
    ) {
        let mut request =
            PbAuthRoleGrantPermissionRequest { name: role.into(), perm: Some(Default::default()) };
        let permission = request.perm.as_mut().unwrap();
        permission.perm_type = kind as i32;
        permission.key = key.into();
        permission.range_end = end.into();
        self.say::<_, PbAuthRoleGrantPermissionResponse>("Auth/RoleGrantPermission", request).await;
    }

    pub(in super::super) async fn revoke_permission(&mut self, role: &str, key: &str, end: &str) {
        let (key, range_end) = (key.into(), end.into());
        let request = PbAuthRoleRevokePermissionRequest { role: role.into(), key, range_end };
        self.say::<_, PbAuthRoleRevokePermissionResponse>("Auth/RoleRevokePermission", request).await;
    }
}
