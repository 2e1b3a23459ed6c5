//! Rules and URLs, held against a second reading of both by hand. Only in builds for fuzzing (`fuzz/`) and for tests.

#[cfg(test)]
mod hostile;

use serde_json::json;

use super::rule::MOST;
use super::{EgressRule, EgressRules, Method, Target, naive};

/// What the rules allow in turn.
const ALLOWED: [&[Method]; 3] = [&[Method::Get], &[Method::Post], &[Method::Get, Method::Post]];

/// Reads texts that are divided by the byte 255, which no text has: some rules, then a URL.
///
/// # Panics
/// When the matcher and the naive one do not agree.
pub fn rules(input: &[u8]) {
    let texts: Result<Vec<_>, _> = input.split(|byte| *byte == 255).map(str::from_utf8).collect();
    let Ok(Some((url, rules))) = texts.as_ref().map(|texts| texts.split_last()) else { return };
    agree(&rules[..rules.len().min(MOST)], url);
}

/// Asks both what the rules make of the URL; whether any of them lets it through.
fn agree(rules: &[&str], url: &str) -> bool {
    if rules.iter().chain([&url]).any(|text| naive::is_puzzled(text)) {
        return false;
    }
    let target = Target::parse(url);
    assert_eq!(target.is_ok(), naive::is_target(url), "{url:?} is a target: {target:?}");
    let mut read = Vec::new();
    for (rule, methods) in rules.iter().zip(ALLOWED.into_iter().cycle()) {
        let parsed: Result<EgressRule, _> = serde_json::from_value(json!({"url": rule, "methods": methods}));
        assert_eq!(parsed.is_ok(), naive::is_rule(rule), "{rule:?} is a rule: {parsed:?}");
        read.extend(parsed.ok().map(|parsed| (*rule, methods, parsed)));
    }
    let Ok(target) = target else { return false };
    let parsed: Vec<EgressRule> = read.iter().map(|(.., parsed)| parsed.clone()).collect();
    let parsed = EgressRules::try_from(parsed).expect("they are rules, and not too many");
    let mut is_admitted = false;
    for method in [Method::Get, Method::Post, Method::Delete] {
        let admitted = parsed.admit(method, &target).ok();
        let at = admitted.and_then(|rule| parsed.as_slice().iter().position(|one| std::ptr::eq(one, rule)));
        let by_hand =
            read.iter().position(|(rule, methods, _)| methods.contains(&method) && naive::covers(rule, url));
        assert_eq!(at, by_hand, "{method} {url:?} under {rules:?}");
        is_admitted |= at.is_some();
    }
    is_admitted
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;
    use crate::config::environment;

    /// How many URLs; a million with `IF_FUZZ_URLS=1000000`.
    fn urls() -> u64 {
        environment("IF_FUZZ_URLS").map_or(20_000, |count| count.to_str().unwrap().parse().unwrap())
    }

    #[test]
    fn a_naive_matcher_agrees_on_whatever_hostile_minds_write() {
        let mut admitted = 0;
        for seed in 0..urls() {
            let mut random = StdRng::seed_from_u64(seed);
            let rules = hostile::rules(&mut random);
            let url = hostile::url(&mut random, &rules);
            let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
            admitted += u64::from(agree(&rules, &url));
        }
        // Where nothing is let through, everything agrees.
        assert!(admitted > urls() / 20, "{admitted} of {} are let through", urls());
    }

    #[test]
    fn nothing_that_was_found_worth_keeping_divides_the_matchers() {
        for input in crate::corpus::inputs("rules") {
            super::rules(&input);
        }
    }
}
