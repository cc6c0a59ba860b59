//! `dist`: the packages that people install: the window, the command line, the scoring program, the model.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::builds;
use crate::libtorch;
use crate::onnxruntime;
use crate::places::Places;
use crate::setup::{self, For};
use crate::shell;

/// Signs the packages for the updater; a secret of the maintainers.
const SIGNING_KEY: &str = "TAURI_SIGNING_PRIVATE_KEY";

/// The programs that stand beside the window's in a package.
const COMPANIONS: [&str; 3] = ["promptpal", "promptpal-sentiment", "promptpal-sentiment-fast"];

pub fn chore(places: &Places) -> Result<ExitCode> {
    setup::chore(places, For::Window)?;
    shell::show(builds::ui(places))?;
    shell::show(builds::worker(places, "build"))?;
    let mut programs = builds::product(places, "build");
    programs.args(["--release", "--bins"]);
    shell::show(programs)?;

    let stage = places.target.join("dist");
    let config = stage_parts(places, &stage)?;
    let mut bundle = shell::command(places, "node");
    bundle
        .arg(places.ui().join("node_modules/@tauri-apps/cli/tauri.js"))
        .args(["build", "--ci", "--bundles", bundles(), "--config"])
        .arg(&config)
        .args(["--", "--locked"]);
    shell::show(bundle)?;
    report(
        &places.target.join("release/bundle"),
        &places.artifacts.join("dist"),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// The kinds of package for this system. An AppImage needs a download of the packager, so only releases make it.
fn bundles() -> &'static str {
    let with_appimage = std::env::var("PROMPTPAL_APPIMAGE").is_ok_and(|value| value == "1");
    match std::env::consts::OS {
        "windows" => "nsis",
        "macos" => "app,dmg",
        _ if with_appimage => "deb,rpm,appimage",
        _ => "deb,rpm",
    }
}

/// Copies what the packager takes beside the window's program, and writes the configuration that names it.
///
/// It is not in tauri.conf.json itself, because every build of the desktop package, also in tests, would then ask
/// for these files.
fn stage_parts(places: &Places, stage: &Path) -> Result<PathBuf> {
    if stage.exists() {
        fs::remove_dir_all(stage).with_context(|| format!("emptying {}", stage.display()))?;
    }
    fs::create_dir_all(stage.join("libtorch")).with_context(|| format!("creating {}", stage.display()))?;
    let triple = host_triple(places)?;
    let mut companions = Vec::new();
    for program in COMPANIONS {
        let from = match program {
            "promptpal-sentiment" => builds::worker_program(places),
            "promptpal-sentiment-fast" => builds::fast_worker_program(places),
            _ => places.built("release", program),
        };
        let to = stage.join(format!("{program}-{triple}{}", std::env::consts::EXE_SUFFIX));
        fs::copy(&from, &to).with_context(|| format!("copying {}", from.display()))?;
        companions.push(stage.join(program).display().to_string());
    }
    let libraries = libtorch::ensure(&places.cache)?.join("lib");
    copy_libraries(&libraries, &stage.join("libtorch"))?;
    let runtime = stage.join("onnxruntime");
    copy_runtime(&onnxruntime::ensure(&places.cache)?, &runtime)?;
    let signed = std::env::var_os(SIGNING_KEY).is_some();
    if !signed {
        println!(
            "{SIGNING_KEY} is not set: the packages install, but the updater has nothing signed to offer"
        );
    }
    let mut config = json!({ "bundle": { "externalBin": companions, "createUpdaterArtifacts": signed } });
    place_libraries(&mut config["bundle"], &stage.join("libtorch"), &runtime);
    let path = stage.join("tauri.dist.json");
    fs::write(&path, serde_json::to_vec_pretty(&config)?)
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}

/// Puts the libraries where the scoring programs look for them: the places are in the build script of the exact one and in
/// `fast/runtime.rs` of the other.
fn place_libraries(bundle: &mut serde_json::Value, torch: &Path, runtime: &Path) {
    let (torch, runtime) = (format!("{}/", torch.display()), format!("{}/", runtime.display()));
    let unix = "lib/promptpal";
    match std::env::consts::OS {
        "windows" => bundle["resources"] = json!({ torch: "./", runtime: "./onnxruntime/" }),
        "macos" => {
            let files =
                json!({ format!("{unix}/libtorch/lib"): torch, format!("{unix}/onnxruntime"): runtime });
            bundle["macOS"] = json!({ "files": files });
        }
        _ => {
            let files = json!({ "files": {
                format!("/usr/{unix}/libtorch/lib"): torch,
                format!("/usr/{unix}/onnxruntime"): runtime,
            } });
            bundle["linux"] = json!({ "deb": files, "rpm": files, "appimage": files });
        }
    }
}

/// The library of ONNX Runtime with its checksum and licences.
fn copy_runtime(library: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    for path in sorted(library.parent().context("the library lies in no folder")?)? {
        let name = path.file_name().context("a file has no name")?;
        fs::copy(&path, to.join(name)).with_context(|| format!("copying {}", path.display()))?;
    }
    Ok(())
}

/// The shared libraries that the scoring program loads; static ones and links for compilers stay out.
fn copy_libraries(from: &Path, to: &Path) -> Result<()> {
    let entries = fs::read_dir(from).with_context(|| format!("reading {}", from.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let shared = name.contains(".so") || name.ends_with(".dylib") || name.ends_with(".dll");
        if shared && !path.is_symlink() {
            fs::copy(&path, to.join(&name)).with_context(|| format!("copying {}", path.display()))?;
        }
    }
    Ok(())
}

fn host_triple(places: &Places) -> Result<String> {
    let mut command = shell::command(places, "rustc");
    command.arg("-vV");
    let answer = shell::answer(command)?;
    let host = answer.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("`rustc -vV` names no host")
}

/// Collects the packages in one folder with a list of checksums, and prints them.
fn report(bundles: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to).with_context(|| format!("emptying {}", to.display()))?;
    }
    fs::create_dir_all(to)?;
    let mut sums = String::new();
    for kind in sorted(bundles)? {
        for package in sorted(&kind)?.into_iter().filter(|path| path.is_file()) {
            let name = package
                .file_name()
                .context("a package has no name")?
                .to_string_lossy()
                .into_owned();
            if !["deb", "rpm", "AppImage", "dmg", "exe", "gz", "sig"]
                .iter()
                .any(|end| name.ends_with(end))
            {
                continue;
            }
            let bytes = fs::read(&package).with_context(|| format!("reading {}", package.display()))?;
            let sum: String = Sha256::digest(&bytes)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            println!("{:>8.1} MiB  {name}", bytes.len() as f64 / f64::from(1 << 20));
            sums.push_str(&format!("{sum}  {name}\n"));
            fs::write(to.join(&name), bytes)?;
        }
    }
    if sums.is_empty() {
        bail!("the packager left nothing in {}", bundles.display());
    }
    fs::write(to.join("SHA256SUMS"), &sums)?;
    println!("packages and SHA256SUMS are in {}", to.display());
    Ok(())
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    paths.sort();
    Ok(paths)
}
