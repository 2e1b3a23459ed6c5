//! What fuzzers have found worth keeping, for the tests that play it again.

use std::fs;
use std::path::Path;

/// The inputs of one target of `fuzz/`.
pub(crate) fn inputs(target: &str) -> Vec<Vec<u8>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(corpus).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let inputs: Vec<_> = files.collect();
    assert!(inputs.len() >= 10, "there are {} inputs", inputs.len());
    inputs
}
