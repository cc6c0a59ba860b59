//! The tools that must be there before anything else, and how old they may be.

use std::process::Command;

use crate::shell;

/// A tool, the oldest version that works, and what it is for.
pub struct Tool {
    pub program: &'static str,
    pub oldest: Version,
    pub why: &'static str,
    pub how: &'static str,
}

/// Major, minor, patch.
pub type Version = (u32, u32, u32);

/// Every tool that a person installs by hand.
pub const TOOLS: &[Tool] = &[
    Tool {
        program: "git",
        oldest: (2, 20, 0),
        why: "the checkout",
        how: "https://git-scm.com",
    },
    Tool {
        program: "rustc",
        oldest: (1, 94, 0),
        why: "the program is written in Rust",
        how: "https://rustup.rs, then `rustup update`",
    },
    Tool {
        program: "cargo",
        oldest: (1, 94, 0),
        why: "builds the Rust half",
        how: "https://rustup.rs, then `rustup update`",
    },
    Tool {
        program: "node",
        oldest: (20, 19, 0),
        why: "builds the screens and drives the tests of the window",
        how: "https://nodejs.org, version 20.19 or newer",
    },
    Tool {
        program: "npm",
        oldest: (9, 0, 0),
        why: "fetches the packages of the screens",
        how: "comes with Node",
    },
    Tool {
        program: python(),
        oldest: (3, 9, 0),
        why: "fetches the libtorch that the scoring program links",
        how: "https://python.org",
    },
];

const fn python() -> &'static str {
    if cfg!(windows) { "python" } else { "python3" }
}

/// What a look at a tool found.
pub enum Found {
    Good(Version),
    Old(Version),
    Missing,
}

/// Looks for a tool on this machine.
pub fn look(tool: &Tool) -> Found {
    let program = if cfg!(windows) && tool.program == "npm" {
        "npm.cmd"
    } else {
        tool.program
    };
    let mut command = Command::new(program);
    command.arg("--version");
    match shell::answer(command).ok().and_then(|text| parse(&text)) {
        Some(version) if version >= tool.oldest => Found::Good(version),
        Some(version) => Found::Old(version),
        None => Found::Missing,
    }
}

/// A line for each tool that is missing or too old, with what to do.
pub fn missing() -> Vec<String> {
    TOOLS
        .iter()
        .filter_map(|tool| {
            let state = match look(tool) {
                Found::Good(_) => return None,
                Found::Old(version) => {
                    format!("is {}, must be {} or newer", show(version), show(tool.oldest))
                }
                Found::Missing => format!("is missing, {} or newer is needed", show(tool.oldest)),
            };
            Some(format!("  {} {state} ({}): {}", tool.program, tool.why, tool.how))
        })
        .collect()
}

pub fn show((major, minor, patch): Version) -> String {
    format!("{major}.{minor}.{patch}")
}

/// The first thing in `text` that looks like a version.
fn parse(text: &str) -> Option<Version> {
    text.split_whitespace().find_map(|word| {
        let mut parts = word.trim_start_matches('v').split('.').map(|part| {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u32>().ok()
        });
        let major = parts.next()??;
        let minor = parts.next()??;
        let patch = parts.next().flatten().unwrap_or(0);
        Some((major, minor, patch))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<Version>) {
        assert_eq!(parse(text), expected, "{text}");
    }

    #[test]
    fn versions_are_read_as_the_tools_print_them() {
        check("git version 2.39.5", Some((2, 39, 5)));
        check("git version 2.47.1.windows.2", Some((2, 47, 1)));
        check("rustc 1.95.0 (59807616e 2026-04-14)", Some((1, 95, 0)));
        check("cargo 1.96.0-nightly (abc 2026-05-01)", Some((1, 96, 0)));
        check("v20.20.2\n", Some((20, 20, 2)));
        check("10.8.2", Some((10, 8, 2)));
        check("Python 3.11.7", Some((3, 11, 7)));
        check("Python 3.14.0rc1", Some((3, 14, 0)));
        check("no version here", None);
    }
}
