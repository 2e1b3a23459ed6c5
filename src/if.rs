//! The same program under the name that shells reserve: `command if …`.

use std::process::ExitCode;

/// Serving is mostly making and dropping small things, on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    infrafabric::cli::main()
}
