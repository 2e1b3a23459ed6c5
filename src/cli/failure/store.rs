//! What the store, the certificates and the configuration refuse, as an exit code and a hint.

use crate::certificate::CertificateError;
use crate::cli::{Exit, Failure};
use crate::config::ConfigError;
use crate::store::{Distrust, Key, Scope, StoreError};

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let error = match error {
            StoreError::Certificate(error) => return error.into(),
            error => error,
        };
        let (exit, hint) = match &error {
            StoreError::Certificate(_) => (Exit::Usage, None),
            StoreError::Mixed { .. } => {
                (Exit::Usage, Some("ifctl --endpoints https://HOST:PORT,https://… …"))
            }
            StoreError::Distrusted { reason, .. } => distrusted(*reason),
            StoreError::Endpoint { .. } => (Exit::Usage, Some("ifctl --endpoints 127.0.0.1:2379 …")),
            StoreError::Unavailable { .. } => {
                (Exit::Unavailable, Some("ifctl coordinator start, or name another with --endpoints"))
            }
            StoreError::TimedOut { .. } => {
                (Exit::TimedOut, Some("ifctl coordinator health, or wait longer with --command-timeout"))
            }
            StoreError::Full { .. } => {
                (Exit::Unavailable, Some("make room on the store's disk; writing goes on by itself then"))
            }
            StoreError::LeaseLost => (Exit::StaleToken, Some("claim the task again")),
            StoreError::Compacted { .. } | StoreError::AuthChanged { .. } => {
                (Exit::Unavailable, Some("try again"))
            }
            StoreError::Malformed { key, .. } => {
                let hint = mended(key);
                return Self::new(Exit::Internal, error).hint(hint);
            }
            StoreError::CredentialsNeeded { .. } => {
                (Exit::Refused, Some("give --user and --password, or set IF_USER and IF_PASSWORD"))
            }
            StoreError::WrongCredentials { .. } => (
                Exit::Refused,
                Some(
                    "check --user and --password, or IF_USER and IF_PASSWORD; etcdctl user list names the users",
                ),
            ),
            StoreError::Forbidden(_) => (
                Exit::Refused,
                Some("etcdctl user get USER --detail shows what a user may do; root can grant more"),
            ),
            StoreError::Rejected(_) => (Exit::Refused, None),
        };
        let failure = Self::new(exit, error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// What replaces a value that nobody can read.
fn mended(key: &str) -> String {
    match Key::parse(key) {
        Some(Key::Budget(Scope::Swarm(swarm))) => {
            format!("ifctl governor set-budgets --per-swarm FILE replaces it, where FILE names {swarm}")
        }
        Some(Key::Budget(Scope::Task(task))) => {
            format!("ifctl governor set-budgets --task {task}=DOLLARS replaces it")
        }
        Some(Key::Budget(Scope::Overall)) => {
            "ifctl governor set-budgets --overall DOLLARS replaces it".to_owned()
        }
        Some(Key::DefaultBudget) => {
            "ifctl governor set-budgets --default-budget DOLLARS replaces it".to_owned()
        }
        Some(Key::Breaker(scope)) => format!("ifctl governor reset-circuit-breaker {scope} replaces it"),
        Some(Key::Escalation(id)) => format!("ifctl governor escalations resolve {id} replaces it"),
        Some(Key::Policy) => "ifctl governor policy apply FILE replaces it".to_owned(),
        _ => "somebody else wrote this key: mend or delete it".to_owned(),
    }
}

impl From<CertificateError> for Failure {
    fn from(error: CertificateError) -> Self {
        let hint = match &error {
            CertificateError::Unreadable { .. } => "name a file that this user can read",
            CertificateError::NoCertificate { .. } | CertificateError::Malformed { .. } => {
                "a certificate in PEM form begins with -----BEGIN CERTIFICATE-----"
            }
            CertificateError::NoKey { .. } => {
                "a key in PEM form begins with -----BEGIN PRIVATE KEY-----; it must not be encrypted"
            }
            CertificateError::Unusable { .. } => "RSA, ECDSA and Ed25519 are supported",
            CertificateError::Expired { .. } => "have it renewed by whoever signed it",
            CertificateError::Early { .. } => "wait, or set this machine's clock right",
            CertificateError::Mismatched { .. } => "name the key that the certificate was made for",
        };
        Self::usage(error).hint(hint)
    }
}

/// What it means that client and store cannot agree on TLS, and what to do.
fn distrusted(reason: Distrust) -> (Exit, Option<&'static str>) {
    let (exit, hint) = match reason {
        Distrust::Issuer => (Exit::Refused, "name the authority that has signed it with --cacert"),
        Distrust::Name => (Exit::Refused, "call the store by a name that its certificate has"),
        Distrust::Time => {
            (Exit::Refused, "have the store's certificate renewed, or set this machine's clock right")
        }
        Distrust::Certificate => (Exit::Refused, "have the store's certificate replaced"),
        Distrust::Client => (Exit::Refused, "show a certificate of its authority with --cert and --key"),
        Distrust::Plain => {
            (Exit::Usage, "leave out --cacert, --cert and --key, or write http:// before the endpoint")
        }
        Distrust::Encrypted => {
            (Exit::Usage, "write https:// before the endpoint, and name its authority with --cacert")
        }
    };
    (exit, Some(hint))
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = match &error {
            ConfigError::NoHome => "set IF_HOME to a directory of your own".to_owned(),
            ConfigError::Unreadable { path, .. } | ConfigError::Invalid { path, .. } => {
                format!(
                    "known keys of {}: endpoints, namespace, command_timeout_seconds, cacert, cert, key",
                    path.display()
                )
            }
        };
        Self::usage(error).hint(hint)
    }
}
