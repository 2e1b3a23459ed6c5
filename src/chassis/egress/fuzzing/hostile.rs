//! URLs and rules as somebody writes them who means harm: what two programs could read in two ways, near what is allowed.

use rand::RngExt;
use rand::rngs::StdRng;

/// The longest URL, around which the long ones lie.
const LONGEST: usize = 8192;

const PLAIN_SCHEMES: &[&str] = &["https://", "https://", "https://", "http://"];
const SCHEMES: &[&str] = &[
    "HTTPS://",
    "https:",
    "https:/",
    "https:///",
    "https:////",
    "https:\\\\",
    "https:/\\",
    " https://",
    "\u{0}https://",
    "ht\ttps://",
    "https://\n",
    "//",
    "ftp://",
    "wss://",
    "javascript:",
    "",
];
const USERS: &[&str] = &["@", "me@", "me:pw@", "a.example@", "a.example:8443@", "%40@", ":@"];
const PLAIN_HOSTS: &[&str] =
    &["a.example", "b.a.example", "xn--bcher-kva.example", "93.184.215.14", "[2606:4700::1111]"];
const HOSTS: &[&str] = &[
    "xa.example",
    "c.b.a.example",
    "a.example.",
    "a.example..",
    "a..example",
    ".a.example",
    "..a.example",
    "A.example",
    "a.Example",
    "a.example.evil",
    "example",
    "a.exampl%65",
    "%61.example",
    "a%2eexample",
    "a\u{3002}example",
    "a.exa\u{ad}mple",
    "\u{430}.example",
    "b\u{fc}cher.example",
    "B\u{dc}CHER.example",
    "xn--mnchen-3ya.a.example",
    "any.a.example",
    "any.example",
    "*.a.example",
    "*",
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.0.0.1.",
    "127.0.0.01",
    "127.0.0.256",
    "1.2.3.4.5",
    "a.1",
    "a.0x",
    "a.0x1g",
    "0x.example",
    "1.2.3.a",
    "\u{ff11}.2.3.4",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:0:0:1]",
    "[::0:1]",
    "[1:0:0:2::]",
    "[1::2:0:0:0]",
    "[fe80::1%25lo]",
    "[::1",
    "::1",
    "[]",
    "a_b.example",
    "-a-.example",
    "a!$&'()*+,;=~.example",
    "{a}.`example\"",
    "a example",
    "a\texample",
    "a.example\0",
    "a.ex|ample",
    "localhost",
];
const PLAIN_PORTS: &[&str] = &["", "", "", ":8443", ":8080"];
const PORTS: &[&str] = &[
    ":",
    ":80",
    ":443",
    ":08443",
    ":0",
    ":00",
    ":65535",
    ":65536",
    ":4294967739",
    ":8443a",
    ":-1",
    ":+80",
    ":\u{663}",
    ": 80",
];
const PLAIN_SEGMENTS: &[&str] = &["v1", "v2", "v", "chat", "a%20b", "a.b"];
const SEGMENTS: &[&str] = &[
    "",
    "",
    ".",
    "..",
    "...",
    ".. ",
    "%2e",
    "%2E%2e",
    ".%2e",
    "%2e.",
    "%252e",
    "..;",
    "..%2f",
    "%2f",
    "%2F..",
    "%5c",
    "%5C..",
    "%00",
    "%",
    "%zz",
    "%a",
    "V1",
    "v1%2fadmin",
    "v1\\admin",
    "..\\",
    "a b",
    "v1;x=y",
    "@",
    ":",
    "[",
    "]",
    "^",
    "|",
    "{v}",
    "`",
    "\"",
    "<",
    "'",
    "*",
    "*.",
    "any.",
    "v\u{e9}",
    "\u{ff0e}\u{ff0e}",
    "://*.a.example",
];
const QUERIES: &[&str] = &[
    "?",
    "?q=1",
    "?/../..",
    "?a?b",
    "?'",
    "?\"",
    "?\\",
    "? ",
    "?%00",
    "?\u{e9}",
    "?://*.a.example/",
    "?@",
    "?%2e%2e/",
    "?a\nb",
];
const ENDS: &[&str] = &[
    "",
    "/",
    "/x",
    "x",
    "?q",
    "/../",
    "//",
    "/.",
    "/..",
    "/v1",
    "#",
    "#x",
    ".",
    "%2f",
    "\\",
    "/%2e%2e/admin",
];
const BELOW: &[&str] = &["b.", "b.c.", "", ".", "any.", "x", "%61.", "B.", "me@"];
const CHARACTERS: &[char] = &[
    '\0', '\t', '\n', '\r', ' ', '!', '"', '#', '%', '&', '\'', '*', '+', '-', '.', '/', '0', '1', ':', ';',
    '<', '=', '?', '@', 'A', '[', '\\', ']', '^', 'x', '|', '~', '\u{7f}', '\u{ad}', '\u{3002}', '\u{fe00}',
];

/// A few rules; most of them are ones.
pub(super) fn rules(random: &mut StdRng) -> Vec<String> {
    (0..random.random_range(1..=3)).map(|_| rule(random)).collect()
}

fn rule(random: &mut StdRng) -> String {
    let wildcard = if one_in(random, 3) { "*." } else { "" };
    let mut text = format!("{}{wildcard}", one_of(random, PLAIN_SCHEMES));
    text += mostly(random, 8, PLAIN_HOSTS, HOSTS);
    text += mostly(random, 16, PLAIN_PORTS, PORTS);
    text += &path(random, 16);
    if one_in(random, 32) {
        text += one_of(random, QUERIES);
    }
    if one_in(random, 16) { spoilt(random, &text) } else { text }
}

/// A URL: one of its own, or one that is made of a rule.
pub(super) fn url(random: &mut StdRng, rules: &[String]) -> String {
    let mut text = if one_in(random, 2) { near(random, rules) } else { far(random) };
    if one_in(random, 4) {
        text = spoilt(random, &text);
    }
    if one_in(random, 256) {
        let missing = (LONGEST + 4).saturating_sub(text.len() + random.random_range(0..8));
        text += &"/x".repeat(missing).chars().take(missing).collect::<String>();
    }
    text
}

fn near(random: &mut StdRng, rules: &[String]) -> String {
    let rule = &rules[random.random_range(0..rules.len())];
    let below = if one_in(random, 2) { "b." } else { one_of(random, BELOW) };
    let mut text = rule.replacen("*.", below, 1);
    if one_in(random, 2) {
        let further = if text.ends_with('/') { "" } else { "/" };
        text = format!("{text}{further}{}", one_of(random, PLAIN_SEGMENTS));
    } else {
        text += one_of(random, ENDS);
    }
    text
}

fn far(random: &mut StdRng) -> String {
    let mut text = mostly(random, 4, PLAIN_SCHEMES, SCHEMES).to_owned();
    if one_in(random, 12) {
        text += one_of(random, USERS);
    }
    text += mostly(random, 2, PLAIN_HOSTS, HOSTS);
    text += mostly(random, 4, PLAIN_PORTS, PORTS);
    text += &path(random, 3);
    if one_in(random, 4) {
        text += one_of(random, QUERIES);
    }
    text
}

/// A path of which every `odd`th segment is hostile.
fn path(random: &mut StdRng, odd: u32) -> String {
    let mut text = String::new();
    for _ in 0..random.random_range(0..5) {
        text += if one_in(random, 40) { "\\" } else { "/" };
        text += mostly(random, odd, PLAIN_SEGMENTS, SEGMENTS);
    }
    if one_in(random, 2) { text + "/" } else { text }
}

/// The text with a character too many, too few, or another one.
fn spoilt(random: &mut StdRng, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = random.random_range(0..=characters.len());
    let new = CHARACTERS[random.random_range(0..CHARACTERS.len())];
    match random.random_range(0..3) {
        0 if at < characters.len() => drop(characters.remove(at)),
        1 if at < characters.len() => characters[at] = new,
        _ => characters.insert(at, new),
    }
    characters.into_iter().collect()
}

fn one_in(random: &mut StdRng, count: u32) -> bool {
    random.random_range(0..count) == 0
}

fn one_of<'t>(random: &mut StdRng, texts: &[&'t str]) -> &'t str {
    texts[random.random_range(0..texts.len())]
}

/// One of the hostile in so many cases, else a plain one.
fn mostly<'t>(random: &mut StdRng, odd: u32, plain: &[&'t str], hostile: &[&'t str]) -> &'t str {
    if one_in(random, odd) { one_of(random, hostile) } else { one_of(random, plain) }
}
