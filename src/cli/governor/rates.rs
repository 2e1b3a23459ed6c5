//! `ifctl governor rates`: what calls cost by what their answers say was used.

use std::path::PathBuf;

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::governor::runtime::read_rates;

#[derive(Debug, Args)]
pub(in crate::cli) struct Rates {
    /// The file [default: ~/.if/governor/rates.yaml]
    file: Option<PathBuf>,
}

pub(super) fn rates(arguments: Rates, context: &Context) -> Result<Exit, Failure> {
    let table = read_rates(&arguments.file.unwrap_or_else(|| context.home.rates()))?;
    context.output.answer(&table, view::governor::rates)?;
    Ok(Exit::Done)
}
