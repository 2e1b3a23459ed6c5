//! What `ifctl` promises, shown on real servers: one file per promise.
//!
//! Everything runs against the embedded engine and against etcd, as processes of their own on free ports.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::missing_panics_doc, reason = "as above")]

mod budgets;
mod chassis;
mod claim_race;
mod completions;
mod crash;
mod demo;
mod engine_crash;
mod engine_faults;
mod failures;
mod layers;
mod lifecycle;
mod raw_client;
mod readme;
mod seed_commands;
mod start;
mod support;
mod workers;
