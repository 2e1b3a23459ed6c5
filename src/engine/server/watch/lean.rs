//! Watch streams with small buffers: ten thousand of them stand open at a time, and most say little.

use etcd_client::proto::{PbWatchRequest, PbWatchResponse, PbWatchService};
use tonic::body::Body;
use tonic::codec::{BufferSettings, Codec};
use tonic::codegen::BoxFuture;
use tonic::server::{Grpc, StreamingService};
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

use super::super::Service;

/// What each direction of a stream sets aside, in bytes; it grows with larger messages.
const BUFFER: usize = 256;
/// How much is encoded before it is sent, in bytes.
const SENT_AT: usize = 32 << 10;

/// Answers the call `/etcdserverpb.Watch/Watch`.
pub(in super::super) async fn watch(service: Service, request: http::Request<Body>) -> http::Response<Body> {
    Grpc::new(Lean).streaming(Call(service), request).await
}

struct Call(Service);

impl StreamingService<PbWatchRequest> for Call {
    type Response = PbWatchResponse;
    type ResponseStream = <Service as PbWatchService>::WatchStream;
    type Future = BoxFuture<Response<Self::ResponseStream>, Status>;

    fn call(&mut self, request: Request<Streaming<PbWatchRequest>>) -> Self::Future {
        let service = self.0.clone();
        Box::pin(async move { PbWatchService::watch(&service, request).await })
    }
}

/// Protocol buffers in small buffers.
struct Lean;

type Prost = ProstCodec<PbWatchResponse, PbWatchRequest>;

impl Codec for Lean {
    type Encode = PbWatchResponse;
    type Decode = PbWatchRequest;
    type Encoder = <Prost as Codec>::Encoder;
    type Decoder = <Prost as Codec>::Decoder;

    fn encoder(&mut self) -> Self::Encoder {
        Prost::raw_encoder(BufferSettings::new(BUFFER, SENT_AT))
    }

    fn decoder(&mut self) -> Self::Decoder {
        Prost::raw_decoder(BufferSettings::new(BUFFER, SENT_AT))
    }
}
