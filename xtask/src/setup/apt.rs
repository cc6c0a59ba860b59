//! The packages of Debian and Ubuntu, listed once, each with the reason it is needed.

use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::setup::For;
use crate::shell;

/// One package and what it is for.
pub struct Package {
    pub name: &'static str,
    pub why: &'static str,
    /// The least purpose that needs it.
    need: Need,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Need {
    Build,
    VirtualDisplay,
    Tests,
}

const fn package(name: &'static str, need: Need, why: &'static str) -> Package {
    Package { name, why, need }
}

/// Every package the project asks for.
pub const PACKAGES: &[Package] = &[
    package(
        "build-essential",
        Need::Build,
        "C compiler and linker: SQLite, TA-Lib and the scoring program are compiled",
    ),
    package(
        "ca-certificates",
        Need::Build,
        "certificates for the downloads of npm, cargo and libtorch",
    ),
    package(
        "file",
        Need::Build,
        "tells the packager of Tauri what kind of file an icon or a program is",
    ),
    package(
        "libayatana-appindicator3-dev",
        Need::Build,
        "tray support that Tauri's packages declare",
    ),
    package(
        "libdbus-1-dev",
        Need::Build,
        "D-Bus, through which the window and the secret store talk",
    ),
    package(
        "librsvg2-dev",
        Need::Build,
        "icons in the window's title and in the packages",
    ),
    package(
        "libssl-dev",
        Need::Build,
        "headers that parts of the scoring program's build look for",
    ),
    package(
        "libwebkit2gtk-4.1-dev",
        Need::Build,
        "the web view in which the screens are drawn",
    ),
    package(
        "libxdo-dev",
        Need::Build,
        "keyboard events that Tauri's menus use",
    ),
    package("pkg-config", Need::Build, "finds the libraries above"),
    package(
        "python3-pip",
        Need::Build,
        "fetches the libtorch that the scoring program links",
    ),
    package(
        "dbus",
        Need::VirtualDisplay,
        "a private session bus for the virtual desktop",
    ),
    package("dbus-x11", Need::VirtualDisplay, "starts that bus"),
    package(
        "fonts-dejavu-core",
        Need::VirtualDisplay,
        "letters in the web view on a machine without a desktop",
    ),
    package(
        "gnome-keyring",
        Need::VirtualDisplay,
        "a real secret store for sign-in, in a throw-away desktop",
    ),
    package(
        "webkit2gtk-driver",
        Need::VirtualDisplay,
        "WebDriver, by which the real window is driven",
    ),
    package("xauth", Need::VirtualDisplay, "access to the virtual display"),
    package("xvfb", Need::VirtualDisplay, "the virtual display"),
];

/// The browser of the interface tests. Debian has it as a package; Ubuntu only as a snap, so there it is not asked for.
const BROWSER: Package = package(
    "chromium",
    Need::Tests,
    "runs the screens alone, without the window, in the interface tests",
);

/// The packages that `purpose` needs.
pub fn wanted(purpose: For) -> Vec<&'static Package> {
    let mut list: Vec<&Package> = PACKAGES
        .iter()
        .filter(|package| match package.need {
            Need::Build => true,
            Need::VirtualDisplay => purpose != For::Window,
            Need::Tests => purpose == For::Tests,
        })
        .collect();
    if purpose == For::Tests && browser().is_none() {
        list.push(&BROWSER);
    }
    list
}

/// The wanted packages that the system lacks.
pub fn missing(purpose: For) -> Result<Vec<&'static Package>> {
    let wanted = wanted(purpose);
    let installed = installed(&wanted)?;
    Ok(wanted
        .into_iter()
        .filter(|package| !installed.contains(package.name))
        .collect())
}

/// A Chromium or Chrome that can be driven: named by `PROMPTPAL_CHROMIUM`, on the path, or where its installer puts it.
pub fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("PROMPTPAL_CHROMIUM")
        .map(PathBuf::from)
        .filter(|path| path.is_file());
    let on_path = || {
        let names = [
            "chromium",
            "google-chrome",
            "google-chrome-stable",
            "chromium-browser",
        ];
        names.iter().find_map(|name| shell::which(name))
    };
    let installed = || {
        let places = [
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        ];
        places.iter().map(PathBuf::from).find(|path| path.is_file())
    };
    named.or_else(on_path).or_else(installed)
}

/// Installs what is missing: at once as root, after asking with sudo, not at all when nobody can answer.
pub fn install(purpose: For) -> Result<()> {
    if shell::which("dpkg-query").is_none() {
        println!(
            "this Linux has no dpkg: the packages cannot be checked; `cargo xtask doctor` names what is needed"
        );
        return Ok(());
    }
    let missing = missing(purpose)?;
    if missing.is_empty() {
        return Ok(());
    }
    println!("These system packages are missing:");
    for package in &missing {
        println!("  {:<30} {}", package.name, package.why);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    let by_hand = format!(
        "sudo apt-get update && sudo apt-get install --no-install-recommends {}",
        names.join(" ")
    );
    let root = is_root()?;
    if !root && !allowed(&by_hand)? {
        bail!("the packages were not installed. To do it by hand:\n  {by_hand}");
    }
    apt(root, &["update"])?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(names);
    apt(root, &arguments)
}

fn allowed(by_hand: &str) -> Result<bool> {
    if std::env::var("PROMPTPAL_ASSUME_YES").is_ok_and(|value| value == "1") {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("Install them now with this command?\n  {by_hand}\n[y/N] ");
    std::io::stdout().flush()?;
    let mut reply = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut reply)
        .context("reading the answer")?;
    Ok(matches!(reply.trim(), "y" | "Y" | "yes"))
}

fn apt(root: bool, arguments: &[&str]) -> Result<()> {
    let mut command = if root {
        Command::new("apt-get")
    } else {
        Command::new("sudo")
    };
    if !root {
        command.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    }
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-q", "-o", "Dpkg::Use-Pty=0"])
        .args(arguments);
    shell::show(command)
}

fn is_root() -> Result<bool> {
    let mut id = Command::new("id");
    id.arg("-u");
    Ok(shell::answer(id)?.trim() == "0")
}

/// The names among `packages` that dpkg calls installed. A name that dpkg does not know is not an error.
fn installed(packages: &[&Package]) -> Result<BTreeSet<String>> {
    let output = Command::new("dpkg-query")
        .args([
            "--show",
            "--showformat",
            "${binary:Package} ${db:Status-Status}\n",
        ])
        .args(packages.iter().map(|package| package.name))
        .stdin(Stdio::null())
        .output()
        .context("starting dpkg-query")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let names = text.lines().filter_map(|line| line.strip_suffix(" installed"));
    Ok(names
        .map(|name| name.split(':').next().unwrap_or(name).to_owned())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_listed_once_with_a_reason() {
        let mut names = BTreeSet::new();
        for package in PACKAGES {
            assert!(names.insert(package.name), "{} is listed twice", package.name);
            assert!(package.why.len() > 10, "{} has no reason", package.name);
        }
    }

    #[test]
    fn a_purpose_needs_all_that_the_smaller_one_needs() {
        let of = |purpose| {
            wanted(purpose)
                .into_iter()
                .map(|package| package.name)
                .collect::<BTreeSet<_>>()
        };
        assert!(of(For::Window).is_subset(&of(For::Headless)));
        assert!(of(For::Headless).is_subset(&of(For::Tests)));
        assert!(!of(For::Window).contains("xvfb"));
    }
}
