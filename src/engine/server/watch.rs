//! The Watch service: many watches on one stream.
//!
//! One task per stream owns all its watches. It takes requests, passes on what its mailbox receives, and lets
//! watches that begin in the past catch up with the log a piece at a time.

mod lean;
mod response;
mod stream;

use std::pin::Pin;
use std::sync::Arc;

use etcd_client::proto::{PbWatchRequest, PbWatchResponse, PbWatchService};
use futures::{Stream, StreamExt};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

pub(super) use self::lean::watch;
use self::stream::WatchTask;
use super::super::auth::Credentials;
use super::{Refusal, Service};

/// How many responses may wait for the client before the task does.
const RESPONSES: usize = 4;

/// What a stream is told. A channel sets room aside for many, so it holds them in boxes.
type Parcel = Box<Result<PbWatchResponse, Status>>;

#[tonic::async_trait]
impl PbWatchService for Service {
    type WatchStream = Pin<Box<dyn Stream<Item = Result<PbWatchResponse, Status>> + Send + 'static>>;

    async fn watch(
        &self,
        request: Request<Streaming<PbWatchRequest>>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let (responses, stream) = mpsc::channel(RESPONSES);
        let credentials = Credentials::of(request.metadata());
        let task = WatchTask::new(Arc::clone(self.engine.published()), credentials, responses.clone());
        let stopped = self.stopped();
        tokio::spawn(async move {
            tokio::select! {
                () = task.run(request.into_inner()) => {}
                () = stopped => {
                    // A client whose buffer is full will find the connection closed.
                    let _ = responses.try_send(Box::new(Err(Refusal::Stopped.into())));
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(stream).map(|parcel| *parcel))))
    }
}
