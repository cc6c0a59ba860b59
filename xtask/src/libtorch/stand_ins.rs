//! Making the processor part of a CUDA build of libtorch usable by itself.
//!
//! `libtorch_cpu.so` of the x86-64 Linux wheel calls two CUDA libraries, for profiling only, and so names them as needed: the
//! system's loader would refuse to start without them. In their place stand libraries of a few kilobytes with the same names
//! and symbol versions, whose functions all answer 100, CUDA's "no device". `libtorch.so`, which the linker asks for and
//! which would pull in the GPU part, becomes an empty library as well. Needs `cc`, `nm`, `readelf` and `strip`.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

/// `cudaErrorNoDevice`; profiling calls treat anything but 0 as "not available".
const NO_DEVICE: u32 = 100;

/// Makes the stand-ins in the `lib` of `root` and strips what needs no symbols.
pub fn make(root: &Path) -> Result<()> {
    let lib = root.join("lib");
    let cpu = lib.join("libtorch_cpu.so");
    let dynamic = answer(Command::new("readelf").arg("--dynamic").arg(&cpu))?;
    let symbols = answer(
        Command::new("nm")
            .args(["--dynamic", "--undefined-only"])
            .arg(&cpu),
    )?;
    let scratch = root.join("scratch");
    fs::create_dir(&scratch).context("creating a folder for sources")?;
    for library in needed(&dynamic).filter(|name| name.starts_with("libcu")) {
        let functions: Vec<&str> = wanted_from(&symbols, library).collect();
        let (source, map) = (scratch.join("stand_in.c"), scratch.join("stand_in.map"));
        fs::write(&source, source_of(&functions)).context("writing a source")?;
        fs::write(&map, version_script(library, &functions)).context("writing a version script")?;
        let script = format!("-Wl,--version-script={}", map.display());
        compile(&source, &lib.join(library), library, &[script.as_ref()])?;
    }
    let empty = scratch.join("empty.c");
    fs::write(&empty, "typedef int nothing;\n").context("writing a source")?;
    let search = format!("-L{}", lib.display());
    let arguments = [
        "-Wl,--no-as-needed",
        &search,
        "-ltorch_cpu",
        "-Wl,--allow-shlib-undefined",
        "-Wl,-rpath,$ORIGIN",
    ];
    compile(
        &empty,
        &lib.join("libtorch.so"),
        "libtorch.so",
        &arguments.map(OsStr::new),
    )?;
    fs::remove_dir_all(&scratch).context("removing the sources")?;
    answer(
        Command::new("strip")
            .arg("--strip-unneeded")
            .arg(&cpu)
            .arg(lib.join("libc10.so")),
    )?;
    Ok(())
}

fn compile(source: &Path, to: &Path, name: &str, arguments: &[&OsStr]) -> Result<()> {
    let mut command = Command::new("cc");
    command
        .args(["-O1", "-shared", "-fPIC", "-s", "-o"])
        .arg(to)
        .arg(source);
    command.arg(format!("-Wl,-soname,{name}")).args(arguments);
    answer(&mut command).map(drop)
}

/// The libraries that `readelf --dynamic` lists as needed.
fn needed(dynamic: &str) -> impl Iterator<Item = &str> {
    dynamic.lines().filter_map(|line| {
        line.split_once("(NEEDED)")?
            .1
            .split_once('[')?
            .1
            .split_once(']')
            .map(|(name, _)| name)
    })
}

/// The functions that `nm --dynamic` lists as wanted from `library`, whose name is their symbol version.
fn wanted_from<'a>(symbols: &'a str, library: &str) -> impl Iterator<Item = &'a str> {
    symbols.lines().filter_map(move |line| {
        let (name, version) = line.trim().strip_prefix("U ")?.split_once('@')?;
        (version == library).then_some(name)
    })
}

fn source_of(functions: &[&str]) -> String {
    functions
        .iter()
        .map(|name| format!("int {name}(void) {{ return {NO_DEVICE}; }}\n"))
        .collect()
}

fn version_script(library: &str, functions: &[&str]) -> String {
    let list: String = functions.iter().map(|name| format!(" {name};")).collect();
    format!("{library} {{ global:{list} local: *; }};\n")
}

/// Runs a tool and gives what it prints.
fn answer(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!(
                "`{name}` is needed to make libtorch and is not on the path (Debian, Ubuntu: apt install build-essential)"
            )
        }
        Err(error) => return Err(error).with_context(|| format!("starting {name}")),
    };
    ensure!(
        output.status.success(),
        "{name} failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_tools_print() {
        let dynamic = " 0x01 (NEEDED)   Shared library: [libc10.so]\n 0x01 (NEEDED)   Shared library: [libcudart.so.12]\n 0x0e (SONAME) Library soname: [libtorch_cpu.so]\n";
        assert_eq!(
            needed(dynamic).collect::<Vec<_>>(),
            ["libc10.so", "libcudart.so.12"]
        );
        let symbols = "                 U cudaMalloc@libcudart.so.12\n                 U free@GLIBC_2.2.5\n                 w other\n                 U cudaFree@libcudart.so.12\n";
        assert_eq!(
            wanted_from(symbols, "libcudart.so.12").collect::<Vec<_>>(),
            ["cudaMalloc", "cudaFree"]
        );
        assert_eq!(
            version_script("libx.so.1", &["a", "b"]),
            "libx.so.1 { global: a; b; local: *; };\n"
        );
        assert_eq!(source_of(&["a"]), "int a(void) { return 100; }\n");
    }
}
