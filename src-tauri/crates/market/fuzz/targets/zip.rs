//! Zips, and files of the archives whose checksum matched.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(broken) = promptpal_market::fuzzing::zip(bytes) {
        panic!("{broken}");
    }
});
