//! `ifctl chassis load`: a swarm's code under its contract.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use crate::chassis::{LoadStep, LoadWish, Loaded};
use crate::cli::{Context, Exit, Failure, progress, view};
use crate::governor::service::Change;
use crate::id::SwarmId;
use crate::money::Money;

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
    let loaded = loaded?;
    context.output.answer(&loaded, view::chassis::loaded)?;
    let known = &loaded.registered;
    let is_new = known.change == Change::Created && known.cost_per_hour == Money::ZERO;
    if is_new && !known.capabilities.is_empty() {
        say_what_it_costs(&loaded);
    }
    Ok(Exit::Done)
}

/// A swarm that the contract makes known has no price, which nobody would expect to win against every other.
fn say_what_it_costs(loaded: &Loaded) {
    let swarm = loaded.loaded.contract.swarm_id();
    let offered: Vec<String> = loaded.registered.capabilities.iter().map(ToString::to_string).collect();
    let offered = offered.join(",");
    // Whoever does not read this sees the cost in the answer.
    let _ = writeln!(
        io::stderr(),
        "note: an hour of {swarm} costs nothing, so that it goes before all that cost something, until you say otherwise: \
         ifctl governor register {swarm} --capabilities {offered} --cost-per-hour DOLLARS"
    );
}

fn message(step: LoadStep) -> String {
    match step {
        LoadStep::Compiling { bytes } => format!("compiling {} KiB", bytes.div_ceil(1 << 10)),
        LoadStep::Starting => "starting an instance".to_owned(),
        LoadStep::Keeping => "keeping".to_owned(),
    }
}
