//! An outside service that answers every request alike, as fast as it can.

use std::net::SocketAddr;
use std::thread;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

/// What it answers.
const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{\"answer\":true}";
/// A request has no body: so it ends.
const END: &[u8] = b"\r\n\r\n";

/// It runs as long as this process.
pub(super) struct Service {
    pub(super) address: SocketAddr,
}

impl Service {
    pub(super) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_io().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    tokio::spawn(answer(stream));
                }
            });
        });
        Self { address }
    }

    /// The URL that is called.
    pub(super) fn url(&self) -> String {
        format!("http://{}/v1/answers", self.address)
    }
}

/// Until the client goes away.
async fn answer(mut stream: TcpStream) {
    stream.set_nodelay(true).unwrap();
    let (mut seen, mut room) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut room).await {
        seen.extend_from_slice(&room[..read]);
        if seen.ends_with(END) {
            seen.clear();
            if stream.write_all(ANSWER).await.is_err() {
                return;
            }
        }
    }
}
