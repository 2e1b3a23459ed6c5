//! The Cluster service: one member, which cannot be changed.

use etcd_client::proto::{
    PbClusterService, PbMember, PbMemberAddRequest, PbMemberAddResponse, PbMemberListRequest,
    PbMemberListResponse, PbMemberPromoteRequest, PbMemberPromoteResponse, PbMemberRemoveRequest,
    PbMemberRemoveResponse, PbMemberUpdateRequest, PbMemberUpdateResponse,
};
use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};
use tonic::{Request, Response, Status};

use super::{Service, unimplemented};

/// etcd's default name of a member.
const NAME: &str = "default";

#[tonic::async_trait]
impl PbClusterService for Service {
    async fn member_list(
        &self,
        request: Request<PbMemberListRequest>,
    ) -> Result<Response<PbMemberListResponse>, Status> {
        self.known(&request)?;
        let member = PbMember {
            id: self.engine.identity().member_id,
            name: NAME.to_owned(),
            peer_ur_ls: Vec::new(),
            client_ur_ls: reached_at(&request).into_iter().collect(),
            is_learner: false,
        };
        // etcd gives no revision here.
        Ok(Response::new(PbMemberListResponse { header: Some(self.header_at(0)), members: vec![member] }))
    }

    async fn member_add(
        &self,
        request: Request<PbMemberAddRequest>,
    ) -> Result<Response<PbMemberAddResponse>, Status> {
        self.administrator(&request)?;
        Err(unimplemented("MemberAdd"))
    }

    async fn member_remove(
        &self,
        request: Request<PbMemberRemoveRequest>,
    ) -> Result<Response<PbMemberRemoveResponse>, Status> {
        self.administrator(&request)?;
        Err(unimplemented("MemberRemove"))
    }

    async fn member_update(
        &self,
        request: Request<PbMemberUpdateRequest>,
    ) -> Result<Response<PbMemberUpdateResponse>, Status> {
        self.administrator(&request)?;
        Err(unimplemented("MemberUpdate"))
    }

    async fn member_promote(
        &self,
        request: Request<PbMemberPromoteRequest>,
    ) -> Result<Response<PbMemberPromoteResponse>, Status> {
        self.administrator(&request)?;
        Err(unimplemented("MemberPromote"))
    }
}

/// Where the client has reached this server, which is right whatever the listener is bound to; nowhere for one in this
/// process.
fn reached_at<T>(request: &Request<T>) -> Option<String> {
    let address = request.local_addr()?;
    let encrypted = request.extensions().get::<TlsConnectInfo<TcpConnectInfo>>().is_some();
    Some(format!("{}://{address}", if encrypted { "https" } else { "http" }))
}
