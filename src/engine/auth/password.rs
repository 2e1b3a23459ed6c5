//! Passwords: hashed with Argon2id, each with a salt of its own.
//!
//! Slow on purpose (19 MiB and some tens of milliseconds each): not for the writer, nor for the runtime's own threads.

use std::fmt;

use argon2::Argon2;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier, phc};

/// A password that nobody has, hashed: who asks for a user that does not exist waits as long as who errs in the
/// password.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmUh$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What is kept of a password, in PHC's format.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PasswordHash(String);

/// Tells nothing: logs are read by many.
impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

impl PasswordHash {
    /// Hashes a password.
    ///
    /// # Errors
    /// When the system gives no randomness for the salt.
    pub(super) fn of(password: &str) -> Result<Self, password_hash::Error> {
        let hash: phc::PasswordHash = Argon2::default().hash_password(password.as_bytes())?;
        Ok(Self(hash.to_string()))
    }

    pub(super) fn from_kept(hash: String) -> Self {
        Self(hash)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn nobodys() -> Self {
        Self(NOBODYS.to_owned())
    }

    /// Whether it is the hash of this password. Takes the same time whatever differs.
    pub(super) fn fits(&self, password: &str) -> bool {
        phc::PasswordHash::new(&self.0)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_fits_and_no_two_hashes_are_equal() {
        let long = "p".repeat(100);
        for password in ["secret", "", "ünïcode", &long] {
            let hash = PasswordHash::of(password).unwrap();
            assert!(hash.fits(password), "{password}");
            assert!(!hash.fits(&format!("{password}x")), "{password}");
            assert!(!hash.as_str().contains("secret") && !format!("{hash:?}").contains(hash.as_str()));
            assert_ne!(hash, PasswordHash::of(password).unwrap());
        }
        assert!(!PasswordHash::from_kept("secret".to_owned()).fits("secret"), "plain text is no hash");
    }

    #[test]
    fn nobodys_password_costs_what_others_cost() {
        let nobodys = phc::PasswordHash::new(NOBODYS).unwrap();
        let real = PasswordHash::of("secret").unwrap();
        let real = phc::PasswordHash::new(real.as_str()).unwrap();
        assert_eq!(
            (nobodys.algorithm, nobodys.version, &nobodys.params),
            (real.algorithm, real.version, &real.params)
        );
        assert!(!PasswordHash::nobodys().fits(""));
    }
}
