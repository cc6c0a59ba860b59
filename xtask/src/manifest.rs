//! `manifest`: latest.json of the updater, out of a folder with the signed packages of every system.
//!
//! The file itself is not signed. What protects people is in each package's signature, which names the version
//! (`requireSignedVersion`), so that an old genuine package cannot be offered as a new one.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value, json};

/// Reads the arguments and writes latest.json into the folder.
pub fn chore(arguments: &[String]) -> Result<ExitCode> {
    let (folder, version, base_url) = parse(arguments)?;
    let platforms = platforms(Path::new(&folder), &base_url)?;
    let names: Vec<&String> = platforms.keys().collect();
    println!("{version} for {names:?}");
    let manifest = json!({ "version": version, "platforms": platforms });
    let path = Path::new(&folder).join("latest.json");
    fs::write(&path, serde_json::to_vec_pretty(&manifest)?)
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn parse(arguments: &[String]) -> Result<(String, String, String)> {
    match arguments {
        [folder, version_flag, version, url_flag, url]
            if version_flag == "--version" && url_flag == "--base-url" =>
        {
            Ok((
                folder.clone(),
                version.clone(),
                url.trim_end_matches('/').to_owned(),
            ))
        }
        _ => bail!("usage: cargo xtask manifest FOLDER --version X.Y.Z --base-url URL"),
    }
}

/// An entry for every signed package in `folder`.
fn platforms(folder: &Path, base_url: &str) -> Result<Map<String, Value>> {
    let mut platforms = Map::new();
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let file = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let Some(package) = file.strip_suffix(".sig") else {
            continue;
        };
        let key = platform(package).with_context(|| format!("{package} is of no known kind"))?;
        if !folder.join(package).is_file() {
            bail!("{file} signs a package that is not there");
        }
        let signature = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let entry = json!({ "signature": signature.trim(), "url": format!("{base_url}/{package}") });
        if platforms.insert(key.clone(), entry).is_some() {
            bail!("there are two packages for {key}");
        }
    }
    if platforms.is_empty() {
        bail!("no signed package in {}", folder.display());
    }
    Ok(platforms)
}

/// The updater's name for a package: system, processor, kind. The kind matters: a deb must never be replaced by an
/// AppImage.
fn platform(package: &str) -> Option<String> {
    let processor = if ["aarch64", "arm64"].iter().any(|name| package.contains(name)) {
        "aarch64"
    } else {
        "x86_64"
    };
    let (system, kind) = match package {
        name if name.ends_with(".deb") => ("linux", "deb"),
        name if name.ends_with(".rpm") => ("linux", "rpm"),
        name if name.ends_with(".AppImage") => ("linux", "appimage"),
        name if name.ends_with("-setup.exe") => ("windows", "nsis"),
        // Our only Mac package is for Apple processors, and its name does not say so.
        name if name.ends_with(".app.tar.gz") => return Some("darwin-aarch64-app".to_owned()),
        _ => return None,
    };
    Some(format!("{system}-{processor}-{kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(package: &str, expected: Option<&str>) {
        assert_eq!(platform(package).as_deref(), expected, "{package}");
    }

    #[test]
    fn a_package_belongs_to_one_platform() {
        check("Promptpal_0.1.0_amd64.deb", Some("linux-x86_64-deb"));
        check("Promptpal_0.1.0_arm64.deb", Some("linux-aarch64-deb"));
        check("Promptpal-0.1.0-1.x86_64.rpm", Some("linux-x86_64-rpm"));
        check("Promptpal-0.1.0-1.aarch64.rpm", Some("linux-aarch64-rpm"));
        check("Promptpal_0.1.0_amd64.AppImage", Some("linux-x86_64-appimage"));
        check("Promptpal_0.1.0_x64-setup.exe", Some("windows-x86_64-nsis"));
        check("Promptpal.app.tar.gz", Some("darwin-aarch64-app"));
        check("Promptpal_0.1.0_aarch64.dmg", None);
    }

    #[test]
    fn only_signed_packages_are_offered() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("promptpal-manifest-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("Promptpal_0.1.0_amd64.deb"), "package")?;
        fs::write(folder.join("Promptpal-0.1.0-1.x86_64.rpm"), "package")?;
        assert!(platforms(&folder, "https://host").is_err(), "nothing is signed");
        fs::write(folder.join("Promptpal_0.1.0_amd64.deb.sig"), "signature\n")?;
        let found = platforms(&folder, "https://host")?;
        fs::remove_dir_all(&folder)?;
        let expected = json!({ "signature": "signature", "url": "https://host/Promptpal_0.1.0_amd64.deb" });
        assert_eq!(found.len(), 1);
        assert_eq!(found.get("linux-x86_64-deb"), Some(&expected));
        Ok(())
    }
}
