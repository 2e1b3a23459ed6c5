//! The program of a container runtime: found, called, and heard.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::ContainerError;
use crate::chassis::container::ContainerRuntime;
use crate::chassis::contract::Image;
use crate::config::search_path;
use crate::printable::{excerpt, printable};

/// How long a call may take that only asks or orders.
const PATIENCE: Duration = Duration::from_mins(1);

/// A container runtime that is installed. Which daemon it speaks to, `DOCKER_HOST` and its like say.
#[derive(Debug, Clone)]
pub struct ContainerProgram {
    runtime: ContainerRuntime,
}

impl ContainerProgram {
    /// The one that is wanted, else the first that is installed.
    ///
    /// # Errors
    /// [`ContainerError::NotInstalled`], [`ContainerError::NoRuntime`].
    pub fn find(wanted: Option<ContainerRuntime>) -> Result<Self, ContainerError> {
        let runtime = match wanted {
            Some(runtime) if is_installed(runtime) => runtime,
            Some(runtime) => return Err(ContainerError::NotInstalled(runtime)),
            None => {
                let first = ContainerRuntime::ALL.into_iter().find(|runtime| is_installed(*runtime));
                first.ok_or(ContainerError::NoRuntime)?
            }
        };
        Ok(Self { runtime })
    }

    /// Which one it is.
    #[must_use]
    pub fn runtime(&self) -> ContainerRuntime {
        self.runtime
    }

    /// A call in the making, with the environment of this process and out of reach of its terminal's signals.
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.runtime.as_str());
        command.args(words).stdin(Stdio::null()).kill_on_drop(true).process_group(0);
        // Of the task before; a container is given its own.
        command.env_remove("IF_CREDENTIAL");
        command
    }

    /// Sees to it that a container is given no proxies, which may have passwords in them, and nothing more to write to than
    /// what was asked for.
    pub(super) fn without_additions(&self, command: &mut Command, names: &[&str]) {
        match self.runtime {
            // Named without a value, and not to be had from here: removed.
            ContainerRuntime::Docker => {
                for name in names {
                    command.env_remove(name).args(["--env", name]);
                }
            }
            ContainerRuntime::Podman => {
                command.args(["--http-proxy=false", "--read-only-tmpfs=false"]);
            }
        }
    }

    /// Has something done; what it says.
    pub(super) async fn call(
        &self,
        doing: &'static str,
        mut command: Command,
    ) -> Result<Vec<u8>, ContainerError> {
        let output = tokio::time::timeout(PATIENCE, command.output()).await;
        let silent = ContainerError::Silent { runtime: self.runtime, doing, seconds: PATIENCE.as_secs() };
        let output = output.map_err(|_| silent)?.map_err(|error| self.io(doing, error))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(self.failed(doing, last_line(&output.stderr)))
    }

    /// The name that stands for what the image is now, whatever becomes of its own.
    pub(super) async fn image(&self, image: &Image) -> Result<Image, ContainerError> {
        let doing = "inspect the image";
        let format = "{{.Id}} {{json .Config.Volumes}}";
        let command = self.command(&["image", "inspect", "--format", format, image.as_str()]);
        let said = match self.call(doing, command).await {
            Err(ContainerError::Failed { said, .. }) if is_missing(&said) => {
                return Err(ContainerError::NoImage { runtime: self.runtime, image: image.clone() });
            }
            said => said?,
        };
        let text = String::from_utf8_lossy(&said);
        let (id, volumes) = text.trim().split_once(' ').unwrap_or((text.trim(), "null"));
        let volumes: Option<BTreeMap<String, serde_json::Value>> =
            serde_json::from_str(volumes).map_err(|error| self.failed(doing, error.to_string()))?;
        let volumes: Vec<String> = volumes.unwrap_or_default().keys().map(|name| excerpt(name)).collect();
        if !volumes.is_empty() {
            return Err(ContainerError::Volumes { image: image.clone(), volumes });
        }
        id.parse().map_err(|_| self.failed(doing, format!("`{}` is no image", excerpt(id))))
    }

    pub(super) fn failed(&self, doing: &'static str, said: String) -> ContainerError {
        ContainerError::Failed { runtime: self.runtime, doing, said }
    }

    pub(super) fn io(&self, doing: &'static str, source: io::Error) -> ContainerError {
        ContainerError::Io { runtime: self.runtime, doing, source }
    }
}

fn is_installed(runtime: ContainerRuntime) -> bool {
    let is_program = |path: std::path::PathBuf| {
        path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    search_path().is_some_and(|path| {
        std::env::split_paths(&path).any(|place| is_program(place.join(runtime.as_str())))
    })
}

/// Docker and Podman have no code for it, only words.
fn is_missing(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    ["no such image", "image not known", "failed to find image"].iter().any(|words| said.contains(words))
}

/// What a program complains of stands at the end, below its warnings.
fn last_line(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it does not say why");
    printable(line.trim().trim_start_matches("Error: ").trim_start_matches("Error response from daemon: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_image_is_known_by_what_is_said_of_it() {
        for said in [
            "Error: No such image: nonesuch\n",
            "WARNING: x\nError: nonesuch: image not known\n",
            "Error: failed to find image nonesuch: unable to find it\n\n",
        ] {
            assert!(is_missing(&last_line(said.as_bytes())), "{said}");
        }
        let down = b"Cannot connect to the Docker daemon at unix:///nope. Is the docker daemon running?\n";
        assert!(!is_missing(&last_line(down)));
        assert_eq!(last_line(b"Error response from daemon: \x1b[2J"), "\\u{1b}[2J");
    }
}
