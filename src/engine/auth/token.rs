//! Tokens: what a user shows instead of a password. In memory only, as etcd's simple tokens.
//!
//! Pure: callers supply the time and the randomness.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How long a token lives after it was last used. etcd's default.
const TTL: Duration = Duration::from_mins(5);
/// Letters of a token, before the dot.
pub(super) const LETTERS: usize = 16;

/// Whom a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bearer {
    pub(super) user: Arc<str>,
    /// The auth revision at which the password was checked.
    pub(super) issued: u64,
}

/// All tokens that were given out and are in use.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    held: HashMap<String, (Bearer, Duration)>,
    serial: u64,
}

impl Tokens {
    /// Gives out a token, in etcd's shape: letters, a dot, a number.
    pub(super) fn issue(&mut self, bearer: Bearer, letters: [u8; LETTERS], now: Duration) -> String {
        self.held.retain(|_, (_, until)| *until > now);
        self.serial += 1;
        let letters: String = letters.into_iter().map(letter).collect();
        let token = format!("{letters}.{}", self.serial);
        self.held.insert(token.clone(), (bearer, now + TTL));
        token
    }

    /// Whom a token stands for; using it lets it live on.
    pub(super) fn bearer(&mut self, token: &str, now: Duration) -> Option<Bearer> {
        let (bearer, until) = self.held.get_mut(token)?;
        if *until <= now {
            self.held.remove(token);
            return None;
        }
        *until = now + TTL;
        Some(bearer.clone())
    }
}

/// One of 52 letters; a byte above the last multiple of 52 counts as its remainder, which costs a token a few
/// thousandths of a bit.
fn letter(random: u8) -> char {
    let index = random % 52;
    char::from(if index < 26 { b'a' + index } else { b'A' + index - 26 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn bearer(user: &str) -> Bearer {
        Bearer { user: user.into(), issued: 3 }
    }

    #[test]
    fn a_token_lives_five_minutes_after_its_last_use() {
        let mut tokens = Tokens::default();
        let used = tokens.issue(bearer("a"), [0; LETTERS], seconds(0));
        let left = tokens.issue(bearer("b"), [0; LETTERS], seconds(0));
        assert_eq!(tokens.bearer(&used, seconds(299)), Some(bearer("a")));
        assert_eq!(tokens.bearer(&used, seconds(598)), Some(bearer("a")));
        assert_eq!(tokens.bearer(&left, seconds(300)), None);
        assert_eq!(tokens.bearer(&left, seconds(0)), None, "it does not come back");
        assert_eq!(tokens.bearer(&used, seconds(898)), None);
        assert_eq!(tokens.bearer("", seconds(0)), None);
    }

    #[test]
    fn tokens_have_etcds_shape_and_never_repeat() {
        let mut tokens = Tokens::default();
        let mut letters = [0; LETTERS];
        letters[1] = 25;
        letters[2] = 26;
        letters[3] = 51;
        letters[4] = 52;
        assert_eq!(tokens.issue(bearer("a"), letters, seconds(0)), "azAZaaaaaaaaaaaa.1");
        assert_eq!(tokens.issue(bearer("a"), letters, seconds(0)), "azAZaaaaaaaaaaaa.2");
    }

    #[test]
    fn tokens_that_ran_out_are_forgotten() {
        let mut tokens = Tokens::default();
        for _ in 0..10 {
            tokens.issue(bearer("a"), [1; LETTERS], seconds(0));
        }
        tokens.issue(bearer("a"), [1; LETTERS], seconds(300));
        assert_eq!(tokens.held.len(), 1);
    }
}
