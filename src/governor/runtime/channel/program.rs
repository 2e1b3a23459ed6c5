//! A program of one's own: the document on its standard input; delivered when it ends well.

use std::future::pending;
use std::process::Stdio;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::SendError;
use crate::governor::message::Message;

/// Ends what a program has started with it, unless it has ended by itself.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // An error means that nobody is left.
            let _ = killpg(group, Signal::SIGKILL);
        }
    }
}

/// Runs it to the end. Dropping the future ends the program.
pub(super) async fn run(command: &[String], message: &Message) -> Result<(), SendError> {
    let (program, arguments) =
        command.split_first().map_or(("", command), |(first, rest)| (first.as_str(), rest));
    let failed = |source| SendError::Program { program: program.to_owned(), source };
    let document = message.document();
    let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
    let mut child = Command::new(program)
        .args(arguments)
        .env("IF_ESCALATION_ID", text("id"))
        .env("IF_ESCALATION_KEY", text("idempotency_key"))
        .env("IF_ESCALATION_KIND", text("kind"))
        .env("IF_ESCALATION_SWARM", text("swarm"))
        .env("IF_ESCALATION_TASK", text("task"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    let mut group = Group(child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw));
    let stdin = child.stdin.take();
    let feed = async move {
        if let Some(mut stdin) = stdin {
            // A program that does not read what it is told is free not to.
            let _ = stdin.write_all(document.to_string().as_bytes()).await;
            let _ = stdin.shutdown().await;
        }
        pending().await
    };
    let status = tokio::select! {
        status = child.wait() => status,
        never = feed => never,
    };
    let status = status.map_err(failed)?;
    group.0 = None;
    if status.success() { Ok(()) } else { Err(SendError::Ended(status)) }
}
