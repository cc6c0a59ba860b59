//! What computes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What computes: two programs that speak the same protocol and read other weights of the same model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// rust-bert in 32-bit floats: the network as it was trained.
    #[default]
    Exact,
    /// ONNX Runtime in 8-bit integers: two to six times as fast, and another label for a few texts of a thousand.
    Fast,
}

impl Engine {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Exact, Self::Fast];

    /// As configuration files and command lines name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Fast => "fast",
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that no engine has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no engine '{0}'; there are exact and fast")]
pub struct EngineNameError(String);

impl FromStr for Engine {
    type Err = EngineNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|engine| engine.as_str() == name);
        found.ok_or_else(|| EngineNameError(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for engine in Engine::ALL {
            assert_eq!(engine.to_string().parse(), Ok(engine));
            assert_eq!(
                serde_json::to_value(engine).unwrap(),
                serde_json::json!(engine.as_str())
            );
        }
        let error = "quick".parse::<Engine>().unwrap_err();
        assert!(error.to_string().contains("exact and fast"));
    }
}
