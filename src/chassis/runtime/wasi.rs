//! WASI for components that cannot do without, such as those of componentize-py: everything is there, and nothing is
//! behind it. No files, no environment, no arguments, no sockets; only clocks and random numbers are real, and what is
//! printed becomes the guest's log.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime::component::Linker;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};
use wasmtime_wasi::{ResourceTable, WasiCtx, WasiCtxView, WasiView};

use super::TaskState;
use super::guest_log::{Channel, SharedLog};
use crate::chassis::limits::Limits;

/// The interfaces that a component may import, without their version. `wasi:http` is not among them.
const OFFERED: [&str; 27] = [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stderr",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:filesystem/preopens",
    "wasi:filesystem/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
    "wasi:random/random",
    "wasi:sockets/instance-network",
    "wasi:sockets/ip-name-lookup",
    "wasi:sockets/network",
    "wasi:sockets/tcp",
    "wasi:sockets/tcp-create-socket",
    "wasi:sockets/udp",
    "wasi:sockets/udp-create-socket",
];

/// The version whose interfaces these are; later ones of the same track fit.
const VERSION: &str = "0.2.";

/// The most random bytes that are given at once.
const MAX_RANDOM_BYTES: u64 = 1 << 20;

/// The most that may be printed at once, in bytes.
const PRINT_BYTES: usize = 64 << 10;

/// Whether a component may import what goes by this name.
pub(super) fn is_offered(name: &str) -> bool {
    let Some((interface, version)) = name.split_once('@') else { return false };
    OFFERED.contains(&interface)
        && version
            .strip_prefix(VERSION)
            .is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Offers components WASI 0.2.
pub(super) fn offer(linker: &mut Linker<TaskState>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)
}

/// What one task has of WASI.
pub(super) struct Wasi {
    context: WasiCtx,
    table: ResourceTable,
}

impl Wasi {
    fn deny_all(limits: &Limits, log: &SharedLog) -> Self {
        let printed = |channel| Printed { log: log.clone(), channel };
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles);
        // Environment, arguments and files are empty unless they are given.
        let context = WasiCtx::builder()
            .stdout(printed(Channel::Out))
            .stderr(printed(Channel::Error))
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false)
            .max_random_size(MAX_RANDOM_BYTES)
            .build();
        Self { context, table }
    }
}

/// Most guests never ask for WASI: it is set up for those that do.
impl WasiView for TaskState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let wasi = self.wasi.get_or_insert_with(|| Box::new(Wasi::deny_all(&self.limits, &self.log)));
        WasiCtxView { ctx: &mut wasi.context, table: &mut wasi.table }
    }
}

/// What a guest prints.
#[derive(Clone)]
struct Printed {
    log: SharedLog,
    channel: Channel,
}

impl IsTerminal for Printed {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Printed {
    /// Of WASI 0.3, which is not offered.
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(tokio::io::empty())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl OutputStream for Printed {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.log.lock().print(self.channel, &bytes).map_err(|full| StreamError::Trap(full.into()))
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(PRINT_BYTES)
    }
}

impl Pollable for Printed {
    fn ready<'stream, 'future>(&'stream mut self) -> Pin<Box<dyn Future<Output = ()> + Send + 'future>>
    where
        'stream: 'future,
        Self: 'future,
    {
        Box::pin(std::future::ready(()))
    }
}

#[cfg(test)]
mod tests {
    use super::is_offered;

    #[test]
    fn only_listed_interfaces_of_wasi_0_2_are_offered() {
        for name in ["wasi:io/poll@0.2.9", "wasi:cli/exit@0.2.0", "wasi:sockets/tcp@0.2.12"] {
            assert!(is_offered(name), "{name}");
        }
        for name in [
            "wasi:http/outgoing-handler@0.2.9",
            "wasi:io/poll",
            "wasi:io/poll@0.3.0",
            "wasi:io/poll@0.2.",
            "wasi:io/poll@0.2.0-rc",
            "wasi:cli/run@0.2.9",
            "wasi:keyvalue/store@0.2.0",
            "evil:io/poll@0.2.9",
        ] {
            assert!(!is_offered(name), "{name}");
        }
    }
}
