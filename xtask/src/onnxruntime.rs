//! ONNX Runtime 1.23.2, which the fast scoring program loads when it starts: the library out of the wheel of this system.
//!
//! The result is a folder `onnxruntime-1.23.2-<system>-<processor>` in the cache with the library, its checksum and its
//! licences. It is the last version that there is for Intel Macs too. `PROMPTPAL_ONNXRUNTIME` names another library to the
//! program when it runs.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use sha2::{Digest as _, Sha256};

use crate::unfinished::Unfinished;
use crate::wheels;

/// The version that is tested and packaged.
pub const VERSION: &str = "1.23.2";
/// Tells the program, when it is built, where the library is.
pub const BUILT_ENV: &str = "PROMPTPAL_ONNXRUNTIME_BUILT";
/// The library's name in its folder, as the program looks for it.
pub const LIBRARY: &str = if cfg!(windows) {
    "onnxruntime.dll"
} else if cfg!(target_os = "macos") {
    "libonnxruntime.dylib"
} else {
    "libonnxruntime.so"
};

/// A wheel on PyPI.
#[derive(Debug, PartialEq, Eq)]
struct Wheel {
    os: &'static str,
    arch: &'static str,
    /// The end of its name.
    tags: &'static str,
    platform: &'static str,
    /// As PyPI states it.
    sha256: &'static str,
    /// For people.
    megabytes: u32,
}

const WHEELS: [Wheel; 5] = [
    Wheel {
        os: "linux",
        arch: "x86_64",
        tags: "manylinux_2_27_x86_64.manylinux_2_28_x86_64",
        platform: "manylinux_2_28_x86_64",
        sha256: "da44b99206e77734c5819aa2142c69e64f3b46edc3bd314f6a45a932defc0b3e",
        megabytes: 17,
    },
    Wheel {
        os: "linux",
        arch: "aarch64",
        tags: "manylinux_2_27_aarch64.manylinux_2_28_aarch64",
        platform: "manylinux_2_28_aarch64",
        sha256: "bbfd2fca76c855317568c1b36a885ddea2272c13cb0e395002c402f2360429a6",
        megabytes: 15,
    },
    Wheel {
        os: "macos",
        arch: "aarch64",
        tags: "macosx_13_0_arm64",
        platform: "macosx_13_0_arm64",
        sha256: "6f91d2c9b0965e86827a5ba01531d5b669770b01775b23199565d6c1f136616c",
        megabytes: 17,
    },
    Wheel {
        os: "macos",
        arch: "x86_64",
        tags: "macosx_13_0_x86_64",
        platform: "macosx_13_0_x86_64",
        sha256: "87d8b6eaf0fbeb6835a60a4265fde7a3b60157cf1b2764773ac47237b4d48612",
        megabytes: 19,
    },
    Wheel {
        os: "windows",
        arch: "x86_64",
        tags: "win_amd64",
        platform: "win_amd64",
        sha256: "902c756d8b633ce0dedd889b7c08459433fbcf35e9c38d1c03ddc020f0648c6e",
        megabytes: 13,
    },
];

/// The library for this machine. Fetches and unpacks it under `cache` unless it is there.
///
/// # Errors
/// When there is none for this system, or Python, pip or the download is missing.
pub fn ensure(cache: &Path) -> Result<PathBuf> {
    let root = folder(cache);
    if !is_whole(&root) {
        let wheel = of(OS, ARCH)?;
        let file = wheel.file_name();
        let wanted = wheels::Wanted {
            package: "onnxruntime",
            version: VERSION,
            file: &file,
            platform: wheel.platform,
            megabytes: wheel.megabytes,
        };
        let archive = wheels::fetch(&wanted, &cache.join("wheels"))?;
        let making = Unfinished::beside(&root)?;
        unpack(wheel, &archive, making.path())?;
        making.finish(&root, is_whole)?;
    }
    Ok(root.join(LIBRARY))
}

/// Where the library is, or would be.
pub fn place(cache: &Path) -> PathBuf {
    folder(cache).join(LIBRARY)
}

fn folder(cache: &Path) -> PathBuf {
    cache.join(format!("onnxruntime-{VERSION}-{OS}-{ARCH}"))
}

fn is_whole(root: &Path) -> bool {
    root.join(LIBRARY).is_file() && root.join(format!("{LIBRARY}.sha256")).is_file()
}

fn of(os: &str, arch: &str) -> Result<&'static Wheel> {
    let found = WHEELS.iter().find(|wheel| wheel.os == os && wheel.arch == arch);
    found.with_context(|| format!("there is no ONNX Runtime {VERSION} on PyPI for {os} on {arch}"))
}

impl Wheel {
    fn file_name(&self) -> String {
        format!("onnxruntime-{VERSION}-cp311-cp311-{}.whl", self.tags)
    }
}

/// Compares the checksum of the wheel and takes out the library and the licences. Python does it because it reads archives
/// wherever pip can run.
const UNPACK: &str = r#"
import hashlib, pathlib, sys, zipfile
archive, expected, library, root = sys.argv[1], sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
if hashlib.sha256(pathlib.Path(archive).read_bytes()).hexdigest() != expected:
    sys.exit(3)
stem = library.split(".")[0]
with zipfile.ZipFile(archive) as wheel:
    names = wheel.namelist()
    found = [name for name in names if name.startswith("onnxruntime/capi/" + stem + ".")]
    if len(found) != 1:
        sys.exit("the library is not in the wheel: " + ", ".join(found))
    (root / library).write_bytes(wheel.read(found[0]))
    for licence in ("LICENSE", "ThirdPartyNotices.txt"):
        (root / licence).write_bytes(wheel.read("onnxruntime/" + licence))
"#;

/// The exit code of [`UNPACK`] for a file that is not the one that PyPI has.
const OTHER_FILE: i32 = 3;

fn unpack(wheel: &Wheel, archive: &Path, root: &Path) -> Result<()> {
    let output = wheels::python()?
        .args(["-c", UNPACK])
        .arg(archive)
        .args([wheel.sha256, LIBRARY])
        .arg(root)
        .output()
        .context("starting Python to unpack the wheel")?;
    if output.status.code() == Some(OTHER_FILE) {
        fs::remove_file(archive).ok();
        bail!(
            "{} was damaged and has been removed: run this again to fetch it anew",
            archive.display()
        );
    }
    ensure!(
        output.status.success(),
        "unpacking {} failed: {}",
        archive.display(),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    // The program compares it before it loads the library: half a library would end it without a word.
    let library = fs::read(root.join(LIBRARY)).context("reading the library")?;
    let sum: String = Sha256::digest(&library)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    fs::write(root.join(format!("{LIBRARY}.sha256")), format!("{sum}\n")).context("writing its checksum")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_has_its_wheel_or_a_reason() {
        for wheel in &WHEELS {
            assert_eq!(of(wheel.os, wheel.arch).unwrap(), wheel);
            assert!(wheel.tags.ends_with(wheel.platform) && wheel.sha256.len() == 64);
        }
        assert!(
            of("freebsd", "x86_64")
                .unwrap_err()
                .to_string()
                .contains("freebsd")
        );
    }
}
