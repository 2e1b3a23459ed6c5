//! What `ifctl` promises, shown on real servers: one file per promise.
//!
//! Everything runs against the embedded engine and against etcd, as processes of their own on free ports.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::missing_panics_doc, reason = "as above")]

mod alerts;
mod auth;
mod bench_command;
mod breakers;
mod budgets;
mod bulk;
mod capabilities;
mod charging;
mod chassis;
mod claim_next;
mod claim_race;
mod compaction;
mod completions;
mod conformance;
mod consequences;
mod crash;
mod demo;
mod dependents;
mod differential;
mod dispatch;
mod engine_crash;
mod engine_faults;
mod escalations;
mod etcdctl;
mod failures;
mod fence;
mod gang_up;
mod help;
mod help_crash;
mod http;
mod illegible;
mod layers;
mod leadership;
mod life;
mod lifecycle;
mod linearizability;
mod listening;
mod lock_election;
mod mail;
mod namespaces;
mod overall;
mod policies;
mod programs;
mod rails;
mod raw_client;
mod readme;
mod renewal;
mod replay;
mod request_help;
mod restart;
mod retention;
mod seed_commands;
mod set_budgets;
mod snapshot;
mod start;
mod strays;
mod support;
mod task_budgets;
mod tls;
mod trust;
mod untold;
mod vitals;
mod waiting;
mod watching;
mod workers;
mod working;
