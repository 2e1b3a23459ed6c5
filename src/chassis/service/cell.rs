//! Running a tool: in a cell, of which it sees nothing but what it needs; or without one, for who accepts that.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::modules::read_kept;
use crate::chassis::confinement::{Ending, Identity, Invocation, Order, READY};
use crate::chassis::runtime::cell::ARGUMENT;

/// The most of what a tool says that is kept, in bytes.
const SAID: u64 = 1 << 20;

/// What came of running a tool.
#[derive(Debug)]
pub(super) struct Outcome {
    pub ending: Ending,
    /// What it wrote to its standard streams.
    pub said: String,
    /// What it made, if it did.
    pub made: Vec<u8>,
}

/// Runs a tool as the order says; nothing when it has not ended within `limit`.
///
/// # Errors
/// When the process that becomes the cell cannot be started, or dies.
pub(super) async fn confined(order: &Order, limit: Duration) -> io::Result<Option<Outcome>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(ARGUMENT).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped());
    let cell = command.stderr(Stdio::piped()).kill_on_drop(true).spawn()?;
    match timeout(limit, served(cell, order)).await {
        Ok(outcome) => outcome.map(Some),
        Err(_) => Ok(None),
    }
}

async fn served(mut cell: Child, order: &Order) -> io::Result<Outcome> {
    let gone = || io::Error::other("the process that was to confine the tool is gone");
    let (Some(stdin), Some(stdout), Some(stderr)) =
        (cell.stdin.take(), cell.stdout.take(), cell.stderr.take())
    else {
        return Err(gone());
    };
    let pid = cell.id().ok_or_else(gone)?;
    let talk = async {
        let mut answers = BufReader::new(stdout);
        let mut line = String::new();
        answers.read_line(&mut line).await?;
        if line.trim_end() == READY {
            identify(pid)?;
            let mut stdin = stdin;
            stdin.write_all(&serde_json::to_vec(order)?).await?;
            drop(stdin);
            line.clear();
            answers.read_line(&mut line).await?;
        }
        let ending: Ending = serde_json::from_str(&line).map_err(|_| gone())?;
        let mut made = Vec::new();
        answers.take(order.bounds.output_bytes).read_to_end(&mut made).await?;
        Ok::<_, io::Error>((ending, made))
    };
    let (talked, said) = tokio::join!(talk, beginning(stderr));
    let (ending, made) = talked?;
    cell.wait().await?;
    Ok(Outcome { ending, said: said?, made })
}

/// Gives the cell its user and group, which it cannot do itself.
fn identify(pid: u32) -> io::Result<()> {
    let (user, group) = (nix::unistd::geteuid().as_raw(), nix::unistd::getegid().as_raw());
    let own = |map: &str| std::fs::read_to_string(format!("/proc/self/{map}"));
    let set = |file: &str, text: &str| std::fs::write(format!("/proc/{pid}/{file}"), text);
    let users = Identity::of(user, &own("uid_map")?);
    let groups = if users.is_single {
        set("setgroups", "deny")?;
        Identity::single(group)
    } else {
        Identity::of(0, &own("gid_map")?)
    };
    set("gid_map", &groups.map)?;
    set("uid_map", &users.map)
}

/// What is written to a stream, up to a limit; the rest is read and forgotten, so that nobody waits to write it.
async fn beginning(mut stream: impl AsyncRead + Unpin) -> io::Result<String> {
    let mut kept = Vec::new();
    (&mut stream).take(SAID).read_to_end(&mut kept).await?;
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    Ok(String::from_utf8_lossy(&kept).into_owned())
}

/// Runs a tool with all rights of this user; nothing when it has not ended within `limit`.
///
/// # Errors
/// When it cannot be run.
pub(super) async fn unconfined(
    invocation: &Invocation,
    place: &Path,
    output_bytes: u64,
    limit: Duration,
) -> io::Result<Option<Outcome>> {
    let mut command = Command::new(&invocation.program);
    command.args(&invocation.arguments).env_clear().envs(invocation.environment.iter().cloned());
    command.current_dir(place).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut tool = command.kill_on_drop(true).spawn()?;
    let (stdout, stderr) = (tool.stdout.take(), tool.stderr.take());
    let ended = async {
        let printed = async { beginning(stdout.ok_or(io::ErrorKind::BrokenPipe)?).await };
        let said = async { beginning(stderr.ok_or(io::ErrorKind::BrokenPipe)?).await };
        tokio::try_join!(tool.wait(), printed, said)
    };
    let Ok(ended) = timeout(limit, ended).await else { return Ok(None) };
    let (status, printed, said) = ended?;
    let (ending, made) = taken(status, &invocation.output, output_bytes);
    Ok(Some(Outcome { ending, said: printed + &said, made }))
}

fn taken(status: ExitStatus, output: &Path, limit: u64) -> (Ending, Vec<u8>) {
    if !status.success() {
        return (Ending::Failed, Vec::new());
    }
    let Ok(found) = std::fs::symlink_metadata(output) else { return (Ending::NoOutput, Vec::new()) };
    let is_sound = found.len() <= limit;
    match read_kept(output, usize::try_from(limit).unwrap_or(usize::MAX)) {
        Ok(made) if is_sound => (Ending::Made { bytes: made.len() as u64 }, made),
        _ => (Ending::BadOutput, Vec::new()),
    }
}
