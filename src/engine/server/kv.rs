//! The KV service.

use etcd_client::proto::{
    PbCompactionRequest, PbCompactionResponse, PbDeleteRequest, PbDeleteResponse, PbKvService, PbPutRequest,
    PbPutResponse, PbRangeRequest, PbRangeResponse, PbRangeStreamResponse, PbTxnRequest, PbTxnResponse,
};
use tonic::codegen::tokio_stream::Empty;
use tonic::{Request, Response, Status};

use super::super::staged::Staged;
use super::super::writer::Command;
use super::super::{range, request as check, transaction};
use super::{Refusal, Service, unimplemented};

#[tonic::async_trait]
impl PbKvService for Service {
    async fn range(&self, request: Request<PbRangeRequest>) -> Result<Response<PbRangeResponse>, Status> {
        let request = request.into_inner();
        check::check_range(&request)?;
        let mut answer = range::range(&*self.engine.published().read(), &request)?;
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
        let request = request.into_inner();
        check::check_put(&request)?;
        check::check_size(&request)?;
        let mut answer = self.engine.ask(|reply| Command::Put(request, reply)).await?;
        self.engine.identity().sign(&mut answer.header);
        Ok(Response::new(answer))
    }

    async fn delete_range(
        &self,
        request: Request<PbDeleteRequest>,
    ) -> Result<Response<PbDeleteResponse>, Status> {
        Ok(Response::new(self.delete(request.into_inner()).await?))
    }

    async fn txn(&self, request: Request<PbTxnRequest>) -> Result<Response<PbTxnResponse>, Status> {
        Ok(Response::new(self.transact(request.into_inner()).await?))
    }

    async fn compact(
        &self,
        request: Request<PbCompactionRequest>,
    ) -> Result<Response<PbCompactionResponse>, Status> {
        let PbCompactionRequest { revision, physical } = request.into_inner();
        let revision = self.engine.ask(|reply| Command::Compact { revision, physical, reply }).await?;
        Ok(Response::new(PbCompactionResponse { header: Some(self.header_at(revision)) }))
    }
}

impl Service {
    pub(super) async fn delete(&self, request: PbDeleteRequest) -> Result<PbDeleteResponse, Refusal> {
        check::check_delete(&request)?;
        check::check_size(&request)?;
        let mut answer = self.engine.ask(|reply| Command::Delete(request, reply)).await?;
        self.engine.identity().sign(&mut answer.header);
        Ok(answer)
    }

    pub(super) async fn transact(&self, request: PbTxnRequest) -> Result<PbTxnResponse, Refusal> {
        check::check_txn(&request)?;
        let mut answer = match self.read_only(request) {
            Ok(answer) => answer?,
            Err(request) => {
                check::check_size(&request)?;
                self.engine.ask(|reply| Command::Transact(request, reply)).await?
            }
        };
        self.engine.identity().sign(&mut answer.header);
        Ok(answer)
    }

    /// Answers a transaction that writes nothing from what is published, as one moment: who loses a race need not
    /// queue. Hands back one that writes.
    fn read_only(&self, request: PbTxnRequest) -> Result<Result<PbTxnResponse, Refusal>, PbTxnRequest> {
        let state = self.engine.published().read();
        if transaction::only_reads(&*state, &request) {
            Ok(transaction::transact(&mut Staged::over(&state), request))
        } else {
            Err(request)
        }
    }
}
