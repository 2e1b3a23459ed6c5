//! Reading values so that an error is told the place of the value, not of the section around it: each check runs while
//! the reader stands there.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

/// Reads a text into a type that checks it.
pub(super) fn text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<String, Error: fmt::Display>,
{
    deserializer.deserialize_str(Text(PhantomData))
}

/// The same for a key that may be left out.
pub(super) fn optional_text<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<String, Error: fmt::Display>,
{
    text(deserializer).map(Some)
}

/// Reads a list of texts into a type that checks the whole.
pub(super) fn list<'de, D, T, L>(deserializer: D) -> Result<L, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<String, Error: fmt::Display>,
    L: TryFrom<Vec<T>, Error: fmt::Display>,
{
    deserializer.deserialize_seq(List(PhantomData))
}

struct Text<T>(PhantomData<T>);

impl<T: TryFrom<String, Error: fmt::Display>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, in quotes if it looks like something else")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::try_from(text.to_owned()).map_err(E::custom)
    }
}

struct Element<T>(T);

impl<'de, T: TryFrom<String, Error: fmt::Display>> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer).map(Self)
    }
}

struct List<T, L>(PhantomData<(T, L)>);

impl<'de, T, L> Visitor<'de> for List<T, L>
where
    T: TryFrom<String, Error: fmt::Display>,
    L: TryFrom<Vec<T>, Error: fmt::Display>,
{
    type Value = L;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<L, A::Error> {
        let mut list = Vec::new();
        while let Some(Element(element)) = elements.next_element()? {
            list.push(element);
        }
        L::try_from(list).map_err(A::Error::custom)
    }
}
