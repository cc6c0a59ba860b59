//! What `cargo metadata` says about the workspace, reduced to what the checks ask.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::places::Places;
use crate::shell;

/// One package, of the workspace or from a registry.
#[derive(Clone, Debug)]
pub struct Package {
    pub id: String,
    pub name: String,
    pub version: String,
    /// The SPDX expression of the manifest, when it has one.
    pub licence: Option<String>,
    /// Names of direct dependencies as the manifest has them, with their kind.
    pub dependencies: Vec<(String, Kind)>,
    pub member: bool,
}

/// What a dependency is for.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    Normal,
    Dev,
    Build,
}

/// Everything the checks look at.
#[derive(Clone, Debug)]
pub struct Metadata {
    pub packages: Vec<Package>,
    /// Package id -> ids it is resolved to, without dev-dependencies.
    pub resolved: BTreeMap<String, Vec<String>>,
}

impl Metadata {
    pub fn read(places: &Places) -> Result<Self> {
        let mut command = shell::cargo(places);
        command.args(["metadata", "--format-version", "1", "--locked"]);
        let value: Value =
            serde_json::from_str(&shell::answer(command)?).context("cargo metadata is not JSON")?;
        Self::from_json(&value).context("cargo metadata has another shape than expected")
    }

    pub fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.member)
    }

    /// The packages that end up in what is shipped or builds it: all that the members reach without dev-dependencies.
    pub fn reached(&self) -> BTreeSet<&str> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = self.members().map(|package| package.id.as_str()).collect();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self.resolved.get(id).into_iter().flatten().map(String::as_str));
            }
        }
        seen
    }

    fn from_json(value: &Value) -> Option<Self> {
        let members: BTreeSet<&str> = value
            .get("workspace_members")?
            .as_array()?
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let packages = value
            .get("packages")?
            .as_array()?
            .iter()
            .map(|package| package_from(package, &members))
            .collect::<Option<_>>()?;
        let nodes = value.get("resolve")?.get("nodes")?.as_array()?;
        let resolved = nodes.iter().map(edges_from).collect::<Option<_>>()?;
        Some(Self { packages, resolved })
    }
}

fn package_from(value: &Value, members: &BTreeSet<&str>) -> Option<Package> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let id = text("id")?;
    let dependencies = value
        .get("dependencies")?
        .as_array()?
        .iter()
        .filter_map(|dependency| {
            let name = dependency.get("name")?.as_str()?.to_owned();
            let kind = match dependency.get("kind").and_then(Value::as_str) {
                Some("dev") => Kind::Dev,
                Some("build") => Kind::Build,
                _ => Kind::Normal,
            };
            Some((name, kind))
        })
        .collect();
    Some(Package {
        member: members.contains(id.as_str()),
        name: text("name")?,
        version: text("version")?,
        licence: text("license"),
        dependencies,
        id,
    })
}

fn edges_from(node: &Value) -> Option<(String, Vec<String>)> {
    let id = node.get("id")?.as_str()?.to_owned();
    let targets = node
        .get("deps")?
        .as_array()?
        .iter()
        .filter(|edge| {
            let kinds = edge.get("dep_kinds").and_then(Value::as_array);
            kinds.is_none_or(|kinds| {
                kinds
                    .iter()
                    .any(|kind| kind.get("kind").and_then(Value::as_str) != Some("dev"))
            })
        })
        .filter_map(|edge| Some(edge.get("pkg")?.as_str()?.to_owned()))
        .collect();
    Some((id, targets))
}
