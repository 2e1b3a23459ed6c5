//! `ifctl`: submitted, assigned by the dispatcher of a real `coordinator start`, taken up and completed.

use infrafabric::coordinator::backlog::NewTask;
use infrafabric::coordinator::service::{Authority, Coordinator};
use tokio::task::JoinSet;

use super::board::{Board, body};
use super::peer::{Peer, Producer};
use crate::agents::{Crowd, Notice, connect};
use crate::support::servers::{Backend, Server};

pub(super) struct Ours {
    server: Server,
    crowd: JoinSet<()>,
}

pub(super) struct Submitter(Coordinator);

impl Peer for Ours {
    type Producer = Submitter;

    async fn start(consumers: usize, board: &Board) -> Self {
        let server = tokio::task::spawn_blocking(|| Server::start(Backend::Engine)).await.unwrap();
        let mut crowd = Crowd::gather(server.endpoint(), consumers).await;
        let board = board.clone();
        let mut following = JoinSet::new();
        following.spawn(async move {
            loop {
                if let Notice::Task { task, .. } = crowd.next().await {
                    board.done(task.as_str().trim_start_matches("task-").parse().unwrap());
                }
            }
        });
        Self { server, crowd: following }
    }

    async fn producer(&self) -> Submitter {
        Submitter(connect(self.server.endpoint()).await)
    }

    async fn stop(mut self) {
        self.crowd.shutdown().await;
    }
}

impl Producer for Submitter {
    async fn hand_in(&mut self, number: u64) {
        let id = format!("task-{number}").parse().unwrap();
        let task = NewTask { payload: Some(body(number)), ..NewTask::named(id) };
        self.0.submit(&task, &Authority::of("bench")).await.unwrap();
    }
}
