//! The messages and services of Lock and Election, as etcd's protocol defines them, as far as the client library does
//! not export them. The services are generated at build time.

pub(crate) use etcd_client::proto::{
    PbCampaignResponse, PbLeaderKey, PbLeaderResponse, PbLockResponse, PbProclaimResponse, PbResignResponse,
    PbUnlockResponse,
};
use prost::Message;

pub(super) use self::generated::election_server::{Election, ElectionServer};
pub(super) use self::generated::lock_server::{Lock, LockServer};

#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct LockRequest {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) name: Vec<u8>,
    #[prost(int64, tag = "2")]
    pub(crate) lease: i64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct UnlockRequest {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) key: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct CampaignRequest {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) name: Vec<u8>,
    #[prost(int64, tag = "2")]
    pub(crate) lease: i64,
    #[prost(bytes = "vec", tag = "3")]
    pub(crate) value: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ProclaimRequest {
    #[prost(message, optional, tag = "1")]
    pub(crate) leader: Option<PbLeaderKey>,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) value: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct LeaderRequest {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) name: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ResignRequest {
    #[prost(message, optional, tag = "1")]
    pub(crate) leader: Option<PbLeaderKey>,
}

#[allow(unreachable_pub, clippy::pedantic, reason = "generated")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/v3lockpb.Lock.rs"));
    include!(concat!(env!("OUT_DIR"), "/v3electionpb.Election.rs"));
}
