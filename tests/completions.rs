//! The completion scripts in `completions/` are those of this program.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::support::command::Ifctl;

const SCRIPTS: [(&str, &str); 5] = [
    ("bash", "ifctl.bash"),
    ("zsh", "_ifctl"),
    ("fish", "ifctl.fish"),
    ("elvish", "ifctl.elv"),
    ("powershell", "_ifctl.ps1"),
];

#[test]
fn committed_completions_are_those_of_the_program() {
    let home = TempDir::new().unwrap();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (shell, file) in SCRIPTS {
        let made = Ifctl::new(home.path()).args(["completions", shell]).run().expect(0).stdout;
        let committed = fs::read_to_string(directory.join(file)).unwrap_or_default();
        assert!(
            made == committed,
            "completions/{file} has drifted; regenerate it:\n  cargo run -- completions {shell} > completions/{file}"
        );
    }
}

#[test]
fn every_script_is_tested() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let mut found: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut expected: Vec<_> = SCRIPTS.iter().map(|(_, file)| (*file).to_owned()).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}
