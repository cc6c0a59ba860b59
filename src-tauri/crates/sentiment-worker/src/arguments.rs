//! The command line.

use std::path::PathBuf;

/// What the command line of the program `name` may be.
pub(crate) fn usage(name: &str) -> String {
    format!(
        "{name} --model FOLDER [--threads N] [--nice 0..19]

Scores texts with the model in FOLDER. Requests are read from standard input and answered on standard output, one JSON
document a line. It is started by Promptpal and of little use by itself."
    )
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Serve requests.
    Serve(Arguments),
    /// Print this and end.
    Print(String),
}

/// How to serve.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// The model's folder.
    pub(crate) model: PathBuf,
    /// Threads to compute with.
    pub(crate) threads: u16,
    /// Steps to stand back behind other programs.
    pub(crate) nice: i32,
}

/// Reads the words after the program's name.
pub(crate) fn parse(name: &str, mut words: impl Iterator<Item = String>) -> Result<Command, String> {
    let (mut model, mut threads, mut nice) = (None, 1, 0);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--model" => model = Some(PathBuf::from(value()?)),
            "--threads" => threads = number(&word, &value()?, 1..=1024)?,
            "--nice" => nice = i32::from(number(&word, &value()?, 0..=19)?),
            "--version" => {
                return Ok(Command::Print(format!("{name} {}", env!("CARGO_PKG_VERSION"))));
            }
            "--help" => return Ok(Command::Print(usage(name))),
            _ => return Err(format!("'{word}' is not understood")),
        }
    }
    let model = model.ok_or("--model is needed")?;
    Ok(Command::Serve(Arguments { model, threads, nice }))
}

fn number(name: &str, text: &str, range: std::ops::RangeInclusive<u16>) -> Result<u16, String> {
    let expected = || {
        format!(
            "{name} takes a number from {} to {}, not '{text}'",
            range.start(),
            range.end()
        )
    };
    text.parse()
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_documented_and_nothing_else() {
        let parsed = |line: &str| parse("promptpal-sentiment", line.split_whitespace().map(str::to_owned));
        let serve = |threads, nice| {
            Ok(Command::Serve(Arguments {
                model: "m".into(),
                threads,
                nice,
            }))
        };
        assert_eq!(parsed("--model m"), serve(1, 0));
        assert_eq!(parsed("--threads 4 --model m --nice 10"), serve(4, 10));
        assert!(
            matches!(parsed("--version"), Ok(Command::Print(text)) if text.starts_with("promptpal-sentiment 0"))
        );
        for wrong in [
            "",
            "--model",
            "--model m --threads 0",
            "--model m --nice 20",
            "--model m --nice -1",
            "--model m more",
        ] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }
}
