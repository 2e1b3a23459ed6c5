//! Guests that try to reach what they must not: each is told why, and nothing arrives at a socket.

mod attacks;
mod secure;

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Backed, Backing, Broker, CallRefused, Ended, Pass, Passage, Price, Receipt, Resolve, Resolving};
use crate::chassis::OverRate;
use crate::chassis::egress::{Method, Secret, SecretName, Target};
use crate::governor::{CallFailure, Charging, RateTable, Rates, Urgency};
use crate::id::{ProviderId, RateName};
use crate::money::Money;

/// A service that answers every request with the same bytes, and counts.
struct Service {
    port: u16,
    connections: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Service {
    async fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, heads) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<String>>>::default());
        let service = Self { port, connections: Arc::clone(&connections), heads: Arc::clone(&heads) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answer_all(stream, answer, Arc::clone(&heads)));
            }
        });
        service
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn answer_all(mut stream: TcpStream, answer: &'static str, heads: Arc<Mutex<Vec<String>>>) {
    let mut seen = Vec::new();
    loop {
        while !seen.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if stream.read_exact(&mut byte).await.is_err() {
                return;
            }
            seen.push(byte[0]);
        }
        heads.lock().unwrap().push(String::from_utf8(std::mem::take(&mut seen)).unwrap());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Names and addresses under the test's control.
#[derive(Debug, Default)]
struct Names {
    known: HashMap<&'static str, Vec<IpAddr>>,
    asked: AtomicUsize,
}

impl Resolve for Names {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let found = self.known.get(host).cloned();
        Box::pin(async move { found.ok_or_else(|| io::ErrorKind::NotFound.into()) })
    }
}

/// Has this much money, lets calls of all providers but one pass, and notes how they ended.
struct Purse {
    left: Mutex<Money>,
    /// Whose breaker is open.
    broken: &'static str,
    admitted: Mutex<Vec<String>>,
    ended: Mutex<Vec<Ended>>,
}

struct Noted<'a>(&'a Purse);

impl Passage for Noted<'_> {
    fn ended<'a>(self: Box<Self>, ended: Ended) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>
    where
        Self: 'a,
    {
        Box::pin(async move {
            self.0.ended.lock().unwrap().push(ended);
        })
    }
}

impl Backing for Purse {
    fn permit(&self, _: Method, _: &Target) -> Result<(), String> {
        Ok(())
    }

    fn admit<'a>(&'a self, provider: &'a ProviderId, _: Duration) -> Backed<'a, Box<dyn Passage + 'a>> {
        Box::pin(async move {
            if provider.as_str() == self.broken {
                return Err(format!("the circuit breaker of {provider} is open"));
            }
            self.admitted.lock().unwrap().push(provider.to_string());
            Ok(Box::new(Noted(self)) as Box<dyn Passage>)
        })
    }

    fn rates(&self, name: &RateName) -> Result<Arc<Rates>, String> {
        let table = b"pages: {units: {pages: /pages}, prices: {default: {pages: 10000}}}";
        let table = RateTable::read(table, "rates.yaml".as_ref()).unwrap();
        table.get(name).ok_or_else(|| "there are none".to_owned())
    }

    fn pay<'a>(&'a self, price: Price, operation: &'a str) -> Backed<'a, Receipt> {
        Box::pin(async move {
            let (Price::Fixed(cost) | Price::AtMost(cost)) = price;
            let mut left = self.left.lock().unwrap();
            if *left < cost {
                return Err(format!("no money for {operation}"));
            }
            *left = left.minus(cost);
            Ok(Receipt(Some(Box::new(Charging {
                id: "x".parse().unwrap(),
                swarm: "guest".parse().unwrap(),
                operation: operation.parse().unwrap(),
                cost,
                task: None,
                token: None,
                urgency: Urgency::AtMost,
            }))))
        })
    }

    fn settle<'a>(
        &'a self,
        receipt: &'a Receipt,
        cost: Money,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            let booked = receipt.0.as_ref().unwrap().cost;
            let mut left = self.left.lock().unwrap();
            *left = left.plus(booked).minus(cost);
        })
    }

    fn secret<'a>(&'a self, name: &'a SecretName) -> Backed<'a, Secret> {
        Box::pin(async move { Err(format!("there is no {name}")) })
    }
}

struct Scene {
    broker: Broker,
    names: Arc<Names>,
    purse: Purse,
}

impl Scene {
    fn new(known: &[(&'static str, &[&str])]) -> Self {
        let known = known
            .iter()
            .map(|(name, addresses)| (*name, addresses.iter().map(|text| text.parse().unwrap()).collect()))
            .collect();
        let names = Arc::new(Names { known, asked: AtomicUsize::new(0) });
        let resolver: Arc<dyn Resolve> = names.clone();
        let broker = Broker::new(&resolver).unwrap();
        let purse = Purse {
            left: Mutex::new(Money::from_dollars(1)),
            broken: "broken",
            admitted: Mutex::default(),
            ended: Mutex::default(),
        };
        Self { broker, names, purse }
    }

    async fn call(&self, rules: &str, request: Value) -> Result<Value, CallRefused> {
        self.call_as("guest", 1000, rules, request).await
    }

    async fn call_as(
        &self,
        swarm: &str,
        calls_per_second: u32,
        rules: &str,
        request: Value,
    ) -> Result<Value, CallRefused> {
        let rules = Arc::new(serde_yaml::from_str(rules).unwrap());
        let pass = Pass { swarm: swarm.parse().unwrap(), rules, secrets: Arc::default(), calls_per_second };
        let answer = self.broker.call(&pass, &self.purse, &request.to_string()).await?;
        Ok(serde_json::to_value(answer).unwrap())
    }

    async fn refusal(&self, rules: &str, request: Value) -> String {
        self.call(rules, request).await.unwrap_err().to_string()
    }
}

const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-it: is\r\n\r\nhello";

fn private(port: u16) -> String {
    format!(
        "[{{url: 'http://inside.example:{port}/', allow_private: true, timeout_seconds: 1, max_response_kb: 1}}]"
    )
}

fn get(host: &str, port: u16) -> Value {
    json!({"url": format!("http://{host}:{port}/")})
}

#[tokio::test]
async fn an_allowed_call_is_carried_out_and_resolves_once() {
    let service = Service::start(HELLO).await;
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"])]);
    let request = json!({
        "method": "GET",
        "url": format!("http://inside.example:{}/a?b=c", service.port),
        "headers": {"X-Asks": "me"},
    });
    let answer = scene.call(&private(service.port), request).await.unwrap();
    let expected = json!({"status": 200, "headers": {"content-length": "5", "x-it": "is"}, "body": "hello"});
    assert_eq!(answer, expected);
    let head = service.heads.lock().unwrap()[0].to_ascii_lowercase();
    assert!(head.starts_with("get /a?b=c http/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("\r\nhost: inside.example:{}\r\n", service.port)), "{head}");
    assert!(head.contains("\r\nx-asks: me\r\n"), "{head}");
    assert_eq!(scene.names.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let secret = Service::start(HELLO).await;
    let answer = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{}/\r\ncontent-length: 0\r\n\r\n",
        secret.port
    );
    let service = Service::start(answer.leak()).await;
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"])]);
    let answer = scene.call(&private(service.port), get("inside.example", service.port)).await.unwrap();
    assert_eq!(answer["status"], 302);
    assert_eq!(secret.connections(), 0);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_before_anything_is_sent() {
    let service = Service::start(HELLO).await;
    let scene = Scene::new(&[
        ("inside.example", &["127.0.0.1"]),
        // Whoever owns a name can add the address that he wants to reach to a harmless one.
        ("mixed.example", &["93.184.215.14", "127.0.0.1"]),
        ("metadata.example", &["169.254.169.254"]),
        ("mapped.example", &["::ffff:127.0.0.1"]),
        ("nat64.example", &["64:ff9b::7f00:1"]),
        ("zero.example", &["0.0.0.0"]),
    ]);
    for (host, address) in [
        ("inside.example", "private address 127.0.0.1"),
        ("mixed.example", "private address 127.0.0.1"),
        ("metadata.example", "private address 169.254.169.254"),
        ("mapped.example", "::ffff:127.0.0.1, which is no address of a service"),
        ("nat64.example", "64:ff9b::7f00:1, which is no address of a service"),
        ("zero.example", "0.0.0.0, which is no address of a service"),
        ("127.0.0.1", "private address 127.0.0.1"),
        ("[::1]", "private address ::1"),
        ("[::ffff:7f00:1]", "which is no address of a service"),
    ] {
        let rules = format!("[{{url: 'http://{host}:{}/'}}]", service.port);
        let refusal = scene.refusal(&rules, get(host, service.port)).await;
        assert!(refusal.starts_with("refused: ") && refusal.contains(address), "{host}: {refusal}");
    }
    // Not even a contract that allows private addresses reaches one in disguise.
    for host in ["mapped.example", "nat64.example", "zero.example"] {
        let rules = format!("[{{url: 'http://{host}:{}/', allow_private: true}}]", service.port);
        let refusal = scene.refusal(&rules, get(host, service.port)).await;
        assert!(refusal.contains("no address of a service"), "{host}: {refusal}");
    }
    assert_eq!(service.connections(), 0);
}

#[tokio::test]
async fn a_connection_that_one_contract_may_have_serves_no_other() {
    let service = Service::start(HELLO).await;
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"])]);
    let request = || get("inside.example", service.port);
    for _ in 0..3 {
        scene.call(&private(service.port), request()).await.unwrap();
    }
    assert_eq!(service.connections(), 1, "it is kept for the next call");
    let narrow = format!("[{{url: 'http://inside.example:{}/'}}]", service.port);
    assert!(scene.refusal(&narrow, request()).await.contains("private address"));
    assert_eq!(service.heads.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn what_the_rules_do_not_name_is_refused_before_anything_is_resolved() {
    let service = Service::start(HELLO).await;
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"]), ("other.example", &["127.0.0.1"])]);
    let rules = format!("[{{url: 'http://inside.example:{}/v1', allow_private: true}}]", service.port);
    let at = |rest: &str| json!({"url": format!("http://inside.example:{}{rest}", service.port)});
    for (request, words) in [
        (get("other.example", service.port), "no egress rule of the contract names the host `other.example`"),
        (at("/v2"), "covers this path"),
        (at("/v1/../v2"), "normal form"),
        (at("/v1%2f..%2fv2"), "encoded dot, slash"),
        (json!({"url": format!("http://me:pw@inside.example:{}/v1", service.port)}), "a user or a password"),
        (json!({"url": format!("http://inside.example.:{}/v1", service.port)}), "ends with a dot"),
        (json!({"url": format!("http://2130706433:{}/v1", service.port)}), "normal form"),
        (json!({"url": at("/v1")["url"], "method": "POST"}), "does not allow POST"),
        (json!({"url": at("/v1")["url"], "headers": {"x": "1\r\nHost: y"}}), "is no header"),
        (json!({"url": at("/v1")["url"], "headers": {"host": "y"}}), "may not set the header `host`"),
    ] {
        let refusal = scene.refusal(&rules, request.clone()).await;
        assert!(refusal.starts_with("refused: ") && refusal.contains(words), "{request}: {refusal}");
    }
    assert!(scene.refusal("[]", at("/v1")).await.contains("the contract allows no egress"));
    assert_eq!((service.connections(), scene.names.asked.load(Ordering::SeqCst)), (0, 0));
}

#[tokio::test]
async fn every_attempt_takes_a_token_of_its_swarm_and_of_no_other() {
    let service = Service::start(HELLO).await;
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"])]);
    let rules = private(service.port);
    let denied = json!({"url": "https://elsewhere.example/"});
    // More than come in within a second, however slow the machine is.
    let mut refused = 0;
    for _ in 0..1000 {
        let outcome = scene.call_as("noisy", 5, &rules, denied.clone()).await;
        refused += usize::from(matches!(outcome, Err(CallRefused::Rate(OverRate::Limit(5)))));
    }
    assert!(refused > 500, "{refused}");
    assert!(scene.call_as("other", 5, &rules, get("inside.example", service.port)).await.is_ok());
    let none = scene.call_as("mute", 0, &rules, get("inside.example", service.port)).await;
    assert!(matches!(none, Err(CallRefused::Rate(OverRate::Limit(0)))));
}

#[tokio::test]
async fn a_call_is_paid_for_before_it_is_made() {
    let service = Service::start(HELLO).await;
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"])]);
    let rules = format!(
        "[{{url: 'http://inside.example:{}/', allow_private: true, cost_per_call: 0.4}}]",
        service.port
    );
    let request = || get("inside.example", service.port);
    assert!(scene.call(&rules, request()).await.is_ok());
    assert!(scene.call(&rules, request()).await.is_ok());
    let refusal = scene.refusal(&rules, request()).await;
    assert_eq!(refusal, format!("refused: no money for GET http://inside.example:{}/", service.port));
    assert_eq!(service.heads.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn what_leads_nowhere_is_not_paid_for_and_what_is_paid_for_is_resolved_once() {
    let service = Service::start(HELLO).await;
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"])]);
    let left = || *scene.purse.left.lock().unwrap();
    for (host, words) in [("inside.example", "private address 127.0.0.1"), ("gone.example", "not known")] {
        let rules = format!("[{{url: 'http://{host}:{}/', cost_per_call: 0.4}}]", service.port);
        let refusal = scene.refusal(&rules, get(host, service.port)).await;
        assert!(refusal.contains(words), "{refusal}");
        assert_eq!(left(), Money::from_dollars(1), "{host}");
    }
    let asked = scene.names.asked.load(Ordering::SeqCst);
    let rules = format!(
        "[{{url: 'http://inside.example:{}/', allow_private: true, cost_per_call: 0.4}}]",
        service.port
    );
    scene.call(&rules, get("inside.example", service.port)).await.unwrap();
    assert_eq!((left().micros(), scene.names.asked.load(Ordering::SeqCst)), (600_000, asked + 1));
}

#[tokio::test]
async fn an_open_breaker_refuses_before_money_and_secrets_and_nothing_reaches_the_socket() {
    let service = Service::start(HELLO).await;
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"])]);
    let rules = |provider: &str| {
        format!(
            "[{{url: 'http://inside.example:{}/', allow_private: true, cost_per_call: 0.4, provider: {provider}}}]",
            service.port
        )
    };
    let refusal = scene.refusal(&rules("broken"), get("inside.example", service.port)).await;
    assert_eq!(refusal, "refused: the circuit breaker of broken is open");
    assert_eq!((service.connections(), *scene.purse.left.lock().unwrap()), (0, Money::from_dollars(1)));
    assert!(scene.call(&rules("sound"), get("inside.example", service.port)).await.is_ok());
    assert_eq!(*scene.purse.admitted.lock().unwrap(), ["sound"]);
}

#[tokio::test]
async fn how_a_call_ended_is_told_and_a_refused_one_has_not_begun() {
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"]), ("gone.example", &["127.0.0.1"])]);
    let busy = "HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 4\r\n\r\nslow";
    let ill = "HTTP/1.1 500 Ill\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n";
    let lost = "HTTP/1.1 404 Lost\r\ncontent-length: 0\r\n\r\n";
    let torn = "nonsense\r\n\r\n";
    let long = format!("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n{}", "x".repeat(2000));
    for (answer, failure, wait, bytes_in) in [
        (HELLO, None, None, 5),
        (busy, Some(CallFailure::Limited), Some(7), 4),
        (ill, Some(CallFailure::Unserved), None, 0),
        (lost, None, None, 0),
        (torn, Some(CallFailure::Unserved), None, 0),
        ("", Some(CallFailure::Unserved), None, 0),
        (long.leak(), None, None, 0),
    ] {
        let service = Service::start(answer).await;
        let _ = scene.call(&private(service.port), get("inside.example", service.port)).await;
        let ended = scene.purse.ended.lock().unwrap().pop().unwrap();
        let told = (ended.failure, ended.wait.map(|wait| wait.as_secs()), ended.bytes_in);
        assert_eq!(told, (failure, wait, bytes_in), "{answer:.20}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let rules = format!("[{{url: 'http://gone.example:{closed}/', allow_private: true}}]");
    let refusal = scene.refusal(&rules, get("gone.example", closed)).await;
    assert!(refusal.starts_with("failed: no connection"), "{refusal}");
    let ended = scene.purse.ended.lock().unwrap().pop().unwrap();
    assert_eq!(ended.failure, Some(CallFailure::Unreachable));
    scene.refusal("[]", get("inside.example", 80)).await;
    assert!(scene.purse.ended.lock().unwrap().is_empty(), "what was not made has not ended");
}

#[tokio::test]
async fn a_call_costs_what_its_answer_says_or_what_was_set_aside() {
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"])]);
    let left = || scene.purse.left.lock().unwrap().micros();
    let rules = |port: u16, rates: &str| {
        format!(
            "[{{url: 'http://inside.example:{port}/', allow_private: true, cost_per_call: 0.4, rates: {rates}}}]"
        )
    };
    for (body, cost) in [(r#"{"pages":3}"#, 30_000), (r#"{"pages":3.5}"#, 400_000), (r#"{"pages":0}"#, 0)] {
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        let service = Service::start(answer.leak()).await;
        let before = left();
        scene.call(&rules(service.port, "pages"), get("inside.example", service.port)).await.unwrap();
        assert_eq!(before - left(), cost, "{body}");
        assert_eq!(scene.purse.ended.lock().unwrap().pop().unwrap().cost.micros(), cost);
    }
    let service = Service::start(r"HTTP/1.1 200 OK").await;
    let refusal = scene.refusal(&rules(service.port, "none"), get("inside.example", service.port)).await;
    assert_eq!(refusal, "refused: the rates none of the contract are not to be had: there are none");
    *scene.purse.left.lock().unwrap() = Money::ZERO;
    let refusal = scene.refusal(&rules(service.port, "pages"), get("inside.example", service.port)).await;
    assert!(refusal.contains("no money"), "the most that it costs must be covered: {refusal}");
    assert_eq!(service.connections(), 0);
}

#[tokio::test]
async fn a_service_can_neither_hold_a_guest_up_nor_flood_it() {
    let scene = Scene::new(&[("inside.example", &["127.0.0.1"])]);
    let long = format!("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n{}", "x".repeat(2000));
    for (answer, words) in [
        ("", "failed: no answer within 1 s"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", "failed: no answer within 1 s"),
        (long.leak(), "failed: the answer is longer than 1 KiB"),
        ("nonsense\r\n\r\n", "failed: "),
    ] {
        let service = Service::start(answer).await;
        let refusal = scene.refusal(&private(service.port), get("inside.example", service.port)).await;
        assert!(refusal.starts_with(words), "{refusal}");
    }
    let refusal =
        scene.refusal("[{url: 'http://nowhere.example/'}]", json!({"url": "http://nowhere.example/"})).await;
    assert_eq!(refusal, "failed: the host is not known");
}
