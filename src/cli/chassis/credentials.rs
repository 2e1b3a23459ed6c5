//! `ifctl chassis credentials`: for a while, one task may call some of what its contract allows.

use std::io::{self, Write};
use std::time::Duration;

use clap::Args;

use crate::chassis::Revocation;
use crate::chassis::credential::{Credential, Grant, Ttl};
use crate::chassis::egress::{Method, Pattern, SecretName};
use crate::cli::{Context, Exit, Failure, view};
use crate::id::{CredentialId, SwarmId, TaskId};

#[derive(Debug, Args)]
pub(in crate::cli) struct Credentials {
    /// The swarm
    swarm: SwarmId,
    /// The task it is for
    #[arg(long, value_name = "TASK")]
    task_id: Option<TaskId>,
    /// How long it lasts, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "300")]
    ttl: Ttl,
    /// The URLs it is for, with all that lies below them; also --endpoints, as the original design has it, which is
    /// therefore no option of the store here [default: all that the contract allows]
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    urls: Vec<Pattern>,
    /// The methods it is for [default: all that the contract allows]
    #[arg(long, value_name = "METHOD", value_delimiter = ',')]
    methods: Vec<Method>,
    /// The secrets that go with its calls [default: all that the contract sends]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    secret: Vec<SecretName>,
    /// List the swarm's credentials, or those for the task
    #[arg(long, conflicts_with_all = ["ttl", "urls", "methods", "secret", "revoke", "all"])]
    list: bool,
    /// Take back this one, from this moment on
    #[arg(long, value_name = "ID", conflicts_with_all = ["ttl", "urls", "methods", "secret", "all", "task_id"])]
    revoke: Option<CredentialId>,
    /// Take back all of the swarm's, or all for the task
    #[arg(long, conflicts_with_all = ["ttl", "urls", "methods", "secret"])]
    all: bool,
}

pub(super) async fn credentials(arguments: Credentials, context: &Context) -> Result<Exit, Failure> {
    if arguments.list {
        let mut all = context.chassis().await?.credentials(&arguments.swarm).await?;
        if arguments.task_id.is_some() {
            all.retain(|credential| credential.task == arguments.task_id);
        }
        context
            .output
            .answer(&all, |all: &Vec<Credential>| view::chassis::credentials(all, context.clock.now()))?;
        return Ok(Exit::Done);
    }
    let whose = match (arguments.revoke.clone(), arguments.all, arguments.task_id.clone()) {
        (Some(id), ..) => Some(Revocation::One(id)),
        (None, true, Some(task)) => Some(Revocation::Task(task)),
        (None, true, None) => Some(Revocation::All),
        (None, false, _) => None,
    };
    match whose {
        Some(whose) => revoke(&arguments.swarm, &whose, context).await,
        None => issue(arguments, context).await,
    }
}

async fn revoke(swarm: &SwarmId, whose: &Revocation, context: &Context) -> Result<Exit, Failure> {
    let revoked = context.chassis().await?.revoke(swarm, whose).await?;
    context
        .output
        .answer(&revoked, |all: &Vec<Credential>| view::chassis::credentials(all, context.clock.now()))?;
    Ok(Exit::Done)
}

/// The handle alone goes to standard output: `IF_CREDENTIAL=$(ifctl chassis credentials …)`.
async fn issue(arguments: Credentials, context: &Context) -> Result<Exit, Failure> {
    let grant = Grant {
        swarm: arguments.swarm,
        task: arguments.task_id,
        ttl: Duration::from_secs(arguments.ttl.get().into()),
        endpoints: arguments.urls,
        methods: arguments.methods,
        secrets: arguments.secret,
    };
    let issued = context.chassis().await?.issue(grant).await?;
    let credential = &issued.credential;
    let mut document = serde_json::to_value(credential).map_err(Failure::internal)?;
    document["handle"] = issued.handle.reveal().into();
    let handle = issued.handle.reveal().to_owned();
    context.output.answer(&document, |_| handle)?;
    // Whoever does not read this misses nothing that the list does not show.
    let _ = writeln!(
        io::stderr(),
        "credential {} of {}, until {}; it is shown this once",
        credential.id,
        credential.swarm,
        credential.expires_at
    );
    Ok(Exit::Done)
}
