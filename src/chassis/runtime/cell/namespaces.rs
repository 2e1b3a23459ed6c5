//! The namespaces of a cell, and what is done in them, step by step; the first step that fails is the last.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::libc;
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl::{set_no_new_privs, set_pdeathsig};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid, getuid, pivot_root, setgid, setgroups, setsid, setuid};

use crate::chassis::confinement::{self, Bounds, Ending, NOBODY, Order, READY, Read, SCRATCH};

/// What of the system's devices the tool finds.
const DEVICES: [&str; 4] = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];
/// How many files a process may have open at once.
const OPEN_FILES: u64 = 1024;

/// Where the processes of the host are until those of the cell are mounted: the kernel mounts them for nobody who sees none.
const OLD_PROC: &str = "/.if/proc";

/// A step that the kernel did not take.
struct Refusal {
    step: String,
    cause: String,
}

type Step<T = ()> = Result<T, Refusal>;

fn refusal<E: std::fmt::Display>(step: impl Into<String>) -> impl FnOnce(E) -> Refusal {
    let step = step.into();
    move |cause| Refusal { step, cause: cause.to_string() }
}

/// Takes an order from standard input and gives the ending, and what was made, on standard output; the tool writes to
/// standard error.
pub(super) fn serve() -> io::Result<()> {
    let mut answer = io::stdout();
    let (ending, made) = match leave_host() {
        Ok(()) => {
            writeln!(answer, "{READY}")?;
            answer.flush()?;
            let order: Order = serde_json::from_reader(io::stdin())?;
            carry_out(&order).unwrap_or_else(unconfined)
        }
        Err(refusal) => unconfined(refusal),
    };
    serde_json::to_writer(&answer, &ending)?;
    answer.write_all(b"\n")?;
    answer.write_all(&made)?;
    answer.flush()
}

fn unconfined(Refusal { step, cause }: Refusal) -> (Ending, Vec<u8>) {
    (Ending::Unconfined { step, cause }, Vec::new())
}

/// Ends with the parent, and shares nothing with anybody.
fn leave_host() -> Step {
    set_pdeathsig(Signal::SIGKILL).map_err(refusal("end with the parent"))?;
    setsid().map_err(refusal("leave the terminal"))?;
    close_all().map_err(refusal("list open files"))?;
    let apart = CloneFlags::CLONE_NEWUSER
        | CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWNET
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS
        | CloneFlags::CLONE_NEWCGROUP;
    unshare(apart).map_err(refusal("make namespaces"))
}

/// Closes what this process was left by whoever started the program, all but the standard streams.
fn close_all() -> io::Result<()> {
    let entries = fs::read_dir("/proc/self/fd")?;
    let names: Vec<_> = entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<_>>()?;
    let open = names.iter().filter_map(|name| name.to_str()?.parse().ok());
    for descriptor in open.filter(|descriptor: &i32| *descriptor > libc::STDERR_FILENO) {
        // The one by which they were listed is closed already.
        let _ = nix::unistd::close(descriptor);
    }
    Ok(())
}

fn carry_out(order: &Order) -> Step<(Ending, Vec<u8>)> {
    // When memory runs out, this goes first.
    fs::write("/proc/self/oom_score_adj", "1000").map_err(refusal("be the first when memory runs out"))?;
    // What is reached from within a user namespace of one's own is much of a kernel. Where this cannot be written, the
    // mounts below are sealed against it all the same.
    let _ = fs::write("/proc/sys/user/max_user_namespaces", "0");
    build(order)?;
    enter(&order.root)?;
    run(order)
}

/// Puts together what the tool sees.
fn build(order: &Order) -> Step {
    let root = &order.root;
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(None::<&str>, "/", None::<&str>, private, None::<&str>).map_err(refusal("keep mounts apart"))?;
    tmpfs(root, "size=1m,mode=755")?;
    for Read { inside, outside } in confinement::outermost(order.reads.clone()) {
        bind(&outside, &within(root, &inside))?;
    }
    seal(root)?;
    for device in DEVICES {
        bind(Path::new(device), &within(root, Path::new(device)))?;
    }
    let scratch = within(root, Path::new(SCRATCH));
    directory(&scratch)?;
    tmpfs(&scratch, &format!("size={},mode=1777", order.bounds.scratch_bytes))?;
    directory(&within(root, Path::new("/proc")))?;
    if order.sees_itself { bind(Path::new("/proc"), &within(root, Path::new(OLD_PROC))) } else { Ok(()) }
}

/// A path of the tool's as long as its root is not the root yet.
fn within(root: &Path, inside: &Path) -> PathBuf {
    root.join(inside.strip_prefix("/").unwrap_or(inside))
}

fn directory(path: &Path) -> Step {
    fs::create_dir_all(path).map_err(refusal(format!("make {}", path.display())))
}

fn tmpfs(at: &Path, options: &str) -> Step {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("tmpfs"), at, Some("tmpfs"), flags, Some(options))
        .map_err(refusal(format!("mount a tmpfs on {}", at.display())))
}

fn bind(outside: &Path, inside: &Path) -> Step {
    let found = fs::metadata(outside).map_err(refusal(format!("find {}", outside.display())))?;
    if found.is_dir() {
        directory(inside)?;
    } else {
        directory(inside.parent().unwrap_or(inside))?;
        File::create(inside).map_err(refusal(format!("make {}", inside.display())))?;
    }
    let flags = MsFlags::MS_BIND | MsFlags::MS_REC;
    mount(Some(outside), inside, None::<&str>, flags, None::<&str>)
        .map_err(refusal(format!("mount {}", outside.display())))
}

/// Lets nothing be written in what is mounted below `root`, nor in what is mounted in that.
fn seal(root: &Path) -> Step {
    let mounts = fs::read_to_string("/proc/self/mountinfo").map_err(refusal("list mounts"))?;
    let below = mounts.lines().filter_map(confinement::mount);
    for (place, is_noexec) in below.filter(|(place, _)| place.starts_with(root) && place != root) {
        make_readonly(&place, is_noexec)?;
    }
    Ok(())
}

fn make_readonly(place: &Path, is_noexec: bool) -> Step {
    let mut flags =
        MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    flags.set(MsFlags::MS_NOEXEC, is_noexec);
    mount(None::<&str>, place, None::<&str>, flags, None::<&str>)
        .map_err(refusal(format!("make {} read-only", place.display())))
}

/// Makes `root` all that there is.
fn enter(root: &Path) -> Step {
    std::env::set_current_dir(root).map_err(refusal("enter the new root"))?;
    pivot_root(".", ".").map_err(refusal("change the root"))?;
    umount2(".", MntFlags::MNT_DETACH).map_err(refusal("let go of the old root"))?;
    std::env::set_current_dir("/").map_err(refusal("enter the new root"))?;
    make_readonly(Path::new("/"), false)
}

fn run(order: &Order) -> Step<(Ending, Vec<u8>)> {
    let invocation = &order.invocation;
    let told = io::stderr().as_fd().try_clone_to_owned().map_err(refusal("pass on standard error"))?;
    let mut command = Command::new(&invocation.program);
    command.args(&invocation.arguments).env_clear().envs(invocation.environment.iter().cloned());
    command.current_dir(SCRATCH).stdin(Stdio::null()).stdout(told);
    confine(&mut command, order.bounds, order.sees_itself);
    let started = format!("run {}", invocation.program.display());
    // It is the first of its process namespace: whatever it has started ends with it.
    let status = command.status().map_err(refusal(started))?;
    Ok(match status.signal() {
        Some(signal) => (Ending::Killed { signal }, Vec::new()),
        None if !status.success() => (Ending::Failed, Vec::new()),
        None => taken(&invocation.output, order.bounds.output_bytes),
    })
}

/// What the tool has made, if it is a file and small enough.
fn taken(output: &Path, limit: u64) -> (Ending, Vec<u8>) {
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(output)
        .and_then(|file| Ok((file.metadata()?, file)));
    let (found, file) = match opened {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (Ending::NoOutput, Vec::new()),
        Err(_) => return (Ending::BadOutput, Vec::new()),
    };
    let mut made = Vec::new();
    if found.is_file() && found.len() <= limit && file.take(limit).read_to_end(&mut made).is_ok() {
        (Ending::Made { bytes: made.len() as u64 }, made)
    } else {
        (Ending::BadOutput, Vec::new())
    }
}

/// Has the tool be nobody, without rights, under limits, and end with this process.
#[expect(unsafe_code, reason = "what runs between fork and exec must be vouched for")]
fn confine(command: &mut Command, bounds: Bounds, sees_itself: bool) {
    let is_root = getuid().is_root();
    let confined = move || {
        if sees_itself {
            let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
            mount(Some("proc"), "/proc", Some("proc"), flags, None::<&str>)?;
            umount2(OLD_PROC, MntFlags::MNT_DETACH)?;
        }
        limit(bounds)?;
        if is_root {
            setgroups(&[])?;
            setgid(Gid::from_raw(NOBODY))?;
            setuid(Uid::from_raw(NOBODY))?;
        }
        set_no_new_privs()?;
        set_pdeathsig(Signal::SIGKILL)?;
        Ok(())
    };
    // SAFETY: this process has one thread, so that no lock is held when it is forked.
    unsafe { command.pre_exec(confined) };
}

fn limit(bounds: Bounds) -> nix::Result<()> {
    for (resource, most) in [
        (Resource::RLIMIT_CPU, bounds.seconds),
        (Resource::RLIMIT_DATA, bounds.memory_bytes),
        (Resource::RLIMIT_FSIZE, bounds.file_bytes),
        (Resource::RLIMIT_NPROC, bounds.processes),
        (Resource::RLIMIT_NOFILE, OPEN_FILES),
        (Resource::RLIMIT_CORE, 0),
    ] {
        // Whoever has less already cannot have more.
        let most = most.min(getrlimit(resource)?.1);
        setrlimit(resource, most, most)?;
    }
    Ok(())
}
