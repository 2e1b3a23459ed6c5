//! Compiling: a file in a language that people write becomes a guest that can be loaded.
//!
//! What is in the file is run by the tool that compiles it, so the tool works in a cell; of what it makes only the one file
//! is taken, and that is looked at as `load` does before it is written.

mod error;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

pub use error::CompileError;

use super::cell::{Outcome, confined, unconfined};
use super::modules::{draft_name, read_limited};
use super::toolbox::{Python, Toolbox};
use crate::chassis::compilation::{Language, Places, Tool};
use crate::chassis::confinement::{Bounds, Ending, INPUT, Order, Read, SCRATCH, TOOL};
use crate::chassis::runtime::MAX_MODULE_BYTES;
use crate::chassis::{Digest, GuestKind, Sandbox, SandboxError};
use crate::clock::Clock;
use crate::config::Home;
use crate::id::unique;

/// The largest file that is compiled, in bytes.
const MAX_SOURCE_BYTES: usize = 4 << 20;

/// Where systems keep the libraries that programs need.
const LIBRARIES: [&str; 7] =
    ["/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib64", "/nix/store", "/etc/ld.so.cache"];

/// What is to be compiled.
#[derive(Debug, Clone)]
pub struct CompileWish {
    /// The file; the end of its name tells the language.
    pub source: PathBuf,
    /// Where the guest is to be; beside the file otherwise, with `.wasm` at the end of its name.
    pub output: Option<PathBuf>,
    /// How long the tool may take.
    pub limit: Duration,
    /// Whether the tool runs with all rights of the user.
    pub without_sandbox: bool,
}

/// How far compiling is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompileStep {
    /// A tool is fetched and installed.
    Installing(Tool),
    /// The tool is at work.
    Compiling(Tool),
    /// What it made is looked at.
    Checking {
        /// Its size.
        bytes: usize,
    },
}

/// A guest that was made.
#[derive(Debug, Clone, Serialize)]
pub struct Compiled {
    /// Where it is.
    pub path: PathBuf,
    /// Its size, in bytes.
    pub size: usize,
    /// The digest by which it is known once it is loaded.
    pub sha256: Digest,
    /// What it is.
    pub kind: GuestKind,
    /// With what it was made.
    pub tool: String,
    /// In which version.
    pub version: String,
}

/// What makes guests on this host.
#[derive(Debug, Clone)]
pub struct Compiler {
    toolbox: Toolbox,
    clock: Clock,
}

/// A file that was read.
struct Source {
    name: String,
    bytes: Vec<u8>,
    language: Language,
    output: PathBuf,
}

/// A tool, ready to be run.
struct ReadyTool {
    python: Option<Python>,
    /// The directory of its package.
    package: PathBuf,
}

impl Compiler {
    /// A compiler that keeps its tools under `home`.
    #[must_use]
    pub fn of(home: &Home, clock: Clock) -> Self {
        Self { toolbox: Toolbox::of(home), clock }
    }

    /// Makes a guest of a file, and puts it in place of what is there.
    ///
    /// # Errors
    /// [`CompileError`]; then nothing was written.
    pub async fn compile(
        &self,
        wish: CompileWish,
        on_step: impl Fn(CompileStep) + Clone + Send + 'static,
    ) -> Result<Compiled, CompileError> {
        let source = Source::read(&wish)?;
        let tool = source.language.tool();
        let ready = self.ready(tool, on_step.clone()).await?;
        on_step(CompileStep::Compiling(tool));
        let bytes = source.made_with(&ready, &wish).await?;
        on_step(CompileStep::Checking { bytes: bytes.len() });
        let (bytes, kind) = checked(&source.name, bytes).await?;
        let unique = unique(self.clock.now());
        let unwritable = |cause| CompileError::Unwritable { path: source.output.clone(), source: cause };
        write(&source.output, &bytes, &unique).map_err(unwritable)?;
        Ok(Compiled {
            size: bytes.len(),
            sha256: Digest::of(&bytes),
            kind,
            tool: tool.name().to_owned(),
            version: tool.version().to_owned(),
            path: source.output,
        })
    }

    async fn ready(
        &self,
        tool: Tool,
        on_step: impl Fn(CompileStep) + Send + 'static,
    ) -> Result<ReadyTool, CompileError> {
        let toolbox = self.toolbox.clone();
        blocking(move || {
            // Python installs tools of every kind; which Python it is matters to those that run in it.
            let python = toolbox.python()?;
            let package = toolbox.package(tool, || on_step(CompileStep::Installing(tool)))?;
            let python = (tool == Tool::ComponentizePy).then_some(python);
            Ok(ReadyTool { python, package })
        })
        .await
    }
}

impl Source {
    fn read(wish: &CompileWish) -> Result<Self, CompileError> {
        let path = &wish.source;
        let language = Language::of(path).ok_or_else(|| CompileError::Unknown { path: path.clone() })?;
        let unreadable = |source| CompileError::Unreadable { path: path.clone(), source };
        if !fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(unreadable(io::Error::other("it is no regular file")));
        }
        let bytes = read_limited(path, MAX_SOURCE_BYTES).map_err(unreadable)?;
        if bytes.len() > MAX_SOURCE_BYTES {
            return Err(CompileError::TooLarge { path: path.clone(), limit: MAX_SOURCE_BYTES });
        }
        let output = wish.output.clone().unwrap_or_else(|| path.with_extension("wasm"));
        if is_same(path, &output) {
            return Err(CompileError::Overwriting { path: output });
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, bytes, language, output })
    }

    /// Runs the tool on the file.
    async fn made_with(&self, ready: &ReadyTool, wish: &CompileWish) -> Result<Vec<u8>, CompileError> {
        let place = tempfile::Builder::new().prefix("if-compile-").tempdir().map_err(CompileError::NoRoom)?;
        let input = place.path().join("in");
        self.lay_out(&input).map_err(CompileError::NoRoom)?;
        for name in ["root", "scratch"] {
            fs::create_dir(place.path().join(name)).map_err(CompileError::NoRoom)?;
        }
        let ran = if wish.without_sandbox {
            let invocation = self.language.invocation(&ready.places_outside(place.path()), ready.program());
            let scratch = place.path().join("scratch");
            unconfined(&invocation, &scratch, MAX_MODULE_BYTES as u64, wish.limit).await
        } else {
            confined(&self.order(ready, place.path(), &input, wish.limit), wish.limit).await
        };
        let ran = ran.map_err(|source| CompileError::NotRun { tool: self.language.tool(), source })?;
        let Some(outcome) = ran else {
            return Err(CompileError::TimedOut { name: self.name.clone(), limit: wish.limit });
        };
        self.judged(outcome)
    }

    /// Puts the files that the tool is given where it may read them, whoever it is.
    fn lay_out(&self, input: &Path) -> io::Result<()> {
        for (name, content) in self.language.inputs(&self.name, &self.bytes) {
            let path = input.join(name);
            let directory = path.parent().unwrap_or(input);
            fs::create_dir_all(directory)?;
            fs::write(&path, content)?;
            for (path, mode) in [(input, 0o755), (directory, 0o755), (&path, 0o644)] {
                allow(path, mode)?;
            }
        }
        Ok(())
    }

    fn order(&self, ready: &ReadyTool, place: &Path, input: &Path, limit: Duration) -> Order {
        let tool = self.language.tool();
        let package = Path::new(TOOL).join(tool.package());
        let mut reads = vec![
            Read { inside: INPUT.into(), outside: input.to_owned() },
            Read { inside: package, outside: ready.package.clone() },
        ];
        let libraries = LIBRARIES.iter().map(PathBuf::from);
        let python =
            ready.python.iter().flat_map(|python| python.libraries().chain([python.executable.clone()]));
        reads.extend(libraries.chain(python).filter(|path| path.exists()).map(Read::same));
        let places = Places { input: INPUT.to_owned(), tool: TOOL.to_owned(), scratch: SCRATCH.to_owned() };
        Order {
            root: place.join("root"),
            reads,
            sees_itself: tool.looks_for_itself(),
            invocation: self.language.invocation(&places, ready.program()),
            bounds: bounds(limit),
        }
    }

    /// What the tool made, or why it did not.
    fn judged(&self, outcome: Outcome) -> Result<Vec<u8>, CompileError> {
        let (name, tool) = (self.name.clone(), self.language.tool());
        let failed = |why: &str| CompileError::Failed { tool, name: name.clone(), source: error::said(why) };
        match outcome.ending {
            Ending::Made { .. } => Ok(outcome.made),
            Ending::Unconfined { step, cause } => Err(CompileError::Unconfined { step, cause }),
            Ending::Failed => match self.language.complaint(&outcome.said) {
                Some(complaint) => Err(CompileError::Source { name, complaint }),
                None => Err(failed(&outcome.said)),
            },
            Ending::Killed { signal } => {
                Err(failed(&format!("it was stopped by signal {signal}, as it is at a limit")))
            }
            Ending::NoOutput => Err(failed("it ended without an output")),
            Ending::BadOutput => Err(failed("what it made is no regular file, or larger than 64 MiB")),
        }
    }
}

impl ReadyTool {
    fn program(&self) -> &Path {
        self.python.as_ref().map_or(Path::new(""), |python| &python.executable)
    }

    /// Where the tool finds everything on the host itself.
    fn places_outside(&self, place: &Path) -> Places {
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let tool = self.package.parent().unwrap_or(&self.package).to_owned();
        Places { input: text(place.join("in")), tool: text(tool), scratch: text(place.join("scratch")) }
    }
}

/// What a tool may use: several times what it needs for a file of moderate size.
fn bounds(limit: Duration) -> Bounds {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    Bounds {
        seconds: limit.as_secs().saturating_mul(cores).max(1),
        memory_bytes: 3 << 30,
        file_bytes: 256 << 20,
        scratch_bytes: 512 << 20,
        processes: 256,
        output_bytes: MAX_MODULE_BYTES as u64,
    }
}

/// Looks at a module as `load` does, and starts nothing of it.
async fn checked(name: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, GuestKind), CompileError> {
    let name = name.to_owned();
    blocking(move || {
        let sandbox = Sandbox::new()?;
        let module = sandbox.compile(&bytes).map_err(|source| CompileError::Refused { name, source })?;
        Ok((bytes, module.describe().kind))
    })
    .await
}

/// Whether two paths lead to one file.
fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

/// Puts a file in place of what is there, all of it or nothing.
fn write(path: &Path, bytes: &[u8], unique: &str) -> io::Result<()> {
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    let draft = directory.unwrap_or(Path::new(".")).join(draft_name(unique));
    let file = OpenOptions::new().write(true).create_new(true).open(&draft);
    let written = file.and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, path)
    });
    if written.is_err() {
        // Nothing more can be done about a draft that cannot be removed either.
        let _ = fs::remove_file(&draft);
    }
    written
}

#[cfg(unix)]
fn allow(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn allow(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Runs what takes long beside the runtime.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CompileError> + Send + 'static,
) -> Result<T, CompileError> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.unwrap_or_else(|error| Err(SandboxError::Host(Box::new(error)).into()))
}
