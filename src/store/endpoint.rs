//! Endpoints: what an address looks like, and whether it speaks TLS.

use super::{Connection, StoreError};

/// Whether the endpoints speak TLS: as in etcdctl the scheme says so, and where there is none, that certificates are
/// given.
pub(super) fn speak_tls(connection: &Connection) -> Result<bool, StoreError> {
    let mut answer = None;
    for endpoint in &connection.endpoints {
        check_endpoint(endpoint)?;
        let scheme = endpoint.split_once("://").map(|(scheme, _)| scheme == "https");
        let tls = scheme.unwrap_or(connection.certificates.are_given());
        if *answer.get_or_insert(tls) != tls {
            return Err(StoreError::Mixed { endpoints: connection.endpoints.join(",") });
        }
    }
    Ok(answer.unwrap_or(false))
}

fn check_endpoint(endpoint: &str) -> Result<(), StoreError> {
    let bare = ["http://", "https://"].iter().find_map(|scheme| endpoint.strip_prefix(scheme));
    let bare = bare.unwrap_or(endpoint).trim_end_matches('/');
    let valid = bare.rsplit_once(':').is_some_and(|(host, port)| {
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
        !host.is_empty() && host.chars().all(known) && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    if valid { Ok(()) } else { Err(StoreError::Endpoint { endpoint: endpoint.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::Certificates;

    #[test]
    fn an_endpoint_is_a_host_and_a_port() {
        for good in ["localhost:2379", "http://127.0.0.1:2379", "[::1]:2379", "https://etcd-0.etcd:2379/"] {
            assert!(check_endpoint(good).is_ok(), "{good}");
        }
        for bad in ["", "localhost", ":2379", "localhost:0", "localhost:99999", "ftp://a:1", "a b:1", "a/b:1"]
        {
            assert!(check_endpoint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_scheme_says_whether_tls_is_spoken_and_without_one_the_certificates_do() {
        for (endpoints, with_certificates, tls) in [
            ("a:1", false, Some(false)),
            ("a:1", true, Some(true)),
            ("http://a:1", true, Some(false)),
            ("https://a:1", false, Some(true)),
            ("https://a:1,b:1", true, Some(true)),
            ("https://a:1,b:1", false, None),
            ("http://a:1,https://b:1", true, None),
        ] {
            let authorities = with_certificates.then(|| "ca.pem".into());
            let connection = Connection {
                endpoints: endpoints.split(',').map(str::to_owned).collect(),
                namespace: String::new(),
                timeout: Duration::from_secs(1),
                user: None,
                certificates: Certificates { authorities, identity: None },
            };
            assert_eq!(speak_tls(&connection).ok(), tls, "{endpoints} {with_certificates}");
        }
    }
}
