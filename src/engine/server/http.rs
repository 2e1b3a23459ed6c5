//! What etcd answers to plain HTTP on the same port: which version it is, and whether it is well.
//!
//! For probes and people with `curl`. Paths, texts and codes are etcd 3.5's.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::json;
use tonic::Status;

use super::super::auth::Caller;
use super::super::command::Command;
use super::maintenance::VERSION;
use super::{Refusal, Service};

/// The version of a cluster is that of its oldest member, without the patch level.
const CLUSTER_VERSION: &str = "3.5.0";

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// Adds the paths to a router that knows the gRPC services.
pub(super) fn beside(grpc: Router, service: Service) -> Router {
    let http = Router::new().route("/version", any(version)).route("/health", any(health));
    grpc.merge(http.with_state(service)).fallback(unknown_path)
}

async fn version(method: Method) -> Response {
    if method != Method::GET {
        return not_allowed();
    }
    let versions = format!(r#"{{"etcdserver":"{VERSION}","etcdcluster":"{CLUSTER_VERSION}"}}"#);
    ([(CONTENT_TYPE, JSON)], versions).into_response()
}

/// Healthy is who can write. `serializable=true` asks only whether anybody is there, `exclude=NOSPACE` overlooks a
/// full disk.
async fn health(State(service): State<Service>, method: Method, uri: Uri) -> Response {
    if method != Method::GET {
        return not_allowed();
    }
    let query = uri.query().unwrap_or_default();
    let asks = |wanted: &str| query.split('&').any(|part| part == wanted);
    let trouble = if asks("serializable=true") {
        None
    } else {
        service.engine.ask(Caller::Engine, Command::Probe).await.err()
    };
    match trouble {
        Some(Refusal::NoSpace) if !asks("exclude=NOSPACE") => unwell("ALARM NOSPACE"),
        None | Some(Refusal::NoSpace) => {
            ([(CONTENT_TYPE, TEXT)], r#"{"health":"true","reason":""}"#).into_response()
        }
        Some(refusal) => unwell(&refusal.to_string()),
    }
}

fn unwell(reason: &str) -> Response {
    // In etcd's order.
    let text = format!(r#"{{"health":"false","reason":{}}}"#, json!(reason));
    error(StatusCode::SERVICE_UNAVAILABLE, &text)
}

fn not_allowed() -> Response {
    let mut response = error(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    response
}

/// As Go's standard library writes errors.
fn error(code: StatusCode, text: &str) -> Response {
    let headers = [(CONTENT_TYPE, TEXT), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (code, headers, format!("{text}\n")).into_response()
}

/// A gRPC client is told in its own terms.
async fn unknown_path(request: Request) -> Response {
    let content_type = request.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    if content_type.is_none_or(|content_type| !content_type.starts_with(b"application/grpc")) {
        return error(StatusCode::NOT_FOUND, "404 page not found");
    }
    let service = request.uri().path().trim_start_matches('/').split('/').next().unwrap_or_default();
    Status::unimplemented(format!("unknown service {service}")).into_http()
}
