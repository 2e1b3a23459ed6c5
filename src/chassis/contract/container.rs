//! The container of a contract: the image that is the swarm's code, and what is run in it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::reading;

/// The longest name of an image.
const MAX_IMAGE: usize = 255;
/// The most words of a command.
const MAX_WORDS: usize = 256;
/// The longest command, in bytes.
const MAX_COMMAND: usize = 32 * 1024;

/// Why a container is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContainerTermError {
    /// What a container runtime could take for an option, or for nothing at all.
    #[error(
        "`{0}` is no image: 1 to {MAX_IMAGE} letters, digits and . _ - / : @, of which the first is a letter or digit"
    )]
    Image(String),
    /// More than can be run.
    #[error("the command has {words} words and {bytes} bytes, {MAX_WORDS} and {MAX_COMMAND} are allowed")]
    CommandTooLong {
        /// How many words it has.
        words: usize,
        /// How long it is.
        bytes: usize,
    },
    /// A word that no program can be given.
    #[error("a word of the command has a NUL in it")]
    Nul,
    /// A command that names no program.
    #[error("the command begins with an empty word")]
    NoProgram,
}

/// The name of an image; never what could be taken for an option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image(String);

impl Image {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Image {
    type Error = ContainerTermError;

    fn try_from(name: String) -> Result<Self, ContainerTermError> {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
        let begins_well = name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
        if begins_well && name.len() <= MAX_IMAGE && name.bytes().all(known) {
            return Ok(Self(name));
        }
        Err(ContainerTermError::Image(crate::printable::excerpt(&name)))
    }
}

impl FromStr for Image {
    type Err = ContainerTermError;

    fn from_str(name: &str) -> Result<Self, ContainerTermError> {
        Self::try_from(name.to_owned())
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is run in a container; without words, what the image says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ContainerCommand(Vec<String>);

impl ContainerCommand {
    /// Its words.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether the image decides.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<Vec<String>> for ContainerCommand {
    type Error = ContainerTermError;

    fn try_from(words: Vec<String>) -> Result<Self, ContainerTermError> {
        let bytes = words.iter().map(String::len).sum();
        if words.len() > MAX_WORDS || bytes > MAX_COMMAND {
            return Err(ContainerTermError::CommandTooLong { words: words.len(), bytes });
        }
        if words.first().is_some_and(String::is_empty) {
            return Err(ContainerTermError::NoProgram);
        }
        if words.iter().any(|word| word.contains('\0')) {
            return Err(ContainerTermError::Nul);
        }
        Ok(Self(words))
    }
}

/// The code of a swarm that is no WebAssembly yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContainerTerms {
    /// What it runs in.
    #[serde(deserialize_with = "reading::text")]
    pub image: Image,
    /// What is run.
    #[serde(
        default,
        deserialize_with = "reading::list::<_, String, _>",
        skip_serializing_if = "ContainerCommand::is_empty"
    )]
    pub command: ContainerCommand,
}

impl fmt::Display for ContainerTerms {
    /// Words are quoted: where one ends is part of what is run.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.image)?;
        self.command.words().iter().try_for_each(|word| write!(f, " {word:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_image_can_be_taken_for_an_option() {
        for name in ["busybox", "busybox:1.35", "registry.example:5000/a/b_c@sha256:0123", "9"] {
            assert!(name.parse::<Image>().is_ok(), "{name}");
        }
        for name in
            ["", "-v", "--privileged", "/etc", ".", "a b", "a,b", "a\n", "ä", "$(id)", &"x".repeat(256)]
        {
            assert!(matches!(name.parse::<Image>(), Err(ContainerTermError::Image(_))), "{name}");
        }
    }

    #[test]
    fn a_command_is_what_a_program_can_be_given() {
        let command = |words: &[&str]| {
            ContainerCommand::try_from(words.iter().copied().map(str::to_owned).collect::<Vec<_>>())
        };
        assert!(command(&[]).unwrap().is_empty());
        assert_eq!(command(&["sh", "-c", "", "--"]).unwrap().words(), ["sh", "-c", "", "--"]);
        assert_eq!(command(&["", "a"]), Err(ContainerTermError::NoProgram));
        assert_eq!(command(&["a", "b\0"]), Err(ContainerTermError::Nul));
        assert!(matches!(command(&["x"; 257]), Err(ContainerTermError::CommandTooLong { .. })));
        assert!(matches!(command(&[&"x".repeat(40_000)]), Err(ContainerTermError::CommandTooLong { .. })));
    }

    #[test]
    fn a_container_is_read_and_written_and_shown_word_by_word() {
        let terms: ContainerTerms = serde_yaml::from_str("{image: a/b, command: [sh, -c, 'x y']}").unwrap();
        assert_eq!(terms.to_string(), r#"a/b "sh" "-c" "x y""#);
        let json = serde_json::to_string(&terms).unwrap();
        assert_eq!(serde_json::from_str::<ContainerTerms>(&json).unwrap(), terms);
        for text in ["{}", "{image: -v}", "{image: a, entrypoint: b}", "{image: a, command: sh}"] {
            assert!(serde_yaml::from_str::<ContainerTerms>(text).is_err(), "{text}");
        }
    }
}
