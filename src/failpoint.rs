//! Failpoints: places where a test makes the program fail. Programs for users have none.

/// A place where a test kills the process, as `kill -9` does.
macro_rules! mortal {
    ($place:literal) => {
        fail::fail_point!($place, |_| {
            let _ = nix::sys::signal::raise(nix::sys::signal::Signal::SIGKILL);
            std::process::abort()
        });
    };
}

pub(crate) use mortal;
