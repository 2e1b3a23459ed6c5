//! Compilations: which tool makes a guest of a file, how it is called, and what it says of the file.
//!
//! Pure: nothing here runs a tool or reads a file.

use std::fmt;
use std::path::Path;

use serde::Deserialize;

use super::confinement::Invocation;

/// The world of a component.
const WORLD: &str = include_str!("wit/swarm.wit");
/// What makes a component of a plain file, and what that file can import.
const SHIM: &str = include_str!("compilation/shim.py");
const HOST: &str = include_str!("compilation/infrafabric.py");

/// What the shim writes before a complaint.
const COMPLAINT: &str = "@complaint ";

/// Calls componentize-py, which lies where the first argument says, and says what it says without a traceback of its own.
const COMPONENTIZE: &str = "\
import sys
sys.path.insert(0, sys.argv.pop(1))
import componentize_py
try:
    componentize_py.script()
except AssertionError as error:
    sys.exit(str(error))
";

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Python, with a function `execute_task(task)`.
    Python,
    /// C, with the exports of a core module.
    C,
}

/// The ends of names by which languages are known.
const ENDINGS: [(&str, Language); 2] = [("py", Language::Python), ("c", Language::C)];

impl Language {
    /// The language of a file, by the end of its name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let end = path.extension()?.to_str()?;
        ENDINGS.iter().find(|(ending, _)| *ending == end).map(|(_, language)| *language)
    }

    /// The tool that compiles it.
    #[must_use]
    pub fn tool(self) -> Tool {
        match self {
            Self::Python => Tool::ComponentizePy,
            Self::C => Tool::Zig,
        }
    }

    /// The files that the tool is given, below its input.
    pub(super) fn inputs<'a>(self, name: &'a str, source: &'a [u8]) -> Vec<(&'static str, &'a [u8])> {
        match self {
            Self::Python => vec![
                ("world/swarm.wit", WORLD.as_bytes()),
                ("python/shim.py", SHIM.as_bytes()),
                ("python/infrafabric.py", HOST.as_bytes()),
                ("python/source", source),
                ("python/source.name", name.as_bytes()),
            ],
            Self::C => vec![("source.c", source)],
        }
    }

    /// How the tool is called, when everything is where `places` says. `python` is needed for tools that are written in it.
    pub(super) fn invocation(self, places: &Places, python: &Path) -> Invocation {
        let Places { input, tool, scratch } = places;
        let output = format!("{scratch}/out.wasm");
        let mut environment = vec![
            // What is looked for there is not found; an empty one would mean a default.
            ("PATH", "/nonexistent".to_owned()),
            ("HOME", scratch.clone()),
            ("TMPDIR", scratch.clone()),
            ("LANG", "C.UTF-8".to_owned()),
        ];
        let (program, arguments) = match self {
            Self::Python => {
                let (world, files) = (format!("{input}/world"), format!("{input}/python"));
                let call =
                    ["-I", "-S", "-B", "-c", COMPONENTIZE, tool, "--wit-path", &world, "--world", "swarm"];
                let rest = ["componentize", "--python-path", &files, "shim", "--output", &output];
                (python.to_owned(), call.into_iter().chain(rest).map(str::to_owned).collect())
            }
            Self::C => {
                environment.push(("ZIG_LIB_DIR", format!("{tool}/ziglang/lib")));
                environment.push(("ZIG_GLOBAL_CACHE_DIR", format!("{scratch}/global")));
                environment.push(("ZIG_LOCAL_CACHE_DIR", format!("{scratch}/local")));
                let source = format!("{input}/source.c");
                let flags = "-Wl,--no-entry,--strip-debug,-z,stack-size=65536";
                let call =
                    ["cc", "--target=wasm32-freestanding", "-O2", "-nostdlib", flags, "-o", &output, &source];
                (format!("{tool}/ziglang/zig").into(), call.map(str::to_owned).to_vec())
            }
        };
        let environment = environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Invocation { program, arguments, environment, output: output.into() }
    }

    /// What the tool found wrong with the file, in what it wrote.
    pub(super) fn complaint(self, said: &str) -> Option<Complaint> {
        match self {
            Self::Python => {
                let told = said.lines().rev().find_map(|line| line.strip_prefix(COMPLAINT))?;
                serde_json::from_str(told).ok()
            }
            Self::C => said.lines().find_map(|line| {
                let (_, rest) = line.split_once("/source.c:")?;
                let told = [": error: ", ": fatal error: "].iter().find_map(|mark| rest.split_once(mark));
                let (place, message) = told?;
                let line = place.split(':').next()?.parse().ok()?;
                Some(Complaint { line: Some(line), message: message.to_owned() })
            }),
        }
    }
}

/// All ends of names that are compiled, as people read them.
pub(super) fn endings() -> String {
    ENDINGS.map(|(ending, _)| format!(".{ending}")).join(" and ")
}

/// Where a tool finds everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Places {
    pub input: String,
    pub tool: String,
    pub scratch: String,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Complaint {
    /// Where, if the tool knows.
    pub line: Option<u32>,
    /// What.
    pub message: String,
}

/// A tool that makes guests, in the one version that is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Makes components of Python.
    ComponentizePy,
    /// Makes core modules of C.
    Zig,
}

impl Tool {
    /// What it is called, also in the index of Python.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ComponentizePy => "componentize-py",
            Self::Zig => "ziglang",
        }
    }

    /// Its version.
    #[must_use]
    pub fn version(self) -> &'static str {
        match self {
            Self::ComponentizePy => "0.25.1",
            Self::Zig => "0.17.1",
        }
    }

    /// The directory that its package makes.
    pub(super) fn package(self) -> &'static str {
        match self {
            Self::ComponentizePy => "componentize_py",
            Self::Zig => "ziglang",
        }
    }

    /// Whether it needs to find itself under `/proc`.
    pub(super) fn looks_for_itself(self) -> bool {
        match self {
            Self::ComponentizePy => false,
            Self::Zig => true,
        }
    }

    /// The SHA-256 of its packages for Linux and macOS, as that index has them.
    fn digests(self) -> &'static [&'static str] {
        match self {
            Self::ComponentizePy => &[
                "8623cd8cab8453cb0cd8bf03f3c7103420d06f2f3d360186a280a70a1ca5e89f",
                "7b6a87c520358166843af0daa86d2312d7af4cbcbbf1e598951085cf7f2991ca",
                "65fbc4a94df1de8acf7da50a1f5ed1711230188844e53e6332d99029be4e0afa",
                "a556991534cc496207a9d2ca733c4b0f17ed38ef56a8d6b5f1847fdf1225dd1b",
            ],
            Self::Zig => &[
                "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
                "b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e",
                "4e0b4b9c02b8d0d220e9948010f860b62ff11d96abb39762eca5fa2ef3f7bc97",
                "09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23",
            ],
        }
    }

    /// What pip is told to install: this, and nothing that has another digest.
    pub(super) fn requirement(self) -> String {
        let hashes = self.digests().iter().map(|digest| format!(" --hash=sha256:{digest}"));
        format!("{}=={}{}\n", self.name(), self.version(), hashes.collect::<String>())
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name(), self.version())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_name_tells_the_language() {
        for (name, language) in [
            ("session-1-ndi.py", Some(Language::Python)),
            ("a.b.c", Some(Language::C)),
            ("py", None),
            (".py", None),
            ("a.PY", None),
            ("a.wasm", None),
        ] {
            assert_eq!(Language::of(Path::new(name)), language, "{name}");
        }
    }

    #[test]
    fn a_complaint_is_found_in_what_a_tool_writes() {
        let complaint = |line, message: &str| Some(Complaint { line, message: message.to_owned() });
        let said =
            "printed\n@complaint {\"line\": 3, \"message\": \"NameError: x\"}\n\nCaused by:\n    0: error";
        assert_eq!(Language::Python.complaint(said), complaint(Some(3), "NameError: x"));
        let said = "@complaint {\"line\": null, \"message\": \"none\"}";
        assert_eq!(Language::Python.complaint(said), complaint(None, "none"));
        assert_eq!(Language::Python.complaint("@complaint {"), None);
        assert_eq!(Language::Python.complaint("no memory"), None);
        let said = "/.if/in/source.c:7:9: warning: unused\n/.if/in/source.c:12:5: error: expected ';'\n    12 | int x";
        assert_eq!(Language::C.complaint(said), complaint(Some(12), "expected ';'"));
        assert_eq!(Language::C.complaint("wasm-ld: error: undefined symbol"), None);
    }

    #[test]
    fn a_tool_is_required_in_one_version_and_by_its_digests() {
        for tool in [Tool::ComponentizePy, Tool::Zig] {
            let requirement = tool.requirement();
            let mut words = requirement.split_whitespace();
            assert_eq!(words.next(), Some(format!("{}=={}", tool.name(), tool.version()).as_str()));
            assert!(
                words.clone().count() >= 4 && words.all(|word| word.len() == "--hash=sha256:".len() + 64)
            );
        }
    }
}
