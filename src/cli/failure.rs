//! Failures: what went wrong, why, and what to type next; the only place where an error becomes an exit code.

use std::fmt::{self, Display};
use std::path::Path;

use super::Exit;
use crate::certificate::CertificateError;
use crate::config::ConfigError;
use crate::coordinator::Reason;
use crate::coordinator::mail::MailError;
use crate::coordinator::runtime::bench::BenchError;
use crate::coordinator::runtime::restore::{RestoreError, StoreRestoreError};
use crate::coordinator::runtime::save::SaveError;
use crate::coordinator::runtime::start::{OpenError, StartError};
use crate::coordinator::runtime::worker::WorkError;
use crate::coordinator::service::{ClaimOutcome, CoordinatorError};
use crate::coordinator::task::State;
use crate::governor::runtime::PolicyFileError;
use crate::governor::service::{GovernorError, RailError};
use crate::governor::{PolicyError, Refusal, ResetRefusal};
use crate::id::{Capability, SwarmId, TaskId};
use crate::printable::{printable, printable_lines};
use crate::store::{Distrust, Key, Scope, StoreError};

/// An error on its way to the user.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    error: anyhow::Error,
    hint: Option<String>,
}

impl Failure {
    /// An error that ends the program with `exit`.
    pub fn new(exit: Exit, error: impl Into<anyhow::Error>) -> Self {
        Self { exit, error: error.into(), hint: None }
    }

    /// A failure that is a sentence of its own.
    pub fn message(exit: Exit, message: impl Display + fmt::Debug + Send + Sync + 'static) -> Self {
        Self::new(exit, anyhow::Error::msg(message))
    }

    /// A fault of the program or its machine.
    pub fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Exit::Internal, error)
    }

    /// Invalid input.
    pub fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// Told to stop while something was waited for that had not come.
    #[must_use]
    pub fn interrupted() -> Self {
        Self::message(Exit::TimedOut, "interrupted")
    }

    /// Says what to type next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Puts what was attempted before the error.
    #[must_use]
    pub fn context(mut self, context: impl Display + Send + Sync + 'static) -> Self {
        self.error = self.error.context(context);
        self
    }

    /// Writes the failure to standard error and gives its exit code.
    #[must_use]
    pub fn report(self) -> Exit {
        eprintln!("error: {}", printable_lines(&self.error.to_string()));
        for cause in self.error.chain().skip(1) {
            eprintln!("cause: {}", printable_lines(&cause.to_string()));
        }
        if let Some(hint) = self.hint {
            eprintln!("hint: {}", printable_lines(&hint));
        }
        self.exit
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let error = match error {
            StoreError::Certificate(error) => return error.into(),
            error => error,
        };
        let (exit, hint) = match &error {
            StoreError::Certificate(_) => (Exit::Usage, None),
            StoreError::Mixed { .. } => {
                (Exit::Usage, Some("ifctl --endpoints https://HOST:PORT,https://… …"))
            }
            StoreError::Distrusted { reason, .. } => distrusted(*reason),
            StoreError::Endpoint { .. } => (Exit::Usage, Some("ifctl --endpoints 127.0.0.1:2379 …")),
            StoreError::Unavailable { .. } => {
                (Exit::Unavailable, Some("ifctl coordinator start, or name another with --endpoints"))
            }
            StoreError::TimedOut { .. } => {
                (Exit::TimedOut, Some("ifctl coordinator health, or wait longer with --command-timeout"))
            }
            StoreError::Full { .. } => {
                (Exit::Unavailable, Some("make room on the store's disk; writing goes on by itself then"))
            }
            StoreError::LeaseLost => (Exit::StaleToken, Some("claim the task again")),
            StoreError::Compacted { .. } | StoreError::AuthChanged { .. } => {
                (Exit::Unavailable, Some("try again"))
            }
            StoreError::Malformed { key, .. } => {
                let hint = mended(key);
                return Self::new(Exit::Internal, error).hint(hint);
            }
            StoreError::CredentialsNeeded { .. } => {
                (Exit::Refused, Some("give --user and --password, or set IF_USER and IF_PASSWORD"))
            }
            StoreError::WrongCredentials { .. } => (
                Exit::Refused,
                Some(
                    "check --user and --password, or IF_USER and IF_PASSWORD; etcdctl user list names the users",
                ),
            ),
            StoreError::Forbidden(_) => (
                Exit::Refused,
                Some("etcdctl user get USER --detail shows what a user may do; root can grant more"),
            ),
            StoreError::Rejected(_) => (Exit::Refused, None),
        };
        let failure = Self::new(exit, error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// What replaces a value that nobody can read.
fn mended(key: &str) -> String {
    match Key::parse(key) {
        Some(Key::Budget(Scope::Swarm(swarm))) => {
            format!("ifctl governor set-budgets --per-swarm FILE replaces it, where FILE names {swarm}")
        }
        Some(Key::Budget(Scope::Task(task))) => {
            format!("ifctl governor set-budgets --task {task}=DOLLARS replaces it")
        }
        Some(Key::Budget(Scope::Overall)) => {
            "ifctl governor set-budgets --overall DOLLARS replaces it".to_owned()
        }
        Some(Key::DefaultBudget) => {
            "ifctl governor set-budgets --default-budget DOLLARS replaces it".to_owned()
        }
        Some(Key::Breaker(scope)) => format!("ifctl governor reset-circuit-breaker {scope} replaces it"),
        Some(Key::Escalation(id)) => format!("ifctl governor escalations resolve {id} replaces it"),
        Some(Key::Policy) => "ifctl governor policy apply FILE replaces it".to_owned(),
        _ => "somebody else wrote this key: mend or delete it".to_owned(),
    }
}

impl From<CertificateError> for Failure {
    fn from(error: CertificateError) -> Self {
        let hint = match &error {
            CertificateError::Unreadable { .. } => "name a file that this user can read",
            CertificateError::NoCertificate { .. } | CertificateError::Malformed { .. } => {
                "a certificate in PEM form begins with -----BEGIN CERTIFICATE-----"
            }
            CertificateError::NoKey { .. } => {
                "a key in PEM form begins with -----BEGIN PRIVATE KEY-----; it must not be encrypted"
            }
            CertificateError::Unusable { .. } => "RSA, ECDSA and Ed25519 are supported",
            CertificateError::Expired { .. } => "have it renewed by whoever signed it",
            CertificateError::Early { .. } => "wait, or set this machine's clock right",
            CertificateError::Mismatched { .. } => "name the key that the certificate was made for",
        };
        Self::usage(error).hint(hint)
    }
}

/// What people can do about a task that does not go on by itself; else look at it.
fn way_on(task: &TaskId, reason: Option<Reason>) -> String {
    match reason {
        Some(reason) if reason.is_given_up() => format!("ifctl coordinator retry {task} has it tried again"),
        Some(reason) if reason.is_blocked() => {
            format!("ifctl coordinator unblock {task} lets it go on as it is")
        }
        _ => format!("ifctl coordinator show {task}"),
    }
}

/// What it means that client and store cannot agree on TLS, and what to do.
fn distrusted(reason: Distrust) -> (Exit, Option<&'static str>) {
    let (exit, hint) = match reason {
        Distrust::Issuer => (Exit::Refused, "name the authority that has signed it with --cacert"),
        Distrust::Name => (Exit::Refused, "call the store by a name that its certificate has"),
        Distrust::Time => {
            (Exit::Refused, "have the store's certificate renewed, or set this machine's clock right")
        }
        Distrust::Certificate => (Exit::Refused, "have the store's certificate replaced"),
        Distrust::Client => (Exit::Refused, "show a certificate of its authority with --cert and --key"),
        Distrust::Plain => {
            (Exit::Usage, "leave out --cacert, --cert and --key, or write http:// before the endpoint")
        }
        Distrust::Encrypted => {
            (Exit::Usage, "write https:// before the endpoint, and name its authority with --cacert")
        }
    };
    (exit, Some(hint))
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = match &error {
            ConfigError::NoHome => "set IF_HOME to a directory of your own".to_owned(),
            ConfigError::Unreadable { path, .. } | ConfigError::Invalid { path, .. } => {
                format!(
                    "known keys of {}: endpoints, namespace, command_timeout_seconds, cacert, cert, key",
                    path.display()
                )
            }
        };
        Self::usage(error).hint(hint)
    }
}

impl From<CoordinatorError> for Failure {
    fn from(error: CoordinatorError) -> Self {
        match error {
            CoordinatorError::Store(error) => error.into(),
            CoordinatorError::Governor(error) => error.into(),
            CoordinatorError::Refused(refusal) => refusal.into(),
            CoordinatorError::Backlog(_)
            | CoordinatorError::TooLarge { .. }
            | CoordinatorError::TooManyDependencies { .. }
            | CoordinatorError::TooManyNeeds { .. } => Self::usage(error),
            CoordinatorError::NoTask { .. } => {
                Self::new(Exit::NothingFound, error).hint("ifctl coordinator tasks")
            }
            CoordinatorError::NoDependency { ref dependency, .. } => {
                let hint = format!("submit {dependency} first");
                Self::new(Exit::NothingFound, error).hint(hint)
            }
            CoordinatorError::Exists { ref task } => {
                let hint = format!("ifctl coordinator show {task}, or choose another name");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::Ended { ref task, .. } => {
                let hint =
                    format!("ifctl coordinator show {task}, or claim it with another --idempotency-key");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::NotEnded { ref task } => {
                let hint =
                    format!("leave out --total; or end it: ifctl coordinator complete {task} --cost …");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::NotHeld { cost, .. } => {
                let hint = format!(
                    "leave out --cost; or book it for whoever spent it: ifctl governor charge SWARM --operation … --cost {cost} --incurred"
                );
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::Unproven { ref task, .. } => {
                let hint = format!(
                    "ifctl coordinator show {task} lists its claims; what an older version settled bears no token"
                );
                Self::new(Exit::StaleToken, error).hint(hint)
            }
            CoordinatorError::WrongState { ref task, reason, .. } => {
                let hint = way_on(task, reason);
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::Stale { ref task, .. } => {
                let hint = format!("stop working on it; ifctl coordinator show {task}");
                Self::new(Exit::StaleToken, error).hint(hint)
            }
            CoordinatorError::Mail(MailError::Empty) => {
                Self::usage(error).hint("give the text, or - to read it from standard input")
            }
            CoordinatorError::Mail(MailError::TooLarge { .. }) => {
                Self::usage(error).hint("keep what is long where the reader finds it, and send its name")
            }
            CoordinatorError::NoLeader => Self::new(Exit::Unavailable, error)
                .hint("ifctl coordinator start, or claim a task by its name"),
            CoordinatorError::MailboxFull { ref swarm, .. } => {
                let hint = format!("ifctl coordinator mail read --swarm {swarm}");
                Self::new(Exit::Refused, error).hint(hint)
            }
            CoordinatorError::Forgotten { stream, oldest, .. } => {
                let hint = format!("ifctl coordinator {stream} --since {oldest} …");
                Self::new(Exit::NothingFound, error).hint(hint)
            }
            CoordinatorError::Unborn { stream, present, .. } => {
                let hint = format!("ifctl coordinator {stream} … begins with what comes after {present}");
                Self::usage(error).hint(hint)
            }
            CoordinatorError::Contended { .. }
            | CoordinatorError::MailboxBusy { .. }
            | CoordinatorError::SessionLost => Self::new(Exit::Unavailable, error).hint("try again"),
        }
    }
}

impl From<WorkError> for Failure {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Coordinator(error) => error.into(),
            WorkError::Program(error) => {
                Self::usage(error).hint("name an executable file by its path, or one that PATH has")
            }
            WorkError::Unstartable { .. } => Self::internal(error)
                .hint("its tasks were given back; put the program right and start the worker again"),
            WorkError::Thread(_) => Self::internal(error),
        }
    }
}

impl From<GovernorError> for Failure {
    fn from(error: GovernorError) -> Self {
        match error {
            GovernorError::Store(error) => error.into(),
            GovernorError::Refused(refusal) => refusal.into(),
            GovernorError::Rail(error) => error.into(),
            GovernorError::BudgetTooSmall { .. } => {
                Self::new(Exit::Refused, error).hint("ifctl governor budgets")
            }
            GovernorError::ChargedOtherwise { .. } => {
                Self::new(Exit::Conflict, error).hint("choose another --idempotency-key")
            }
            GovernorError::Busy { ref swarm, .. } => {
                let hint = format!(
                    "let it come to an end: ifctl governor show {swarm}; or: ifctl governor unregister {swarm} --force"
                );
                Self::new(Exit::Refused, error).hint(hint)
            }
            GovernorError::Reserved { .. } => Self::usage(error).hint("choose another name"),
            GovernorError::TooManyCapabilities { .. } => Self::usage(error),
            GovernorError::TooMuchHelp { ref task } => {
                let hint = format!("wait until some of it has ended: ifctl coordinator show {task}");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            GovernorError::NoEscalation { .. } => {
                Self::new(Exit::NothingFound, error).hint("ifctl governor escalations list --all")
            }
            GovernorError::Settled { ref id } => {
                let hint = format!("ifctl governor escalations show {id}");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            GovernorError::UnknownSwarm { .. } => {
                Self::new(Exit::NothingFound, error).hint("ifctl coordinator swarms")
            }
            GovernorError::NotReset { ref scope, refusal } => match refusal {
                ResetRefusal::Closed => {
                    Self::new(Exit::NothingFound, error).hint("ifctl governor circuit-breakers")
                }
                ResetRefusal::Spent { .. } | ResetRefusal::NothingLeft { .. } => {
                    let hint = format!("ifctl governor reset-circuit-breaker {scope} --new-budget DOLLARS …");
                    Self::new(Exit::Refused, error).hint(hint)
                }
            },
            GovernorError::BreakerChanged { ref scope } | GovernorError::OpenByHand { ref scope, .. } => {
                let hint = format!("ifctl governor circuit-breakers {scope}");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            GovernorError::NoBudget { .. } => Self::usage(error).hint("leave out --new-budget"),
            GovernorError::BreakerBusy { .. }
            | GovernorError::Conflict { .. }
            | GovernorError::NotLeading
            | GovernorError::OverallConflict { .. }
            | GovernorError::TaskConflict { .. } => Self::new(Exit::Unavailable, error).hint("try again"),
        }
    }
}

impl From<RailError> for Failure {
    fn from(error: RailError) -> Self {
        let (exit, hint) = match &error {
            RailError::UnknownPurpose { .. } => {
                (Exit::NothingFound, "ifctl governor rails; the policy's section rails names them".to_owned())
            }
            RailError::UnknownProvider { purpose, .. } => {
                (Exit::NothingFound, format!("ifctl governor rails show {purpose}"))
            }
            RailError::Broken { purpose, .. } => {
                (Exit::Refused, format!("ifctl governor rails show {purpose} --explain"))
            }
            RailError::Busy { .. } => (Exit::Unavailable, "try again".to_owned()),
        };
        Self::new(exit, error).hint(hint)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let hint = match &refusal {
            Refusal::Capability { swarm, .. } => {
                format!("ifctl governor find-help --required …, or register {swarm} with what it lacks")
            }
            Refusal::Garbled { swarm } => {
                format!("write it anew: ifctl governor register {swarm} --capabilities … --cost-per-hour …")
            }
            Refusal::BreakerOpen { swarm, .. } | Refusal::ProbeUnderWay { swarm, .. } => {
                format!("ifctl governor circuit-breakers {swarm}")
            }
            Refusal::Budget { .. }
            | Refusal::Overall { .. }
            | Refusal::TaskBudget { .. }
            | Refusal::TooExpensive { .. } => "ifctl governor budgets".to_owned(),
        };
        Self::new(Exit::Refused, refusal).hint(hint)
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        Self::usage(error).hint("ifctl governor policy show --default lists every key with its meaning")
    }
}

impl From<PolicyFileError> for Failure {
    fn from(error: PolicyFileError) -> Self {
        match error {
            PolicyFileError::Invalid(error) => error.into(),
            PolicyFileError::Unreadable { ref path, .. } if error.is_missing() => {
                let shown = |path: &Path| printable(&path.to_string_lossy());
                let hint = format!(
                    "mkdir -p '{}' && ifctl governor policy show --default > '{}' makes one",
                    shown(path.parent().unwrap_or(path)),
                    shown(path)
                );
                Self::usage(error).hint(hint)
            }
            PolicyFileError::Unreadable { .. } => Self::usage(error).hint("name a readable file"),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Coordinator(error) => error.into(),
            StartError::Listen { .. } => Self::new(Exit::Conflict, error).hint(
                "ifctl coordinator status tells whether a coordinator runs there; --listen 127.0.0.1:0 takes any free port",
            ),
            StartError::Exposed(_) => Self::new(Exit::Refused, error).hint(
                "listen on 127.0.0.1; or turn authentication on there (etcdctl auth enable) and give --cert-file and --key-file",
            ),
            StartError::Certificate(error) => error.into(),
            StartError::Directory { .. } => Self::usage(error).hint("name another with --data-dir or IF_HOME"),
            StartError::Relic { .. } => Self::new(Exit::Refused, error)
                .hint("move the file away to start empty, or name another directory with --data-dir"),
            StartError::Open(error) => error.into(),
            StartError::Serve(_) | StartError::Stopped => Self::internal(error),
        }
    }
}

impl From<RestoreError> for Failure {
    fn from(error: RestoreError) -> Self {
        match error {
            RestoreError::Unreadable { .. } => Self::usage(error).hint("name a readable snapshot"),
            RestoreError::NoSnapshot { .. } => {
                Self::usage(error).hint("ifctl coordinator snapshot FILE saves one from a running coordinator")
            }
            RestoreError::OfEtcd { .. } => Self::usage(error).hint(
                "etcdutl snapshot restore makes an etcd of it; ifctl coordinator start --backend etcd uses that",
            ),
            RestoreError::Damaged { .. } => {
                Self::usage(error).hint("copy it again from where it was saved, or restore another")
            }
            RestoreError::NoEpoch { ref key, .. } => {
                let hint = format!("put a number into {key} where it was saved, and save it again");
                Self::new(Exit::Refused, error).hint(hint)
            }
            RestoreError::UnderWay { .. } => Self::new(Exit::Conflict, error).hint("wait until it has ended"),
            RestoreError::Directory { .. } => {
                Self::usage(error).hint("name another with --data-dir or IF_HOME")
            }
            RestoreError::Store(StoreRestoreError::Open(error)) => error.into(),
            RestoreError::Store(StoreRestoreError::Occupied { .. }) => Self::new(Exit::Conflict, error)
                .hint("name another directory with --data-dir, or move that one away"),
            RestoreError::Store(_) | RestoreError::Refused(_) => Self::internal(error),
        }
    }
}

impl From<BenchError> for Failure {
    fn from(error: BenchError) -> Self {
        match error {
            BenchError::Coordinator(error) => error.into(),
            BenchError::TooSlow { .. } => Self::new(Exit::TimedOut, error)
                .hint("ifctl coordinator bench with fewer --watchers, or: ifctl coordinator health"),
            BenchError::Disk { .. } => Self::usage(error).hint("name another home with IF_HOME"),
            BenchError::Interrupted => Self::interrupted(),
            BenchError::Name(_) | BenchError::NotWon { .. } | BenchError::Broken(_) => Self::internal(error),
        }
    }
}

impl From<SaveError> for Failure {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Exists { .. } => {
                Self::new(Exit::Conflict, error).hint("name another file, or replace it with --force")
            }
            SaveError::Unwritable { .. } => Self::usage(error).hint("name a file in a directory of your own"),
            SaveError::Incomplete { .. } => Self::new(Exit::Unavailable, error).hint("try again"),
            SaveError::Store(error) => error.into(),
        }
    }
}

impl Failure {
    /// A claim that was not won.
    pub(super) fn from_claim(task: &TaskId, swarm: &SwarmId, outcome: ClaimOutcome) -> Self {
        let show = format!("ifctl coordinator show {task}");
        match outcome {
            ClaimOutcome::Won { .. } => Self::message(Exit::Internal, format!("{swarm} has won {task}")),
            ClaimOutcome::Lost { holder } => {
                Self::message(Exit::Conflict, format!("task {task} is claimed by {holder}")).hint(show)
            }
            ClaimOutcome::NotReady { state, reason, unmet, last_holder } => {
                let hint = way_on(task, reason);
                let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
                let unmet: Vec<_> = unmet.iter().map(TaskId::as_str).collect();
                let waits = if unmet.is_empty() {
                    String::new()
                } else {
                    format!(", waiting for {}", unmet.join(", "))
                };
                let held = last_holder.map_or_else(String::new, |holder| format!("; {holder} held it last"));
                Self::message(Exit::Conflict, format!("task {task} is {state}{reason}{waits}{held}"))
                    .hint(hint)
            }
            ClaimOutcome::Directed { to } => {
                Self::message(Exit::Refused, format!("task {task} is meant for {to}, not for {swarm}"))
                    .hint(show)
            }
            ClaimOutcome::Refused(refusal) => refusal.into(),
            ClaimOutcome::Missing => Self::message(Exit::NothingFound, format!("there is no task {task}"))
                .hint("ifctl coordinator tasks"),
        }
    }

    /// Help is for tasks that are blocked.
    pub(super) fn not_blocked(task: &TaskId, state: State, reason: Option<Reason>) -> Self {
        let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
        Self::message(Exit::Conflict, format!("task {task} is {state}{reason}, so it needs no help")).hint(format!(
            "ifctl coordinator show {task}; whoever holds it says what it needs with ifctl coordinator block {task}"
        ))
    }

    /// Help is under way, and is not asked otherwise.
    pub(super) fn question_stays(task: &TaskId) -> Self {
        Self::message(Exit::Conflict, format!("help for {task} is under way: its question stays as it was"))
            .hint(format!(
                "wait until that help has ended, or cancel it: ifctl coordinator show {task} names it"
            ))
    }

    /// Nobody can help a blocked task; a human is called, unless that was only to be tried.
    pub(super) fn nobody_helps(task: &TaskId, needs: &[Capability], escalation: Option<&str>) -> Self {
        let needs: Vec<_> = needs.iter().map(Capability::as_str).collect();
        let needs = if needs.is_empty() { "nothing in particular".to_owned() } else { needs.join(", ") };
        let (called, hint) = match escalation {
            Some(escalation) => (
                format!(": escalation {escalation} calls a human"),
                format!(
                    "register who can help, then: ifctl governor request-help {task}; or answer the question, \
                     then: ifctl coordinator unblock {task}"
                ),
            ),
            None => (String::new(), "--explain says what speaks against each".to_owned()),
        };
        Self::message(Exit::NothingFound, format!("nobody qualifies to help {task} with {needs}{called}"))
            .hint(hint)
    }

    /// Nobody can do what is needed at that price; `considered` says whether somebody offers a part of it.
    pub(super) fn nobody_qualifies(required: &[Capability], considered: bool) -> Self {
        let needs: Vec<_> = required.iter().map(Capability::as_str).collect();
        let needs = if needs.is_empty() { "anything".to_owned() } else { needs.join(", ") };
        let hint = if considered {
            "the table says what spoke against each; ifctl governor register adds a swarm"
        } else {
            "nobody offers any of it; ifctl governor register adds a swarm"
        };
        Self::message(Exit::NothingFound, format!("nobody qualifies for {needs}")).hint(hint)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Locked { .. } => Self::new(Exit::Conflict, error)
                .hint("ifctl coordinator status finds the one that runs; --data-dir takes another directory"),
            OpenError::Corrupt { .. } => Self::new(Exit::Refused, error)
                .hint("move the directory away; ifctl coordinator restore FILE brings a snapshot back"),
            OpenError::Format { .. } => {
                Self::new(Exit::Refused, error).hint("start the version that wrote it")
            }
            OpenError::Storage { .. } | OpenError::Thread(_) => Self::internal(error),
        }
    }
}
