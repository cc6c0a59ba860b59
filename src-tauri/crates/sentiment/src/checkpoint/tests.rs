//! Files that torch wrote, and files that nobody should read.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/finbert")
        .join(name)
}

fn refusal(contents: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("w.bin");
    std::fs::write(&path, contents).unwrap();
    read(&path).unwrap_err().to_string()
}

/// Both forms of the same weights: names, shapes and numbers are those that Python has.
#[test]
fn what_torch_saved_is_read_to_the_number() {
    let golden: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(fixture("golden.json")).unwrap()).unwrap();
    let golden = golden["tensors"].as_object().unwrap();
    assert!(golden.len() > 30);
    for name in ["pytorch_model.zip.bin", "pytorch_model.legacy.bin"] {
        let tensors = read(&fixture(name)).unwrap();
        let contents = std::fs::read(fixture(name)).unwrap();
        for (tensor, expected) in golden {
            let place = &tensors[tensor];
            assert_eq!(place.kind, TensorKind::F32, "{name} {tensor}");
            assert_eq!(
                serde_json::json!(place.shape),
                expected["shape"],
                "{name} {tensor}"
            );
            let (from, to) = (place.at as usize, (place.at + place.bytes) as usize);
            let numbers: Vec<f64> = contents[from..to]
                .as_chunks::<4>()
                .0
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes).into())
                .collect();
            assert_eq!(numbers[0], expected["first"].as_f64().unwrap(), "{name} {tensor}");
            let sum = expected["sum"].as_f64().unwrap();
            assert!(
                (numbers.iter().sum::<f64>() - sum).abs() < 1e-6,
                "{name} {tensor}"
            );
        }
        assert_eq!(tensors["bert.embeddings.position_ids"].kind, TensorKind::I64);
    }
}

#[test]
fn a_file_that_would_run_something_is_refused_by_name() {
    // What `pickle.dumps` makes of an object whose `__reduce__` is `os.system("true")`.
    let attack = b"\x80\x02cposix\nsystem\nq\x00X\x04\x00\x00\x00trueq\x01\x85q\x02Rq\x03.";
    let fault = pickle::read(&mut attack.as_slice()).unwrap_err();
    assert_eq!(fault, Fault::Foreign("posix.system".to_owned()));
    for (module, name) in [
        ("builtins", "eval"),
        ("torch", "load"),
        ("torch._utils", "_rebuild_tensor"),
        ("numpy", "ndarray"),
    ] {
        let text = format!("\x02c{module}\n{name}\n.");
        let mut bytes = vec![0x80];
        bytes.extend(text.bytes());
        let fault = pickle::read(&mut bytes.as_slice()).unwrap_err();
        assert_eq!(fault, Fault::Foreign(format!("{module}.{name}")));
    }
}

#[test]
fn what_grows_without_end_is_refused() {
    // Each tuple holds the one before twice.
    let mut bomb = vec![0x80, 2, b')'];
    for _ in 0..64 {
        bomb.extend([b'q', 0, b'h', 0, 0x86]);
    }
    bomb.push(b'.');
    assert_eq!(pickle::read(&mut bomb.as_slice()).unwrap_err(), Fault::TooLarge);
    let mut long = vec![0x80, 2, b'X'];
    long.extend(u32::MAX.to_le_bytes());
    assert_eq!(pickle::read(&mut long.as_slice()).unwrap_err(), Fault::TooLarge);
}

#[test]
fn half_a_file_is_no_file() {
    for name in ["pytorch_model.zip.bin", "pytorch_model.legacy.bin"] {
        let whole = std::fs::read(fixture(name)).unwrap();
        for part in [0, 3, 20, whole.len() / 10, whole.len() / 2, whole.len() - 1] {
            let refused = refusal(&whole[..part]);
            assert!(refused.contains("w.bin"), "{name} {part}: {refused}");
        }
    }
    assert!(refusal(b"<html>not found</html>").contains("neither a zip nor a sequence of pickles"));
}

#[test]
fn a_zip_that_claims_more_than_there_is_is_refused() {
    let whole = std::fs::read(fixture("pytorch_model.zip.bin")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("w.bin");
    let mut refused = 0;
    // Each entry's own header, which says how far behind it the numbers begin: 64 KiB further.
    for at in 0..whole.len() - 30 {
        if whole[at..].starts_with(b"PK\x03\x04") {
            let mut longer = whole.clone();
            longer[at + 28..at + 30].copy_from_slice(&[0xff; 2]);
            std::fs::write(&path, &longer).unwrap();
            match read(&path) {
                Ok(tensors) => {
                    let reaches = |place: &TensorPlace| place.at + place.bytes <= whole.len() as u64;
                    assert!(tensors.values().all(reaches), "{at}");
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 10, "{refused}");
}

proptest! {
    /// No file makes the reader panic, hang or reach beyond the file.
    #[test]
    fn no_damage_does_harm(at in 0_usize..70_000, byte in any::<u8>(), legacy in any::<bool>()) {
        let name = if legacy { "pytorch_model.legacy.bin" } else { "pytorch_model.zip.bin" };
        let mut contents = std::fs::read(fixture(name)).unwrap();
        let length = contents.len();
        contents[at % length] = byte;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.bin");
        std::fs::write(&path, &contents).unwrap();
        if let Ok(tensors) = read(&path) {
            for place in tensors.values() {
                prop_assert!(place.at + place.bytes <= length as u64);
            }
        }
    }

    #[test]
    fn any_bytes_are_a_pickle_or_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = pickle::read(&mut bytes.as_slice());
    }
}
