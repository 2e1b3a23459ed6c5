//! Stands in for `protoc`: hands its arguments to the compiler that `protoc-bin-vendored` ships.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let compiler = match protoc_bin_vendored::protoc_bin_path() {
        Ok(path) => path,
        Err(error) => {
            eprintln!("protoc: {error}");
            return ExitCode::FAILURE;
        }
    };
    let error = Command::new(&compiler).args(std::env::args_os().skip(1)).exec();
    eprintln!("protoc: cannot run {}: {error}", compiler.display());
    ExitCode::FAILURE
}
