//! Our sandbox, in this process, under the limits of a contract.

use std::fs;

use infrafabric::chassis::{GuestModule, Limits, Sandbox, TaskInput};
use infrafabric::clock::stopwatch;
use tokio::runtime::Runtime;

use super::{Contender, TASK, check};
use crate::marks::median;

/// A guest in the sandbox.
pub(super) struct Ours {
    runtime: Runtime,
    sandbox: Sandbox,
    module: GuestModule,
    limits: Limits,
    task: TaskInput,
}

impl Ours {
    pub(super) fn new(guest: &str) -> Self {
        let sandbox = Sandbox::new().unwrap();
        let module = sandbox.compile(&fs::read(guest).unwrap()).unwrap();
        // Whoever runs one task after the other without a pause needs a whole core.
        let limits = Limits { cpu_percent: 100, ..Limits::default() };
        let task = TaskInput::parse(TASK).unwrap();
        Self { runtime: Runtime::new().unwrap(), sandbox, module, limits, task }
    }
}

impl Contender for Ours {
    fn p50(&mut self, tasks: usize) -> f64 {
        let Self { runtime, sandbox, module, limits, task } = self;
        runtime.block_on(async {
            let mut taken = Vec::with_capacity(tasks);
            for _ in 0..tasks {
                let watch = stopwatch();
                let execution = sandbox.execute(module, &*limits, task, |_: &str| ()).await.unwrap();
                taken.push(watch.elapsed().as_secs_f64() * 1e6);
                check(&execution.outcome.unwrap());
            }
            median(taken)
        })
    }
}
