//! The PyTorch wheel of a system: which one, fetching it, taking the libtorch out of it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use super::VERSION;
use crate::wheels;

/// A wheel on PyPI. Always that of CPython 3.11: the Python that fetches it need not be able to run it.
#[derive(Debug, PartialEq, Eq)]
pub struct Wheel {
    os: &'static str,
    arch: &'static str,
    /// The name without `torch-2.4.0-cp311-` and `.whl`.
    tags: &'static str,
    /// As PyPI states it.
    sha256: &'static str,
    /// For people.
    megabytes: u32,
    /// Whether it is built for CUDA, so that [`super::stand_ins`] are needed.
    pub needs_stand_ins: bool,
}

const WHEELS: [Wheel; 4] = [
    Wheel {
        os: "linux",
        arch: "x86_64",
        tags: "cp311-manylinux1_x86_64",
        sha256: "e743adadd8c8152bb8373543964551a7cb7cc20ba898dc8f9c0cdbe47c283de0",
        megabytes: 797,
        needs_stand_ins: true,
    },
    Wheel {
        os: "linux",
        arch: "aarch64",
        tags: "cp311-manylinux2014_aarch64",
        sha256: "7334325c0292cbd5c2eac085f449bf57d3690932eac37027e193ba775703c9e6",
        megabytes: 90,
        needs_stand_ins: false,
    },
    Wheel {
        os: "macos",
        arch: "aarch64",
        tags: "none-macosx_11_0_arm64",
        sha256: "f169b4ea6dc93b3a33319611fcc47dc1406e4dd539844dcbd2dec4c1b96e166d",
        megabytes: 62,
        needs_stand_ins: false,
    },
    Wheel {
        os: "windows",
        arch: "x86_64",
        tags: "cp311-win_amd64",
        sha256: "97730014da4c57ffacb3c09298c6ce05400606e890bd7a05008d13dd086e46b1",
        megabytes: 198,
        needs_stand_ins: false,
    },
];

/// The wheel of a system and processor, as `std::env::consts` names them.
pub fn of(os: &str, arch: &str) -> Result<&'static Wheel> {
    if let Some(wheel) = WHEELS.iter().find(|wheel| wheel.os == os && wheel.arch == arch) {
        return Ok(wheel);
    }
    if os == "macos" {
        bail!(
            "PyTorch has published no libtorch {VERSION} for Intel Macs: the scoring program cannot be built there"
        );
    }
    bail!(
        "PyTorch has published no libtorch {VERSION} for {os} on {arch}; if you have built one, set LIBTORCH to its folder"
    );
}

impl Wheel {
    fn file_name(&self) -> String {
        format!("torch-{VERSION}-cp311-{}.whl", self.tags)
    }

    fn platform(&self) -> &'static str {
        self.tags
            .split_once('-')
            .map_or(self.tags, |(_, platform)| platform)
    }
}

/// The wheel in `folder`, fetched by pip if it is not there.
pub fn fetch(wheel: &Wheel, folder: &Path) -> Result<PathBuf> {
    let wanted = wheels::Wanted {
        package: "torch",
        version: VERSION,
        file: &wheel.file_name(),
        platform: wheel.platform(),
        megabytes: wheel.megabytes,
    };
    wheels::fetch(&wanted, folder)
}

/// Reads the wheel, compares its checksum and takes out what is needed. Python does it because it can read archives and hash
/// quickly wherever pip can run.
const UNPACK: &str = r#"
import hashlib, pathlib, shutil, sys, zipfile
archive, expected, system, root = sys.argv[1], sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
digest = hashlib.sha256()
with open(archive, "rb") as file:
    for block in iter(lambda: file.read(1 << 22), b""):
        digest.update(block)
if digest.hexdigest() != expected:
    sys.exit(3)

def place(name):
    folder, _, file = name.rpartition("/")
    if not file or file.endswith((".py", ".pyi", ".pyc")):
        return root / "version.py" if name == "torch/version.py" else None
    if folder == "torch/include" or folder.startswith("torch/include/"):
        return root / name[len("torch/"):]
    if folder.endswith(".dist-info") and file in ("LICENSE", "NOTICE"):
        return root / "licences" / file
    if folder == "torch.libs":
        return root / "lib" / file
    if folder == "torch/lib" and wanted(file):
        return root / "lib" / file
    return None

def wanted(file):
    if system == "windows":
        return file.endswith(".dll") and "python" not in file or file in ("c10.lib", "torch.lib", "torch_cpu.lib")
    stem = file.split(".")[0]
    if stem == "libtorch":
        return system != "linux-cuda"
    return stem in ("libc10", "libtorch_cpu", "libomp") or stem.startswith("libgomp")

with zipfile.ZipFile(archive) as wheel:
    for entry in wheel.infolist():
        target = place(entry.filename)
        if target is None:
            continue
        if ".." in target.relative_to(root).parts:
            sys.exit("a path leads out of the folder: " + entry.filename)
        target.parent.mkdir(parents=True, exist_ok=True)
        with wheel.open(entry) as source, open(target, "wb") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
"#;

/// The exit code of [`UNPACK`] for a file that is not the one that PyPI has.
const OTHER_FILE: i32 = 3;

/// Takes the libtorch out of the wheel into `root`.
pub fn unpack(wheel: &Wheel, archive: &Path, root: &Path) -> Result<()> {
    let system = if wheel.needs_stand_ins {
        "linux-cuda"
    } else {
        wheel.os
    };
    let output = wheels::python()?
        .args(["-c", UNPACK])
        .arg(archive)
        .args([wheel.sha256, system])
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
    let version_file = root.join("version.py");
    let text = fs::read_to_string(&version_file).context("the wheel states no version")?;
    let version = stated_version(&text).context("the wheel states no version")?;
    ensure!(
        version.starts_with(VERSION),
        "the wheel holds version {version}, not {VERSION}"
    );
    fs::write(root.join("build-version"), format!("{version}\n")).context("writing build-version")?;
    fs::remove_file(&version_file).context("removing version.py")
}

/// The version in PyTorch's `version.py`.
fn stated_version(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("__version__ = '")?;
    rest.split_once('\'').map(|(version, _)| version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_has_its_wheel_or_a_reason() {
        let check = |os: &str, arch: &str, expected: Result<&str, &str>| match (of(os, arch), expected) {
            (Ok(wheel), Ok(name)) => assert_eq!(wheel.file_name(), name),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, _) => panic!("{os} {arch}: {found:?}"),
        };
        check(
            "linux",
            "x86_64",
            Ok("torch-2.4.0-cp311-cp311-manylinux1_x86_64.whl"),
        );
        check(
            "linux",
            "aarch64",
            Ok("torch-2.4.0-cp311-cp311-manylinux2014_aarch64.whl"),
        );
        check(
            "macos",
            "aarch64",
            Ok("torch-2.4.0-cp311-none-macosx_11_0_arm64.whl"),
        );
        check("windows", "x86_64", Ok("torch-2.4.0-cp311-cp311-win_amd64.whl"));
        check("macos", "x86_64", Err("Intel Macs"));
        check("freebsd", "x86_64", Err("set LIBTORCH"));
        assert_eq!(WHEELS.map(|wheel| wheel.platform())[2], "macosx_11_0_arm64");
    }

    #[test]
    fn reads_the_stated_version() {
        assert_eq!(
            stated_version("x = 1\n__version__ = '2.4.0+cu121'\ndebug = False\n"),
            Some("2.4.0+cu121")
        );
        assert_eq!(stated_version("nothing"), None);
    }
}
