//! Whoever is called: servers for webhooks and for mail that note what they get, and do as they are told.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::secure::Pair;

/// What a webhook got.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
    /// What it was answered.
    pub(crate) status: u16,
}

impl Request {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
    }
}

/// What a webhook answers instead of a status: nothing, for ever.
pub(crate) const NOTHING: u16 = 0;

/// A webhook on this machine, for as long as the test runs.
pub(crate) struct Webhook {
    pub(crate) address: String,
    status: Arc<Mutex<u16>>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Webhook {
    pub(crate) fn answering(status: u16) -> Self {
        Self::at("127.0.0.1:0", status, None)
    }

    pub(crate) fn at(address: &str, status: u16, identity: Option<&Pair>) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (status, requests) = (Arc::new(Mutex::new(status)), Arc::new(Mutex::new(Vec::new())));
        let (told, noted, config) = (status.clone(), requests.clone(), identity.map(server_config));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (told, noted, config) = (told.clone(), noted.clone(), config.clone());
                // A client that goes away is no failure of the test.
                thread::spawn(move || {
                    let _ = answer(secured(stream, config), &told, &noted);
                });
            }
        });
        Self { address, status, requests }
    }

    pub(crate) fn answer(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Those that were taken.
    pub(crate) fn taken(&self) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.status == 200).collect()
    }
}

pub(super) trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

pub(super) fn server_config(identity: &Pair) -> Arc<ServerConfig> {
    let chain = CertificateDer::pem_slice_iter(&fs::read(&identity.certificate).unwrap())
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    let key = PrivateKeyDer::from_pem_slice(&fs::read(&identity.key).unwrap()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key);
    Arc::new(config.unwrap())
}

pub(super) fn secured(stream: TcpStream, config: Option<Arc<ServerConfig>>) -> Box<dyn Stream> {
    match config {
        Some(config) => Box::new(StreamOwned::new(ServerConnection::new(config).unwrap(), stream)),
        None => Box::new(stream),
    }
}

/// A line without its end; nothing more is read than that.
pub(super) fn line(stream: &mut dyn Read) -> std::io::Result<String> {
    let (mut line, mut byte) = (Vec::new(), [0]);
    loop {
        stream.read_exact(&mut byte)?;
        if byte == *b"\n" {
            return Ok(String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned());
        }
        line.push(byte[0]);
    }
}

fn answer(
    mut stream: Box<dyn Stream>,
    told: &Mutex<u16>,
    noted: &Mutex<Vec<Request>>,
) -> std::io::Result<()> {
    let path = line(&mut stream)?.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let header = line(&mut stream)?;
        let Some((name, value)) = header.split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let status = *told.lock().unwrap();
    let body = String::from_utf8(body).unwrap();
    let echo = headers.contains_key("x-echo").then(|| echo(&headers));
    noted.lock().unwrap().push(Request { path: path.clone(), headers, body, status });
    if status == NOTHING {
        // Until the client goes away.
        stream.read_exact(&mut [0])?;
        return Ok(());
    }
    // As servers do that say what they were asked for: nothing of it must be written down.
    let (more, said) = echo.unwrap_or_else(|| (String::new(), format!("cannot POST {path}")));
    write!(
        stream,
        "HTTP/1.1 {status} Said\r\nlocation: http://127.0.0.1:1/\r\n{more}content-length: {}\r\nconnection: close\r\n\r\n{said}",
        said.len()
    )?;
    stream.flush()
}

/// For whoever asks for it, all that it was told: as further headers, and as it is and in other words in the body.
fn echo(headers: &BTreeMap<String, String>) -> (String, String) {
    let (mut more, mut said) = (String::new(), format!("{headers:?}"));
    for value in headers.values() {
        more = format!("{more}x-echo: {value}\r\n");
        for part in [value.as_str(), value.rsplit([' ', '=']).next().unwrap_or_default()] {
            let hex: String = part.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
            let percent: String = url::form_urlencoded::byte_serialize(part.as_bytes()).collect();
            said = format!("{said} {} {percent} {hex}", STANDARD.encode(part));
        }
    }
    (more, said)
}

/// A mail as it was taken.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// User and password, in base64, if they were given.
    pub(crate) login: Option<String>,
    /// Whether nobody could read along.
    pub(crate) encrypted: bool,
    pub(crate) to: Vec<String>,
    pub(crate) data: String,
}

/// A server for mail, with TLS from the first byte on or after STARTTLS.
pub(crate) struct MailServer {
    pub(crate) address: String,
    mails: Arc<Mutex<Vec<Mail>>>,
}

impl MailServer {
    pub(crate) fn start(identity: Option<&Pair>, wrapped: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let (noted, config) = (mails.clone(), identity.map(server_config));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (noted, config) = (noted.clone(), config.clone());
                thread::spawn(move || {
                    let _ = if wrapped {
                        let mail = Mail { login: None, encrypted: true, to: Vec::new(), data: String::new() };
                        converse(secured(stream, config), None, mail, &noted)
                    } else {
                        take_mail(stream, config, &noted)
                    };
                });
            }
        });
        Self { address, mails }
    }

    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }
}

fn take_mail(
    stream: TcpStream,
    config: Option<Arc<ServerConfig>>,
    noted: &Mutex<Vec<Mail>>,
) -> std::io::Result<()> {
    let mail = Mail { login: None, encrypted: false, to: Vec::new(), data: String::new() };
    let plain = Box::new(stream.try_clone()?);
    converse(plain, config.map(|config| (stream, config)), mail, noted)
}

/// Speaks SMTP; with a way to TLS, STARTTLS comes first.
fn converse(
    mut stream: Box<dyn Stream>,
    upgrade: Option<(TcpStream, Arc<ServerConfig>)>,
    mut mail: Mail,
    noted: &Mutex<Vec<Mail>>,
) -> std::io::Result<()> {
    let mut upgrade = upgrade;
    stream.write_all(b"220 localhost ESMTP\r\n")?;
    loop {
        stream.flush()?;
        let command = line(&mut stream)?;
        let reply = match command.split_whitespace().next().unwrap_or_default() {
            "EHLO" if upgrade.is_some() => "250-localhost\r\n250 STARTTLS",
            "EHLO" => "250-localhost\r\n250 AUTH PLAIN",
            "STARTTLS" => {
                let Some((plain, config)) = upgrade.take() else { return Ok(()) };
                stream.write_all(b"220 go ahead\r\n")?;
                stream.flush()?;
                stream = secured(plain, Some(config));
                mail.encrypted = true;
                continue;
            }
            "AUTH" => {
                mail.login = command.rsplit(' ').next().map(str::to_owned);
                "235 welcome"
            }
            "RCPT" => {
                mail.to.push(command.clone());
                "250 yes"
            }
            "DATA" => {
                stream.write_all(b"354 go ahead\r\n")?;
                stream.flush()?;
                loop {
                    let line = line(&mut stream)?;
                    if line == "." {
                        break;
                    }
                    mail.data += &line;
                    mail.data += "\n";
                }
                noted.lock().unwrap().push(mail.clone());
                "250 taken"
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n"),
            _ => "250 yes",
        };
        stream.write_all(reply.as_bytes())?;
        stream.write_all(b"\r\n")?;
    }
}
