//! Chassis: contracts, the sandbox that enforces them, and what it measured.
//!
//! Owns what a swarm's code may use and the record of how it did. Untrusted code runs nowhere else. The rules
//! (`contract`, `in_force`, `limits`, `cpu_share`, `performance`, `report`) are pure; only `runtime` touches wasmtime, only
//! `service` the disk and the store.

pub mod contract;
mod cpu_share;
mod digest;
mod failure;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gauge;
mod in_force;
mod input;
mod inspection;
mod limits;
mod performance;
mod report;
pub mod runtime;
mod service;

pub use contract::{Contract, ContractError};
pub use digest::{Digest, DigestError};
pub use failure::{FailureClass, GuestFailure};
pub use gauge::Gauge;
pub use in_force::{Difference, LoadedContract, ModuleInfo, Replacement};
pub use input::{InputError, MAX_INPUT_BYTES, TaskInput};
pub use inspection::{GuestKind, Inspection};
pub use limits::Limits;
pub use performance::{Outcome, Performance, Sample, WINDOW};
pub use report::{Latency, Objective, PerformanceReport, Verdict};
pub use runtime::{Execution, GuestModule, ModuleRefused, Observer, Sandbox, SandboxError};
pub use service::{
    CacheError, Chassis, ChassisError, ContractLine, ContractSummary, Executed, FilesAfter, Guest, Job,
    LoadStep, LoadWish, Loaded, Unloaded,
};
