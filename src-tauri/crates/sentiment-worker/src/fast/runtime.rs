//! The library of ONNX Runtime: where it lies, and whether it is whole. It is looked at before it is loaded, because loading half
//! a library can end the process, and loading none was known to wait for ever.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use promptpal_sentiment_worker::Refusal;
use sha2::{Digest, Sha256};

/// Names the library; goes before every other place.
const NAMED: &str = "PROMPTPAL_ONNXRUNTIME";
/// Where the library lay when this program was built.
const BUILT: Option<&str> = option_env!("PROMPTPAL_ONNXRUNTIME_BUILT");
/// The library's file name.
const LIBRARY: &str = if cfg!(windows) {
    "onnxruntime.dll"
} else if cfg!(target_os = "macos") {
    "libonnxruntime.dylib"
} else {
    "libonnxruntime.so"
};
/// Folders seen from the program's own, as packages have them.
const PLACES: [&str; 3] = ["", "onnxruntime", "../lib/promptpal/onnxruntime"];

/// The library, with its checksum compared where one lies beside it.
pub(crate) fn library() -> Result<PathBuf, Refusal> {
    let named = std::env::var_os(NAMED).filter(|name| !name.is_empty());
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.parent().unwrap_or(Path::new("."));
    let library = find(named, beside, BUILT)?;
    check(&library).map_err(Refusal::LibraryBroken)?;
    Ok(library)
}

fn find(named: Option<OsString>, beside: &Path, built: Option<&str>) -> Result<PathBuf, Refusal> {
    let places: Vec<PathBuf> = match named {
        Some(named) => vec![named.into()],
        None => PLACES
            .iter()
            .map(|place| beside.join(place).join(LIBRARY))
            .chain(built.map(PathBuf::from))
            .collect(),
    };
    let found = places.iter().find(|place| place.is_file()).cloned();
    found.ok_or_else(|| {
        let looked_for = places.first().map_or(Path::new(LIBRARY), PathBuf::as_path);
        Refusal::LibraryMissing(format!(
            "the library of the fast engine, {},",
            looked_for.display()
        ))
    })
}

/// Compares the library with `<library>.sha256` beside it. A library of somebody's own needs none.
fn check(library: &Path) -> Result<()> {
    let mut beside = library.as_os_str().to_owned();
    beside.push(".sha256");
    let Ok(expected) = std::fs::read_to_string(&beside) else {
        return Ok(());
    };
    let mut hasher = Sha256::new();
    File::open(library)
        .and_then(|mut file| std::io::copy(&mut file, &mut hasher))
        .with_context(|| format!("reading {}", library.display()))?;
    let found: String = hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    ensure!(
        found == expected.trim(),
        "the library of the fast engine, {}, is damaged (SHA-256 {found}, expected {}): install it again",
        library.display(),
        expected.trim()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_library_goes_before_the_one_beside_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        let missing = find(None, here, None).unwrap_err();
        assert!(matches!(missing, Refusal::LibraryMissing(what) if what.contains(LIBRARY)));
        let (built, packaged) = (here.join("built.so"), here.join("onnxruntime").join(LIBRARY));
        std::fs::write(&built, "").unwrap();
        assert_eq!(find(None, here, built.to_str()).unwrap(), built);
        std::fs::create_dir(here.join("onnxruntime")).unwrap();
        std::fs::write(&packaged, "").unwrap();
        assert_eq!(find(None, here, built.to_str()).unwrap(), packaged);
        let named = Some(here.join("nowhere").into_os_string());
        let missing = find(named, here, built.to_str()).unwrap_err();
        assert!(matches!(missing, Refusal::LibraryMissing(what) if what.contains("nowhere")));
    }

    #[test]
    fn a_library_that_is_not_the_one_it_should_be_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join(LIBRARY);
        std::fs::write(&library, "abc").unwrap();
        check(&library).unwrap();
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n";
        std::fs::write(folder.path().join(format!("{LIBRARY}.sha256")), sum).unwrap();
        check(&library).unwrap();
        std::fs::write(&library, "ab").unwrap();
        assert!(check(&library).unwrap_err().to_string().contains("is damaged"));
    }
}
