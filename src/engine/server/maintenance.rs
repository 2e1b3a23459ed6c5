//! The Maintenance service: status and checksums. What is not built says so.

use etcd_client::AlarmAction;
use etcd_client::proto::{
    PbAlarmRequest, PbAlarmResponse, PbDefragmentRequest, PbDefragmentResponse, PbDowngradeRequest,
    PbDowngradeResponse, PbHashKvRequest, PbHashKvResponse, PbHashRequest, PbHashResponse,
    PbMaintenanceService, PbMoveLeaderRequest, PbMoveLeaderResponse, PbSnapshotRequest, PbSnapshotResponse,
    PbStatusRequest, PbStatusResponse,
};
use tonic::codegen::tokio_stream::Empty;
use tonic::{Request, Response, Status};

use super::super::checksum::{Checksum, checksum};
use super::{Refusal, Service, unimplemented};

/// The etcd whose behaviour this is. Clients parse it as a version and choose features by it, so it is plain; a
/// suffix of our own makes some of them fail.
const VERSION: &str = "3.5.21";

#[tonic::async_trait]
impl PbMaintenanceService for Service {
    async fn status(&self, _: Request<PbStatusRequest>) -> Result<Response<PbStatusResponse>, Status> {
        let size = i64::try_from(self.engine.published().file_size()).unwrap_or(i64::MAX);
        let header = self.header();
        let applied = u64::try_from(header.revision).unwrap_or(0);
        Ok(Response::new(PbStatusResponse {
            header: Some(header),
            version: VERSION.to_owned(),
            db_size: size,
            db_size_in_use: size,
            leader: header.member_id,
            raft_index: applied,
            raft_applied_index: applied,
            raft_term: header.raft_term,
            ..PbStatusResponse::default()
        }))
    }

    /// No alarm can be raised yet, so the list is empty and there is nothing to disarm.
    async fn alarm(&self, request: Request<PbAlarmRequest>) -> Result<Response<PbAlarmResponse>, Status> {
        if request.into_inner().action == AlarmAction::Activate as i32 {
            return Err(unimplemented("raising an alarm"));
        }
        Ok(Response::new(PbAlarmResponse { header: Some(self.header()), alarms: Vec::new() }))
    }

    async fn hash(&self, _: Request<PbHashRequest>) -> Result<Response<PbHashResponse>, Status> {
        let sum = self.checksum(0).await?;
        Ok(Response::new(PbHashResponse { header: Some(self.header_at(sum.revision)), hash: sum.hash }))
    }

    async fn hash_kv(&self, request: Request<PbHashKvRequest>) -> Result<Response<PbHashKvResponse>, Status> {
        let sum = self.checksum(request.into_inner().revision).await?;
        Ok(Response::new(PbHashKvResponse {
            header: Some(self.header_at(sum.revision)),
            hash: sum.hash,
            compact_revision: sum.compacted,
            hash_revision: sum.until,
        }))
    }

    type SnapshotStream = Empty<Result<PbSnapshotResponse, Status>>;

    async fn snapshot(
        &self,
        _: Request<PbSnapshotRequest>,
    ) -> Result<Response<Self::SnapshotStream>, Status> {
        Err(unimplemented("Snapshot"))
    }

    async fn defragment(
        &self,
        _: Request<PbDefragmentRequest>,
    ) -> Result<Response<PbDefragmentResponse>, Status> {
        Err(unimplemented("Defragment"))
    }

    async fn move_leader(
        &self,
        _: Request<PbMoveLeaderRequest>,
    ) -> Result<Response<PbMoveLeaderResponse>, Status> {
        Err(unimplemented("MoveLeader"))
    }

    async fn downgrade(
        &self,
        _: Request<PbDowngradeRequest>,
    ) -> Result<Response<PbDowngradeResponse>, Status> {
        Err(unimplemented("Downgrade"))
    }
}

impl Service {
    /// Takes its time, so it leaves the runtime's own threads alone.
    async fn checksum(&self, revision: i64) -> Result<Checksum, Status> {
        let engine = self.engine.clone();
        let sum = tokio::task::spawn_blocking(move || checksum(engine.published(), revision));
        Ok(sum.await.map_err(|_| Refusal::Stopped)??)
    }
}
