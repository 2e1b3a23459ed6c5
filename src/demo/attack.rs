//! Attacks: modules that mean harm are loaded and run, as anybody's are, while the others work.

use serde::Serialize;

use super::stage::{Stage, StageError};
use crate::clock::stopwatch;

const CONTRACT: &str = include_str!("../../examples/contracts/confined.yaml");

/// A module, what it tries, and the task it is given.
struct Attempt {
    swarm: &'static str,
    tries: &'static str,
    guest: &'static str,
    task: &'static str,
}

const ATTEMPTS: [Attempt; 3] = [
    Attempt {
        swarm: "intruder-memory",
        tries: "take all memory",
        guest: include_str!("../../examples/guests/grow.wat"),
        task: "{}",
    },
    Attempt {
        swarm: "intruder-loop",
        tries: "never end",
        guest: include_str!("../../examples/guests/spin.wat"),
        task: "{}",
    },
    Attempt {
        swarm: "intruder-network",
        tries: "ask the cloud for its keys",
        guest: include_str!("../../examples/guests/courier.wat"),
        task: r#"{"url": "http://169.254.169.254/latest/meta-data/iam/"}"#,
    },
];

/// What became of a module that meant harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attack {
    /// Whose module it was.
    pub swarm: String,
    /// What it tried.
    pub tried: &'static str,
    /// What it was told, or what was said of it.
    pub told: String,
    /// The exit code of the command that ran it.
    pub exit: i32,
    /// How long that took, in milliseconds.
    pub after_ms: u128,
}

impl Attack {
    /// Whether it was stopped: by a limit, or by a refusal that it was told.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.exit == 6 || (self.exit == 0 && self.told.starts_with("refused: "))
    }
}

/// Runs every attack, one after the other.
pub(super) async fn attack(stage: &Stage) -> Result<Vec<Attack>, StageError> {
    let mut attacks = Vec::new();
    for attempt in &ATTEMPTS {
        let contract = CONTRACT.replace("swarm_id: confined", &format!("swarm_id: {}", attempt.swarm));
        let contract = stage.prop(&format!("{}.yaml", attempt.swarm), &contract)?;
        let guest = stage.prop(&format!("{}.wat", attempt.swarm), attempt.guest)?;
        let (guest, contract) = (guest.to_string_lossy(), contract.to_string_lossy());
        stage.run(&["chassis", "load", attempt.swarm, "--wasm", &guest, "--contract", &contract]).await?;
        let watch = stopwatch();
        let (exit, stdout, stderr) =
            stage.ask(&["chassis", "exec", attempt.swarm, "-o", "json"], attempt.task).await?;
        let after_ms = watch.elapsed().as_millis();
        let (swarm, tried) = (attempt.swarm.to_owned(), attempt.tries);
        attacks.push(Attack { swarm, tried, told: told(&stdout, &stderr), exit, after_ms });
    }
    Ok(attacks)
}

/// The error that a guest answers with is what it was told; of one that gave no answer the command says why.
fn told(stdout: &str, stderr: &str) -> String {
    let answer: serde_json::Value = serde_json::from_str(stdout).unwrap_or_default();
    if let Some(error) = answer["error"].as_str() {
        return error.to_owned();
    }
    let mut causes = stderr.lines().filter_map(|line| line.trim().strip_prefix("cause: "));
    causes.next_back().unwrap_or_else(|| stderr.trim()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_limit_or_a_refusal_stops_an_attack() {
        let attack = |exit, told: &str| Attack {
            swarm: "s".to_owned(),
            tried: "t",
            told: told.to_owned(),
            exit,
            after_ms: 0,
        };
        assert!(attack(6, "the guest did not end within 1000 ms").is_stopped());
        assert!(attack(0, "refused: the contract allows no egress").is_stopped());
        assert!(!attack(0, "").is_stopped());
        assert!(!attack(0, "failed: no connection to the host").is_stopped(), "it was let out");
        assert!(!attack(9, "the guest trapped").is_stopped());
    }
}
