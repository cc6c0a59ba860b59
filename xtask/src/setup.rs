//! Set-up: everything a fresh machine lacks, and nothing it has.

pub mod apt;
pub mod npm;
pub mod versions;

use anyhow::{Context as _, Result, bail};

use crate::libtorch;
use crate::onnxruntime;
use crate::places::Places;

/// What the set-up is for; tests need more than opening the window does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum For {
    /// Opening the window on a screen.
    Window,
    /// Walking the main job in a virtual display.
    Headless,
    /// Running every test.
    Tests,
}

/// Brings the machine into the state that `purpose` needs. Does nothing the second time.
///
/// # Errors
/// Names what a person has to install when the program may not or cannot do it.
pub fn chore(places: &Places, purpose: For) -> Result<()> {
    let missing = versions::missing();
    if !missing.is_empty() {
        bail!("these must be installed first:\n{}", missing.join("\n"));
    }
    if cfg!(target_os = "linux") {
        apt::install(purpose)?;
    } else {
        println!("{}", other_systems());
    }
    npm::install(places, &places.ui())?;
    if purpose == For::Tests {
        let identity = places.root.join("src-tauri/crates/testkit/identity");
        if identity.join("package-lock.json").is_file() {
            npm::install(places, &identity)?;
        }
    }
    libtorch::ensure(&places.cache).context("libtorch, which the scoring program links")?;
    onnxruntime::ensure(&places.cache).context("ONNX Runtime, which the fast scoring program loads")?;
    Ok(())
}

/// What a person installs by hand where there is no apt.
pub fn other_systems() -> &'static str {
    if cfg!(windows) {
        "On Windows these must be there (installers of their makers):\n\
         - Visual Studio Build Tools with \"Desktop development with C++\": the linker and the Windows SDK\n\
         - Microsoft Edge WebView2 runtime: the window's web view (part of Windows 11)\n\
         - for the window tests: `cargo install tauri-driver --locked` and msedgedriver of the same version as Edge"
    } else {
        "On macOS these must be there:\n\
         - the Xcode command line tools (`xcode-select --install`): compiler, linker and the WebKit frameworks\n\
         - an Apple processor: libtorch 2.4.0 does not exist for Intel Macs; everything but the scoring program builds there\n\
         - the window tests do not run here: WebKit on macOS has no WebDriver for web views inside programs"
    }
}
