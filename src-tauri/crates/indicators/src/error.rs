//! What can be wrong with a request for an indicator.

/// Why an indicator was not computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum IndicatorError {
    /// No indicator has this id.
    #[error("there is no indicator '{0}'")]
    Unknown(String),
    /// More parameters than the indicator has.
    #[error("{indicator} takes {expected} parameters, not {given}")]
    TooManyParams {
        /// The indicator's id.
        indicator: &'static str,
        /// How many it takes.
        expected: usize,
        /// How many were given.
        given: usize,
    },
    /// A parameter outside its bounds, or with decimals where a whole number is needed.
    #[error("{indicator}: {param} must be {} from {min} to {max}, not {given}", if *.integer { "a whole number" } else { "a number" })]
    Param {
        /// The indicator's id.
        indicator: &'static str,
        /// The parameter's name.
        param: &'static str,
        /// The value given.
        given: f64,
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Whether only whole numbers count.
        integer: bool,
    },
    /// The columns differ in length.
    #[error("a column has {given} values where the bars have {expected}")]
    Length {
        /// Bars.
        expected: usize,
        /// Values of the column.
        given: usize,
    },
    /// The indicator library refused numbers that passed our own checks.
    #[error("{indicator}: the calculation was refused ({code})")]
    Refused {
        /// The indicator's id.
        indicator: &'static str,
        /// The library's code.
        code: String,
    },
}
