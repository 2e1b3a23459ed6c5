//! Scoped credentials: for a while, one task of one swarm may call some of what its contract allows.
//!
//! Pure. A credential only ever narrows the contract. The store keeps a digest of the handle, so that whoever reads
//! the store cannot use the credential.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::contract::Bounded;
use super::digest::Digest;
use super::egress::{Method, Pattern, SecretName, Target};
use crate::clock::Timestamp;
use crate::id::{CredentialId, SwarmId, TaskId};

/// What a handle begins with, so that scanners for leaked secrets can know it.
const MARK: &str = "ifc_";
/// How many bytes of chance a handle has.
const CHANCE: usize = 32;

/// How long a credential may last, in seconds.
pub type Ttl = Bounded<1, 86_400>;

/// What a task shows to be let out. Whoever has it can use it for that task, until it ends.
#[derive(Clone, PartialEq, Eq)]
pub struct Handle {
    id: CredentialId,
    text: String,
}

/// The text is no handle. It is not quoted: it may be a real one, torn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no handle of a credential: {MARK}ID_SECRET")]
pub struct HandleError;

impl Handle {
    /// The handle of the credential `id`.
    #[must_use]
    pub fn new(id: CredentialId, chance: [u8; CHANCE]) -> Self {
        let text = format!("{MARK}{id}_{}", URL_SAFE_NO_PAD.encode(chance));
        Self { id, text }
    }

    /// Which credential it is of.
    #[must_use]
    pub fn id(&self) -> &CredentialId {
        &self.id
    }

    /// What the store keeps of it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.text.as_bytes())
    }

    /// The text, for whom it is meant.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl FromStr for Handle {
    type Err = HandleError;

    fn from_str(text: &str) -> Result<Self, HandleError> {
        let (id, chance) =
            text.strip_prefix(MARK).and_then(|rest| rest.split_once('_')).ok_or(HandleError)?;
        let chance = URL_SAFE_NO_PAD.decode(chance).map_err(|_| HandleError)?;
        let chance = chance.try_into().map_err(|_| HandleError)?;
        Ok(Self::new(id.parse().map_err(|_| HandleError)?, chance))
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", self.id)
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// For whom.
    pub swarm: SwarmId,
    /// For which task.
    pub task: Option<TaskId>,
    /// For how long.
    pub ttl: Duration,
    /// For which URLs; none named means all that the contract allows.
    pub endpoints: Vec<Pattern>,
    /// By which methods; none named means all that the contract allows.
    pub methods: Vec<Method>,
    /// With which secrets; none named means all that the contract sends.
    pub secrets: Vec<SecretName>,
}

impl Grant {
    /// All that a contract allows, for one task and as long as it may last.
    #[must_use]
    pub fn of_task(swarm: &SwarmId, task: Option<&TaskId>, ttl: Duration) -> Self {
        let (swarm, task) = (swarm.clone(), task.cloned());
        Self { swarm, task, ttl, endpoints: Vec::new(), methods: Vec::new(), secrets: Vec::new() }
    }

    /// The same, as far as `narrowing` leaves it.
    #[must_use]
    pub fn narrowed(self, narrowing: &Narrowing) -> Self {
        let ttl = narrowing.ttl.map_or(self.ttl, |ttl| ttl.min(self.ttl));
        let (endpoints, methods) = (narrowing.endpoints.clone(), narrowing.methods.clone());
        Self { ttl, endpoints, methods, ..self }
    }
}

/// How much less than its contract allows a task may do that is issued a credential of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// For how long; as long as the task may last, unless said.
    pub ttl: Option<Duration>,
    /// For which URLs; none named means all that the contract allows.
    pub endpoints: Vec<Pattern>,
    /// By which methods; none named means all that the contract allows.
    pub methods: Vec<Method>,
}

impl Narrowing {
    /// Whether it takes nothing away.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// A credential, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Its name.
    pub id: CredentialId,
    /// The digest of its handle.
    pub sha256: Digest,
    /// For whom.
    pub swarm: SwarmId,
    /// For which task; for any of the swarm's, if none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// For which URLs; none named means all that the contract allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<Pattern>,
    /// By which methods; none named means all that the contract allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Method>,
    /// With which secrets; none named means all that the contract sends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretName>,
    /// Since when.
    pub issued_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}

/// Why a credential does not let out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCredited {
    /// There is none, or the handle is not its.
    #[error("nobody knows this credential")]
    Unknown,
    /// It is another swarm's.
    #[error("the credential {0} is of another swarm")]
    OtherSwarm(CredentialId),
    /// It is for another task.
    #[error("the credential {0} is for another task")]
    OtherTask(CredentialId),
    /// Its time is over.
    #[error("the credential {0} has expired")]
    Expired(CredentialId),
    /// It was taken back.
    #[error("the credential {0} was revoked")]
    Revoked(CredentialId),
    /// It is for other URLs.
    #[error("the credential {0} does not cover this URL")]
    Endpoint(CredentialId),
    /// It is for other methods.
    #[error("the credential {id} does not allow {method}")]
    Method {
        /// Which credential.
        id: CredentialId,
        /// The method.
        method: Method,
    },
    /// It is for other secrets.
    #[error("the credential {id} does not cover the secret {secret}")]
    Secret {
        /// Which credential.
        id: CredentialId,
        /// The secret.
        secret: SecretName,
    },
}

impl Credential {
    /// What is granted under `handle`, by `by`.
    #[must_use]
    pub fn issue(grant: Grant, handle: &Handle, by: &str, now: Timestamp) -> Self {
        Self {
            id: handle.id().clone(),
            sha256: handle.digest(),
            swarm: grant.swarm,
            task: grant.task,
            endpoints: grant.endpoints,
            methods: grant.methods,
            secrets: grant.secrets,
            issued_at: now,
            expires_at: now.after(grant.ttl),
            revoked_at: None,
            by: by.to_owned(),
            op: "chassis.credentials".to_owned(),
        }
    }

    /// Whether `handle` is its handle, and it is for `swarm` and `task`, now.
    ///
    /// # Errors
    /// [`NotCredited`]. Of a handle that is not its, nothing more is said.
    pub fn is_for(
        &self,
        handle: &Handle,
        swarm: &SwarmId,
        task: Option<&TaskId>,
        now: Timestamp,
    ) -> Result<(), NotCredited> {
        if !same(self.sha256.as_str(), handle.digest().as_str()) {
            return Err(NotCredited::Unknown);
        }
        if self.swarm != *swarm {
            return Err(NotCredited::OtherSwarm(self.id.clone()));
        }
        if self.task.is_some() && self.task.as_ref() != task {
            return Err(NotCredited::OtherTask(self.id.clone()));
        }
        self.is_valid(now)
    }

    /// Whether it still counts.
    ///
    /// # Errors
    /// [`NotCredited::Revoked`], [`NotCredited::Expired`].
    pub fn is_valid(&self, now: Timestamp) -> Result<(), NotCredited> {
        if self.revoked_at.is_some() {
            return Err(NotCredited::Revoked(self.id.clone()));
        }
        if now >= self.expires_at { Err(NotCredited::Expired(self.id.clone())) } else { Ok(()) }
    }

    /// Whether it allows `method` on `target` now. The contract has to allow it, too.
    ///
    /// # Errors
    /// [`NotCredited`] says what is in the way.
    pub fn admits(&self, method: Method, target: &Target, now: Timestamp) -> Result<(), NotCredited> {
        self.is_valid(now)?;
        if !self.endpoints.is_empty() && !self.endpoints.iter().any(|endpoint| endpoint.covers(target)) {
            return Err(NotCredited::Endpoint(self.id.clone()));
        }
        if !self.methods.is_empty() && !self.methods.contains(&method) {
            return Err(NotCredited::Method { id: self.id.clone(), method });
        }
        Ok(())
    }

    /// Whether it covers a secret.
    ///
    /// # Errors
    /// [`NotCredited::Secret`].
    pub fn covers(&self, secret: &SecretName) -> Result<(), NotCredited> {
        if self.secrets.is_empty() || self.secrets.contains(secret) {
            return Ok(());
        }
        Err(NotCredited::Secret { id: self.id.clone(), secret: secret.clone() })
    }

    /// The same, taken back.
    #[must_use]
    pub fn revoked(self, by: &str, now: Timestamp) -> Self {
        let revoked_at = self.revoked_at.or(Some(now));
        Self { revoked_at, by: by.to_owned(), op: "chassis.credentials.revoke".to_owned(), ..self }
    }
}

/// Compares in a time that does not tell where the difference is.
fn same(left: &str, right: &str) -> bool {
    let differences = left.bytes().zip(right.bytes()).fold(0, |seen, (left, right)| seen | (left ^ right));
    left.len() == right.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn credential(change: impl FnOnce(&mut Grant)) -> (Handle, Credential) {
        let mut grant = Grant {
            swarm: "session-4-sip".parse().unwrap(),
            task: Some("abc123".parse().unwrap()),
            ttl: Duration::from_mins(5),
            endpoints: Vec::new(),
            methods: Vec::new(),
            secrets: Vec::new(),
        };
        change(&mut grant);
        let handle = Handle::new("c1".parse().unwrap(), [7; CHANCE]);
        let credential = Credential::issue(grant, &handle, "tester", at(1000));
        (handle, credential)
    }

    #[test]
    fn a_handle_is_read_back_and_neither_shown_nor_stored() {
        let (handle, credential) = credential(|_| ());
        assert_eq!(handle.reveal().parse(), Ok(handle.clone()));
        assert_eq!(format!("{handle:?}"), "Handle(c1)");
        let secret = handle.reveal().rsplit('_').next().unwrap();
        assert!(!serde_json::to_string(&credential).unwrap().contains(secret));
        for text in [
            "",
            "ifc_",
            "ifc_c1",
            "ifc_c1_short",
            "ifc_../x_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
            "sk-1234",
        ] {
            assert_eq!(text.parse::<Handle>(), Err(HandleError), "{text}");
        }
    }

    #[test]
    fn a_credential_is_for_one_swarm_one_task_and_a_while() {
        let (handle, credential) = credential(|_| ());
        let [swarm, other]: [SwarmId; 2] = ["session-4-sip", "session-5-cli"].map(|id| id.parse().unwrap());
        let [task, foreign]: [TaskId; 2] = ["abc123", "abc124"].map(|id| id.parse().unwrap());
        let id = || credential.id.clone();
        let forged = Handle::new(id(), [8; CHANCE]);
        for (handle, swarm, task, now, outcome) in [
            (&handle, &swarm, Some(&task), 1000, Ok(())),
            (&handle, &swarm, Some(&task), 1299, Ok(())),
            (&handle, &swarm, Some(&task), 1300, Err(NotCredited::Expired(id()))),
            (&handle, &swarm, Some(&foreign), 1000, Err(NotCredited::OtherTask(id()))),
            (&handle, &swarm, None, 1000, Err(NotCredited::OtherTask(id()))),
            (&handle, &other, Some(&task), 1000, Err(NotCredited::OtherSwarm(id()))),
            (&forged, &swarm, Some(&task), 1000, Err(NotCredited::Unknown)),
            (&forged, &other, None, 9000, Err(NotCredited::Unknown)),
        ] {
            assert_eq!(credential.is_for(handle, swarm, task, at(now)), outcome, "{swarm} {task:?} {now}");
        }
        let revoked = credential.clone().revoked("tester", at(1100));
        assert_eq!(revoked.is_valid(at(1101)), Err(NotCredited::Revoked(id())));
        assert_eq!(revoked.clone().revoked("again", at(1200)).revoked_at, revoked.revoked_at);
    }

    #[test]
    fn a_task_gets_less_time_and_fewer_ways_out_and_never_more() {
        let whole = Grant::of_task(&"s".parse().unwrap(), None, Duration::from_mins(1));
        assert_eq!(whole.clone().narrowed(&Narrowing::default()), whole);
        for (ttl, seconds) in [(5, 5), (600, 60)] {
            let narrowing = Narrowing {
                ttl: Some(Duration::from_secs(ttl)),
                endpoints: vec!["https://example.org/a".parse().unwrap()],
                methods: vec![Method::Post],
            };
            let less = whole.clone().narrowed(&narrowing);
            assert_eq!(less.ttl, Duration::from_secs(seconds));
            assert_eq!((less.endpoints, less.methods), (narrowing.endpoints, narrowing.methods));
        }
    }

    #[test]
    fn a_credential_covers_what_it_names_or_everything() {
        let url = "https://api.openai.com/v1/chat/completions";
        let (_, narrow) = credential(|grant| {
            grant.endpoints = vec![url.parse().unwrap()];
            grant.methods = vec![Method::Post];
            grant.secrets = vec!["OPENAI".parse().unwrap()];
        });
        let (_, wide) = credential(|_| ());
        let target = Target::parse(url).unwrap();
        let other = Target::parse("https://api.openai.com/v1/files").unwrap();
        assert_eq!(narrow.admits(Method::Post, &target, at(1000)), Ok(()));
        assert_eq!(
            narrow.admits(Method::Post, &other, at(1000)),
            Err(NotCredited::Endpoint("c1".parse().unwrap()))
        );
        assert!(matches!(narrow.admits(Method::Get, &target, at(1000)), Err(NotCredited::Method { .. })));
        assert!(matches!(narrow.admits(Method::Post, &target, at(1300)), Err(NotCredited::Expired(_))));
        assert!(narrow.covers(&"OPENAI".parse().unwrap()).is_ok());
        assert!(narrow.covers(&"STRIPE".parse().unwrap()).is_err());
        assert_eq!(wide.admits(Method::Get, &other, at(1000)), Ok(()));
        assert!(wide.covers(&"STRIPE".parse().unwrap()).is_ok());
    }
}
