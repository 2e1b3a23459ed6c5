//! Every key of the layout, built here and parsed back here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{
    Capability, ChannelName, ChargeId, ClaimId, CredentialId, OVERALL, ProviderId, Purpose, SessionId,
    SwarmId, TaskId,
};

/// What a budget or breaker applies to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scope {
    /// One swarm.
    Swarm(SwarmId),
    /// One task.
    Task(TaskId),
    /// One provider.
    Provider(ProviderId),
    /// One swarm, as far as it calls one provider.
    Caller(ProviderId, SwarmId),
    /// Everything.
    Overall,
}

/// The text is no scope.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no scope: swarm/NAME, task/NAME, provider/NAME, provider/NAME/SWARM or overall")]
pub struct ScopeError(String);

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Swarm(swarm) => write!(f, "swarm/{swarm}"),
            Self::Task(task) => write!(f, "task/{task}"),
            Self::Provider(provider) => write!(f, "provider/{provider}"),
            Self::Caller(provider, swarm) => write!(f, "provider/{provider}/{swarm}"),
            Self::Overall => f.write_str(OVERALL),
        }
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let scope = match text.split_once('/') {
            Some(("swarm", id)) => id.parse().ok().map(Self::Swarm),
            Some(("task", id)) => id.parse().ok().map(Self::Task),
            Some(("provider", id)) => match id.split_once('/') {
                Some((provider, swarm)) => {
                    provider.parse().ok().zip(swarm.parse().ok()).map(|(id, swarm)| Self::Caller(id, swarm))
                }
                None => id.parse().ok().map(Self::Provider),
            },
            None if text == OVERALL => Some(Self::Overall),
            _ => None,
        };
        scope.ok_or_else(|| ScopeError(text.to_owned()))
    }
}

impl TryFrom<String> for Scope {
    type Error = ScopeError;

    fn try_from(text: String) -> Result<Self, ScopeError> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

/// One key. `Display` gives its text; [`Key::parse`] reads it back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// Who owns the task; `unclaimed` while it is ready.
    Owner(TaskId),
    /// The task's record.
    Record(TaskId),
    /// The task's payload, written once.
    Payload(TaskId),
    /// Who works on the task now; leased.
    Hold(TaskId),
    /// What the task produced.
    Result(TaskId),
    /// `dependent` waits for `task`.
    Dependent {
        /// The task that is waited for.
        task: TaskId,
        /// The task that waits.
        dependent: TaskId,
    },
    /// The swarm's capabilities, as the original design writes them.
    Capabilities(SwarmId),
    /// The swarm's profile.
    Profile(SwarmId),
    /// The swarm's status word.
    SwarmStatus(SwarmId),
    /// A connected worker; leased.
    Session(SwarmId, SessionId),
    /// A worker has connected and not said goodbye; not leased.
    Presence(SwarmId, SessionId),
    /// An assignment that a worker has not taken up yet; leased.
    Inbox(SwarmId, SessionId, ClaimId),
    /// A message to the swarm.
    Mail(SwarmId, String),
    /// Somebody is reading the message; leased.
    Reader(SwarmId, String),
    /// The inverted index of capabilities.
    Offer(Capability, SwarmId),
    /// A budget.
    Budget(Scope),
    /// What a swarm gets that registers without a budget.
    DefaultBudget,
    /// Money set aside for one claim.
    Reservation(TaskId, ClaimId),
    /// What one claim cost in the end.
    Settlement(TaskId, ClaimId),
    /// One charge, booked once under its name.
    Charge(SwarmId, ChargeId),
    /// The same for a claim, by its task and its token: each claim has names of its own.
    ClaimCharge(SwarmId, ChargeId, TaskId, String),
    /// A circuit breaker.
    Breaker(Scope),
    /// The one trial that a half-open breaker lets through; leased.
    Probe(Scope),
    /// A person had a breaker closed.
    Approval(Scope, String),
    /// What is known of a provider that serves a purpose.
    Rail(Purpose, ProviderId),
    /// A swarm's reputation.
    Reputation(SwarmId),
    /// How far a task was graded for a swarm's reputation.
    Grade(SwarmId, TaskId),
    /// A call for a human.
    Escalation(String),
    /// How a channel has taken the call of this id to people.
    Delivery(String, ChannelName),
    /// The policy in force, as the leading coordinator read it.
    Policy,
    /// A swarm's service contract.
    Contract(SwarmId),
    /// The contract that a swarm had last, if it has none now.
    EndedContract(SwarmId),
    /// A scoped credential; leased.
    Credential(CredentialId),
    /// A swarm's measured performance.
    Metrics(SwarmId),
    /// The most that a swarm's tasks have ever used.
    Peaks(SwarmId),
    /// What of a swarm's limits one host may use, which is named as a session is; leased.
    Share(SwarmId, SessionId),
    /// What a swarm's tasks use now in one process, which is named as a session is; leased.
    LiveUsage(SwarmId, SessionId),
    /// What a swarm has called of one provider.
    Calls(SwarmId, ProviderId),
    /// Which coordinator leads; leased.
    Leader,
    /// Raised by every restore or migration.
    Epoch,
    /// How the leader's engine is; leased.
    Vitals,
    /// How fast the leader works; leased.
    Pace,
    /// A benchmark goes on in this namespace; leased.
    Benchmark,
    /// The revision from which somebody still needs history.
    Consumer(String),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owner(task) => write!(f, "/tasks/{task}/owner"),
            Self::Record(task) => write!(f, "/tasks/{task}/record"),
            Self::Payload(task) => write!(f, "/tasks/{task}/payload"),
            Self::Hold(task) => write!(f, "/tasks/{task}/hold"),
            Self::Result(task) => write!(f, "/tasks/{task}/result"),
            Self::Dependent { task, dependent } => write!(f, "/dependents/{task}/{dependent}"),
            Self::Capabilities(swarm) => write!(f, "/swarms/{swarm}/capabilities"),
            Self::Profile(swarm) => write!(f, "/swarms/{swarm}/profile"),
            Self::SwarmStatus(swarm) => write!(f, "/swarms/{swarm}/status"),
            Self::Session(swarm, session) => write!(f, "/swarms/{swarm}/session/{session}"),
            Self::Presence(swarm, session) => write!(f, "/swarms/{swarm}/presence/{session}"),
            Self::Inbox(swarm, session, claim) => write!(f, "/swarms/{swarm}/inbox/{session}/{claim}"),
            Self::Mail(swarm, sequence) => write!(f, "/swarms/{swarm}/mail/{sequence}"),
            Self::Reader(swarm, sequence) => write!(f, "/swarms/{swarm}/mail/{sequence}/reader"),
            Self::Offer(capability, swarm) => write!(f, "/capabilities/{capability}/{swarm}"),
            Self::Budget(scope) => write!(f, "/governor/budgets/{scope}"),
            Self::DefaultBudget => f.write_str("/governor/default-budget"),
            Self::Reservation(task, claim) => write!(f, "/governor/reservations/{task}/{claim}"),
            Self::Settlement(task, claim) => write!(f, "/governor/settlements/{task}/{claim}"),
            Self::Charge(swarm, charge) => write!(f, "/governor/charges/{swarm}/{charge}"),
            Self::ClaimCharge(swarm, charge, task, token) => {
                write!(f, "/governor/charges/{swarm}/{charge}/{task}/{token}")
            }
            Self::Breaker(scope) => write!(f, "/governor/breakers/{scope}"),
            Self::Probe(scope) => write!(f, "/governor/probes/{scope}"),
            Self::Approval(scope, id) => write!(f, "/governor/approvals/{scope}/{id}"),
            Self::Rail(purpose, provider) => write!(f, "/governor/rails/{purpose}/{provider}"),
            Self::Reputation(swarm) => write!(f, "/governor/reputation/{swarm}"),
            Self::Grade(swarm, task) => write!(f, "/governor/grades/{swarm}/{task}"),
            Self::Escalation(id) => write!(f, "/governor/escalations/{id}"),
            Self::Delivery(id, channel) => write!(f, "/governor/deliveries/{id}/{channel}"),
            Self::Policy => f.write_str("/governor/policy"),
            Self::Contract(swarm) => write!(f, "/chassis/contracts/{swarm}"),
            Self::EndedContract(swarm) => write!(f, "/chassis/ended/{swarm}"),
            Self::Credential(id) => write!(f, "/chassis/credentials/{id}"),
            Self::Metrics(swarm) => write!(f, "/chassis/metrics/{swarm}/summary"),
            Self::Peaks(swarm) => write!(f, "/chassis/metrics/{swarm}/peaks"),
            Self::LiveUsage(swarm, process) => write!(f, "/chassis/metrics/{swarm}/live/{process}"),
            Self::Share(swarm, host) => write!(f, "/chassis/shares/{swarm}/{host}"),
            Self::Calls(swarm, provider) => write!(f, "/chassis/metrics/{swarm}/calls/{provider}"),
            Self::Leader => f.write_str("/coordinator/leader"),
            Self::Epoch => f.write_str("/coordinator/epoch"),
            Self::Vitals => f.write_str("/coordinator/vitals"),
            Self::Pace => f.write_str("/coordinator/pace"),
            Self::Benchmark => f.write_str("/coordinator/benchmark"),
            Self::Consumer(id) => write!(f, "/coordinator/consumers/{id}"),
        }
    }
}

impl Key {
    /// Reads a key back; `None` for a key that is not of this layout.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.strip_prefix('/')?.split('/').collect();
        Some(match parts.as_slice() {
            ["tasks", task, kind] => {
                let task = task.parse().ok()?;
                match *kind {
                    "owner" => Self::Owner(task),
                    "record" => Self::Record(task),
                    "payload" => Self::Payload(task),
                    "hold" => Self::Hold(task),
                    "result" => Self::Result(task),
                    _ => return None,
                }
            }
            ["dependents", task, dependent] => {
                Self::Dependent { task: task.parse().ok()?, dependent: dependent.parse().ok()? }
            }
            ["swarms", swarm, rest @ ..] => Self::parse_swarm(swarm.parse().ok()?, rest)?,
            ["capabilities", capability, swarm] => Self::Offer(capability.parse().ok()?, swarm.parse().ok()?),
            ["governor", rest @ ..] => Self::parse_governor(rest)?,
            ["chassis", "contracts", swarm] => Self::Contract(swarm.parse().ok()?),
            ["chassis", "ended", swarm] => Self::EndedContract(swarm.parse().ok()?),
            ["chassis", "credentials", id] => Self::Credential(id.parse().ok()?),
            ["chassis", "metrics", swarm, "summary"] => Self::Metrics(swarm.parse().ok()?),
            ["chassis", "metrics", swarm, "peaks"] => Self::Peaks(swarm.parse().ok()?),
            ["chassis", "metrics", swarm, "live", process] => {
                Self::LiveUsage(swarm.parse().ok()?, process.parse().ok()?)
            }
            ["chassis", "shares", swarm, host] => Self::Share(swarm.parse().ok()?, host.parse().ok()?),
            ["chassis", "metrics", swarm, "calls", provider] => {
                Self::Calls(swarm.parse().ok()?, provider.parse().ok()?)
            }
            ["coordinator", "leader"] => Self::Leader,
            ["coordinator", "epoch"] => Self::Epoch,
            ["coordinator", "vitals"] => Self::Vitals,
            ["coordinator", "pace"] => Self::Pace,
            ["coordinator", "benchmark"] => Self::Benchmark,
            ["coordinator", "consumers", id] => Self::Consumer((*id).to_owned()),
            _ => return None,
        })
    }

    /// Reads a key back whatever namespace is before it, and gives that too.
    #[must_use]
    pub fn parse_anywhere(text: &str) -> Option<(&str, Self)> {
        let slashes = text.match_indices('/').map(|(at, _)| at);
        slashes.map(|at| text.split_at(at)).find_map(|(namespace, key)| Some((namespace, Self::parse(key)?)))
    }

    fn parse_swarm(swarm: SwarmId, rest: &[&str]) -> Option<Self> {
        Some(match rest {
            ["capabilities"] => Self::Capabilities(swarm),
            ["profile"] => Self::Profile(swarm),
            ["status"] => Self::SwarmStatus(swarm),
            ["session", session] => Self::Session(swarm, session.parse().ok()?),
            ["presence", session] => Self::Presence(swarm, session.parse().ok()?),
            ["inbox", session, claim] => Self::Inbox(swarm, session.parse().ok()?, claim.parse().ok()?),
            ["mail", sequence] => Self::Mail(swarm, (*sequence).to_owned()),
            ["mail", sequence, "reader"] => Self::Reader(swarm, (*sequence).to_owned()),
            _ => return None,
        })
    }

    fn parse_governor(rest: &[&str]) -> Option<Self> {
        Some(match rest {
            ["policy"] => Self::Policy,
            ["budgets", scope @ ..] => Self::Budget(scope.join("/").parse().ok()?),
            ["charges", swarm, charge] => Self::Charge(swarm.parse().ok()?, charge.parse().ok()?),
            ["charges", swarm, charge, task, token] => Self::ClaimCharge(
                swarm.parse().ok()?,
                charge.parse().ok()?,
                task.parse().ok()?,
                (*token).to_owned(),
            ),
            ["default-budget"] => Self::DefaultBudget,
            ["breakers", scope @ ..] => Self::Breaker(scope.join("/").parse().ok()?),
            ["probes", scope @ ..] => Self::Probe(scope.join("/").parse().ok()?),
            ["approvals", scope @ .., id] => Self::Approval(scope.join("/").parse().ok()?, (*id).to_owned()),
            ["rails", purpose, provider] => Self::Rail(purpose.parse().ok()?, provider.parse().ok()?),
            ["reservations", task, claim] => Self::Reservation(task.parse().ok()?, claim.parse().ok()?),
            ["settlements", task, claim] => Self::Settlement(task.parse().ok()?, claim.parse().ok()?),
            ["reputation", swarm] => Self::Reputation(swarm.parse().ok()?),
            ["grades", swarm, task] => Self::Grade(swarm.parse().ok()?, task.parse().ok()?),
            ["escalations", id] => Self::Escalation((*id).to_owned()),
            ["deliveries", id, channel] => Self::Delivery((*id).to_owned(), channel.parse().ok()?),
            _ => return None,
        })
    }
}

/// A family of keys, for ranges and watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prefix {
    /// Everything in the namespace.
    All,
    /// Everything about all tasks.
    Tasks,
    /// Everything about one task.
    Task(TaskId),
    /// Who waits for a task.
    Dependents(TaskId),
    /// Everything about all swarms.
    Swarms,
    /// Everything about one swarm.
    Swarm(SwarmId),
    /// One swarm's connected workers.
    Sessions(SwarmId),
    /// One worker's assignments.
    Inbox(SwarmId, SessionId),
    /// One swarm's messages.
    Mail(SwarmId),
    /// The inverted index of capabilities.
    Offers,
    /// Who offers one capability.
    OffersOf(Capability),
    /// All budgets.
    Budgets,
    /// All breakers.
    Breakers,
    /// The breakers of all providers, and those that swarms have at them.
    ProviderBreakers,
    /// The breakers that swarms have at one provider.
    CallersOf(ProviderId),
    /// All charges.
    Charges,
    /// All settlements.
    Settlements,
    /// One task's settlements.
    SettlementsOf(TaskId),
    /// All reservations.
    Reservations,
    /// What is set aside for one task.
    ReservationsOf(TaskId),
    /// All trials under way.
    Probes,
    /// All escalations.
    Escalations,
    /// The escalations whose ids begin so.
    EscalationsLike(String),
    /// How all channels have taken all calls to people.
    Deliveries,
    /// How all channels have taken one call to people.
    DeliveriesOf(String),
    /// How far all tasks were graded.
    Grades,
    /// All reputations.
    Reputations,
    /// Everything about all contracts.
    Chassis,
    /// Every contract.
    Contracts,
    /// Every scoped credential.
    Credentials,
    /// What a swarm's tasks use now, process by process.
    LiveUsages(SwarmId),
    /// What hosts may use of the limits of all swarms.
    Shares,
    /// What hosts may use of one swarm's limits.
    SharesOf(SwarmId),
    /// What a swarm has called, provider by provider.
    CallsOf(SwarmId),
    /// Everybody who still needs history.
    Consumers,
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("/"),
            Self::Tasks => f.write_str("/tasks/"),
            Self::Task(task) => write!(f, "/tasks/{task}/"),
            Self::Dependents(task) => write!(f, "/dependents/{task}/"),
            Self::Swarms => f.write_str("/swarms/"),
            Self::Swarm(swarm) => write!(f, "/swarms/{swarm}/"),
            Self::Sessions(swarm) => write!(f, "/swarms/{swarm}/session/"),
            Self::Inbox(swarm, session) => write!(f, "/swarms/{swarm}/inbox/{session}/"),
            Self::Mail(swarm) => write!(f, "/swarms/{swarm}/mail/"),
            Self::Offers => f.write_str("/capabilities/"),
            Self::OffersOf(capability) => write!(f, "/capabilities/{capability}/"),
            Self::Budgets => f.write_str("/governor/budgets/"),
            Self::Breakers => f.write_str("/governor/breakers/"),
            Self::ProviderBreakers => f.write_str("/governor/breakers/provider/"),
            Self::CallersOf(provider) => write!(f, "/governor/breakers/provider/{provider}/"),
            Self::Charges => f.write_str("/governor/charges/"),
            Self::Settlements => f.write_str("/governor/settlements/"),
            Self::SettlementsOf(task) => write!(f, "/governor/settlements/{task}/"),
            Self::Reservations => f.write_str("/governor/reservations/"),
            Self::ReservationsOf(task) => write!(f, "/governor/reservations/{task}/"),
            Self::Probes => f.write_str("/governor/probes/"),
            Self::Escalations => f.write_str("/governor/escalations/"),
            Self::EscalationsLike(beginning) => write!(f, "/governor/escalations/{beginning}"),
            Self::Deliveries => f.write_str("/governor/deliveries/"),
            Self::DeliveriesOf(id) => write!(f, "/governor/deliveries/{id}/"),
            Self::Grades => f.write_str("/governor/grades/"),
            Self::Reputations => f.write_str("/governor/reputation/"),
            Self::Chassis => f.write_str("/chassis/"),
            Self::Contracts => f.write_str("/chassis/contracts/"),
            Self::Credentials => f.write_str("/chassis/credentials/"),
            Self::LiveUsages(swarm) => write!(f, "/chassis/metrics/{swarm}/live/"),
            Self::Shares => f.write_str("/chassis/shares/"),
            Self::SharesOf(swarm) => write!(f, "/chassis/shares/{swarm}/"),
            Self::CallsOf(swarm) => write!(f, "/chassis/metrics/{swarm}/calls/"),
            Self::Consumers => f.write_str("/coordinator/consumers/"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back_as_it_was_built() {
        let task: TaskId = "P0.1.1".parse().unwrap();
        let swarm: SwarmId = "session-4-sip".parse().unwrap();
        let session: SessionId = "00ab".parse().unwrap();
        let claim: ClaimId = "c1".parse().unwrap();
        let keys = [
            Key::Owner(task.clone()),
            Key::Record(task.clone()),
            Key::Payload(task.clone()),
            Key::Hold(task.clone()),
            Key::Result(task.clone()),
            Key::Dependent { task: task.clone(), dependent: "P0.1.2".parse().unwrap() },
            Key::Capabilities(swarm.clone()),
            Key::Profile(swarm.clone()),
            Key::SwarmStatus(swarm.clone()),
            Key::Session(swarm.clone(), session.clone()),
            Key::Presence(swarm.clone(), session.clone()),
            Key::Inbox(swarm.clone(), session.clone(), claim.clone()),
            Key::Mail(swarm.clone(), "0001".into()),
            Key::Reader(swarm.clone(), "0001".into()),
            Key::Offer("integration:sip".parse().unwrap(), swarm.clone()),
            Key::Budget(Scope::Swarm(swarm.clone())),
            Key::Budget(Scope::Overall),
            Key::DefaultBudget,
            Key::Breaker(Scope::Task(task.clone())),
            Key::Breaker(Scope::Provider("openai".parse().unwrap())),
            Key::Breaker(Scope::Caller("openai".parse().unwrap(), swarm.clone())),
            Key::Probe(Scope::Caller("openai".parse().unwrap(), swarm.clone())),
            Key::Probe(Scope::Swarm(swarm.clone())),
            Key::Approval(Scope::Swarm(swarm.clone()), "a1".into()),
            Key::Approval(Scope::Overall, "a1".into()),
            Key::Rail("llm".parse().unwrap(), "openai".parse().unwrap()),
            Key::Reservation(task.clone(), claim.clone()),
            Key::Settlement(task.clone(), claim),
            Key::ClaimCharge(swarm.clone(), "c2".parse().unwrap(), task.clone(), "0.42".into()),
            Key::Charge(swarm.clone(), "c2".parse().unwrap()),
            Key::Reputation(swarm.clone()),
            Key::Grade(swarm.clone(), task),
            Key::Escalation("e1".into()),
            Key::Delivery("e1".into(), "pager".parse().unwrap()),
            Key::Policy,
            Key::Contract(swarm.clone()),
            Key::EndedContract(swarm.clone()),
            Key::Credential("c3".parse().unwrap()),
            Key::Metrics(swarm.clone()),
            Key::Peaks(swarm.clone()),
            Key::LiveUsage(swarm.clone(), session.clone()),
            Key::Share(swarm.clone(), session),
            Key::Calls(swarm, "api.example.org:8443".parse().unwrap()),
            Key::Leader,
            Key::Epoch,
            Key::Vitals,
            Key::Pace,
            Key::Benchmark,
            Key::Consumer("witness-1".into()),
        ];
        for key in keys {
            assert_eq!(Key::parse(&key.to_string()), Some(key.clone()), "{key}");
        }
    }

    #[test]
    fn a_key_is_found_behind_any_namespace() {
        for namespace in ["", "team", "/team/", "a/b"] {
            let text = format!("{namespace}{}", Key::Epoch);
            assert_eq!(Key::parse_anywhere(&text), Some((namespace, Key::Epoch)), "{text}");
        }
        assert_eq!(Key::parse_anywhere("team/other"), None);
    }

    #[test]
    fn a_key_of_somebody_else_is_no_key_of_ours() {
        for text in
            ["", "/", "/tasks", "/tasks//owner", "/tasks/a/b/c", "/tasks/unclaimed/owner", "tasks/a/owner"]
        {
            assert_eq!(Key::parse(text), None, "{text:?}");
        }
    }
}
