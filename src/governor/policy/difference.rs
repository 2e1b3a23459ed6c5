//! What two policies say differently, key by key.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::Policy;

/// One key that two policies give different values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The keys that lead there, joined by dots.
    pub path: String,
    /// What the one in force says; nothing where it is silent.
    pub in_force: Option<Value>,
    /// What the other one says; nothing where it is silent.
    pub other: Option<Value>,
}

/// Where `other` differs from what is `in_force`, by path.
#[must_use]
pub fn differences(in_force: &Policy, other: &Policy) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), Some(said(in_force)), Some(said(other)), &mut found);
    found
}

#[expect(clippy::expect_used, reason = "plain structs with string keys always serialise")]
fn said(policy: &Policy) -> Value {
    serde_json::to_value(policy).expect("plain data serialises")
}

fn compare(path: String, in_force: Option<Value>, other: Option<Value>, found: &mut Vec<Difference>) {
    match (in_force, other) {
        (in_force, other) if in_force == other => {}
        (Some(Value::Object(mut one)), Some(Value::Object(mut another))) => {
            let keys: BTreeSet<String> = one.keys().chain(another.keys()).cloned().collect();
            for key in keys {
                compare(below(&path, &key), one.remove(&key), another.remove(&key), found);
            }
        }
        (in_force, other) => found.push(Difference { path, in_force, other }),
    }
}

/// A key that has dots itself stands in quotes.
fn below(path: &str, key: &str) -> String {
    let key = if key.contains('.') { format!("{key:?}") } else { key.to_owned() };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_policy_does_not_differ_from_itself() {
        assert_eq!(differences(&Policy::default(), &Policy::default()), []);
    }

    #[test]
    fn every_key_that_differs_is_named_with_both_values() {
        let parse = |text| Policy::parse(text, Path::new("policy.yaml")).unwrap();
        let before = parse(
            "resource_policy: {max_cost_per_task: 5}\ncapability_registry:\n  a.b: {capabilities: [x:y], cost_per_hour: 1}\n",
        );
        let after = parse(
            "capability_registry:\n  a.b: {capabilities: [x:y], cost_per_hour: 2}\n  c: {capabilities: [x:y], cost_per_hour: 0}\n",
        );
        let difference = |path: &str, in_force: Option<Value>, other| Difference {
            path: path.to_owned(),
            in_force,
            other: Some(other),
        };
        assert_eq!(
            differences(&before, &after),
            [
                difference("capability_registry.\"a.b\".cost_per_hour", Some(json!(1.0)), json!(2.0)),
                difference(
                    "capability_registry.c",
                    None,
                    json!({"capabilities": ["x:y"], "cost_per_hour": 0.0})
                ),
                difference("resource_policy.max_cost_per_task", Some(json!(5.0)), json!(10.0)),
            ]
        );
    }
}
