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

use super::super::range::check_revision;
use super::super::record::Record;
use super::super::state::{State, View};
use super::{Refusal, Service, unimplemented};

/// The etcd whose behaviour this is. Clients parse it as a version and choose features by it, so it is plain; a
/// suffix of our own makes some of them fail.
pub(super) const VERSION: &str = "3.5.21";

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
        let (hash, revision) = self.hashed(0).await?;
        Ok(Response::new(PbHashResponse { header: Some(self.header_at(revision)), hash: hash.0 }))
    }

    async fn hash_kv(&self, request: Request<PbHashKvRequest>) -> Result<Response<PbHashKvResponse>, Status> {
        let asked = request.into_inner().revision;
        let ((hash, compact_revision), revision) = self.hashed(asked).await?;
        let hash_revision = if asked > 0 { asked } else { revision };
        let header = Some(self.header_at(revision));
        Ok(Response::new(PbHashKvResponse { header, hash, compact_revision, hash_revision }))
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
    /// The checksum of everything that can be read up to `revision` (0: now) with the compact revision, and the
    /// newest revision. Walks the whole store, so it leaves the runtime's own threads alone.
    async fn hashed(&self, revision: i64) -> Result<((u32, i64), i64), Status> {
        let engine = self.engine.clone();
        let hashed = tokio::task::spawn_blocking(move || {
            let state = engine.published().read();
            check_revision(&*state, revision)?;
            let until = if revision > 0 { revision } else { state.revision() };
            Ok::<_, Refusal>(((checksum(&state, until), state.compacted()), state.revision()))
        });
        Ok(hashed.await.map_err(|_| Refusal::Stopped)??)
    }
}

fn checksum(state: &State, until: i64) -> u32 {
    state.versions().filter(|record| record.main <= until).fold(0, append)
}

fn append(crc: u32, record: &Record) -> u32 {
    let numbers = [record.main, i64::from(record.sub), record.created, record.version, record.lease];
    let crc = numbers.iter().fold(crc, |crc, number| crc32c::crc32c_append(crc, &number.to_be_bytes()));
    let crc = crc32c::crc32c_append(crc, &[u8::from(record.deleted)]);
    [&record.key, &record.value].iter().fold(crc, |crc, bytes| {
        let crc = crc32c::crc32c_append(crc, &bytes.len().to_be_bytes());
        crc32c::crc32c_append(crc, bytes)
    })
}
