//! Swarms in real languages: built, loaded and asked as the README files beside their sources say.
//!
//! Which store it is makes no difference to them, so there is one.

use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::Output;

use infrafabric::config;
use serde_json::{Value, json};

use crate::support::command::Finished;
use crate::support::guests;
use crate::support::servers::Backend;
use crate::support::site::Site;

/// What the README files ask, a line of its own.
const TASK: &str = "{\"question\":\"which transport?\"}\n";

/// The last line of what comes of the commands of a README: before it, loading has told of what the swarm costs.
fn last_said(language: &str) -> String {
    asked_as_the_readme_says(language).lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_swarm_in_c_is_built_and_answers_as_its_readme_says() {
    guests::guest("c");
    assert_eq!(last_said("c"), "sip-help: sip: a question has come in");
}

#[test]
fn a_swarm_in_rust_is_built_and_answers_as_its_readme_says() {
    guests::guest("rust");
    assert_eq!(last_said("rust"), "sip-help: sip: a question has come in");
}

#[test]
fn a_swarm_in_assemblyscript_is_built_and_answers_as_its_readme_says() {
    guests::guest("assemblyscript");
    assert_eq!(last_said("assemblyscript"), "sip-help: sip: a question has come in");
}

#[test]
fn a_swarm_in_python_is_built_and_answers_as_its_readme_says() {
    guests::guest("python");
    assert_eq!(last_said("python"), "sip-help: sip: which transport?");
}

#[test]
fn a_guest_gets_a_task_of_any_length() {
    let site = Site::start(Backend::Engine);
    // More than a page, and more than all that the modules have to begin with.
    let long = format!(r#"{{"question":"{}"}}"#, "ä".repeat(400_000));
    for language in ["c", "rust", "assemblyscript"] {
        load(&site, &format!("{} --replace", guests::guest(language)));
        let answer = site.ifctl("chassis exec sip-help").stdin(long.as_bytes()).run().expect(0).json();
        assert_eq!(answer["input_bytes"], long.len(), "{language}");
    }
}

#[test]
fn a_guest_in_python_fails_in_its_own_words() {
    let site = Site::start(Backend::Engine);
    load(&site, &probe());
    let raised = site.ifctl("chassis exec sip-help").stdin(r#"{"give up":"no SIP today"}"#).run().expect(9);
    assert!(raised.stderr.contains("no SIP today"), "{}", raised.stderr);
    // Nobody catches this one.
    let failed = site.ifctl("chassis exec sip-help").stdin("{}").run().expect(9);
    assert_eq!(failed.stdout, "");
    let (log, error) = failed.stderr.split_once("error: sip-help gave no answer\n").unwrap();
    for part in ["Traceback", "in execute_task", "KeyError: 'port'"] {
        assert!(log.contains(part), "{part} is missing in:\n{log}");
    }
    assert!(
        error.starts_with("cause: the guest trapped: uncaught exception KeyError: 'port'\n  File "),
        "{error}"
    );
    assert!(error.contains("in execute_task") && !error.contains("panicking"), "{error}");
}

#[test]
fn wasi_gives_a_guest_nothing() {
    let site = Site::start(Backend::Engine);
    load(&site, &probe());
    let secret = site.home.path().join("secret");
    fs::write(&secret, "do not tell").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let receiver = UdpSocket::bind(("127.0.0.1", port)).unwrap();
    let task = json!({"file": secret, "port": port}).to_string();
    let told = site.ifctl("chassis exec sip-help").stdin(task).env("IF_PROBE", "do not tell").run();
    got_nothing(&told.expect(0));
    listener.set_nonblocking(true).unwrap();
    receiver.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "nobody has come");
    assert!(receiver.recv(&mut [0; 64]).is_err(), "nothing has come");
    assert!(!site.home.path().join("secret.new").exists());
}

/// Holds what the probe tells against what it may have: nothing.
#[track_caller]
fn got_nothing(told: &Finished) {
    let attempts = told.json();
    for (attempt, outcome) in attempts.as_object().unwrap().iter().filter(|(name, _)| *name != "environment")
    {
        let got = outcome.as_str().unwrap().starts_with("got ");
        assert!(!got || *outcome == "got ''", "{attempt}: {outcome}");
    }
    let environment: Vec<&str> =
        attempts["environment"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    for name in ["IF_PROBE", "IF_HOME", "IF_ENDPOINTS", "HOME", "PATH", "USER"] {
        assert!(!environment.contains(&name), "{environment:?}");
    }
    assert!(!told.stdout.contains("do not tell"), "{}", told.stdout);
    for stream in ["output", "error"] {
        let line = format!("sip-help: printed to standard {stream}\n");
        assert!(told.stderr.contains(&line), "{}", told.stderr);
    }
}

#[test]
fn the_guest_of_the_readme_is_the_one_of_the_examples() {
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("```python\n").expect("the README has a guest in Python");
    let (shown, _) = rest.split_once("```").expect("the guest ends");
    assert_eq!(shown, include_str!("../examples/guests/python/app.py"));
}

/// A guest that tries what it must not have.
fn probe() -> String {
    guests::python("tests/fixtures/guests/probe", "probe")
}

fn load(site: &Site, guest: &str) {
    let contract = "examples/contracts/sip-help.yaml";
    site.run(&format!("chassis load sip-help --wasm {guest} --contract {contract}")).expect(0);
}

/// Runs the commands of a README and holds the answer against what every language gives; what came on standard error.
#[track_caller]
fn asked_as_the_readme_says(language: &str) -> String {
    let site = Site::start(Backend::Engine);
    let output = typed(&site, &guests::commands(language, "run"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    let answer: Value = serde_json::from_str(stdout.lines().last().unwrap()).unwrap();
    assert_eq!(answer, json!({"answer": "use SIP over TLS on port 5061", "input_bytes": TASK.len()}));
    stderr
}

/// What comes of commands that are typed into a shell at a site.
fn typed(site: &Site, script: &str) -> Output {
    let directory = Path::new(env!("CARGO_BIN_EXE_ifctl")).parent().unwrap();
    let path = format!("{}:{}", directory.display(), config::environment("PATH").unwrap().display());
    let mut shell = guests::shell(script);
    shell.env("PATH", path).env("IF_HOME", site.home.path()).env("IF_ENDPOINTS", site.server.endpoint());
    shell.output().unwrap()
}
