#![no_main]

#[path = "../laws.rs"]
#[allow(dead_code, reason = "a target uses one of the laws")]
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::yaml(data));
