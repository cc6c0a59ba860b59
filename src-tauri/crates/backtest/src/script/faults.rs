//! Faults of the script engine as errors with place and hint.

use rhai::{EvalAltResult, ParseError, Position};

use crate::ScriptError;

/// A script that cannot be compiled.
pub(super) fn from_parse(error: &ParseError) -> ScriptError {
    let message = error.err_type().to_string();
    let hint = parse_hint(&message);
    place(error.position(), message, hint)
}

fn parse_hint(message: &str) -> Option<String> {
    let hint = if message.contains("reserved keyword")
        || message.contains("is not a valid")
        || message.contains("disabled")
    {
        "import, export, eval, print and debug do not exist here: a strategy has no way out of its bars"
    } else if let Some(name) = message.strip_prefix("Undefined variable: ") {
        return Some(format!(
            "declare it with let {name} = ...; the columns are open, high, low, close and volume"
        ));
    } else if message.contains("exceeds the maximum")
        || message.contains("too complex")
        || message.contains("Expression")
    {
        "split the expression over several let statements"
    } else if message.contains("constant") {
        "open, high, low, close and volume cannot be changed: use another name"
    } else {
        return None;
    };
    Some(hint.to_owned())
}

/// A script that failed while it ran.
pub(super) fn from_run(error: &EvalAltResult) -> ScriptError {
    use EvalAltResult as E;
    let position = error.position();
    let (message, hint) = match error {
        // A fault inside a function of the script: the place inside it says more.
        E::ErrorInFunctionCall(_, _, inner, _) => {
            let inner = from_run(inner);
            let at_call = || {
                place(
                    position,
                    inner.message.clone(),
                    inner.hint.as_deref().map(str::to_owned),
                )
            };
            return if inner.line > 0 { inner } else { at_call() };
        }
        E::ErrorParsing(kind, _) => {
            let message = kind.to_string();
            let hint = parse_hint(&message);
            (message, hint)
        }
        E::ErrorRuntime(value, _) => (value.to_string(), None),
        E::ErrorMismatchDataType(wanted, got, _) if wanted == "bool" && is_ours(got) => (
            "a series cannot be used as true or false: it has a value for every bar".to_owned(),
            Some(
                "combine conditions with & and |, not && and ||; choose(condition, a, b) stands for if"
                    .to_owned(),
            ),
        ),
        E::ErrorFunctionNotFound(signature, _) => unknown_function(signature),
        E::ErrorVariableNotFound(name, _) => (
            format!("'{name}' is not known"),
            Some("declare it with let; the columns are open, high, low, close and volume".to_owned()),
        ),
        E::ErrorTooManyOperations(_) => (
            "the script does not come to an end: it ran 20,000 operations".to_owned(),
            Some(
                "a script runs once, not for each bar: write conditions on series instead of loops"
                    .to_owned(),
            ),
        ),
        E::ErrorStackOverflow(_) => (
            "functions call each other too deeply (16 levels)".to_owned(),
            None,
        ),
        E::ErrorDataTooLarge(what, _) => (format!("a value grew too large: {what}"), None),
        E::ErrorAssignmentToConstant(name, _) => (
            format!("'{name}' cannot be changed"),
            Some("use another name with let".to_owned()),
        ),
        other => (first_line(&other.to_string()), None),
    };
    place(position, message, hint)
}

fn is_ours(type_name: &str) -> bool {
    type_name.contains("series") || type_name.contains("Series")
}

/// The name of the type in messages is the engine's; people read ours.
fn unknown_function(signature: &str) -> (String, Option<String>) {
    let name = signature.split([' ', '(']).next().unwrap_or(signature);
    let arguments = signature.get(name.len()..).unwrap_or_default().trim();
    let known: Vec<&str> = super::docs::FUNCTIONS
        .iter()
        .map(|function| function.name)
        .chain(promptpal_indicators::all().map(|indicator| indicator.id))
        .collect();
    let hint = if known.contains(&name) {
        super::docs::signature_of(name).map(|signature| format!("write {signature}"))
    } else if name.starts_with(char::is_alphabetic) {
        nearest(name, &known).map(|near| format!("did you mean {near}?"))
    } else {
        None
    };
    let message = if known.contains(&name) {
        format!(
            "{name} does not take {}",
            if arguments.is_empty() || arguments == "()" {
                "no arguments"
            } else {
                arguments
            }
        )
    } else {
        format!(
            "there is no function {name} for {}",
            if arguments.is_empty() || arguments == "()" {
                "no arguments"
            } else {
                arguments
            }
        )
    };
    (message, hint)
}

/// The known name that needs the fewest changed letters, if it is near.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .min()
        .filter(|(far, _)| *far <= 3)
        .map(|(_, near)| near)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let (mut diagonal, mut left) = (i, i + 1);
        for (j, y) in b.chars().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX);
            let cell = (diagonal + usize::from(x != y)).min(left + 1).min(above + 1);
            diagonal = above;
            if let Some(slot) = row.get_mut(j) {
                *slot = left;
            }
            left = cell;
        }
        if let Some(slot) = row.last_mut() {
            *slot = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn place(position: Position, message: String, hint: Option<String>) -> ScriptError {
    let line = position.line().unwrap_or(0);
    let column = if line == 0 {
        0
    } else {
        position.position().unwrap_or(1)
    };
    ScriptError {
        line,
        column,
        message,
        hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_changed_letters() {
        for (a, b, expected) in [
            ("sma", "sma", 0),
            ("smaa", "sma", 1),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("abc", "", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
