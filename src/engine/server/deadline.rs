//! How long a client says that it will wait: then it is told so, as by etcd.

use std::time::Duration;

use http::HeaderMap;
use http::header::HeaderName;
use tonic::Status;

const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// What `grpc-timeout` says: at most eight digits and a unit. Nothing when it says something else.
fn patience(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(GRPC_TIMEOUT)?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.len() > 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let count = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_hours(count)),
        "M" => Some(Duration::from_mins(count)),
        "S" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_millis(count)),
        "u" => Some(Duration::from_micros(count)),
        "n" => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

/// Whether the client has set a limit.
pub(super) fn is_set(headers: &HeaderMap) -> bool {
    headers.contains_key(GRPC_TIMEOUT)
}

/// The answer, or word that it did not come in time.
pub(super) async fn kept<B: Default, E>(
    headers: &HeaderMap,
    answer: impl Future<Output = Result<http::Response<B>, E>>,
) -> Result<http::Response<B>, E> {
    let Some(patience) = patience(headers) else { return answer.await };
    let answered = tokio::time::timeout(patience, answer).await;
    answered.unwrap_or_else(|_| Ok(Status::deadline_exceeded("context deadline exceeded").into_http()))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use tonic::body::Body;

    use super::*;

    #[test]
    fn a_timeout_is_a_number_and_a_unit() {
        for (text, expected) in [
            ("5S", Some(Duration::from_secs(5))),
            ("2H", Some(Duration::from_hours(2))),
            ("3M", Some(Duration::from_mins(3))),
            ("4999823u", Some(Duration::from_micros(4_999_823))),
            ("7m", Some(Duration::from_millis(7))),
            ("99999999n", Some(Duration::from_nanos(99_999_999))),
            ("999999999n", None),
            ("5", None),
            ("S", None),
            ("-5S", None),
            ("5s", None),
            ("", None),
        ] {
            let headers = [(GRPC_TIMEOUT, text.parse().unwrap())].into_iter().collect();
            assert_eq!(patience(&headers), expected, "{text}");
        }
    }

    #[tokio::test]
    async fn who_waits_no_longer_is_told_so() {
        let headers: HeaderMap = [(GRPC_TIMEOUT, "1m".parse().unwrap())].into_iter().collect();
        let Ok(late) = kept::<Body, Infallible>(&headers, std::future::pending()).await;
        assert_eq!(late.headers()["grpc-status"], "4");
        let headers: HeaderMap = [(GRPC_TIMEOUT, "1H".parse().unwrap())].into_iter().collect();
        let Ok(early) =
            kept(&headers, async { Ok::<_, Infallible>(http::Response::new(Body::empty())) }).await;
        assert!(!early.headers().contains_key("grpc-status"));
    }
}
