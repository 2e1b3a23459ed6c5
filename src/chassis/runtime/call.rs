//! Calls of outside services: the one way out of the sandbox, closed as long as nobody opens it.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;

use super::TaskState;
use super::broker::CallRefused;
use super::error::Violation;
use crate::chassis::egress::Denied;

/// The response as JSON, or why there is none; the guest is told.
pub type Response<'a> = Pin<Box<dyn Future<Output = Result<String, CallRefused>> + Send + 'a>>;

/// Carries requests of one task to outside services. Whoever implements it decides what may leave.
pub trait Egress: Send + Sync {
    /// Carries one request, in the JSON of guests.
    fn call<'a>(&'a self, request: &'a str) -> Response<'a>;
}

/// Lets nothing out.
pub(super) struct Closed;

impl Egress for Closed {
    fn call<'a>(&'a self, _request: &'a str) -> Response<'a> {
        Box::pin(ready(Err(Denied::NoEgress.into())))
    }
}

/// A call that was counted.
pub(super) struct Call {
    egress: Arc<dyn Egress>,
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
        Ok(Call { egress: Arc::clone(&self.egress), response_bytes: self.limits.response_bytes })
    }

    /// The guest has its response.
    pub(super) fn end_call(&mut self) {
        self.calling = false;
    }
}

/// Carries one request out.
pub(super) async fn carry(call: &Call, request: &str) -> Result<String, CallRefused> {
    carry_within(call.egress.as_ref(), request, call.response_bytes).await
}

/// Carries one request out whose response may have so many bytes.
pub(super) async fn carry_within(
    egress: &dyn Egress,
    request: &str,
    limit: usize,
) -> Result<String, CallRefused> {
    let response = egress.call(request).await?;
    let length = response.len();
    if length > limit { Err(CallRefused::ResponseTooLong { length, limit }) } else { Ok(response) }
}
