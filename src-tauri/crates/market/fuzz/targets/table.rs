//! Files of candles: tables, tables of the archives, captures.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(broken) = promptpal_market::fuzzing::table(bytes) {
        panic!("{broken}");
    }
});
