//! See `infrafabric::engine::fuzzing::files`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| infrafabric::engine::fuzzing::files(input));
