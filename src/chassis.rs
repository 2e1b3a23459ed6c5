//! Chassis: contracts, the sandbox that enforces them, and what it measured.
//!
//! Owns what a swarm's code may use and the record of how it did. Untrusted code runs nowhere else. The rules
//! (files named after their nouns) are pure; only `runtime` touches wasmtime, only `service` the disk and the store.
//! `serving` keeps running: it has the coordinator's workers use the sandbox.

mod allotment;
mod burn;
mod calls;
mod compilation;
mod confinement;
pub mod container;
pub mod contract;
mod cpu_share;
pub mod credential;
mod digest;
pub mod egress;
mod failure;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gauge;
mod histogram;
mod history;
mod in_force;
mod input;
mod inspection;
mod latency;
mod ledger;
mod limits;
mod log_line;
mod objective;
mod pace;
mod performance;
mod report;
mod reputation;
mod resources;
pub mod runtime;
mod service;
mod serving;
mod share;
mod usage;
mod wilson;

pub use allotment::{Allotment, HostShare, OverRate};
pub use burn::{Alert, Burn, BurnRate};
pub use calls::{CallLine, CallTally};
pub use compilation::{Complaint, Language, Tool};
pub use contract::{Contract, ContractError};
pub use cpu_share::{CpuAccount, Pause, SharedCpu};
pub use digest::{Digest, DigestError};
pub use failure::{FailureClass, GuestFailure};
pub use gauge::Gauge;
pub use histogram::Histogram;
pub use history::Period;
pub use in_force::{Difference, LoadedContract, ModuleInfo, Replacement};
pub use input::{InputError, MAX_INPUT_BYTES, TaskInput};
pub use inspection::{GuestKind, Inspection};
pub use latency::Latency;
pub use limits::Limits;
pub use log_line::{LogFilter, LogLine};
pub use objective::{Objective, Verdict};
pub use performance::{Outcome, Performance, Sample, WINDOW};
pub use report::{PerformanceHistory, PerformanceReport};
pub use reputation::{Appraisal, Factor, Grade, GradeBook, ReputationReport, may_grade};
pub use resources::{HISTORY, History, HostPart, Measure, ResourcesReport, RunningProcess};
pub use runtime::cell::become_cell;
pub use runtime::container::ContainerError;
pub use runtime::{Execution, GuestModule, ModuleRefused, Observer, Sandbox, SandboxError};
pub use service::{
    CacheError, Chassis, ChassisError, CompileError, CompileStep, CompileWish, Compiled, Compiler, Contained,
    ContainerWish, ContractLine, ContractSummary, Executed, FilesAfter, Guest, GuestLogs, Issued, Job,
    LoadStep, LoadWish, Loaded, LogReader, Presented, ResourcesLook, Revocation, SecretSource, Secrets,
    SecretsError, ToolboxError, Unloaded,
};
pub use serving::{Serving, ServingOrder, ServingReport, Wanted};
pub use usage::{LiveUsage, PeakRecord, Peaks, Usage};
