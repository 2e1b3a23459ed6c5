//! Connections: taken in one by one, served until the client goes or the server ends.
//!
//! What tonic's own server does, without what it does for every request: a task, a date that no gRPC client asks for, and
//! who the client is where nobody wants to know. All that one connection asks for is carried out in the task of the
//! connection, so that what a batch answers is woken once and sent at once; what takes long makes a task of its own.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use futures::stream::FuturesUnordered;
use futures::{Stream, StreamExt};
use hyper::rt::Executor;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch as latch;
use tonic::transport::server::Connected;

use super::express::Express;
use crate::engine::Options;

/// How long to wait when no connection can be taken in: mostly there are too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves every connection until `signal` resolves, and then until each is done with what it has begun.
pub(super) async fn serve<C>(
    express: Express,
    options: &Options,
    connections: impl Stream<Item = io::Result<C>>,
    signal: impl Future<Output = ()>,
) where
    C: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
{
    let (stop, stopping) = latch::channel(false);
    {
        let (mut connections, mut signal) = (pin!(connections), pin!(signal));
        loop {
            let connection = tokio::select! {
                () = &mut signal => break,
                connection = connections.next() => connection,
            };
            match connection {
                Some(Ok(connection)) => {
                    tokio::spawn(attend(connection, options.clone(), express.clone(), stopping.clone()));
                }
                Some(Err(error)) => {
                    tracing::warn!(%error, "a connection could not be taken in");
                    tokio::time::sleep(PAUSE).await;
                }
                None => break,
            }
        }
        // The listener is closed here, so that new clients are refused at once.
    }
    stop.send_replace(true);
    drop(stopping);
    // Every connection holds a receiver.
    stop.closed().await;
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a connection has been asked for and has not begun yet.
#[derive(Clone, Default)]
struct Arrivals(Arc<Mutex<Vec<Work>>>);

impl Arrivals {
    fn take(&self) -> Vec<Work> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<W: Future<Output = ()> + Send + 'static> Executor<W> for Arrivals {
    fn execute(&self, work: W) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Box::pin(work));
    }
}

fn builder(arrivals: Arrivals, options: &Options) -> Builder<Arrivals> {
    let mut builder = Builder::new(arrivals);
    // With a timer, a client that never finishes its first line is let go.
    builder.http1().timer(TokioTimer::new());
    builder
        .http2()
        .timer(TokioTimer::new())
        .auto_date_header(false)
        .max_concurrent_streams(None)
        .keep_alive_interval(Some(options.keepalive_interval))
        .keep_alive_timeout(options.keepalive_timeout);
    builder
}

/// Serves one connection to its end, which ends what it has asked for.
async fn attend<C>(connection: C, options: Options, express: Express, mut stopping: latch::Receiver<bool>)
where
    C: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
{
    let arrivals = Arrivals::default();
    let builder = builder(arrivals.clone(), &options);
    let calls = express.calls_of(connection.connect_info());
    let mut serving = pin!(builder.serve_connection(TokioIo::new(connection), calls));
    let mut at_work = FuturesUnordered::<Work>::new();
    let stopped = Arc::new(AtomicBool::new(false));
    // The sender waits until this is gone.
    let _present = stopping.clone();
    let told = Arc::clone(&stopped);
    at_work.push(Box::pin(async move {
        let _ = stopping.wait_for(|&stopping| stopping).await;
        told.store(true, Ordering::Relaxed);
    }));
    let ended = poll_fn(|context| {
        let ended = serving.as_mut().poll(context);
        at_work.extend(arrivals.take());
        while let Poll::Ready(Some(())) = at_work.poll_next_unpin(context) {}
        if stopped.swap(false, Ordering::Relaxed) {
            serving.as_mut().graceful_shutdown();
            context.waker().wake_by_ref();
        }
        ended
    });
    if let Err(error) = ended.await {
        tracing::debug!(%error, "a connection ended");
    }
}
