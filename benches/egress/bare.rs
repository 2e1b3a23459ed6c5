//! The least that a call takes: hyper on one connection that is open already.

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::service::Service;

/// One connection.
pub(super) struct Bare {
    sender: SendRequest<Empty<Bytes>>,
    host: String,
}

impl Bare {
    pub(super) async fn connect(service: &Service) -> Self {
        let stream = TcpStream::connect(service.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self { sender, host: service.address.to_string() }
    }

    /// One request, and its whole answer.
    pub(super) async fn call(&mut self) {
        let request =
            Request::get("/v1/answers").header(header::HOST, &self.host).body(Empty::new()).unwrap();
        self.sender.ready().await.unwrap();
        let response = self.sender.send_request(request).await.unwrap();
        let answer = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(answer.len(), 15);
    }
}
