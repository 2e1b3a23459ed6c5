//! How people are called: which ways there are to them, and how often a call is repeated.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use lettre::message::Mailbox;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::channel::{
    AbsolutePath, Address, Channel, Login, MailServer, Source, Transport, VariableName, WebAddress,
};
use super::file::Wait;
use super::placed::{Name, Number, once};
use crate::governor::escalation::EscalationKind;
use crate::id::ChannelName;

/// How people are called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EscalationPolicy {
    /// What links begin with.
    #[serde(serialize_with = "as_text")]
    pub dashboard: WebAddress,
    /// How long after a delivery a call is sent again that nobody has answered; then twice as long.
    pub resend_after_seconds: u64,
    /// The ways to people.
    pub channels: BTreeMap<ChannelName, Channel>,
}

fn as_text<S: serde::Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "keys with values")]
pub(super) struct EscalationSection {
    dashboard: Name<WebAddress>,
    resend_after_seconds: Number<Wait<1>>,
    #[serde(deserialize_with = "channels")]
    channels: BTreeMap<ChannelName, Channel>,
}

impl Default for EscalationSection {
    #[expect(clippy::expect_used, reason = "a constant")]
    fn default() -> Self {
        Self {
            dashboard: Name("http://localhost:8080".parse().expect("an address of the web")),
            resend_after_seconds: Number(Wait::of(4 * 3600)),
            channels: BTreeMap::new(),
        }
    }
}

impl From<EscalationSection> for EscalationPolicy {
    fn from(section: EscalationSection) -> Self {
        Self {
            dashboard: section.dashboard.0,
            resend_after_seconds: section.resend_after_seconds.0.into(),
            channels: section.channels,
        }
    }
}

fn channels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<ChannelName, Channel>, D::Error> {
    once::<_, _, Channel, _>(deserializer, "channels with keys")
}

/// What a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Slack,
    Webhook,
    Smtp,
    Command,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Slack, Self::Webhook, Self::Smtp, Self::Command];

    /// The keys it takes besides those that every channel takes.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Slack => &["url_env", "url_file", "ca_file"],
            Self::Webhook => &["url", "url_env", "url_file", "secret_env", "secret_file", "ca_file"],
            Self::Smtp => &["server", "from", "to", "user_env", "password_env", "password_file", "ca_file"],
            Self::Command => &["command"],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Slack => "slack",
            Self::Webhook => "webhook",
            Self::Smtp => "smtp",
            Self::Command => "command",
        })
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|kind| kind.to_string() == text);
        known.ok_or_else(|| format!("`{text}` is no kind of channel"))
    }
}

/// A channel as it is written: every key that any kind takes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a channel's keys with values")]
struct ChannelSection {
    kind: Name<Kind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<Name<WebAddress>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url_env: Option<Name<VariableName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url_file: Option<Name<AbsolutePath>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_env: Option<Name<VariableName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_file: Option<Name<AbsolutePath>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    server: Option<Name<MailServer>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Name<Mailbox>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    to: Vec<Name<Mailbox>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_env: Option<Name<VariableName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_env: Option<Name<VariableName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_file: Option<Name<AbsolutePath>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    command: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ca_file: Option<Name<AbsolutePath>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<Name<EscalationKind>>,
    #[serde(default = "ten_seconds")]
    timeout_seconds: Number<Wait<1>>,
}

fn ten_seconds() -> Number<Wait<1>> {
    Number(Wait::of(10))
}

/// Keys that are each allowed and make no channel together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Misfit {
    #[error("a {kind} channel takes no `{key}`; it takes {}", kind.keys().join(", "))]
    Foreign { kind: Kind, key: &'static str },
    #[error("a {kind} channel needs {needs}")]
    Lacking { kind: Kind, needs: &'static str },
    #[error("only one of {0} can be given")]
    Both(&'static str),
    #[error(
        "the URL of a slack channel is a secret, and everybody can read the policy: name it with url_env or url_file"
    )]
    Disclosed,
}

impl ChannelSection {
    fn of(kind: Kind) -> Self {
        Self {
            kind: Name(kind),
            url: None,
            url_env: None,
            url_file: None,
            secret_env: None,
            secret_file: None,
            server: None,
            from: None,
            to: Vec::new(),
            user_env: None,
            password_env: None,
            password_file: None,
            command: Vec::new(),
            ca_file: None,
            kinds: Vec::new(),
            timeout_seconds: ten_seconds(),
        }
    }

    /// The first key given that its kind does not take.
    fn foreign(&self) -> Option<&'static str> {
        let given = [
            ("url", self.url.is_some()),
            ("url_env", self.url_env.is_some()),
            ("url_file", self.url_file.is_some()),
            ("secret_env", self.secret_env.is_some()),
            ("secret_file", self.secret_file.is_some()),
            ("server", self.server.is_some()),
            ("from", self.from.is_some()),
            ("to", !self.to.is_empty()),
            ("user_env", self.user_env.is_some()),
            ("password_env", self.password_env.is_some()),
            ("password_file", self.password_file.is_some()),
            ("command", !self.command.is_empty()),
            ("ca_file", self.ca_file.is_some()),
        ];
        let keys = self.kind.0.keys();
        given.into_iter().find_map(|(key, given)| (given && !keys.contains(&key)).then_some(key))
    }

    fn transport(&mut self) -> Result<Transport, Misfit> {
        let kind = self.kind.0;
        let lacking = |needs| move || Misfit::Lacking { kind, needs };
        let hidden = source(self.url_env.take(), self.url_file.take(), "url_env and url_file")?;
        Ok(match kind {
            Kind::Slack => Transport::Slack { url: hidden.ok_or_else(lacking("url_env or url_file"))? },
            Kind::Webhook => {
                let url = match (self.url.take(), hidden) {
                    (Some(url), None) => Address::Known(url.0),
                    (None, Some(hidden)) => Address::Secret(hidden),
                    (None, None) => return Err(lacking("url, url_env or url_file")()),
                    (Some(_), Some(_)) => return Err(Misfit::Both("url, url_env and url_file")),
                };
                let secret =
                    source(self.secret_env.take(), self.secret_file.take(), "secret_env and secret_file")?;
                Transport::Webhook { url, secret }
            }
            Kind::Smtp => Transport::Smtp {
                server: self.server.take().ok_or_else(lacking("server"))?.0,
                from: self.from.take().ok_or_else(lacking("from"))?.0,
                to: match std::mem::take(&mut self.to) {
                    to if to.is_empty() => return Err(lacking("to")()),
                    to => to.into_iter().map(|name| name.0).collect(),
                },
                login: self.login()?,
            },
            Kind::Command => match std::mem::take(&mut self.command) {
                command if command.first().is_none_or(String::is_empty) => {
                    return Err(lacking("command, a program and its arguments")());
                }
                command => Transport::Command { command },
            },
        })
    }

    fn login(&mut self) -> Result<Option<Login>, Misfit> {
        let password =
            source(self.password_env.take(), self.password_file.take(), "password_env and password_file")?;
        match (self.user_env.take(), password) {
            (None, None) => Ok(None),
            (Some(user), Some(password)) => Ok(Some(Login { user: user.0, password })),
            _ => Err(Misfit::Lacking {
                kind: Kind::Smtp,
                needs: "user_env with password_env or password_file, or none of them",
            }),
        }
    }
}

fn source(
    variable: Option<Name<VariableName>>,
    file: Option<Name<AbsolutePath>>,
    both: &'static str,
) -> Result<Option<Source>, Misfit> {
    match (variable, file) {
        (Some(_), Some(_)) => Err(Misfit::Both(both)),
        (Some(Name(variable)), None) => Ok(Some(Source::Variable(variable))),
        (None, file) => Ok(file.map(|file| Source::File(file.0))),
    }
}

impl TryFrom<ChannelSection> for Channel {
    type Error = Misfit;

    fn try_from(mut section: ChannelSection) -> Result<Self, Misfit> {
        let kind = section.kind.0;
        match section.foreign() {
            Some("url") => {
                return Err(if kind == Kind::Slack {
                    Misfit::Disclosed
                } else {
                    Misfit::Foreign { kind, key: "url" }
                });
            }
            Some(key) => return Err(Misfit::Foreign { kind, key }),
            None => {}
        }
        Ok(Self {
            transport: section.transport()?,
            kinds: section.kinds.into_iter().map(|name| name.0).collect(),
            timeout_seconds: section.timeout_seconds.0.into(),
            ca_file: section.ca_file.map(|file| file.0),
        })
    }
}

impl From<&Channel> for ChannelSection {
    fn from(channel: &Channel) -> Self {
        let channel = channel.clone();
        let of_transport = match channel.transport {
            Transport::Slack { url } => {
                let (url_env, url_file) = parts(url);
                Self { url_env, url_file, ..Self::of(Kind::Slack) }
            }
            Transport::Webhook { url, secret } => {
                let (url, hidden) = match url {
                    Address::Known(url) => (Some(Name(url)), None),
                    Address::Secret(hidden) => (None, Some(hidden)),
                };
                let (url_env, url_file) = hidden.map(parts).unwrap_or_default();
                let (secret_env, secret_file) = secret.map(parts).unwrap_or_default();
                Self { url, url_env, url_file, secret_env, secret_file, ..Self::of(Kind::Webhook) }
            }
            Transport::Smtp { server, from, to, login } => {
                let (user_env, password) = login.map(|login| (Name(login.user), login.password)).unzip();
                let (password_env, password_file) = password.map(parts).unwrap_or_default();
                Self {
                    server: Some(Name(server)),
                    from: Some(Name(from)),
                    to: to.into_iter().map(Name).collect(),
                    user_env,
                    password_env,
                    password_file,
                    ..Self::of(Kind::Smtp)
                }
            }
            Transport::Command { command } => Self { command, ..Self::of(Kind::Command) },
        };
        Self {
            ca_file: channel.ca_file.map(Name),
            kinds: channel.kinds.into_iter().map(Name).collect(),
            timeout_seconds: Number(Wait::of(channel.timeout_seconds)),
            ..of_transport
        }
    }
}

fn parts(source: Source) -> (Option<Name<VariableName>>, Option<Name<AbsolutePath>>) {
    match source {
        Source::Variable(name) => (Some(Name(name)), None),
        Source::File(path) => (None, Some(Name(path))),
    }
}

impl Serialize for Channel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ChannelSection::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = Channel;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a channel's keys with values")
            }

            // What does not fit together is found while the channel is being visited, so that the error has its place.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Channel, A::Error> {
                let section = ChannelSection::deserialize(MapAccessDeserializer::new(map))?;
                section.try_into().map_err(A::Error::custom)
            }
        }

        deserializer.deserialize_map(Keys)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::governor::policy::Policy;
    use crate::governor::policy::channel::{Address, Source, Transport};

    const ALL: &str = "escalation:
  dashboard: https://if.example.com/board
  resend_after_seconds: 60
  channels:
    ops: {kind: slack, url_env: SLACK_WEBHOOK_URL}
    pager: {kind: webhook, url: 'https://pager.example.com/in?a=b', secret_file: /run/secrets/pager, kinds: [no-help]}
    hidden: {kind: webhook, url_file: /run/secrets/url, ca_file: /etc/ca.pem}
    mail:
      kind: smtp
      server: smtps://mail.example.com
      from: 'The Swarm <if@example.com>'
      to: [ann@example.com, ben@example.com]
      user_env: SMTP_USER
      password_env: SMTP_PASSWORD
      timeout_seconds: 30
    local: {kind: command, command: [/usr/local/bin/notify, --now]}
";

    fn parse(text: &str) -> Result<Policy, String> {
        Policy::parse(text, Path::new("p")).map_err(|error| error.to_string())
    }

    #[test]
    fn every_kind_of_channel_survives_the_store_and_no_secret_is_in_it() {
        let policy = parse(ALL).unwrap();
        let stored = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&stored).unwrap(), policy);
        let escalation = policy.escalation;
        assert_eq!(escalation.channels.len(), 5);
        assert_eq!(escalation.dashboard.to_string(), "https://if.example.com/board");
        let transport = |name: &str| escalation.channels[&name.parse().unwrap()].transport.clone();
        assert!(matches!(transport("ops"), Transport::Slack { url: Source::Variable(_) }));
        assert!(matches!(
            transport("pager"),
            Transport::Webhook { url: Address::Known(_), secret: Some(Source::File(_)) }
        ));
        assert!(matches!(transport("mail"), Transport::Smtp { to, login: Some(_), .. } if to.len() == 2));
    }

    #[test]
    fn without_a_word_nobody_is_called_and_calls_would_be_repeated_after_four_hours() {
        let escalation = parse("# nothing\n").unwrap().escalation;
        assert!(escalation.channels.is_empty());
        assert_eq!(escalation.resend_after_seconds, 14400);
        assert_eq!(escalation.dashboard.to_string(), "http://localhost:8080/");
    }

    #[test]
    fn what_is_wrong_with_a_channel_is_said_with_its_place() {
        let channel = |keys: &str| format!("escalation:\n  channels:\n    a: {{{keys}}}\n");
        for (keys, says) in [
            (
                "kind: pigeon",
                "p:3:15: kind: `pigeon` is no kind of channel (allowed: slack, webhook, smtp or command)",
            ),
            ("kind: slack", "p:3:8: a: a slack channel needs url_env or url_file"),
            (
                "kind: slack, url: 'https://h/s'",
                "p:3:8: a: the URL of a slack channel is a secret, and everybody can \
             read the policy: name it with url_env or url_file",
            ),
            (
                "kind: webhook, url: 'ftp://h/'",
                "p:3:29: url: this is no http:// or https:// URL (allowed: an http:// \
             or https:// URL without credentials in it)",
            ),
            (
                "kind: webhook, url: 'http://h/', url_env: U",
                "p:3:8: a: only one of url, url_env and url_file can be given",
            ),
            (
                "kind: command, command: [x], to: [a@b.c]",
                "p:3:8: a: a command channel takes no `to`; it takes command",
            ),
            (
                "kind: command, command: []",
                "p:3:8: a: a command channel needs command, a program and its arguments",
            ),
            (
                "kind: smtp, server: 'smtp://h', from: a@b.c, to: [a@b.c], user_env: U",
                "p:3:8: a: a smtp channel needs \
             user_env with password_env or password_file, or none of them",
            ),
            (
                "kind: slack, url_env: $URL",
                "p:3:31: url_env: this is no name of an environment variable (allowed: \
             the name of an environment variable of the coordinator)",
            ),
            (
                "kind: command, command: [x], kinds: [no_help]",
                "p:3:46: kinds: `no_help` is no kind of escalation \
             (allowed: a list of kinds of escalations, such as no-help or swarm-dead)",
            ),
            ("kind: command, commnd: [x]", "p:3:24: unknown key `commnd`, did you mean `command`?"),
        ] {
            assert_eq!(parse(&channel(keys)).unwrap_err(), says, "{keys}");
        }
        let twice =
            "escalation:\n  channels:\n    a: {kind: slack, url_env: U}\n    a: {kind: slack, url_env: U}\n";
        assert_eq!(parse(twice).unwrap_err(), "p:4:5: duplicate entry `a`");
    }
}
