//! Who can do what.

use crate::cli::view::words::list;
use crate::governor::service::Registered;

pub(in crate::cli) fn registered(registered: &Registered) -> String {
    format!(
        "{} {}: {}, {} $/hour, budget {}",
        registered.swarm,
        registered.change,
        list(&registered.profile.capabilities),
        registered.profile.cost_per_hour,
        registered.budget.cap,
    )
}
