//! The express lane: what is called most, without the general machinery.
//!
//! A claim is one small message each way. Routing it, boxing it and streaming it as if it could be anything cost more
//! than carrying it out; so what is plainly one uncompressed message is read and answered here, and everything else is
//! passed on. The framing is that of gRPC over HTTP/2: a flag, a length, the message, and the status in trailers.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use etcd_client::proto::{PbKvService, PbRangeRequest, PbRangeResponse};
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http_body::{Body as HttpBody, Frame};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use prost::Message;
use tokio::task::JoinSet;
use tonic::body::Body;
use tonic::metadata::MetadataMap;
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use tower::Service as _;

use super::watch::watch;
use super::{MAX_MESSAGE, Service, deadline};

const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");
const OK: HeaderValue = HeaderValue::from_static("0");
const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
const GRPC_ENCODING: &str = "grpc-encoding";
/// A flag and four bytes of length.
const PREFIX: usize = 5;

type Answered = Result<http::Response<Reply>, Infallible>;
type Answer = Pin<Box<dyn Future<Output = Answered> + Send>>;

/// The KV service in front, everything else behind.
#[derive(Debug, Clone)]
pub(super) struct Express {
    service: Arc<Service>,
    rest: Routes,
}

impl Express {
    pub(super) fn new(service: Service, rest: Routes) -> Self {
        Self { service: Arc::new(service), rest }
    }

    /// What serves one client, about whom the services behind may ask.
    pub(super) fn calls_of<C>(self, client: C) -> Calls<C> {
        Calls { express: self, client }
    }

    fn answer(&self, call: Hot, request: http::Request<Incoming>) -> Answer {
        let service = Arc::clone(&self.service);
        match call {
            Hot::Txn => Box::pin(unary(request, async move |request| service.txn(request).await)),
            Hot::Range => Box::pin(unary(request, async move |request| range(service, request).await)),
            Hot::Put => Box::pin(unary(request, async move |request| service.put(request).await)),
            Hot::Delete => Box::pin(unary(request, async move |request| service.delete_range(request).await)),
            Hot::Watch => Box::pin(async move {
                let service = Service::clone(&service);
                Ok(watch(service, request.map(Body::new)).await.map(Reply::Other))
            }),
        }
    }
}

/// What is called most.
#[derive(Debug, Clone, Copy)]
enum Hot {
    Txn,
    Range,
    Put,
    Delete,
    Watch,
}

impl Hot {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/etcdserverpb.KV/Txn" => Some(Self::Txn),
            "/etcdserverpb.KV/Range" => Some(Self::Range),
            "/etcdserverpb.KV/Put" => Some(Self::Put),
            "/etcdserverpb.KV/DeleteRange" => Some(Self::Delete),
            "/etcdserverpb.Watch/Watch" => Some(Self::Watch),
            _ => None,
        }
    }
}

/// What serves one client.
#[derive(Debug, Clone)]
pub(super) struct Calls<C> {
    express: Express,
    client: C,
}

impl<C: Clone + Send + Sync + 'static> hyper::service::Service<http::Request<Incoming>> for Calls<C> {
    type Response = http::Response<Reply>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: http::Request<Incoming>) -> Answer {
        let limit = deadline::is_set(request.headers()).then(|| request.headers().clone());
        let answer = match Hot::of(request.uri().path()).filter(|_| is_plain(&request)) {
            Some(call) => self.express.answer(call, request),
            None => self.rest(request),
        };
        match limit {
            None => answer,
            Some(headers) => Box::pin(async move { deadline::kept(&headers, answer).await }),
        }
    }
}

impl<C: Clone + Send + Sync + 'static> Calls<C> {
    fn rest(&self, request: http::Request<Incoming>) -> Answer {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(self.client.clone());
        // They are always ready.
        let answer = apart(self.express.rest.clone().call(request));
        Box::pin(async move {
            Ok(match answer.await {
                Ok(answered) => answered?.map(Reply::Other),
                Err(status) => status.into_http(),
            })
        })
    }
}

/// Carries out in a task of its own what may take long, so that it holds up nothing else on the connection. It ends with
/// whoever waits for it.
async fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T, Status> {
    let mut working = JoinSet::new();
    working.spawn(work);
    match working.join_next().await {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(error)) => Err(Status::internal(format!("the request was not carried out: {error}"))),
        None => Err(Status::internal("the request was not carried out")),
    }
}

/// Many keys are read apart, for they may be a million.
async fn range(
    service: Arc<Service>,
    request: Request<PbRangeRequest>,
) -> Result<Response<PbRangeResponse>, Status> {
    if request.get_ref().range_end.is_empty() {
        return service.range(request).await;
    }
    apart(async move { service.range(request).await }).await?
}

/// Whether the request is plain gRPC, uncompressed.
fn is_plain<B>(request: &http::Request<B>) -> bool {
    let headers = request.headers();
    request.method() == http::Method::POST
        && headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
        && headers.get(GRPC_ENCODING).is_none_or(|encoding| encoding == "identity")
}

/// Reads one message, has it carried out, and answers with one message or a status.
async fn unary<Q, A>(
    request: http::Request<Incoming>,
    call: impl AsyncFnOnce(Request<Q>) -> Result<Response<A>, Status>,
) -> Answered
where
    Q: Message + Default,
    A: Message,
{
    let (parts, body) = request.into_parts();
    let answered = match read(body).await {
        Ok(message) => {
            let metadata = MetadataMap::from_headers(parts.headers);
            call(Request::from_parts(metadata, parts.extensions, message)).await
        }
        Err(status) => Err(status),
    };
    Ok(answered.and_then(|answer| written(&answer.into_inner())).unwrap_or_else(Status::into_http))
}

/// The one message of a body.
async fn read<M, B>(mut body: B) -> Result<M, Status>
where
    M: Message + Default,
    B: HttpBody<Data = Bytes, Error: std::fmt::Display> + Unpin,
{
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Status::internal(error.to_string()))?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.is_empty() {
            // A small message comes in one piece, and is not copied.
            bytes = data.try_into_mut().unwrap_or_else(|shared| BytesMut::from(&shared[..]));
        } else {
            bytes.extend_from_slice(&data);
        }
        if bytes.len() > PREFIX + check_length(&bytes)? {
            break;
        }
    }
    let length = check_length(&bytes)?;
    if bytes.len() != PREFIX + length {
        return Err(Status::internal("the body is not one whole message"));
    }
    bytes.advance(PREFIX);
    M::decode(bytes.freeze()).map_err(|error| Status::internal(error.to_string()))
}

/// The length of the message that begins so, as far as is known; refuses what is compressed or too long.
fn check_length(bytes: &[u8]) -> Result<usize, Status> {
    let Some(([flag, length @ ..], _)) = bytes.split_first_chunk::<PREFIX>() else { return Ok(0) };
    if *flag != 0 {
        return Err(Status::internal("the message is compressed, and nothing says how"));
    }
    let length = u32::from_be_bytes(*length) as usize;
    if length > MAX_MESSAGE {
        return Err(Status::out_of_range(format!(
            "Error, decoded message length too large: found {length} bytes, the limit is: {MAX_MESSAGE} bytes"
        )));
    }
    Ok(length)
}

/// An answer with a message.
fn written(message: &impl Message) -> Result<http::Response<Reply>, Status> {
    let length = message.encoded_len();
    let framed = u32::try_from(length)
        .map_err(|_| Status::resource_exhausted(format!("an answer of {length} bytes cannot be sent")))?;
    let mut bytes = BytesMut::with_capacity(PREFIX + length);
    bytes.put_u8(0);
    bytes.put_u32(framed);
    message.encode(&mut bytes).map_err(|error| Status::internal(error.to_string()))?;
    let mut response = http::Response::new(Reply::Whole(Some(bytes.freeze()), Trailers::ToCome));
    response.headers_mut().insert(CONTENT_TYPE, GRPC);
    Ok(response)
}

/// The body of an answer.
pub(super) enum Reply {
    /// One message, and the status that all went well.
    Whole(Option<Bytes>, Trailers),
    /// Anything.
    Other(Body),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trailers {
    ToCome,
    Sent,
}

impl Default for Reply {
    fn default() -> Self {
        Self::Other(Body::empty())
    }
}

impl HttpBody for Reply {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match self.get_mut() {
            Self::Other(body) => Pin::new(body).poll_frame(context),
            Self::Whole(message, trailers) => {
                if let Some(message) = message.take() {
                    return Poll::Ready(Some(Ok(Frame::data(message))));
                }
                let last = std::mem::replace(trailers, Trailers::Sent) == Trailers::ToCome;
                Poll::Ready(last.then(|| {
                    let mut trailers = HeaderMap::with_capacity(1);
                    trailers.insert(GRPC_STATUS, OK);
                    Ok(Frame::trailers(trailers))
                }))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Other(body) => body.is_end_stream(),
            Self::Whole(message, trailers) => message.is_none() && *trailers == Trailers::Sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use etcd_client::proto::PbPutRequest;
    use http_body_util::{Empty, Full, StreamBody};

    use super::*;

    fn framed(message: &[u8]) -> Vec<u8> {
        let length = u32::try_from(message.len()).unwrap();
        [&[0], &length.to_be_bytes()[..], message].concat()
    }

    async fn read_all(bytes: Vec<u8>, piece: usize) -> Result<PbPutRequest, Status> {
        let pieces: Vec<_> = bytes
            .chunks(piece)
            .map(|piece| Ok::<_, Status>(Frame::data(Bytes::copy_from_slice(piece))))
            .collect();
        read(Body::new(StreamBody::new(futures::stream::iter(pieces)))).await
    }

    #[tokio::test]
    async fn a_message_is_read_in_whatever_pieces_it_comes() {
        let put = PbPutRequest { key: vec![b'k'; 300], value: vec![7; 5000], ..PbPutRequest::default() };
        for piece in [1, 4, 5, 6, 1000, 100_000] {
            let read = read_all(framed(&put.encode_to_vec()), piece).await.unwrap();
            assert_eq!(read, put, "in pieces of {piece}");
        }
        let whole: PbPutRequest = read(Body::new(Full::new(Bytes::from(framed(b""))))).await.unwrap();
        assert_eq!(whole, PbPutRequest::default());
    }

    #[tokio::test]
    async fn what_is_not_one_plain_message_is_refused() {
        let good = framed(&PbPutRequest { key: b"k".to_vec(), ..PbPutRequest::default() }.encode_to_vec());
        let mut compressed = good.clone();
        compressed[0] = 1;
        let mut longer = good.clone();
        longer.push(0);
        let huge = [&[0], &u32::MAX.to_be_bytes()[..]].concat();
        for (bytes, code) in [
            (compressed, tonic::Code::Internal),
            (longer, tonic::Code::Internal),
            (good[..good.len() - 1].to_vec(), tonic::Code::Internal),
            (good[..3].to_vec(), tonic::Code::Internal),
            (framed(&[0xff; 20]), tonic::Code::Internal),
            (huge, tonic::Code::OutOfRange),
        ] {
            for piece in [1, 1000] {
                let refused = read_all(bytes.clone(), piece).await.unwrap_err();
                assert_eq!(refused.code(), code, "{refused}");
            }
        }
        let nothing: Result<PbPutRequest, _> = read(Body::new(Empty::<Bytes>::new())).await;
        assert_eq!(nothing.unwrap_err().code(), tonic::Code::Internal);
    }
}
