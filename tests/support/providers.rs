//! Providers of payouts: servers that pay once for each key, fail when they are told to, and keep a log of their own.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use serde_json::{Value, json};

use super::receivers::{Stream, line, secured, server_config};
use super::secure::Pair;

/// A payment, as it stands in the provider's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Payment {
    /// The key that it was asked for under.
    pub(crate) key: String,
    pub(crate) amount: String,
    pub(crate) id: String,
}

#[derive(Default)]
struct Books {
    payments: Vec<Payment>,
    /// Method, key and answer of every request.
    requests: Vec<(String, String, u16)>,
    /// How many payouts fail from now on.
    failing: usize,
    /// Pays, and does not say so yet.
    silent: bool,
}

/// A provider on this machine, for as long as the test runs.
pub(crate) struct Provider {
    pub(crate) name: &'static str,
    pub(crate) address: String,
    shared: Arc<(Mutex<Books>, Condvar)>,
}

impl Provider {
    /// It speaks HTTPS, and serves only whoever has its key.
    pub(crate) fn start(name: &'static str, identity: &Pair) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::<(Mutex<Books>, Condvar)>::default();
        let (noted, config) = (shared.clone(), server_config(identity));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (noted, config) = (noted.clone(), config.clone());
                // A client that goes away is no failure of the test.
                thread::spawn(move || {
                    let _ = answer(secured(stream, Some(config)), name, &noted);
                });
            }
        });
        Self { name, address, shared }
    }

    /// The key of its API.
    pub(crate) fn secret(&self) -> String {
        format!("{}-api-key", self.name)
    }

    pub(crate) fn fail_next(&self, payouts: usize) {
        self.shared.0.lock().unwrap().failing = payouts;
    }

    /// Whether it keeps to itself what it has paid. When it ends that, it tells whoever still waits.
    pub(crate) fn be_silent(&self, silent: bool) {
        self.shared.0.lock().unwrap().silent = silent;
        self.shared.1.notify_all();
    }

    pub(crate) fn payments(&self) -> Vec<Payment> {
        self.shared.0.lock().unwrap().payments.clone()
    }

    /// What it has answered to requests of this method.
    pub(crate) fn answers(&self, method: &str) -> Vec<u16> {
        let books = self.shared.0.lock().unwrap();
        books.requests.iter().filter(|(asked, ..)| asked == method).map(|(.., status)| *status).collect()
    }
}

fn answer(mut stream: Box<dyn Stream>, name: &str, shared: &(Mutex<Books>, Condvar)) -> std::io::Result<()> {
    let first = line(&mut stream)?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = BTreeMap::new();
    while let Some((header, value)) = line(&mut stream)?.split_once(": ") {
        headers.insert(header.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;

    let mut books = shared.0.lock().unwrap();
    let key = path.trim_start_matches("/v1/payouts/").to_owned();
    let is_known = headers.get("authorization") == Some(&format!("Bearer {name}-api-key"));
    let is_keyed = headers.get("idempotency-key") == Some(&key);
    let (status, said) = match method.as_str() {
        _ if !is_known => (401, json!({"error": "who are you"})),
        _ if !is_keyed => (400, json!({"error": "the key is another than that of the path"})),
        "POST" => books.pay(name, &key, &body),
        _ => books
            .payments
            .iter()
            .find(|payment| payment.key == key)
            .map_or_else(|| (404, json!({"error": "no such payout"})), |payment| (200, payment.as_json())),
    };
    books.requests.push((method.clone(), key, status));
    let still = |books: &mut Books| method == "POST" && books.silent;
    drop(shared.1.wait_while(books, still).unwrap());
    let said = said.to_string();
    write!(
        stream,
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{said}",
        said.len()
    )?;
    stream.flush()
}

impl Books {
    /// Pays, unless it fails or has paid before.
    fn pay(&mut self, name: &str, key: &str, body: &[u8]) -> (u16, Value) {
        if let Some(payment) = self.payments.iter().find(|payment| payment.key == key) {
            return (200, payment.as_json());
        }
        if self.failing > 0 {
            self.failing -= 1;
            return (503, json!({"error": "unavailable"}));
        }
        let asked: Value = serde_json::from_slice(body).unwrap();
        let amount = asked["amount"].as_str().unwrap().to_owned();
        let id = format!("{name}-{}", self.payments.len() + 1);
        let payment = Payment { key: key.to_owned(), amount, id };
        self.payments.push(payment.clone());
        (201, payment.as_json())
    }
}

impl Payment {
    fn as_json(&self) -> Value {
        json!({"payment": self.id, "amount": self.amount})
    }
}
