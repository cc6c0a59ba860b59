//! Strategy scripts: compiled once, run once for a set of parameters, never for each bar.

mod docs;
mod engine;
mod faults;
mod functions;
mod indicators;
mod operators;
mod orders;
mod params;
mod values;

use std::sync::{Arc, Mutex};

use rhai::{AST, CallFnOptions};

use crate::plan::Plan;
use crate::{BacktestError, ScriptError, Sides};
use values::Recording;

pub(crate) use docs::FUNCTIONS;
pub use params::ParamSpec;

/// Longest script in bytes.
const MAX_SOURCE: usize = 64 * 1024;

/// A strategy script that compiles and runs with its default parameters.
#[derive(Clone, Debug)]
pub struct Script {
    source: String,
    ast: AST,
    name: String,
    about: String,
    params: Vec<ParamSpec>,
    default_side: Sides,
    uses_sentiment: bool,
    rotates: bool,
}

impl Script {
    /// Compiles a script and runs it once with its default parameters, which tells its name and parameters and finds most
    /// faults.
    ///
    /// # Errors
    /// [`ScriptError`] with line, column and a hint for anything wrong: syntax, unknown names, wrong types, limits exceeded,
    /// contradictory parameters, or a script that asks for no entry.
    pub fn compile(source: &str) -> Result<Self, ScriptError> {
        if source.len() > MAX_SOURCE {
            return Err(ScriptError {
                line: 0,
                column: 0,
                message: format!(
                    "the script is {} bytes long; the limit is {MAX_SOURCE}",
                    source.len()
                ),
                hint: None,
            });
        }
        let scope = engine::scope();
        let ast = engine::shared()
            .compile_with_scope(&scope, source)
            .map_err(|error| faults::from_parse(&error))?;
        let (title, text) = header(source);
        let recording = record(&ast, &[])?;
        let name = recording
            .name
            .clone()
            .or(title)
            .unwrap_or_else(|| "Unnamed strategy".to_owned());
        let about = recording.about.clone().unwrap_or(text);
        let plan = &recording.plan;
        let default_side = if plan.enter_long.is_some() || plan.rotation.is_some() {
            Sides::Long
        } else {
            Sides::Short
        };
        let uses_sentiment = plan.graph.reads_sentiment();
        let rotates = plan.rotation.is_some();
        Ok(Self {
            source: source.to_owned(),
            ast,
            name,
            about,
            params: recording.params,
            default_side,
            uses_sentiment,
            rotates,
        })
    }

    /// The name it states in `strategy(...)` or in its first `//!` line.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it states about itself in `strategy(...)` or in the `//!` lines after the first, as Markdown.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The script's text.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The parameters it asks for, in order.
    #[must_use]
    pub fn params(&self) -> &[ParamSpec] {
        &self.params
    }

    /// The direction that is traded when nobody says: long, or short for a script that only sells short.
    #[must_use]
    pub const fn default_side(&self) -> Sides {
        self.default_side
    }

    /// Whether it reads news sentiment.
    #[must_use]
    pub const fn uses_sentiment(&self) -> bool {
        self.uses_sentiment
    }

    /// Whether it ranks several symbols: then it runs with [`crate::run_rotation`].
    #[must_use]
    pub const fn rotates(&self) -> bool {
        self.rotates
    }

    /// The value of every parameter: those given, checked, and the defaults of the rest, in the script's order.
    ///
    /// # Errors
    /// [`BacktestError::UnknownParam`], [`BacktestError::ParamOutOfBounds`] and [`BacktestError::WholeParam`].
    pub fn resolve(&self, given: &[(String, f64)]) -> Result<Vec<(String, f64)>, BacktestError> {
        if let Some((name, _)) = given
            .iter()
            .find(|(name, _)| self.params.iter().all(|spec| spec.name != *name))
        {
            let known: Vec<&str> = self.params.iter().map(|spec| spec.name.as_str()).collect();
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            return Err(BacktestError::UnknownParam {
                name: name.clone(),
                known,
            });
        }
        self.params
            .iter()
            .map(|spec| {
                let given = given.iter().rev().find(|(name, _)| *name == spec.name);
                let value = given.map_or(spec.default, |(_, value)| *value);
                let ParamSpec { name, min, max, .. } = spec.clone();
                if !(min..=max).contains(&value) {
                    return Err(BacktestError::ParamOutOfBounds {
                        name,
                        value,
                        min,
                        max,
                    });
                }
                if spec.integer && value.fract() != 0.0 {
                    return Err(BacktestError::WholeParam { name, value });
                }
                Ok((name, value))
            })
            .collect()
    }

    /// Whether these parameter values give it orders that are filled within a bar: stops, targets, waiting entries. Where it has
    /// none, finer bars decide nothing.
    ///
    /// # Errors
    /// As [`Script::resolve`], and [`BacktestError::Script`].
    pub fn watches_prices(&self, given: &[(String, f64)]) -> Result<bool, BacktestError> {
        let plan = self.plan(&self.resolve(given)?)?;
        Ok(plan.watches_prices())
    }

    /// The graph and orders for these parameter values.
    pub(crate) fn plan(&self, params: &[(String, f64)]) -> Result<Plan, ScriptError> {
        record(&self.ast, params).map(|recording| recording.plan)
    }
}

/// Runs the script's statements once and hands back what they asked for.
fn record(ast: &AST, params: &[(String, f64)]) -> Result<Recording, ScriptError> {
    let recording = Arc::new(Mutex::new(Recording::new(params)));
    let options = CallFnOptions::new()
        .with_tag(recording.clone())
        .in_all_namespaces(true);
    let mut scope = engine::scope();
    // Statements run first; the function called then is ours and does nothing.
    engine::shared()
        .call_fn_with_options::<()>(options, &mut scope, ast, engine::END, ())
        .map_err(|error| faults::from_run(&error))?;
    let recording = match recording.lock() {
        Ok(recording) => recording.clone(),
        Err(poisoned) => poisoned.into_inner().clone(),
    };
    let plan = &recording.plan;
    let enters = plan.enter_long.is_some() || plan.enter_short.is_some();
    let placeless = |message: &str, hint: &str| ScriptError {
        line: 0,
        column: 0,
        message: message.to_owned(),
        hint: Some(hint.to_owned()),
    };
    if !enters && plan.rotation.is_none() {
        return Err(placeless(
            "the script never enters a position",
            "call enter_long(condition) or enter_short(condition), or rotate(score, hold, when) for several symbols",
        ));
    }
    if plan.rotation.is_some() && (enters || plan.orders_something()) {
        return Err(placeless(
            "the script rotates and gives orders of its own",
            "rotate(score, hold, when, eligible) decides on all entries and exits: leave the other orders out",
        ));
    }
    Ok(recording)
}

/// Title and text of the leading `//!` lines.
fn header(source: &str) -> (Option<String>, String) {
    let lines: Vec<&str> = source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    match lines.split_first() {
        Some((title, text)) => {
            let title = title.trim_start_matches('#').trim();
            (
                (!title.is_empty()).then(|| title.to_owned()),
                text.join("\n").trim().to_owned(),
            )
        }
        None => (None, String::new()),
    }
}
