//! What a task takes of memory: all its memories and tables together.

use std::sync::Arc;

use wasmtime::ResourceLimiter;

use crate::chassis::gauge::Gauge;
use crate::chassis::inspection::GuestKind;

/// What one element of a table takes, in bytes.
const ELEMENT: usize = size_of::<usize>();

/// The most tables of a core module.
pub(super) const MAX_TABLES: u32 = 16;

/// How many parts a task may consist of: each takes room of the host's, and a memory much of its address space.
#[derive(Debug, Clone, Copy)]
struct Parts {
    instances: usize,
    memories: usize,
    tables: usize,
}

/// A core module is one instance.
const CORE_PARTS: Parts = Parts { instances: 1, memories: 1, tables: MAX_TABLES as usize };

/// The most instances of a component; Python takes some 200.
pub(super) const MAX_INSTANCES: usize = 500;

const COMPONENT_PARTS: Parts = Parts { instances: MAX_INSTANCES, memories: 16, tables: 64 };

/// Sums memories and tables and refuses what goes beyond the limit.
///
/// What was granted once is never given back, even if the system then fails to deliver it: a guest can provoke such
/// failures, so a refund could be turned into memory.
#[derive(Debug)]
pub(super) struct MemoryMeter {
    limit: usize,
    parts: Parts,
    taken: usize,
    refused: bool,
    gauge: Arc<Gauge>,
}

impl MemoryMeter {
    pub(super) fn new(kind: GuestKind, limit: usize, gauge: Arc<Gauge>) -> Self {
        let parts = match kind {
            GuestKind::Core => CORE_PARTS,
            GuestKind::Component => COMPONENT_PARTS,
        };
        Self { limit, parts, taken: 0, refused: false, gauge }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Whether the limit was hit at any time.
    pub(super) fn was_refused(&self) -> bool {
        self.refused
    }

    fn grant(&mut self, current: usize, desired: usize, maximum: Option<usize>, unit: usize) -> bool {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return false;
        }
        let more = desired.saturating_sub(current).saturating_mul(unit);
        let taken = self.taken.saturating_add(more);
        if taken > self.limit {
            self.refused = true;
            return false;
        }
        self.taken = taken;
        self.gauge.set_memory(taken);
        true
    }
}

impl ResourceLimiter for MemoryMeter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.grant(current, desired, maximum, 1))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.grant(current, desired, maximum, ELEMENT))
    }

    fn instances(&self) -> usize {
        self.parts.instances
    }

    fn memories(&self) -> usize {
        self.parts.memories
    }

    fn tables(&self) -> usize {
        self.parts.tables
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter() -> MemoryMeter {
        MemoryMeter::new(GuestKind::Component, 1000, Arc::default())
    }

    #[test]
    fn memories_and_tables_share_one_limit() {
        let mut meter = meter();
        assert!(meter.memory_growing(0, 400, None).unwrap());
        assert!(meter.memory_growing(0, 400, None).unwrap(), "a second memory");
        assert!(!meter.memory_growing(400, 800, None).unwrap());
        assert!(meter.table_growing(0, 25, None).unwrap());
        assert!(!meter.table_growing(25, 26, None).unwrap());
        assert_eq!(meter.taken, 1000);
    }

    #[test]
    fn a_failed_growth_gives_nothing_back() {
        let mut meter = meter();
        assert!(meter.memory_growing(0, 1000, None).unwrap());
        meter.memory_grow_failed(wasmtime::Error::msg("too large")).unwrap();
        assert!(!meter.memory_growing(1000, 1001, None).unwrap());
    }

    #[test]
    fn a_growth_beyond_the_guests_own_maximum_costs_nothing() {
        let mut meter = meter();
        assert!(!meter.memory_growing(0, 600, Some(500)).unwrap());
        assert!(!meter.was_refused());
        assert_eq!(meter.taken, 0);
    }

    #[test]
    fn absurd_sizes_do_not_wrap() {
        let mut meter = meter();
        assert!(!meter.table_growing(0, usize::MAX, None).unwrap());
        assert!(!meter.memory_growing(0, usize::MAX, None).unwrap());
    }
}
