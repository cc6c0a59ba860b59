//! What a person feels of the work behind the window: how long a frame takes while the chart is panned, with and without ten
//! thousand articles being scored in the background. The real window, the release build, the exact worker and its model.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::table::{Reach, Table};
use crate::builds;
use crate::places::Places;
use crate::session;
use crate::shell;

/// Fills the workspace; an example of the store, which is never shipped.
const FILL: &str = "fill_articles";

/// Figures of the times between frames, and by how many times scoring may lengthen them.
const FIGURES: [(&str, &str, Reach); 4] = [
    ("median", "half of the frames take at most", Reach::AtMost(1.1)),
    ("p95", "95 of 100 frames take at most", Reach::AtMost(1.1)),
    ("p99", "99 of 100 frames take at most", Reach::Any),
    ("longest", "the longest frame", Reach::Any),
];

/// Builds what it needs, pans the chart, and prints the table. What stands as the peer is the same without scoring.
pub(super) fn run(places: &Places) -> Result<()> {
    let mut table = Table::default();
    if cfg!(target_os = "linux") {
        measured(places, &mut table)?;
    } else {
        table.not_run(
            "frames of the window",
            "a window is driven on Linux only: it needs a virtual display and WebDriver",
        );
    }
    table.print();
    if table.failed.is_empty() {
        return Ok(());
    }
    bail!("{}", table.failed.join("; "))
}

fn measured(places: &Places, table: &mut Table) -> Result<()> {
    shell::show(builds::ui(places))?;
    shell::show(builds::worker(places, "build"))?;
    let mut build = builds::product(places, "build");
    build.args(["--release", "--bins"]);
    shell::show(build)?;
    let mut example = shell::cargo(places);
    example.args([
        "build",
        "--locked",
        "--release",
        "--package",
        "promptpal-store",
        "--example",
        FILL,
    ]);
    shell::show(example)?;

    let mut walk = session::inside(places, "node");
    walk.arg(places.ui().join("e2e/frames.mjs"))
        .arg(places.target.join("release/examples").join(FILL))
        .arg(places.root.join("training/crypto_headlines.csv"))
        .env("PROMPTPAL_DESKTOP", places.built("release", "promptpal-desktop"));
    table.run(walk)?;
    let Some(seen) = table.lines.pop() else {
        return Ok(());
    };
    let figure = |how: &str, name: &str| {
        let found = seen[how][name].as_f64();
        found.with_context(|| format!("the window told no `{name}` {how} scoring"))
    };
    for (name, words, reach) in FIGURES {
        let (with, without) = (figure("with", name)?, figure("without", name)?);
        let case = format!("panning while articles are scored, and without: {words}");
        table.add(&case, "ms", (with, Some(without)), with / without, reach);
    }
    for (how, name) in [("without", "frames"), ("with", "frames")] {
        let frames = figure(how, name)?;
        table.add(
            &format!("frames looked at, {how} scoring"),
            "",
            (frames, None),
            frames,
            Reach::Any,
        );
    }
    let told = |name: &str| {
        seen.get(name)
            .and_then(Value::as_f64)
            .context("the window told nothing of scores")
    };
    let rate = told("scored")? / told("seconds")?;
    table.add(
        "articles scored a second meanwhile",
        "",
        (rate, None),
        rate,
        Reach::Any,
    );
    Ok(())
}
