//! The way out of a container: HTTP/1.1 on a socket of its own, `POST /` with the JSON that every guest's request has.
//!
//! Who stands there is known by the socket and by the credential's handle. Requests go through the same [`Egress`] as those
//! of other guests. Whoever is slow or says too much is cut off; he keeps only his own task waiting.

use std::convert::Infallible;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinSet};

use crate::chassis::credential::Handle;
use crate::chassis::runtime::call::{Egress, carry_within};
use crate::chassis::{Digest, Gauge, Limits};

/// How many connections one task may have at a time; more wait.
const MOST_CONNECTIONS: usize = 16;
/// How long a client may take to say what it wants, and again to hear the answer.
const SLOW: Duration = Duration::from_secs(10);
/// How much may stand before the body.
const HEAD_BYTES: usize = 16 << 10;

/// What is behind the doorway.
pub(super) struct Door {
    egress: Arc<dyn Egress>,
    handle: Digest,
    gauge: Arc<Gauge>,
    request_bytes: usize,
    response_bytes: usize,
}

impl Door {
    pub(super) fn new(egress: Arc<dyn Egress>, handle: &Handle, gauge: Arc<Gauge>, limits: &Limits) -> Self {
        let (request_bytes, response_bytes) = (limits.request_bytes, limits.response_bytes);
        Self { egress, handle: handle.digest(), gauge, request_bytes, response_bytes }
    }

    /// What is answered, which is JSON in any case.
    async fn answer(&self, request: Request<Incoming>) -> (StatusCode, String) {
        self.gauge.add_call();
        let refuse = |status, why: &str| (status, json!({"error": format!("refused: {why}")}).to_string());
        if !self.knows(request.headers().get(AUTHORIZATION)) {
            return refuse(StatusCode::UNAUTHORIZED, "this task's IF_CREDENTIAL is not shown as a bearer");
        }
        if request.uri().path() != "/" {
            return refuse(StatusCode::NOT_FOUND, "requests are posted to /");
        }
        if *request.method() != Method::POST {
            return refuse(StatusCode::METHOD_NOT_ALLOWED, "requests are posted");
        }
        let body = Limited::new(request.into_body(), self.request_bytes).collect();
        let body = match tokio::time::timeout(SLOW, body).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                let why = format!("the request is longer than {} bytes", self.request_bytes);
                return refuse(StatusCode::PAYLOAD_TOO_LARGE, &why);
            }
            Ok(Err(_)) => return refuse(StatusCode::BAD_REQUEST, "the request breaks off"),
            Err(_) => return refuse(StatusCode::REQUEST_TIMEOUT, "the request takes too long"),
        };
        let Ok(text) = std::str::from_utf8(&body) else {
            return refuse(StatusCode::BAD_REQUEST, "the request is not UTF-8");
        };
        // Whether it goes out, the guest reads in the answer, as other guests do.
        let carried = carry_within(self.egress.as_ref(), text, self.response_bytes).await;
        let answer = carried.unwrap_or_else(|refused| json!({"error": refused.to_string()}).to_string());
        (StatusCode::OK, answer)
    }

    /// Compares digests, of which nothing can be learnt by the time that it takes.
    fn knows(&self, shown: Option<&HeaderValue>) -> bool {
        let handle =
            shown.and_then(|shown| shown.to_str().ok()).and_then(|shown| shown.strip_prefix("Bearer "));
        handle.is_some_and(|handle| Digest::of(handle.trim().as_bytes()) == self.handle)
    }
}

/// A doorway that is open. Dropping it shuts it.
pub(super) struct Doorway(AbortHandle);

impl Doorway {
    /// Opens one at `path`, for whoever can name it.
    pub(super) fn open(path: &Path, door: Door) -> io::Result<Self> {
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, Permissions::from_mode(0o666))?;
        Ok(Self(tokio::spawn(serve(listener, Arc::new(door))).abort_handle()))
    }
}

impl Drop for Doorway {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn serve(listener: UnixListener, door: Arc<Door>) {
    let mut connections = JoinSet::new();
    loop {
        if connections.len() >= MOST_CONNECTIONS {
            connections.join_next().await;
        }
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(attend(stream, Arc::clone(&door)))),
                Err(error) => {
                    tracing::warn!(%error, "a container's call is not heard");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Hears one request and answers it.
async fn attend(stream: UnixStream, door: Arc<Door>) {
    let answered = Notify::new();
    let service = service_fn(|request| async {
        let (status, answer) = door.answer(request).await;
        answered.notify_one();
        Ok::<_, Infallible>(response(status, answer))
    });
    let mut builder = Builder::new();
    // Simple clients end their half when they have asked.
    builder
        .half_close(true)
        .keep_alive(false)
        .max_buf_size(HEAD_BYTES)
        .timer(TokioTimer::new())
        .header_read_timeout(SLOW);
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = &mut serving => Some(ended),
        () = answered.notified() => tokio::time::timeout(SLOW, &mut serving).await.ok(),
    };
    if let Some(Err(error)) = ended {
        tracing::debug!(%error, "a container broke off");
    }
}

fn response(status: StatusCode, answer: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(answer));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
