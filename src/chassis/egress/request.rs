//! Requests and answers as guests see them: JSON both ways, the same for every kind of guest.
//!
//! Pure. `{"method": "POST", "url": "https://…", "headers": {"content-type": "…"}, "body": "…"}` is answered by
//! `{"status": 200, "headers": {"content-type": "…"}, "body": "…"}`. A body that is no text travels as `body_base64`, in
//! either direction.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use super::rule::Method;
use super::secret::Scrubber;
use super::{Target, TargetError};
use crate::printable::excerpt;

/// The largest request, in bytes of JSON.
pub const MAX_REQUEST_BYTES: usize = 1 << 20;

/// The most headers of a request.
const MOST_HEADERS: usize = 64;

/// Headers that belong to the connection or to the host's side of it, not to the guest.
const RESERVED: [&str; 15] = [
    "connection",
    "content-length",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

/// Why a text is no request.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// More than [`MAX_REQUEST_BYTES`].
    #[error("the request is longer than {MAX_REQUEST_BYTES} bytes")]
    TooLarge,
    /// Not the JSON of a request.
    #[error("the request is not understood: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Its URL is refused.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Two bodies.
    #[error("a request has `body` or `body_base64`, not both")]
    TwoBodies,
    /// No base64.
    #[error("body_base64 is no base64")]
    Base64,
    /// Too many headers.
    #[error("the request has {0} headers, {MOST_HEADERS} are allowed")]
    TooManyHeaders(usize),
    /// A header that is none, such as one with a line break in it.
    #[error("`{0}` is no header")]
    BadHeader(String),
    /// A header that a guest may not set.
    #[error("a guest may not set the header `{0}`")]
    ReservedHeader(String),
    /// The same header in two spellings.
    #[error("the header `{0}` is set twice")]
    RepeatedHeader(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(default = "get")]
    method: Method,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    body_base64: Option<String>,
}

fn get() -> Method {
    Method::Get
}

/// A request that is well formed. Whether it is allowed, the rules say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// What is to be done.
    pub method: Method,
    /// With what.
    pub target: Target,
    /// What the guest may set of the headers.
    pub headers: HeaderMap,
    /// What is sent.
    pub body: Vec<u8>,
}

impl Outbound {
    /// Reads what a guest asks for.
    ///
    /// # Errors
    /// [`RequestError`] says what is wrong with it, in words for the guest.
    pub fn parse(text: &[u8]) -> Result<Self, RequestError> {
        if text.len() > MAX_REQUEST_BYTES {
            return Err(RequestError::TooLarge);
        }
        let wire: Wire = serde_json::from_slice(text)?;
        let body = match (wire.body, wire.body_base64) {
            (Some(_), Some(_)) => return Err(RequestError::TwoBodies),
            (Some(text), None) => text.into_bytes(),
            (None, Some(encoded)) => STANDARD.decode(encoded).map_err(|_| RequestError::Base64)?,
            (None, None) => Vec::new(),
        };
        Ok(Self {
            method: wire.method,
            target: Target::parse(&wire.url)?,
            headers: headers(&wire.headers)?,
            body,
        })
    }
}

/// Whether a header is the connection's or the host's own.
pub(super) fn is_reserved(name: &HeaderName) -> bool {
    RESERVED.contains(&name.as_str()) || name.as_str().starts_with("proxy-")
}

fn headers(given: &BTreeMap<String, String>) -> Result<HeaderMap, RequestError> {
    if given.len() > MOST_HEADERS {
        return Err(RequestError::TooManyHeaders(given.len()));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let bad = || RequestError::BadHeader(excerpt(name));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        if is_reserved(&name) {
            return Err(RequestError::ReservedHeader(name.to_string()));
        }
        let value = HeaderValue::from_str(value).map_err(|_| bad())?;
        if headers.insert(&name, value).is_some() {
            return Err(RequestError::RepeatedHeader(name.to_string()));
        }
    }
    Ok(headers)
}

/// An answer of an outside service, as JSON for the guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    status: u16,
    /// Of headers that come more than once the values are joined by commas, as HTTP allows.
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

impl Answer {
    /// What a service answered; secrets are taken out of its headers, as they must be of the body before.
    #[must_use]
    pub fn new(status: StatusCode, headers: &HeaderMap, body: Vec<u8>, scrubber: &Scrubber) -> Self {
        let mut shown: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in headers {
            let value = scrubber.scrub_text(&String::from_utf8_lossy(value.as_bytes()));
            shown
                .entry(name.to_string())
                .and_modify(|joined| *joined = format!("{joined}, {value}"))
                .or_insert(value);
        }
        let (body, body_base64) = match String::from_utf8(body) {
            Ok(text) => (Some(text), None),
            Err(error) => (None, Some(STANDARD.encode(error.as_bytes()))),
        };
        Self { status: status.as_u16(), headers: shown, body, body_base64 }
    }

    /// As the guest gets it.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts and numbers are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> String {
        Outbound::parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_request_is_read() {
        let request = Outbound::parse(
            br#"{"method":"POST","url":"https://a.example/v1","headers":{"Content-Type":"text/plain"},"body":"hello"}"#,
        )
        .unwrap();
        assert_eq!((request.method, request.body.as_slice()), (Method::Post, &b"hello"[..]));
        assert_eq!(request.headers["content-type"], "text/plain");
        let request = Outbound::parse(br#"{"url":"https://a.example/","body_base64":"/w=="}"#).unwrap();
        assert_eq!((request.method, request.body), (Method::Get, vec![255]));
    }

    #[test]
    fn what_a_guest_may_not_say_is_refused() {
        let with = |header: &str| format!(r#"{{"url":"https://a.example/","headers":{{{header}}}}}"#);
        for (text, words) in [
            (String::new(), "not understood"),
            (r#"{"url":"https://a.example/","follow":true}"#.to_owned(), "unknown field `follow`"),
            (r#"{"url":"https://a.example/","method":"CONNECT"}"#.to_owned(), "unknown variant `CONNECT`"),
            (r#"{"url":"https://a.example/","url":"https://b.example/"}"#.to_owned(), "duplicate field"),
            (r#"{"url":"https://a.example/","body":"","body_base64":""}"#.to_owned(), "not both"),
            (r#"{"url":"https://a.example/","body_base64":"*"}"#.to_owned(), "no base64"),
            (r#"{"url":"https://x@a.example/"}"#.to_owned(), "a user"),
            (with(r#""Host":"evil.example""#), "may not set the header `host`"),
            (with(r#""Transfer-Encoding":"chunked""#), "may not set the header `transfer-encoding`"),
            (with(r#""Proxy-Authorization":"x""#), "may not set the header `proxy-authorization`"),
            (with(r#""x":"1\r\nHost: evil""#), "`x` is no header"),
            (with(r#""x\r\ny":"1""#), "is no header"),
            (with(r#""X":"1","x":"2""#), "`x` is set twice"),
        ] {
            assert!(refused(&text).contains(words), "{text}: {}", refused(&text));
        }
        let many: Vec<String> = (0..65).map(|n| format!(r#""x{n}":"""#)).collect();
        assert!(refused(&with(&many.join(","))).contains("65 headers"));
        assert!(refused(&" ".repeat(MAX_REQUEST_BYTES + 1)).contains("longer"));
    }

    #[test]
    fn an_answer_is_text_or_base64() {
        let mut headers = HeaderMap::new();
        headers.append("set-cookie", HeaderValue::from_static("a"));
        headers.append("set-cookie", HeaderValue::from_static("b"));
        let json = |body: &[u8]| {
            Answer::new(StatusCode::OK, &headers, body.to_vec(), &Scrubber::default()).to_json()
        };
        assert_eq!(json(b"{}"), r#"{"status":200,"headers":{"set-cookie":"a, b"},"body":"{}"}"#);
        assert_eq!(json(&[255]), r#"{"status":200,"headers":{"set-cookie":"a, b"},"body_base64":"/w=="}"#);
    }

    proptest! {
        #[test]
        fn no_header_smuggles_another_line(name in ".{0,20}", value in "(.|\r|\n|\0){0,20}") {
            let text = serde_json::json!({"url": "https://a.example/", "headers": {name: value}}).to_string();
            if let Ok(request) = Outbound::parse(text.as_bytes()) {
                for (name, value) in &request.headers {
                    let all = [name.as_str().as_bytes(), value.as_bytes()].concat();
                    prop_assert!(!all.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)));
                }
            }
        }
    }
}
