//! Caps as they are written in a file: what each swarm may spend.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::placed::{Name, Number};
use super::{MAX_SIZE, PolicyError};
use crate::id::SwarmId;
use crate::money::Money;

/// What each swarm may spend; every swarm is named once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caps(BTreeMap<SwarmId, Money>);

impl Caps {
    /// Reads a map of swarms to dollars; `origin` is the file's name for errors.
    ///
    /// # Errors
    /// [`PolicyError`] names file, line and column.
    pub fn parse(text: &str, origin: &Path) -> Result<Self, PolicyError> {
        if text.len() > MAX_SIZE {
            return Err(PolicyError::TooLarge { file: origin.to_owned(), limit: MAX_SIZE });
        }
        let caps: Option<Self> =
            serde_yaml::from_str(text).map_err(|source| PolicyError::explain(origin, text, &source))?;
        Ok(caps.unwrap_or_default())
    }

    /// Whether the budget of all swarms together is taken for that of one of them.
    #[must_use]
    pub fn names_overall(&self) -> bool {
        self.0.keys().any(SwarmId::is_overall)
    }
}

impl IntoIterator for Caps {
    type Item = (SwarmId, Money);
    type IntoIter = std::collections::btree_map::IntoIter<SwarmId, Money>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'de> Deserialize<'de> for Caps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;

        impl<'de> Visitor<'de> for Reading {
            type Value = Caps;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("swarms with dollars")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Caps, A::Error> {
                let mut caps = BTreeMap::new();
                while let Some((Name(swarm), Number(cap))) =
                    map.next_entry::<Name<SwarmId>, Number<Money>>()?
                {
                    if caps.contains_key(&swarm) {
                        return Err(A::Error::custom(format_args!("duplicate entry `{swarm}`")));
                    }
                    caps.insert(swarm, cap);
                }
                Ok(Caps(caps))
            }
        }

        deserializer.deserialize_map(Reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Caps, PolicyError> {
        Caps::parse(text, Path::new("budgets.yaml"))
    }

    #[test]
    fn every_swarm_has_its_dollars() {
        let caps: Vec<_> = parse("# c\nb: 12.5\na: 3\n").unwrap().into_iter().collect();
        let expected = [("a", "3"), ("b", "12.5")];
        assert_eq!(caps, expected.map(|(swarm, cap)| (swarm.parse().unwrap(), cap.parse().unwrap())));
        assert_eq!(parse("# nothing\n").unwrap(), Caps::default());
    }

    #[test]
    fn an_error_names_the_place() {
        for (text, said) in [
            ("a: 1\nb: -2\n", "budgets.yaml:2:4: b: `-2` is negative"),
            ("a: 1\na: 2\n", "budgets.yaml:2:1: duplicate entry `a`"),
            (
                "a: 1\nb: much\n",
                "budgets.yaml:2:4: b: `much` is not an amount in dollars such as 2.0 or 0.000125",
            ),
            ("- a\n", "budgets.yaml:1:1: invalid type: sequence, expected swarms with dollars"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), said, "{text}");
        }
    }
}
