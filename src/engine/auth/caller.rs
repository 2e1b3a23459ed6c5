//! Callers: who asks, and what they show for it.
//!
//! Pure.

use std::sync::Arc;

use tonic::metadata::MetadataMap;

/// Where etcd's clients put the token.
const TOKEN: &str = "token";
/// Where those that speak to etcd's HTTP gateway put it.
const AUTHORIZATION: &str = "authorization";

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// This process, on its own behalf.
    Engine,
    /// Somebody who does not say who they are.
    Nobody,
    /// A user, known as such at an auth revision.
    User { name: Arc<str>, revision: u64 },
}

/// What a request shows of who asks. A client certificate's name will be kept here too.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    token: Option<String>,
}

impl Credentials {
    pub(crate) fn of(metadata: &MetadataMap) -> Self {
        let shown = metadata.get(TOKEN).or_else(|| metadata.get(AUTHORIZATION));
        // What is no text is no token either.
        Self { token: shown.map(|value| value.to_str().unwrap_or_default().to_owned()) }
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_where_etcd_looks_for_it() {
        for (entries, found) in [
            (&[][..], None),
            (&[("token", "a")][..], Some("a")),
            (&[("authorization", "b")][..], Some("b")),
            (&[("authorization", "b"), ("token", "a")][..], Some("a")),
            (&[("token", "")][..], Some("")),
        ] {
            let mut metadata = MetadataMap::new();
            for &(name, value) in entries {
                metadata.insert(name, value.parse().unwrap());
            }
            assert_eq!(Credentials::of(&metadata).token(), found, "{entries:?}");
        }
    }
}
