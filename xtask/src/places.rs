//! Where things are on this machine: the checkout, the build folder, the cache, the artefacts.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

/// The folders every chore works in. All are absolute.
#[derive(Clone, Debug)]
pub struct Places {
    /// The root of the checkout.
    pub root: PathBuf,
    /// Cargo's build folder: `CARGO_TARGET_DIR`, else `target` in the checkout.
    pub target: PathBuf,
    /// Downloads that outlive a build: `PROMPTPAL_CACHE`, else the user's cache folder.
    pub cache: PathBuf,
    /// Logs, screenshots and reports of the last chore. Ignored by git.
    pub artifacts: PathBuf,
}

impl Places {
    pub fn find() -> Result<Self> {
        // Asked of cargo at run time: two checkouts may share a build folder, and with it this very program.
        let manifest =
            folder_from_env("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = manifest
            .parent()
            .context("xtask has no parent folder")?
            .to_path_buf();
        let here = std::env::current_dir().context("the current folder cannot be read")?;
        let target = match folder_from_env("CARGO_TARGET_DIR") {
            Some(folder) => here.join(folder),
            None => root.join("target"),
        };
        let cache = match folder_from_env("PROMPTPAL_CACHE") {
            Some(folder) => here.join(folder),
            None => user_cache()
                .context("no cache folder is known: set PROMPTPAL_CACHE")?
                .join("promptpal"),
        };
        let artifacts = root.join("artifacts");
        std::fs::create_dir_all(&cache).with_context(|| format!("creating {}", cache.display()))?;
        std::fs::create_dir_all(artifacts.join("logs"))
            .with_context(|| format!("creating {}", artifacts.display()))?;
        Ok(Self {
            root,
            target,
            cache,
            artifacts,
        })
    }

    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A folder of the reference data that is no part of the repository, where it is: below `PROMPTPAL_SHARED`, else below `shared`
    /// beside the checkout.
    pub fn shared(&self, folder: &str) -> Option<PathBuf> {
        let beside = || self.root.parent().map(|parent| parent.join("shared"));
        let shared = folder_from_env("PROMPTPAL_SHARED").or_else(beside)?;
        Some(shared.join(folder)).filter(|folder| folder.is_dir())
    }

    /// A program that cargo put into the build folder under `profile` ("debug" or "release").
    pub fn built(&self, profile: &str, program: &str) -> PathBuf {
        self.target
            .join(profile)
            .join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
    }
}

fn folder_from_env(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

fn user_cache() -> Option<PathBuf> {
    if cfg!(windows) {
        return folder_from_env("LOCALAPPDATA");
    }
    let home = folder_from_env("HOME");
    if cfg!(target_os = "macos") {
        return home.map(|home| home.join("Library/Caches"));
    }
    folder_from_env("XDG_CACHE_HOME").or_else(|| home.map(|home| home.join(".cache")))
}
