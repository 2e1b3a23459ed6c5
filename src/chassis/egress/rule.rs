//! Rules: which URLs a contract allows to be called, and what a call costs.
//!
//! Pure. A rule is a URL: scheme, host and port are matched as they stand, `*.` in front of the host stands for one or
//! more labels, and the path for itself and all that lies below it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Target, TargetError};
use crate::chassis::contract::Bounded;
use crate::id::{ProviderId, RateName};
use crate::money::Money;

/// The most rules of a contract.
pub(super) const MOST: usize = 64;

/// A method of HTTP that guests may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Read.
    Get,
    /// Read the headers.
    Head,
    /// Do.
    Post,
    /// Replace.
    Put,
    /// Change.
    Patch,
    /// Remove.
    Delete,
}

impl Method {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// The text is no method that guests may use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no method that guests may use: GET, HEAD, POST, PUT, PATCH, DELETE")]
pub struct MethodError(String);

impl FromStr for Method {
    type Err = MethodError;

    fn from_str(text: &str) -> Result<Self, MethodError> {
        let all = [Self::Get, Self::Head, Self::Post, Self::Put, Self::Patch, Self::Delete];
        let found = all.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| MethodError(text.to_owned()))
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Head => Self::HEAD,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a rule is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Its URL is none, or not in its normal form.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A query: rules say nothing of queries.
    #[error("a rule has no query: every query is allowed where the path is")]
    Query,
    /// A wildcard that would stand for half the internet, or in the wrong place.
    #[error("`*` stands only in front of a host of two labels or more: https://*.example.org/")]
    Wildcard,
    /// Nobody may do anything.
    #[error("no method is allowed")]
    NoMethod,
    /// More rules than anybody can review.
    #[error("{0} rules are listed, {MOST} are allowed")]
    TooMany(usize),
    /// Nobody knows what must be left for a call.
    #[error("`rates` needs `cost_per_call`: what is set aside until the answer tells what it has cost")]
    NothingSetAside,
}

/// The URL of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    base: Target,
    /// Whether what stands before the host is free.
    below: bool,
}

/// Stands where the wildcard is, so that the rest is read as any URL is.
const ANY: &str = "any.";

impl FromStr for Pattern {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        // A wildcard stands right after the scheme, and nowhere else.
        let wild = ["https://", "http://"].iter().find_map(|scheme| {
            let host = text.strip_prefix(scheme)?.strip_prefix("*.")?;
            Some(format!("{scheme}{ANY}{host}"))
        });
        let below = wild.is_some();
        let base = Target::parse(&wild.unwrap_or_else(|| text.to_owned()))?;
        let host = base.host().strip_prefix(ANY).unwrap_or(base.host());
        if base.url().query().is_some() {
            return Err(RuleError::Query);
        }
        let is_wide = !base.host().starts_with(ANY) || !host.contains('.') || base.address().is_some();
        if base.url().as_str().contains('*') || (below && is_wide) {
            return Err(RuleError::Wildcard);
        }
        Ok(Self { base, below })
    }
}

impl TryFrom<String> for Pattern {
    type Error = RuleError;

    fn try_from(text: String) -> Result<Self, RuleError> {
        text.parse()
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.to_string()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.base.url().as_str();
        if self.below { f.write_str(&url.replacen(ANY, "*.", 1)) } else { f.write_str(url) }
    }
}

impl Pattern {
    /// Whether a URL is this one, or lies below it.
    #[must_use]
    pub fn covers(&self, target: &Target) -> bool {
        self.admits_host(target) && self.admits_port(target) && self.admits_path(target)
    }

    /// Whether some URL is covered by both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let hosts = self.admits_host(&other.base) || other.admits_host(&self.base);
        let paths = self.admits_path(&other.base) || other.admits_path(&self.base);
        hosts && self.admits_port(&other.base) && paths
    }

    /// Whether what stands before its host is the guest's choice.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.below
    }

    /// Who is called where nothing else is said: the host, with its port when that is another one than usual. Of a host
    /// that is the guest's choice only what is not, so that no guest can make providers up.
    fn provider(&self) -> ProviderId {
        let host = self.base.host();
        let host = if self.below { host.strip_prefix(ANY).unwrap_or(host) } else { host };
        ProviderId::of_host(host, self.base.url().port())
    }

    /// Whether it speaks of encrypted connections.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base.is_https()
    }

    fn admits_host(&self, target: &Target) -> bool {
        if !self.below {
            return target.host() == self.base.host();
        }
        let Some(suffix) = self.base.host().strip_prefix(ANY.trim_end_matches('.')) else { return false };
        let labels = target.host().strip_suffix(suffix);
        target.address().is_none() && labels.is_some_and(|labels| !labels.is_empty())
    }

    fn admits_port(&self, target: &Target) -> bool {
        self.base.is_https() == target.is_https() && self.base.port() == target.port()
    }

    /// A path is below another one only where a segment ends.
    fn admits_path(&self, target: &Target) -> bool {
        let Some(rest) = target.path().strip_prefix(self.base.path()) else { return false };
        rest.is_empty() || rest.starts_with('/') || self.base.path().ends_with('/')
    }
}

/// One call that a contract allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EgressRule {
    /// What may be called: `https://api.example.org/v1/`.
    pub url: Pattern,
    /// How; only read, unless it says more.
    #[serde(default = "reading")]
    pub methods: Vec<Method>,
    /// Whether the host may be this machine or lie in its network.
    #[serde(default)]
    pub allow_private: bool,
    /// Whose service it is, by the name that rails and breakers have for it; the host, unless it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderId>,
    /// What a call costs, in dollars; booked before it is made. With `rates` the most that it costs.
    #[serde(default, with = "crate::money::dollars")]
    pub cost_per_call: Money,
    /// By which rates of this host the answer tells what it has cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rates: Option<RateName>,
    /// How long a call may take.
    #[serde(default = "Bounded::fixed::<30>")]
    pub timeout_seconds: Bounded<1, 600>,
    /// The longest answer, in KiB.
    #[serde(default = "Bounded::fixed::<1024>")]
    pub max_response_kb: Bounded<1, 4096>,
}

/// What is allowed, what it costs, and whether it may lead inside.
impl fmt::Display for EgressRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", names(&self.methods), self.url)?;
        match &self.rates {
            Some(rates) => write!(f, " at the rates {rates}, at most {}", self.cost_per_call)?,
            None if self.cost_per_call > Money::ZERO => write!(f, " at {}", self.cost_per_call)?,
            None => {}
        }
        if let Some(provider) = &self.provider {
            write!(f, " of {provider}")?;
        }
        if self.allow_private { f.write_str(", private addresses too") } else { Ok(()) }
    }
}

impl EgressRule {
    /// The respects in which it allows more than `before`, a rule of the same URL: the key, as it was, as it is. None when
    /// the two differ in more than can be told so.
    #[must_use]
    pub fn wider_than(&self, before: &Self) -> Option<Vec<(&'static str, String, String)>> {
        let as_before = Self {
            methods: before.methods.clone(),
            allow_private: before.allow_private,
            cost_per_call: before.cost_per_call,
            timeout_seconds: before.timeout_seconds,
            max_response_kb: before.max_response_kb,
            ..self.clone()
        };
        if as_before != *before {
            return None;
        }
        let (timeouts, sizes) =
            ((before.timeout_seconds, self.timeout_seconds), (before.max_response_kb, self.max_response_kb));
        let adds_a_method = self.methods.iter().any(|method| !before.methods.contains(method));
        let rows = [
            (adds_a_method, "methods", names(&before.methods), names(&self.methods)),
            (
                self.allow_private && !before.allow_private,
                "allow_private",
                before.allow_private.to_string(),
                self.allow_private.to_string(),
            ),
            (
                // What is booked for a call is less then than the budget was made for.
                self.cost_per_call < before.cost_per_call,
                "cost_per_call",
                before.cost_per_call.to_string(),
                self.cost_per_call.to_string(),
            ),
            (
                timeouts.1.get() > timeouts.0.get(),
                "timeout_seconds",
                timeouts.0.get().to_string(),
                timeouts.1.get().to_string(),
            ),
            (
                sizes.1.get() > sizes.0.get(),
                "max_response_kb",
                sizes.0.get().to_string(),
                sizes.1.get().to_string(),
            ),
        ];
        Some(rows.into_iter().filter(|row| row.0).map(|(_, key, was, now)| (key, was, now)).collect())
    }

    /// Whose service it is: who has a breaker, and stands in the books.
    #[must_use]
    pub fn provider(&self) -> ProviderId {
        self.provider.clone().unwrap_or_else(|| self.url.provider())
    }
}

fn names(methods: &[Method]) -> String {
    methods.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(" ")
}

fn reading() -> Vec<Method> {
    vec![Method::Get, Method::Head]
}

/// All that a contract allows; nothing, unless it says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<EgressRule>")]
pub struct EgressRules(Vec<EgressRule>);

impl TryFrom<Vec<EgressRule>> for EgressRules {
    type Error = RuleError;

    fn try_from(rules: Vec<EgressRule>) -> Result<Self, RuleError> {
        if rules.len() > MOST {
            return Err(RuleError::TooMany(rules.len()));
        }
        if rules.iter().any(|rule| rule.methods.is_empty()) {
            return Err(RuleError::NoMethod);
        }
        if rules.iter().any(|rule| rule.rates.is_some() && rule.cost_per_call == Money::ZERO) {
            return Err(RuleError::NothingSetAside);
        }
        Ok(Self(rules))
    }
}

/// Why no rule allows a call: how far the nearest rule goes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The contract has no rules.
    #[error("the contract allows no egress")]
    NoEgress,
    /// No rule names the host.
    #[error("no egress rule of the contract names the host `{0}`")]
    Host(String),
    /// The host is named with another scheme or port.
    #[error("the egress rules of the contract name the host with another scheme or port")]
    Port,
    /// The path lies elsewhere.
    #[error("no egress rule of the contract covers this path of the host")]
    Path,
    /// The method is another.
    #[error("the egress rule of the contract does not allow {0}")]
    Method(Method),
}

impl EgressRules {
    /// The first rule that allows `method` on `target`.
    ///
    /// # Errors
    /// [`Denied`] says what the nearest rule lacks.
    pub fn admit(&self, method: Method, target: &Target) -> Result<&EgressRule, Denied> {
        if self.0.is_empty() {
            return Err(Denied::NoEgress);
        }
        let hosts = self.0.iter().filter(|rule| rule.url.admits_host(target));
        let ports = hosts.clone().filter(|rule| rule.url.admits_port(target));
        let mut paths = ports.clone().filter(|rule| rule.url.admits_path(target));
        if let Some(rule) = paths.clone().find(|rule| rule.methods.contains(&method)) {
            return Ok(rule);
        }
        Err(match (hosts.clone().next(), ports.clone().next(), paths.next()) {
            (None, ..) => Denied::Host(crate::printable::excerpt(target.host())),
            (_, None, _) => Denied::Port,
            (.., None) => Denied::Path,
            (.., Some(_)) => Denied::Method(method),
        })
    }

    /// Whether nothing is allowed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rules, in the contract's order.
    #[must_use]
    pub fn as_slice(&self) -> &[EgressRule] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(yaml: &str) -> EgressRules {
        serde_yaml::from_str(yaml).unwrap()
    }

    fn refused(yaml: &str) -> String {
        serde_yaml::from_str::<EgressRules>(yaml).unwrap_err().to_string()
    }

    fn admit(rules: &EgressRules, url: &str) -> Result<String, Denied> {
        rules.admit(Method::Get, &Target::parse(url).unwrap()).map(|rule| rule.url.to_string())
    }

    #[test]
    fn a_rule_is_a_url_and_survives_the_store() {
        let text = "
- url: https://api.openai.com/v1/chat/completions
  methods: [POST]
  cost_per_call: 0.002
- url: http://*.internal.example:8080/
  allow_private: true
";
        let rules = rules(text);
        let json = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<EgressRules>(&json).unwrap(), rules);
        let [first, second] = rules.as_slice() else { panic!("two rules") };
        assert_eq!((first.cost_per_call.to_string(), first.timeout_seconds.get()), ("0.002".to_owned(), 30));
        assert_eq!(second.url.to_string(), "http://*.internal.example:8080/");
        assert_eq!(second.methods, [Method::Get, Method::Head]);
    }

    #[test]
    fn a_rule_that_says_more_than_it_means_is_refused() {
        for (rule, words) in [
            ("url: https://*/", "in front of a host"),
            ("url: https://*.com/", "two labels"),
            ("url: https://a.*.example/", "in front of a host"),
            ("url: https://*.127.0.0.1/", "no URL"),
            ("url: https://a.example/*", "in front of a host"),
            ("url: 'https://a.b:18080/x://*.c/'", "in front of a host"),
            ("url: 'https://.a/x://*.c/'", "in front of a host"),
            ("url: 'https://x.com/://*.any.c/'", "in front of a host"),
            ("url: https://a.example/?q=1", "no query"),
            ("url: ftp://a.example/", "https or http"),
            ("url: https://a.example/v1/../v2", "normal form, which is `https://a.example/v2`"),
            ("url: a.example", "no URL"),
            ("{url: https://a.example/, methods: []}", "no method"),
            ("{url: https://a.example/, methods: [CONNECT]}", "unknown variant"),
            ("{url: https://a.example/, cost_per_call: -1}", "negative"),
            ("{url: https://a.example/, follow_redirects: true}", "unknown field"),
            ("{url: https://a.example/, provider: a/b}", "provider id `a/b`"),
            ("{url: https://a.example/, rates: llm}", "`rates` needs `cost_per_call`"),
        ] {
            assert!(
                refused(&format!("- {rule}")).contains(words),
                "{rule}: {}",
                refused(&format!("- {rule}"))
            );
        }
    }

    #[test]
    fn a_provider_is_named_or_it_is_the_host_that_no_guest_chooses() {
        for (rule, provider) in [
            ("{url: https://api.openai.com/v1}", "api.openai.com"),
            ("{url: https://api.openai.com/v1, provider: openai}", "openai"),
            ("{url: 'https://api.openai.com:8443/'}", "api.openai.com:8443"),
            ("{url: 'http://a.example:443/'}", "a.example:443"),
            ("{url: 'https://*.example.org:8443/'}", "example.org:8443"),
            ("{url: 'http://127.0.0.1/'}", "127.0.0.1"),
            ("{url: 'http://[::1]/'}", "host-::1"),
            ("{url: 'http://[2001:db8::1]:8080/'}", "2001:db8::1:8080"),
        ] {
            let rules = rules(&format!("[{rule}]"));
            assert_eq!(rules.as_slice()[0].provider().as_str(), provider, "{rule}");
        }
    }

    #[test]
    fn what_no_rule_allows_is_told_how_far_the_nearest_goes() {
        let rules = rules("[{url: https://a.example/v1/chat}, {url: 'https://*.b.example:8443/'}]");
        let chat = "https://a.example/v1/chat";
        for (url, outcome) in [
            (chat, Ok(chat.to_owned())),
            ("https://a.example/v1/chat/", Ok(chat.to_owned())),
            ("https://a.example/v1/chat/x?y", Ok(chat.to_owned())),
            ("https://a.example/v1/chatter", Err(Denied::Path)),
            ("https://a.example/V1/chat", Err(Denied::Path)),
            ("https://a.example/", Err(Denied::Path)),
            ("http://a.example/v1/chat", Err(Denied::Port)),
            ("https://a.example:444/v1/chat", Err(Denied::Port)),
            ("https://x.a.example/v1/chat", Err(Denied::Host("x.a.example".into()))),
            ("https://a.example.evil/v1/chat", Err(Denied::Host("a.example.evil".into()))),
            ("https://x.y.b.example:8443/z", Ok("https://*.b.example:8443/".to_owned())),
            ("https://b.example:8443/", Err(Denied::Host("b.example".into()))),
            ("https://evilb.example:8443/", Err(Denied::Host("evilb.example".into()))),
        ] {
            assert_eq!(admit(&rules, url), outcome, "{url}");
        }
        let post = rules.admit(Method::Post, &Target::parse(chat).unwrap());
        assert_eq!(post.unwrap_err(), Denied::Method(Method::Post));
        assert_eq!(admit(&EgressRules::default(), chat), Err(Denied::NoEgress));
    }

    #[test]
    fn two_patterns_overlap_where_one_url_is_covered_by_both() {
        for (one, other, overlap) in [
            ("https://a.example/", "https://a.example/", true),
            ("https://a.example/v1", "https://a.example/v1/chat", true),
            ("https://a.example/v1", "https://a.example/v12", false),
            ("https://a.example/", "https://a.example:444/", false),
            ("https://a.example/", "http://a.example/", false),
            ("https://*.b.example/", "https://a.b.example/v1", true),
            ("https://*.b.example/v2", "https://a.b.example/v1", false),
            ("https://*.b.example/", "https://*.a.b.example/", true),
            ("https://*.b.example/", "https://b.example/", false),
            ("https://*.b.example/", "https://*.c.example/", false),
        ] {
            let pattern = |text: &str| text.parse::<Pattern>().unwrap();
            assert_eq!(pattern(one).overlaps(&pattern(other)), overlap, "{one} {other}");
            assert_eq!(pattern(other).overlaps(&pattern(one)), overlap, "{other} {one}");
        }
    }
}
