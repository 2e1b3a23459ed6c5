//! Compiled modules on disk. Machine code runs unconfined, so only what this user's key vouches for is given out.
//!
//! A file is machine code and a tag; the tag (HMAC-SHA256) covers the code, the module it was made of and the engine it was
//! made for, so that neither a forged file nor one in the place of another is taken. What was verified is what is used: a
//! file is read once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::cache_key::{CacheError, CacheKey, check_directory};
use super::modules::{Held, is_draft, read_kept, replace};
use crate::chassis::Digest;
use crate::config::Home;

/// The length of a tag, in bytes.
const TAG: usize = 32;

/// The largest file that is read: machine code is several times as large as a module.
const MAX_FILE_BYTES: usize = 1 << 30;

const EXTENSION: &str = "code";

/// The compiled modules of one engine.
#[derive(Debug, Clone)]
pub(super) struct CodeCache {
    directory: PathBuf,
    key: PathBuf,
    /// What the code must have been made for.
    engine: Digest,
}

/// What was found of a compiled module.
#[derive(Debug)]
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// Machine code that this user made.
    Code(Vec<u8>),
    /// A file that this user did not make, or not so.
    Forged,
}

impl CodeCache {
    pub(super) fn of(home: &Home, directory: &Path, engine: Digest) -> Self {
        Self { directory: directory.to_owned(), key: home.chassis().join("cache.key"), engine }
    }

    pub(super) fn path(&self, digest: &Digest) -> PathBuf {
        self.directory.join(self.name(digest))
    }

    fn name(&self, digest: &Digest) -> String {
        format!("{digest}.{}.{EXTENSION}", self.engine.short())
    }

    /// Whether there is something; it may be forged.
    pub(super) fn has(&self, digest: &Digest) -> bool {
        self.path(digest).is_file()
    }

    /// Gives the machine code of a module.
    pub(super) fn read(&self, digest: &Digest) -> Result<Found, CacheError> {
        let path = self.path(digest);
        let mut bytes = match read_kept(&path, MAX_FILE_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(source) => return Err(CacheError::Io { path, source }),
        };
        check_directory(&self.directory)?;
        // Without a key nothing was made by this user.
        let Some(key) = CacheKey::read(&self.key)? else { return Ok(Found::Forged) };
        let Some((code, tag)) = bytes.split_last_chunk::<TAG>() else { return Ok(Found::Forged) };
        if self.mac(&key, digest, code).verify_slice(tag).is_err() {
            return Ok(Found::Forged);
        }
        let length = code.len();
        bytes.truncate(length);
        Ok(Found::Code(bytes))
    }

    /// Keeps the machine code of a module. `unique` names drafts.
    pub(super) fn keep(
        &self,
        digest: &Digest,
        code: &[u8],
        unique: &str,
        _: &Held,
    ) -> Result<(), CacheError> {
        check_directory(&self.directory)?;
        let key = CacheKey::read_or_make(&self.key, unique)?;
        let tag = self.mac(&key, digest, code).finalize().into_bytes();
        let path = self.path(digest);
        replace(&path, &[code, tag.as_slice()], unique).map_err(CacheError::io(&path))
    }

    /// Removes what was found to be forged, unless it has been replaced since, which only costs compiling again.
    pub(super) fn discard(&self, digest: &Digest) -> io::Result<()> {
        fs::remove_file(self.path(digest))
    }

    /// Removes the machine code of a module, whatever engine it was made for.
    pub(super) fn remove(&self, digest: &Digest, held: &Held) -> io::Result<()> {
        self.remove_where(held, |name| parse(name).is_some_and(|(module, _)| module == digest.as_str()))
    }

    /// Removes what was made for other engines, and drafts of processes that were killed.
    pub(super) fn tidy(&self, held: &Held) -> io::Result<()> {
        self.remove_where(held, |name| {
            is_draft(name) || parse(name).is_some_and(|(_, engine)| engine != self.engine.short())
        })
    }

    fn remove_where(&self, _: &Held, is_meant: impl Fn(&str) -> bool) -> io::Result<()> {
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            if entry.file_name().to_str().is_some_and(&is_meant) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    fn mac(&self, key: &CacheKey, digest: &Digest, code: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any length will do");
        // Both of one length, so that nothing of them passes for code.
        mac.update(digest.as_str().as_bytes());
        mac.update(self.engine.as_str().as_bytes());
        mac.update(code);
        mac
    }
}

/// The module and the engine of a compiled module's name.
fn parse(name: &str) -> Option<(&str, &str)> {
    name.strip_suffix(EXTENSION)?.strip_suffix('.')?.split_once('.')
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::modules::ModuleDirectory;
    use super::*;

    struct Place {
        home: tempfile::TempDir,
        modules: ModuleDirectory,
        held: Held,
    }

    impl Place {
        fn new() -> Self {
            let home = tempfile::tempdir().unwrap();
            let modules = ModuleDirectory::of(&Home::at(home.path()));
            let held = modules.hold_shared().unwrap();
            Self { home, modules, held }
        }

        fn cache(&self, engine: &str) -> CodeCache {
            CodeCache::of(&Home::at(self.home.path()), self.modules.as_path(), Digest::of(engine.as_bytes()))
        }

        fn keep(&self, engine: &str, code: &[u8]) {
            self.cache(engine).keep(&Digest::of(code), code, "draft", &self.held).unwrap();
        }

        fn names(&self) -> Vec<String> {
            let names = fs::read_dir(self.modules.as_path()).unwrap();
            let mut names: Vec<_> =
                names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    fn code(found: Result<Found, CacheError>) -> Option<Vec<u8>> {
        match found.unwrap() {
            Found::Code(code) => Some(code),
            Found::Nothing | Found::Forged => None,
        }
    }

    #[test]
    fn what_was_kept_is_given_out_and_is_for_its_owner_only() {
        let place = Place::new();
        place.keep("e1", b"machine code");
        let (cache, digest) = (place.cache("e1"), Digest::of(b"machine code"));
        assert_eq!(code(cache.read(&digest)).unwrap(), b"machine code");
        let mode = fs::metadata(cache.path(&digest)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert!(matches!(cache.read(&Digest::of(b"other")).unwrap(), Found::Nothing));
    }

    #[test]
    fn a_changed_byte_wherever_it_is_is_noticed_and_so_is_every_missing_one() {
        let place = Place::new();
        place.keep("e1", b"machine code");
        let (cache, digest) = (place.cache("e1"), Digest::of(b"machine code"));
        let good = fs::read(cache.path(&digest)).unwrap();
        for at in 0..good.len() {
            let mut changed = good.clone();
            changed[at] ^= 1;
            fs::write(cache.path(&digest), changed).unwrap();
            assert!(matches!(cache.read(&digest).unwrap(), Found::Forged), "byte {at}");
            fs::write(cache.path(&digest), &good[..at]).unwrap();
            assert!(matches!(cache.read(&digest).unwrap(), Found::Forged), "cut at {at}");
        }
        fs::write(cache.path(&digest), [&good[..], &[0]].concat()).unwrap();
        assert!(matches!(cache.read(&digest).unwrap(), Found::Forged), "a byte too many");
    }

    #[test]
    fn code_of_another_module_or_engine_does_not_pass() {
        let place = Place::new();
        place.keep("e1", b"one");
        place.keep("e1", b"two");
        place.keep("e2", b"one");
        let (first, second) = (place.cache("e1"), place.cache("e2"));
        let (one, two) = (Digest::of(b"one"), Digest::of(b"two"));
        fs::copy(first.path(&two), first.path(&one)).unwrap();
        assert!(matches!(first.read(&one).unwrap(), Found::Forged), "another module");
        fs::copy(second.path(&one), first.path(&one)).unwrap();
        assert!(matches!(first.read(&one).unwrap(), Found::Forged), "another engine");
        assert_eq!(code(first.read(&two)).unwrap(), b"two");
    }

    #[test]
    fn code_under_another_key_does_not_pass() {
        let (ours, theirs) = (Place::new(), Place::new());
        ours.keep("e1", b"one");
        theirs.keep("e1", b"one");
        let digest = Digest::of(b"one");
        fs::copy(theirs.cache("e1").path(&digest), ours.cache("e1").path(&digest)).unwrap();
        assert!(matches!(ours.cache("e1").read(&digest).unwrap(), Found::Forged));
        fs::remove_file(&theirs.cache("e1").key).unwrap();
        assert!(matches!(theirs.cache("e1").read(&digest).unwrap(), Found::Forged), "without a key");
    }

    #[test]
    fn a_directory_that_others_may_enter_is_refused() {
        let place = Place::new();
        place.keep("e1", b"one");
        fs::set_permissions(place.modules.as_path(), fs::Permissions::from_mode(0o750)).unwrap();
        let refused = place.cache("e1").read(&Digest::of(b"one")).unwrap_err();
        assert!(matches!(refused, CacheError::Open { mode: 0o750, is_key: false, .. }));
    }

    #[test]
    fn tidying_leaves_what_is_of_use() {
        let place = Place::new();
        place.keep("e1", b"one");
        place.keep("e2", b"one");
        place.keep("e2", b"two");
        place.modules.keep(&Digest::of(b"one"), b"one", "draft", &place.held).unwrap();
        fs::write(place.modules.as_path().join(".draft-of-the-dead"), "").unwrap();
        place.cache("e2").tidy(&place.held).unwrap();
        let (one, two) = (Digest::of(b"one"), Digest::of(b"two"));
        let engine = Digest::of(b"e2");
        let mut left = vec![
            ".lock".to_owned(),
            format!("{one}.{}.code", engine.short()),
            format!("{one}.wasm"),
            format!("{two}.{}.code", engine.short()),
        ];
        left.sort();
        assert_eq!(place.names(), left);
        place.cache("e1").remove(&one, &place.held).unwrap();
        assert!(!place.cache("e2").has(&one) && place.cache("e2").has(&two));
    }
}
