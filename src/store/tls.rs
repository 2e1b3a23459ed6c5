//! TLS on the client's side: whom it trusts, what it shows of itself, and what went wrong.

mod handshake;

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use etcd_client::{Error as EtcdError, Identity as WireIdentity, TlsOptions};
use tokio_rustls::rustls::{self, AlertDescription as Alert, CertificateError as Bad};

pub(super) use self::handshake::Handshake;
use crate::certificate::{Authorities, CertificateError, Identity};
use crate::clock::Clock;

/// The files that a client needs for TLS. With any of them, an endpoint without a scheme is taken to speak TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certificates {
    /// The authorities that may have signed the store's certificate; without, those that the system trusts.
    pub authorities: Option<PathBuf>,
    /// This client's certificate and its key, for a store that asks for one.
    pub identity: Option<(PathBuf, PathBuf)>,
}

impl Certificates {
    pub(super) fn are_given(&self) -> bool {
        self.authorities.is_some() || self.identity.is_some()
    }

    /// The environment variables that tell another `ifctl` of the files.
    pub fn environment(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let (certificate, key) = self.identity.as_ref().map(|(certificate, key)| (certificate, key)).unzip();
        let files = [("IF_CACERT", self.authorities.as_ref()), ("IF_CERT", certificate), ("IF_KEY", key)];
        files.into_iter().filter_map(|(name, file)| Some((name, file?.as_path())))
    }

    /// A way to find out why a server hangs up that speaks TLS.
    pub(super) fn handshake(&self) -> Result<Handshake, CertificateError> {
        Handshake::with(self, Clock::System.now())
    }

    /// Reads the files.
    pub(super) fn options(&self) -> Result<TlsOptions, CertificateError> {
        let now = Clock::System.now();
        let mut options = match &self.authorities {
            Some(path) => {
                TlsOptions::new().trust_anchors(Authorities::read(path, now)?.roots().roots.iter().cloned())
            }
            None => TlsOptions::new().with_native_roots(),
        };
        if let Some((certificate, key)) = &self.identity {
            let identity = Identity::read(certificate, key, now)?;
            let (certificate, key) = identity.pem();
            options = options.identity(WireIdentity::from_pem(certificate, key));
        }
        Ok(options)
    }
}

/// Why client and store cannot agree on TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// The store's certificate has been signed by somebody else.
    #[error("nobody who is trusted here has signed its certificate")]
    Issuer,
    /// The store's certificate names other hosts.
    #[error("its certificate is for another name")]
    Name,
    /// The store's certificate has expired, or is for later.
    #[error("its certificate is not valid at this time")]
    Time,
    /// Anything else about the store's certificate.
    #[error("its certificate is not acceptable")]
    Certificate,
    /// The store asks for a client certificate: none was shown, or one that it does not trust.
    #[error("it lets in only clients with a certificate that it trusts")]
    Client,
    /// There is no TLS at the other end.
    #[error("it does not speak TLS")]
    Plain,
    /// There is TLS at the other end, and it was not asked for.
    #[error("it speaks TLS")]
    Encrypted,
}

/// How a server says that it does not like its client's certificate.
const CLIENT_ALERTS: [Alert; 8] = [
    Alert::CertificateRequired,
    Alert::BadCertificate,
    Alert::UnsupportedCertificate,
    Alert::CertificateExpired,
    Alert::CertificateUnknown,
    Alert::UnknownCA,
    Alert::AccessDenied,
    Alert::DecryptError,
];

/// Whether a call failed because of TLS, and why.
pub(super) fn distrust(error: &EtcdError) -> Option<Distrust> {
    match error {
        EtcdError::GRpcStatus(status) => reason(status),
        EtcdError::TransportError(error) => reason(error),
        _ => None,
    }
}

/// What an error or one of its causes says about TLS.
fn reason(error: &(dyn Error + 'static)) -> Option<Distrust> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return reading(error);
        }
        // An I/O error that wraps another names the cause of that as its own.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

fn reading(error: &rustls::Error) -> Option<Distrust> {
    match error {
        rustls::Error::InvalidCertificate(bad) => Some(match bad {
            Bad::UnknownIssuer => Distrust::Issuer,
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => Distrust::Name,
            Bad::Expired | Bad::ExpiredContext { .. } | Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                Distrust::Time
            }
            _ => Distrust::Certificate,
        }),
        rustls::Error::AlertReceived(alert) if CLIENT_ALERTS.contains(alert) => Some(Distrust::Client),
        rustls::Error::InvalidMessage(_) => Some(Distrust::Plain),
        _ => None,
    }
}
