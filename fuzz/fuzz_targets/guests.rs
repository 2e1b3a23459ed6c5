//! See `infrafabric::chassis::runtime::fuzzing::guest`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| infrafabric::chassis::runtime::fuzzing::guest(input));
