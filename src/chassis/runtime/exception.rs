//! Exceptions: what a guest in Python said of the one that nobody caught, before its runtime gave up.
//!
//! Pure. All the host sees is a trap deep in that runtime, whose functions tell the author of the guest nothing.

use crate::printable::abridged;

/// How Python begins to tell of an exception.
const HEAD: &str = "Traceback (most recent call last):";

/// The last exception in what a guest printed, and where it was raised; none when it tells of none.
pub(super) fn uncaught(said: &[&str]) -> Option<String> {
    let head = said.iter().rposition(|line| *line == HEAD)?;
    let trace = &said[head + 1..];
    // Places are indented, the exception is not.
    let end = trace.iter().position(|line| !line.starts_with(' '))?;
    let lines: Vec<&str> = std::iter::once(&trace[end]).chain(&trace[..end]).copied().collect();
    Some(abridged(&format!("uncaught exception {}", lines.join("\n"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exception_comes_first_and_then_where_it_was() {
        let said = [
            "a warning",
            HEAD,
            "  File \"app.py\", line 1, in first",
            "ValueError: the first",
            "",
            "During handling of the above exception, another exception occurred:",
            "",
            HEAD,
            "  File \"app.py\", line 3, in execute_task",
            "    return task['port']\u{1b}",
            "KeyError: 'port'",
            "thread '<unnamed>' panicked at runtime/src/lib.rs:1:1:",
        ];
        assert_eq!(
            uncaught(&said).unwrap(),
            "uncaught exception KeyError: 'port'\n  File \"app.py\", line 3, in execute_task\n    return task['port']\\u{1b}"
        );
    }

    #[test]
    fn what_tells_of_no_exception_is_none() {
        for said in [&[][..], &["thread panicked"], &[HEAD], &[HEAD, "  File \"app.py\""]] {
            assert_eq!(uncaught(said), None, "{said:?}");
        }
    }
}
