//! The input of a task: JSON of bounded size and depth.

use serde_json::Value;

/// The largest task, in bytes.
pub const MAX_INPUT_BYTES: usize = 1 << 20;

/// Why a text is no task.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// More than [`MAX_INPUT_BYTES`].
    #[error("the task is longer than {MAX_INPUT_BYTES} bytes")]
    TooLarge,
    /// No JSON, or nested too deeply.
    #[error("the task is no JSON")]
    NotJson(#[source] serde_json::Error),
}

/// A task as a guest gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskInput(Vec<u8>);

impl TaskInput {
    /// Checks that `bytes` are a task; they are passed on as they are.
    ///
    /// # Errors
    /// [`InputError`] when they are too many, or no JSON.
    pub fn parse(bytes: impl Into<Vec<u8>>) -> Result<Self, InputError> {
        let bytes = bytes.into();
        if bytes.len() > MAX_INPUT_BYTES {
            return Err(InputError::TooLarge);
        }
        check_json(&bytes).map_err(InputError::NotJson)?;
        Ok(Self(bytes))
    }

    /// The JSON.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Checks that `bytes` are JSON, nested at most 128 deep.
pub(super) fn check_json(bytes: &[u8]) -> Result<(), serde_json::Error> {
    serde_json::from_slice::<Value>(bytes).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_of_bounded_size_and_depth_is_a_task() {
        assert!(TaskInput::parse("{\"a\": [1, null]}").is_ok());
        for text in
            ["", "{", "[1] 2", "nan", &"[".repeat(200), &format!("{}{}", "[".repeat(200), "]".repeat(200))]
        {
            assert!(matches!(TaskInput::parse(text), Err(InputError::NotJson(_))), "{text}");
        }
        let long = format!("\"{}\"", "x".repeat(MAX_INPUT_BYTES));
        assert!(matches!(TaskInput::parse(long), Err(InputError::TooLarge)));
    }
}
