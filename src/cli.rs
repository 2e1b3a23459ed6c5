//! The command line: arguments become one call of a service, its answer one table or document.
//!
//! Sees services and views only. Everything a user reads is written here; the library never prints.

mod chassis;
mod coordinator;
mod demo;
mod exit;
mod failure;
mod fence;
mod governor;
mod options;
mod output;
mod progress;
mod redraw;
mod view;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

pub use exit::Exit;
pub use failure::Failure;
pub use options::{Context, GlobalOptions, Span};

use crate::chassis::become_cell;

/// Coordination for swarms of AI agents: tasks claimed exactly once, budgets that hold, a sandbox for untrusted code.
#[derive(Debug, Parser)]
#[command(name = "ifctl", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    global: GlobalOptions,
    #[command(subcommand)]
    component: Component,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 internal error, 2 usage or invalid input, 3 nothing found, 4 conflict, 5 stale token,
6 refused, 7 unavailable (retry), 8 timed out or interrupted, 9 the work itself failed, 10 unhealthy.";

#[derive(Debug, Subcommand)]
enum Component {
    /// Tasks: submitted, claimed exactly once, pushed, completed
    #[command(subcommand)]
    Coordinator(Box<coordinator::Verb>),
    /// Swarms, their capabilities, their money
    #[command(subcommand)]
    Governor(governor::Verb),
    /// Untrusted code: contracts, the sandbox, what it measured
    #[command(subcommand)]
    Chassis(chassis::Verb),
    /// Tokens, for what lies outside the store
    #[command(subcommand)]
    Fence(fence::Verb),
    /// Watch seven swarms share out a real backlog: starts everything it needs, and ends it again
    Demo(demo::Demo),
    /// Write the completion script of a shell to standard output
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Parses the arguments, runs, and reports a failure; the program's exit code.
#[must_use]
pub fn main() -> ExitCode {
    // Namespaces are for whoever has no threads yet.
    if let Some(ended) = become_cell(std::env::args_os()) {
        return ended;
    }
    let cli = Cli::parse_from(chassis::spelled_out(std::env::args_os()));
    options::start_log(cli.global.verbose);
    let ended = match run(cli) {
        Ok(exit) => exit,
        Err(failure) => failure.report(),
    };
    ended.into()
}

fn run(cli: Cli) -> Result<Exit, Failure> {
    if let Component::Completions { shell } = cli.component {
        return output::completions(shell, &mut Cli::command());
    }
    // Builds for tests have failpoints, which FAILPOINTS in the environment switches on.
    let _failpoints = fail::has_failpoints().then(fail::FailScenario::setup);
    let context = Context::resolve(cli.global)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::internal)?;
    let ended = runtime.block_on(async {
        match cli.component {
            Component::Coordinator(verb) => coordinator::run(*verb, &context).await,
            Component::Governor(verb) => governor::run(verb, &context).await,
            Component::Chassis(verb) => chassis::run(verb, &context).await,
            Component::Fence(verb) => fence::run(verb, &context).await,
            Component::Demo(arguments) => demo::demo(arguments, &context).await,
            Component::Completions { .. } => Ok(Exit::Done),
        }
    });
    runtime.shutdown_background();
    ended
}
