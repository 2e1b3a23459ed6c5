//! The same program under the name that shells reserve: `command if …`.

use std::process::ExitCode;

fn main() -> ExitCode {
    infrafabric::cli::main()
}
