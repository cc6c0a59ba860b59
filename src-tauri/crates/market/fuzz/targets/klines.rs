//! Pages of candles over REST.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(broken) = promptpal_market::fuzzing::klines(bytes) {
        panic!("{broken}");
    }
});
