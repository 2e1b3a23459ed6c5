//! The demonstration runs to its end, and what it shows is what the store says.

use tempfile::TempDir;

use crate::support::command::Ifctl;

#[test]
fn the_demonstration_keeps_every_promise() {
    let home = TempDir::new().unwrap();
    let shown = Ifctl::new(home.path()).args(["demo", "--json"]).run().expect(0).json();
    assert_eq!(shown["violations"], serde_json::json!([]));
    assert_eq!((&shown["backlog_done"], &shown["backlog_completions"]), (&28.into(), &28.into()));
    assert_eq!(shown["recorded"], serde_json::json!({"tasks_done": 27, "completions": 56, "redundant": 29}));
    let tasks = shown["tasks"].as_array().unwrap();
    let mut completed = tasks.iter().filter(|task| task["state"] == "completed");
    assert!(completed.clone().all(|task| task["accepted_completions"] == 1));
    assert!(completed.any(|task| task["pushed"] == true), "{tasks:?}");
    let help = &shown["help"][0];
    assert_eq!((&help["blocked"], &help["helper"]), (&"bridge-sip".into(), &"session-4-sip".into()));
    assert!(help["answer"].as_str().unwrap().contains("5061"), "{help}");
    let runaway = shown["swarms"].as_array().unwrap().iter().find(|line| line["swarm"] == "session-6-talent");
    let runaway = runaway.unwrap();
    assert_eq!((&runaway["spent"], &runaway["breaker"]), (&runaway["cap"], &"open".into()));
    assert_eq!(shown["escalations"][0]["swarm"], "session-6-talent");
    let lost = tasks.iter().find(|task| task["task"] == shown["killed"][1]).unwrap();
    assert_eq!((&lost["state"], lost["attempts"].as_u64() > Some(1)), (&"completed".into(), true));
    let attacks = shown["attacks"].as_array().unwrap();
    let stopped: Vec<_> = attacks.iter().map(|attack| attack["exit"].as_i64().unwrap()).collect();
    assert_eq!(stopped, [6, 6, 0], "{attacks:?}");
    assert_eq!(attacks[2]["told"], "refused: the contract allows no egress");
    assert!(shown["push_latency"]["pushes"].as_u64() > Some(0));
}
