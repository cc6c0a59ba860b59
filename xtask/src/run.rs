//! `run`: from a fresh checkout to the open window, or, without a display, to the report of the main job.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::builds;
use crate::places::Places;
use crate::session;
use crate::setup::{self, For};
use crate::shell;

/// What a person may ask of `run`.
#[derive(Debug, Default)]
pub struct Options {
    headless: bool,
    release: bool,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--headless" => options.headless = true,
                "--release" => options.release = true,
                other => bail!("`run` knows --headless and --release, not `{other}`"),
            }
        }
        if options.headless && options.release {
            bail!("--headless drives the development build: leave --release out");
        }
        Ok(options)
    }
}

/// The display that a window would open on, in words.
pub fn display() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return Some("of the system".to_owned());
    }
    ["WAYLAND_DISPLAY", "DISPLAY"].iter().find_map(|name| {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
        Some(format!("{name}={value}"))
    })
}

pub fn chore(places: &Places, options: &Options) -> Result<ExitCode> {
    let headless = options.headless || display().is_none();
    if headless && !cfg!(target_os = "linux") {
        bail!(
            "walking the main job without a screen works on Linux only: it needs a virtual display and WebDriver"
        );
    }
    if headless && !options.headless {
        println!("There is no display here: the main job will be walked in a virtual one.");
    }
    setup::chore(places, if headless { For::Headless } else { For::Window })?;
    shell::show(builds::ui(places))?;
    shell::show(builds::worker(places, "build"))?;
    let mut build = builds::product(places, "build");
    build.arg("--bins");
    if options.release {
        build.arg("--release");
    }
    shell::show(build)?;
    if headless {
        return main_job(places);
    }
    // The development build is optimised where it counts and is ready minutes earlier than a release.
    let profile = if options.release { "release" } else { "debug" };
    let mut window = shell::command(places, places.built(profile, "promptpal-desktop"));
    window.envs(builds::worker_env(places));
    shell::show(window)?;
    Ok(ExitCode::SUCCESS)
}

/// The sample workspace by WebDriver: candles, news, sentiment, a backtest; its report is printed.
fn main_job(places: &Places) -> Result<ExitCode> {
    let mut walk = session::inside(places, "node");
    walk.arg(places.ui().join("e2e/main-job.mjs"));
    shell::show(walk)?;
    Ok(ExitCode::SUCCESS)
}
