//! Inspections: what a module is, without running it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most names of a list that are kept.
const MANY: usize = 64;

/// The two kinds of guests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestKind {
    /// A core module.
    Core,
    /// A component.
    Component,
}

impl fmt::Display for GuestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Core => "core",
            Self::Component => "component",
        })
    }
}

/// What a module is: its kind, what it asks for and what it gives, in names that are safe to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Its kind.
    pub kind: GuestKind,
    /// What it asks for.
    pub imports: Vec<String>,
    /// What it gives.
    pub exports: Vec<String>,
}

impl Inspection {
    /// The same with as many names as are read by people; the last says how many are missing.
    #[must_use]
    pub fn abridged(mut self) -> Self {
        for names in [&mut self.imports, &mut self.exports] {
            let more = names.len().saturating_sub(MANY);
            if more > 0 {
                names.truncate(MANY);
                names.push(format!("… and {more} more"));
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_of_many_names_is_abridged() {
        let names = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
        let inspection = Inspection { kind: GuestKind::Core, imports: names(64), exports: names(1000) };
        let abridged = inspection.abridged();
        assert_eq!(abridged.imports, names(64));
        assert_eq!((abridged.exports.len(), abridged.exports[64].as_str()), (65, "… and 936 more"));
    }
}
