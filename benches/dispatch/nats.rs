//! NATS `JetStream`: a work queue with one durable consumer that all pull from; `sync_interval: always`. Publishing
//! and acknowledging both wait for the server's answer. What is published is on disk then; what is acknowledged
//! `JetStream` may write a little later (a crash delivers it again), which is in its favour here.

use std::fs;

use serde_json::{Value, json};

use super::board::{Board, body, number};
use super::peer::{Daemon, Peer, Producer};
use super::wire::Wire;

pub(super) struct Nats(Daemon);

/// A client with a subscription for the answers to its own requests.
pub(super) struct Client {
    wire: Wire,
    inbox: String,
}

/// What arrives at the inbox.
struct Message {
    reply: Option<String>,
    body: Vec<u8>,
}

const NEXT: &str = "$JS.API.CONSUMER.MSG.NEXT.TASKS.workers";
/// As long as a run may last, in nanoseconds.
const PULL: &str = r#"{"batch":1,"expires":600000000000}"#;

impl Peer for Nats {
    type Producer = Client;

    async fn start(consumers: usize, board: &Board) -> Self {
        let daemon = Daemon::start("nats/nats-server", |directory, port| {
            let file = directory.join("nats.conf");
            let store = directory.join("store");
            let jetstream = format!("store_dir: {:?}, sync_interval: always", store.to_str().unwrap());
            let place = format!("listen: \"127.0.0.1:{port}\", max_connections: 20000");
            fs::write(&file, format!("{place}, jetstream {{ {jetstream} }}\n")).unwrap();
            vec!["--config".to_owned(), file.to_str().unwrap().to_owned()]
        });
        let mut daemon = daemon.await;
        set_up(&mut Client::connect(&daemon.address, 0).await).await;
        for consumer in 0..consumers {
            let mut client = Client::connect(&daemon.address, consumer + 1).await;
            client.publish(NEXT, PULL).await;
            daemon.consumers.spawn(consume(client, board.clone()));
        }
        Self(daemon)
    }

    async fn producer(&self) -> Client {
        Client::connect(&self.0.address, rand::random_range(1_000_000..usize::MAX)).await
    }

    async fn stop(mut self) {
        self.0.consumers.shutdown().await;
    }
}

async fn set_up(client: &mut Client) {
    let stream = json!({"name": "TASKS", "subjects": ["tasks"], "retention": "workqueue", "storage": "file"});
    let consumer = json!({"stream_name": "TASKS", "config": {
        "durable_name": "workers", "ack_policy": "explicit", "deliver_policy": "all",
        "max_ack_pending": -1, "max_waiting": 20000,
    }});
    for (subject, request) in
        [("$JS.API.STREAM.CREATE.TASKS", stream), ("$JS.API.CONSUMER.DURABLE.CREATE.TASKS.workers", consumer)]
    {
        let answer: Value =
            serde_json::from_slice(&client.request(subject, &request.to_string()).await).unwrap();
        assert!(answer["error"].is_null(), "{answer}");
    }
}

impl Producer for Client {
    async fn hand_in(&mut self, number: u64) {
        let answer: Value = serde_json::from_slice(&self.request("tasks", &body(number)).await).unwrap();
        assert!(answer["seq"].is_u64(), "{answer}");
    }
}

impl Client {
    async fn connect(address: &str, number: usize) -> Self {
        let mut wire = Wire::connect(address).await;
        let info = wire.line().await;
        assert!(info.starts_with("INFO "), "{info}");
        let inbox = format!("_INBOX.{number}");
        let hello = r#"{"verbose":false,"pedantic":false,"headers":true,"lang":"rust","version":"0"}"#;
        wire.say(&format!("CONNECT {hello}\r\nSUB {inbox} 1\r\nPING\r\n")).await;
        assert_eq!(wire.line().await, "PONG");
        Self { wire, inbox }
    }

    /// Publishes; what is answered comes to the inbox.
    async fn publish(&mut self, subject: &str, body: &str) {
        self.wire.say(&format!("PUB {subject} {} {}\r\n{body}\r\n", self.inbox, body.len())).await;
    }

    async fn request(&mut self, subject: &str, body: &str) -> Vec<u8> {
        self.publish(subject, body).await;
        self.next().await.body
    }

    /// The next message.
    async fn next(&mut self) -> Message {
        loop {
            let line = self.wire.line().await;
            let words: Vec<&str> = line.split(' ').collect();
            let (reply, length) = match words[..] {
                ["PING"] => {
                    self.wire.say("PONG\r\n").await;
                    continue;
                }
                ["MSG", _, _, length] => (None, length),
                ["MSG", _, _, reply, length] => (Some(reply.to_owned()), length),
                // Only what went wrong has headers here.
                _ => panic!("{line}"),
            };
            let body = self.wire.body(length.parse().unwrap()).await;
            return Message { reply, body };
        }
    }
}

/// Has asked for the first piece.
async fn consume(mut client: Client, board: Board) {
    loop {
        let message = client.next().await;
        let acknowledged = client.request(&message.reply.expect("it can be acknowledged"), "+ACK").await;
        assert!(acknowledged.is_empty(), "an acknowledgement is answered by nothing");
        board.done(number(&message.body));
        client.publish(NEXT, PULL).await;
    }
}
