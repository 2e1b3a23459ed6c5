//! A connection that speaks in lines, and in bodies whose length a line has told.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

pub(super) struct Wire(BufReader<TcpStream>);

impl Wire {
    pub(super) async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    pub(super) async fn say(&mut self, words: &str) {
        self.0.write_all(words.as_bytes()).await.unwrap();
    }

    /// The next line, without its end.
    pub(super) async fn line(&mut self) -> String {
        let mut line = String::new();
        let length = self.0.read_line(&mut line).await.unwrap();
        assert!(length > 0, "the server has hung up");
        line.truncate(line.trim_end().len());
        line
    }

    /// The next so many bytes, and the end of line after them.
    pub(super) async fn body(&mut self, length: usize) -> Vec<u8> {
        let mut body = vec![0; length + 2];
        self.0.read_exact(&mut body).await.unwrap();
        assert!(body.ends_with(b"\r\n"), "a body ends with its line");
        body.truncate(length);
        body
    }
}
