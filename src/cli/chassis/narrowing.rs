//! How much less than contracts allow: the options of `exec` and `serve` for credentials that tasks are issued.

use std::time::Duration;

use clap::Args;

use crate::chassis::credential::{Narrowing, Ttl};
use crate::chassis::egress::{Method, Pattern};

#[derive(Debug, Args)]
pub(super) struct Narrowed {
    /// How long a task's own credential lasts, in seconds, and with it the task [default: as long as the task may]
    #[arg(long, value_name = "SECONDS")]
    ttl: Option<Ttl>,
    /// The URLs a task may call, with all that lies below them [default: all that the contract allows]
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    allow_urls: Vec<Pattern>,
    /// The methods it may use [default: all that the contract allows]
    #[arg(long, value_name = "METHOD", value_delimiter = ',')]
    methods: Vec<Method>,
}

impl From<Narrowed> for Narrowing {
    fn from(narrowed: Narrowed) -> Self {
        Self {
            ttl: narrowed.ttl.map(|ttl| Duration::from_secs(ttl.get().into())),
            endpoints: narrowed.allow_urls,
            methods: narrowed.methods,
        }
    }
}
