//! `ifctl chassis compile`: a file in Python or C becomes a guest.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use indicatif::ProgressBar;

use crate::chassis::{CompileError, CompileStep, CompileWish, Compiler, ToolboxError};
use crate::cli::{Context, Exit, Failure, progress, view};

#[derive(Debug, Args)]
pub(in crate::cli) struct Compile {
    /// The file: .py with `def execute_task(task)`, or .c with the exports of a core module
    file: PathBuf,
    /// Where the guest is to be, also as --output FILE [default: beside the file, with .wasm at the end of its name]
    #[arg(long, value_name = "FILE")]
    wasm: Option<PathBuf>,
    /// How long the tool may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86400))]
    timeout: u64,
    /// Run the tool with all your rights: the file can then read and change whatever you can
    #[arg(long)]
    without_sandbox: bool,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
}

pub(super) async fn compile(arguments: Compile, context: &Context) -> Result<Exit, Failure> {
    let Compile { file: source, wasm: output, timeout, without_sandbox, quiet } = arguments;
    let limit = Duration::from_secs(timeout);
    let spinner = if quiet { ProgressBar::hidden() } else { progress::spinner() };
    let shown = spinner.clone();
    let show = move |step| shown.set_message(message(&step));
    let compiler = Compiler::of(&context.home, context.clock.clone());
    let compiled = compiler.compile(CompileWish { source, output, limit, without_sandbox }, show).await;
    spinner.finish_and_clear();
    context.output.answer(&compiled?, view::chassis::compiled)?;
    Ok(Exit::Done)
}

fn message(step: &CompileStep) -> String {
    match step {
        CompileStep::Installing(tool) => format!("installing {tool}"),
        CompileStep::Compiling(tool) => format!("compiling with {tool}"),
        CompileStep::Checking { bytes } => format!("checking {} KiB", bytes.div_ceil(1 << 10)),
    }
}

const PYTHON_NEEDED: &str =
    "install Python 3.9 or later with pip; on Debian: sudo apt-get install python3 python3-pip";

impl From<CompileError> for Failure {
    fn from(error: CompileError) -> Self {
        let (exit, hint) = match &error {
            CompileError::Unknown { .. } => {
                (Exit::Usage, Some("docs/chassis.md says what a guest may be written in"))
            }
            CompileError::Unreadable { .. } | CompileError::TooLarge { .. } => (Exit::Usage, None),
            CompileError::Overwriting { .. } => (Exit::Usage, Some("name another file with --output")),
            CompileError::Unwritable { .. } => {
                (Exit::Usage, Some("name a file that can be written with --output"))
            }
            CompileError::Source { complaint, .. } => (Exit::Usage, source_hint(&complaint.message)),
            CompileError::Toolbox(error) => toolbox_failure(error),
            CompileError::Unconfined { .. } => (Exit::Refused, Some(NAMESPACES)),
            CompileError::TimedOut { .. } => (Exit::TimedOut, Some("--timeout SECONDS gives it longer")),
            CompileError::Failed { .. } => (Exit::WorkFailed, None),
            CompileError::Refused { .. } => {
                (Exit::Refused, Some("examples/guests/c/sip_help.c shows the exports of a module in C"))
            }
            CompileError::NoRoom(_) | CompileError::NotRun { .. } | CompileError::Sandbox(_) => {
                (Exit::Internal, None)
            }
        };
        let failure = Self::new(exit, error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

const NAMESPACES: &str = "\
let users make namespaces: sysctl user.max_user_namespaces=15000 and, where the system has them, \
kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0; in a container: \
--security-opt seccomp=unconfined
--without-sandbox compiles all the same, and lets the file do whatever you can; only for code that you trust";

fn source_hint(message: &str) -> Option<&'static str> {
    let alone = "a file is compiled alone: it can import the standard library, and log and http_request from infrafabric";
    message.starts_with("ModuleNotFoundError").then_some(alone)
}

fn toolbox_failure(error: &ToolboxError) -> (Exit, Option<&'static str>) {
    match error {
        ToolboxError::NoPython(_) | ToolboxError::OldPython { .. } | ToolboxError::NoPip { .. } => {
            (Exit::NothingFound, Some(PYTHON_NEEDED))
        }
        ToolboxError::Uninstallable { .. } => {
            (Exit::Unavailable, Some("check how pip reaches PyPI: python3 -m pip config debug"))
        }
        ToolboxError::Disk { .. } => (Exit::Internal, None),
    }
}
