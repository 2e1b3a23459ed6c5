//! What is shown again and again in the same place, where a person looks on.

use std::io::{IsTerminal, stdout};

use super::Failure;
use super::output::write;

/// The place on standard output. Where that is no terminal, each picture follows the one before.
pub(super) struct Screen {
    is_terminal: bool,
    /// How many lines the last picture took.
    lines: usize,
    last: String,
}

impl Screen {
    pub(super) fn new() -> Self {
        Self { is_terminal: stdout().is_terminal(), lines: 0, last: String::new() }
    }

    /// Puts a picture in the place of the last one, unless it is the same; false when nobody looks any more.
    pub(super) fn show(&mut self, picture: &str) -> Result<bool, Failure> {
        if picture == self.last {
            return Ok(true);
        }
        let text = format!("{}{}\n", self.return_to_start(), picture.trim_end_matches('\n'));
        self.lines = picture.trim_end_matches('\n').lines().count();
        picture.clone_into(&mut self.last);
        write(text.as_bytes())
    }

    /// Moves to the first line of the last picture and clears from there on; elsewhere an empty line parts pictures.
    fn return_to_start(&self) -> String {
        match (self.is_terminal, self.lines) {
            (_, 0) => String::new(),
            (true, lines) => format!("\u{1b}[{lines}F\u{1b}[J"),
            (false, _) => "\n".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_takes_the_place_of_the_last_one_on_a_terminal_only() {
        let screen =
            |is_terminal, lines| Screen { is_terminal, lines, last: String::new() }.return_to_start();
        assert_eq!(screen(true, 0), "");
        assert_eq!(screen(true, 3), "\u{1b}[3F\u{1b}[J");
        assert_eq!(screen(false, 3), "\n");
    }
}
