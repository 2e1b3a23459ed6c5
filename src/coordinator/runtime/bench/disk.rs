//! The disk: what it costs to keep a little for good.

use std::io::{self, Write};
use std::path::Path;

use crate::clock::stopwatch;
use crate::coordinator::bench::Times;

/// How often it is tried.
const SAMPLES: usize = 500;
/// About what a small transaction weighs.
const BYTES: usize = 300;

/// How long it takes to append a little to a file in `directory` and to make it durable.
///
/// # Errors
/// When no file can be written there.
pub fn fdatasync(directory: &Path) -> io::Result<Times> {
    let mut file = tempfile::tempfile_in(directory)?;
    let mut times = Times::default();
    for _ in 0..SAMPLES {
        let watch = stopwatch();
        file.write_all(&[7; BYTES])?;
        file.sync_data()?;
        times.note(watch.elapsed());
    }
    Ok(times)
}
