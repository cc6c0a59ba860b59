//! A release: its notes and its packages, and how `latest.json` says it.

use serde_json::{Map, Value, json};
use url::Url;

/// Targets that the updater asks for: by system, machine and kind of package, else by system and machine.
const TARGETS: [&str; 12] = [
    "linux-x86_64-deb",
    "linux-x86_64-rpm",
    "linux-x86_64-appimage",
    "linux-x86_64",
    "linux-aarch64-deb",
    "linux-aarch64",
    "darwin-aarch64-app",
    "darwin-aarch64",
    "darwin-x86_64-app",
    "darwin-x86_64",
    "windows-x86_64-nsis",
    "windows-x86_64",
];

/// One package for one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// For example `linux-x86_64-deb`.
    pub target: String,
    /// Its name on the server.
    pub file_name: String,
    /// What is downloaded.
    pub bytes: Vec<u8>,
    /// The text of its `.sig` file.
    pub signature: String,
}

/// What is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// SemVer.
    pub version: String,
    /// For people.
    pub notes: String,
    /// What can be downloaded.
    pub packages: Vec<Package>,
}

impl Release {
    /// A release that can be announced on every system, for trying the check: its packages are a line of text with a
    /// signature that no updater accepts.
    #[must_use]
    pub fn announcement(version: &str, notes: &str) -> Self {
        let packages = TARGETS.iter().map(|target| Package {
            target: (*target).to_owned(),
            file_name: format!("promptpal-{version}-{target}"),
            bytes: b"This is no package: it only shows that an update would be offered.\n".to_vec(),
            signature: "bm8gc2lnbmF0dXJl".to_owned(),
        });
        Self {
            version: version.to_owned(),
            notes: notes.to_owned(),
            packages: packages.collect(),
        }
    }

    /// `latest.json` under a version of the caller's choice.
    pub(super) fn manifest(&self, base: &Url, version: &str) -> Value {
        let platforms: Map<String, Value> = self
            .packages
            .iter()
            .map(|package| {
                let url = format!("{base}packages/{}", package.file_name);
                (
                    package.target.clone(),
                    json!({ "url": url, "signature": package.signature }),
                )
            })
            .collect();
        json!({
            "version": version,
            "notes": self.notes,
            "pub_date": "2026-01-01T00:00:00Z",
            "platforms": platforms,
        })
    }
}
