//! The Lease service.

use etcd_client::proto::{
    PbLeaseGrantRequest, PbLeaseGrantResponse, PbLeaseKeepAliveRequest, PbLeaseKeepAliveResponse,
    PbLeaseLeasesRequest, PbLeaseLeasesResponse, PbLeaseRevokeRequest, PbLeaseRevokeResponse, PbLeaseService,
    PbLeaseStatus, PbLeaseTimeToLiveRequest, PbLeaseTimeToLiveResponse,
};
use futures::StreamExt;
use tonic::{Request, Response, Status, Streaming};

use super::super::auth::Credentials;
use super::super::command::Command;
use super::{Refusal, Service, Streamed};

#[tonic::async_trait]
impl PbLeaseService for Service {
    async fn lease_grant(
        &self,
        request: Request<PbLeaseGrantRequest>,
    ) -> Result<Response<PbLeaseGrantResponse>, Status> {
        let caller = self.caller(&request)?;
        let PbLeaseGrantRequest { ttl, id } = request.into_inner();
        let lease = self.engine.ask(caller, |reply| Command::Grant { id, ttl, reply }).await?;
        let header = Some(self.header_at(lease.revision));
        Ok(Response::new(PbLeaseGrantResponse { header, id: lease.id, ttl: lease.ttl, error: String::new() }))
    }

    async fn lease_revoke(
        &self,
        request: Request<PbLeaseRevokeRequest>,
    ) -> Result<Response<PbLeaseRevokeResponse>, Status> {
        let caller = self.caller(&request)?;
        let id = request.into_inner().id;
        let revision = self.engine.ask(caller, |reply| Command::Revoke { id, reply }).await?;
        Ok(Response::new(PbLeaseRevokeResponse { header: Some(self.header_at(revision)) }))
    }

    type LeaseKeepAliveStream = Streamed<PbLeaseKeepAliveResponse>;

    async fn lease_keep_alive(
        &self,
        request: Request<Streaming<PbLeaseKeepAliveRequest>>,
    ) -> Result<Response<Self::LeaseKeepAliveStream>, Status> {
        let credentials = Credentials::of(request.metadata());
        // A client that is told at once, and not in the stream, logs in again and goes on.
        self.known(&request)?;
        let service = self.clone();
        let renewals = request.into_inner().then(move |request| {
            let (service, credentials) = (service.clone(), credentials.clone());
            async move { service.keep_alive(&credentials, request?.id).await.map_err(Status::from) }
        });
        Ok(Response::new(self.until_stopped(renewals)))
    }

    async fn lease_time_to_live(
        &self,
        request: Request<PbLeaseTimeToLiveRequest>,
    ) -> Result<Response<PbLeaseTimeToLiveResponse>, Status> {
        let caller = self.caller(&request)?;
        let PbLeaseTimeToLiveRequest { id, keys } = request.into_inner();
        let life = self.engine.ask(caller, |reply| Command::TimeToLive { id, keys, reply }).await?;
        Ok(Response::new(PbLeaseTimeToLiveResponse {
            header: Some(self.header_at(life.revision)),
            id,
            ttl: life.remaining,
            granted_ttl: life.granted,
            keys: life.keys,
        }))
    }

    async fn lease_leases(
        &self,
        request: Request<PbLeaseLeasesRequest>,
    ) -> Result<Response<PbLeaseLeasesResponse>, Status> {
        let caller = self.caller(&request)?;
        let (revision, leases) = self.engine.ask(caller, Command::Leases).await?;
        let leases = leases.into_iter().map(|id| PbLeaseStatus { id }).collect();
        Ok(Response::new(PbLeaseLeasesResponse { header: Some(self.header_at(revision)), leases }))
    }
}

impl Service {
    async fn keep_alive(
        &self,
        credentials: &Credentials,
        id: i64,
    ) -> Result<PbLeaseKeepAliveResponse, Refusal> {
        let caller = self.identify(credentials)?;
        let renewed = self.engine.ask(caller, |reply| Command::KeepAlive { id, reply }).await?;
        Ok(PbLeaseKeepAliveResponse { header: Some(self.header_at(renewed.revision)), id, ttl: renewed.ttl })
    }
}
