//! See `infrafabric::chassis::egress::fuzzing::rules`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| infrafabric::chassis::egress::fuzzing::rules(input));
