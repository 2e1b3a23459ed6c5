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
    let binary_component = bytes.starts_with(b"\0asm") && bytes.get(6..8) == Some(&[1, 0]);
    let component = binary_component || is_component_text(bytes);
    Ok(if component { GuestKind::Component } else { GuestKind::Core })
}

/// Whether this is text whose first word, after spaces and comments, is `(component`.
fn is_component_text(bytes: &[u8]) -> bool {
    let Ok(mut text) = std::str::from_utf8(bytes) else { return false };
    loop {
        text = text.trim_start();
        let comment_end = match text.get(..2) {
            Some(";;") => text.find('\n'),
            Some("(;") => text.find(";)").map(|index| index + 1),
            _ => break,
        };
        let Some(end) = comment_end else { return false };
        text = &text[end + 1..];
    }
    text.strip_prefix('(').is_some_and(|rest| rest.trim_start().starts_with("component"))
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
    }

    #[test]
    fn machine_code_and_what_is_too_long_are_not_parsed() {
        assert!(matches!(recognise(b"\x7fELF").unwrap_err(), ModuleRefused::MachineCode));
        let large = vec![b' '; MAX_MODULE_BYTES + 1];
        assert!(matches!(recognise(&large).unwrap_err(), ModuleRefused::TooLarge));
    }
}
