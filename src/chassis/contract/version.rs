//! Versions, and which of two is older.

use std::cmp::Ordering;

use serde::Serialize;

use super::TermError;

/// A version; any scheme, short and printable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version(String);

impl Version {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is older than `other` by the precedence of Semantic Versioning 2.0.0, paragraph 11. More or fewer than
    /// three numbers, leading zeros and a `v` are allowed, so that `v2` and `2026.01.31` compare as they are meant. Of two
    /// versions that do not both read so, neither is older.
    #[must_use]
    pub fn is_older_than(&self, other: &Self) -> bool {
        let parsed = Precedence::parse(&self.0).zip(Precedence::parse(&other.0));
        parsed.is_some_and(|(own, other)| own.compare(&other) == Ordering::Less)
    }
}

impl TryFrom<String> for Version {
    type Error = TermError;

    fn try_from(text: String) -> Result<Self, TermError> {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-' | '_');
        if (1..=64).contains(&text.len()) && text.chars().all(known) {
            Ok(Self(text))
        } else {
            Err(TermError::Version(text.chars().take(64).collect()))
        }
    }
}

/// What counts when two versions are compared; what was built from the same sources (`+…`) does not.
struct Precedence<'a> {
    numbers: Vec<&'a str>,
    /// Nothing for a release, which is newer than what was tried before it.
    prerelease: Vec<&'a str>,
}

impl<'a> Precedence<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (numbers, prerelease) = match text.split_once('-') {
            Some((numbers, prerelease)) => (numbers, prerelease.split('.').collect()),
            None => (text, Vec::new()),
        };
        let numbers: Vec<&str> = numbers.split('.').collect();
        let whole = numbers.iter().all(|number| is_number(number));
        (whole && prerelease.iter().all(|part| !part.is_empty())).then_some(Self { numbers, prerelease })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let length = self.numbers.len().max(other.numbers.len());
        let number = |version: &Self, at: usize| version.numbers.get(at).copied().unwrap_or("0");
        let numbers = (0..length).map(|at| compare_numbers(number(self, at), number(other, at)));
        numbers.fold(Ordering::Equal, Ordering::then).then_with(|| self.compare_prereleases(other))
    }

    fn compare_prereleases(&self, other: &Self) -> Ordering {
        match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                let pairs = self.prerelease.iter().zip(&other.prerelease);
                let parts = pairs.map(|(own, other)| compare_parts(own, other));
                parts
                    .fold(Ordering::Equal, Ordering::then)
                    .then(self.prerelease.len().cmp(&other.prerelease.len()))
            }
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Numbers compare as numbers, however long, and come before words; words compare letter by letter.
fn compare_parts(left: &str, right: &str) -> Ordering {
    match (is_number(left), is_number(right)) {
        (true, true) => compare_numbers(left, right),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => left.cmp(right),
    }
}

fn compare_numbers(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::Version;

    fn version(text: &str) -> Version {
        Version::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn the_order_is_that_of_semantic_versioning() {
        // The first two rows are the examples of the specification.
        let rows: [&[&str]; 6] = [
            &[
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
            ],
            &["1.0.0", "2.0.0", "2.1.0", "2.1.1"],
            &["1.9.0", "1.10.0", "1.11.0"],
            &["v1", "v2", "v2.0.1"],
            &["2025.12.31", "2026.01.02", "2026.1.3"],
            &["1.2.3", "1.2.3.1", "99999999999999999999", "100000000000000000000"],
        ];
        for row in rows {
            for (index, older) in row.iter().enumerate() {
                for newer in &row[index + 1..] {
                    assert!(version(older).is_older_than(&version(newer)), "{older} {newer}");
                    assert!(!version(newer).is_older_than(&version(older)), "{newer} {older}");
                }
            }
        }
    }

    #[test]
    fn neither_of_two_is_older_when_they_are_equal_or_cannot_be_compared() {
        for (left, right) in [
            ("1.0.0", "1.0.0"),
            ("1", "1.0.0"),
            ("v1.0", "1"),
            ("1.0.0+build.1", "1.0.0+build.2"),
            ("1.0.0", "main"),
            ("blue", "green"),
            ("1..0", "2.0"),
            ("1.0.0-", "2.0.0"),
        ] {
            assert!(!version(left).is_older_than(&version(right)), "{left} {right}");
            assert!(!version(right).is_older_than(&version(left)), "{right} {left}");
        }
    }
}
