//! Every way out that somebody has tried elsewhere, tried by real guests of both kinds against a real service: each is
//! refused with its reason and charged to the swarm's bucket, and nothing arrives.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::secure::Secure;
use super::*;
use crate::chassis::credential::{Credential, Grant, Handle};
use crate::chassis::runtime::Terms;
use crate::chassis::runtime::broker::Gate;
use crate::chassis::{GuestModule, Limits, Sandbox, TaskInput};
use crate::clock::Timestamp;

const SECRET: &str = "sk-0123456789/abcdef+ghijkl";
/// What the swarms' contracts allow where nothing else is said.
const PLENTY: u32 = 1_000_000;

/// A sandbox with both kinds of guests that do as their tasks say.
struct Guests {
    sandbox: Sandbox,
    modules: [(&'static str, GuestModule); 2],
}

impl Guests {
    fn new() -> Self {
        let sandbox = Sandbox::new().unwrap();
        let modules = [
            ("core", include_str!("../../../../../examples/guests/courier.wat")),
            ("component", include_str!("../../../../../examples/guests/courier_component.wat")),
        ]
        .map(|(kind, text)| (kind, sandbox.compile(text.as_bytes()).unwrap()));
        Self { sandbox, modules }
    }

    /// Has a guest ask; what it is told.
    async fn ask(&self, module: &GuestModule, gate: &Arc<Gate>, request: &str) -> String {
        let limits = Limits { execution_time: Duration::from_mins(1), cpu_percent: 100, ..Limits::default() };
        let terms = Terms { limits, egress: Arc::<Gate>::clone(gate) };
        let task = TaskInput::parse(request).unwrap();
        let execution = self.sandbox.execute(module, terms, &task, |_: &str| ()).await.unwrap();
        assert_eq!(execution.calls, 1);
        execution.outcome.unwrap_or_else(|failure| failure.to_string())
    }
}

/// What a task of these swarms shows, and a moment at which it does.
#[derive(Clone, Copy)]
enum Papers {
    Good,
    Expired,
    Revoked,
    ForAnotherEndpoint,
    ForAnotherMethod,
}

impl Papers {
    fn credential(self, port: u16) -> (Credential, Timestamp) {
        let elsewhere = format!("https://api.example:{port}/v1/other");
        let swarm = "guest".parse().unwrap();
        let grant = Grant {
            endpoints: match self {
                Self::ForAnotherEndpoint => vec![elsewhere.parse().unwrap()],
                _ => Vec::new(),
            },
            methods: if matches!(self, Self::ForAnotherMethod) { vec![Method::Post] } else { Vec::new() },
            ..Grant::of_task(&swarm, None, Duration::from_mins(1))
        };
        let issued = Timestamp::from_micros(0);
        let handle = Handle::new("c1".parse().unwrap(), [7; 32]);
        let credential = Credential::issue(grant, &handle, "tester", issued);
        match self {
            Self::Revoked => (credential.revoked("tester", issued), issued),
            Self::Expired => (credential, issued.after(Duration::from_mins(1))),
            _ => (credential, issued),
        }
    }
}

/// A host with one secret that everything costs a dollar.
struct Host {
    papers: (Credential, Timestamp),
    paid: Arc<Mutex<Vec<String>>>,
}

/// A call of a provider whose breaker nobody keeps.
struct Free;

impl Passage for Free {
    fn ended<'a>(self: Box<Self>, _: Ended) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>
    where
        Self: 'a,
    {
        Box::pin(async {})
    }
}

impl Backing for Host {
    fn permit(&self, method: Method, target: &Target) -> Result<(), String> {
        self.papers.0.admits(method, target, self.papers.1).map_err(|refused| refused.to_string())
    }

    fn admit<'a>(&'a self, _: &'a ProviderId, _: Duration) -> Backed<'a, Box<dyn Passage + 'a>> {
        Box::pin(async { Ok(Box::new(Free) as Box<dyn Passage>) })
    }

    fn rates(&self, name: &RateName) -> Result<Arc<Rates>, String> {
        Err(format!("there are no {name}"))
    }

    fn pay<'a>(&'a self, _: Price, operation: &'a str) -> Backed<'a, Receipt> {
        Box::pin(async move {
            self.paid.lock().unwrap().push(operation.to_owned());
            Ok(Receipt::default())
        })
    }

    fn settle<'a>(&'a self, _: &'a Receipt, _: Money) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async {})
    }

    fn secret<'a>(&'a self, _: &'a SecretName) -> Backed<'a, Secret> {
        Box::pin(async { Ok(Secret::new(SECRET).unwrap()) })
    }
}

/// The way out of a swarm.
struct Way {
    rules: String,
    secrets: String,
    calls_per_second: u32,
    papers: (Credential, Timestamp),
}

impl Way {
    /// Of a contract with these rules, at a dollar a call.
    fn under(rules: &[String], papers: (Credential, Timestamp)) -> Self {
        let rules: Vec<_> = rules.iter().map(|rule| format!("{{{rule}, cost_per_call: 1}}")).collect();
        let rules = format!("[{}]", rules.join(", "));
        Self { rules, secrets: "[]".to_owned(), calls_per_second: PLENTY, papers }
    }

    fn open(self, broker: &Arc<Broker>, swarm: &str) -> (Arc<Gate>, Arc<Mutex<Vec<String>>>) {
        let pass = Pass {
            swarm: swarm.parse().unwrap(),
            rules: Arc::new(serde_yaml::from_str(&self.rules).unwrap()),
            secrets: Arc::new(serde_yaml::from_str(&self.secrets).unwrap()),
            calls_per_second: self.calls_per_second,
        };
        let paid = Arc::<Mutex<Vec<String>>>::default();
        let backing = Box::new(Host { papers: self.papers, paid: Arc::clone(&paid) });
        (Arc::new(Gate { broker: Arc::clone(broker), pass, backing }), paid)
    }
}

fn broker<R: Resolve + 'static>(names: &Arc<R>, services: &[&Secure]) -> Arc<Broker> {
    let resolver: Arc<dyn Resolve> = Arc::<R>::clone(names);
    let mut roots = services[0].roots();
    for service in &services[1..] {
        roots.roots.extend(service.roots().roots);
    }
    Arc::new(Broker::trusting(roots, &resolver).unwrap())
}

fn hello(_: &str) -> String {
    HELLO.to_owned()
}

/// One attempt and what must be said of it.
struct Attack {
    request: Value,
    papers: Papers,
    why: &'static str,
    /// Whether the name is resolved, which comes after all that can be known without it.
    resolves: bool,
}

fn attacks(port: u16) -> Vec<Attack> {
    let allowed = format!("https://api.example:{port}/v1/answers");
    let at = |host: &str, path: &str| json!({"url": format!("https://{host}:{port}{path}")});
    let with = |headers: Value| json!({"url": allowed, "headers": headers});
    let attack = |request, why| Attack { request, papers: Papers::Good, why, resolves: false };
    let resolved = |host, why| Attack { resolves: true, ..attack(at(host, "/"), why) };
    let by = |papers, why| Attack { papers, ..attack(json!({"url": allowed}), why) };
    vec![
        resolved("inside.example", "private address 127.0.0.1"),
        // Whoever owns a name can add the address that he wants to reach to a harmless one.
        resolved("mixed.example", "private address 127.0.0.1"),
        resolved("metadata.example", "private address 169.254.169.254"),
        resolved("mapped.example", "::ffff:127.0.0.1, which is no address of a service"),
        resolved("nat64.example", "64:ff9b::7f00:1, which is no address of a service"),
        resolved("zero.example", "0.0.0.0, which is no address of a service"),
        attack(at("127.0.0.1", "/"), "private address 127.0.0.1"),
        attack(at("[::1]", "/"), "private address ::1"),
        attack(at("[::ffff:7f00:1]", "/"), "::ffff:127.0.0.1, which is no address of a service"),
        attack(at("[::ffff:127.0.0.1]", "/"), "normal form"),
        attack(at("2130706433", "/"), "normal form"),
        attack(at("0x7f000001", "/"), "normal form"),
        attack(at("0177.0.0.1", "/"), "normal form"),
        attack(at("127.1", "/"), "normal form"),
        attack(at("api.example@127.0.0.1", "/v1"), "a user or a password"),
        attack(at("me:pw@api.example", "/v1"), "a user or a password"),
        attack(json!({"url": format!("https://api.example:{port}\\@127.0.0.1/v1")}), "normal form"),
        attack(at("api.example", "/v1/../admin"), "normal form"),
        attack(at("api.example", "/v1/%2e%2e/admin"), "normal form"),
        attack(at("api.example", "/v1\\..\\admin"), "normal form"),
        attack(at("api.example", "/v1%2f..%2fadmin"), "encoded dot, slash"),
        attack(at("api.example", "/v1\r\nHost: x"), "normal form"),
        attack(at("api.example", "/admin"), "covers this path"),
        attack(at("api.example", "/v10"), "covers this path"),
        attack(at("api.example.", "/v1"), "ends with a dot"),
        attack(at("other.example", "/v1"), "names the host `other.example`"),
        attack(json!({"url": format!("http://api.example:{port}/v1")}), "another scheme or port"),
        attack(json!({"url": "https://api.example/v1"}), "another scheme or port"),
        attack(json!({"url": allowed, "method": "DELETE"}), "does not allow DELETE"),
        attack(with(json!({"x": "1\r\nHost: y"})), "is no header"),
        attack(with(json!({"x\r\nHost": "y"})), "is no header"),
        attack(with(json!({"Host": "y"})), "may not set the header `host`"),
        attack(with(json!({"Transfer-Encoding": "chunked"})), "may not set the header `transfer-encoding`"),
        attack(with(json!({"Proxy-Authorization": "y"})), "may not set the header `proxy-authorization`"),
        by(Papers::Expired, "the credential c1 has expired"),
        by(Papers::Revoked, "the credential c1 was revoked"),
        by(Papers::ForAnotherEndpoint, "the credential c1 does not cover this URL"),
        by(Papers::ForAnotherMethod, "the credential c1 does not allow GET"),
    ]
}

/// Allows what is honest, and names what leads inside without allowing that.
fn contract(port: u16) -> Vec<String> {
    let named = [
        "inside.example",
        "mixed.example",
        "metadata.example",
        "mapped.example",
        "nat64.example",
        "zero.example",
        "127.0.0.1",
        "[::1]",
        "[::ffff:7f00:1]",
    ];
    let named = named.map(|host| format!("url: 'https://{host}:{port}/'"));
    let honest = format!("url: 'https://api.example:{port}/v1', methods: [GET, POST], allow_private: true");
    std::iter::once(honest).chain(named).collect()
}

fn names() -> Arc<Names> {
    let known = [
        ("api.example", vec!["127.0.0.1"]),
        ("inside.example", vec!["127.0.0.1"]),
        ("mixed.example", vec!["93.184.215.14", "127.0.0.1"]),
        ("metadata.example", vec!["169.254.169.254"]),
        ("mapped.example", vec!["::ffff:127.0.0.1"]),
        ("nat64.example", vec!["64:ff9b::7f00:1"]),
        ("zero.example", vec!["0.0.0.0"]),
        ("other.example", vec!["127.0.0.1"]),
    ];
    let known = known
        .map(|(name, found)| (name, found.iter().map(|text| text.parse().unwrap()).collect::<Vec<IpAddr>>()));
    Arc::new(Names { known: known.into(), asked: AtomicUsize::new(0) })
}

#[tokio::test]
async fn no_guest_gets_out_of_its_contract_and_every_attempt_is_charged() {
    let (guests, names) = (Guests::new(), names());
    let service = Secure::start(&["api.example", "inside.example"], hello).await;
    let broker = broker(&names, &[&service]);
    let rules = contract(service.port);
    let honest = json!({"url": format!("https://api.example:{}/v1/answers", service.port)}).to_string();
    for (kind, module) in &guests.modules {
        let (gate, paid) = Way::under(&rules, Papers::Good.credential(service.port)).open(&broker, kind);
        let told = guests.ask(module, &gate, &honest).await;
        assert!(told.contains(r#""status":200"#), "{kind}: {told}");
        assert_eq!(paid.lock().unwrap().len(), 1, "an honest call is paid for");
    }
    let (connections, heads) = (service.connections(), service.heads());

    for (number, attack) in attacks(service.port).iter().enumerate() {
        let request = attack.request.to_string();
        for (kind, module) in &guests.modules {
            let asked = names.asked.load(Ordering::SeqCst);
            let way = Way::under(&rules, attack.papers.credential(service.port));
            let (gate, _) = way.open(&broker, &format!("free-{kind}-{number}"));
            let told = guests.ask(module, &gate, &request).await;
            assert!(told.contains("refused: ") && told.contains(attack.why), "{kind}: {request}: {told}");
            let resolved = names.asked.load(Ordering::SeqCst) - asked;
            assert_eq!(resolved, usize::from(attack.resolves), "{request}");

            // A swarm of one call a second has made it when it has tried.
            let way = Way::under(&rules, attack.papers.credential(service.port));
            let way = Way { calls_per_second: 1, ..way };
            let (gate, paid) = way.open(&broker, &format!("bound-{kind}-{number}"));
            let mut attempts = 0;
            while !guests.ask(module, &gate, &request).await.contains("more than 1 calls a second") {
                attempts += 1;
                assert!(attempts < 1000, "{kind}: {request} is not charged");
            }
            assert!(attempts > 0, "{kind}: {request}");
            assert!(attack.resolves || paid.lock().unwrap().is_empty(), "{request} is not paid for");
        }
    }
    assert_eq!((service.connections(), service.heads()), (connections, heads), "nothing has arrived");
}

#[tokio::test]
async fn a_redirect_to_this_machine_is_an_answer_and_the_guest_cannot_follow_it_either() {
    let (guests, names) = (Guests::new(), names());
    let inside = Secure::start(&["127.0.0.1", "inside.example"], hello).await;
    let port = inside.port;
    let targets = ["127.0.0.1", "inside.example"].map(|host| format!("https://{host}:{port}/"));
    let (asked, locations) = (AtomicUsize::new(0), targets.clone());
    let service = Secure::start(&["api.example"], move |_| {
        let location = &locations[asked.fetch_add(1, Ordering::SeqCst) % locations.len()];
        format!("HTTP/1.1 307 Elsewhere\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n")
    })
    .await;
    let broker = broker(&names, &[&service, &inside]);
    let rules = contract(service.port);
    let honest = json!({"url": format!("https://api.example:{}/v1", service.port)}).to_string();
    for (kind, module) in &guests.modules {
        let (gate, _) = Way::under(&rules, Papers::Good.credential(service.port)).open(&broker, kind);
        for _ in &targets {
            let told = guests.ask(module, &gate, &honest).await;
            let answer: Value = serde_json::from_str(&told).unwrap();
            assert_eq!(answer["status"], 307, "{kind}: {told}");
            let followed = json!({"url": answer["headers"]["location"]}).to_string();
            let told = guests.ask(module, &gate, &followed).await;
            assert!(
                told.contains("refused: the egress rules of the contract name the host"),
                "{kind}: {told}"
            );
        }
    }
    assert_eq!(inside.connections(), 0);
}

/// Answers otherwise each time it is asked.
#[derive(Debug)]
struct Rebinding {
    answers: Mutex<Vec<&'static str>>,
    asked: AtomicUsize,
}

impl Rebinding {
    /// The last answer stays.
    fn new(mut answers: Vec<&'static str>) -> Arc<Self> {
        answers.reverse();
        Arc::new(Self { answers: Mutex::new(answers), asked: AtomicUsize::new(0) })
    }
}

impl Resolve for Rebinding {
    fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let last = answers.len() - 1;
        let address = if last == 0 { answers[0] } else { answers.remove(last) };
        Box::pin(async move { Ok(vec![address.parse().unwrap()]) })
    }
}

#[tokio::test]
async fn a_name_that_is_bound_anew_leads_where_it_was_checked_or_nowhere() {
    let guests = Guests::new();
    let service = Secure::start(&["api.example"], hello).await;
    let rule = format!("url: 'https://api.example:{}/'", service.port);
    let request = json!({"url": format!("https://api.example:{}/", service.port)}).to_string();
    for (kind, module) in &guests.modules {
        // It is checked under an address where nobody listens, and would answer under the next one.
        let names = Rebinding::new(vec!["127.0.0.2", "127.0.0.1"]);
        let broker_of_names = broker(&names, &[&service]);
        let private = [format!("{rule}, allow_private: true")];
        let good = || Papers::Good.credential(service.port);
        let (gate, _) = Way::under(&private, good()).open(&broker_of_names, kind);
        let told = guests.ask(module, &gate, &request).await;
        assert!(told.contains("failed: no connection to the host"), "{kind}: {told}");
        assert_eq!(names.asked.load(Ordering::SeqCst), 1, "it is resolved once");

        // Each time anew it is refused, whatever it was before.
        let names = Rebinding::new(vec!["10.0.0.1", "::1", "169.254.169.254", "127.0.0.1"]);
        let broker_of_names = broker(&names, &[&service]);
        let (gate, _) = Way::under(std::slice::from_ref(&rule), good()).open(&broker_of_names, kind);
        for address in ["10.0.0.1", "::1", "169.254.169.254", "127.0.0.1", "127.0.0.1"] {
            let told = guests.ask(module, &gate, &request).await;
            assert!(
                told.contains(&format!("refused: the host leads to the private address {address}")),
                "{told}"
            );
        }
    }
    assert_eq!(service.connections(), 0);
}

/// A text in the forms in which services give back what they were sent.
fn echoes(text: &str) -> Vec<String> {
    vec![
        text.to_owned(),
        STANDARD.encode(text),
        URL_SAFE_NO_PAD.encode(text),
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat(),
        serde_json::to_string(text).unwrap().replace('/', "\\/"),
        text.chars().rev().collect(),
    ]
}

#[tokio::test]
async fn a_secret_that_the_service_echoes_does_not_reach_the_guest() {
    let (guests, names) = (Guests::new(), names());
    let service = Secure::start(&["api.example"], |head| {
        let sent = head.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap();
        let secret = sent.strip_prefix("Bearer ").unwrap();
        let body = [echoes(sent), echoes(secret)].concat().join(" and ");
        let location = echoes(secret).remove(3);
        format!(
            "HTTP/1.1 200 OK\r\nx-echo: {sent}\r\nset-cookie: key={secret}\r\nlocation: /?key={location}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
    })
    .await;
    let broker = broker(&names, &[&service]);
    let rules = contract(service.port);
    let request = json!({"url": format!("https://api.example:{}/v1/echo", service.port)}).to_string();
    for (done, (kind, module)) in guests.modules.iter().enumerate() {
        let secrets = format!("[{{name: KEY, url: 'https://api.example:{}/v1'}}]", service.port);
        let way = Way { secrets, ..Way::under(&rules, Papers::Good.credential(service.port)) };
        let (gate, _) = way.open(&broker, kind);
        let told = guests.ask(module, &gate, &request).await;
        assert!(service.heads()[done].contains(&format!("authorization: Bearer {SECRET}\r\n")));
        assert!(told.contains(r#""set-cookie":"key=[secret KEY]""#), "{kind}: {told}");
        for echo in echoes(SECRET) {
            assert!(!told.contains(&echo), "{kind}: {echo} in {told}");
        }
    }
}
