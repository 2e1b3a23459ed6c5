//! Answers of guests: JSON of bounded size and depth, whichever kind of guest gives them.

use super::error::Stop;
use crate::chassis::input::check_json;

/// Takes an answer that is one.
pub(super) fn accept(bytes: &[u8], limit: usize) -> Result<String, Stop> {
    check_length(bytes.len(), limit)?;
    read(bytes).map_err(broken)
}

/// Reads an answer of an allowed size, or says what is wrong with it.
pub(super) fn read(bytes: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    check_json(bytes).map_err(|error| format!("it is no JSON: {error}"))?;
    Ok(text.to_owned())
}

pub(super) fn check_length(length: usize, limit: usize) -> Result<(), Stop> {
    if length > limit { Err(broken(format!("{length} bytes, {limit} are allowed"))) } else { Ok(()) }
}

/// The guest broke the interface.
pub(super) fn broken(why: impl Into<String>) -> Stop {
    Stop::Broken(why.into())
}
