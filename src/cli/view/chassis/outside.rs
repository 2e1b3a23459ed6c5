//! Tables of what lets tasks out: credentials and secrets.

use crate::chassis::credential::Credential;
use crate::cli::chassis::SecretLine;
use crate::cli::view::Table;
use crate::clock::Timestamp;
use crate::printable::printable;

/// The credentials of a swarm, as they are now.
pub(in crate::cli) fn credentials(all: &[Credential], now: Timestamp) -> String {
    let mut table = Table::new(&["credential", "task", "endpoints", "methods", "secrets", "state", "until"]);
    let any = |listed: Vec<String>| if listed.is_empty() { "*".to_owned() } else { listed.join(", ") };
    for one in all {
        let state = match one.is_valid(now) {
            Ok(()) => "valid",
            Err(_) if one.revoked_at.is_some() => "revoked",
            Err(_) => "expired",
        };
        table.row([
            one.id.to_string(),
            one.task.as_ref().map_or_else(|| "*".to_owned(), ToString::to_string),
            any(one.endpoints.iter().map(ToString::to_string).collect()),
            any(one.methods.iter().map(ToString::to_string).collect()),
            any(one.secrets.iter().map(ToString::to_string).collect()),
            state.to_owned(),
            one.expires_at.to_string(),
        ]);
    }
    table.render()
}

/// The secrets of this host, without their values.
pub(in crate::cli) fn secrets(lines: &[SecretLine]) -> String {
    let mut table = Table::new(&["secret", "from"]);
    for line in lines {
        table.row([line.name.to_string(), printable(&line.from)]);
    }
    table.render()
}
