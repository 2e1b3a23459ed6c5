//! Channels at work: one message, by one way, once.
//!
//! Reads what is secret only here, and says it to nobody but the channel: no error repeats it, nor what a server
//! answered, which may repeat it.

mod http;
mod mail;
mod program;

use std::error::Error;
use std::process::ExitStatus;
use std::time::Duration;

use ::http::{StatusCode, Uri};
use futures::future::join_all;
use serde::Serialize;

use crate::certificate::CertificateError;
use crate::clock::Timestamp;
use crate::config::environment;
use crate::governor::message::Message;
use crate::governor::policy::EscalationPolicy;
use crate::governor::policy::channel::{Address, Channel, Source, Transport, WebAddress};
use crate::id::{ChannelName, unique};
use crate::printable::printable;

/// Why a message was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Whoever may write to the store must not run programs here, or have secrets sent elsewhere.
    #[error(
        "it uses a program, a variable or a file of this machine, and so must stand in the policy file here just as in \
         the policy in force"
    )]
    Foreign,
    /// A secret is not where it should be.
    #[error("the variable {0} is not set")]
    Unset(String),
    /// A secret is not where it should be.
    #[error("cannot read {file}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A secret is not what it should be.
    #[error("what {origin} holds is of no use: {problem}")]
    Unusable {
        /// Where it is.
        origin: String,
        /// What is wrong with it; never the secret itself.
        problem: String,
    },
    /// The authorities cannot be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// TLS cannot be spoken.
    #[error("cannot speak TLS")]
    Tls(#[source] tokio_rustls::rustls::Error),
    /// What TLS needs was not read to the end.
    #[error("the preparation of TLS was interrupted")]
    Interrupted(#[source] tokio::task::JoinError),
    /// Nobody is there, or not who should be.
    #[error("cannot connect")]
    Unreachable(#[source] hyper_util::client::legacy::Error),
    /// The server sends elsewhere.
    #[error("the server answered {0}: redirects are not followed")]
    Redirected(StatusCode),
    /// The server does not take it.
    #[error("the server answered {0}")]
    Refused(StatusCode),
    /// The mail cannot be written.
    #[error("the mail cannot be written")]
    Mail(#[source] lettre::error::Error),
    /// The mail server does not take it.
    #[error("the mail server answered {0}")]
    MailRefused(String),
    /// The mail server cannot be spoken with.
    #[error("cannot speak with the mail server")]
    MailServer(#[source] lettre::transport::smtp::Error),
    /// The program cannot be started or fed.
    #[error("cannot run {program}")]
    Program {
        /// The program.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The program failed.
    #[error("it ended with {0}")]
    Ended(ExitStatus),
    /// It took too long.
    #[error("no answer within {0} s")]
    TimedOut(u64),
}

/// Brings a message to people by this way.
///
/// # Errors
/// [`SendError`] says why it was not delivered: what uses this machine is sent only if `own`, the channel of the same name
/// in the policy file here, is the same. After [`SendError::TimedOut`] it may have been all the same.
pub async fn send(
    channel: &Channel,
    own: Option<&Channel>,
    message: &Message,
    now: Timestamp,
) -> Result<(), SendError> {
    if channel.uses_the_machine() && own != Some(channel) {
        return Err(SendError::Foreign);
    }
    let seconds = channel.timeout_seconds;
    let limited = tokio::time::timeout(Duration::from_secs(seconds), by_transport(channel, message, now));
    limited.await.unwrap_or(Err(SendError::TimedOut(seconds)))
}

async fn by_transport(channel: &Channel, message: &Message, now: Timestamp) -> Result<(), SendError> {
    let ca_file = channel.ca_file.as_ref();
    match &channel.transport {
        Transport::Slack { url } => {
            let uri = secret_uri(url).await?;
            http::post(http::Post { uri, body: message.slack(), secret: None, message, ca_file, now }).await
        }
        Transport::Webhook { url, secret } => {
            let uri = match url {
                Address::Known(url) => url.uri().clone(),
                Address::Secret(source) => secret_uri(source).await?,
            };
            let secret = match secret {
                Some(source) => Some(read(source).await?),
                None => None,
            };
            http::post(http::Post { uri, body: message.document(), secret, message, ca_file, now }).await
        }
        Transport::Smtp { server, from, to, login } => {
            let login = match login {
                Some(login) => Some((read_variable(login.user.as_str())?, read(&login.password).await?)),
                None => None,
            };
            mail::send(mail::Letter { server, from, to, login, ca_file, message }).await
        }
        Transport::Command { command } => program::run(command, message).await,
    }
}

async fn secret_uri(source: &Source) -> Result<Uri, SendError> {
    let text = read(source).await?;
    let address: Result<WebAddress, _> = text.parse();
    let unusable = |problem: String| SendError::Unusable { origin: named(source), problem };
    address.map(|address| address.uri().clone()).map_err(|error| unusable(error.to_string()))
}

fn named(source: &Source) -> String {
    match source {
        Source::Variable(name) => format!("the variable {name}"),
        Source::File(path) => path.to_string(),
    }
}

/// Reads a secret; the newline that editors put at the end of a file is none of it.
async fn read(source: &Source) -> Result<String, SendError> {
    match source {
        Source::Variable(name) => read_variable(name.as_str()),
        Source::File(path) => {
            let text = tokio::fs::read_to_string(path.as_path()).await;
            let text = text.map_err(|source| SendError::Unreadable { file: path.to_string(), source })?;
            let text = text.strip_suffix('\n').unwrap_or(&text);
            let text = text.strip_suffix('\r').unwrap_or(text);
            if text.is_empty() {
                let problem = "it is empty".to_owned();
                return Err(SendError::Unusable { origin: path.to_string(), problem });
            }
            Ok(text.to_owned())
        }
    }
}

fn read_variable(name: &str) -> Result<String, SendError> {
    let value = environment(name).ok_or_else(|| SendError::Unset(name.to_owned()))?;
    value.into_string().map_err(|_| SendError::Unusable {
        origin: format!("the variable {name}"),
        problem: "it is no text".to_owned(),
    })
}

/// An error with its causes, in one line.
#[must_use]
pub fn explain(error: &SendError) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        // Some errors repeat their cause.
        if !said.ends_with(&next) {
            said = format!("{said}: {next}");
        }
        cause = error.source();
    }
    printable(&said)
}

/// What became of the trial of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// The channel.
    pub channel: ChannelName,
    /// Whether it took the message.
    pub delivered: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether that is because the policy file of this machine does not have it so.
    #[serde(skip)]
    pub foreign: bool,
}

/// Sends a message of no consequence by every channel, or by one, with the secrets of this process. `own` is what the
/// policy file of this machine says.
pub async fn try_out(
    policy: &EscalationPolicy,
    own: &EscalationPolicy,
    only: Option<&ChannelName>,
    by: &str,
    now: Timestamp,
) -> Vec<Tried> {
    let id = format!("trial-{}", unique(now));
    let message = &Message::trial(&id, by, &policy.dashboard, now);
    let chosen = policy.channels.iter().filter(|(name, _)| only.is_none_or(|only| only == *name));
    let tried = chosen.map(|(name, channel)| async move {
        let error = send(channel, own.channels.get(name), message, now).await.err();
        Tried {
            channel: name.clone(),
            delivered: error.is_none(),
            foreign: matches!(error, Some(SendError::Foreign)),
            error: error.as_ref().map(explain),
        }
    });
    join_all(tried).await
}
