//! Masks what differs from run to run: `PORT`, `HOME`, `TEMP`, `TIME`, `ID`.

use std::path::Path;

use serde_json::Value;

/// `text` with its ports on loopback, temporary paths, moments and hexadecimal ids masked.
pub(super) fn masked(text: &str, home: &Path) -> String {
    let text = text.replace(&*home.to_string_lossy(), "HOME");
    let text = without_temporary_paths(&text);
    let is_moment_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.' | '+');
    let text = runs_replaced(&text, is_moment_sign, |run| is_moment(run).then_some("TIME"));
    let text = runs_replaced(&text, |c| c.is_ascii_alphanumeric(), |run| is_id(run).then_some("ID"));
    without_ports(&text)
}

/// Replaces the longest runs of `belongs` for which there is a `mask`.
fn runs_replaced(text: &str, belongs: impl Fn(char) -> bool, mask: impl Fn(&str) -> Option<&str>) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let inside = belongs(first);
        let end = rest.find(|c| belongs(c) != inside).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        result.push_str(if inside { mask(run).unwrap_or(run) } else { run });
        rest = after;
    }
    result
}

/// Replaces what follows each `mark` as far as it `belongs`.
fn after_mark_replaced(text: &str, mark: &str, belongs: fn(char) -> bool, by: &str) -> String {
    let mut parts = text.split(mark);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(belongs);
        result.push_str(mark);
        result.push_str(if rest.len() < part.len() { by } else { "" });
        result.push_str(rest);
    }
    result
}

fn without_ports(text: &str) -> String {
    after_mark_replaced(text, "127.0.0.1:", |c| c.is_ascii_digit(), "PORT")
}

fn without_temporary_paths(text: &str) -> String {
    let mark = std::env::temp_dir().join(".tmp").to_string_lossy().into_owned();
    after_mark_replaced(text, &mark, |c| c.is_ascii_alphanumeric(), "").replace(&mark, "TEMP")
}

/// Whether `run` is a moment of RFC 3339, such as `2025-11-12T12:25:00Z`.
fn is_moment(run: &str) -> bool {
    let pattern = "dddd-dd-ddTdd:dd:dd";
    run.len() > pattern.len()
        && run.chars().zip(pattern.chars()).all(|(c, p)| if p == 'd' { c.is_ascii_digit() } else { c == p })
}

/// Whether `run` is an id that was made: a lease, a claim, a hash.
fn is_id(run: &str) -> bool {
    run.len() >= 16 && run.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
}

/// `text` with what two servers have chosen for themselves masked: ids, addresses, and how long something took.
pub(crate) fn masked_numbers(text: &str, endpoint: &str) -> String {
    let text = text.replace(endpoint, "ENDPOINT");
    let text = runs_replaced(&text, |c| c.is_ascii_alphanumeric(), |run| is_drawn(run).then_some("ID"));
    let is_part_of_figure = |c: char| c.is_alphanumeric() || c == '.';
    let text = after_mark_replaced(&text, "took = ", is_part_of_figure, "TIME");
    let text = after_mark_replaced(&text, "remaining(", is_part_of_figure, "TIME");
    with_attached_keys_sorted(&text)
}

/// etcd lists the keys of a lease in an order that changes from call to call.
fn with_attached_keys_sorted(text: &str) -> String {
    let mark = "attached keys([";
    let Some((before, rest)) = text.split_once(mark) else { return text.to_owned() };
    let Some((keys, after)) = rest.split_once("])") else { return text.to_owned() };
    let mut keys: Vec<&str> = keys.split(' ').collect();
    keys.sort_unstable();
    format!("{before}{mark}{}]){after}", keys.join(" "))
}

/// Whether `run` is an id that a server drew, in decimal or hexadecimal digits.
fn is_drawn(run: &str) -> bool {
    run.len() >= 14 && run.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
}

/// A value with every figure, text and truth replaced by the name of its type, and without the fields named `left_out`.
pub(crate) fn shape_of(value: &Value, left_out: &str) -> Value {
    let shape = |value| shape_of(value, left_out);
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => "truth".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "text".into(),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| *name != left_out);
            fields.map(|(name, value)| (name.clone(), shape(value))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_masked_and_the_rest_is_not() {
        let temporary = std::env::temp_dir().join(".tmpAbC123/data").to_string_lossy().into_owned();
        for (text, expected) in [
            ("http://127.0.0.1:40123/x, 127.0.0.1:2", "http://127.0.0.1:PORT/x, 127.0.0.1:PORT"),
            ("/somewhere/home/policy.yaml:3", "HOME/policy.yaml:3"),
            (temporary.as_str(), "TEMP/data"),
            ("at 2025-11-12T12:25:00.123456Z it", "at TIME it"),
            ("claim-019aab00112233445566778899aa", "claim-ID"),
            ("P0.1.1 is claimed by session-2-webrtc", "P0.1.1 is claimed by session-2-webrtc"),
            ("127.0.0.1: 2025-11-12 deadbeef 1.17", "127.0.0.1: 2025-11-12 deadbeef 1.17"),
        ] {
            assert_eq!(masked(text, Path::new("/somewhere/home")), expected);
        }
    }
}
