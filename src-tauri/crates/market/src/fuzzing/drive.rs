//! A bounded, seeded run over the doors, as a test. `PROMPTPAL_FUZZ_INPUTS=5000000` makes it long, and
//! `PROMPTPAL_FUZZ_SEED` another one; the figures are printed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rand::{Rng, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::mutate;
use super::*;

/// Inputs of each test unless the environment says otherwise.
const INPUTS: u64 = 5_000;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// Feeds inputs made by `make` to a door. Some of them must be good, or the run would show nothing.
fn run(name: &str, door: fn(&[u8]) -> Result<usize, Broken>, make: impl Fn(&mut ChaCha8Rng) -> Vec<u8>) {
    let inputs = setting("PROMPTPAL_FUZZ_INPUTS", INPUTS);
    let seed = setting("PROMPTPAL_FUZZ_SEED", 1);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut accepted, mut results) = (0_u64, 0_u64);
    for index in 0..inputs {
        let input = make(&mut rng);
        let told = || {
            format!(
                "{name}, seed {seed}, input {index}: {:?}",
                String::from_utf8_lossy(&input)
            )
        };
        match catch_unwind(AssertUnwindSafe(|| door(&input))) {
            Ok(Ok(count)) => {
                accepted += u64::from(count > 0);
                results += count as u64;
            }
            Ok(Err(broken)) => panic!("{broken}\n{}", told()),
            Err(_) => panic!("it panicked\n{}", told()),
        }
    }
    eprintln!("fuzzing {name}: {inputs} inputs, {accepted} of them good for something, {results} results");
    assert!(
        accepted > inputs / 100 && accepted < inputs,
        "{name}: {accepted} of {inputs}"
    );
}

/// A seed, changed; one in sixteen stays as it is.
fn changed(seeds: Vec<Vec<u8>>) -> impl Fn(&mut ChaCha8Rng) -> Vec<u8> {
    move |rng| {
        let mut input = seeds[rng.random_range(0..seeds.len())].clone();
        if rng.random_range(0..16) > 0 {
            mutate::text(rng, &mut input, &seeds);
        }
        input
    }
}

#[test]
fn frames() {
    run("frames", frame, changed(mutate::frames()));
}

#[test]
fn rest_pages() {
    run("rest pages", klines, changed(mutate::pages()));
}

#[test]
fn tables() {
    run("tables", table, changed(mutate::tables()));
}

#[test]
fn checksums() {
    run("checksums", checksum, changed(mutate::sums()));
}

#[test]
fn zips() {
    let tables = mutate::tables();
    run("zips", zip, move |rng| {
        let mut table =
            mutate::archive_table(rng.random_range(0..6), if rng.random() { 1 } else { 1000 }).into_bytes();
        // A whole zip of a changed table, or a changed zip.
        let inside = rng.random_range(0..2) == 0;
        if inside {
            mutate::text(rng, &mut table, &tables);
        }
        let mut input = mutate::zipped(&table, rng.random());
        if !inside {
            for _ in 0..rng.random_range(0..3) {
                if rng.random() {
                    mutate::counts(rng, &mut input);
                } else {
                    mutate::bytes(rng, &mut input);
                }
            }
        }
        input
    });
}
