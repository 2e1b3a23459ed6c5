//! Whatever clients see of a task can be told as one story in which one thing happens after the other: also when
//! server and clients are killed or frozen in the middle, and when the clients' clocks are wrong.

mod checker;
mod clients;
mod operation;
mod recorder;
mod register;

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::runtime::Runtime;

use crate::support::patience::eventually;
use crate::support::servers::{self, Backend, Server};
use crate::support::site::{Site, on_engine_and_etcd};
use checker::{check, describe};
use clients::{Commands, Wayward};
use operation::Answer;
use recorder::Recorder;

on_engine_and_etcd!(what_clients_see_of_a_task_is_one_story_whatever_is_killed_or_frozen);

const ROUNDS: usize = 2;
/// Tasks of a round: few, so that everybody wants the same ones.
const TASKS: usize = 6;
/// Clients that run one command after the other, and clients that call the library under clocks of their own.
const CLIENTS: usize = 3;
/// A fault comes whenever so many operations more were answered.
const BETWEEN_FAULTS: usize = 60;
/// How long the server stands still: longer than the holds last.
const FROZEN: Duration = Duration::from_millis(2500);

fn what_clients_see_of_a_task_is_one_story_whatever_is_killed_or_frozen(backend: Backend) {
    let mut site = Site::start(backend);
    let runtime = Runtime::new().unwrap();
    let mut seen = BTreeSet::new();
    for round in 0..ROUNDS {
        let tasks: Vec<String> = (0..TASKS).map(|number| format!("r{round}-{number}")).collect();
        for task in &tasks {
            site.run(&format!("coordinator submit {task}")).expect(0);
        }
        let recorder = Recorder::new(3 * BETWEEN_FAULTS);
        trouble(&mut site, &runtime, &tasks, &recorder);
        for (task, history) in recorder.histories() {
            seen.extend(history.iter().map(|operation| kind(&operation.answer)));
            if let Err(shortest) = check(&history) {
                panic!("what was seen of {task} is not one story:\n{}", describe(&shortest));
            }
        }
    }
    // Without these nothing has been tried.
    assert_eq!(seen, BTreeSet::from(["accepted", "lost", "stale", "unknown", "won"]));
}

/// Clients at work while the server is frozen and killed.
fn trouble(site: &mut Site, runtime: &Runtime, tasks: &[String], recorder: &Recorder) {
    let (endpoint, home) = (site.server.endpoint().to_owned(), site.home.path().to_owned());
    let wayward: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let client = Wayward::new(number, &endpoint, tasks, recorder);
            runtime.spawn(client.run())
        })
        .collect();
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let client = Commands::new(number, &endpoint, &home, tasks, recorder);
            scope.spawn(move || client.run());
        }
        recorder.await_answers(BETWEEN_FAULTS);
        freeze(&site.server);
        recorder.await_answers(2 * BETWEEN_FAULTS);
        kill_and_restart(site);
    });
    for client in wayward {
        runtime.block_on(client).unwrap();
    }
}

fn freeze(server: &Server) {
    let pid = Pid::from_raw(i32::try_from(server.pid()).unwrap());
    kill(pid, Signal::SIGSTOP).unwrap();
    thread::sleep(FROZEN);
    kill(pid, Signal::SIGCONT).unwrap();
}

fn kill_and_restart(site: &mut Site) {
    let beside = site.server.backend() != Backend::Engine;
    if beside {
        site.coordinator.kill();
    }
    site.server.kill();
    site.server.restart();
    if beside {
        site.coordinator = servers::Coordinator::start(&site.server);
    }
    eventually("a coordinator leads", || (site.run("coordinator health").code == 0).then_some(()));
}

fn kind(answer: &Answer) -> &'static str {
    match answer {
        Answer::Won(_) => "won",
        Answer::Lost(_) | Answer::Over => "lost",
        Answer::Accepted => "accepted",
        Answer::Stale => "stale",
        Answer::Unknown => "unknown",
    }
}
