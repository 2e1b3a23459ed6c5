//! The policy file of a coordinator: put in force when it begins to lead, and followed while it leads.
//!
//! A file is judged only after two looks have seen the same, so that one that is being written is not taken for what it will
//! be. What is no policy, and a file that is gone, leave in force what was, and call a human.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::reading::{PolicyFileError, digest, parse, read, read_policy};
use crate::governor::policy::channel::Channel;
use crate::governor::policy::{LeadersPolicy, Policy};
use crate::governor::service::{BadPolicy, Declared, Governor, GovernorError};
use crate::id::ChannelName;
use crate::store::StoreError;

/// How often the file is looked at: a change is noticed after two looks.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How many looks lie between two at what is in force.
const LOOKS_AT_FORCE: u32 = 4;

/// Digits of a digest that tell contents apart.
const DIGITS: usize = 16;

/// A coordinator's policy file; clones share what was read from it last.
#[derive(Debug, Clone)]
pub struct PolicyFile {
    path: PathBuf,
    /// Whether it is looked at again; a pipe can be read once.
    is_followed: bool,
    /// The last that was read and is a policy.
    good: Arc<Mutex<LeadersPolicy>>,
}

/// What a file is, for what changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signature {
    modified: (i64, i64),
    size: u64,
    inode: u64,
}

/// What a look at the file has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sight {
    Missing,
    Unreadable(String),
    Contents(Signature, Vec<u8>),
}

/// Which sights were judged: each once, and not before two looks in a row have seen it.
#[derive(Debug, Default)]
struct Looks {
    last: Option<Sight>,
    judged: Option<Sight>,
}

impl Looks {
    /// Whether a sight is to be judged now.
    fn is_due(&mut self, sight: &Sight) -> bool {
        let is_stable = self.last.as_ref() == Some(sight);
        if !is_stable {
            self.last = Some(sight.clone());
        }
        is_stable && self.judged.as_ref() != Some(sight)
    }
}

/// What is to be done about a sight.
#[derive(Debug)]
enum Verdict {
    /// There never was a file.
    Nothing,
    Good(Box<LeadersPolicy>),
    Bad(BadPolicy),
}

impl PolicyFile {
    /// Reads it. One that may be missing stands for the built-in policy until it is there.
    ///
    /// # Errors
    /// [`PolicyFileError`] when it is no policy.
    pub fn open(path: &Path, may_be_missing: bool) -> Result<Self, PolicyFileError> {
        let (good, is_followed) = match read_policy(path) {
            Ok(good) => (good, path.is_file()),
            Err(error) if may_be_missing && error.is_missing() => (LeadersPolicy::built_in(), true),
            Err(error) => return Err(error),
        };
        Ok(Self { path: path.to_owned(), is_followed, good: Arc::new(Mutex::new(good)) })
    }

    pub(super) fn is_followed(&self) -> bool {
        self.is_followed
    }

    /// The channel of this name, as it was read last.
    pub(super) fn channel(&self, name: &ChannelName) -> Option<Channel> {
        self.good().policy.escalation.channels.get(name).cloned()
    }

    fn good(&self) -> LeadersPolicy {
        self.good.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether what was read last says the same as a file that says nothing.
    fn is_of_defaults(&self) -> bool {
        parse(&self.path, b"").is_ok_and(|blank| blank.policy == self.good().policy)
    }

    fn remember(&self, good: LeadersPolicy) {
        *self.good.lock().unwrap_or_else(PoisonError::into_inner) = good;
    }

    /// What a leader does first: puts the file's policy in force if it takes the place of what is, and registers what the
    /// policy in force declares. A file that has become none since it was opened changes nothing; it is left to the chore.
    ///
    /// # Errors
    /// [`GovernorError`] when the store does not answer, or this coordinator does not lead.
    pub async fn begin_to_lead(
        &self,
        governor: &Governor,
        leader: i64,
        name: &str,
    ) -> Result<(), GovernorError> {
        let verdict = if self.is_followed {
            self.judge(&self.look(None).await)
        } else {
            Verdict::Good(Box::new(self.good()))
        };
        let mine = match verdict {
            Verdict::Good(mine) => Some(*mine),
            Verdict::Bad(_) if matches!(governor.policy_in_force().await, Ok(Some(_))) => None,
            // Something must be in force, and this was the last that could be read.
            Verdict::Nothing | Verdict::Bad(_) => Some(self.good()),
        };
        if let Some(mine) = mine {
            governor.lead_with(&mine, leader, name).await?;
            self.remember(mine);
        }
        register(governor, &governor.policy().await?, leader, name).await
    }

    /// Follows the file for as long as this coordinator leads.
    pub(super) async fn follow(self, governor: Governor, leader: i64, name: String) {
        let mut tick = interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks = Looks::default();
        // What is in force and not registered yet.
        let mut unregistered = None;
        for look in 1_u32.. {
            tick.tick().await;
            if look.is_multiple_of(LOOKS_AT_FORCE) {
                self.stand_in(&governor, leader, &name).await;
            }
            let sight = self.look(looks.judged.as_ref()).await;
            if looks.is_due(&sight) {
                match self.act_on(&sight, &governor, leader, &name).await {
                    Ok(policy) => {
                        unregistered = policy.or(unregistered);
                        looks.judged = Some(sight);
                    }
                    Err(error) => tracing::warn!(%error, "the policy file is looked at again"),
                }
            }
            let Some(policy) = unregistered.take() else { continue };
            if let Err(error) = register(&governor, &policy, leader, &name).await {
                tracing::warn!(%error, "the registry of the policy is applied again");
                unregistered = Some(policy);
            }
        }
    }

    /// Does what the file calls for; the policy that it put in force.
    async fn act_on(
        &self,
        sight: &Sight,
        governor: &Governor,
        leader: i64,
        name: &str,
    ) -> Result<Option<Policy>, GovernorError> {
        match self.judge(sight) {
            Verdict::Nothing => Ok(None),
            Verdict::Good(mine) => {
                let file = self.path.display();
                let in_force = governor.lead_with(&mine, leader, name).await?;
                if in_force.is_some() {
                    tracing::warn!(%file, "the policy file has changed: its policy is in force now");
                }
                self.remember(*mine);
                governor.settle_policy_calls(leader, name).await?;
                Ok(in_force.map(|in_force| in_force.policy))
            }
            Verdict::Bad(bad) => {
                governor.call_about_policy(&bad, leader, name).await?;
                tracing::error!("the policy file is not followed, what was in force stays: {}", bad.problem);
                Ok(None)
            }
        }
    }

    /// Looks at the file; reads it unless it is the one that was `judged`.
    async fn look(&self, judged: Option<&Sight>) -> Sight {
        let (path, judged) = (self.path.clone(), judged.cloned());
        let looking = tokio::task::spawn_blocking(move || look(&path, judged));
        let seen = looking.await.unwrap_or_else(|error| Err(error.into()));
        seen.unwrap_or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Sight::Missing,
            _ => Sight::Unreadable(error.to_string()),
        })
    }

    /// Puts the policy that was read last in force where there is none any more, or none that anybody can read: limits must
    /// not vanish with a key, nor everything stop with a bad one.
    async fn stand_in(&self, governor: &Governor, leader: i64, name: &str) {
        if !matches!(
            governor.policy_in_force().await,
            Ok(None) | Err(GovernorError::Store(StoreError::Malformed { .. }))
        ) {
            return;
        }
        match governor.lead_with(&self.good(), leader, name).await {
            Ok(_) => tracing::error!(
                "the policy in the store was gone or unreadable: this coordinator's is in force again"
            ),
            Err(error) => tracing::warn!(%error, "the policy in the store is gone or unreadable"),
        }
    }

    fn judge(&self, sight: &Sight) -> Verdict {
        let file = self.path.display();
        let (problem, cause) = match sight {
            Sight::Missing if self.good().file.is_none() => return Verdict::Nothing,
            Sight::Missing => (format!("{file} is gone"), "missing".to_owned()),
            Sight::Unreadable(error) => (format!("cannot read {file}: {error}"), "unreadable".to_owned()),
            Sight::Contents(_, bytes) if is_blank(bytes) && !self.is_of_defaults() => {
                (format!("{file} says nothing: a policy of defaults is written as {{}}"), "blank".to_owned())
            }
            Sight::Contents(_, bytes) => match parse(&self.path, bytes) {
                Ok(mine) => return Verdict::Good(Box::new(mine)),
                Err(error) => {
                    (format!("{:#}", anyhow::Error::new(error)), digest(bytes)[..DIGITS].to_owned())
                }
            },
        };
        Verdict::Bad(BadPolicy { file: file.to_string(), cause, problem })
    }
}

/// Whether a file has only comments, or is cut off at its beginning.
fn is_blank(bytes: &[u8]) -> bool {
    let says_something =
        |line: &[u8]| line.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| *byte != b'#');
    !bytes.split(|byte| *byte == b'\n').any(says_something)
}

fn look(path: &Path, judged: Option<Sight>) -> io::Result<Sight> {
    let metadata = path.metadata()?;
    if !metadata.is_file() {
        return Ok(Sight::Unreadable("it is no regular file".to_owned()));
    }
    let signature = Signature {
        modified: (metadata.mtime(), metadata.mtime_nsec()),
        size: metadata.len(),
        inode: metadata.ino(),
    };
    match judged {
        Some(Sight::Contents(known, bytes)) if known == signature => Ok(Sight::Contents(known, bytes)),
        _ => Ok(Sight::Contents(signature, read(path)?)),
    }
}

async fn register(
    governor: &Governor,
    policy: &Policy,
    leader: i64,
    name: &str,
) -> Result<(), GovernorError> {
    for Declared { swarm, change, problem, .. } in governor.apply_registry(policy, name, Some(leader)).await?
    {
        if let Some(problem) = problem {
            tracing::error!(%swarm, problem, "not registered as the policy declares");
        } else {
            tracing::info!(%swarm, ?change, "declared by the policy");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature() -> Signature {
        Signature { modified: (0, 0), size: 0, inode: 0 }
    }

    #[test]
    fn a_file_is_judged_once_and_only_when_it_stands_still() {
        let sight = |text: &str| Sight::Contents(signature(), text.into());
        let mut looks = Looks::default();
        let half_written = ["a", "ab", "abc"].map(|text| looks.is_due(&sight(text)));
        assert_eq!(half_written, [false; 3], "it was another every time");
        assert!(looks.is_due(&sight("abc")));
        assert!(looks.is_due(&sight("abc")), "what could not be carried out is due again");
        looks.judged = Some(sight("abc"));
        assert!(!looks.is_due(&sight("abc")));
        assert!(
            !looks.is_due(&Sight::Missing),
            "between two files that take each other's place there may be none"
        );
        assert!(!looks.is_due(&sight("abc")));
    }

    #[test]
    fn a_missing_file_is_bad_only_where_there_was_one() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("policy.yaml");
        let without = PolicyFile::open(&path, true).unwrap();
        assert!(matches!(without.judge(&Sight::Missing), Verdict::Nothing));
        assert!(PolicyFile::open(&path, false).unwrap_err().is_missing());
        std::fs::write(&path, "coordination: {max_attempts: 7}").unwrap();
        let with = PolicyFile::open(&path, false).unwrap();
        assert!(matches!(with.judge(&Sight::Missing), Verdict::Bad(_)));
    }

    #[test]
    fn one_bad_content_has_one_cause_and_says_where() {
        let home = tempfile::tempdir().unwrap();
        let file = PolicyFile::open(&home.path().join("policy.yaml"), true).unwrap();
        let bad = |text: &str| match file.judge(&Sight::Contents(signature(), text.into())) {
            Verdict::Bad(bad) => bad,
            verdict => panic!("{text} is no policy: {verdict:?}"),
        };
        assert_eq!(bad("a: 1"), bad("a: 1"));
        assert_ne!(bad("a: 1").cause, bad("b: 1").cause);
        assert!(bad("\na: 1").problem.contains("policy.yaml:2:1: unknown key `a`"));
    }

    #[test]
    fn a_pipe_is_read_once_and_not_followed() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("pipe");
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let writing = {
            let path = path.clone();
            std::thread::spawn(move || std::fs::write(path, "coordination: {max_attempts: 7}").unwrap())
        };
        let file = PolicyFile::open(&path, false).unwrap();
        writing.join().unwrap();
        assert!(!file.is_followed());
        assert_eq!(file.good().policy.coordination.max_attempts, 7);
    }
}
