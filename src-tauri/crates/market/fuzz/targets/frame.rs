//! Text frames of the stream.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(broken) = promptpal_market::fuzzing::frame(bytes) {
        panic!("{broken}");
    }
});
