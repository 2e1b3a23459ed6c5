//! The program, under both its names: parse, run, exit code.

use std::process::ExitCode;

/// Serving is mostly making and dropping small things, on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    infrafabric::cli::main()
}
