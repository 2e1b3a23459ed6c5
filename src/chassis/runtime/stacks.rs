//! Stacks that guests run on, used again: to map one and to unmap it takes longer than a short task.
//!
//! A stack that comes back holds what the task and the host on its behalf left there, so nobody gets it before all of it
//! is zero again: what is used most by hand, the rest by the system, which takes the memory back.

use std::ffi::c_void;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use nix::sys::mman::{MapFlags, MmapAdvise, ProtFlags, madvise, mmap_anonymous, mprotect, munmap};
use nix::unistd::{SysconfVar, sysconf};
use wasmtime::{StackCreator, StackMemory};

/// How many that nobody uses are kept.
const KEPT: usize = 64;

/// How much of the top of each stays in memory, in bytes: hardly a task needs more.
const WARM: usize = 32 << 10;

/// Makes stacks and keeps them for the next task. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Stacks(Arc<Mutex<Vec<Mapping>>>);

impl Stacks {
    fn take(&self, length: usize) -> Option<Mapping> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().rposition(|mapping| mapping.stack().len() == length)?;
        Some(kept.swap_remove(at))
    }

    fn give_back(&self, mapping: Mapping) {
        if mapping.clear().is_err() {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(mapping);
        }
    }
}

#[expect(unsafe_code, reason = "wasmtime must be able to rely on what it is given")]
// SAFETY: every stack is a mapping of its own, page-aligned, zero, with a page below it that nobody can touch.
unsafe impl StackCreator for Stacks {
    fn new_stack(&self, size: usize, _zeroed: bool) -> wasmtime::Result<Box<dyn StackMemory>> {
        let page = page_size();
        let length = size.next_multiple_of(page);
        let mapping = self.take(length).map_or_else(|| Mapping::new(length, page), Ok)?;
        Ok(Box::new(Stack { mapping: Some(mapping), home: self.clone() }))
    }
}

/// A stack in use; dropped, it goes home.
struct Stack {
    /// `None` only while it is being dropped.
    mapping: Option<Mapping>,
    home: Stacks,
}

impl Stack {
    fn addresses(&self) -> Range<usize> {
        self.mapping.as_ref().map_or(0..0, Mapping::stack)
    }
}

#[expect(unsafe_code, reason = "wasmtime must be able to rely on what it is given")]
// SAFETY: the ranges are those of the mapping, which lives as long as this.
unsafe impl StackMemory for Stack {
    fn top(&self) -> *mut u8 {
        self.addresses().end as *mut u8
    }

    fn range(&self) -> Range<usize> {
        self.addresses()
    }

    fn guard_range(&self) -> Range<*mut u8> {
        let start = self.mapping.as_ref().map_or(0, Mapping::start);
        start as *mut u8..self.addresses().start as *mut u8
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if let Some(mapping) = self.mapping.take() {
            self.home.give_back(mapping);
        }
    }
}

/// Memory of this process: a page that nobody can touch, and a stack above it.
struct Mapping {
    start: NonNull<c_void>,
    length: usize,
    guard: usize,
}

#[expect(unsafe_code, reason = "a pointer knows nothing of threads")]
// SAFETY: it is the only owner of its memory, and memory belongs to no thread.
unsafe impl Send for Mapping {}

#[expect(unsafe_code, reason = "a pointer knows nothing of threads")]
// SAFETY: shared, it gives nothing but addresses.
unsafe impl Sync for Mapping {}

impl Mapping {
    #[expect(unsafe_code, reason = "the system is asked for memory")]
    fn new(stack: usize, guard: usize) -> nix::Result<Self> {
        let length = NonZeroUsize::new(stack + guard).ok_or(nix::Error::EINVAL)?;
        // SAFETY: a new mapping, where the system likes it, touches no other.
        let start = unsafe { mmap_anonymous(None, length, ProtFlags::PROT_NONE, MapFlags::MAP_PRIVATE) }?;
        let mapping = Self { start, length: length.get(), guard };
        let usable = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: the range lies in the mapping, which nobody else knows.
        unsafe { mprotect(mapping.at(guard), stack, usable) }?;
        Ok(mapping)
    }

    fn start(&self) -> usize {
        self.start.as_ptr().addr()
    }

    /// The addresses of the stack.
    fn stack(&self) -> Range<usize> {
        self.start() + self.guard..self.start() + self.length
    }

    fn at(&self, offset: usize) -> NonNull<c_void> {
        self.start.map_addr(|start| start.saturating_add(offset))
    }

    /// Makes all of the stack zero.
    #[expect(unsafe_code, reason = "memory is written that no reference leads to")]
    fn clear(&self) -> nix::Result<()> {
        let warm = WARM.min(self.length - self.guard);
        let cold = self.length - self.guard - warm;
        if cold > 0 {
            // SAFETY: the range is the lower part of the stack, which nobody uses any more.
            unsafe { madvise(self.at(self.guard), cold, MmapAdvise::MADV_DONTNEED) }?;
        }
        // SAFETY: the range is the upper part of the same stack.
        unsafe { self.at(self.guard + cold).cast::<u8>().write_bytes(0, warm) };
        Ok(())
    }
}

impl Drop for Mapping {
    #[expect(unsafe_code, reason = "the system is given its memory back")]
    fn drop(&mut self) {
        // SAFETY: nobody uses the mapping any more. An error would mean that there is none.
        let _ = unsafe { munmap(self.start, self.length) };
    }
}

fn page_size() -> usize {
    let page = sysconf(SysconfVar::PAGE_SIZE).ok().flatten();
    page.and_then(|page| usize::try_from(page).ok()).unwrap_or(64 << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 1 << 20;

    fn new(stacks: &Stacks) -> Box<dyn StackMemory> {
        stacks.new_stack(SIZE, false).unwrap()
    }

    #[expect(unsafe_code, reason = "a stack is memory that no reference leads to")]
    fn bytes(stack: &mut dyn StackMemory) -> &mut [u8] {
        // SAFETY: the stack lives as long as what is given, and nobody runs on it.
        unsafe { std::slice::from_raw_parts_mut(stack.range().start as *mut u8, stack.range().len()) }
    }

    #[test]
    fn a_stack_is_used_again_and_nothing_is_left_on_it() {
        let stacks = Stacks::default();
        let mut first = new(&stacks);
        let range = first.range();
        assert_eq!(range.len(), SIZE);
        assert_eq!(first.top().addr(), range.end);
        assert_eq!(first.guard_range().end.addr(), range.start);
        bytes(&mut *first).fill(0xa5);
        drop(first);
        let mut again = new(&stacks);
        assert_eq!(again.range(), range);
        assert!(bytes(&mut *again).iter().all(|byte| *byte == 0));
    }

    #[test]
    fn stacks_in_use_are_different_and_only_so_many_are_kept() {
        let stacks = Stacks::default();
        let used: Vec<_> = (0..2 * KEPT).map(|_| new(&stacks)).collect();
        let mut ends: Vec<_> = used.iter().map(|stack| stack.range().end).collect();
        ends.sort_unstable();
        assert!(ends.windows(2).all(|pair| pair[1] - pair[0] > SIZE), "a guard lies between them");
        drop(used);
        assert_eq!(stacks.0.lock().unwrap().len(), KEPT);
        assert!(stacks.take(SIZE / 2).is_none(), "none of another size is given");
    }
}
