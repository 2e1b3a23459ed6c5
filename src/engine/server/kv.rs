//! The KV service.

use etcd_client::proto::{
    PbCompactionRequest, PbCompactionResponse, PbDeleteRequest, PbDeleteResponse, PbKvService, PbPutRequest,
    PbPutResponse, PbRangeRequest, PbRangeResponse, PbRangeStreamResponse, PbTxnRequest, PbTxnResponse,
};
use tonic::codegen::tokio_stream::Empty;
use tonic::{Request, Response, Status};

use super::super::auth::{self, Caller, Right};
use super::super::command::{self, Command};
use super::super::key_range::KeyRange;
use super::super::staged::Staged;
use super::super::{range, request as check, transaction};
use super::{Refusal, Service, unimplemented};

#[tonic::async_trait]
impl PbKvService for Service {
    async fn range(&self, request: Request<PbRangeRequest>) -> Result<Response<PbRangeResponse>, Status> {
        check::check_range(request.get_ref())?;
        let caller = self.caller(&request)?;
        let mut answer = self.read_range(&caller, request.get_ref())?;
        self.engine.identity().sign(&mut answer.header);
        Ok(Response::new(answer))
    }

    type RangeStreamStream = Empty<Result<PbRangeStreamResponse, Status>>;

    async fn range_stream(
        &self,
        _: Request<PbRangeRequest>,
    ) -> Result<Response<Self::RangeStreamStream>, Status> {
        Err(unimplemented("RangeStream (etcd 3.5 has none)"))
    }

    async fn put(&self, request: Request<PbPutRequest>) -> Result<Response<PbPutResponse>, Status> {
        check::check_put(request.get_ref())?;
        let caller = self.caller(&request)?;
        let request = request.into_inner();
        check::check_size(&request)?;
        let mut answer = self.engine.ask(caller, |reply| Command::Put(request, reply)).await?;
        self.engine.identity().sign(&mut answer.header);
        Ok(Response::new(answer))
    }

    async fn delete_range(
        &self,
        request: Request<PbDeleteRequest>,
    ) -> Result<Response<PbDeleteResponse>, Status> {
        check::check_delete(request.get_ref())?;
        let caller = self.caller(&request)?;
        Ok(Response::new(self.delete(caller, request.into_inner()).await?))
    }

    async fn txn(&self, request: Request<PbTxnRequest>) -> Result<Response<PbTxnResponse>, Status> {
        check::check_txn(request.get_ref())?;
        let caller = self.caller(&request)?;
        Ok(Response::new(self.transact(caller, request.into_inner()).await?))
    }

    async fn compact(
        &self,
        request: Request<PbCompactionRequest>,
    ) -> Result<Response<PbCompactionResponse>, Status> {
        let caller = self.caller(&request)?;
        let PbCompactionRequest { revision, physical } = request.into_inner();
        let compact = |reply| Command::Compact { revision, physical, reply };
        let revision = self.engine.ask(caller, compact).await?;
        Ok(Response::new(PbCompactionResponse { header: Some(self.header_at(revision)) }))
    }
}

impl Service {
    /// Reads what is published, and whether the caller may, as one moment.
    fn read_range(&self, caller: &Caller, request: &PbRangeRequest) -> Result<PbRangeResponse, Refusal> {
        let state = self.engine.published().read();
        let keys = KeyRange::new(&request.key, &request.range_end);
        state.directory().may(caller, Right::Read, keys)?;
        range::range(&*state, request)
    }

    pub(super) async fn delete(
        &self,
        caller: Caller,
        request: PbDeleteRequest,
    ) -> Result<PbDeleteResponse, Refusal> {
        check::check_size(&request)?;
        let mut answer = self.engine.ask(caller, |reply| Command::Delete(request, reply)).await?;
        self.engine.identity().sign(&mut answer.header);
        Ok(answer)
    }

    pub(super) async fn transact(
        &self,
        caller: Caller,
        request: PbTxnRequest,
    ) -> Result<PbTxnResponse, Refusal> {
        let mut answer = match self.read_only(&caller, request) {
            Ok(answer) => answer?,
            Err(request) => {
                check::check_size(&request)?;
                self.engine.ask(caller, |reply| Command::Transact(request, reply)).await?
            }
        };
        self.engine.identity().sign(&mut answer.header);
        Ok(answer)
    }

    /// Answers a transaction that writes nothing from what is published, as one moment: who loses a race need not
    /// queue. Hands back one that writes, and one that is refused because it might.
    fn read_only(
        &self,
        caller: &Caller,
        request: PbTxnRequest,
    ) -> Result<Result<PbTxnResponse, Refusal>, PbTxnRequest> {
        let state = self.engine.published().read();
        let refused = command::is_alarmed(&state) && transaction::puts(&request);
        if !refused && transaction::only_reads(&*state, &request) {
            let mut staged = Staged::over(&state);
            let permitted = auth::check_transaction(&staged, caller, &request);
            Ok(permitted.and_then(|()| transaction::transact(&mut staged, request)))
        } else {
            Err(request)
        }
    }
}
