//! A provider: a service over HTTPS that keeps connections open, answers as a test says, and notes what it was asked.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::receivers::{Stream, line, secured, server_config};
use super::secure::Pair;

/// What a provider answers.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Further headers, each with its line end.
    pub(crate) headers: String,
    pub(crate) body: String,
    /// How long it takes over it.
    pub(crate) delay: Duration,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self { status, headers: String::new(), body: "{}".to_owned(), delay: Duration::ZERO }
    }

    pub(crate) fn json(body: &str) -> Self {
        Self { body: body.to_owned(), ..Self::status(200) }
    }

    pub(crate) fn wait(self, seconds: u32) -> Self {
        Self { headers: format!("retry-after: {seconds}\r\n"), ..self }
    }
}

type Answering = dyn Fn(&str) -> Reply + Send + Sync;

/// What a provider was asked, and the status that it answered.
type Asked = Arc<Mutex<Vec<(String, u16)>>>;

/// A provider on this machine, for as long as the test runs.
pub(crate) struct Provider {
    pub(crate) address: String,
    asked: Asked,
}

impl Provider {
    /// Starts one that answers a request for a path as `answer` says.
    pub(crate) fn start(identity: &Pair, answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Asked::default();
        let (noted, config, answer) = (Arc::clone(&asked), server_config(identity), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (noted, config, answer) = (Arc::clone(&noted), Arc::clone(&config), Arc::clone(&answer));
                // A client that goes away is no failure of the test.
                thread::spawn(move || {
                    let _ = serve(secured(stream, Some(config)), &*answer, &noted);
                });
            }
        });
        Self { address, asked }
    }

    /// How often it was asked for a path, and how often it answered so.
    pub(crate) fn count(&self, path: &str, status: u16) -> usize {
        self.asked().iter().filter(|asked| **asked == (path.to_owned(), status)).count()
    }

    pub(crate) fn asked(&self) -> Vec<(String, u16)> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(mut stream: Box<dyn Stream>, answer: &Answering, noted: &Asked) -> std::io::Result<()> {
    loop {
        let path = line(&mut stream)?.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut length = 0;
        loop {
            let header = line(&mut stream)?.to_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
        }
        stream.read_exact(&mut vec![0; length])?;
        let Reply { status, headers, body, delay } = answer(&path);
        noted.lock().unwrap().push((path, status));
        thread::sleep(delay);
        let length = body.len();
        write!(stream, "HTTP/1.1 {status} Said\r\n{headers}content-length: {length}\r\n\r\n{body}")?;
        stream.flush()?;
    }
}
