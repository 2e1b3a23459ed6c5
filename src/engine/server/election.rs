//! The Election service: whoever is first in line leads, and its value is what it proclaims.

mod observer;

use etcd_client::proto::{PbLeaderKey, PbResponseHeader};
use futures::StreamExt;
use tonic::{Request, Response, Status};

use self::observer::Observer;
use super::super::record::Record;
use super::super::state::View;
use super::line::{Absence, Line, Visitor, attended, unknown};
use super::protocol::{
    CampaignRequest, Election, LeaderRequest, PbCampaignResponse, PbLeaderResponse, PbProclaimResponse,
    PbResignResponse, ProclaimRequest, ResignRequest,
};
use super::{Service, Streamed};

const NO_LEADER_KEY: &str = "\"leader\" field must be provided";
const NOT_LEADER: &str = "election: not leader";
const NO_LEADER: &str = "election: no leader";

#[tonic::async_trait]
impl Election for Service {
    async fn campaign(
        &self,
        request: Request<CampaignRequest>,
    ) -> Result<Response<PbCampaignResponse>, Status> {
        let visitor = self.visitor(&request)?;
        let elected = attended(|absence| visitor.stand(request.into_inner(), absence)).await?;
        Ok(Response::new(elected))
    }

    async fn proclaim(
        &self,
        request: Request<ProclaimRequest>,
    ) -> Result<Response<PbProclaimResponse>, Status> {
        let visitor = self.visitor(&request)?;
        let ProclaimRequest { leader, value } = request.into_inner();
        let leader = visitor.resume(leader).await?;
        let header = visitor.proclaimed(&leader, value).await?;
        Ok(Response::new(PbProclaimResponse { header: Some(header) }))
    }

    async fn leader(&self, request: Request<LeaderRequest>) -> Result<Response<PbLeaderResponse>, Status> {
        let visitor = self.visitor(&request)?;
        let line = Line::named(&request.into_inner().name);
        let state = self.engine.published().read();
        visitor.may_read(&state, &line).map_err(unknown)?;
        let kv = line.first(&state).map(Record::to_key_value).ok_or_else(|| unknown(NO_LEADER))?;
        let header = Some(self.header_at(state.revision()));
        Ok(Response::new(PbLeaderResponse { header, kv: Some(kv) }))
    }

    type ObserveStream = Streamed<PbLeaderResponse>;

    async fn observe(
        &self,
        request: Request<LeaderRequest>,
    ) -> Result<Response<Self::ObserveStream>, Status> {
        let visitor = self.visitor(&request)?;
        let line = Line::named(&request.into_inner().name);
        visitor.may_read(&self.engine.published().read(), &line).map_err(unknown)?;
        let observer = Observer::new(self.clone(), line);
        let leaders = futures::stream::unfold(observer, |mut observer| async {
            let leader = observer.next().await;
            Some((leader, observer))
        });
        Ok(Response::new(self.until_stopped(leaders.map(Ok))))
    }

    async fn resign(&self, request: Request<ResignRequest>) -> Result<Response<PbResignResponse>, Status> {
        let visitor = self.visitor(&request)?;
        let leader = visitor.resume(request.into_inner().leader).await?;
        let header = visitor.leave(&leader.key, leader.rev).await.map_err(unknown)?;
        Ok(Response::new(PbResignResponse { header: Some(header) }))
    }
}

impl Visitor {
    /// As etcd does, tells who waited that it leads even when its lease has ended meanwhile.
    async fn stand(self, request: CampaignRequest, absence: Absence) -> Result<PbCampaignResponse, Status> {
        let CampaignRequest { name, lease, value } = request;
        let lease = self.session(lease).await.map_err(unknown)?;
        let line = Line::named(&name);
        let place = self.enter(&line, lease, value.clone()).await.map_err(unknown)?;
        let leader = PbLeaderKey { name, key: place.key.clone(), rev: place.created, lease };
        if place.former.as_ref().is_some_and(|former| former.value != value)
            && let Err(refused) = self.proclaimed(&leader, value).await
        {
            self.leave(&place.key, place.created).await.map_err(unknown)?;
            return Err(refused);
        }
        self.turn(&line, &place, absence).await?;
        Ok(PbCampaignResponse { header: Some(place.header), leader: Some(leader) })
    }

    /// The leader key of a request, with a lease.
    async fn resume(&self, leader: Option<PbLeaderKey>) -> Result<PbLeaderKey, Status> {
        let mut leader = leader.ok_or_else(|| unknown(NO_LEADER_KEY))?;
        leader.lease = self.session(leader.lease).await.map_err(unknown)?;
        Ok(leader)
    }

    async fn proclaimed(&self, leader: &PbLeaderKey, value: Vec<u8>) -> Result<PbResponseHeader, Status> {
        let rewritten = self.rewrite(&leader.key, leader.rev, value, leader.lease).await;
        rewritten.map_err(unknown)?.ok_or_else(|| unknown(NOT_LEADER))
    }
}
