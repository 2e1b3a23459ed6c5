//! Rates: what calls cost by what their answers say was used, for services that bill so.
//!
//! Pure. Read from a file of its own beside the policy. What an answer does not tell is not guessed: then it costs what was
//! set aside for it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::placed::{Name, Number, once};
use super::{MAX_SIZE, PolicyError};
use crate::id::{RateName, Unit};
use crate::money::Money;
use crate::spelling::nearest;

/// The model whose prices are those of all that are not named.
const DEFAULT: &str = "default";

/// So many units have a price: a million.
const PRICED: u128 = 1_000_000;

/// Rates by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RateTable(BTreeMap<RateName, Arc<Rates>>);

/// What calls of one kind cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rates {
    /// Where the answer says which model it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Pointer>,
    /// What is counted, and where the answer says how many of it were used.
    pub units: BTreeMap<Unit, Pointer>,
    /// What a million of each costs, by model; in JSON in micro-dollars.
    pub prices: BTreeMap<Model, BTreeMap<Unit, Money>>,
}

/// A place in a JSON document, as RFC 6901 writes it: `/usage/prompt_tokens`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Pointer(String);

impl FromStr for Pointer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_escaped = |rest: &str| rest.starts_with('0') || rest.starts_with('1');
        if text.starts_with('/') && text.split('~').skip(1).all(is_escaped) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!("`{text}` is no place in JSON, such as /usage/prompt_tokens"))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What a service calls a model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Model(String);

impl FromStr for Model {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err(format!("{text:?} is no name of a model"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Model {
    /// Whether `said` is this model, or a version of it: `gpt-4o-2024-08-06` is one of `gpt-4o`, `gpt-4o-mini` is not.
    fn covers(&self, said: &str) -> bool {
        let Some(rest) = said.strip_prefix(self.0.as_str()) else { return false };
        let is_version =
            |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '-');
        rest.is_empty() || rest.strip_prefix('-').is_some_and(is_version)
    }
}

/// Rates as they are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "the keys model, units and prices")]
struct Section {
    #[serde(default)]
    model: Option<Name<Pointer>>,
    #[serde(deserialize_with = "pointers")]
    units: BTreeMap<Unit, Pointer>,
    #[serde(deserialize_with = "prices")]
    prices: BTreeMap<Model, BTreeMap<Unit, Money>>,
}

struct Place(Pointer);

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Name::deserialize(deserializer).map(|Name(pointer)| Self(pointer))
    }
}

impl From<Place> for Pointer {
    fn from(place: Place) -> Self {
        place.0
    }
}

struct Price(Money);

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Number::deserialize(deserializer).map(|Number(price)| Self(price))
    }
}

impl From<Price> for Money {
    fn from(price: Price) -> Self {
        price.0
    }
}

struct Row(BTreeMap<Unit, Money>);

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        once::<D, Unit, Price, Money>(deserializer, "units with prices").map(Self)
    }
}

impl From<Row> for BTreeMap<Unit, Money> {
    fn from(row: Row) -> Self {
        row.0
    }
}

fn pointers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Unit, Pointer>, D::Error> {
    once::<D, Unit, Place, Pointer>(deserializer, "units with their places in the answer")
}

fn prices<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<Model, BTreeMap<Unit, Money>>, D::Error> {
    once::<D, Model, Row, BTreeMap<Unit, Money>>(deserializer, "models with prices of units")
}

impl TryFrom<Section> for Rates {
    type Error = String;

    fn try_from(section: Section) -> Result<Self, String> {
        let Section { model, units, prices } = section;
        if units.is_empty() {
            return Err("no unit is counted".to_owned());
        }
        if !prices.contains_key(&Model(DEFAULT.to_owned())) {
            return Err("the prices lack `default`, those of every model that is not named".to_owned());
        }
        for (model, row) in &prices {
            if let Some(unit) = units.keys().find(|unit| !row.contains_key(unit)) {
                return Err(format!("the prices of {model} lack `{unit}`"));
            }
            if let Some(unit) = row.keys().find(|unit| !units.contains_key(unit)) {
                let near = nearest(unit.as_str(), units.keys().map(Unit::as_str));
                let meant = near.map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
                return Err(format!(
                    "the prices of {model} name `{unit}`, which is not among the units{meant}"
                ));
            }
        }
        Ok(Self { model: model.map(|name| name.0), units, prices })
    }
}

impl Rates {
    /// What a call has cost by its answer, rounded up to a micro-dollar; nothing is known where the answer does not tell, or
    /// tells what nobody could pay.
    #[must_use]
    pub fn cost(&self, answer: &[u8]) -> Option<Money> {
        let answer: Value = serde_json::from_slice(answer).ok()?;
        let said = self.model.as_ref().and_then(|Pointer(place)| answer.pointer(place)?.as_str());
        let row = self.prices_of(said)?;
        let mut sum = 0_u128;
        for (unit, Pointer(place)) in &self.units {
            let used = answer.pointer(place)?.as_u64()?;
            let price = u128::try_from(row.get(unit)?.micros()).ok()?;
            sum = sum.checked_add(u128::from(used).checked_mul(price)?)?;
        }
        i64::try_from(sum.div_ceil(PRICED)).ok()?.try_into().ok()
    }

    /// The prices of the longest name that the model goes by, else those of all others.
    fn prices_of(&self, said: Option<&str>) -> Option<&BTreeMap<Unit, Money>> {
        let named = |said: &str| {
            let known = self.prices.iter().filter(|(model, _)| model.covers(said));
            known.max_by_key(|(model, _)| model.0.len()).map(|(_, row)| row)
        };
        said.and_then(named).or_else(|| self.prices.get(&Model(DEFAULT.to_owned())))
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(transparent)]
struct File(#[serde(deserialize_with = "named")] BTreeMap<RateName, Section>);

fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<RateName, Section>, D::Error> {
    once::<D, RateName, Section, Section>(deserializer, "names with rates")
}

impl Serialize for RateTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.all())
    }
}

impl RateTable {
    /// Reads the bytes of a file; `origin` is what errors call it.
    ///
    /// # Errors
    /// [`PolicyError`] names the place.
    pub fn read(bytes: &[u8], origin: &Path) -> Result<Self, PolicyError> {
        if bytes.len() > MAX_SIZE {
            return Err(PolicyError::TooLarge { file: origin.to_owned(), limit: MAX_SIZE });
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| PolicyError::no_text(origin, bytes, error.valid_up_to()))?;
        let file: Option<File> =
            serde_yaml::from_str(text).map_err(|source| PolicyError::explain(origin, text, &source))?;
        let sections = file.map_or_else(BTreeMap::new, |File(sections)| sections);
        let checked = sections.into_iter().map(|(name, section)| match Rates::try_from(section) {
            Ok(rates) => Ok((name, Arc::new(rates))),
            Err(problem) => Err(PolicyError::at_key(origin, text, name.as_str(), &problem)),
        });
        Ok(Self(checked.collect::<Result<_, _>>()?))
    }

    /// The rates of that name.
    #[must_use]
    pub fn get(&self, name: &RateName) -> Option<Arc<Rates>> {
        self.0.get(name).cloned()
    }

    /// All of them, by name.
    pub fn all(&self) -> impl Iterator<Item = (&RateName, &Rates)> {
        self.0.iter().map(|(name, rates)| (name, &**rates))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "
llm:
  model: /model
  units: {input: /usage/prompt_tokens, output: /usage/completion_tokens}
  prices:
    default: {input: 10, output: 30}
    gpt-4o: {input: 2.5, output: 10}
    gpt-4o-mini: {input: 0.15, output: 0.6}
plain:
  units: {pages: /pages}
  prices: {default: {pages: 1000}}
";

    fn read(text: &str) -> Result<RateTable, PolicyError> {
        RateTable::read(text.as_bytes(), Path::new("rates.yaml"))
    }

    fn cost(name: &str, answer: &str) -> Option<i64> {
        let table = read(TEXT).unwrap();
        table.get(&name.parse().unwrap()).unwrap().cost(answer.as_bytes()).map(Money::micros)
    }

    #[test]
    fn a_call_costs_what_its_answer_says_was_used_rounded_up() {
        let usage = |model: &str, input: &str, output: &str| {
            format!(
                r#"{{"model": {model}, "usage": {{"prompt_tokens": {input}, "completion_tokens": {output}}}}}"#
            )
        };
        for (answer, micros) in [
            (usage(r#""gpt-4o""#, "1000", "100"), Some(2500 + 1000)),
            (usage(r#""gpt-4o-2024-08-06""#, "1000", "100"), Some(3500)),
            (usage(r#""gpt-4o-mini""#, "1", "0"), Some(1)),
            (usage(r#""gpt-4o-mini-2024-07-18""#, "0", "1"), Some(1)),
            (usage(r#""gpt-4o-mini""#, "0", "0"), Some(0)),
            (usage(r#""gpt-4o-turbo""#, "1", "1"), Some(40)),
            (usage("null", "1", "1"), Some(40)),
            (usage(r#""gpt-4o""#, "-1", "1"), None),
            (usage(r#""gpt-4o""#, "1.5", "1"), None),
            (usage(r#""gpt-4o""#, r#""1""#, "1"), None),
            (usage(r#""gpt-4o""#, "18446744073709551615", "18446744073709551615"), None),
            (r#"{"model": "gpt-4o"}"#.to_owned(), None),
            ("data: {}".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(cost("llm", &answer), micros, "{answer}");
        }
        assert_eq!(cost("plain", r#"{"pages": 3}"#), Some(3000));
    }

    #[test]
    fn the_example_is_valid() {
        let file = Path::new("policies/rates.yaml");
        let table = RateTable::read(include_bytes!("../../../policies/rates.yaml"), file).unwrap();
        assert!(table.all().count() > 0);
        assert_eq!(read("# nothing\n").unwrap(), RateTable::default());
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        for (text, said) in [
            ("a:\n  unit: {x: /y}\n", "rates.yaml:2:3: unknown key `unit`, did you mean `units`?"),
            ("a/b: {}\n", "rates.yaml:1:1: name of rates `a/b` has '/' at position 2"),
            ("a:\n  units:\n    x: usage\n", "rates.yaml:3:8: "),
            ("a:\n  units: {x: /y}\n  prices:\n    default:\n      x: -1\n", "rates.yaml:5:10: "),
            (
                "# a:\nb: {units: {x: /y}, prices: {default: {x: 1}}}\na:\n  units: {x: /y}\n  prices: {m: {x: 1}}\n",
                "rates.yaml:3:1: a: the prices lack `default`",
            ),
            ("a:\n  units: {x: /y, z: /z}\n  prices: {default: {x: 1}}\n", "the prices of default lack `z`"),
            (
                "a:\n  units: {input: /y}\n  prices: {default: {input: 1, inputs: 2}}\n",
                "name `inputs`, which is not among the units, did you mean `input`?",
            ),
            ("a:\n  units: {}\n  prices: {default: {}}\n", "no unit is counted"),
            ("a: {}\na: {}\n", "missing field"),
            ("- a\n", "rates.yaml:1:1: "),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn more_use_is_never_cheaper(input in 0..1_000_000_u64, output in 0..1_000_000_u64) {
            let of = |input: u64, output: u64| {
                cost("llm", &format!(r#"{{"usage": {{"prompt_tokens": {input}, "completion_tokens": {output}}}}}"#))
            };
            prop_assert!(of(input, output) <= of(input + 1, output));
            prop_assert_eq!(of(input, output), Some(i64::try_from(input * 10 + output * 30).unwrap()));
        }
    }
}
