//! Scripts of faults: what goes wrong, and when. A text, an event a line, everything after `#` a comment:
//!
//! ```text
//! # The closing frame of a candle comes a minute and a half late.
//! at 2 candles fault late-close 90
//! at 4 candles fault html x3
//! at 8 candles end
//! ```
//!
//! `at N UNIT` counts from where the script began: `candles` (the Nth minute of the tape has ended and its frames are
//! sent), `s` (virtual seconds), `frames` (the Nth event was sent to anybody), `requests` (the Nth REST request has come
//! and is not answered yet). `fault NAME [NUMBER] [xTIMES]` injects a [`Fault`]; `end` ends the script. One without an end
//! ends with its last line. At its end the exchange behaves well again: faults that nobody met are forgotten, frames that
//! were late are sent, its clock goes on from where it stands. Connections that were stalled stay so, and a pause that it
//! has asked for it keeps.

use std::fmt;

use super::Fault;

/// A script of faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    name: String,
    about: String,
    pub(crate) events: Vec<(When, Action)>,
}

/// When something happens, counted from the script's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Candles(i64),
    Seconds(i64),
    Frames(usize),
    Requests(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Fault(Fault),
    End,
}

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// Counted from one.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for ScriptError {}

macro_rules! scripts {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("scripts/", $name, ".txt")))),*]
    };
}

/// One script for each kind of fault, and one that mixes them.
const NAMED: [(&str, &str); 20] = scripts![
    "too-many-requests",
    "ban",
    "holes",
    "duplicates",
    "out-of-order",
    "late-close",
    "missing-close",
    "malformed",
    "binary",
    "stall",
    "stall-with-pings",
    "half-open",
    "shutdown",
    "drop",
    "restricted",
    "html",
    "wrong-checksum",
    "clock-ahead",
    "clock-behind",
    "mixed",
];

impl Script {
    /// The scripts that come with the double.
    ///
    /// # Panics
    /// Never: a test reads them all.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let read = |(name, text): (&str, &str)| Self::parse(name, text).expect("a test reads them all");
        NAMED.into_iter().map(read).collect()
    }

    /// The script of this name that comes with the double.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|script| script.name == name)
    }

    /// Reads a script.
    ///
    /// # Errors
    /// [`ScriptError`] with the line that cannot be read.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScriptError> {
        let mut events = Vec::new();
        let mut about = None;
        for (at, line) in text.lines().enumerate() {
            let (words, comment) = line.split_once('#').unwrap_or((line, ""));
            if about.is_none() && !comment.is_empty() {
                about = Some(comment.trim().to_owned());
            }
            if !words.trim().is_empty() {
                let problem = |problem| ScriptError {
                    line: at + 1,
                    problem,
                };
                events.extend(event(words.trim()).map_err(problem)?);
            }
        }
        if events.is_empty() {
            let problem = "nothing happens in this script".to_owned();
            return Err(ScriptError {
                line: text.lines().count().max(1),
                problem,
            });
        }
        Ok(Self {
            name: name.to_owned(),
            about: about.unwrap_or_default(),
            events,
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its first comment.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }
}

fn event(line: &str) -> Result<Vec<(When, Action)>, String> {
    let rest = line
        .strip_prefix("at ")
        .ok_or("a line begins with 'at', such as 'at 3 candles fault drop'")?;
    let mut words = rest.split_whitespace();
    let number = words.next().unwrap_or_default();
    let count: u32 = number
        .parse()
        .map_err(|_| format!("'{number}' is no number of candles, s, frames or requests"))?;
    let when = match words.next().unwrap_or_default() {
        "candles" | "candle" => When::Candles(i64::from(count)),
        "s" => When::Seconds(i64::from(count)),
        "frames" | "frame" => When::Frames(count as usize),
        "requests" | "request" => When::Requests(count as usize),
        unit => return Err(format!("'{unit}' is none of candles, s, frames, requests")),
    };
    let action = words.next().unwrap_or_default();
    let mut rest: Vec<&str> = words.collect();
    match action {
        "end" if rest.is_empty() => Ok(vec![(when, Action::End)]),
        "fault" => {
            let times = rest.last().and_then(|word| word.strip_prefix('x')?.parse().ok());
            if times.is_some() {
                rest.pop();
            }
            let fault: Fault = rest
                .join(" ")
                .parse()
                .map_err(|error: super::faults::UnknownFault| error.to_string())?;
            let times = times.unwrap_or(1_usize).min(1000);
            Ok(vec![(when, Action::Fault(fault)); times])
        }
        other => Err(format!("'{other}' is neither 'fault NAME' nor 'end'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_is_read_says_what_it_is_and_ends() {
        for script in Script::all() {
            assert!(!script.about().is_empty(), "{}", script.name());
            let ends = script
                .events
                .iter()
                .filter(|(when, action)| *action == Action::End && matches!(when, When::Candles(_)));
            assert_eq!(ends.count(), 1, "{}", script.name());
            assert_eq!(Script::named(script.name()), Some(script));
        }
        assert_eq!(Script::named("no-such"), None);
    }

    #[test]
    fn lines_are_read_or_refused_with_their_number() {
        let read = |text: &str| Script::parse("x", text).map(|script| script.events);
        let drop = Action::Fault(Fault::Drop);
        assert_eq!(
            read("# a\n\nat 1 candle fault drop # now\nat 2 s fault drop x2\nat 3 frames end"),
            Ok(vec![
                (When::Candles(1), drop),
                (When::Seconds(2), drop),
                (When::Seconds(2), drop),
                (When::Frames(3), Action::End)
            ])
        );
        let check = |text: &str, line: usize, part: &str| {
            let error = read(text).unwrap_err();
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.to_string().contains(part), "{text}: {error}");
        };
        check("at 1 s end\n\n3 candles fault drop", 3, "begins with 'at'");
        check("at -1 s end", 1, "'-1' is no number");
        check("at 1 week end", 1, "'week' is none of");
        check("at 1 s explode", 1, "'explode' is neither");
        check("at 1 s end now", 1, "neither");
        check("at 1 s fault flood", 1, "'flood' is no fault");
        check("at 1 s fault drop x", 1, "no fault");
        check("# nothing\n", 1, "nothing happens");
        check("", 1, "nothing happens");
    }
}
