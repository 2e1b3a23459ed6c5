//! Talking to a container: the task in, the answer and the log out, both bounded.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::process::Child;

use crate::chassis::runtime::guest_log::{Channel, LogFull, SharedLog};
use crate::chassis::{GuestFailure, TaskInput};

/// A container said more than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// To its log.
    Log(LogFull),
    /// As its answer, of which so many bytes are allowed.
    Answer(usize),
}

impl From<Cut> for GuestFailure {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::Log(full) => full.into(),
            Cut::Answer(limit) => {
                Self::BadResult { why: format!("more than the {limit} bytes that are allowed") }
            }
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Broken {
    /// It was cut short.
    Cut(Cut),
    /// Nobody can listen.
    Host(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Host(error)
    }
}

/// Gives a container its task and hears it to the end.
pub(super) async fn talk(
    attached: &mut Child,
    input: &TaskInput,
    log: &SharedLog,
    limit: usize,
) -> Result<Vec<u8>, Broken> {
    let streams = (attached.stdin.take(), attached.stdout.take(), attached.stderr.take());
    let (Some(stdin), Some(stdout), Some(stderr)) = streams else {
        return Err(Broken::Host(io::Error::other("its streams are taken")));
    };
    let feed = async {
        feed(stdin, input.as_bytes()).await;
        Ok(())
    };
    let ((), answer, ()) = tokio::try_join!(feed, hear(stdout, limit), note(stderr, log))?;
    attached.wait().await?;
    Ok(answer)
}

/// A container need not read its task.
async fn feed(mut stdin: impl AsyncWrite + Unpin, task: &[u8]) {
    if let Err(error) = stdin.write_all(task).await {
        tracing::debug!(%error, "the container did not read all of its task");
    }
}

async fn hear(stdout: impl AsyncRead + Unpin, limit: usize) -> Result<Vec<u8>, Broken> {
    let mut answer = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    stdout.take(most).read_to_end(&mut answer).await?;
    if answer.len() > limit { Err(Broken::Cut(Cut::Answer(limit))) } else { Ok(answer) }
}

async fn note(mut stderr: impl AsyncRead + Unpin, log: &SharedLog) -> Result<(), Broken> {
    let mut piece = vec![0; 8 << 10];
    loop {
        let read = stderr.read(&mut piece).await?;
        if read == 0 {
            return Ok(());
        }
        let printed = log.lock().print(Channel::Error, &piece[..read]);
        printed.map_err(|full| Broken::Cut(Cut::Log(full)))?;
    }
}
