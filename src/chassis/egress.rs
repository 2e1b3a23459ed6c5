//! Egress: which calls of outside services a contract allows, and to which addresses.
//!
//! Pure, and closed: what does not parse, is not in its normal form or is named by no rule is denied, with a reason for
//! the guest. Nothing here resolves a name or opens a socket.

mod address;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
#[cfg(any(test, fuzzing))]
mod naive;
mod request;
mod rule;
mod secret;
mod target;

pub use address::{Reach, reach};
pub use request::{Answer, MAX_REQUEST_BYTES, Outbound, RequestError};
pub use rule::{Denied, EgressRule, EgressRules, Method, MethodError, Pattern, RuleError};
pub use secret::{Scrubber, Secret, SecretError, SecretName, SecretUse, SecretUses};
pub use target::{Target, TargetError};
