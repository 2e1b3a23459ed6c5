//! Rails: which providers serve a purpose alike, and how one of them is chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::placed::Name;
use crate::id::{ProviderId, Purpose};

/// The most providers of one purpose: what is known of all of them is read at one revision.
const MAX_PROVIDERS: usize = 32;

/// The providers of one purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RailPolicy {
    /// They; at least one, each once, in the order of the policy, which decides between equals.
    pub providers: Vec<ProviderId>,
    /// How one of them is chosen.
    pub strategy: Strategy,
}

/// How what is not known yet is found out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The less is known of a provider, the more its share of successes is left to chance.
    #[default]
    Thompson,
    /// One choice in ten is any provider, as in the original design.
    Seed,
    /// Always the one with the best score.
    Best,
}

impl FromStr for Strategy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "thompson" => Ok(Self::Thompson),
            "seed" => Ok(Self::Seed),
            "best" => Ok(Self::Best),
            _ => Err(format!("`{text}` is no strategy")),
        }
    }
}

/// A purpose as it is written: a list of providers, or keys with values.
struct Section(RailPolicy);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "providers, or keys with values")]
struct Keys {
    providers: Providers,
    #[serde(default)]
    strategy: Option<Name<Strategy>>,
}

impl<'de> Deserialize<'de> for Section {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Section;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of providers, or the keys providers and strategy")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Section, A::Error> {
                let Providers(providers) = Providers::deserialize(SeqAccessDeserializer::new(list))?;
                Ok(Section(RailPolicy { providers, strategy: Strategy::default() }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Section, A::Error> {
                let keys = Keys::deserialize(MapAccessDeserializer::new(map))?;
                let strategy = keys.strategy.map_or_else(Strategy::default, |name| name.0);
                Ok(Section(RailPolicy { providers: keys.providers.0, strategy }))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// Providers, each once; not none and not too many.
struct Providers(Vec<ProviderId>);

impl<'de> Deserialize<'de> for Providers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Providers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of providers")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Providers, A::Error> {
                let mut providers = Vec::new();
                let mut seen = BTreeSet::new();
                while let Some(Name(provider)) = list.next_element::<Name<ProviderId>>()? {
                    if !seen.insert(provider.clone()) {
                        return Err(A::Error::custom(format_args!(
                            "provider `{provider}` stands there twice"
                        )));
                    }
                    providers.push(provider);
                }
                match providers.len() {
                    0 => Err(A::Error::custom("no provider is named")),
                    count if count > MAX_PROVIDERS => Err(A::Error::custom(format_args!(
                        "{count} providers are named, at most {MAX_PROVIDERS} are allowed"
                    ))),
                    _ => Ok(Providers(providers)),
                }
            }
        }

        deserializer.deserialize_seq(List)
    }
}

/// Reads all purposes; one that is declared twice is an error, not the last one's victory.
pub(super) fn rails<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<Purpose, RailPolicy>, D::Error> {
    struct Purposes;

    impl<'de> Visitor<'de> for Purposes {
        type Value = BTreeMap<Purpose, RailPolicy>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("purposes with providers")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut rails = BTreeMap::new();
            while let Some((Name(purpose), Section(rail))) = map.next_entry::<Name<Purpose>, Section>()? {
                if rails.contains_key(&purpose) {
                    return Err(A::Error::custom(format_args!("duplicate entry `{purpose}`")));
                }
                rails.insert(purpose, rail);
            }
            Ok(rails)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(BTreeMap::new())
        }
    }

    deserializer.deserialize_any(Purposes)
}
