//! What hostile guests took is given back.

use super::*;

const GROW: &str = include_str!("../../../../examples/guests/grow.wat");
const GROW_TABLE: &str = include_str!("../../../../examples/guests/grow_table.wat");
const KEEPS_HANDLES: &str = include_str!("../../../../examples/guests/component_keeps_handles.wat");
const SLEEPS: &str = include_str!("../../../../examples/guests/component_sleeps.wat");
const TWO_MEMORIES: &str = include_str!("../../../../examples/guests/component_two_memories.wat");

/// Each round takes 16 MiB twice, all of it written to.
const ROUNDS: usize = 60;

/// More than other tests of this process take meanwhile, and far less than all rounds together.
const BOUND: usize = 1 << 30;

/// What this process holds in memory, in bytes.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() << 12
}

#[tokio::test]
async fn the_memory_of_hostile_tasks_comes_back() {
    let limits = Limits { memory_bytes: 16 << 20, execution_time: Duration::from_millis(20), ..generous() };
    let patient = Limits { execution_time: Duration::from_mins(1), ..limits.clone() };
    let sandbox = Sandbox::new().unwrap();
    let compile = |text: &str| sandbox.compile(text.as_bytes()).unwrap();
    let guests = [
        (compile(GROW), &patient),
        (compile(GROW_TABLE), &patient),
        (compile(TWO_MEMORIES), &patient),
        (compile(KEEPS_HANDLES), &patient),
        (compile(SLEEPS), &limits),
        (compile(&answering(SPIN)), &limits),
    ];
    let before = resident();
    for _ in 0..ROUNDS {
        for (module, limits) in &guests {
            let execution = sandbox.execute(module, limits, &task("1"), |_: &str| ()).await.unwrap();
            assert!(execution.outcome.unwrap_err().is_limit());
        }
    }
    let grown = resident().saturating_sub(before);
    assert!(grown < BOUND, "{} MiB", grown >> 20);
}
