//! What every function of the language is, beside its indicators.

use promptpal_indicators::find;

/// A function of the strategy language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    pub(crate) signature: &'static str,
    pub(crate) about: &'static str,
}

const fn entry(
    group: &'static str,
    name: &'static str,
    signature: &'static str,
    about: &'static str,
) -> Entry {
    Entry {
        group,
        name,
        signature,
        about,
    }
}

const STRATEGY: &str = "The strategy";
const ORDERS: &str = "Orders";
const CONDITIONS: &str = "Conditions";
const NUMBERS: &str = "Series";
const NEWS: &str = "News";

/// Every function the engine registers beside the indicators; a test compares the two.
pub(crate) const FUNCTIONS: &[Entry] = &[
    entry(
        STRATEGY,
        "strategy",
        "strategy(name, about)",
        "Names the strategy. A script may instead begin with `//!` lines.",
    ),
    entry(
        STRATEGY,
        "param",
        "param(name, default, #{min, max, step, about, unit})",
        "A number that the user may change. A whole default makes it a whole number. The options may be left out.",
    ),
    entry(
        ORDERS,
        "enter_long",
        "enter_long(condition)",
        "Buy at the next open when flat; trading both sides, also close a short position. Several calls mean any of them.",
    ),
    entry(
        ORDERS,
        "exit_long",
        "exit_long(condition)",
        "Sell the long position at the next open.",
    ),
    entry(
        ORDERS,
        "enter_short",
        "enter_short(condition)",
        "Sell short at the next open when flat; trading both sides, also close a long position.",
    ),
    entry(
        ORDERS,
        "exit_short",
        "exit_short(condition)",
        "Buy back the short position at the next open.",
    ),
    entry(
        ORDERS,
        "stop_loss",
        "stop_loss(percent(x))",
        "Leave at a loss of x percent from the entry's fill price, from the bar after the entry on.",
    ),
    entry(
        ORDERS,
        "take_profit",
        "take_profit(percent(x))",
        "Leave at a gain of x percent from the entry's fill price, from the bar after the entry on.",
    ),
    entry(
        ORDERS,
        "percent",
        "percent(x)",
        "x percent of the entry price, for stop_loss and take_profit.",
    ),
    entry(
        ORDERS,
        "part",
        "part(x)",
        "The same as a part: part(0.03) is percent(3).",
    ),
    entry(
        CONDITIONS,
        "crosses_above",
        "crosses_above(a, b)",
        "True on the bar where a is above b after being at or below it on the bar before.",
    ),
    entry(
        CONDITIONS,
        "crosses_below",
        "crosses_below(a, b)",
        "True on the bar where a is below b after being at or above it on the bar before.",
    ),
    entry(
        CONDITIONS,
        "becomes_true",
        "becomes_true(condition)",
        "True only on the bar where the condition turns from false to true.",
    ),
    entry(
        NUMBERS,
        "ago",
        "x.ago(n)",
        "The series or condition as it was n bars before; n is 0 or more.",
    ),
    entry(
        NUMBERS,
        "choose",
        "choose(condition, a, b)",
        "a on the bars where the condition is true, b where it is false.",
    ),
    entry(NUMBERS, "sum", "sum(x, n)", "Sum of the last n values."),
    entry(NUMBERS, "abs", "abs(x)", "The value without its sign."),
    entry(NUMBERS, "sqrt", "sqrt(x)", "Square root."),
    entry(NUMBERS, "ln", "ln(x)", "Natural logarithm."),
    entry(NUMBERS, "exp", "exp(x)", "The inverse of ln."),
    entry(NUMBERS, "min", "min(a, b)", "The smaller of the two on each bar."),
    entry(NUMBERS, "max", "max(a, b)", "The larger of the two on each bar."),
    entry(
        NEWS,
        "sentiment",
        "sentiment(window, half_life)",
        "Mean sentiment of the asset's news of the last window (\"6h\", \"2d\"), -1 to 1, newer articles weighing more: half \
         the weight after half_life, by default half the window. Only articles that were available at the bar's close count; \
         without any the value is missing and no comparison with it holds.",
    ),
    entry(
        NEWS,
        "sentiment_count",
        "sentiment_count(window)",
        "How many scored articles about the asset were available in the last window.",
    ),
];

/// How a function or indicator is written.
pub(crate) fn signature_of(name: &str) -> Option<String> {
    if let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) {
        return Some(function.signature.to_owned());
    }
    let indicator = find(name)?;
    let source = indicator.takes_column().then(|| "series".to_owned());
    let params = indicator
        .params
        .iter()
        .map(|spec| format!("{} = {}", spec.name, spec.default));
    Some(format!(
        "{name}({})",
        source.into_iter().chain(params).collect::<Vec<_>>().join(", ")
    ))
}
