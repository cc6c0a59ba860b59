//! The licences of everything that is linked, held against an allow list.
//!
//! It reads `cargo metadata` alone, so it needs no other tool; cargo-deny (deny.toml) repeats it with the licence texts.

use anyhow::{Result, bail};

use crate::metadata::Metadata;
use crate::steps::Log;

/// Licences that let the program be given away under Apache-2.0.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Packages whose manifest names no licence expression, with what their files say. Name and the licence found.
const READ_BY_HAND: &[(&str, &str)] = &[];

/// Whether an SPDX expression can be met with the allow list: every `AND` part needs an allowed `OR` choice.
pub fn is_allowed(expression: &str) -> bool {
    Parser::new(expression).whole().unwrap_or(false)
}

/// The check as a step.
pub fn step(metadata: &Metadata, log: &mut Log) -> Result<()> {
    let reached = metadata.reached();
    let mut refused = Vec::new();
    let mut seen = 0;
    for package in metadata
        .packages
        .iter()
        .filter(|package| reached.contains(package.id.as_str()))
    {
        seen += 1;
        let by_hand = READ_BY_HAND
            .iter()
            .find(|(name, _)| *name == package.name)
            .map(|(_, licence)| *licence);
        let licence = package.licence.as_deref().or(by_hand).unwrap_or("none");
        log.write(&format!("{} {}: {licence}", package.name, package.version))?;
        if !is_allowed(licence) {
            refused.push(format!("{} {} ({licence})", package.name, package.version));
        }
    }
    log.write(&format!(
        "{seen} packages, {} refused: {}",
        refused.len(),
        refused.join(", ")
    ))?;
    if refused.is_empty() {
        return Ok(());
    }
    bail!("licences outside the allow list: {}", refused.join(", "));
}

/// A reader of SPDX expressions: `A OR B AND (C OR D WITH E)`; AND binds stronger. The old `A/B` means OR.
struct Parser {
    words: Vec<String>,
    at: usize,
}

impl Parser {
    fn new(expression: &str) -> Self {
        let spaced = expression
            .replace('(', " ( ")
            .replace(')', " ) ")
            .replace('/', " OR ");
        Self {
            words: spaced.split_whitespace().map(str::to_owned).collect(),
            at: 0,
        }
    }

    fn whole(mut self) -> Option<bool> {
        let value = self.either()?;
        (self.at == self.words.len()).then_some(value)
    }

    fn either(&mut self) -> Option<bool> {
        let mut value = self.both()?;
        while self.take("OR") {
            value |= self.both()?;
        }
        Some(value)
    }

    fn both(&mut self) -> Option<bool> {
        let mut value = self.one()?;
        while self.take("AND") {
            value &= self.one()?;
        }
        Some(value)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let value = self.either()?;
            return self.take(")").then_some(value);
        }
        // `MPL-2.0+` means that version or a later one: the version named is the one that is taken.
        let mut name = self.words.get(self.at)?.trim_end_matches('+').to_owned();
        self.at += 1;
        if self.take("WITH") {
            name = format!("{name} WITH {}", self.words.get(self.at)?);
            self.at += 1;
        }
        Some(ALLOWED.contains(&name.as_str()))
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.get(self.at).is_some_and(|next| next == word);
        self.at += usize::from(there);
        there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expression: &str, expected: bool) {
        assert_eq!(is_allowed(expression), expected, "{expression}");
    }

    #[test]
    fn the_list_is_that_of_cargo_deny() {
        let config = include_str!("../../deny.toml");
        let (_, rest) = config.split_once("allow = [").unwrap_or_default();
        let (list, _) = rest.split_once(']').unwrap_or_default();
        let theirs: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
        assert_eq!(theirs, ALLOWED);
    }

    #[test]
    fn expressions_are_met_as_spdx_says() {
        check("MIT", true);
        check("MIT OR Apache-2.0", true);
        check("MIT/Apache-2.0", true);
        check("GPL-3.0-only OR MIT", true);
        check("GPL-3.0-only", false);
        check("MIT AND GPL-3.0-only", false);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("(MIT OR Apache-2.0) AND LGPL-2.1-or-later", false);
        check("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true);
        check("LGPL-3.0-or-later OR MPL-2.0", true);
        check("MPL-2.0+", true);
        check("GPL-2.0+", false);
        check("none", false);
        check("", false);
        check("(MIT", false);
    }
}
