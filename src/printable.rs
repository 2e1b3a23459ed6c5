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

/// A JSON document with the same characters spelled as JSON has them: the same document.
pub(crate) fn printable_json(document: &str) -> String {
    let mut shown = String::with_capacity(document.len());
    for character in document.chars() {
        match character {
            // Between values: within them JSON itself has it spelled.
            '\n' => shown.push('\n'),
            '\r' => {}
            _ if is_hostile(character) => {
                let spelled = |unit: &u16| format!("\\u{unit:04x}");
                shown.extend(character.encode_utf16(&mut [0; 2]).iter().map(spelled));
            }
            _ => shown.push(character),
        }
    }
    shown
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
    (character.is_control() && character != '\t') || is_unseen(character)
}

/// What has no width, turns text around or starts a line: two texts that differ in it look the same, or one looks like
/// another.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::{abridged, excerpt, printable, printable_json};

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

    #[test]
    fn what_is_not_seen_is_shown_as_text() {
        for unseen in ['\u{ad}', '\u{61c}', '\u{200b}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{e0041}'] {
            assert_eq!(printable(&format!("a{unseen}b")), format!("a{}b", unseen.escape_unicode()));
        }
    }

    #[test]
    fn a_json_document_is_shown_as_the_same_document() {
        let document = "{\r\n\t\"a\u{9b}\": \"\u{202e}\u{e0041}\u{7f}ö\\n\"}";
        let shown = printable_json(document);
        assert_eq!(shown, "{\n\t\"a\\u009b\": \"\\u202e\\udb40\\udc41\\u007fö\\n\"}");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&shown), read(document));
    }
}
