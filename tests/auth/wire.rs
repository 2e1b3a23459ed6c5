//! The wire: single requests with a token of one's choice, and answers as text that can be compared.

pub(super) mod requests;

use std::collections::BTreeMap;
use std::fmt::Debug;

use etcd_client::proto::{PbAuthenticateRequest, PbAuthenticateResponse, PbWatchRequest, PbWatchResponse};
use prost::Message;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

/// A connection on which several users talk in turn.
pub(super) struct Wire {
    channel: Channel,
    /// Tokens, by the name under which a test knows them.
    tokens: BTreeMap<String, String>,
    metadata: &'static str,
    speaker: Option<String>,
    /// What was asked and answered so far.
    pub(super) transcript: Vec<String>,
}

impl Wire {
    pub(super) async fn connect(endpoint: &str) -> Self {
        let address = format!("http://{endpoint}").parse::<tonic::transport::Endpoint>().unwrap();
        Self {
            channel: address.connect().await.unwrap(),
            tokens: BTreeMap::new(),
            metadata: "token",
            speaker: None,
            transcript: Vec::new(),
        }
    }

    /// From now on this user talks, with the token it has last been given.
    pub(super) fn speak_as(&mut self, user: &str) -> &mut Self {
        self.speaker = Some(self.token(user));
        self
    }

    /// From now on whoever talks shows this.
    pub(super) fn speak_with(&mut self, token: &str) -> &mut Self {
        self.speaker = Some(token.to_owned());
        self
    }

    /// From now on somebody talks who does not say who they are.
    pub(super) fn speak_as_nobody(&mut self) -> &mut Self {
        self.speaker = None;
        self
    }

    /// Where the token goes.
    pub(super) fn show_token_as(&mut self, metadata: &'static str) -> &mut Self {
        self.metadata = metadata;
        self
    }

    /// Logs a user in and keeps the token under its name.
    pub(super) async fn log_in(&mut self, name: &str, password: &str) -> &mut Self {
        let request = PbAuthenticateRequest { name: name.to_owned(), password: password.to_owned() };
        let answer = self.ask::<_, PbAuthenticateResponse>("Auth/Authenticate", request).await;
        self.tokens.insert(name.to_owned(), answer.unwrap().token);
        self
    }

    /// The token a user has last been given.
    pub(super) fn token(&self, user: &str) -> String {
        self.tokens.get(user).unwrap_or_else(|| panic!("{user} has a token")).clone()
    }

    fn request<T>(&self, body: T) -> Request<T> {
        let mut request = Request::new(body);
        if let Some(token) = &self.speaker {
            request.metadata_mut().insert(self.metadata, token.parse().unwrap());
        }
        request
    }

    async fn grpc(&self) -> Grpc<Channel> {
        let mut grpc = Grpc::new(self.channel.clone());
        grpc.ready().await.unwrap();
        grpc
    }

    /// Sends one request and takes the first answer; streams end with it.
    pub(super) async fn ask<Q, A>(&self, method: &str, request: Q) -> Result<A, Status>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let path = PathAndQuery::from_maybe_shared(format!("/etcdserverpb.{method}")).unwrap();
        let request = self.request(tokio_stream::once(request));
        let codec = ProstCodec::<Q, A>::default();
        let mut answers = self.grpc().await.streaming(request, path, codec).await?.into_inner();
        answers.message().await?.ok_or_else(|| Status::unknown("no answer"))
    }

    /// Sends one request and notes it with its answer.
    pub(super) async fn say<Q, A>(&mut self, method: &str, request: Q)
    where
        Q: Message + Debug + 'static,
        A: Message + Debug + Default + 'static,
    {
        let asked = format!("{request:?}");
        let answer = match self.ask::<Q, A>(method, request).await {
            Ok(answer) => plain(&format!("{answer:?}")),
            Err(status) => refusal(&status),
        };
        self.transcript.push(format!("{method} {asked} -> {answer}"));
    }

    /// Sends one request and gives the refusal, or `ok`.
    pub(super) async fn outcome<Q, A>(&self, method: &str, request: Q) -> String
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        match self.ask::<Q, A>(method, request).await {
            Ok(_) => "ok".to_owned(),
            Err(status) => refusal(&status),
        }
    }

    /// Opens a stream, asks for a watch and gives the first response.
    pub(super) async fn watch(&self, request: PbWatchRequest) -> PbWatchResponse {
        let (sender, receiver) = mpsc::channel(1);
        sender.send(request).await.unwrap();
        let path = PathAndQuery::from_static("/etcdserverpb.Watch/Watch");
        let request = self.request(ReceiverStream::new(receiver));
        let opened = self.grpc().await.streaming(request, path, ProstCodec::default()).await;
        opened.unwrap().into_inner().message().await.unwrap().unwrap()
    }
}

fn refusal(status: &Status) -> String {
    format!("{:?} {:?}", status.code(), status.message())
}

/// An answer without what no two stores share: their ids, and the token that was drawn.
fn plain(answer: &str) -> String {
    let mut plain = answer.to_owned();
    for field in ["cluster_id: ", "member_id: ", "raft_term: ", "token: "] {
        if let Some((before, after)) = plain.split_once(field) {
            let rest = after.find([',', ' ']).map_or("", |end| &after[end..]);
            plain = format!("{before}{field}…{rest}");
        }
    }
    plain
}
