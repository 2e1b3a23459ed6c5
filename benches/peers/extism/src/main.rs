//! Runs tasks in fresh instances of Extism: for every line on standard input, as many as it says, and answers with the
//! median in nanoseconds.

use std::io::{BufRead, Write, stdin, stdout};
use std::time::Instant;

use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, Wasm};

const TASK: &str = r#"{"question":"which transport?"}"#;
const ANSWER: &str = r#"{"answer":"use SIP over TLS on port 5061","input_bytes":31}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let manifest = Manifest::new([Wasm::data(include_bytes!("../guest.wat").to_vec())]);
    let compiled = PluginBuilder::new(manifest).with_cache_disabled().compile()?;
    for line in stdin().lock().lines() {
        let mut taken = Vec::new();
        for _ in 0..line?.parse()? {
            let begun = Instant::now();
            let answer = task(&compiled)?;
            taken.push(begun.elapsed().as_nanos());
            assert_eq!(answer, ANSWER);
        }
        taken.sort_unstable();
        println!("{}", taken[taken.len() / 2]);
        stdout().flush()?;
    }
    Ok(())
}

fn task(compiled: &CompiledPlugin) -> Result<String, extism::Error> {
    Plugin::new_from_compiled(compiled)?.call::<&str, String>("execute_task", TASK)
}
