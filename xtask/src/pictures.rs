//! `pictures`: the pictures of the documents, from the real window.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::builds;
use crate::places::Places;
use crate::session;
use crate::setup::{self, For};
use crate::shell;

/// Builds the program and walks it past what is pictured. The pictures replace those in `docs/images`.
pub fn chore(places: &Places) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        bail!("the pictures are made on Linux only: they need a virtual display and WebDriver");
    }
    setup::chore(places, For::Headless)?;
    shell::show(builds::ui(places))?;
    shell::show(builds::worker(places, "build"))?;
    let mut build = builds::product(places, "build");
    build.arg("--bins");
    shell::show(build)?;
    let mut walk = session::inside(places, "node");
    walk.arg(places.ui().join("e2e/pictures.mjs"))
        .arg(places.root.join("docs/images"));
    shell::show(walk)?;
    Ok(ExitCode::SUCCESS)
}
