//! `chassis compile`: a file that people write becomes a guest, and whatever it does while it is compiled, it does not do
//! to the host.
//!
//! Which store it is makes no difference to this, so there is one; compiling itself needs none.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use infrafabric::config::{environment, search_path};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::command::{Finished, Ifctl};
use crate::support::guests;
use crate::support::patience::eventually;
use crate::support::receivers::Webhook;
use crate::support::secure::Certificates;
use crate::support::servers::Backend;
use crate::support::site::Site;

/// Longer than any file here takes that ends.
const PATIENT: &str = "--timeout 3600";

/// A host on which nothing was compiled yet, with files to compile.
struct Workbench {
    home: TempDir,
    files: TempDir,
}

impl Workbench {
    fn new() -> Self {
        Self { home: TempDir::new().unwrap(), files: TempDir::new().unwrap() }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.files.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// A call that finds the compiler of the tests on its search path.
    fn compile(&self, file: &Path, more: &str) -> Ifctl {
        self.compile_with_own_tools(file, more).env("PATH", with_tools())
    }

    /// A call that finds no compiler but what it installs itself.
    fn compile_with_own_tools(&self, file: &Path, more: &str) -> Ifctl {
        Ifctl::new(self.home.path())
            .args(["chassis", "compile"])
            .args([file])
            .args(more.split_whitespace())
            .args(["-o", "json"])
    }

    fn tools(&self) -> PathBuf {
        self.home.path().join("chassis/tools")
    }
}

/// The search path with the compiler that is used for the guests of the examples.
fn with_tools() -> String {
    guests::prepared(guests::commands("python", "tools").as_str());
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/guests/tools/bin");
    format!("{}:{}", tools.display(), search_path().unwrap().display())
}

/// Has the tests that need tools of one's own share them.
fn share_tools(home: &Path) {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/guests/own-tools");
    fs::create_dir_all(&shared).unwrap();
    fs::create_dir_all(home.join("chassis")).unwrap();
    symlink(shared, home.join("chassis/tools")).unwrap();
}

fn loaded(site: &Site, guest: &Path) {
    let load = site.ifctl("chassis load sip-help --replace --contract examples/contracts/sip-help.yaml");
    load.arg_pair("--wasm", guest).run().expect(0);
}

fn asked(site: &Site, task: &Value) -> Finished {
    site.ifctl("chassis exec sip-help").stdin(task.to_string()).run()
}

#[test]
fn a_plain_python_file_is_compiled_loaded_and_asked() {
    let bench = Workbench::new();
    let file =
        bench.file("session-1-ndi.py", &fs::read_to_string("examples/guests/python/sip_help.py").unwrap());
    let made = bench.compile(&file, PATIENT).run().expect(0);
    assert_eq!(made.stderr, "", "where nobody looks there is no progress");
    let made = made.json();
    let guest = bench.files.path().join("session-1-ndi.wasm");
    let bytes = fs::read(&guest).unwrap();
    assert_eq!(made["path"], guest.to_str().unwrap());
    assert_eq!((made["size"].as_u64(), &made["kind"]), (Some(bytes.len() as u64), &json!("component")));
    assert_eq!((&made["tool"], &made["version"]), (&json!("componentize-py"), &json!("0.25.1")));
    assert_eq!(made["sha256"], infrafabric::chassis::Digest::of(&bytes).as_str());
    let site = Site::start(Backend::Engine);
    loaded(&site, &guest);
    let answered = asked(&site, &json!({"question": "which transport?"})).expect(0);
    assert_eq!(answered.json(), json!({"answer": "use SIP over TLS on port 5061", "input_bytes": 31}));
    assert_eq!(answered.stderr, "sip-help: sip: which transport?\n");
}

#[test]
fn a_file_does_as_python_does_and_fails_with_its_own_lines() {
    const FILE: &str = r#"
import json
import infrafabric
from dataclasses import dataclass

@dataclass
class Answer:
    value: object

def late(text):
    import datetime, textwrap
    return [datetime.datetime.strptime(text, "%Y").year, textwrap.dedent("  x")]

def execute_task(task):
    kind = json.loads(task)["kind"]
    if kind == "raise":
        raise ValueError("no luck: " + task["kind"])
    if kind == "call":
        infrafabric.http_request({"url": "https://example.org/"})
    if kind == "exit":
        raise SystemExit("enough")
    answers = {"text": "plain", "json": "[1]", "list": [1, "ä"], "none": None, "late": late("2024"),
               "get": [task.get("kind"), task.get("absent", 7), dict(task)], "nan": float("nan"), "object": Answer(1)}
    return answers[kind]
"#;
    let bench = Workbench::new();
    let guest = bench.files.path().join("guest.wasm");
    let file = bench.file("my file.py", FILE);
    bench.compile(&file, PATIENT).arg_pair("--output", &guest).run().expect(0);
    let site = Site::start(Backend::Engine);
    loaded(&site, &guest);
    for (kind, answer) in [
        ("text", json!("plain")),
        ("json", json!([1])),
        ("list", json!([1, "ä"])),
        ("none", json!(null)),
        ("late", json!([2024, "x"])),
        ("get", json!(["get", 7, {"kind": "get"}])),
    ] {
        assert_eq!(asked(&site, &json!({"kind": kind})).expect(0).json(), answer, "{kind}");
    }
    for (kind, parts) in [
        ("raise", ["File \"my file.py\", line 17, in execute_task", "ValueError: no luck: raise"]),
        ("call", ["File \"my file.py\", line 19, in execute_task", "RequestError: refused: "]),
        ("exit", ["File \"my file.py\", line 21, in execute_task", "SystemExit: enough"]),
        ("nan", ["ValueError", "JSON"]),
        ("object", ["TypeError", "Answer is not JSON serializable"]),
        ("absent", ["File \"my file.py\", line 24, in execute_task", "KeyError: 'absent'"]),
    ] {
        let failed = asked(&site, &json!({"kind": kind})).expect(9);
        for part in parts {
            assert!(failed.stderr.contains(part), "{kind}: {part} is missing in:\n{}", failed.stderr);
        }
        assert!(!failed.stderr.contains("shim.py"), "{kind}:\n{}", failed.stderr);
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_line() {
    let bench = Workbench::new();
    for (text, expected) in [
        ("def execute_task(task):\n    return (\n", ":2: SyntaxError: '(' was never closed"),
        ("import json\n\ndef run(task): pass\n", ": there is no execute_task"),
        ("\n\ndef execute_task(): pass\n", ":3: execute_task() does not take the task"),
        ("async def execute_task(task): pass\n", ":1: execute_task is async"),
        ("def f():\n    return 1 // 0\n\nx = f()\n", ":2: ZeroDivisionError: "),
        ("import requests\n", ":1: ModuleNotFoundError: No module named 'requests'"),
        ("import infrafabric\ninfrafabric.log('x')\n", ":2: RuntimeError: log is there for a task"),
        ("import sys\nsys.exit('enough')\n", ":2: SystemExit: enough"),
    ] {
        let file = bench.file("wrong.py", text);
        let failed = bench.compile(&file, PATIENT).run().expect(2);
        let line = failed.stderr.lines().next().unwrap();
        assert!(line.starts_with(&format!("error: wrong.py{expected}")), "{text}\n{}", failed.stderr);
        assert_eq!(failed.stdout, "");
    }
    assert!(!bench.files.path().join("wrong.wasm").exists());
}

#[test]
fn what_cannot_be_compiled_is_refused_before_anything_is_done() {
    let bench = Workbench::new();
    let python = bench.file("a.py", "def execute_task(task): pass");
    let link = bench.files.path().join("link.py");
    symlink(&python, &link).unwrap();
    for (file, more, words) in [
        (bench.file("a.rb", ""), String::new(), "known by .py and .c"),
        (bench.files.path().join("absent.py"), String::new(), "cannot read"),
        (bench.files.path().to_owned(), String::new(), "no language"),
        (python.clone(), format!("--output {}", python.display()), "is the file that is to be compiled"),
        (link, format!("--output {}", python.display()), "is the file that is to be compiled"),
        (bench.file("large.py", &"#".repeat((4 << 20) + 1)), String::new(), "is larger than 4 MiB"),
    ] {
        let failed = bench.compile_with_own_tools(&file, &more).run().expect(2);
        assert!(failed.stderr.contains(words), "{}", failed.stderr);
    }
    assert!(!bench.tools().exists());
}

/// What a hostile file is after: a secret beside it, and somebody who listens.
struct Prey {
    directory: TempDir,
    listener: TcpListener,
}

impl Prey {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        fs::write(directory.path().join("secret"), "do not tell").unwrap();
        Self { directory, listener: TcpListener::bind("127.0.0.1:0").unwrap() }
    }

    /// A fixture that knows of it.
    fn fixture(&self, name: &str, mode: &str) -> String {
        let text = fs::read_to_string(Path::new("tests/fixtures/compile").join(name)).unwrap();
        let port = self.listener.local_addr().unwrap().port().to_string();
        let directory = self.directory.path().to_str().unwrap();
        text.replace("@HOST@", directory).replace("@PORT@", &port).replace("@MODE@", mode)
    }

    #[track_caller]
    fn is_unharmed(&self) {
        let names: Vec<_> =
            fs::read_dir(self.directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["secret"]);
        self.listener.set_nonblocking(true).unwrap();
        assert!(self.listener.accept().is_err(), "nobody has come");
    }
}

#[test]
fn a_hostile_file_has_nothing_of_the_host_while_it_is_compiled() {
    let bench = Workbench::new();
    let prey = Prey::new();
    let file = bench.file("hostile.py", &prey.fixture("hostile.py", ""));
    let failed = bench.compile(&file, PATIENT).env("USER", "root").run().expect(2);
    prey.is_unharmed();
    let (_, told) = failed.stderr.split_once("Exception: ").expect("it came to its end");
    let told: Vec<&str> = told.lines().next().unwrap().split(" | ").collect();
    assert!(told.len() > 10, "{told:?}");
    for line in told {
        assert!(!line.contains(": got ") || line.ends_with("got None"), "{line}");
    }
    let planted = guests::shell(
        "find target/guests/tools / -xdev -name 'planted_by_hostile*' -newer \"$0\" 2>/dev/null | head",
    )
    .arg(&file)
    .output()
    .unwrap();
    assert_eq!(String::from_utf8(planted.stdout).unwrap(), "");
}

#[test]
fn a_file_that_does_not_end_or_makes_nothing_is_not_waited_for_and_makes_nothing() {
    let bench = Workbench::new();
    for (text, more, code, words) in [
        ("while True: pass\n", "--timeout 40", 8, "is not compiled after 40 s"),
        ("all = []\nwhile True: all.append(bytearray(1 << 24))\n", PATIENT, 2, ":2: MemoryError"),
        ("import os\nos._exit(0)\n", PATIENT, 9, "made nothing of bad.py"),
    ] {
        let file = bench.file("bad.py", text);
        let failed = bench.compile(&file, more).run().expect(code);
        assert!(failed.stderr.contains(words), "{text}\n{}", failed.stderr);
    }
    assert!(!bench.files.path().join("bad.wasm").exists());
}

/// A host on which somebody has put `script` in the place of the compiler.
fn taken_over(prey: &Prey, mode: &str) -> Workbench {
    let bench = Workbench::new();
    let own = bench.tools().join("componentize-py-0.25.1");
    fs::create_dir_all(own.join("componentize_py")).unwrap();
    fs::write(own.join("componentize_py/__init__.py"), prey.fixture("taken_over.py", mode)).unwrap();
    fs::write(own.join(".installed"), PYTHON_MARK).unwrap();
    bench
}

/// What says that the compiler is installed: the digest of what is required of it.
const PYTHON_MARK: &str = include_str!("fixtures/compile/componentize-py.installed");

#[test]
fn a_compiler_that_was_taken_over_has_nothing_of_the_host() {
    let prey = Prey::new();
    let bench = taken_over(&prey, "attempts");
    let file = bench.file("a.py", "");
    let failed = bench.compile_with_own_tools(&file, PATIENT).env("IF_PROBE", "do not tell").run().expect(2);
    prey.is_unharmed();
    let (_, told) = failed.stderr.split_once("error: a.py:1: ").expect("it came to its end");
    let told: Value = serde_json::from_str(told.lines().next().unwrap()).unwrap();
    assert_eq!(told["user"], 65534);
    let attempts = told.as_object().unwrap();
    assert!(attempts.len() > 20, "{told}");
    for (attempt, outcome) in attempts.iter().filter(|(name, _)| *name != "user") {
        assert!(!outcome.as_str().unwrap().starts_with("got "), "{attempt}: {outcome}");
    }
    assert!(!failed.stderr.contains("do not tell"));
}

#[test]
fn nothing_but_a_module_is_taken_of_what_a_compiler_makes() {
    let prey = Prey::new();
    for (mode, code, words) in [
        ("nothing", 9, "it ended without an output"),
        ("link", 9, "no regular file"),
        ("link to itself", 9, "no regular file"),
        ("pipe", 9, "no regular file"),
        ("directory", 9, "no regular file"),
        ("large", 9, "larger than 64 MiB"),
        ("text", 6, "what was made of a.py is refused"),
        ("children", 9, "it ended without an output"),
        ("flood", 9, "it ended without an output"),
        ("abort", 9, "it was stopped by signal"),
    ] {
        let bench = taken_over(&prey, mode);
        let file = bench.file("a.py", "");
        let failed = bench.compile_with_own_tools(&file, PATIENT).run().expect(code);
        assert!(failed.stderr.contains(words), "{mode}: {}", failed.stderr);
        assert!(!bench.files.path().join("a.wasm").exists(), "{mode}");
    }
    prey.is_unharmed();
}

#[test]
fn who_compiles_at_the_same_time_on_a_new_host_installs_once_and_later_needs_no_network() {
    let bench = Workbench::new();
    let files = ["one.py", "two.py"].map(|name| bench.file(name, "def execute_task(task): return 1\n"));
    thread::scope(|scope| {
        for file in &files {
            scope.spawn(|| bench.compile_with_own_tools(file, PATIENT).run().expect(0));
        }
    });
    let names = |directory: &Path| {
        let entries =
            fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = entries.collect();
        names.sort();
        names
    };
    assert_eq!(names(&bench.tools()), [".lock", "componentize-py-0.25.1"]);
    assert!(bench.files.path().join("one.wasm").exists() && bench.files.path().join("two.wasm").exists());
    let own = bench.tools().join("componentize-py-0.25.1");
    assert_eq!(fs::read_to_string(own.join(".installed")).unwrap(), PYTHON_MARK);
    // Offline, and in spite of what somebody who was killed has left.
    fs::create_dir_all(bench.tools().join(".draft-componentize-py/componentize_py")).unwrap();
    let offline = bench.compile_with_own_tools(&files[0], PATIENT).env("PIP_NO_INDEX", "1");
    offline.env("PIP_FIND_LINKS", "/nonexistent").run().expect(0);
    // What is not whole is not used.
    fs::remove_file(own.join(".installed")).unwrap();
    let offline = bench.compile_with_own_tools(&files[0], PATIENT).env("PIP_NO_INDEX", "1");
    let failed = offline.env("PIP_FIND_LINKS", "/nonexistent").run().expect(7);
    assert!(failed.stderr.contains("componentize-py 0.25.1 cannot be installed"), "{}", failed.stderr);
    assert_eq!(names(&bench.tools()), [".lock", "componentize-py-0.25.1"], "no draft is left");
}

#[test]
fn a_tool_with_another_digest_is_not_installed() {
    const FORGE: &str = "
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + '/componentize_py-0.25.1-py3-none-any.whl', 'w') as wheel:
    wheel.writestr('componentize_py/__init__.py', 'def script(): open(\"/tmp/forged\", \"w\")')
    information = 'componentize_py-0.25.1.dist-info/'
    wheel.writestr(information + 'METADATA', 'Metadata-Version: 2.1\\nName: componentize-py\\nVersion: 0.25.1\\n')
    wheel.writestr(information + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(information + 'RECORD', '')
";
    let bench = Workbench::new();
    let wheels = TempDir::new().unwrap();
    assert!(Command::new("python3").args(["-c", FORGE]).arg(wheels.path()).status().unwrap().success());
    let file = bench.file("a.py", "def execute_task(task): return 1\n");
    let call = bench.compile_with_own_tools(&file, PATIENT).env("PIP_NO_INDEX", "1");
    let failed = call.env("PIP_FIND_LINKS", wheels.path()).run().expect(7);
    assert!(failed.stderr.contains("Expected sha256"), "{}", failed.stderr);
    assert!(!bench.tools().join("componentize-py-0.25.1").exists());
}

#[test]
fn without_python_it_says_what_to_install() {
    let bench = Workbench::new();
    let file = bench.file("a.py", "");
    let nowhere = TempDir::new().unwrap();
    let failed = bench.compile_with_own_tools(&file, "").env("PATH", nowhere.path()).run().expect(3);
    assert!(failed.stderr.starts_with("error: python3 is needed to compile"), "{}", failed.stderr);
    assert!(failed.stderr.contains("hint: install Python 3.9 or later with pip"), "{}", failed.stderr);
}

/// Runs `compile` in a user namespace in which only one user is known, after the commands `first`.
#[cfg(target_os = "linux")]
fn compiled_in_a_namespace(bench: &Workbench, first: &str, file: &Path, more: &str) -> std::process::Output {
    let script = format!("{first}\nexec \"$@\" {more} {PATIENT} -o json");
    Command::new("unshare")
        .args(["--user", "--map-root-user", "sh", "-ec", &script, "sh", env!("CARGO_BIN_EXE_ifctl")])
        .args(["chassis", "compile"])
        .arg(file)
        .env_clear()
        .env("PATH", with_tools())
        .env("HOME", environment("HOME").unwrap_or_default())
        .env("IF_HOME", bench.home.path())
        .output()
        .unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn without_namespaces_nothing_is_compiled_unless_that_is_wished() {
    let bench = Workbench::new();
    let file = bench.file("a.py", "def execute_task(task): return 1\n");
    let none = "echo 0 > /proc/sys/user/max_user_namespaces";
    let refused = compiled_in_a_namespace(&bench, none, &file, "");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(6), "{said}");
    assert!(said.contains("the kernel does not make namespaces: ENOSPC"), "{said}");
    for part in ["user.max_user_namespaces", "--without-sandbox"] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!bench.files.path().join("a.wasm").exists());
    let made = compiled_in_a_namespace(&bench, none, &file, "--without-sandbox");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(bench.files.path().join("a.wasm").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn whoever_is_the_only_user_of_a_namespace_compiles_as_everybody_else() {
    let bench = Workbench::new();
    let file = bench.file("a.py", "def execute_task(task): return 1\n");
    let made = compiled_in_a_namespace(&bench, "true", &file, "");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(bench.files.path().join("a.wasm").exists());
}

#[test]
fn a_c_file_is_compiled_loaded_and_asked_and_includes_nothing_of_the_host() {
    let bench = Workbench::new();
    share_tools(bench.home.path());
    let file = bench.file("sip.c", &fs::read_to_string("examples/guests/c/sip_help.c").unwrap());
    let made = bench.compile_with_own_tools(&file, PATIENT).run().expect(0).json();
    assert_eq!((&made["kind"], &made["tool"]), (&json!("core"), &json!("ziglang")));
    let site = Site::start(Backend::Engine);
    loaded(&site, &bench.files.path().join("sip.wasm"));
    let answered = asked(&site, &json!({"question": "which transport?"})).expect(0);
    assert_eq!(answered.json()["answer"], "use SIP over TLS on port 5061");
    for (text, code, words) in [
        ("int x\n\nint y;\n", 2, "error: bad.c:1: expected ';'"),
        ("\n#include \"/etc/passwd\"\n", 2, "error: bad.c:2: '/etc/passwd' file not found"),
        ("__asm__(\".incbin \\\"/etc/passwd\\\"\");\n", 9, "not find incbin file '/etc/passwd'"),
        ("int unused;\n", 6, "what was made of bad.c is refused"),
    ] {
        let failed = bench.compile_with_own_tools(&bench.file("bad.c", text), PATIENT).run().expect(code);
        assert!(failed.stderr.contains(words), "{text}\n{}", failed.stderr);
    }
}

#[test]
fn a_compiled_file_that_is_served_calls_a_service_with_a_secret_that_it_never_sees() {
    const VALUE: &str = "sk-0123456789/abcdef+ghijkl";
    const FILE: &str = r#"
from infrafabric import http_request, log

def execute_task(task):
    order = task["payload"]
    answer = http_request({"method": "POST", "url": order["url"], "headers": {"x-order": order["id"], "x-echo": "1"}, "body": "parcel"})
    log("status " + str(answer["status"]))
    return {"status": answer["status"], "echo": answer["body"]}
"#;
    let bench = Workbench::new();
    let file = bench.file("courier.py", FILE);
    bench.compile(&file, PATIENT).run().expect(0);
    let certificates = Certificates::new();
    let service = Webhook::at("127.0.0.1:0", 200, Some(&certificates.server));
    let site = Site::start(Backend::Engine);
    site.ifctl("chassis secrets set PARCEL_KEY").stdin(format!("{VALUE}\n")).run().expect(0);
    let url = format!("https://{}/hook", service.address);
    let contract = format!(
        "swarm_id: courier\nversion: 1.0.0\ncapabilities: [errands:run]\n\
         egress: [{{url: '{url}', methods: [POST], allow_private: true}}]\n\
         secrets: [{{name: PARCEL_KEY, url: '{url}'}}]\n"
    );
    let contract = bench.file("courier.yaml", &contract);
    let load = site.ifctl("chassis load courier").arg_pair("--contract", contract);
    load.arg_pair("--wasm", bench.files.path().join("courier.wasm")).run().expect(0);
    let mut served = site.ifctl("chassis serve").env("SSL_CERT_FILE", &certificates.authority).spawn();
    let said = served.stderr_lines();
    let order = json!({"url": format!("{url}/parcels"), "id": "p-1"}).to_string();
    let submit = site.ifctl("coordinator submit parcel --direct-to courier").args(["--payload", &order]);
    submit.run().expect(0);
    eventually("the parcel is sent", || (site.state("parcel") == "completed").then_some(()));
    let request = service.requests().remove(0);
    assert_eq!((request.path.as_str(), request.body.as_str()), ("/hook/parcels", "parcel"));
    assert_eq!(request.header("authorization"), format!("Bearer {VALUE}"));
    assert_eq!(request.header("x-order"), "p-1");
    let result = site.show("parcel")["result"].to_string();
    assert!(result.contains("200") && result.contains("[secret PARCEL_KEY]"), "{result}");
    let told = served.terminate().expect(0);
    let logged = site.run("chassis logs courier").expect(0).stdout;
    assert!(logged.contains("status 200"), "{logged}");
    let everything = format!("{:?}{}{:?}{result}{logged}", site.raw().list("/"), told.stdout, said.rest());
    assert!(!everything.contains(VALUE) && !everything.contains("0123456789"));
}
