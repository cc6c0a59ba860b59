//! What goes to stdout: tables for people, JSON for programs; and errors on stderr.
#![expect(clippy::print_stderr, reason = "the one place that prints")]

use std::io::{BufWriter, IsTerminal, Write};

use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use promptpal_api::ApiError;
use serde::Serialize;
use serde_json::{Value, json};

/// How a command answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Whether progress bars make sense: never with JSON, never into a file.
    pub(crate) fn shows_progress(self) -> bool {
        !self.json && std::io::stderr().is_terminal()
    }

    /// One JSON document with its schema version, or what `people` prints.
    pub(crate) fn answer(self, value: impl Serialize, people: impl FnOnce() -> String) -> anyhow::Result<()> {
        if self.json {
            let mut value = serde_json::to_value(value)?;
            if let Value::Object(map) = &mut value {
                map.entry("schema").or_insert(json!(1));
            }
            line(&serde_json::to_string(&value)?)
        } else {
            let text = people();
            if text.is_empty() {
                Ok(())
            } else {
                line(text.trim_end())
            }
        }
    }

    /// One JSON document that states its schema version itself, or what `people` prints. Nothing is held twice, however long it is.
    pub(crate) fn document(
        self,
        value: &impl Serialize,
        people: impl FnOnce() -> String,
    ) -> anyhow::Result<()> {
        if !self.json {
            return line(people().trim_end());
        }
        let mut stdout = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        serde_json::to_writer(&mut stdout, value).map_err(std::io::Error::from)?;
        stdout.write_all(b"\n")?;
        Ok(stdout.flush()?)
    }

    /// One line of a stream of answers: JSON, or what `people` prints.
    pub(crate) fn item(self, value: impl Serialize, people: impl FnOnce() -> String) -> anyhow::Result<()> {
        if self.json {
            line(&serde_json::to_string(&value)?)
        } else {
            line(&people())
        }
    }

    /// An error: for people what, why and what next; with JSON also the object.
    pub(crate) fn error(self, error: &ApiError) {
        self.object(error);
        eprintln!("error: {}", error.message);
        if let Some(hint) = &error.hint {
            eprintln!("  {hint}");
        }
    }

    /// With JSON the object of an error on stdout; else nothing.
    pub(crate) fn object(self, error: &ApiError) {
        if self.json {
            let body = json!({ "schema": 1, "error": {
                "code": error.code, "message": error.message, "hint": error.hint, "id": error.id,
            }});
            let _ = line(&body.to_string());
        }
    }

    /// Something to know that is no error.
    pub(crate) fn note(self, text: &str) {
        eprintln!("{text}");
    }
}

/// Writes a line and flushes it, so that a reader of the pipe has it at once. A closed pipe ends the command quietly.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{text}")?;
    Ok(stdout.flush()?)
}

/// Adds a field to an object.
pub(crate) fn put(object: &mut Value, name: &str, value: impl Serialize) -> anyhow::Result<()> {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), serde_json::to_value(value)?);
    }
    Ok(())
}

/// A table; columns named in `right` are aligned to the right.
pub(crate) fn table(header: &[&str], right: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_preset(UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for (index, name) in header.iter().enumerate() {
        if right.contains(name)
            && let Some(column) = table.column_mut(index)
        {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

/// `0.1234` as `+12.34 %`, with a true minus sign.
pub(crate) fn percent(share: f64) -> String {
    let sign = if share < 0.0 { "\u{2212}" } else { "+" };
    format!("{sign}{:.2} %", share.abs() * 100.0)
}

/// Thousands separated by a thin space.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(count(12), "12");
        assert_eq!(percent(-0.0512), "\u{2212}5.12 %");
    }
}
