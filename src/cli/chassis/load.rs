//! `ifctl chassis load`: a swarm's code under its contract.

use std::path::PathBuf;

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Load {
    /// The swarm, the same as in the contract
    swarm: SwarmId,
    /// The code: a WebAssembly module, binary or text [default: that of the contract]
    #[arg(long, value_name = "FILE")]
    wasm: Option<PathBuf>,
    /// The contract, in YAML
    #[arg(long, value_name = "FILE")]
    contract: PathBuf,
}

pub(super) async fn load(arguments: Load, context: &Context) -> Result<Exit, Failure> {
    let chassis = context.chassis().await?;
    let loaded = chassis.load(&arguments.swarm, arguments.wasm.as_deref(), &arguments.contract).await?;
    context.output.answer(&loaded, view::chassis::loaded)?;
    Ok(Exit::Done)
}
