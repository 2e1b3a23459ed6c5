//! The Maintenance service: status, checksums, alarms, exports. What makes no sense for one member says so.

use std::io::{self, ErrorKind};

use etcd_client::proto::{
    PbAlarmMember, PbAlarmRequest, PbAlarmResponse, PbDefragmentRequest, PbDefragmentResponse,
    PbDowngradeRequest, PbDowngradeResponse, PbHashKvRequest, PbHashKvResponse, PbHashRequest,
    PbHashResponse, PbMaintenanceService, PbMoveLeaderRequest, PbMoveLeaderResponse, PbSnapshotRequest,
    PbSnapshotResponse, PbStatusRequest, PbStatusResponse,
};
use etcd_client::{AlarmAction, AlarmType};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::super::checksum::{Checksum, checksum};
use super::super::command::{Command, is_alarmed};
use super::super::storage::export;
use super::{Refusal, Service, unimplemented};

/// The etcd whose behaviour this is. Clients parse it as a version and choose features by it, so it is plain; a
/// suffix of our own makes some of them fail.
pub(super) const VERSION: &str = "3.5.21";

/// Exports are sent in pieces of this size, as etcd's are, so that every client can take them.
const PIECE: usize = 32 << 10;
/// How many pieces may wait for the client.
const PIECES: usize = 16;

#[tonic::async_trait]
impl PbMaintenanceService for Service {
    async fn status(&self, request: Request<PbStatusRequest>) -> Result<Response<PbStatusResponse>, Status> {
        self.known(&request)?;
        let size = i64::try_from(self.engine.published().health.size()).unwrap_or(i64::MAX);
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
            errors: self.errors(),
            ..PbStatusResponse::default()
        }))
    }

    /// The one alarm is etcd's NOSPACE: on while the disk is full, and while a client has it on.
    async fn alarm(&self, request: Request<PbAlarmRequest>) -> Result<Response<PbAlarmResponse>, Status> {
        // Everybody who is known may look.
        let caller = match request.get_ref().action {
            action if action == AlarmAction::Get as i32 => self.known(&request)?,
            _ => self.administrator(&request)?,
        };
        let request = request.into_inner();
        let no_space = request.alarm == AlarmType::Nospace as i32;
        let get = request.action == AlarmAction::Get as i32;
        let mut alarms = Vec::new();
        if get {
            let asked = no_space || request.alarm == AlarmType::None as i32;
            alarms.extend((asked && self.is_alarmed()).then(|| self.no_space()));
        } else if no_space {
            let raised = request.action == AlarmAction::Activate as i32;
            let changed = self.engine.ask(caller, |reply| Command::Alarm { raised, reply }).await?;
            alarms.extend((raised || changed).then(|| self.no_space()));
        } else if request.action == AlarmAction::Activate as i32 {
            return Err(unimplemented("an alarm other than NOSPACE"));
        }
        Ok(Response::new(PbAlarmResponse { header: Some(self.header()), alarms }))
    }

    async fn hash(&self, request: Request<PbHashRequest>) -> Result<Response<PbHashResponse>, Status> {
        self.administrator(&request)?;
        let sum = self.checksum(0).await?;
        Ok(Response::new(PbHashResponse { header: Some(self.header_at(sum.revision)), hash: sum.hash }))
    }

    async fn hash_kv(&self, request: Request<PbHashKvRequest>) -> Result<Response<PbHashKvResponse>, Status> {
        self.administrator(&request)?;
        let sum = self.checksum(request.into_inner().revision).await?;
        Ok(Response::new(PbHashKvResponse {
            header: Some(self.header_at(sum.revision)),
            hash: sum.hash,
            compact_revision: sum.compacted,
            hash_revision: sum.until,
        }))
    }

    type SnapshotStream = ReceiverStream<Result<PbSnapshotResponse, Status>>;

    /// An export of this moment. How many bytes remain is not known beforehand, and 0 is said.
    async fn snapshot(
        &self,
        request: Request<PbSnapshotRequest>,
    ) -> Result<Response<Self::SnapshotStream>, Status> {
        self.administrator(&request)?;
        let (sender, receiver) = mpsc::channel(PIECES);
        let service = self.clone();
        tokio::task::spawn_blocking(move || {
            let published = service.engine.published();
            let send = |blob: &[u8]| -> io::Result<()> {
                let header = Some(service.header());
                let piece = PbSnapshotResponse { header, blob: blob.to_vec(), ..Default::default() };
                sender.blocking_send(Ok(piece)).map_err(|_| io::Error::from(ErrorKind::BrokenPipe))
            };
            // The only failure is that the client has left.
            let _ = export(published, |bytes| bytes.chunks(PIECE).try_for_each(&send));
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    async fn defragment(
        &self,
        request: Request<PbDefragmentRequest>,
    ) -> Result<Response<PbDefragmentResponse>, Status> {
        let caller = self.administrator(&request)?;
        self.engine.ask(caller, Command::Defragment).await?;
        Ok(Response::new(PbDefragmentResponse { header: Some(self.header()) }))
    }

    async fn move_leader(
        &self,
        request: Request<PbMoveLeaderRequest>,
    ) -> Result<Response<PbMoveLeaderResponse>, Status> {
        self.administrator(&request)?;
        Err(unimplemented("MoveLeader"))
    }

    async fn downgrade(
        &self,
        request: Request<PbDowngradeRequest>,
    ) -> Result<Response<PbDowngradeResponse>, Status> {
        self.administrator(&request)?;
        Err(unimplemented("Downgrade"))
    }
}

impl Service {
    /// What is wrong, in etcd's words where etcd has them.
    fn errors(&self) -> Vec<String> {
        let member = self.engine.identity().member_id;
        let alarm = self.is_alarmed().then(|| format!("memberID:{member} alarm:NOSPACE "));
        let trouble = self.engine.published().health.trouble().filter(|trouble| !trouble.full);
        alarm.into_iter().chain(trouble.map(|trouble| Refusal::Storage(trouble.cause).to_string())).collect()
    }

    /// Whether what takes more space is refused.
    fn is_alarmed(&self) -> bool {
        let published = self.engine.published();
        published.health.trouble().is_some_and(|trouble| trouble.full) || is_alarmed(&published.read())
    }

    fn no_space(&self) -> PbAlarmMember {
        PbAlarmMember { member_id: self.engine.identity().member_id, alarm: AlarmType::Nospace as i32 }
    }

    /// Takes its time, so it leaves the runtime's own threads alone.
    async fn checksum(&self, revision: i64) -> Result<Checksum, Status> {
        let engine = self.engine.clone();
        let sum = tokio::task::spawn_blocking(move || checksum(engine.published(), revision));
        Ok(sum.await.map_err(|_| Refusal::Stopped)??)
    }
}
