//! The weight of a component: what its core instances take of the host besides memories and tables.
//!
//! Each instance of a core module has room for every import, function and global of the module, and is filled in one
//! go. The engine limits neither, so five hundred instances of a module with a million globals would be gigabytes.

use super::ModuleRefused;
use super::meter::MAX_INSTANCES;

/// The most that all instances of a component may weigh, in bytes.
const MAX_WEIGHT: u64 = 256 << 20;

/// What an import, a function or a global takes at most, in bytes.
const PART: u64 = 32;

/// The largest component that is accepted as text, in bytes: so little text cannot weigh too much.
const MAX_TEXT_BYTES: usize = 128 << 10;

/// How deep components may lie in each other.
const MAX_DEPTH: u32 = 8;

/// Refuses a component that would weigh too much. One that cannot be read here is refused, too.
pub(super) fn check(bytes: &[u8]) -> Result<(), ModuleRefused> {
    if !bytes.starts_with(b"\0asm") {
        let short = bytes.len() <= MAX_TEXT_BYTES;
        return if short { Ok(()) } else { Err(ModuleRefused::TextTooLarge) };
    }
    let mut tally = Tally::default();
    match tally.component(bytes, 0) {
        Some(()) if tally.weight() <= MAX_WEIGHT => Ok(()),
        Some(()) => Err(ModuleRefused::TooHeavy),
        None => Err(ModuleRefused::Unreadable),
    }
}

/// What a component and all that lie in it consist of.
#[derive(Debug, Default)]
struct Tally {
    /// The most parts of any module.
    parts: u64,
    /// How often a core module is instantiated, as it is written.
    instances: u64,
    /// How often a component is, by the outermost one.
    components: u64,
    /// Whether inner components instantiate components, so that what is written once may happen many times.
    multiplies: bool,
}

impl Tally {
    fn weight(&self) -> u64 {
        let most = u64::try_from(MAX_INSTANCES).unwrap_or(u64::MAX);
        let written = self.instances.saturating_mul(self.components.saturating_add(1));
        let instances = if self.multiplies { most } else { written.min(most) };
        self.parts.saturating_mul(PART).saturating_mul(instances)
    }

    fn component(&mut self, bytes: &[u8], depth: u32) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut reader = Reader(bytes.get(8..)?);
        while !reader.0.is_empty() {
            let (id, mut section) = reader.section()?;
            match id {
                1 => self.parts = self.parts.max(count_parts(section.0)?),
                2 => self.instances = self.instances.saturating_add(count_instantiations(&mut section)?),
                4 => self.component(section.0, depth + 1)?,
                5 if depth == 0 => self.components = self.components.saturating_add(section.number()?),
                5 => self.multiplies = true,
                _ => {}
            }
        }
        Some(())
    }
}

/// The imports, functions and globals of a core module.
fn count_parts(module: &[u8]) -> Option<u64> {
    let mut reader = Reader(module.get(8..)?);
    let mut parts = 0_u64;
    while !reader.0.is_empty() {
        let (id, mut section) = reader.section()?;
        if matches!(id, 2 | 3 | 6) {
            parts = parts.saturating_add(section.number()?);
        }
    }
    Some(parts)
}

/// How many of the core instances in a section are made of modules; the others are lists of what exists already.
fn count_instantiations(section: &mut Reader<'_>) -> Option<u64> {
    let mut instantiations = 0;
    for _ in 0..section.number()? {
        let of_module = section.byte()? == 0;
        if of_module {
            instantiations += 1;
            section.number()?;
        }
        for _ in 0..section.number()? {
            let name = section.number()?;
            section.take(name)?;
            section.byte()?;
            section.number()?;
        }
    }
    Some(instantiations)
}

/// Reads a binary; `None` when it ends too early or is none.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The next section and its id.
    fn section(&mut self) -> Option<(u8, Reader<'a>)> {
        let id = self.byte()?;
        let length = self.number()?;
        Some((id, Reader(self.take(length)?)))
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number of up to 32 bits, in LEB128.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(mut number: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while number > 0x7f {
            bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
            number >>= 7;
        }
        bytes.push(u8::try_from(number).unwrap());
        bytes
    }

    fn section(id: u8, body: &[u8]) -> Vec<u8> {
        [&[id][..], &number(body.len()), body].concat()
    }

    /// A module with so many globals.
    fn module(globals: usize) -> Vec<u8> {
        let global = [0x7f, 0, 0x41, 0, 0x0b];
        [b"\0asm\x01\0\0\0", &section(6, &[number(globals), global.repeat(globals)].concat())[..]].concat()
    }

    /// A component that instantiates it so often, and in which these lie.
    fn component(globals: usize, instances: usize, inner: &[Vec<u8>]) -> Vec<u8> {
        let instantiations = [number(instances), [0, 0, 0].repeat(instances)].concat();
        let inner: Vec<u8> = inner.iter().flat_map(|component| section(4, component)).collect();
        let own = [section(1, &module(globals)), section(2, &instantiations)].concat();
        [b"\0asm\x0d\0\x01\0", &own[..], &inner].concat()
    }

    fn refusal(bytes: &[u8]) -> Option<ModuleRefused> {
        check(bytes).err()
    }

    #[test]
    fn the_heaviest_module_counts_as_often_as_it_is_instantiated() {
        let fits = usize::try_from(MAX_WEIGHT / PART / 100).unwrap();
        assert!(refusal(&component(fits, 100, &[])).is_none());
        for (globals, instances) in [(fits + 1, 100), (fits, 101), (1_000_000, 9)] {
            assert!(matches!(refusal(&component(globals, instances, &[])), Some(ModuleRefused::TooHeavy)));
        }
        assert!(refusal(&component(1_000_000, 8, &[])).is_none());
    }

    #[test]
    fn inner_components_count_as_often_as_they_are_instantiated() {
        let inner = component(1_000_000, 4, &[]);
        let instantiate = |times: usize| {
            let instances = section(5, &[number(times), [0, 0, 0].repeat(times)].concat());
            [component(0, 0, std::slice::from_ref(&inner)), instances].concat()
        };
        assert!(refusal(&instantiate(1)).is_none());
        assert!(matches!(refusal(&instantiate(2)), Some(ModuleRefused::TooHeavy)));
        let outer = component(0, 0, &[[component(17_000, 1, &[]), section(5, &[1, 0, 0, 0])].concat()]);
        assert!(matches!(refusal(&outer), Some(ModuleRefused::TooHeavy)), "written once, done many times");
    }

    #[test]
    fn text_that_could_weigh_too_much_is_refused() {
        assert!(refusal(&vec![b' '; MAX_TEXT_BYTES]).is_none());
        assert!(matches!(refusal(&vec![b' '; MAX_TEXT_BYTES + 1]), Some(ModuleRefused::TextTooLarge)));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let whole = component(3, 2, &[]);
        for length in 5..whole.len() {
            let refused = refusal(&whole[..length]);
            assert!(refused.is_none() || matches!(refused, Some(ModuleRefused::Unreadable)), "{length}");
        }
        let deep = (0..20).fold(component(0, 0, &[]), |inner, _| component(0, 0, &[inner]));
        assert!(matches!(refusal(&deep), Some(ModuleRefused::Unreadable)));
    }

    proptest! {
        #[test]
        fn anything_is_weighed_or_refused(bytes: Vec<u8>) {
            let _ = check(&[b"\0asm\x0d\0\x01\0", &bytes[..]].concat());
            let _ = count_instantiations(&mut Reader(&bytes));
        }
    }
}
