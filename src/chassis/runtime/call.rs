//! Calls of outside services: the one way out of the sandbox, closed as long as nobody opens it.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use super::TaskState;
use super::error::Violation;

/// Why a request was not carried out; the guest is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CallRefused {
    /// Nothing may leave.
    #[error("refused: the contract allows no egress")]
    NoEgress,
    /// The service said more than a guest may be given.
    #[error("refused: the response has {length} bytes, {limit} are allowed")]
    ResponseTooLong { length: usize, limit: usize },
}

pub(super) type Response<'a> = Pin<Box<dyn Future<Output = Result<String, CallRefused>> + Send + 'a>>;

/// Carries requests of guests to outside services. Whoever implements it decides what may leave.
pub(super) trait Egress: Send + Sync {
    fn call<'a>(&'a self, request: &'a str) -> Response<'a>;
}

/// Lets nothing out.
pub(super) struct Closed;

impl Egress for Closed {
    fn call<'a>(&'a self, _request: &'a str) -> Response<'a> {
        Box::pin(ready(Err(CallRefused::NoEgress)))
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
    let response = call.egress.call(request).await?;
    let (length, limit) = (response.len(), call.response_bytes);
    if length > limit { Err(CallRefused::ResponseTooLong { length, limit }) } else { Ok(response) }
}
