//! See `infrafabric::engine::fuzzing::requests`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| infrafabric::engine::fuzzing::requests(input));
