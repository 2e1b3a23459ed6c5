//! The two kinds of guests, told apart by how their files begin.

use wasmtime::Engine;

use super::{MAX_MODULE_BYTES, ModuleRefused};
use crate::chassis::inspection::GuestKind;

/// Says what `bytes` claim to be; whether they are is for the compiler to find out.
///
/// # Errors
/// [`ModuleRefused`] for what is not to be parsed at all: what is too long, and machine code.
pub(super) fn recognise(bytes: &[u8]) -> Result<GuestKind, ModuleRefused> {
    if bytes.len() > MAX_MODULE_BYTES {
        return Err(ModuleRefused::TooLarge);
    }
    if bytes.starts_with(b"\x7fELF") || Engine::detect_precompiled(bytes).is_some() {
        return Err(ModuleRefused::MachineCode);
    }
    // After the magic come two bytes of version and two of layer; layer 1 is a component.
    let binary_component = is_binary(bytes) && bytes.get(6..8) == Some(&[1, 0]);
    let text_component = first_word(bytes).is_some_and(|word| word.starts_with("component"));
    Ok(if binary_component || text_component { GuestKind::Component } else { GuestKind::Core })
}

/// Whether `bytes` begin as WebAssembly does, binary or text.
pub(super) fn is_webassembly(bytes: &[u8]) -> bool {
    is_binary(bytes) || first_word(bytes).is_some()
}

fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0asm")
}

/// What follows the first parenthesis of a text that begins with one, after spaces and comments.
fn first_word(bytes: &[u8]) -> Option<&str> {
    let mut text = std::str::from_utf8(bytes).ok()?;
    loop {
        text = text.trim_start();
        let comment_end = match text.get(..2) {
            Some(";;") => text.find('\n'),
            Some("(;") => text.find(";)").map(|index| index + 1),
            _ => break,
        };
        text = &text[comment_end? + 1..];
    }
    text.strip_prefix('(').map(str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_file_tells_its_kind() {
        let component = [
            "(component)",
            " ;; a comment\n(; another ;) ( component $c )",
            "\0asm\x0d\0\x01\0",
            "\0asm\x01\0\x01\0",
        ];
        for text in component {
            assert_eq!(recognise(text.as_bytes()).unwrap(), GuestKind::Component, "{text}");
        }
        for text in ["", "(module)", ";; (component)", "\0asm\x01\0\0\0", "\0asm", "(;", "component"] {
            assert_eq!(recognise(text.as_bytes()).unwrap(), GuestKind::Core, "{text}");
        }
        for (text, is) in [
            ("\0asm", true),
            (" ;; a\n(x", true),
            ("", false),
            ("(;", false),
            ("module", false),
            ("\u{7f}", false),
        ] {
            assert_eq!(is_webassembly(text.as_bytes()), is, "{text:?}");
        }
    }

    #[test]
    fn machine_code_and_what_is_too_long_are_not_parsed() {
        assert!(matches!(recognise(b"\x7fELF").unwrap_err(), ModuleRefused::MachineCode));
        let large = vec![b' '; MAX_MODULE_BYTES + 1];
        assert!(matches!(recognise(&large).unwrap_err(), ModuleRefused::TooLarge));
    }
}
