//! libtorch 2.4.0, which the scoring program links: found, or made out of the PyTorch wheel of this system.
//!
//! The version is the one that rust-bert's `tch` needs, exactly. PyPI is the source because its wheels are immutable, carry
//! checksums and can be had wherever Python packages can. The Linux wheel for x86-64 is built for CUDA; [`stand_ins`]
//! explains how the processor part of it is used without 2 GB of CUDA libraries.
//!
//! The result is a folder `libtorch-2.4.0-<system>-<processor>` in the cache with `include/`, `lib/`, `licences/` and
//! `build-version`. It is made beside its place and renamed, so it is there whole or not at all. A `LIBTORCH` in the
//! environment is used as it is.

mod stand_ins;
mod wheel;

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use crate::unfinished::Unfinished;

/// The only version that works.
pub const VERSION: &str = "2.4.0";

/// The root of a libtorch for this machine: `include/` and `lib/` are in it. Fetches and unpacks it under `cache` unless it
/// is there or the environment's `LIBTORCH` names one.
///
/// # Errors
/// When `LIBTORCH` names none, when there is none for this system, when Python, pip, a compiler or the download is missing.
pub fn ensure(cache: &Path) -> Result<PathBuf> {
    if let Some(own) = own_root() {
        check_own(&own)?;
        return Ok(own);
    }
    let root = place(cache);
    if is_whole(&root) {
        return Ok(root);
    }
    let wheel = wheel::of(OS, ARCH)?;
    let archive = wheel::fetch(wheel, &cache.join("wheels"))?;
    let making = Unfinished::beside(&root)?;
    println!("libtorch {VERSION}: unpacking into {}", root.display());
    wheel::unpack(wheel, &archive, making.path())?;
    if wheel.needs_stand_ins {
        stand_ins::make(making.path())?;
    }
    making.finish(&root, is_whole)?;
    Ok(root)
}

/// Where the libtorch of this machine is, or would be: the environment's `LIBTORCH`, else its place under `cache`.
pub fn place(cache: &Path) -> PathBuf {
    own_root().unwrap_or_else(|| cache.join(format!("libtorch-{VERSION}-{OS}-{ARCH}")))
}

/// What the build of the scoring program needs in its environment to link the libtorch at `root`.
pub fn build_env(root: &Path) -> Vec<(String, String)> {
    let mut env = vec![("LIBTORCH".to_owned(), root.display().to_string())];
    if OS == "linux" {
        let abi = std::env::var("LIBTORCH_CXX11_ABI").unwrap_or_else(|_| cxx11_abi(root).to_owned());
        env.push(("LIBTORCH_CXX11_ABI".to_owned(), abi));
    }
    env
}

fn own_root() -> Option<PathBuf> {
    std::env::var_os("LIBTORCH")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

fn check_own(root: &Path) -> Result<()> {
    for part in ["include", "lib"] {
        ensure!(
            root.join(part).is_dir(),
            "LIBTORCH is {}, where there is no folder `{part}`: point it at an unpacked libtorch {VERSION}, or unset it",
            root.display()
        );
    }
    if let Ok(version) = fs::read_to_string(root.join("build-version"))
        && !version.trim().starts_with(VERSION)
    {
        bail!("LIBTORCH is version {}; only {VERSION} works", version.trim());
    }
    Ok(())
}

/// Whether the folder was made to its end. It is renamed into place last, so its presence says it.
fn is_whole(root: &Path) -> bool {
    root.join("build-version").is_file() && root.join("include").is_dir() && root.join("lib").is_dir()
}

/// Which C++ ABI the library was built with: wheels have the old one ("0"), PyTorch's own archives the new one ("1"). Told
/// by a function that takes a `std::string`, which the old ABI mangles to `Ss`.
fn cxx11_abi(root: &Path) -> &'static str {
    const OLD_ABI: &[u8] = b"_ZN3c105ErrorC2ENS_14SourceLocationESs";
    match fs::read(root.join("lib/libc10.so")) {
        Ok(library) if library.windows(OLD_ABI.len()).any(|window| window == OLD_ABI) => "0",
        Ok(_) => "1",
        // Nothing is made yet; what will be made is a wheel's.
        Err(_) => "0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("promptpal-libtorch-{name}-{}", std::process::id()));
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(folder.join("lib")).unwrap();
        folder
    }

    #[test]
    fn the_abi_is_told_by_the_library() {
        let root = folder("abi");
        let check = |library: &[u8], expected: &str| {
            fs::write(root.join("lib/libc10.so"), library).unwrap();
            assert_eq!(cxx11_abi(&root), expected);
        };
        check(b"..\0_ZN3c105ErrorC2ENS_14SourceLocationESs\0..", "0");
        check(
            b"..\0_ZN3c105ErrorC2ENS_14SourceLocationENSt7__cxx1112basic_stringE\0..",
            "1",
        );
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn an_own_libtorch_has_to_be_one() {
        let root = folder("own");
        assert!(
            check_own(&root)
                .unwrap_err()
                .to_string()
                .contains("no folder `include`")
        );
        fs::create_dir(root.join("include")).unwrap();
        check_own(&root).unwrap();
        fs::write(root.join("build-version"), "2.5.1+cpu\n").unwrap();
        assert!(check_own(&root).unwrap_err().to_string().contains("2.5.1+cpu"));
        fs::remove_dir_all(&root).unwrap();
    }
}
