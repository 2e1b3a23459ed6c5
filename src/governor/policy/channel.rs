//! Channels: the ways to people, and where what they need to be secret is kept.
//!
//! Everybody can read the policy in force, so no secret is in it: a secret is named, and read by whoever delivers.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use http::Uri;
use lettre::message::Mailbox;

use crate::governor::escalation::EscalationKind;

/// A way to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// How a message travels.
    pub transport: Transport,
    /// What is brought to people on this way; everything when it is empty.
    pub kinds: BTreeSet<EscalationKind>,
    /// How long one delivery may take.
    pub timeout_seconds: u64,
    /// Authorities that are trusted besides those of the system; a file in PEM form.
    pub ca_file: Option<AbsolutePath>,
}

/// How a message travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// As `{"text": …}` to a webhook of Slack, or of what takes the same. Whoever knows its address can write there.
    Slack {
        /// Where it is.
        url: Source,
    },
    /// As a JSON document.
    Webhook {
        /// Where it goes.
        url: Address,
        /// What signs it.
        secret: Option<Source>,
    },
    /// As a mail.
    Smtp {
        /// Who takes it.
        server: MailServer,
        /// Who sends it.
        from: Mailbox,
        /// Who gets it; at least one.
        to: Vec<Mailbox>,
        /// What the server wants to know.
        login: Option<Login>,
    },
    /// As a JSON document to the standard input of a program.
    Command {
        /// The program and its arguments.
        command: Vec<String>,
    },
}

/// Where a webhook is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// Here, for everybody to read.
    Known(WebAddress),
    /// Whoever knows the address can write there.
    Secret(Source),
}

/// Who sends mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The variable that holds the user's name.
    pub user: VariableName,
    /// Where the password is.
    pub password: Source,
}

/// Where a secret is, as whoever delivers sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In an environment variable.
    Variable(VariableName),
    /// In a file; a newline at its end is none of it.
    File(AbsolutePath),
}

impl Channel {
    /// Whether calls of this kind are brought to people on this way.
    #[must_use]
    pub fn carries(&self, kind: EscalationKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// Whether it runs a program, or reads a variable or a file, of the machine of whoever delivers.
    #[must_use]
    pub fn uses_the_machine(&self) -> bool {
        let by_transport = match &self.transport {
            Transport::Slack { .. } | Transport::Command { .. } => true,
            Transport::Webhook { url, secret } => matches!(url, Address::Secret(_)) || secret.is_some(),
            Transport::Smtp { login, .. } => login.is_some(),
        };
        by_transport || self.ca_file.is_some()
    }
}

/// The text cannot be the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordError {
    /// No name of an environment variable; it is not repeated, for it may be the secret itself.
    #[error("this is no name of an environment variable")]
    Variable,
    /// A path that depends on where somebody stands.
    #[error("`{0}` is no absolute path")]
    Relative(String),
    /// No address of the web; it is not repeated, for it may be a secret.
    #[error("{0}")]
    Address(&'static str),
    /// No address of a mail server.
    #[error("`{0}` is no smtps://HOST[:PORT] or smtp://HOST[:PORT]")]
    MailServer(String),
}

/// The name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableName(String);

impl VariableName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VariableName {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let is_name = !text.starts_with(|c: char| c.is_ascii_digit())
            && !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_name { Ok(Self(text.to_owned())) } else { Err(WordError::Variable) }
    }
}

impl fmt::Display for VariableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A path that means the same wherever one stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsolutePath(PathBuf);

impl AbsolutePath {
    /// The path itself.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.0
    }
}

impl FromStr for AbsolutePath {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let path = PathBuf::from(text);
        if path.is_absolute() { Ok(Self(path)) } else { Err(WordError::Relative(text.to_owned())) }
    }
}

impl fmt::Display for AbsolutePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

/// An address of the web: http or https, with a host, without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAddress(Uri);

impl WebAddress {
    /// The address for a request.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.0
    }
}

impl FromStr for WebAddress {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let uri: Uri = text.parse().map_err(|_| WordError::Address("this is no URL"))?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let authority = uri.authority().filter(|authority| is_web && !authority.host().is_empty());
        match authority {
            None => Err(WordError::Address("this is no http:// or https:// URL")),
            Some(authority) if authority.as_str().contains('@') => {
                Err(WordError::Address("this URL has credentials in it"))
            }
            Some(_) if text.contains('#') => Err(WordError::Address("this URL has a fragment")),
            Some(_) => Ok(Self(uri)),
        }
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A server that takes mail: `smtps://HOST:465` speaks TLS from the first byte on, `smtp://HOST:587` after STARTTLS,
/// without which nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name or number.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether the first byte is TLS.
    pub wrapped: bool,
}

impl MailServer {
    /// Whether it is this machine itself.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse().is_ok_and(|address: core::net::IpAddr| address.is_loopback())
    }
}

impl FromStr for MailServer {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let wrong = || WordError::MailServer(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let (wrapped, usual) = match uri.scheme_str() {
            Some("smtps") => (true, 465),
            Some("smtp") => (false, 587),
            _ => return Err(wrong()),
        };
        let authority =
            uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(wrong)?;
        let is_bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !text.contains('#');
        if authority.host().is_empty() || !is_bare {
            return Err(wrong());
        }
        Ok(Self { host: authority.host().to_owned(), port: authority.port_u16().unwrap_or(usual), wrapped })
    }
}

impl fmt::Display for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.wrapped { "smtps" } else { "smtp" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_is_http_or_https_and_carries_no_credentials() {
        for text in ["http://localhost:8080", "https://hooks.example.com/a?b=c", "http://[::1]:9/x"] {
            assert!(text.parse::<WebAddress>().is_ok(), "{text}");
        }
        for text in [
            "",
            "x",
            "/x",
            "ftp://host/x",
            "file:///etc/passwd",
            "http://",
            "https://u:p@host/",
            "http://u@host",
            "http://host/#x",
            "http://host/ x",
            "http://host\n",
            "HTTP//host",
            "javascript:alert(1)",
        ] {
            assert!(text.parse::<WebAddress>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_mail_server_has_a_scheme_a_host_and_perhaps_a_port() {
        for (text, means, local) in [
            ("smtps://mail.example.com", "smtps://mail.example.com:465", false),
            ("smtp://mail.example.com", "smtp://mail.example.com:587", false),
            ("smtp://127.0.0.1:25", "smtp://127.0.0.1:25", true),
            ("smtp://[::1]:25", "smtp://[::1]:25", true),
            ("smtp://localhost.example.com:25", "smtp://localhost.example.com:25", false),
        ] {
            let server: MailServer = text.parse().unwrap();
            assert_eq!((server.to_string().as_str(), server.is_local()), (means, local));
            assert_eq!(server.to_string().parse(), Ok(server));
        }
        for text in [
            "mail.example.com",
            "http://mail",
            "smtp://",
            "smtp://u:p@mail",
            "smtps://mail/x",
            "smtp://mail?x",
        ] {
            assert!(text.parse::<MailServer>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_secret_is_named_unmistakably() {
        assert!("SLACK_WEBHOOK_URL".parse::<VariableName>().is_ok());
        for text in ["", "1A", "A=B", "A B", "Ä", "https://hooks.example.com"] {
            assert!(text.parse::<VariableName>().is_err(), "{text}");
        }
        assert!("/run/secrets/pager".parse::<AbsolutePath>().is_ok());
        assert!("secrets/pager".parse::<AbsolutePath>().is_err());
    }
}
