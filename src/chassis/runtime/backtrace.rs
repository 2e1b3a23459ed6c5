//! Backtraces: where in a guest it happened, in names that people know.

use wasmtime::WasmBacktrace;

use crate::printable::excerpt;

/// The most functions that are named.
const MANY: usize = 8;

/// In which function, then who called it, a line for each; nothing when nothing is known.
pub(super) fn place(error: &wasmtime::Error) -> String {
    error.downcast_ref::<WasmBacktrace>().map_or_else(String::new, |backtrace| {
        let known = backtrace.frames().iter().any(|frame| frame.func_name().is_some());
        if known { listed(&functions(&backtrace.to_string())) } else { String::new() }
    })
}

fn listed(functions: &[String]) -> String {
    let mut text = String::new();
    for (depth, function) in functions.iter().take(MANY).enumerate() {
        text += if depth == 0 { " in `" } else { "\n  called by `" };
        text += &excerpt(function);
        text += "`";
    }
    if functions.len() > MANY {
        text += "\n  …";
    }
    text
}

/// The functions that a backtrace names, innermost first. Only wasmtime's own text has them demangled: each on a line
/// of its own, as in `    0:     0x2a - module!function`. A guest that breaks lines by its names spoils only its own.
fn functions(backtrace: &str) -> Vec<String> {
    let function = |line: &str| {
        let (number, rest) = line.trim_start().split_once(": ")?;
        number.parse::<usize>().ok()?;
        let named = rest.split_once(" - ").map_or(rest, |(_, named)| named);
        let function = named.split_once('!').map_or(named, |(_, function)| function);
        Some(without_hash(function).to_owned())
    };
    backtrace.lines().filter_map(function).collect()
}

/// Without what Rust adds to tell functions of one name apart, as in `app::parse::h0123456789abcdef`.
fn without_hash(function: &str) -> &str {
    let hash = |text: &&str| text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match function.rsplit_once("::h") {
        Some((name, last)) if hash(&last) => name,
        _ => function,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_read_from_innermost_to_outermost() {
        let text = "error while executing at wasm backtrace:
    0:     0x42 - guest!app::parse::h0123456789abcdef
    1:     0x99 - <unknown>!<wasm function 3>
note: this is no frame";
        assert_eq!(functions(text), ["app::parse", "<wasm function 3>"]);
    }

    #[test]
    fn a_deep_or_hostile_backtrace_is_short_and_safe() {
        let deep: Vec<String> = (0..20).map(|depth| format!("f{depth}")).collect();
        let text = listed(&deep);
        assert!(text.starts_with(" in `f0`\n  called by `f1`\n"), "{text}");
        assert!(text.ends_with("`f7`\n  …"), "{text}");
        let hostile = listed(&["\u{1b}[2J".to_owned(), "x".repeat(10_000)]);
        assert!(!hostile.contains('\u{1b}') && hostile.len() < 400, "{hostile}");
    }
}
