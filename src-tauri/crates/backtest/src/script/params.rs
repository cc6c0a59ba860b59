//! Parameters: a script describes them where it uses them.

use rhai::Dynamic;
use serde::{Deserialize, Serialize};

/// A parameter of a strategy, as its script declares it. Form, validation, sweeps and documentation come from here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParamSpec {
    /// Its name.
    pub name: String,
    /// The value where none is given.
    pub default: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Step of a form field and of a sweep.
    pub step: f64,
    /// What it does.
    pub about: String,
    /// Its unit, for people.
    pub unit: String,
    /// Whether the script wrote the default as a whole number and gets whole numbers.
    pub integer: bool,
}

impl ParamSpec {
    /// Reads `param(name, default, #{min, max, step, about, unit})`. Bounds left out are wide around the default.
    pub(super) fn read(name: &str, default: &Dynamic, options: Option<&rhai::Map>) -> Result<Self, String> {
        let valid = (1..=40).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && !name.starts_with(|c: char| c.is_ascii_digit());
        if !valid {
            return Err(format!(
                "'{name}' cannot name a parameter: use small letters, digits and _"
            ));
        }
        let integer = default.is_int();
        let Some(value) = number(default) else {
            return Err(format!(
                "the default of '{name}' must be a number, not {}",
                default.type_name()
            ));
        };
        let wide = (value.abs() * 100.0).max(100.0);
        let mut spec = Self {
            name: name.to_owned(),
            default: value,
            min: if value < 0.0 { -wide } else { 0.0 },
            max: wide,
            step: if integer { 1.0 } else { 0.1 },
            about: String::new(),
            unit: String::new(),
            integer,
        };
        for (key, value) in options.into_iter().flatten() {
            let as_number = || number(value).ok_or_else(|| format!("{key} of '{name}' must be a number"));
            let as_text = || {
                value
                    .clone()
                    .into_string()
                    .map_err(|_| format!("{key} of '{name}' must be a text in quotes"))
            };
            match key.as_str() {
                "min" => spec.min = as_number()?,
                "max" => spec.max = as_number()?,
                "step" => spec.step = as_number()?,
                "about" => spec.about = as_text()?,
                "unit" => spec.unit = as_text()?,
                _ => {
                    return Err(format!(
                        "'{name}' has no option {key}: there are min, max, step, about and unit"
                    ));
                }
            }
        }
        spec.check()
    }

    fn check(self) -> Result<Self, String> {
        let Self {
            name,
            default,
            min,
            max,
            step,
            ..
        } = &self;
        if !(min.is_finite() && max.is_finite() && min <= default && default <= max) {
            return Err(format!(
                "'{name}': {min} <= {default} <= {max} (min, default, max) does not hold"
            ));
        }
        if !(*step > 0.0 && step.is_finite()) {
            return Err(format!("'{name}': the step must be above 0"));
        }
        if self.integer && [min, max, step].into_iter().any(|value| value.fract() != 0.0) {
            return Err(format!(
                "'{name}' has a whole default, so min, max and step must be whole; write {default}.0 for decimals"
            ));
        }
        Ok(self)
    }
}

/// The number a script wrote, whole or not.
pub(super) fn number(value: &Dynamic) -> Option<f64> {
    value
        .as_float()
        .ok()
        .or_else(|| value.as_int().ok().map(|int| int as f64))
        .filter(|number| number.is_finite())
}
