//! beanstalkd: `put`, `reserve`, `delete`; `-f 0` syncs every write to its log.

use super::board::{Board, body, number};
use super::peer::{Daemon, Peer, Producer};
use super::wire::Wire;

pub(super) struct Beanstalkd(Daemon);

impl Peer for Beanstalkd {
    type Producer = Wire;

    async fn start(consumers: usize, board: &Board) -> Self {
        let daemon = Daemon::start("beanstalkd/beanstalkd", |directory, port| {
            let directory = directory.to_str().unwrap();
            ["-l", "127.0.0.1", "-p", port, "-b", directory, "-f", "0"].map(str::to_owned).to_vec()
        });
        let mut daemon = daemon.await;
        for _ in 0..consumers {
            let mut wire = Wire::connect(&daemon.address).await;
            wire.say("reserve\r\n").await;
            daemon.consumers.spawn(consume(wire, board.clone()));
        }
        Self(daemon)
    }

    async fn producer(&self) -> Wire {
        Wire::connect(&self.0.address).await
    }

    async fn stop(mut self) {
        self.0.consumers.shutdown().await;
    }
}

impl Producer for Wire {
    async fn hand_in(&mut self, number: u64) {
        let body = body(number);
        self.say(&format!("put 0 0 60 {}\r\n{body}\r\n", body.len())).await;
        let answer = self.line().await;
        assert!(answer.starts_with("INSERTED "), "{answer}");
    }
}

/// Has asked for the first piece.
async fn consume(mut wire: Wire, board: Board) {
    loop {
        let reserved = wire.line().await;
        let words: Vec<&str> = reserved.split(' ').collect();
        let ["RESERVED", job, length] = words[..] else { panic!("{reserved}") };
        let body = wire.body(length.parse().unwrap()).await;
        wire.say(&format!("delete {job}\r\n")).await;
        let deleted = wire.line().await;
        assert_eq!(deleted, "DELETED");
        board.done(number(&body));
        wire.say("reserve\r\n").await;
    }
}
