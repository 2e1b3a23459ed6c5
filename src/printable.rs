//! Text from untrusted code and from whoever writes to the store, made safe to show: no control character reaches a terminal, no line becomes two.

/// Escapes what would move a cursor, start a line or turn text around.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hostile(character) { shown.extend(character.escape_default()) } else { shown.push(character) }
    }
    shown
}

/// As [`printable`], line by line: lines stay lines.
pub(crate) fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// The beginning of a name that may be of any length.
pub(crate) fn excerpt(name: &str) -> String {
    const LONGEST: usize = 128;
    let beginning: String = name.chars().take(LONGEST).collect();
    let cut = if beginning.len() < name.len() { "…" } else { "" };
    printable(&beginning) + cut
}

/// A text of several lines that may be of any length: its beginning and its end.
pub(crate) fn abridged(text: &str) -> String {
    const LONGEST: usize = 4096;
    let count = text.chars().count();
    if count <= LONGEST {
        return printable_lines(text);
    }
    let beginning: String = text.chars().take(LONGEST / 2).collect();
    let end: String = text.chars().skip(count - LONGEST / 2).collect();
    format!("{}\n…\n{}", printable_lines(&beginning), printable_lines(&end))
}

fn is_hostile(character: char) -> bool {
    let turns_text =
        matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns_text || (character.is_control() && character != '\t')
}

#[cfg(test)]
mod tests {
    use super::{abridged, excerpt, printable};

    #[test]
    fn a_long_text_keeps_its_beginning_and_its_end() {
        assert_eq!(abridged("a\nb\u{1b}"), "a\nb\\u{1b}");
        let text = abridged(&format!("first{}last", "\n".repeat(1_000_000)));
        assert!(text.starts_with("first\n") && text.ends_with("\nlast") && text.len() < 5000);
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(excerpt("ä"), "ä");
        assert_eq!(excerpt(&"ä".repeat(1000)), format!("{}…", "ä".repeat(128)));
    }

    #[test]
    fn what_steers_a_terminal_is_shown_as_text() {
        assert_eq!(printable("a\tö ✓"), "a\tö ✓");
        assert_eq!(printable("x\n\u{1b}[2J\r"), "x\\n\\u{1b}[2J\\r");
        assert_eq!(printable("\u{202e}abc\u{9b}"), "\\u{202e}abc\\u{9b}");
    }
}
