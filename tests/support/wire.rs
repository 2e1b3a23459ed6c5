//! The wire: requests and answers of the etcd v3 API as they are, without a client library's opinion of them.

use etcd_client::proto::{
    PbAlarmRequest, PbAlarmResponse, PbCompactionRequest, PbCompactionResponse, PbDeleteRequest,
    PbDeleteResponse, PbHashKvRequest, PbHashKvResponse, PbLeaseGrantRequest, PbLeaseGrantResponse,
    PbLeaseKeepAliveRequest, PbLeaseKeepAliveResponse, PbLeaseLeasesRequest, PbLeaseLeasesResponse,
    PbLeaseRevokeRequest, PbLeaseRevokeResponse, PbLeaseTimeToLiveRequest, PbLeaseTimeToLiveResponse,
    PbPutRequest, PbPutResponse, PbRangeRequest, PbRangeResponse, PbResponseHeader, PbTxnRequest,
    PbTxnResponse, PbWatchRequest, PbWatchResponse,
};
use prost::Message;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;

/// The largest message that is accepted: more than any server sends.
const MAX_MESSAGE: usize = 64 << 20;

/// A connection to a store.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    channel: Channel,
}

/// Writes out the requests that have one answer, the answers, and what lies between.
macro_rules! calls {
    ($($name:ident, $request:ty => $answer:ty, $path:literal;)+) => {
        /// One request.
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) enum Call {
            $($name($request),)+
        }

        /// One answer.
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) enum Answer {
            $($name($answer),)+
            Refused(Code, String),
        }

        $(impl From<$request> for Call {
            fn from(request: $request) -> Self {
                Self::$name(request)
            }
        })+

        impl Answer {
            /// The header, where there is one.
            pub(crate) fn header_mut(&mut self) -> Option<&mut PbResponseHeader> {
                match self {
                    $(Self::$name(answer) => answer.header.as_mut(),)+
                    Self::Refused(..) => None,
                }
            }
        }

        impl Wire {
            /// Sends a request and waits for its answer.
            pub(crate) async fn call(&self, call: Call) -> Answer {
                let answer = match call {
                    $(Call::$name(request) => self.unary($path, request).await.map(Answer::$name),)+
                };
                answer.unwrap_or_else(|status| Answer::Refused(status.code(), status.message().to_owned()))
            }
        }
    };
}

calls! {
    Range, PbRangeRequest => PbRangeResponse, "/etcdserverpb.KV/Range";
    Put, PbPutRequest => PbPutResponse, "/etcdserverpb.KV/Put";
    Delete, PbDeleteRequest => PbDeleteResponse, "/etcdserverpb.KV/DeleteRange";
    Transact, PbTxnRequest => PbTxnResponse, "/etcdserverpb.KV/Txn";
    Compact, PbCompactionRequest => PbCompactionResponse, "/etcdserverpb.KV/Compact";
    Grant, PbLeaseGrantRequest => PbLeaseGrantResponse, "/etcdserverpb.Lease/LeaseGrant";
    Revoke, PbLeaseRevokeRequest => PbLeaseRevokeResponse, "/etcdserverpb.Lease/LeaseRevoke";
    KeepAlive, PbLeaseKeepAliveRequest => PbLeaseKeepAliveResponse, "/etcdserverpb.Lease/LeaseKeepAlive";
    TimeToLive, PbLeaseTimeToLiveRequest => PbLeaseTimeToLiveResponse, "/etcdserverpb.Lease/LeaseTimeToLive";
    Leases, PbLeaseLeasesRequest => PbLeaseLeasesResponse, "/etcdserverpb.Lease/LeaseLeases";
    Alarm, PbAlarmRequest => PbAlarmResponse, "/etcdserverpb.Maintenance/Alarm";
    HashKv, PbHashKvRequest => PbHashKvResponse, "/etcdserverpb.Maintenance/HashKV";
}

impl Wire {
    pub(crate) async fn connect(endpoint: &str) -> Self {
        let address = format!("http://{endpoint}").parse::<tonic::transport::Endpoint>().unwrap();
        Self { channel: address.connect().await.unwrap() }
    }

    async fn grpc(&self) -> Grpc<Channel> {
        let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(MAX_MESSAGE);
        grpc.ready().await.unwrap();
        grpc
    }

    /// Sends one message and takes the first that comes back; on a stream there is no more to come either.
    async fn unary<Q, A>(&self, path: &'static str, request: Q) -> Result<A, Status>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let requests = Request::new(tokio_stream::once(request));
        let path = PathAndQuery::from_static(path);
        let codec = ProstCodec::<Q, A>::default();
        let mut answers = self.grpc().await.streaming(requests, path, codec).await?.into_inner();
        answers.message().await?.ok_or_else(|| Status::unknown("no answer"))
    }

    /// Opens a stream for watches. etcd says nothing at all before the first request.
    pub(crate) async fn watch(&self) -> Watching {
        let (requests, requested) = mpsc::channel(16);
        let (sender, responses) = mpsc::channel(16);
        let mut grpc = self.grpc().await;
        tokio::spawn(async move {
            let path = PathAndQuery::from_static("/etcdserverpb.Watch/Watch");
            let codec = ProstCodec::<PbWatchRequest, PbWatchResponse>::default();
            let opened = grpc.streaming(Request::new(ReceiverStream::new(requested)), path, codec).await;
            let mut stream = match opened {
                Ok(stream) => stream.into_inner(),
                Err(status) => return drop(sender.send(Err(status)).await),
            };
            loop {
                let response = stream.message().await;
                let response =
                    response.and_then(|one| one.ok_or_else(|| Status::unknown("the stream ended")));
                let over = response.is_err();
                if sender.send(response).await.is_err() || over {
                    return;
                }
            }
        });
        Watching { requests, responses }
    }
}

/// A stream of watches.
#[derive(Debug)]
pub(crate) struct Watching {
    requests: mpsc::Sender<PbWatchRequest>,
    responses: mpsc::Receiver<Result<PbWatchResponse, Status>>,
}

impl Watching {
    pub(crate) async fn ask(&self, request: PbWatchRequest) {
        self.requests.send(request).await.unwrap();
    }

    /// The next response, or how the stream ended.
    pub(crate) async fn next(&mut self) -> Result<PbWatchResponse, Status> {
        self.responses.recv().await.expect("nobody asks after the end")
    }
}
