//! Reading single values so that an error knows its place.
//!
//! The reader of YAML dates an error by the value only if it arises while the value is being visited; checks
//! made afterwards (`try_from`, `with`) are dated by the section around it.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number, in whichever notation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number<T>(pub(super) T);

/// A name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name<T>(pub(super) T);

struct Parsing<T> {
    expected: &'static str,
    parsed: PhantomData<T>,
}

impl<T> Parsing<T> {
    fn of(expected: &'static str) -> Self {
        Self { expected, parsed: PhantomData }
    }
}

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Parsing<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Number<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Parsing::of("a number")).map(Self)
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Name<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Parsing::of("a name")).map(Self)
    }
}

impl<T: fmt::Display> Serialize for Number<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<T: fmt::Display> Serialize for Name<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Reads named entries; one that is there twice is an error, not the last one's victory.
pub(super) fn once<'de, D, K, S, V>(
    deserializer: D,
    expected: &'static str,
) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: FromStr<Err: fmt::Display> + fmt::Display + Ord,
    S: Deserialize<'de> + Into<V>,
{
    struct Entries<K, S, V>(&'static str, PhantomData<(K, S, V)>);

    impl<'de, K, S, V> Visitor<'de> for Entries<K, S, V>
    where
        K: FromStr<Err: fmt::Display> + fmt::Display + Ord,
        S: Deserialize<'de> + Into<V>,
    {
        type Value = BTreeMap<K, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut entries = BTreeMap::new();
            while let Some((Name(name), entry)) = map.next_entry::<Name<K>, S>()? {
                if entries.contains_key(&name) {
                    return Err(A::Error::custom(format_args!("duplicate entry `{name}`")));
                }
                entries.insert(name, entry.into());
            }
            Ok(entries)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(BTreeMap::new())
        }
    }

    deserializer.deserialize_any(Entries::<K, S, V>(expected, PhantomData))
}
