//! The broker: carries requests of guests to outside services, under the rules of their contracts.
//!
//! One for all guests of a process. What is not allowed never reaches a socket: the swarm's rate, the form of the request,
//! and the rules come first; then the name is resolved once, every address is checked, the call is paid for, and the
//! connection goes to an address that was checked. Redirects are answers like others, proxy variables mean nothing here.

mod connector;
mod ending;
mod rate;
mod resolver;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

pub use ending::Ended;
pub use rate::Rates;
pub use resolver::{Resolve, Resolving, SystemResolver};

use self::connector::{Pinned, Unconnected};
use self::ending::Seen;
use self::rate::OwnRates;
use super::SandboxError;
use super::call::{Egress, Response as Guests};
use crate::certificate::roots_of_the_system;
use crate::chassis::OverRate;
use crate::chassis::egress::{
    Answer, Denied, EgressRule, EgressRules, Method, Outbound, RequestError, Scrubber, Secret, SecretName,
    SecretUses, Target,
};
use crate::clock::stopwatch;
use crate::governor::{Charging, Rates as CallRates};
use crate::id::{ProviderId, RateName, SwarmId};
use crate::money::Money;
use crate::printable::excerpt;

/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(30);

/// How many such connections are kept to one host.
const IDLE_TO_ONE_HOST: usize = 16;

type HttpClient = Client<HttpsConnector<Pinned>, Full<Bytes>>;

/// Why a request was not carried out, in words for the guest.
#[derive(Debug, thiserror::Error)]
pub enum CallRefused {
    /// The swarm asks too often.
    #[error("refused: {0}")]
    Rate(#[from] OverRate),
    /// The request is none.
    #[error("refused: {0}")]
    Request(#[from] RequestError),
    /// No rule allows it.
    #[error("refused: {0}")]
    Denied(#[from] Denied),
    /// The task's credential does not let it out.
    #[error("refused: {0}")]
    Credential(String),
    /// The provider, or the swarm at it, has failed too often.
    #[error("refused: {0}")]
    Breaker(String),
    /// The rates that tell what it costs are not to be had on this host.
    #[error("refused: the rates {name} of the contract are not to be had: {why}")]
    Rates {
        /// Their name.
        name: RateName,
        /// Why.
        why: String,
    },
    /// There is no money for it.
    #[error("refused: {0}")]
    Budget(String),
    /// The contract sends a secret in that header.
    #[error("refused: the contract sends a secret in the header `{0}`, which a guest may not set")]
    SecretHeader(String),
    /// A secret is not to be had on this host.
    #[error("refused: the secret {name} of the contract is not to be had: {why}")]
    Secret {
        /// Its name.
        name: SecretName,
        /// Why.
        why: String,
    },
    /// A secret could not be taken out of what comes back.
    #[error("failed: the answer is encoded as `{0}`, so that a secret in it could not be taken out")]
    Encoded(String),
    /// An address of the host is none that may be reached.
    #[error("refused: {0}")]
    Address(String),
    /// Nobody answered in time.
    #[error("failed: no answer within {0} s")]
    TimedOut(u32),
    /// The service said more than a guest may be given.
    #[error("failed: the answer is longer than {0} KiB")]
    AnswerTooLong(u32),
    /// What the service said is too much for a guest, once it is JSON.
    #[error("refused: the response has {length} bytes, {limit} are allowed")]
    ResponseTooLong {
        /// Its size.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// There was no connection to the service.
    #[error("failed: {0}")]
    Unconnected(String),
    /// The service broke off.
    #[error("failed: {0}")]
    Unreachable(String),
}

impl CallRefused {
    /// What a service or a library said may quote what was sent.
    fn scrubbed(self, scrubber: &Scrubber) -> Self {
        match self {
            Self::Unconnected(what) => Self::Unconnected(scrubber.scrub_text(&what)),
            Self::Unreachable(what) => Self::Unreachable(scrubber.scrub_text(&what)),
            other => other,
        }
    }
}

/// What may be on account of whom.
#[derive(Debug, Clone)]
pub struct Pass {
    /// Who asks.
    pub swarm: SwarmId,
    /// What the contract allows.
    pub rules: Arc<EgressRules>,
    /// Which secrets go with them.
    pub secrets: Arc<SecretUses>,
    /// How many calls a second the contract allows all tasks of the swarm together, wherever they run.
    pub calls_per_second: u32,
}

/// What a host does for a task that calls.
pub trait Backing: Send + Sync {
    /// Whether the task's credential lets `method` on `target` out now, or why not.
    fn permit(&self, method: Method, target: &Target) -> Result<(), String>;

    /// Lets a call of `provider` pass that may take `patience`, or says why not.
    fn admit<'a>(&'a self, provider: &'a ProviderId, patience: Duration)
    -> Backed<'a, Box<dyn Passage + 'a>>;

    /// The rates of that name, or why they are not to be had.
    fn rates(&self, name: &RateName) -> Result<Arc<CallRates>, String>;

    /// Books the price of a call for `operation`, or says why it cannot be booked.
    fn pay<'a>(&'a self, price: Price, operation: &'a str) -> Backed<'a, Receipt>;

    /// Books what a call has cost in truth.
    fn settle<'a>(
        &'a self,
        receipt: &'a Receipt,
        cost: Money,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

    /// The secret of that name, or why it is not to be had.
    fn secret<'a>(&'a self, name: &'a SecretName) -> Backed<'a, Secret>;
}

/// What is booked before a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Price {
    /// So much it costs.
    Fixed(Money),
    /// So much it costs at most; what it is in truth is settled afterwards.
    AtMost(Money),
}

/// What was booked for a call; nothing where there was no budget to book it in.
#[derive(Debug, Default)]
pub struct Receipt(pub Option<Box<Charging>>);

/// A call that may be made. One that is dropped without an end was not made.
pub trait Passage: Send {
    /// It was made, and has ended so.
    fn ended<'a>(self: Box<Self>, ended: Ended) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>
    where
        Self: 'a;
}

/// The way out for one task.
pub struct Gate {
    /// Carries requests out.
    pub broker: Arc<Broker>,
    /// What may leave.
    pub pass: Pass,
    /// Pays for it, and knows the secrets.
    pub backing: Box<dyn Backing>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("pass", &self.pass).finish_non_exhaustive()
    }
}

impl Egress for Gate {
    fn call<'a>(&'a self, request: &'a str) -> Guests<'a> {
        Box::pin(
            async move { Ok(self.broker.call(&self.pass, self.backing.as_ref(), request).await?.to_json()) },
        )
    }
}

/// What is done, or why it is not, in words that a guest may read.
pub type Backed<'a, T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send + 'a>>;

/// Carries requests out.
#[derive(Debug)]
pub struct Broker {
    /// Connections to the public internet.
    public: HttpClient,
    /// Connections that may lead to this machine and its network. They are kept apart: one that was opened for a contract
    /// that allows it must not serve another.
    private: HttpClient,
    rates: Arc<dyn Rates>,
    resolver: Arc<dyn Resolve>,
}

impl Broker {
    /// A broker that trusts the authorities of the system, and counts for itself alone.
    ///
    /// # Errors
    /// [`SandboxError::Engine`] when the system's cryptography cannot be set up.
    pub fn new(resolver: &Arc<dyn Resolve>) -> Result<Self, SandboxError> {
        Self::trusting(roots_of_the_system(), resolver)
    }

    fn trusting(roots: RootCertStore, resolver: &Arc<dyn Resolve>) -> Result<Self, SandboxError> {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| SandboxError::Engine(Box::new(error)))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = |private| client(config.clone(), Pinned::new(Arc::clone(resolver), private));
        let (public, private) = (client(false), client(true));
        Ok(Self { public, private, rates: Arc::new(OwnRates::default()), resolver: Arc::clone(resolver) })
    }

    /// The same broker, whose calls are counted with those of others.
    #[must_use]
    pub fn counted_by(self, rates: Arc<dyn Rates>) -> Self {
        Self { rates, ..self }
    }

    /// Carries out what a guest asks for, if it may.
    ///
    /// # Errors
    /// [`CallRefused`] says why not, or why nothing came of it.
    pub async fn call(
        &self,
        pass: &Pass,
        backing: &dyn Backing,
        request: &str,
    ) -> Result<Answer, CallRefused> {
        self.rates.admit(&pass.swarm, pass.calls_per_second)?;
        let mut outbound = Outbound::parse(request.as_bytes())?;
        let rule = pass.rules.admit(outbound.method, &outbound.target)?;
        check_literal(rule, &outbound.target)?;
        backing.permit(outbound.method, &outbound.target).map_err(CallRefused::Credential)?;
        let (provider, patience) = (rule.provider(), Duration::from_secs(rule.timeout_seconds.get().into()));
        let passage = backing.admit(&provider, patience).await.map_err(CallRefused::Breaker)?;
        let scrubber = add_secrets(&mut outbound, &pass.secrets, backing).await?;
        let rates = rule
            .rates
            .as_ref()
            .map(|name| backing.rates(name).map_err(|why| CallRefused::Rates { name: name.clone(), why }));
        let rates = rates.transpose()?;
        let (sent, watch) = (outbound.body.len(), stopwatch());
        let addresses = match self.addresses(rule, &outbound.target).await {
            Ok(addresses) => addresses,
            Err(refused) => {
                // Nothing was sent, and nothing is paid. A host that is not found speaks against its provider all the same.
                let ended = Ended::new(rule, 0, Err(&refused), watch.elapsed());
                if ended.failure.is_some() {
                    passage.ended(Ended { cost: Money::ZERO, ..ended }).await;
                }
                return Err(refused.scrubbed(&scrubber));
            }
        };
        let receipt = pay(rule, &outbound, backing).await?;
        let sending = self.send(rule, rates.as_deref(), outbound, &scrubber);
        let carried = match addresses {
            Some(addresses) => connector::pinned_to(addresses, sending).await,
            None => sending.await,
        };
        let seen = carried.as_ref().map(|(_, seen)| seen);
        let ended = Ended::new(rule, sent, seen, watch.elapsed());
        if rates.is_some() {
            backing.settle(&receipt, ended.cost).await;
        }
        passage.ended(ended).await;
        carried.map(|(answer, _)| answer).map_err(|refused| refused.scrubbed(&scrubber))
    }

    /// Where a host is, all of which may be reached under the rule. Asked before a call that costs something, for what leads
    /// nowhere costs nothing; a call that costs nothing asks only when it connects.
    async fn addresses(
        &self,
        rule: &EgressRule,
        target: &Target,
    ) -> Result<Option<Vec<IpAddr>>, CallRefused> {
        if rule.cost_per_call == Money::ZERO {
            return Ok(None);
        }
        let connector = Pinned::new(Arc::clone(&self.resolver), rule.allow_private);
        match connector.addresses(target.host()).await {
            Ok(addresses) => Ok(Some(addresses)),
            Err(error) => Err(match unreachable(&error) {
                CallRefused::Unreachable(what) => CallRefused::Unconnected(what),
                refused => refused,
            }),
        }
    }

    async fn send(
        &self,
        rule: &EgressRule,
        rates: Option<&CallRates>,
        outbound: Outbound,
        scrubber: &Scrubber,
    ) -> Result<(Answer, Seen), CallRefused> {
        let seconds = rule.timeout_seconds.get();
        let client = if rule.allow_private { &self.private } else { &self.public };
        let exchange = exchange(client, rule.max_response_kb.get(), rates, outbound, scrubber);
        let answered = tokio::time::timeout(Duration::from_secs(seconds.into()), exchange).await;
        answered.unwrap_or(Err(CallRefused::TimedOut(seconds)))
    }
}

/// Books what a call costs, or may cost.
async fn pay(rule: &EgressRule, outbound: &Outbound, backing: &dyn Backing) -> Result<Receipt, CallRefused> {
    if rule.cost_per_call == Money::ZERO {
        return Ok(Receipt::default());
    }
    let price = if rule.rates.is_some() { Price::AtMost } else { Price::Fixed };
    let operation = format!("{} {}", outbound.method, rule.url);
    backing.pay(price(rule.cost_per_call), &operation).await.map_err(CallRefused::Budget)
}

fn client(config: ClientConfig, connector: Pinned) -> HttpClient {
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http()
        .enable_http1()
        .wrap_connector(connector);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_TO_ONE_HOST)
        .build(connector)
}

/// An address that stands in the URL itself is refused before anything is paid.
fn check_literal(rule: &EgressRule, target: &Target) -> Result<(), CallRefused> {
    let Some(address) = target.address() else { return Ok(()) };
    connector::check(address, rule.allow_private).map_err(|refused| CallRefused::Address(refused.to_string()))
}

/// Adds the secrets that the contract sends to the target; what takes them out of the answer again.
async fn add_secrets(
    outbound: &mut Outbound,
    uses: &SecretUses,
    backing: &dyn Backing,
) -> Result<Scrubber, CallRefused> {
    let mut scrubber = Scrubber::default();
    for one in uses.for_target(&outbound.target) {
        let unavailable = |why| CallRefused::Secret { name: one.name.clone(), why };
        if outbound.headers.contains_key(one.header()) {
            return Err(CallRefused::SecretHeader(one.header().to_string()));
        }
        let secret = backing.secret(&one.name).await.map_err(unavailable)?;
        let value = one.value(&secret).map_err(|error| unavailable(error.to_string()))?;
        outbound.headers.insert(one.header(), value);
        scrubber.add(one, &secret);
    }
    if !scrubber.is_idle() {
        // What is compressed cannot be looked through.
        outbound.headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        // Nor what comes in pieces.
        outbound.headers.remove(header::RANGE);
        outbound.headers.remove(header::IF_RANGE);
    }
    Ok(scrubber)
}

async fn exchange(
    client: &HttpClient,
    max_kb: u32,
    rates: Option<&CallRates>,
    outbound: Outbound,
    scrubber: &Scrubber,
) -> Result<(Answer, Seen), CallRefused> {
    let response = client.request(request(outbound)?).await.map_err(|error| unanswered(&error))?;
    let (head, body) = response.into_parts();
    let mut encodings = head.headers.get_all(header::CONTENT_ENCODING).iter();
    let encoding = encodings.find(|encoding| *encoding != "identity");
    if let Some(encoding) = encoding.filter(|_| !scrubber.is_idle()) {
        return Err(CallRefused::Encoded(excerpt(&String::from_utf8_lossy(encoding.as_bytes()))));
    }
    let body = read(Response::new(body), max_kb).await?;
    let seen = Seen::new(head.status, &head.headers, &body, rates);
    Ok((Answer::new(head.status, &head.headers, scrubber.scrub(body), scrubber), seen))
}

fn request(outbound: Outbound) -> Result<Request<Full<Bytes>>, CallRefused> {
    let uri: Uri = outbound.target.url().as_str().parse().map_err(|error| unreachable(&error))?;
    let mut request = Request::new(Full::from(outbound.body));
    *request.method_mut() = outbound.method.into();
    *request.uri_mut() = uri;
    *request.headers_mut() = outbound.headers;
    let agent = HeaderValue::from_static(concat!("ifctl/", env!("CARGO_PKG_VERSION")));
    request.headers_mut().entry(header::USER_AGENT).or_insert(agent);
    Ok(request)
}

async fn read(response: Response<Incoming>, max_kb: u32) -> Result<Vec<u8>, CallRefused> {
    let limit = usize::try_from(max_kb).unwrap_or(usize::MAX).saturating_mul(1024);
    let body = Limited::new(response.into_body(), limit).collect().await;
    match body {
        Ok(body) => Ok(body.to_bytes().into()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            Err(CallRefused::AnswerTooLong(max_kb))
        }
        Err(error) => Err(unreachable(error.as_ref())),
    }
}

/// Why there was no answer: no connection, or none any more.
fn unanswered(error: &hyper_util::client::legacy::Error) -> CallRefused {
    match unreachable(error) {
        CallRefused::Unreachable(what) if error.is_connect() => CallRefused::Unconnected(what),
        refused => refused,
    }
}

/// What stands at the bottom of an error, for the words above it say only that a request failed.
fn unreachable(error: &(dyn Error + 'static)) -> CallRefused {
    let mut cause = error;
    loop {
        if let Some(unconnected) = cause.downcast_ref::<Unconnected>() {
            return match unconnected {
                Unconnected::Private(_) | Unconnected::Never(_) => {
                    CallRefused::Address(unconnected.to_string())
                }
                Unconnected::Unknown(_) | Unconnected::Io(_) => {
                    CallRefused::Unreachable(unconnected.to_string())
                }
            };
        }
        match cause.source() {
            Some(source) => cause = source,
            None => return CallRefused::Unreachable(cause.to_string()),
        }
    }
}
