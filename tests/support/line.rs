//! A line between a client and a store that can be cut and mended.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Passes connections on to a store. Dropping it ends them.
pub(crate) struct Line {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    cut: bool,
    over: bool,
    open: Vec<TcpStream>,
}

impl State {
    fn hang_up(&mut self) {
        for stream in self.open.drain(..) {
            // An error means that it had ended before.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Connects the caller, while the lock keeps anybody from cutting the line.
    fn connect(&mut self, caller: TcpStream, store: &str) -> io::Result<()> {
        if self.cut {
            return Ok(());
        }
        let called = TcpStream::connect(store)?;
        for (mut from, mut to) in [(caller.try_clone()?, called.try_clone()?), (called, caller)] {
            self.open.push(from.try_clone()?);
            thread::spawn(move || {
                // It ends with either side.
                let _ = io::copy(&mut from, &mut to);
                let _ = to.shutdown(Shutdown::Write);
            });
        }
        Ok(())
    }
}

impl Line {
    /// A line to the store at `store`.
    pub(crate) fn to(store: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let (shared, store) = (Arc::clone(&state), store.to_owned());
        thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let mut state = lock(&shared);
                if state.over {
                    return;
                }
                // The caller finds out that nobody answers.
                let _ = state.connect(caller, &store);
            }
        });
        Self { address, state }
    }

    /// Where the store seems to be.
    pub(crate) fn endpoint(&self) -> String {
        self.address.to_string()
    }

    /// Ends all connections, and every new one at once.
    pub(crate) fn cut(&self) {
        let mut state = lock(&self.state);
        state.cut = true;
        state.hang_up();
    }

    /// Lets connections through again.
    pub(crate) fn mend(&self) {
        lock(&self.state).cut = false;
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut state = lock(&self.state);
        state.over = true;
        state.hang_up();
        drop(state);
        // Wakes whoever waits for callers.
        let _ = TcpStream::connect(self.address);
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
