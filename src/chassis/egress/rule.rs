//! Rules: which URLs a contract allows to be called, and what a call costs.
//!
//! Pure. A rule is a URL: scheme, host and port are matched as they stand, `*.` in front of the host stands for one or
//! more labels, and the path for itself and all that lies below it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Target, TargetError};
use crate::chassis::contract::Bounded;
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
    /// What a call costs, in dollars; booked before it is made.
    #[serde(default, with = "crate::money::dollars")]
    pub cost_per_call: Money,
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
        let methods: Vec<&str> = self.methods.iter().map(|method| method.as_str()).collect();
        write!(f, "{} {}", methods.join(" "), self.url)?;
        if self.cost_per_call > Money::ZERO {
            write!(f, " at {}", self.cost_per_call)?;
        }
        if self.allow_private { f.write_str(", private addresses too") } else { Ok(()) }
    }
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
        ] {
            assert!(
                refused(&format!("- {rule}")).contains(words),
                "{rule}: {}",
                refused(&format!("- {rule}"))
            );
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
}
