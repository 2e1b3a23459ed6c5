//! The layers of the house (ARCHITECTURE.md): who may name whom.
//!
//! Reads the paths in every file of `src`, those of `use` lines and those in between, resolves them as far as a
//! file alone allows, and holds them against [`RULES`]. Code under `#[cfg(test)]` is free.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

/// What the files it covers must not name.
struct Rule {
    says: &'static str,
    /// Whether the rule speaks of the file at this place, such as `governor/budget.rs`.
    covers: fn(&str) -> bool,
    /// Whether this file may not name this path, such as `tokio::time::sleep`.
    forbids: fn(&str, &str) -> bool,
}

const COMPONENTS: [&str; 4] = ["coordinator", "governor", "chassis", "witness"];

/// The parts of a component that act; everything else in it is rules.
const ACTING: [&str; 3] = ["service", "runtime", "serving"];

const RULES: &[Rule] = &[
    Rule {
        says: "rules are pure: no I/O, no runtime, no store",
        covers: is_pure,
        forbids: |_, path| {
            let outside = [
                "tokio",
                "tokio_stream",
                "std::fs",
                "std::net",
                "std::process",
                "std::env",
                "crate::config",
                "crate::store",
                "crate::engine",
                "etcd_client",
            ];
            !is_address(path) && outside.iter().any(|module| within(path, module))
        },
    },
    Rule {
        says: "rules are pure: the time is passed in",
        covers: is_pure,
        forbids: |_, path| {
            path.split("::").any(|word| matches!(word, "Clock" | "now" | "stopwatch" | "uptime"))
        },
    },
    Rule {
        says: "rules are pure: services and runtimes use them, not the other way round",
        covers: |file| is_pure(file) && component(file).is_some_and(|name| file != format!("{name}.rs")),
        forbids: |_, path| {
            let words: Vec<&str> = path.split("::").collect();
            matches!(words[..], ["crate", name, part, ..] if COMPONENTS.contains(&name) && ACTING.contains(&part))
        },
    },
    Rule {
        says: "components meet through their services, or through types at the other's top level",
        covers: |file| component(file).is_some(),
        forbids: |file, path| {
            let words: Vec<&str> = path.split("::").collect();
            match words[..] {
                ["crate", name] => is_foreign(file, name),
                ["crate", name, inside, ..] => {
                    is_foreign(file, name) && inside != "service" && !is_type(inside)
                }
                _ => false,
            }
        },
    },
    Rule {
        says: "the command line knows neither the engine nor what is beneath it",
        covers: |file| lies_in(file, "cli"),
        forbids: |_, path| {
            ["etcd_client", "wasmtime", "crate::engine"].iter().any(|module| within(path, module))
        },
    },
    Rule {
        says: "the command line sees the store's types, not its insides",
        covers: |file| lies_in(file, "cli"),
        forbids: |_, path| {
            path.strip_prefix("crate::store::")
                .is_some_and(|rest| rest.split("::").next().is_none_or(|word| !is_type(word)))
        },
    },
    Rule {
        says: "nothing below knows the command line",
        covers: |file| !lies_in(file, "cli") && !matches!(file, "lib.rs" | "main.rs" | "if.rs"),
        forbids: |_, path| within(path, "crate::cli"),
    },
    Rule {
        says: "the engine knows nothing of tasks and swarms, the store nothing of what it keeps",
        covers: |file| lies_in(file, "engine") || lies_in(file, "store"),
        forbids: |file, path| {
            COMPONENTS.iter().any(|name| within(path, &format!("crate::{name}")))
                || (lies_in(file, "engine") && within(path, "crate::store"))
        },
    },
    Rule {
        says: "wasmtime is used in chassis/runtime only",
        covers: |file| !lies_in(file, "chassis/runtime"),
        forbids: |_, path| within(path, "wasmtime") || within(path, "wasmtime_wasi"),
    },
    Rule {
        says: "etcd_client is used in store and engine only",
        covers: |file| !lies_in(file, "store") && !lies_in(file, "engine"),
        forbids: |_, path| within(path, "etcd_client"),
    },
    Rule {
        says: "tables are built in cli/view only",
        covers: |file| !lies_in(file, "cli/view"),
        forbids: |_, path| within(path, "comfy_table"),
    },
];

/// Whether `file` is the module `module` or lies in it: `engine.rs` and `engine/…` are `engine`.
fn lies_in(file: &str, module: &str) -> bool {
    file.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

fn component(file: &str) -> Option<&'static str> {
    COMPONENTS.into_iter().find(|name| lies_in(file, name))
}

fn is_foreign(file: &str, name: &str) -> bool {
    COMPONENTS.contains(&name) && component(file) != Some(name)
}

fn is_pure(file: &str) -> bool {
    let acts = |name: &str| ACTING.iter().any(|part| lies_in(file, &format!("{name}/{part}")));
    matches!(file, "hexadecimal.rs" | "id.rs" | "money.rs" | "printable.rs" | "spelling.rs")
        || component(file).is_some_and(|name| !acts(name))
}

/// Addresses are plain values; nothing is reached by having one.
fn is_address(path: &str) -> bool {
    ["std::net::IpAddr", "std::net::Ipv4Addr", "std::net::Ipv6Addr"]
        .iter()
        .any(|address| within(path, address))
}

fn is_type(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

fn within(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// A path where it may not be.
struct Violation {
    file: String,
    line: usize,
    path: String,
    rule: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src/{}:{}: `{}`: {}", self.file, self.line, self.path, self.rule)
    }
}

fn violations(file: &str, source: &str) -> Vec<Violation> {
    let paths = paths(file, source);
    let broken = |rule: &'static Rule| {
        let forbidden = paths.iter().filter(|(_, path)| (rule.forbids)(file, path));
        let report = |(line, path): &(usize, String)| Violation {
            file: file.to_owned(),
            line: *line,
            path: path.clone(),
            rule: rule.says,
        };
        forbidden.map(report).collect::<Vec<_>>()
    };
    RULES.iter().filter(|rule| (rule.covers)(file)).flat_map(broken).collect()
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `::`
    Separator,
    Sign(char),
}

impl Token {
    fn is(&self, text: &str) -> bool {
        matches!(self, Self::Word(word) if word == text)
    }
}

type Line = usize;

/// The words and signs of `source`, without comments, texts and lifetimes.
fn tokens(source: &str) -> Vec<(Line, Token)> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => comment_length(rest),
            '"' => text_length(rest),
            '\'' => quote_length(rest),
            'r' | 'b' | 'c' if raw_text_length(rest).is_some() => raw_text_length(rest).unwrap_or(1),
            _ if first.is_alphabetic() || first == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                tokens.push((line, Token::Word(rest[..end].to_owned())));
                end
            }
            _ if rest.starts_with("::") => {
                tokens.push((line, Token::Separator));
                2
            }
            _ => {
                if !first.is_whitespace() {
                    tokens.push((line, Token::Sign(first)));
                }
                first.len_utf8()
            }
        };
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

fn comment_length(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if here.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of `r"…"`, `br#"…"#` and the like, if `rest` begins with one.
fn raw_text_length(rest: &str) -> Option<usize> {
    let body =
        rest.strip_prefix("br").or_else(|| rest.strip_prefix("cr")).or_else(|| rest.strip_prefix('r'))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let inside = body[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = rest.len() - inside.len();
    Some(inside.find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

/// The length of a character such as `'x'` or `'\n'`; of a lifetime only the quote.
fn quote_length(rest: &str) -> usize {
    let mut inside = rest.chars().skip(1);
    match (inside.next(), inside.next()) {
        (Some('\\'), Some(escaped)) => {
            let start = 2 + escaped.len_utf8();
            rest[start..].find('\'').map_or(rest.len(), |end| start + end + 1)
        }
        (Some(character), Some('\'')) => character.len_utf8() + 2,
        _ => 1,
    }
}

/// Takes out every item under `#[cfg(test)]`.
fn without_tests(tokens: &[(Line, Token)]) -> Vec<(Line, Token)> {
    let sign = |c| Token::Sign(c);
    let word = |text: &str| Token::Word(text.to_owned());
    let mark = [sign('#'), sign('['), word("cfg"), sign('('), word("test"), sign(')'), sign(']')];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].iter().map(|(_, token)| token).take(mark.len()).eq(&mark) {
            at += mark.len() + item_length(&tokens[at + mark.len()..]);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// The length of the item `tokens` begin with: up to its semicolon or its closing brace.
fn item_length(tokens: &[(Line, Token)]) -> usize {
    let ends_at_brace = tokens.first().is_none_or(|(_, token)| !token.is("use"));
    let mut depth = 0_usize;
    for (at, (_, token)) in tokens.iter().enumerate() {
        match token {
            Token::Sign('{' | '[' | '(') => depth += 1,
            Token::Sign(closing @ ('}' | ']' | ')')) => {
                depth = depth.saturating_sub(1);
                if depth == 0 && *closing == '}' && ends_at_brace {
                    return at + 1;
                }
            }
            Token::Sign(';') if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Every path that `source` names, from the crate or another one on, with its line.
fn paths(file: &str, source: &str) -> Vec<(Line, String)> {
    let tokens = without_tests(&tokens(source));
    let module = module_of(file);
    // What a first word means in this file: modules declared here, then names that were imported.
    let mut meaning: HashMap<String, Vec<String>> = HashMap::new();
    for pair in tokens.windows(2) {
        if let [(_, keyword), (_, Token::Word(name))] = pair
            && keyword.is("mod")
        {
            meaning.insert(name.clone(), [module.clone(), vec![name.clone()]].concat());
        }
    }
    let mut found = Vec::new();
    let mut between = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (line, token) = &tokens[at];
        let next = tokens.get(at + 1).map(|(_, token)| token);
        let starts_path =
            at == 0 || tokens[at - 1].1 != Token::Separator || !follows_something(&tokens, at - 1);
        if token.is("use") && next != Some(&Token::Sign('<')) {
            let end = at + item_length(&tokens[at..]);
            for (line, name, path) in use_tree(&tokens[at + 1..end], &[]) {
                let path = resolve(&path, &module, &meaning);
                meaning.entry(name).or_insert_with(|| path.clone());
                found.push((line, path));
            }
            at = end;
        } else if matches!(token, Token::Word(_)) && next == Some(&Token::Separator) && starts_path {
            let path = straight_path(&tokens[at..]);
            at += 2 * path.len() - 1;
            between.push((*line, path));
        } else {
            at += 1;
        }
    }
    found.extend(between.into_iter().map(|(line, path)| (line, resolve(&path, &module, &meaning))));
    found.into_iter().map(|(line, path)| (line, path.join("::"))).collect()
}

/// Whether the separator at `at` continues something, as in `Vec::<u8>::new`, rather than begins a path.
fn follows_something(tokens: &[(Line, Token)], at: usize) -> bool {
    at > 0 && matches!(&tokens[at - 1].1, Token::Word(_) | Token::Sign('>'))
}

/// The words of `a::b::c` that `tokens` begin with.
fn straight_path(tokens: &[(Line, Token)]) -> Vec<String> {
    let mut path = Vec::new();
    for pair in tokens.chunks(2) {
        let Some((_, Token::Word(word))) = pair.first() else { break };
        path.push(word.clone());
        if pair.get(1).is_none_or(|(_, token)| *token != Token::Separator) {
            break;
        }
    }
    path
}

/// The leaves of a `use` tree: line, the name it gets here, the path as written.
fn use_tree(tokens: &[(Line, Token)], prefix: &[String]) -> Vec<(Line, String, Vec<String>)> {
    let mut leaves = Vec::new();
    let mut path = prefix.to_vec();
    let mut name = None;
    let mut place = None;
    let mut at = 0;
    while at < tokens.len() {
        let (line, token) = &tokens[at];
        match token {
            Token::Word(word) if word == "as" => {
                if let Some((_, Token::Word(alias))) = tokens.get(at + 1) {
                    name = Some(alias.clone());
                }
                at += 1;
            }
            Token::Word(word) => {
                path.push(word.clone());
                place = Some(*line);
            }
            Token::Sign('*') => {
                path.push("*".to_owned());
                place = Some(*line);
            }
            Token::Sign('{') => {
                let inside = item_length(&tokens[at..]);
                leaves.extend(use_tree(&tokens[at + 1..at + inside - 1], &path));
                at += inside - 1;
                (path, name, place) = (prefix.to_vec(), None, None);
            }
            Token::Sign(',' | ';') => leaves.extend(leaf(place.take(), name.take(), &mut path, prefix)),
            _ => {}
        }
        at += 1;
    }
    leaves.extend(leaf(place, name, &mut path, prefix));
    leaves
}

fn leaf(
    line: Option<Line>,
    name: Option<String>,
    path: &mut Vec<String>,
    prefix: &[String],
) -> Option<(Line, String, Vec<String>)> {
    let mut path = std::mem::replace(path, prefix.to_vec());
    if path.len() > 1 && path.last().is_some_and(|word| word == "self") {
        path.pop();
    }
    let last = path.last()?.clone();
    Some((line?, name.unwrap_or(last), path))
}

/// `path` as seen from the root: `super::x` in `governor/budget.rs` is `crate::governor::x`.
fn resolve(path: &[String], module: &[String], meaning: &HashMap<String, Vec<String>>) -> Vec<String> {
    let ups = path.iter().take_while(|word| *word == "super").count();
    if ups > 0 {
        return [&module[..module.len().saturating_sub(ups).max(1)], &path[ups..]].concat();
    }
    match path.split_first() {
        Some((first, rest)) if first == "self" => [module, rest].concat(),
        Some((first, rest)) => match meaning.get(first) {
            Some(start) => [&start[..], rest].concat(),
            None => path.to_vec(),
        },
        None => Vec::new(),
    }
}

fn module_of(file: &str) -> Vec<String> {
    let stem = file.trim_end_matches(".rs");
    let words = stem.split('/').filter(|word| !matches!(*word, "lib" | "main" | "if" | "mod"));
    std::iter::once("crate").chain(words).map(str::to_owned).collect()
}

fn source_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn every_file_keeps_its_layer() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = source_files(&src);
    assert!(files.len() > 4, "src is read: {files:?}");
    let mut broken = Vec::new();
    for path in files {
        let file = path.strip_prefix(&src).unwrap().to_str().unwrap();
        broken.extend(violations(file, &fs::read_to_string(&path).unwrap()).iter().map(ToString::to_string));
    }
    assert!(broken.is_empty(), "layers are broken:\n{}", broken.join("\n"));
}

/// File, source, and the line and path that must be found, at least.
const BROKEN: &[(&str, &str, usize, &str)] = &[
    ("governor/budget.rs", "use tokio::time::sleep;", 1, "tokio::time::sleep"),
    ("governor/budget.rs", "use std::{fmt, fs::{self, File}};", 1, "std::fs"),
    ("governor/budget.rs", "use std::{\n    fmt,\n    net::TcpStream,\n};", 3, "std::net::TcpStream"),
    ("coordinator/claim.rs", "fn f() {\n    std::process::exit(1)\n}", 2, "std::process::exit"),
    ("coordinator/claim.rs", "fn f() { ::std::env::vars(); }", 1, "std::env::vars"),
    ("chassis/contract.rs", "use super::super::store::Store;", 1, "crate::store::Store"),
    ("chassis.rs", "use crate::store as elsewhere;", 1, "crate::store"),
    ("id.rs", "use crate::config::Home;", 1, "crate::config::Home"),
    ("governor/breaker.rs", "use crate::clock::Clock;", 1, "crate::clock::Clock"),
    (
        "governor/breaker.rs",
        "use std::time as t;\nfn f() { t::Instant::now(); }",
        2,
        "std::time::Instant::now",
    ),
    ("spelling.rs", "use crate::store::Key;", 1, "crate::store::Key"),
    ("money.rs", "fn f() { crate::clock::stopwatch(); }", 1, "crate::clock::stopwatch"),
    ("governor/budget.rs", "use super::service::Governor;", 1, "crate::governor::service::Governor"),
    ("coordinator/service.rs", "use crate::governor::budget::Budget;", 1, "crate::governor::budget::Budget"),
    ("coordinator/service.rs", "use crate::governor::*;", 1, "crate::governor::*"),
    ("coordinator/service.rs", "use crate::governor;", 1, "crate::governor"),
    ("governor/service.rs", "use crate::chassis::runtime::Sandbox;", 1, "crate::chassis::runtime::Sandbox"),
    ("cli/coordinator.rs", "use crate::engine::Engine;", 1, "crate::engine::Engine"),
    ("cli.rs", "fn f() { wasmtime::Engine::default(); }", 1, "wasmtime::Engine::default"),
    ("cli/governor.rs", "use crate::store::keys::owner;", 1, "crate::store::keys::owner"),
    ("coordinator/runtime/dispatcher.rs", "use crate::cli::Failure;", 1, "crate::cli::Failure"),
    ("engine/writer.rs", "use crate::coordinator::Task;", 1, "crate::coordinator::Task"),
    ("engine.rs", "use crate::store::Key;", 1, "crate::store::Key"),
    ("store/entry.rs", "use crate::governor::Budget;", 1, "crate::governor::Budget"),
    ("chassis/service.rs", "type T = wasmtime::Module;", 1, "wasmtime::Module"),
    ("chassis/runtimes.rs", "use wasmtime::Module;", 1, "wasmtime::Module"),
    ("chassis/gauge.rs", "use wasmtime_wasi::WasiCtx;", 1, "wasmtime_wasi::WasiCtx"),
    (
        "chassis/serving.rs",
        "use crate::coordinator::runtime::worker::Worker;",
        1,
        "crate::coordinator::runtime::worker::Worker",
    ),
    ("chassis/limits.rs", "use super::serving::Serving;", 1, "crate::chassis::serving::Serving"),
    ("coordinator/service.rs", "pub use etcd_client::Client;", 1, "etcd_client::Client"),
    ("cli/output.rs", "use comfy_table::Table;", 1, "comfy_table::Table"),
];

const KEPT: &[(&str, &str)] = &[
    ("governor/budget.rs", "use crate::clock::Timestamp;\nfn f(now: Timestamp) -> Timestamp { now }"),
    ("governor/budget.rs", "// use tokio::time;\n/* std::fs /* nested */ std::env::var */"),
    ("governor/budget.rs", "/// See [`crate::store::Store`].\nconst A: &str = \"std::fs::read\";"),
    ("governor/budget.rs", "const A: &str = r#\"a \" std::fs::read\"#; const B: char = '\"';"),
    ("governor/budget.rs", "fn f<'a>(a: &'a str) -> (&'a str, char) { (a, '\\'') }"),
    (
        "governor/budget.rs",
        "#[cfg(test)]\nmod tests {\n    use std::{fs, env};\n    fn f() { fs::read(\"\"); }\n}",
    ),
    ("governor/budget.rs", "#[cfg(test)]\nuse std::{fs, env};"),
    ("governor/budget.rs", "use super::policy::Policy;\nfn f() { Policy::default(); Vec::<u8>::now(); }"),
    ("governor.rs", "pub mod service;\npub use service::Governor;"),
    ("coordinator/service.rs", "use crate::governor::{Budget, service::Governor};\nuse tokio::time;"),
    ("coordinator/runtime.rs", "use crate::engine::Engine;\nuse crate::clock::Clock;"),
    ("cli/coordinator.rs", "use crate::coordinator::runtime;\nuse crate::store::{Connection, Store};"),
    ("cli/view/table.rs", "use comfy_table::Table;"),
    ("chassis/runtime/sandbox.rs", "use wasmtime::Module;"),
    ("chassis/serving/confined.rs", "use crate::coordinator::{Runner, Worker};\nuse tokio::time;"),
    ("engine/disk.rs", "use std::fs::File;\nuse etcd_client::proto;"),
    ("store/keys.rs", "use super::Key;\nuse crate::id::TaskId;\nuse etcd_client::KeyValue;"),
    ("lib.rs", "pub mod cli;\npub mod store;"),
];

#[test]
fn what_breaks_a_layer_is_found_with_its_line() {
    for (file, source, line, path) in BROKEN {
        let found = violations(file, source);
        let expected = found.iter().any(|violation| violation.line == *line && violation.path == *path);
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert!(
            expected,
            "`{path}` in line {line} of src/{file} goes unseen in:\n{source}\nfound: {found:?}"
        );
    }
}

#[test]
fn every_rule_can_fail() {
    let broken: BTreeSet<_> = BROKEN
        .iter()
        .flat_map(|(file, source, ..)| violations(file, source))
        .map(|found| found.rule)
        .collect();
    let rules: BTreeSet<_> = RULES.iter().map(|rule| rule.says).collect();
    assert_eq!(broken, rules);
}

#[test]
fn what_keeps_its_layer_is_left_alone() {
    for (file, source) in KEPT {
        let found: Vec<_> = violations(file, source).iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{found:?} in:\n{source}");
    }
}
