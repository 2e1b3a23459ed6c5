//! The Lock service: whoever is first in line holds the lock.

use etcd_client::proto::PbDeleteRequest;
use tonic::{Request, Response, Status};

use super::super::request as check;
use super::super::state::View;
use super::Service;
use super::line::{Absence, Line, Visitor, attended, unknown};
use super::protocol::{Lock, LockRequest, PbLockResponse, PbUnlockResponse, UnlockRequest};

/// The lease ended while its owner waited.
const EXPIRED: &str = "mutex: session is expired";

#[tonic::async_trait]
impl Lock for Service {
    async fn lock(&self, request: Request<LockRequest>) -> Result<Response<PbLockResponse>, Status> {
        let visitor = self.visitor(&request)?;
        let locked = attended(|absence| visitor.acquire(request.into_inner(), absence)).await?;
        Ok(Response::new(locked))
    }

    async fn unlock(&self, request: Request<UnlockRequest>) -> Result<Response<PbUnlockResponse>, Status> {
        let caller = self.caller(&request)?;
        let delete = PbDeleteRequest { key: request.into_inner().key, ..Default::default() };
        check::check_delete(&delete).map_err(unknown)?;
        let deleted = self.delete(caller, delete).await.map_err(unknown)?;
        Ok(Response::new(PbUnlockResponse { header: deleted.header }))
    }
}

impl Visitor {
    async fn acquire(self, request: LockRequest, absence: Absence) -> Result<PbLockResponse, Status> {
        let lease = self.session(request.lease).await.map_err(unknown)?;
        let line = Line::named(&request.name);
        let place = self.enter(&line, lease, Vec::new()).await.map_err(unknown)?;
        let waited = self.turn(&line, &place, absence).await?;
        let mut header = place.header;
        if waited {
            let state = self.service.engine.published().read();
            if state.get(&place.key, state.revision()).is_none() {
                return Err(unknown(EXPIRED));
            }
            header = self.service.header_at(state.revision());
        }
        Ok(PbLockResponse { header: Some(header), key: place.key })
    }
}
