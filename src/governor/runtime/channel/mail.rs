//! Mail: TLS from the first byte or after STARTTLS, never without, except to this machine itself.

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message as Mail, Tokio1Executor};

use super::SendError;
use crate::governor::message::Message;
use crate::governor::policy::channel::{AbsolutePath, MailServer};

/// What is sent, by whom and to whom.
pub(super) struct Letter<'a> {
    pub(super) server: &'a MailServer,
    pub(super) from: &'a Mailbox,
    pub(super) to: &'a [Mailbox],
    /// User and password.
    pub(super) login: Option<(String, String)>,
    pub(super) ca_file: Option<&'a AbsolutePath>,
    pub(super) message: &'a Message,
}

/// Sends it; it is delivered when the server has taken it for everybody.
pub(super) async fn send(letter: Letter<'_>) -> Result<(), SendError> {
    let mail = write(&letter)?;
    let host = letter.server.host.trim_start_matches('[').trim_end_matches(']');
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(letter.server.port)
        .tls(tls(&letter, host).await?)
        // The channel's own limit ends it.
        .timeout(None);
    let transport = match letter.login {
        Some((user, password)) => transport.credentials(Credentials::new(user, password)),
        None => transport,
    };
    match transport.build::<Tokio1Executor>().send(mail).await {
        Ok(_) => Ok(()),
        Err(error) => Err(match error.status() {
            Some(code) => SendError::MailRefused(code.to_string()),
            None => SendError::MailServer(error),
        }),
    }
}

fn write(letter: &Letter<'_>) -> Result<Mail, SendError> {
    let message = letter.message;
    // A server that sees the same id again may take it for the same mail.
    let id = format!("<{}@ifctl>", message.idempotency_key().replace(':', "%3A"));
    let mail = Mail::builder().from(letter.from.clone()).message_id(Some(id)).subject(message.subject());
    let mail = letter.to.iter().fold(mail, |mail, to| mail.to(to.clone()));
    mail.header(lettre::message::header::ContentType::TEXT_PLAIN)
        .body(message.text.clone())
        .map_err(SendError::Mail)
}

async fn tls(letter: &Letter<'_>, host: &str) -> Result<Tls, SendError> {
    if letter.server.is_local() && !letter.server.wrapped && letter.ca_file.is_none() {
        return Ok(Tls::None);
    }
    let pem = match letter.ca_file {
        Some(file) => {
            let read = tokio::fs::read(file.as_path()).await;
            Some(read.map_err(|source| SendError::Unreadable { file: file.to_string(), source })?)
        }
        None => None,
    };
    let host = host.to_owned();
    // Reading the certificates of the system takes its time.
    let parameters = tokio::task::spawn_blocking(move || {
        let mut builder = TlsParameters::builder(host);
        if let Some(pem) = pem {
            builder = builder.add_root_certificate(Certificate::from_pem(&pem)?);
        }
        builder.build_rustls()
    });
    let parameters = parameters.await.map_err(SendError::Interrupted)?.map_err(SendError::MailServer)?;
    Ok(if letter.server.wrapped { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::governor::escalation::{Escalation, EscalationKind};

    #[test]
    fn a_hostile_record_writes_no_header() {
        let at = Timestamp::from_micros(0);
        let hostile = "x\r\nBcc: eve@example.com\r\n\r\nother body";
        let call = Escalation {
            id: hostile.to_owned(),
            ..Escalation::triggered(EscalationKind::Stalled, "t", hostile, hostile, hostile, at)
        };
        let message = Message::of(&call, 1, &"http://localhost".parse().unwrap());
        let (server, from) = ("smtp://localhost".parse().unwrap(), "if@example.com".parse().unwrap());
        let to = ["ann@example.com".parse().unwrap()];
        let letter =
            Letter { server: &server, from: &from, to: &to, login: None, ca_file: None, message: &message };
        let mail = write(&letter).unwrap();
        let written = String::from_utf8(mail.formatted()).unwrap();
        let (headers, _) = written.split_once("\r\n\r\n").unwrap();
        assert!(!headers.contains("\nBcc:"), "{headers}");
        assert_eq!(mail.envelope().to().len(), 1);
    }
}
