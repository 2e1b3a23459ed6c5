//! `ifctl governor policy …`: which policy is in force, what a file would change, and putting it in force.

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use crate::cli::{Context, Exit, Failure, view};
use crate::governor::policy::{Difference, InForce, LeadersPolicy, Policy, differences};
use crate::governor::runtime::{PolicyFileError, read_policy};
use crate::governor::service::{Declared, GovernorError};
use crate::store::StoreError;

/// What can be asked about policies.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Verb {
    /// Show the policy in force, as a policy file that says where it came from
    Show {
        /// Show the built-in policy instead, with every key explained
        #[arg(long)]
        default: bool,
    },
    /// Check policy files; exit 2 names the first error of each that is none
    Validate {
        /// The files [default: ~/.if/governor/policy.yaml]
        files: Vec<PathBuf>,
    },
    /// Show where a policy file differs from what is in force
    Diff {
        /// The file [default: ~/.if/governor/policy.yaml]
        file: Option<PathBuf>,
    },
    /// Put a policy in force and register the swarms it declares, until the leading coordinator's file changes
    Apply {
        /// The file [default: ~/.if/governor/policy.yaml]
        file: Option<PathBuf>,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Show { default: true } => show_default(context),
        Verb::Show { default: false } => show(context).await,
        Verb::Validate { files } => validate(files, context),
        Verb::Diff { file } => diff(file, context).await,
        Verb::Apply { file, dry_run } => apply(file, dry_run, context).await,
    }
}

fn show_default(context: &Context) -> Result<Exit, Failure> {
    let built_in = Policy::default();
    context.output.answer(&built_in, |_| crate::governor::policy::DEFAULT.to_owned())?;
    Ok(Exit::Done)
}

async fn show(context: &Context) -> Result<Exit, Failure> {
    let in_force = context.governor().await?.policy_in_force().await?;
    context.output.answer(&in_force.unwrap_or_else(InForce::by_default), view::governor::policy)?;
    Ok(Exit::Done)
}

/// What became of one file.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct FileVerdict {
    pub(in crate::cli) file: String,
    pub(in crate::cli) valid: bool,
    /// The first error in it, with its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl FileVerdict {
    fn of(file: &Path, outcome: &Result<LeadersPolicy, PolicyFileError>) -> Self {
        let error = outcome.as_ref().err().map(whole);
        Self { file: file.display().to_string(), valid: error.is_none(), error }
    }
}

/// An error with its causes.
fn whole(error: &PolicyFileError) -> String {
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn validate(files: Vec<PathBuf>, context: &Context) -> Result<Exit, Failure> {
    let files = if files.is_empty() { vec![context.home.policy()] } else { files };
    let (mut verdicts, mut failures) = (Vec::new(), Vec::new());
    for file in files {
        let outcome = read_policy(&file);
        verdicts.push(FileVerdict::of(&file, &outcome));
        failures.extend(outcome.err().map(Failure::from));
    }
    context.output.answer(&verdicts, |verdicts| view::governor::verdicts(verdicts))?;
    let Some(last) = failures.pop() else { return Ok(Exit::Done) };
    for failure in failures {
        let _ = failure.report();
    }
    Err(last)
}

async fn diff(file: Option<PathBuf>, context: &Context) -> Result<Exit, Failure> {
    let (_, other) = read(file, context)?;
    let in_force = context.governor().await?.policy().await?;
    let found = differences(&in_force, &other.policy);
    context.output.answer(&found, |found| view::governor::differences(found))?;
    Ok(Exit::Done)
}

/// What applying a policy did, or would do.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Applied {
    /// Whether it is only what would be.
    pub(in crate::cli) dry_run: bool,
    /// Where it differs from what was in force before.
    pub(in crate::cli) differences: Vec<Difference>,
    /// What becomes of the swarms it declares.
    pub(in crate::cli) registry: Vec<Declared>,
}

async fn apply(file: Option<PathBuf>, dry_run: bool, context: &Context) -> Result<Exit, Failure> {
    let (path, LeadersPolicy { policy, file }) = read(file, context)?;
    let (governor, by) = (context.governor().await?, context.person());
    let before = match governor.policy_in_force().await {
        // What cannot be read is replaced as a whole.
        Err(GovernorError::Store(StoreError::Malformed { .. })) => None,
        before => before?,
    };
    let before = before.unwrap_or_else(InForce::by_default);
    let differences = differences(&before.policy, &policy);
    let registry = if dry_run {
        governor.plan_registry(&policy, &by).await?
    } else {
        let file = file.map_or_else(|| path.display().to_string(), |file| file.path);
        governor.apply_policy(&policy, &file, &by).await?;
        governor.apply_registry(&policy, &by, None).await?
    };
    let applied = Applied { dry_run, differences, registry };
    context.output.answer(&applied, view::governor::applied)?;
    eprintln!(
        "{}",
        if dry_run {
            "nothing was written"
        } else {
            "in force until the file of the leading coordinator changes, or the next apply"
        }
    );
    match applied.registry.iter().filter(|declared| declared.problem.is_some()).count() {
        0 => Ok(Exit::Done),
        refused => Err(Failure::message(
            Exit::Refused,
            format!("{refused} of {} swarms cannot be registered as declared", applied.registry.len()),
        )
        .hint("the answer says why; the others are registered")),
    }
}

/// The file that was named, else the configured one.
fn read(file: Option<PathBuf>, context: &Context) -> Result<(PathBuf, LeadersPolicy), PolicyFileError> {
    let path = file.unwrap_or_else(|| context.home.policy());
    let policy = read_policy(&path)?;
    Ok((path, policy))
}
