//! `ifctl chassis secrets`: what services are told of this host, and no guest ever sees.

use std::io::{self, IsTerminal, Read};

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::chassis::egress::SecretName;
use crate::chassis::{SecretSource, Secrets, SecretsError};
use crate::cli::{Context, Exit, Failure, view};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Verb {
    /// Set a secret: from standard input, or asked for at a terminal
    Set(Set),
    /// List the secrets of this host, and where each comes from; never their values
    List,
    /// Forget a secret
    Remove {
        /// Its name
        name: SecretName,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Set {
    /// Its name, as contracts have it
    name: SecretName,
    /// Read it from this variable of whoever runs tasks, each time it is needed
    #[arg(long, value_name = "VARIABLE", conflicts_with = "from_command")]
    from_env: Option<String>,
    /// Have this program print it, each time it is needed; the last option
    #[arg(long, value_name = "WORDS", num_args = 1.., allow_hyphen_values = true)]
    from_command: Option<Vec<String>>,
}

/// A secret in a list.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct SecretLine {
    pub(in crate::cli) name: SecretName,
    pub(in crate::cli) from: String,
}

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let secrets = Secrets::of(&context.home);
    match verb {
        Verb::Set(set) => {
            let name = set.name.clone();
            secrets.set(&name, source(set)?)?;
        }
        Verb::Remove { name } => secrets.remove(&name)?,
        Verb::List => {
            let sources = secrets.list()?;
            let lines: Vec<SecretLine> = sources
                .iter()
                .map(|(name, source)| SecretLine { name: name.clone(), from: source.describe() })
                .collect();
            context.output.answer(&lines, |lines| view::chassis::secrets(lines))?;
        }
    }
    Ok(Exit::Done)
}

fn source(set: Set) -> Result<SecretSource, Failure> {
    match (set.from_env, set.from_command) {
        (Some(variable), _) => Ok(SecretSource::Environment(variable)),
        (_, Some(words)) => Ok(SecretSource::Command(words)),
        (None, None) => ask(&set.name).map(SecretSource::Value),
    }
}

/// A value is never an argument: those can be read by everybody on the machine.
fn ask(name: &SecretName) -> Result<String, Failure> {
    let read = if io::stdin().is_terminal() {
        rpassword::prompt_password(format!("{name}: "))
    } else {
        let mut value = String::new();
        io::stdin().lock().take(64 << 10).read_to_string(&mut value).map(|_| value)
    };
    let value = read.map_err(|error| Failure::usage(error).context("cannot read the secret"))?;
    Ok(value.trim_end_matches(['\r', '\n']).to_owned())
}

impl From<SecretsError> for Failure {
    fn from(error: SecretsError) -> Self {
        let (exit, hint) = match &error {
            SecretsError::NotSet(name) => {
                (Exit::NothingFound, Some(format!("ifctl chassis secrets set {name}")))
            }
            SecretsError::Exposed { path, .. } => {
                (Exit::Refused, Some(format!("chmod 600 {}", path.display())))
            }
            SecretsError::Malformed { path } => {
                (Exit::Usage, Some(format!("move {} away, and set the secrets again", path.display())))
            }
            SecretsError::Invalid { .. } => (Exit::Usage, None),
            SecretsError::File { .. }
            | SecretsError::NoVariable(_)
            | SecretsError::Program { .. }
            | SecretsError::Failed { .. }
            | SecretsError::TimedOut { .. } => (Exit::Internal, None),
        };
        let failure = Self::new(exit, error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
