//! Snapshots of the store: saving one, and making a store of one.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::runtime::{restore as restoring, save as saving};
use crate::coordinator::snapshot::Format;

/// What was done, and the command that goes on from there.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Answer<T> {
    #[serde(flatten)]
    pub(in crate::cli) outcome: T,
    pub(in crate::cli) next: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Snapshot {
    /// Where to save it. An engine saves what `restore` takes, an etcd what its own tools take
    file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Restore {
    /// A snapshot that was saved from an engine, by `ifctl coordinator snapshot` or `etcdctl snapshot save`
    file: PathBuf,
    /// The directory, which must have no store yet [default: ~/.if/coordinator]
    #[arg(long, value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,
}

pub(super) async fn snapshot(arguments: Snapshot, context: &Context) -> Result<Exit, Failure> {
    let store = context.store().await?;
    let outcome = saving::save(&store, &arguments.file, arguments.force).await?;
    let next = match outcome.format {
        Format::Engine => format!("ifctl coordinator restore {}", outcome.file.display()),
        Format::Etcd => format!("etcdutl snapshot restore {}", outcome.file.display()),
    };
    context.output.answer(&Answer { outcome, next }, view::coordinator::saved)?;
    Ok(Exit::Done)
}

pub(super) async fn restore(arguments: Restore, context: &Context) -> Result<Exit, Failure> {
    let data = arguments.data_dir.clone().unwrap_or_else(|| context.home.coordinator());
    let namespace = context.connection().namespace;
    let outcome = restoring::restore(&arguments.file, &data, &namespace).await?;
    let next = match arguments.data_dir {
        Some(data) => format!("ifctl coordinator start --data-dir {}", data.display()),
        None => "ifctl coordinator start".to_owned(),
    };
    context.output.answer(&Answer { outcome, next }, view::coordinator::restored)?;
    Ok(Exit::Done)
}
