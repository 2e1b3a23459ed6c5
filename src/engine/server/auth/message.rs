//! Messages of the Auth service that `etcd_client` does not name.
//!
//! The tags are those of etcd's `rpc.proto`.

use etcd_client::proto::PbResponseHeader;
use prost::Message;

use super::super::super::auth::Permission;

#[derive(Clone, PartialEq, Message)]
pub(super) struct AuthStatusRequest {}

#[derive(Clone, PartialEq, Message)]
pub(super) struct AuthStatusResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) header: Option<PbResponseHeader>,
    #[prost(bool, tag = "2")]
    pub(super) enabled: bool,
    #[prost(uint64, tag = "3")]
    pub(super) auth_revision: u64,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct RoleGetResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) header: Option<PbResponseHeader>,
    #[prost(message, repeated, tag = "2")]
    pub(super) permissions: Vec<Permission>,
}
