//! Redis streams: `XADD`, `XREADGROUP`, `XACK`; `appendfsync always` syncs before it answers.

use super::board::{Board, body, number};
use super::peer::{Daemon, Peer, Producer};
use super::wire::Wire;

pub(super) struct Redis(Daemon);

pub(super) struct Adding(Wire);

impl Peer for Redis {
    type Producer = Adding;

    async fn start(consumers: usize, board: &Board) -> Self {
        let daemon = Daemon::start("redis/redis-server", |directory, port| {
            let directory = directory.to_str().unwrap();
            let place = ["--bind", "127.0.0.1", "--port", port, "--dir", directory, "--save", ""];
            let durable = ["--appendonly", "yes", "--appendfsync", "always", "--maxclients", "12000"];
            place.into_iter().chain(durable).map(str::to_owned).collect()
        });
        let mut daemon = daemon.await;
        let mut wire = Wire::connect(&daemon.address).await;
        say(&mut wire, &["XGROUP", "CREATE", "tasks", "workers", "$", "MKSTREAM"]).await;
        assert_eq!(wire.line().await, "+OK");
        for consumer in 0..consumers {
            let mut wire = Wire::connect(&daemon.address).await;
            let name = format!("worker-{consumer}");
            ask(&mut wire, &name).await;
            daemon.consumers.spawn(consume(wire, name, board.clone()));
        }
        Self(daemon)
    }

    async fn producer(&self) -> Adding {
        Adding(Wire::connect(&self.0.address).await)
    }

    async fn stop(mut self) {
        self.0.consumers.shutdown().await;
    }
}

impl Producer for Adding {
    async fn hand_in(&mut self, number: u64) {
        say(&mut self.0, &["XADD", "tasks", "*", "body", &body(number)]).await;
        text(&mut self.0).await;
    }
}

async fn ask(wire: &mut Wire, name: &str) {
    let ask = ["XREADGROUP", "GROUP", "workers", name, "COUNT", "1", "BLOCK", "0", "STREAMS", "tasks", ">"];
    say(wire, &ask).await;
}

/// Has asked for the first piece.
async fn consume(mut wire: Wire, name: String, board: Board) {
    loop {
        // One stream, of which one entry, which has a number and two words.
        for expected in ["*1", "*2"] {
            assert_eq!(wire.line().await, expected);
        }
        assert_eq!(text(&mut wire).await, b"tasks");
        for expected in ["*1", "*2"] {
            assert_eq!(wire.line().await, expected);
        }
        let entry = String::from_utf8(text(&mut wire).await).unwrap();
        assert_eq!(wire.line().await, "*2");
        assert_eq!(text(&mut wire).await, b"body");
        let body = text(&mut wire).await;
        say(&mut wire, &["XACK", "tasks", "workers", &entry]).await;
        assert_eq!(wire.line().await, ":1");
        board.done(number(&body));
        ask(&mut wire, &name).await;
    }
}

async fn say(wire: &mut Wire, words: &[&str]) {
    let texts: String = words
        .iter()
        .flat_map(|word| ["$", &word.len().to_string(), "\r\n", word, "\r\n"].map(str::to_owned))
        .collect();
    wire.say(&format!("*{}\r\n{texts}", words.len())).await;
}

async fn text(wire: &mut Wire) -> Vec<u8> {
    let line = wire.line().await;
    let length = line.strip_prefix('$').unwrap_or_else(|| panic!("{line}"));
    wire.body(length.parse().unwrap()).await
}
