//! Contracts in force: what was loaded, and what may take its place.
//!
//! Pure. A contract protects those who rely on it, so what would weaken it is named and needs a person's word.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::egress::{EgressRule, SecretUse};
use super::inspection::Inspection;
use super::{Contract, Digest};
use crate::clock::Timestamp;

/// How many replacements are remembered.
const REMEMBERED: usize = 20;

/// The module of a swarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleInfo {
    /// Its name on every host.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
    /// What it is; unknown for one that an older version loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inspection: Option<Inspection>,
}

/// A contract in force, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadedContract {
    /// What was agreed.
    pub contract: Contract,
    /// The code it governs in the sandbox; none when it governs a container only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<ModuleInfo>,
    /// Since when.
    pub loaded_at: Timestamp,
    /// Who loaded it.
    pub by: String,
    /// What was done.
    pub op: String,
    /// What was weakened on a person's word, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Replacement>,
}

impl LoadedContract {
    /// The module's name.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.module.as_ref().map(|module| &module.sha256)
    }
}

/// A contract that took the place of another, which it weakened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// When.
    pub at: Timestamp,
    /// Who gave the word.
    pub by: String,
    /// The version that went.
    pub version: String,
    /// The module that went; none when the record could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// What was weakened.
    pub differences: Vec<Difference>,
}

/// One respect in which a contract would be weakened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The term of the contract, or `module`.
    pub what: String,
    /// As it was.
    pub was: String,
    /// As it is then.
    pub now: String,
}

impl Difference {
    fn new(what: &str, was: impl fmt::Display, now: impl fmt::Display) -> Self {
        Self { what: what.to_owned(), was: was.to_string(), now: now.to_string() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was {}, would be {}", self.what, self.was, self.now)
    }
}

/// What is stored for a swarm.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Standing {
    /// Nothing.
    Free,
    /// Something that nobody can read.
    Illegible,
    /// A contract.
    InForce(Box<LoadedContract>),
    /// The contract that was in force until it was unloaded: unloading is no way around it.
    Ended(Box<LoadedContract>),
}

/// What loading comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Succession {
    /// The very same is in force.
    Same(Box<LoadedContract>),
    /// It takes the place.
    Next(Box<LoadedContract>),
    /// It would weaken what is in force.
    Weaker(Vec<Difference>),
}

impl Standing {
    /// What comes of loading `next`, by a person's word (`replace`) whatever it weakens.
    #[must_use]
    pub(super) fn succeeded_by(&self, mut next: LoadedContract, replace: bool) -> Succession {
        if let Self::InForce(before) = self
            && before.contract == next.contract
            && before.digest() == next.digest()
        {
            return Succession::Same(before.clone());
        }
        if let Some(before) = self.last() {
            next.replaced.clone_from(&before.replaced);
        }
        let differences = self.weakened_by(&next);
        if differences.is_empty() {
            return Succession::Next(Box::new(next));
        }
        if !replace {
            return Succession::Weaker(differences);
        }
        next.replaced.push(self.replacement(&next, differences));
        let forgotten = next.replaced.len().saturating_sub(REMEMBERED);
        next.replaced.drain(..forgotten);
        Succession::Next(Box::new(next))
    }

    /// The contract that is or was last in force.
    fn last(&self) -> Option<&LoadedContract> {
        match self {
            Self::InForce(loaded) | Self::Ended(loaded) => Some(loaded),
            Self::Free | Self::Illegible => None,
        }
    }

    fn weakened_by(&self, next: &LoadedContract) -> Vec<Difference> {
        match self {
            Self::Free => Vec::new(),
            Self::Illegible => vec![Difference::new("record", ILLEGIBLE, next.contract.version())],
            Self::InForce(before) | Self::Ended(before) => differences(before, next),
        }
    }

    fn replacement(&self, next: &LoadedContract, differences: Vec<Difference>) -> Replacement {
        let (version, sha256) = match self.last() {
            Some(before) => (before.contract.version().to_owned(), before.digest().cloned()),
            None => (ILLEGIBLE.to_owned(), None),
        };
        Replacement { at: next.loaded_at, by: next.by.clone(), version, sha256, differences }
    }
}

const ILLEGIBLE: &str = "illegible";

/// In what respects `next` is weaker than `before`: an older version, other code under the same version, more of what is
/// limited, less of what is promised.
fn differences(before: &LoadedContract, next: &LoadedContract) -> Vec<Difference> {
    let mut found = Vec::new();
    let (was, now) = (&before.contract, &next.contract);
    if now.is_older_than(was) {
        found.push(Difference::new("version", was.version(), now.version()));
    }
    if was.version() == now.version() {
        other_code(before, next, &mut found);
    }
    limits(was, now, &mut found);
    ways_out(was, now, &mut found);
    promises(was, now, &mut found);
    found
}

/// Code that was not there before, or not the same. What is taken away can do nothing.
fn other_code(before: &LoadedContract, next: &LoadedContract, found: &mut Vec<Difference>) {
    if let Some(now) = next.digest()
        && before.digest() != Some(now)
    {
        found.push(Difference::new("module", before.digest().map_or("none", Digest::short), now.short()));
    }
    let (was, now) = (before.contract.container(), next.contract.container());
    if let Some(now) = now
        && was != Some(now)
    {
        found.push(Difference::new(
            "container",
            was.map_or_else(|| "none".to_owned(), ToString::to_string),
            now,
        ));
    }
}

fn limits(was: &Contract, now: &Contract, found: &mut Vec<Difference>) {
    let (was, now) = (was.resource_requirements(), now.resource_requirements());
    for (what, was, now) in [
        ("max_memory_mb", was.max_memory_mb.get(), now.max_memory_mb.get()),
        ("max_cpu_percent", was.max_cpu_percent.get(), now.max_cpu_percent.get()),
        ("max_api_calls_per_second", was.max_api_calls_per_second.get(), now.max_api_calls_per_second.get()),
        (
            "max_execution_time_seconds",
            was.max_execution_time_seconds.get(),
            now.max_execution_time_seconds.get(),
        ),
    ] {
        if now > was {
            found.push(Difference::new(what, was, now));
        }
    }
}

/// Calls and secrets that were not allowed before, or not so.
fn ways_out(was: &Contract, now: &Contract, found: &mut Vec<Difference>) {
    for rule in now.egress().as_slice() {
        found.extend(wider(was.egress().as_slice(), rule));
    }
    let is_new = |one: &&SecretUse| !was.secrets().as_slice().contains(one);
    for one in now.secrets().as_slice().iter().filter(is_new) {
        found.push(Difference::new("secrets", "not sent so", one));
    }
}

/// What a rule allows that none of those `before` did; compared with the nearest of the same URL.
fn wider(before: &[EgressRule], rule: &EgressRule) -> Vec<Difference> {
    let same_url = before.iter().filter(|one| one.url == rule.url);
    match same_url.filter_map(|one| rule.wider_than(one)).min_by_key(Vec::len) {
        Some(rows) => {
            let what = |key: &str| format!("{key} of the egress to {}", rule.url);
            rows.into_iter().map(|(key, was, now)| Difference::new(&what(key), was, now)).collect()
        }
        None => vec![Difference::new("egress", "not allowed so", rule)],
    }
}

fn promises(was: &Contract, now: &Contract, found: &mut Vec<Difference>) {
    let (was, now) = (was.slos(), now.slos());
    let p99 = |slos: &super::contract::Slos| slos.p99_latency_ms.map(|limit| f64::from(limit.get()));
    let ratio = |ratio: Option<super::contract::Ratio>| ratio.map(super::contract::Ratio::get);
    // A latency is the better the lower.
    let rows = [
        ("p99_latency_ms", p99(was), p99(now), -1.0),
        ("success_rate", ratio(was.success_rate), ratio(now.success_rate), 1.0),
        ("availability", ratio(was.availability), ratio(now.availability), 1.0),
    ];
    for (what, was, now, better) in rows {
        match (was, now) {
            (Some(was), Some(now)) if now * better < was * better => {
                found.push(Difference::new(what, was, now));
            }
            (Some(was), None) => found.push(Difference::new(what, was, "not promised")),
            (None, _) | (Some(_), Some(_)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = "\
swarm_id: s
version: 1.2.0
capabilities: [a:b]
resource_requirements:
  max_memory_mb: 64
  max_cpu_percent: 25
  max_api_calls_per_second: 10
  max_execution_time_seconds: 30
slos:
  p99_latency_ms: 500
  success_rate: 0.95
  availability: 0.99
";

    fn loaded(text: &str, module: &[u8], at: i64) -> LoadedContract {
        LoadedContract {
            contract: Contract::parse(text, "c").unwrap(),
            module: Some(ModuleInfo { sha256: Digest::of(module), bytes: 1, inspection: None }),
            loaded_at: Timestamp::from_micros(at),
            by: "human:ann".to_owned(),
            op: "chassis.load".to_owned(),
            replaced: Vec::new(),
        }
    }

    fn in_force() -> Standing {
        Standing::InForce(Box::new(loaded(CONTRACT, b"m", 1)))
    }

    /// What would be weakened by the contract with these terms changed, and this module.
    fn weakened(changes: &[(&str, &str)], module: &[u8]) -> Vec<String> {
        let mut text = CONTRACT.to_owned();
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        match in_force().succeeded_by(loaded(&text, module, 2), false) {
            Succession::Weaker(differences) => differences.iter().map(ToString::to_string).collect(),
            Succession::Next(_) => Vec::new(),
            Succession::Same(_) => vec!["the same".to_owned()],
        }
    }

    #[test]
    fn a_new_way_out_weakens_a_contract_and_one_less_does_not() {
        let allowing = |rules: &str| format!("{CONTRACT}{rules}");
        let one = "egress: [{url: 'https://a.example/'}]\n";
        let two = "egress: [{url: 'https://a.example/'}, {url: 'https://b.example/', methods: [POST], allow_private: true}]
secrets: [{name: KEY, url: 'https://b.example/'}]\n";
        let weakened = |before: &str, after: &str| {
            let standing = Standing::InForce(Box::new(loaded(&allowing(before), b"m", 1)));
            match standing.succeeded_by(loaded(&allowing(after), b"m", 2), false) {
                Succession::Weaker(differences) => differences.iter().map(ToString::to_string).collect(),
                Succession::Next(_) | Succession::Same(_) => Vec::new(),
            }
        };
        let wider = [
            "egress was not allowed so, would be POST https://b.example/, private addresses too",
            "secrets was not sent so, would be KEY to https://b.example/ in authorization",
        ];
        assert_eq!(weakened(one, two), wider);
        assert_eq!(weakened("", one), ["egress was not allowed so, would be GET HEAD https://a.example/"]);
        assert!(weakened(two, one).is_empty() && weakened(two, "").is_empty());
        let rule = |terms: &str| format!("egress: [{{url: 'https://a.example/', {terms}}}]\n");
        let wide = rule(
            "methods: [GET, POST], allow_private: true, cost_per_call: 0.1, timeout_seconds: 60, max_response_kb: 9",
        );
        let narrow = rule("methods: [POST], cost_per_call: 0.2, timeout_seconds: 30, max_response_kb: 8");
        assert!(weakened(&wide, &narrow).is_empty(), "what is narrowed is no way out");
        assert_eq!(
            weakened(&narrow, &wide),
            [
                "methods was POST, would be GET POST",
                "allow_private was false, would be true",
                "cost_per_call was 0.20, would be 0.10",
                "timeout_seconds was 30, would be 60",
                "max_response_kb was 8, would be 9",
            ]
            .map(|row| row.replacen(" was", " of the egress to https://a.example/ was", 1))
        );
    }

    #[test]
    fn what_weakens_a_contract_is_named_and_nothing_else() {
        let cases: [(&str, &str, &str); 22] = [
            ("1.2.0", "1.1.9", "version was 1.2.0, would be 1.1.9"),
            ("1.2.0", "1.2.0-rc.1", "version was 1.2.0, would be 1.2.0-rc.1"),
            ("1.2.0", "1.10.0", ""),
            ("1.2.0", "main", ""),
            ("_mb: 64", "_mb: 65", "max_memory_mb was 64, would be 65"),
            ("_mb: 64", "_mb: 63", ""),
            ("percent: 25", "percent: 26", "max_cpu_percent was 25, would be 26"),
            ("percent: 25", "percent: 24", ""),
            ("second: 10", "second: 11", "max_api_calls_per_second was 10, would be 11"),
            ("second: 10", "second: 0", ""),
            ("seconds: 30", "seconds: 31", "max_execution_time_seconds was 30, would be 31"),
            ("seconds: 30", "seconds: 29", ""),
            ("ms: 500", "ms: 501", "p99_latency_ms was 500, would be 501"),
            ("ms: 500", "ms: 499", ""),
            ("  p99_latency_ms: 500\n", "", "p99_latency_ms was 500, would be not promised"),
            ("rate: 0.95", "rate: 0.949", "success_rate was 0.95, would be 0.949"),
            ("rate: 0.95", "rate: 1", ""),
            ("  success_rate: 0.95\n", "", "success_rate was 0.95, would be not promised"),
            ("availability: 0.99", "availability: 0.98", "availability was 0.99, would be 0.98"),
            ("availability: 0.99", "availability: 0.999", ""),
            ("  availability: 0.99\n", "", "availability was 0.99, would be not promised"),
            ("[a:b]", "[c:d, e:f]", ""),
        ];
        for (from, to, difference) in cases {
            let expected: Vec<&str> = Some(difference).filter(|text| !text.is_empty()).into_iter().collect();
            assert_eq!(weakened(&[(from, to)], b"m"), expected, "{from} {to}");
        }
    }

    #[test]
    fn other_code_needs_another_version() {
        let was = Digest::of(b"m").short().to_owned();
        let now = Digest::of(b"n").short().to_owned();
        assert_eq!(weakened(&[], b"n"), [format!("module was {was}, would be {now}")]);
        assert!(weakened(&[("1.2.0", "1.2.1")], b"n").is_empty());
        assert!(weakened(&[("1.2.0", "1.2.0+fix")], b"n").is_empty());
        assert_eq!(weakened(&[], b"m"), ["the same"]);
    }

    #[test]
    fn another_image_or_command_is_other_code() {
        let with = |version: &str, container: &str| LoadedContract {
            module: None,
            ..loaded(&format!("{}{container}", CONTRACT.replace("1.2.0", version)), b"m", 1)
        };
        let image = "container: {image: a, command: [sh]}\n";
        let weakened =
            |before: LoadedContract, after: LoadedContract| match Standing::InForce(Box::new(before))
                .succeeded_by(after, false)
            {
                Succession::Weaker(differences) => differences.iter().map(ToString::to_string).collect(),
                Succession::Next(_) | Succession::Same(_) => Vec::new(),
            };
        for (after, words) in [
            ("container: {image: b, command: [sh]}\n", r#"container was a "sh", would be b "sh""#),
            ("container: {image: a, command: [sh, x]}\n", r#"container was a "sh", would be a "sh" "x""#),
            ("container: {image: a}\n", r#"container was a "sh", would be a"#),
        ] {
            assert_eq!(weakened(with("1.2.0", image), with("1.2.0", after)), [words]);
            assert!(weakened(with("1.2.0", image), with("1.2.1", after)).is_empty());
        }
        assert_eq!(
            weakened(with("1.2.0", ""), with("1.2.0", image)),
            [r#"container was none, would be a "sh""#]
        );
        assert!(weakened(with("1.2.0", image), with("1.2.0", "")).is_empty());
        let was = with("1.2.0", image);
        let module = LoadedContract { module: loaded(CONTRACT, b"m", 1).module, ..was.clone() };
        let digest = Digest::of(b"m").short().to_owned();
        assert_eq!(weakened(was.clone(), module.clone()), [format!("module was none, would be {digest}")]);
        assert!(weakened(module, was).is_empty());
    }

    #[test]
    fn everything_that_is_weakened_is_named_at_once() {
        let changes = [("1.2.0", "1"), ("_mb: 64", "_mb: 128"), ("rate: 0.95", "rate: 0.5")];
        assert_eq!(
            weakened(&changes, b"n"),
            [
                "version was 1.2.0, would be 1",
                "max_memory_mb was 64, would be 128",
                "success_rate was 0.95, would be 0.5"
            ]
        );
    }

    #[test]
    fn a_person_may_weaken_a_contract_and_it_is_on_record() {
        let weaker = CONTRACT.replace("_mb: 64", "_mb: 128");
        let Succession::Next(next) = in_force().succeeded_by(loaded(&weaker, b"m", 7), true) else {
            panic!()
        };
        let [replacement] = &next.replaced[..] else { panic!("{:?}", next.replaced) };
        assert_eq!(
            (replacement.at, replacement.by.as_str(), replacement.version.as_str()),
            (Timestamp::from_micros(7), "human:ann", "1.2.0")
        );
        assert_eq!(replacement.differences, [Difference::new("max_memory_mb", 64, 128)]);
        // What weakens nothing keeps the record, and adds nothing to it.
        let newer = loaded(&CONTRACT.replace("1.2.0", "1.3.0"), b"n", 8);
        let Succession::Next(newest) = Standing::InForce(next.clone()).succeeded_by(newer, true) else {
            panic!()
        };
        assert_eq!(newest.replaced, next.replaced);
    }

    #[test]
    fn unloading_is_no_way_around_a_contract() {
        let weaker = CONTRACT.replace("_mb: 64", "_mb: 128");
        let Succession::Next(replaced) = in_force().succeeded_by(loaded(&weaker, b"m", 7), true) else {
            panic!()
        };
        let ended = Standing::Ended(replaced.clone());
        let Succession::Weaker(differences) = ended.succeeded_by(loaded(&weaker, b"n", 8), false) else {
            panic!()
        };
        assert_eq!(differences.len(), 1, "other code: {differences:?}");
        let Succession::Next(again) = ended.succeeded_by(loaded(&weaker, b"m", 9), false) else {
            panic!("the same is loaded anew")
        };
        assert_eq!(again.replaced, replaced.replaced, "what was weakened before stays on record");
    }

    #[test]
    fn the_record_of_replacements_forgets_the_oldest() {
        let mut standing = in_force();
        for at in 1..=30 {
            let next = loaded(CONTRACT, &[at], i64::from(at));
            let Succession::Next(next) = standing.succeeded_by(next, true) else { panic!() };
            standing = Standing::InForce(next);
        }
        let Standing::InForce(last) = standing else { panic!() };
        assert_eq!(last.replaced.len(), REMEMBERED);
        assert_eq!(last.replaced[0].at, Timestamp::from_micros(11));
        assert_eq!(last.replaced[REMEMBERED - 1].at, Timestamp::from_micros(30));
    }

    #[test]
    fn what_nobody_can_read_is_replaced_on_a_persons_word_only() {
        let next = || loaded(CONTRACT, b"m", 1);
        let Succession::Weaker(differences) = Standing::Illegible.succeeded_by(next(), false) else {
            panic!()
        };
        assert_eq!(differences[0].to_string(), "record was illegible, would be 1.2.0");
        let Succession::Next(next) = Standing::Illegible.succeeded_by(next(), true) else { panic!() };
        assert_eq!(next.replaced.len(), 1);
    }

    #[test]
    fn a_record_of_an_older_version_is_read() {
        let mut json = serde_json::to_value(loaded(CONTRACT, b"m", 1)).unwrap();
        assert_eq!((json.get("replaced"), json["module"].get("inspection")), (None, None));
        json["module"].as_object_mut().unwrap().remove("inspection");
        assert_eq!(serde_json::from_value::<LoadedContract>(json).unwrap(), loaded(CONTRACT, b"m", 1));
    }
}
