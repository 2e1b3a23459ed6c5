//! See `infrafabric::chassis::fuzzing::contract`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| infrafabric::chassis::fuzzing::contract(input));
