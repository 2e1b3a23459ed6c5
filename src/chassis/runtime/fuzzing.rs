//! What a fuzzer reaches of the sandbox. Only in builds for fuzzing (`fuzz/`) and for tests, where the committed inputs
//! are played again.

pub use super::abi::fuzzing::guest;
use super::weight;

/// Weighs a component before anything else reads it. It must not panic, whatever it is given.
pub fn component(bytes: &[u8]) {
    // A refusal is as good an answer as any.
    let _ = weight::check(bytes);
}
