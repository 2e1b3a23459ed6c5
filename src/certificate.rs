//! Certificates and keys: PEM files, read and checked before anything uses them, so that what is wrong with one is
//! said by name and not by a handshake that fails later.
//!
//! Both ends of a connection use them; whom a handshake trusts is decided elsewhere.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::{self, RootCertStore};
use x509_cert::der::Decode;

use crate::clock::Timestamp;

/// Why a certificate or a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no certificate in the file.
    #[error("{} holds no certificate in PEM form", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// There is no key in the file.
    #[error("{} holds no private key in PEM form", path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// What is in the file is no certificate.
    #[error("the certificate in {} is malformed", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where the reading failed.
        source: x509_cert::der::Error,
    },
    /// The certificate or key is of a kind that is not supported.
    #[error("what {} holds cannot be used", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: rustls::Error,
    },
    /// The certificate's time is over.
    #[error("the certificate in {} expired at {until}", path.display())]
    Expired {
        /// The file.
        path: PathBuf,
        /// When.
        until: Timestamp,
    },
    /// The certificate's time has not come.
    #[error("the certificate in {} is not valid before {from}", path.display())]
    Early {
        /// The file.
        path: PathBuf,
        /// When its time comes.
        from: Timestamp,
    },
    /// The key is that of another certificate.
    #[error("the key in {} does not belong to the certificate in {}", key.display(), certificate.display())]
    Mismatched {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
}

/// What one end shows of itself: a certificate, with those that vouch for it, and its private key.
#[derive(Debug, Clone)]
pub struct Identity {
    certified: Arc<CertifiedKey>,
    certificate_pem: Vec<u8>,
    key_pem: Vec<u8>,
}

impl Identity {
    /// Reads a certificate and its key, and checks that they can be used at `now`.
    ///
    /// # Errors
    /// [`CertificateError`] names the file and what is wrong with it.
    pub fn read(certificate: &Path, key: &Path, now: Timestamp) -> Result<Self, CertificateError> {
        let (certificate_pem, key_pem) = (read(certificate)?, read(key)?);
        let chain = certificates(certificate, &certificate_pem)?;
        if let Some(leaf) = chain.first() {
            check_time(certificate, leaf, now)?;
        }
        let private = PrivateKeyDer::from_pem_slice(&key_pem)
            .map_err(|_| CertificateError::NoKey { path: key.to_owned() })?;
        let certified = CertifiedKey::from_der(chain, private, &ring::default_provider());
        let certified = Arc::new(certified.map_err(|error| misfit(certificate, key, error))?);
        Ok(Self { certified, certificate_pem, key_pem })
    }

    /// Shows this identity to every client.
    pub(crate) fn resolver(&self) -> Arc<SingleCertAndKey> {
        Arc::new(SingleCertAndKey::from(CertifiedKey::clone(&self.certified)))
    }

    /// Certificate and key as they were read.
    pub(crate) fn pem(&self) -> (&[u8], &[u8]) {
        (&self.certificate_pem, &self.key_pem)
    }
}

/// Whom the system trusts to sign certificates. Read once: that takes time.
#[must_use]
pub fn roots_of_the_system() -> RootCertStore {
    static ROOTS: OnceLock<RootCertStore> = OnceLock::new();
    let read = || {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots
    };
    ROOTS.get_or_init(read).clone()
}

/// Who is trusted to sign the certificates of others.
#[derive(Debug, Clone)]
pub struct Authorities(Arc<RootCertStore>);

impl Authorities {
    /// Reads certificates of authorities. Those whose time is over at `now` are left out, unless that leaves none.
    ///
    /// # Errors
    /// [`CertificateError`] names the file and what is wrong with it.
    pub fn read(path: &Path, now: Timestamp) -> Result<Self, CertificateError> {
        let (mut roots, mut outdated) = (RootCertStore::empty(), None);
        for certificate in certificates(path, &read(path)?)? {
            match check_time(path, &certificate, now) {
                Ok(()) => roots.add(certificate).map_err(|source| unusable(path, source))?,
                Err(error @ CertificateError::Malformed { .. }) => return Err(error),
                Err(error) => outdated = Some(error),
            }
        }
        match outdated {
            Some(error) if roots.is_empty() => Err(error),
            _ => Ok(Self(Arc::new(roots))),
        }
    }

    pub(crate) fn roots(&self) -> &Arc<RootCertStore> {
        &self.0
    }
}

fn read(path: &Path) -> Result<Vec<u8>, CertificateError> {
    std::fs::read(path).map_err(|source| CertificateError::Unreadable { path: path.to_owned(), source })
}

/// The certificates in a file; at least one.
fn certificates(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) | Err(_) => Err(CertificateError::NoCertificate { path: path.to_owned() }),
    }
}

fn check_time(path: &Path, certificate: &CertificateDer<'_>, now: Timestamp) -> Result<(), CertificateError> {
    let path = path.to_owned();
    let read = match x509_cert::Certificate::from_der(certificate) {
        Ok(read) => read,
        Err(source) => return Err(CertificateError::Malformed { path, source }),
    };
    let validity = read.tbs_certificate().validity();
    let (from, until) = (moment(validity.not_before), moment(validity.not_after));
    if now > until {
        return Err(CertificateError::Expired { path, until });
    }
    if now < from { Err(CertificateError::Early { path, from }) } else { Ok(()) }
}

fn moment(time: x509_cert::time::Time) -> Timestamp {
    Timestamp::from_micros(i64::try_from(time.to_unix_duration().as_micros()).unwrap_or(i64::MAX))
}

fn misfit(certificate: &Path, key: &Path, error: rustls::Error) -> CertificateError {
    match error {
        rustls::Error::InconsistentKeys(_) => {
            CertificateError::Mismatched { certificate: certificate.to_owned(), key: key.to_owned() }
        }
        rustls::Error::InvalidCertificate(_) => unusable(certificate, error),
        error => unusable(key, error),
    }
}

fn unusable(path: &Path, source: rustls::Error) -> CertificateError {
    CertificateError::Unusable { path: path.to_owned(), source }
}

#[cfg(test)]
pub(crate) mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};
    use tempfile::TempDir;

    use super::*;

    /// A certificate for this machine that signs itself, valid in 2025 and 2026, and its key.
    fn self_signed() -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::new(["localhost".to_owned()]).unwrap();
        parameters.not_before = date_time_ymd(2025, 1, 1);
        parameters.not_after = date_time_ymd(2027, 1, 1);
        (parameters.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    fn in_year(year: u32) -> Timestamp {
        format!("{year}-07-01T00:00:00Z").parse().unwrap()
    }

    /// An identity for other tests.
    pub(crate) fn identity() -> Identity {
        let directory = TempDir::new().unwrap();
        let files = ["crt", "key"].map(|name| directory.path().join(name));
        let (certificate, key) = self_signed();
        std::fs::write(&files[0], certificate).unwrap();
        std::fs::write(&files[1], key).unwrap();
        Identity::read(&files[0], &files[1], in_year(2026)).unwrap()
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_by_its_name() {
        let directory = TempDir::new().unwrap();
        let ((certificate, key), (_, other)) = (self_signed(), self_signed());
        let noise = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (certificate, key, year, says) in [
            ("", &*key, 2026, "crt holds no certificate in PEM form"),
            (&*key, &key, 2026, "crt holds no certificate in PEM form"),
            (noise, &key, 2026, "the certificate in crt is malformed"),
            (&certificate, "", 2026, "key holds no private key in PEM form"),
            (&certificate, &certificate, 2026, "key holds no private key in PEM form"),
            (&certificate, &other, 2026, "the key in key does not belong to the certificate in crt"),
            (&certificate, &key, 2028, "the certificate in crt expired at 2027-01-01T00:00:00Z"),
            (&certificate, &key, 2024, "the certificate in crt is not valid before 2025-01-01T00:00:00Z"),
        ] {
            let files = ["crt", "key"].map(|name| directory.path().join(name));
            std::fs::write(&files[0], certificate).unwrap();
            std::fs::write(&files[1], key).unwrap();
            let error = Identity::read(&files[0], &files[1], in_year(year)).unwrap_err();
            let shown = error.to_string().replace(&format!("{}/", directory.path().display()), "");
            assert_eq!(shown, says);
        }
        let nowhere = directory.path().join("nowhere");
        let error = Identity::read(&nowhere, &nowhere, in_year(2026)).unwrap_err();
        assert!(matches!(error, CertificateError::Unreadable { .. }), "{error}");
    }

    #[test]
    fn an_authority_whose_time_is_over_counts_only_beside_others() {
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("ca");
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.not_after = date_time_ymd(2020, 1, 1);
        let outdated = parameters.self_signed(&key).unwrap().pem();
        std::fs::write(&file, &outdated).unwrap();
        let error = Authorities::read(&file, in_year(2026)).unwrap_err();
        assert!(matches!(error, CertificateError::Expired { .. }), "{error}");
        std::fs::write(&file, format!("{outdated}{}", self_signed().0)).unwrap();
        assert_eq!(Authorities::read(&file, in_year(2026)).unwrap().roots().len(), 1);
    }
}
