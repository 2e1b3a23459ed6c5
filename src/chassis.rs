//! Chassis: contracts, the sandbox that enforces them, and what it measured.
//!
//! Owns what a swarm's code may use and the record of how it did. Untrusted code runs nowhere else. The rules
//! (`contract`, `limits`, `cpu_share`, `usage`, `performance`, `report`, …) are pure; only `runtime` touches wasmtime, only
//! `service` the disk and the store.

pub mod contract;
mod cpu_share;
mod digest;
mod failure;
mod gauge;
mod input;
mod limits;
mod log_line;
mod performance;
mod report;
mod resources;
pub mod runtime;
mod service;
mod usage;

pub use contract::{Contract, ContractError};
pub use cpu_share::SharedCpu;
pub use digest::{Digest, DigestError};
pub use failure::{FailureClass, GuestFailure};
pub use gauge::Gauge;
pub use input::{InputError, MAX_INPUT_BYTES, TaskInput};
pub use limits::Limits;
pub use log_line::{LogFilter, LogLine};
pub use performance::{Outcome, Performance, Sample, WINDOW};
pub use report::{Latency, Objective, PerformanceReport, Verdict};
pub use resources::{HISTORY, History, Measure, ResourcesReport, RunningProcess};
pub use runtime::{Execution, GuestModule, ModuleRefused, Observer, Sandbox, SandboxError};
pub use service::{
    Chassis, ChassisError, Executed, Guest, GuestLogs, Job, LoadedContract, LogReader, ModuleInfo,
    ResourcesLook,
};
pub use usage::{LiveUsage, PeakRecord, Peaks, Usage};
