//! Standard output: data only, as a table, JSON or YAML; streams as one JSON document a line.
//!
//! A pipe gets every byte as it is. On a terminal, what others wrote neither moves the cursor nor turns text around.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use clap_complete::Shell;
use serde::Serialize;

use super::redraw::Screen;
use super::{Exit, Failure};
use crate::printable::{printable_json, printable_lines};

/// How to print an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// For people who like it
    Yaml,
}

/// The one way to standard output.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// What was asked for: else answers are tables, and streams are JSON.
    format: Option<Format>,
}

impl Output {
    /// Prints in `format`, if one was asked for.
    #[must_use]
    pub fn new(format: Option<Format>) -> Self {
        Self { format }
    }

    /// Prints JSON, whatever was asked for before.
    #[must_use]
    pub fn json() -> Self {
        Self { format: Some(Format::Json) }
    }

    /// Prints in `format` unless another was asked for.
    #[must_use]
    pub fn or(self, format: Format) -> Self {
        Self { format: self.format.or(Some(format)) }
    }

    /// The place where a person looks on while something changes: where tables were asked for, or nothing was and this is a
    /// terminal.
    #[must_use]
    pub(super) fn screen(self) -> Option<Screen> {
        let for_people =
            self.format.map_or_else(|| io::stdout().is_terminal(), |format| format == Format::Table);
        for_people.then(Screen::new)
    }

    /// Prints one answer; `table` is asked only when a person reads.
    ///
    /// # Errors
    /// When standard output cannot be written; a closed pipe is a normal end.
    pub fn answer<T: Serialize>(self, answer: &T, table: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        self.print(answer, table).map(drop)
    }

    /// Prints an answer that nobody can do without.
    ///
    /// # Errors
    /// When standard output cannot be written, or nobody reads it.
    pub fn deliver<T: Serialize>(self, answer: &T, table: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        if self.print(answer, table)? {
            return Ok(());
        }
        Err(unwritable(io::ErrorKind::BrokenPipe.into()))
    }

    /// Prints; false when nobody reads.
    fn print<T: Serialize>(self, answer: &T, table: impl FnOnce(&T) -> String) -> Result<bool, Failure> {
        let format = self.format.unwrap_or(Format::Table);
        let text = match format {
            Format::Table => table(answer),
            Format::Json => serde_json::to_string_pretty(answer).map_err(Failure::internal)?,
            Format::Yaml => serde_yaml::to_string(answer).map_err(Failure::internal)?,
        };
        write_text(format, &text)
    }

    /// Prints what is JSON already, just as it is; only YAML is made of what it says.
    ///
    /// # Errors
    /// When it is no JSON, or standard output cannot be written; a closed pipe is a normal end.
    pub fn pass_on(self, document: &str) -> Result<(), Failure> {
        if self.format == Some(Format::Yaml) {
            let value: serde_json::Value = serde_json::from_str(document).map_err(Failure::internal)?;
            return self.answer(&value, ToString::to_string);
        }
        write_text(Format::Json, document).map(drop)
    }

    /// Prints one document of a stream: as a line of JSON unless another form was asked for, for people by `line`. False
    /// when nobody reads any more.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn stream<T: Serialize>(self, event: &T, line: impl FnOnce(&T) -> String) -> Result<bool, Failure> {
        match self.format {
            Some(Format::Table) => write_text(Format::Table, &line(event)),
            Some(Format::Yaml) => {
                let text = serde_yaml::to_string(event).map_err(Failure::internal)?;
                write_text(Format::Yaml, &format!("---\n{text}"))
            }
            Some(Format::Json) | None => Self::event(event),
        }
    }

    /// Prints one document of a stream on a line of its own; false when nobody reads any more.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn event<T: Serialize>(event: &T) -> Result<bool, Failure> {
        let text = serde_json::to_string(event).map_err(Failure::internal)?;
        write_text(Format::Json, &text)
    }
}

/// Writes lines in this format; false when the pipe is closed.
fn write_text(format: Format, text: &str) -> Result<bool, Failure> {
    let text = text.trim_end_matches('\n');
    let shown = if io::stdout().is_terminal() { safe_to_show(format, text) } else { text.to_owned() };
    write(format!("{shown}\n").as_bytes())
}

fn safe_to_show(format: Format, text: &str) -> String {
    match format {
        Format::Json => printable_json(text),
        Format::Table | Format::Yaml => printable_lines(text),
    }
}

/// Writes a shell's completion script, for both names of the program where the shell can tell them apart.
pub(super) fn completions(shell: Shell, command: &mut clap::Command) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, command, "ifctl", &mut script);
    let script = String::from_utf8(script).map_err(Failure::internal)?;
    let script = match shell {
        // Serves `\if` and `command if` as well.
        Shell::Bash => format!("{script}\ncomplete -F _ifctl -o bashdefault -o default if\n"),
        Shell::Zsh => script.replacen("#compdef ifctl", "#compdef ifctl if", 1),
        Shell::Fish => format!("{script}complete -c if -w ifctl\n"),
        _ => script,
    };
    write(script.as_bytes())?;
    Ok(Exit::Done)
}

/// Writes; false when the pipe is closed.
pub(super) fn write(bytes: &[u8]) -> Result<bool, Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(unwritable(error)),
    }
}

fn unwritable(error: io::Error) -> Failure {
    Failure::internal(error).context("cannot write to standard output")
}
