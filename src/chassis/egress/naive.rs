//! Rules once more, by hand: what a rule lets through is decided on the texts alone, character by character.
//!
//! For fuzzers and tests only. Nothing of what it is held against is used here, the parser of URLs least of all: what
//! both say alike was thought of twice.

use std::net::Ipv6Addr;

/// The longest URL, in bytes.
const LONGEST: usize = 8192;

/// What may stand in a host besides small letters and digits.
const IN_HOSTS: &str = "!\"$&'()*+,-.;=_`{}~";

/// What must not stand in a path as it is, and what not in a query; neither what is no visible ASCII.
const NOT_IN_PATHS: &str = "\"#<>?\\`{}";
const NOT_IN_QUERIES: &str = "\"#<>'";

/// What must not stand in a path in disguise.
const DISGUISED: [&str; 4] = ["%2e", "%2f", "%5c", "%00"];

/// Labels in punycode that are known to be right.
const PUNYCODE: [&str; 2] = ["xn--bcher-kva", "xn--mnchen-3ya"];

/// A URL in pieces, each as it is written.
#[derive(Clone, Copy)]
struct Pieces<'t> {
    scheme: &'t str,
    host: &'t str,
    port: Option<&'t str>,
    path: &'t str,
    query: Option<&'t str>,
}

/// Whether a text is a URL in its normal form.
pub(super) fn is_target(text: &str) -> bool {
    text.len() <= LONGEST && cut(text).is_some_and(Pieces::are_normal)
}

/// Whether a text is the URL of a rule.
pub(super) fn is_rule(text: &str) -> bool {
    let (is_wild, exact) = without_wildcard(text);
    // What stands for any label is two bytes longer than the wildcard.
    let longest = if is_wild { LONGEST - 2 } else { LONGEST };
    let Some(pieces) = cut(&exact).filter(|pieces| pieces.are_normal()) else { return false };
    let is_wide = !pieces.host.contains('.') || pieces.is_address();
    text.len() <= longest && pieces.query.is_none() && !exact.contains('*') && !(is_wild && is_wide)
}

/// Whether a rule lets a URL through, whatever the method.
pub(super) fn covers(rule: &str, url: &str) -> bool {
    let (is_wild, exact) = without_wildcard(rule);
    let (Some(rule), Some(url)) = (cut(&exact), cut(url)) else { return false };
    let host = if is_wild {
        let below = format!(".{}", rule.host);
        !url.is_address() && url.host.len() > below.len() && url.host.ends_with(&below)
    } else {
        url.host == rule.host
    };
    host && url.scheme == rule.scheme && url.port == rule.port && lies_below(url.path, rule.path)
}

/// Whether it cannot say: a label in punycode that it does not know.
pub(super) fn is_puzzled(text: &str) -> bool {
    let labels = cut(text).map(|pieces| pieces.host.to_lowercase()).unwrap_or_default();
    labels.split('.').any(|label| label.starts_with("xn--") && !PUNYCODE.contains(&label))
}

/// Segment by segment; a rule that ends with a slash wants one more.
fn lies_below(path: &str, rule: &str) -> bool {
    let segments = |path: &str| -> Vec<String> { path.split('/').skip(1).map(str::to_owned).collect() };
    let (mut wanted, mut given) = (segments(rule), segments(path));
    // Without a path the slash is meant.
    for segments in [&mut wanted, &mut given] {
        if segments.is_empty() {
            segments.push(String::new());
        }
    }
    let is_open = wanted.pop_if(|last| last.is_empty()).is_some();
    given.starts_with(&wanted) && (!is_open || given.len() > wanted.len())
}

/// Whether a rule has a wildcard, and the rule without it.
fn without_wildcard(rule: &str) -> (bool, String) {
    for scheme in ["https://", "http://"] {
        if let Some(host) = rule.strip_prefix(&format!("{scheme}*.")) {
            return (true, format!("{scheme}{host}"));
        }
    }
    (false, rule.to_owned())
}

fn cut(text: &str) -> Option<Pieces<'_>> {
    let (scheme, rest) = text.split_once("://").filter(|(scheme, _)| ["https", "http"].contains(scheme))?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    // The colons of an address in brackets are its own.
    let after = authority.rfind(']').unwrap_or(0);
    let colon = authority[after..].find(':').map(|at| after + at);
    let (host, port) = colon.map_or((authority, None), |at| (&authority[..at], Some(&authority[at + 1..])));
    Some(Pieces { scheme, host, port, path, query })
}

impl Pieces<'_> {
    fn are_normal(self) -> bool {
        let visible =
            |text: &str, not: &str| text.chars().all(|c| matches!(c, '!'..='~') && !not.contains(c));
        let path = self.path;
        let lower = path.to_ascii_lowercase();
        let rooted = path.starts_with('/') || (path.is_empty() && self.query.is_none());
        let goes_nowhere = path.split('/').any(|segment| segment == "." || segment == "..");
        rooted
            && visible(path, NOT_IN_PATHS)
            && !goes_nowhere
            && !DISGUISED.iter().any(|disguised| lower.contains(disguised))
            && self.query.is_none_or(|query| visible(query, NOT_IN_QUERIES))
            && self.port.is_none_or(|port| is_port(port, self.scheme))
            && is_host(self.host)
    }

    fn is_address(self) -> bool {
        self.host.starts_with('[') || is_number(self.host.rsplit('.').next().unwrap_or_default())
    }
}

/// As short as it goes, and not the one that is meant without it.
fn is_port(port: &str, scheme: &str) -> bool {
    let is_short = port == "0" || (!port.starts_with('0') && (1..=5).contains(&port.len()));
    let known = if scheme == "https" { "443" } else { "80" };
    let is_small = || port.parse::<u32>().is_ok_and(|number| number < 65536);
    is_short && port.bytes().all(|byte| byte.is_ascii_digit()) && port != known && is_small()
}

fn is_host(host: &str) -> bool {
    if let Some(inside) = host.strip_prefix('[') {
        let inside = inside.strip_suffix(']').unwrap_or_default();
        return inside.parse::<Ipv6Addr>().is_ok_and(|address| written(address.segments()) == inside);
    }
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || IN_HOSTS.contains(c);
    let labels: Vec<&str> = host.split('.').collect();
    let last = labels[labels.len() - 1];
    let is_well_spelt = |label: &&str| !label.starts_with("xn--") || PUNYCODE.contains(label);
    let is_name = host.chars().all(known) && labels.iter().all(is_well_spelt) && !last.is_empty();
    is_name && (!is_number(last) || (labels.len() == 4 && labels.iter().all(is_octet)))
}

/// Whether a host that ends so is an address: 1, 01, 0x1f.
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    let digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    hexadecimal.map_or(digits(label), |rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_octet(label: &&str) -> bool {
    (0..256).any(|octet| octet.to_string() == *label)
}

/// An address as it is written: the first of the longest runs of zeros is left out, if it is longer than one.
fn written(groups: [u16; 8]) -> String {
    let run = |from: usize| groups[from..].iter().take_while(|group| **group == 0).count();
    let longest = (0..8).map(run).max().filter(|longest| *longest > 1).unwrap_or(0);
    let text = |groups: &[u16]| groups.iter().map(|group| format!("{group:x}")).collect::<Vec<_>>().join(":");
    match (0..8).find(|from| longest > 0 && run(*from) == longest) {
        Some(from) => format!("{}::{}", text(&groups[..from]), text(&groups[from + longest..])),
        None => text(&groups),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_knows_what_it_talks_about() {
        for text in [
            "https://a.example",
            "http://a.example/v1//w?q=/../",
            "https://a.example:8443/a%20b",
            "https://1.2.3.4/",
            "https://[::ffff:7f00:1]:0/",
            "https://[1:0:0:2::]/",
        ] {
            assert!(is_target(text), "{text}");
        }
        for text in [
            "https://a.example?q",
            "https://a.example:443/",
            "https://a.example:/",
            "https://me@a.example/",
            "https://1.2.3/",
            "https://a.0x1f/",
            "https://[::ffff:127.0.0.1]/",
            "https://[1::2:0:0:0:0]/",
            "https://a.example/v1/../v2",
            "https://a.example/%2E%2e/",
            "https://a.example\\v1",
        ] {
            assert!(!is_target(text), "{text}");
        }
        assert!(is_rule("https://*.a.example/v1") && !is_rule("https://*.com/") && !is_rule("https://a/?q"));
        assert!(covers("https://a/v1/", "https://a/v1/") && !covers("https://a/v1/", "https://a/v1"));
        assert!(covers("https://a", "https://a") && covers("https://*.a.b", "https://x.a.b/y"));
        assert!(!covers("https://*.a.b/", "https://a.b/") && !covers("https://a/v", "https://a/vw"));
        assert!(is_puzzled("https://xn--a/") && !is_puzzled("https://xn--bcher-kva/"));
    }
}
