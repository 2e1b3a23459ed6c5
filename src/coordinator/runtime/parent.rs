//! The parent of a worker's children: one thread that starts them all and ends with the worker.
//!
//! Linux can end a child with its parent, but by that it means the thread that started it, and the runtime's threads
//! come and go. So none of them may start a child. Elsewhere a child outlives a worker that was killed.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use tokio::process::{Child, Command};
use tokio::runtime::Handle;

/// Starts children. Clones are handles of the same thread; it ends with the last of them, and its children with it.
#[derive(Debug, Clone)]
pub(super) struct Parent {
    requests: Sender<Request>,
}

/// A child to be started, and who waits for it.
#[derive(Debug)]
struct Request {
    command: Command,
    runtime: Handle,
    answer: Sender<io::Result<Child>>,
}

impl Parent {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system cannot.
    pub(super) fn start() -> io::Result<Self> {
        let (requests, received) = mpsc::channel();
        thread::Builder::new().name("parent".to_owned()).spawn(move || serve(received))?;
        Ok(Self { requests })
    }

    /// Starts a child of the runtime that this is called in. Waits as long as the system takes for it.
    ///
    /// # Errors
    /// When the system cannot.
    pub(super) fn spawn(&self, mut command: Command) -> io::Result<Child> {
        end_with_parent(&mut command);
        let (answer, child) = mpsc::channel();
        let gone = || io::Error::other("the thread that starts children has ended");
        self.requests.send(Request { command, runtime: Handle::current(), answer }).map_err(|_| gone())?;
        child.recv().map_err(|_| gone())?
    }
}

fn serve(requests: Receiver<Request>) {
    for Request { mut command, runtime, answer } in requests {
        let _entered = runtime.enter();
        // Nobody who waited for the child is there any more: it is dropped, and that kills it.
        let _ = answer.send(command.spawn());
    }
}

/// Has Linux kill the child as soon as its parent is gone, however it went.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "what runs between fork and exec must be vouched for")]
fn end_with_parent(command: &mut Command) {
    use nix::errno::Errno;
    use nix::sys::prctl::set_pdeathsig;
    use nix::sys::signal::Signal;
    use nix::unistd::{getpid, getppid};

    let worker = getpid();
    let bind = move || {
        set_pdeathsig(Signal::SIGKILL)?;
        // A worker that ended before this was asked for is not noticed any more.
        if getppid() == worker { Ok(()) } else { Err(Errno::ESRCH.into()) }
    };
    // SAFETY: two system calls, which allocate nothing and take no lock.
    unsafe { command.pre_exec(bind) };
}

#[cfg(not(target_os = "linux"))]
fn end_with_parent(_: &mut Command) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::path::PathBuf;
    use std::process::Stdio;
    use std::time::Duration;

    use nix::sys::signal::Signal;

    use super::*;

    /// Runs until its input ends.
    fn cat() -> Command {
        let mut command = Command::new("cat");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).kill_on_drop(true);
        command
    }

    #[tokio::test]
    async fn a_child_is_killed_when_its_parent_ends() {
        let parent = Parent::start().unwrap();
        let mut child = parent.spawn(cat()).unwrap();
        let _stdin = child.stdin.take();
        drop(parent);
        let ended = tokio::time::timeout(Duration::from_mins(1), child.wait()).await;
        let status = ended.unwrap().unwrap();
        assert_eq!(status.signal(), Some(Signal::SIGKILL as i32), "{status}");
    }

    #[tokio::test]
    async fn a_child_outlives_the_thread_that_asked_for_it() {
        let parent = Parent::start().unwrap();
        let (asking, runtime) = (parent.clone(), Handle::current());
        let asked = thread::spawn(move || {
            let _entered = runtime.enter();
            let task = PathBuf::from(format!("/proc/self/task/{}", nix::unistd::gettid()));
            (asking.spawn(cat()).unwrap(), task)
        });
        let (mut child, task) = asked.join().unwrap();
        // Only then has the system told the children of the thread.
        while task.exists() {
            thread::yield_now();
        }
        drop(child.stdin.take());
        let status = child.wait().await.unwrap();
        assert!(status.success(), "{status}");
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_an_error_and_the_next_one_runs() {
        let parent = Parent::start().unwrap();
        let error = parent.spawn(Command::new("/nowhere")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(parent.spawn(cat()).unwrap().wait().await.unwrap().success());
    }
}
