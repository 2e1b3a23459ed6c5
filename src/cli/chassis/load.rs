//! `ifctl chassis load`: a swarm's code under its contract.

use std::path::PathBuf;

use clap::Args;

use crate::chassis::{LoadStep, LoadWish};
use crate::cli::{Context, Exit, Failure, progress, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Load {
    /// The swarm, the same as in the contract
    swarm: SwarmId,
    /// The code: a WebAssembly module, binary or text [default: that of the contract; none if it has a container only]
    #[arg(long, value_name = "FILE")]
    wasm: Option<PathBuf>,
    /// The contract, in YAML
    #[arg(long, value_name = "FILE")]
    contract: PathBuf,
    /// Also an older version, other code under the same version or weaker terms than those in force; recorded
    #[arg(long)]
    replace: bool,
}

pub(super) async fn load(arguments: Load, context: &Context) -> Result<Exit, Failure> {
    let Load { swarm, wasm, contract, replace } = arguments;
    let chassis = context.chassis().await?;
    let spinner = progress::spinner();
    let show = |step| spinner.set_message(message(step));
    let loaded = chassis.load(LoadWish { swarm, wasm, contract, replace }, show).await;
    spinner.finish_and_clear();
    context.output.answer(&loaded?, view::chassis::loaded)?;
    Ok(Exit::Done)
}

fn message(step: LoadStep) -> String {
    match step {
        LoadStep::Compiling { bytes } => format!("compiling {} KiB", bytes.div_ceil(1 << 10)),
        LoadStep::Starting => "starting an instance".to_owned(),
        LoadStep::Keeping => "keeping".to_owned(),
    }
}
