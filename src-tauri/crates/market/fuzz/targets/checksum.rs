//! Published checksums.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(broken) = promptpal_market::fuzzing::checksum(bytes) {
        panic!("{broken}");
    }
});
