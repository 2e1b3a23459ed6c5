//! The program, under both its names: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    infrafabric::cli::main()
}
