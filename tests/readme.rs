//! The tour of the README works as it is written, and its links lead somewhere, as those of docs/ do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use infrafabric::config;
use tempfile::TempDir;

use crate::support::command::Ifctl;

const README: &str = include_str!("../README.md");

/// The lines of the fenced block that is marked as the tour.
fn tour() -> Vec<&'static str> {
    let (_, rest) = README.split_once("```sh tour\n").expect("the README has a tour");
    let (block, _) = rest.split_once("```").expect("the tour ends");
    block.lines().collect()
}

#[test]
fn every_command_of_the_tour_works() {
    let lines = tour();
    assert_eq!(lines.len(), 10, "a tour of ten lines");
    assert_eq!(lines[0], "ifctl coordinator start");
    let home = TempDir::new().unwrap();
    let start = ["coordinator", "start", "--listen", "127.0.0.1:0"];
    let mut coordinator = Ifctl::new(home.path()).args(start).spawn();
    let ready = coordinator.stdout_lines().next_json();
    let directory = Path::new(env!("CARGO_BIN_EXE_ifctl")).parent().unwrap();
    let path = format!("{}:{}", directory.display(), config::environment("PATH").unwrap().display());
    let output = Command::new("sh")
        .args(["-euc", &lines[1..].join("\n")])
        .env("PATH", path)
        .env("IF_HOME", home.path())
        .env("IF_ENDPOINTS", ready["endpoints"][0].as_str().unwrap())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let shows = |task: &str| stdout.lines().any(|line| line.contains(task) && line.contains("completed"));
    assert!(shows("compile") && shows("verify"), "{stdout}");
}

/// Where the links of a text lead, those into the world left out.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| !link.contains("://"))
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents: Vec<PathBuf> =
        fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    documents.extend([root.join("README.md"), root.join("ARCHITECTURE.md")]);
    let mut followed = 0;
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        for link in links(&text) {
            let target = document.parent().unwrap().join(link.split('#').next().unwrap());
            assert!(target.exists(), "{} links to {link}", document.display());
            followed += 1;
        }
    }
    assert!(followed > 5, "{followed} links");
}
