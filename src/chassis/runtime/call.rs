//! Calls of outside services: the one way out of the sandbox, closed as long as nobody opens it.

use std::fmt;
use std::sync::Arc;

use super::TaskState;
use super::broker::{Broker, CallRefused, Cashier, Pass};
use super::error::Violation;
use crate::chassis::egress::Denied;

/// The way out for one task.
#[derive(Clone)]
pub struct Gate {
    /// Carries requests out.
    pub broker: Arc<Broker>,
    /// What may leave.
    pub pass: Pass,
    /// Pays for it.
    pub cashier: Arc<dyn Cashier>,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("pass", &self.pass).finish_non_exhaustive()
    }
}

/// A call that was counted.
pub(super) struct Call {
    gate: Option<Gate>,
    response_bytes: usize,
}

impl TaskState {
    /// Counts a call, also one that is refused later.
    ///
    /// A guest must not call from within the `alloc` that makes room for a response: every level would take a stack
    /// of the host, without end.
    pub(super) fn begin_call(&mut self) -> Result<Call, Violation> {
        self.gauge.add_call();
        if std::mem::replace(&mut self.calling, true) {
            return Err(Violation::Reentered);
        }
        Ok(Call { gate: self.gate.clone(), response_bytes: self.limits.response_bytes })
    }

    /// The guest has its response.
    pub(super) fn end_call(&mut self) {
        self.calling = false;
    }
}

/// Carries one request out; the answer as JSON.
pub(super) async fn carry(call: &Call, request: &str) -> Result<String, CallRefused> {
    let gate = call.gate.as_ref().ok_or(Denied::NoEgress)?;
    let answer = gate.broker.call(&gate.pass, gate.cashier.as_ref(), request).await?.to_json();
    let (length, limit) = (answer.len(), call.response_bytes);
    if length > limit { Err(CallRefused::ResponseTooLong { length, limit }) } else { Ok(answer) }
}
