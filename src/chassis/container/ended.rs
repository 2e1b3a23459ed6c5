//! What the end of a container means.

use serde::Deserialize;

use crate::chassis::failure::GuestFailure;
use crate::printable::printable;

/// Signals that a program dies of by its own fault, as 128 and their number.
const SIGNALS: [(i64, &str); 7] = [
    (132, "SIGILL"),
    (133, "SIGTRAP"),
    (134, "SIGABRT"),
    (135, "SIGBUS"),
    (136, "SIGFPE"),
    (139, "SIGSEGV"),
    (159, "SIGSYS"),
];

/// What a container runtime says of a container.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::chassis) struct ContainerState {
    #[serde(rename = "OOMKilled", default)]
    oom_killed: bool,
    exit_code: i64,
    #[serde(default)]
    status: String,
    /// Why it could not be started.
    #[serde(default)]
    error: String,
    /// Its first process while it runs, as the host counts.
    #[serde(default)]
    pub(in crate::chassis) pid: i64,
    #[serde(default)]
    running: bool,
}

/// A container that the host could not start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::chassis) struct NotStarted(pub(in crate::chassis) String);

impl ContainerState {
    /// Whether its program gave an answer that counts, or why not.
    ///
    /// # Errors
    /// [`NotStarted`] when that is the host's fault, and nothing is known of the program.
    pub(in crate::chassis) fn verdict(
        &self,
        memory_limit: usize,
    ) -> Result<Result<(), GuestFailure>, NotStarted> {
        if self.running {
            return Err(NotStarted("it runs on, and nobody listens to it any more".to_owned()));
        }
        let error = printable(&self.error);
        match self.exit_code {
            // Podman does not say why; what its program said went to the log.
            0 if error.is_empty() && self.status == "created" => {
                Err(NotStarted("it did not start, see its log".to_owned()))
            }
            0 if error.is_empty() => Ok(Ok(())),
            _ if self.oom_killed => Ok(Err(GuestFailure::OutOfMemory { limit: memory_limit })),
            // There is no such program in the image, or it is none.
            126 | 127 if !error.is_empty() => Ok(failed(format!("it cannot be started: {error}"))),
            _ if !error.is_empty() => Err(NotStarted(error)),
            code => Ok(match SIGNALS.iter().find(|(signal, _)| *signal == code) {
                Some((_, name)) => Err(GuestFailure::Trap { what: format!("it was killed by {name}") }),
                None => failed(format!("it ended with status {code}")),
            }),
        }
    }
}

fn failed(message: String) -> Result<(), GuestFailure> {
    Err(GuestFailure::Failed { message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_container_is_told_apart_by_its_cause() {
        let verdict = |text: &str| serde_json::from_str::<ContainerState>(text).unwrap().verdict(16 << 20);
        let memory = GuestFailure::OutOfMemory { limit: 16 << 20 };
        assert_eq!(verdict(r#"{"ExitCode": 0, "Status": "exited"}"#), Ok(Ok(())));
        assert_eq!(verdict(r#"{"ExitCode": 137, "OOMKilled": true}"#), Ok(Err(memory.clone())));
        assert_eq!(verdict(r#"{"ExitCode": 1, "OOMKilled": true}"#), Ok(Err(memory)));
        assert_eq!(
            verdict(r#"{"ExitCode": 0, "OOMKilled": true}"#),
            Ok(Ok(())),
            "a helper of it was killed, and it knew how to go on"
        );
        for (text, words) in [
            (r#"{"ExitCode": 137}"#, "it ended with status 137"),
            (r#"{"ExitCode": 139}"#, "it was killed by SIGSEGV"),
            (r#"{"ExitCode": 3}"#, "it ended with status 3"),
            (r#"{"ExitCode": 127}"#, "it ended with status 127"),
            (r#"{"ExitCode": 127, "Error": "exec: \"x\u001b\": not found"}"#, r"it cannot be started: exec"),
        ] {
            let failure = verdict(text).unwrap().unwrap_err().to_string();
            assert!(failure.contains(words) && !failure.contains('\u{1b}'), "{failure}");
        }
        assert_eq!(
            verdict(r#"{"ExitCode": 128, "Error": "no space"}"#),
            Err(NotStarted("no space".to_owned()))
        );
        assert!(verdict(r#"{"ExitCode": 0, "Running": true}"#).is_err());
        assert!(verdict(r#"{"ExitCode": 0, "Status": "created"}"#).is_err());
    }
}
