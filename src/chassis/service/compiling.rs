//! Compiling: a module becomes machine code once on a host, and is taken from the cache afterwards.

use std::path::Path;

use super::cache::Found;
use super::cache_key::CacheError;
use super::{Chassis, ChassisError};
use crate::chassis::{Digest, GuestModule, ModuleRefused};
use crate::id::{SwarmId, unique};

impl Chassis {
    /// The guest of a module that was loaded on this host: from the cache, else compiled after making sure that it still is
    /// that module.
    pub(super) fn compile_kept(&self, swarm: &SwarmId, digest: &Digest) -> Result<GuestModule, ChassisError> {
        if let Some(module) = self.cached(digest)? {
            return Ok(module);
        }
        let path = self.modules.path(digest);
        let bytes = match self.modules.read(digest) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ChassisError::ModuleElsewhere { swarm: swarm.clone(), path });
            }
            Err(source) => return Err(ChassisError::Unreadable { path, source }),
        };
        let found = Digest::of(&bytes);
        if found != *digest {
            return Err(ChassisError::Damaged { path, found });
        }
        let module = self.compile(&path, &bytes)?;
        self.cache(digest, &module)?;
        Ok(module)
    }

    pub(super) fn compile(&self, path: &Path, bytes: &[u8]) -> Result<GuestModule, ChassisError> {
        let refused = |source: ModuleRefused| ChassisError::Refused { path: path.to_owned(), source };
        self.sandbox.compile(bytes).map_err(refused)
    }

    /// The guest of a module that this user compiled before for this engine. What is not in order is no obstacle, only said:
    /// the module is compiled again.
    ///
    /// # Errors
    /// [`CacheError`] when others could have had a hand in it.
    pub(super) fn cached(&self, digest: &Digest) -> Result<Option<GuestModule>, CacheError> {
        let code = match self.cache.read(digest) {
            Ok(Found::Code(code)) => code,
            Ok(Found::Nothing) => return Ok(None),
            Ok(Found::Forged) => {
                self.discard(digest, &"this user did not make it, or not so");
                return Ok(None);
            }
            Err(error) => return tolerated(error).map(|()| None),
        };
        match self.sandbox.restore(&code) {
            Ok(module) => Ok(Some(module)),
            Err(error) => {
                self.discard(digest, &error);
                Ok(None)
            }
        }
    }

    fn discard(&self, digest: &Digest, why: &dyn std::fmt::Display) {
        let path = self.cache.path(digest);
        tracing::warn!(path = %path.display(), %why, "a compiled module is not used, it is compiled again");
        if let Err(error) = self.cache.discard(digest) {
            tracing::warn!(path = %path.display(), %error, "it cannot be removed");
        }
    }

    /// Keeps what was compiled for the next time, which will only be slower if that fails.
    fn cache(&self, digest: &Digest, module: &GuestModule) -> Result<(), ChassisError> {
        let code = module.machine_code()?;
        let kept = match self.modules.hold_shared() {
            Ok(held) => self.cache.keep(digest, &code, &unique(self.clock.now()), &held),
            Err(source) => Err(CacheError::Io { path: self.modules.as_path().to_owned(), source }),
        };
        Ok(kept.or_else(tolerated)?)
    }
}

/// A disk that does not do as asked makes things slower; a cache that others may have written is no cache.
pub(super) fn tolerated(error: CacheError) -> Result<(), CacheError> {
    match error {
        CacheError::Io { .. } => {
            tracing::warn!(error = &error as &dyn std::error::Error, "compiled modules are not kept");
            Ok(())
        }
        CacheError::Open { .. } | CacheError::Foreign { .. } | CacheError::Malformed { .. } => Err(error),
    }
}
