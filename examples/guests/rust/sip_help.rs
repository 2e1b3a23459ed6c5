//! Helps a swarm that is stuck on SIP, as sip_help.wat does; a core module of one file.
//!
//! The host asks `alloc` for room, writes the task there, and calls `execute_task` with the place. The answer is a
//! place, too: its pointer in the high 32 bits, its length in the low ones.

mod host {
    #[link(wasm_import_module = "env")]
    extern "C" {
        pub fn log(line: *const u8, length: usize);
    }
}

fn log(line: &str) {
    // SAFETY: the host reads these bytes and keeps nothing.
    unsafe { host::log(line.as_ptr(), line.len()) }
}

/// Room that is never taken back: an instance lives for one task.
#[no_mangle]
pub extern "C" fn alloc(length: usize) -> *mut u8 {
    vec![0; length].leak().as_mut_ptr()
}

/// # Safety
/// The host passes what `alloc` gave, filled with a task.
#[no_mangle]
pub unsafe extern "C" fn execute_task(task: *const u8, length: usize) -> u64 {
    let task = std::slice::from_raw_parts(task, length);
    let answer = help(&String::from_utf8_lossy(task)).into_bytes().leak();
    (answer.as_ptr() as u64) << 32 | answer.len() as u64
}

fn help(task: &str) -> String {
    log("sip: a question has come in");
    format!(r#"{{"answer":"use SIP over TLS on port 5061","input_bytes":{}}}"#, task.len())
}
