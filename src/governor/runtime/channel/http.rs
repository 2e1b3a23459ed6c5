//! Webhooks: one POST, without redirects and proxies. Whatever the server answers besides its status is not read.

use std::sync::Arc;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, Request, Uri, header};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use sha2::Sha256;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::SendError;
use crate::certificate::{Authorities, roots_of_the_system};
use crate::clock::Timestamp;
use crate::governor::message::Message;
use crate::governor::policy::channel::AbsolutePath;
use crate::hexadecimal::hexadecimal;

/// What is sent, and to whom.
pub(super) struct Post<'a> {
    pub(super) uri: Uri,
    pub(super) body: serde_json::Value,
    /// Signs it.
    pub(super) secret: Option<String>,
    pub(super) message: &'a Message,
    pub(super) ca_file: Option<&'a AbsolutePath>,
    pub(super) now: Timestamp,
}

/// Sends it; only an answer of 200 to 299 means that it arrived.
pub(super) async fn post(post: Post<'_>) -> Result<(), SendError> {
    let client = client(post.ca_file.cloned(), post.now).await?;
    let response = client.request(request(&post)).await.map_err(SendError::Unreachable)?;
    match response.status() {
        status if status.is_success() => Ok(()),
        status if status.is_redirection() => Err(SendError::Redirected(status)),
        status => Err(SendError::Refused(status)),
    }
}

fn request(post: &Post<'_>) -> Request<Full<Bytes>> {
    let body = post.body.to_string();
    let seconds = (post.now.as_millis() / 1000).to_string();
    let mut request = Request::new(Full::new(Bytes::from(body.clone())));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = post.uri.clone();
    let mut set = |name: &'static str, value: &str| {
        // All of them are made of characters that a header takes.
        if let Ok(value) = header::HeaderValue::from_str(value) {
            request.headers_mut().insert(name, value);
        }
    };
    set("content-type", "application/json");
    set("user-agent", concat!("ifctl/", env!("CARGO_PKG_VERSION")));
    set("idempotency-key", &post.message.idempotency_key());
    if let Some(secret) = &post.secret {
        set("x-if-timestamp", &seconds);
        set("x-if-signature", &format!("sha256={}", signature(secret, &seconds, &body)));
    }
    request
}

/// HMAC-SHA256 over `TIMESTAMP.BODY`, in hexadecimal: who checks the timestamp too is safe from repetition.
#[expect(clippy::expect_used, reason = "this MAC takes keys of any length")]
fn signature(secret: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length will do");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    hexadecimal(&mac.finalize().into_bytes())
}

async fn client(
    ca_file: Option<AbsolutePath>,
    now: Timestamp,
) -> Result<Client<HttpsConnector<HttpConnector>, Full<Bytes>>, SendError> {
    // Reading certificates takes its time.
    let roots = tokio::task::spawn_blocking(move || roots(ca_file.as_ref(), now));
    let roots = roots.await.map_err(SendError::Interrupted)??;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(SendError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector =
        HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().build();
    Ok(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
}

/// The authorities of the system, and those of the channel.
fn roots(ca_file: Option<&AbsolutePath>, now: Timestamp) -> Result<RootCertStore, SendError> {
    let mut roots = roots_of_the_system();
    if let Some(file) = ca_file {
        roots.extend(Authorities::read(file.as_path(), now)?.roots().roots.iter().cloned());
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_timestamp_and_body() {
        // As `printf '%s' '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key` says.
        assert_eq!(
            signature("key", "1700000000", r#"{"a":1}"#),
            "a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03"
        );
    }
}
