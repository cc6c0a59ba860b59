//! The strategies that come with the program. They are scripts like any other, and the examples of the language.

use crate::{Script, ScriptError};

/// A strategy that comes with the program.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Its name on the command line: `sma-cross`.
    pub id: &'static str,
    /// Its script; the leading `//!` lines are its page.
    pub source: &'static str,
}

impl Builtin {
    /// The compiled script.
    ///
    /// # Errors
    /// None in practice: a test compiles every one of them.
    pub fn script(&self) -> Result<Script, ScriptError> {
        Script::compile(self.source)
    }
}

macro_rules! builtins {
    ($($id:literal),+ $(,)?) => {
        &[$(Builtin { id: $id, source: include_str!(concat!("../strategies/", $id, ".rhai")) }),+]
    };
}

/// Every built-in strategy, simplest first.
#[must_use]
pub fn builtins() -> &'static [Builtin] {
    builtins!(
        "buy-and-hold",
        "sma-cross",
        "ema-cross",
        "macd",
        "rsi-reversion",
        "bollinger-reversion",
        "bollinger-breakout",
        "donchian-turtle",
        "supertrend",
        "ichimoku",
        "adx-trend",
        "vwap-reversion",
        "momentum",
        "momentum-rotation",
        "grid",
        "dca",
        "news-sentiment",
        "sentiment-filtered-trend",
    )
}

/// The built-in strategy with this id.
#[must_use]
pub fn builtin(id: &str) -> Option<&'static Builtin> {
    builtins().iter().find(|strategy| strategy.id == id)
}
