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
        "enter_long(condition, order)",
        "Buy when flat; trading both sides, also close a short position. Without an order at the next open, else as the order says. Several calls mean any of them and have the same order.",
    ),
    entry(
        ORDERS,
        "exit_long",
        "exit_long(condition)",
        "Sell the long position at the next open, and take back a buy order that waits.",
    ),
    entry(
        ORDERS,
        "enter_short",
        "enter_short(condition, order)",
        "Sell short when flat; trading both sides, also close a long position. Without an order at the next open, else as the order says.",
    ),
    entry(
        ORDERS,
        "exit_short",
        "exit_short(condition)",
        "Buy back the short position at the next open, and take back a sell order that waits.",
    ),
    entry(
        ORDERS,
        "limit_order",
        "limit_order(price, bars)",
        "Enter at the price, as it is at the close of the decision, or better. The order stands for so many bars, 1 where nothing is said; a new signal replaces it.",
    ),
    entry(
        ORDERS,
        "stop_order",
        "stop_order(price, bars)",
        "Enter at the market once the price is reached: a breakout.",
    ),
    entry(
        ORDERS,
        "stop_limit_order",
        "stop_limit_order(trigger, price, bars)",
        "Place a limit order at the price once the trigger is reached. If the price cannot be had at the trigger, it is waited for from the next bar on.",
    ),
    entry(
        ORDERS,
        "stop_loss",
        "stop_loss(percent(x))",
        "Leave at a loss of x percent from the entry's fill price (or of distance(x)), from the bar after the entry on.",
    ),
    entry(
        ORDERS,
        "take_profit",
        "take_profit(percent(x))",
        "Leave at a gain of x percent from the entry's fill price (or of distance(x)), from the bar after the entry on.",
    ),
    entry(
        ORDERS,
        "trailing_stop",
        "trailing_stop(percent(x))",
        "Leave when the price falls x percent (or distance(x)) behind the best price since the entry; the best price of a bar counts from the next bar on.",
    ),
    entry(
        ORDERS,
        "bracket",
        "bracket(percent(x), percent(y))",
        "Stop loss and take profit in one: whichever is reached first takes the other back.",
    ),
    entry(
        ORDERS,
        "percent",
        "percent(x)",
        "x percent of the price, for stop_loss, take_profit, trailing_stop and bracket.",
    ),
    entry(
        ORDERS,
        "part",
        "part(x)",
        "The same as a part: part(0.03) is percent(3).",
    ),
    entry(
        ORDERS,
        "distance",
        "distance(x)",
        "A distance in the quote asset as it is at the close of the decision, such as distance(2 * atr(14)). Where it is not known, nothing is entered.",
    ),
    entry(
        ORDERS,
        "order_share",
        "order_share(x)",
        "Enter with only this part, above 0 and at most 1, of the size that the run states; a number, or a series as it is at the close of the decision.",
    ),
    entry(
        ORDERS,
        "pyramiding",
        "pyramiding(entries)",
        "Most entries of a position, 1 where nothing is said. Entering again moves stop and target to the mean price.",
    ),
    entry(
        ORDERS,
        "cooldown",
        "cooldown(bars)",
        "After an exit, the closes of so many bars, the exit's own first, decide on no entry from flat.",
    ),
    entry(
        ORDERS,
        "rotate",
        "rotate(score, hold, when, eligible)",
        "For several symbols on one account: where `when` is true the symbols are ranked by their score, and the `hold` highest are \
         bought at the next open, each for its part of the equity; what falls out is sold. With `eligible`, only symbols where \
         it is true. It stands instead of all other orders.",
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
        CONDITIONS,
        "in_session",
        "in_session(hours, days)",
        "Whether the bar closes within hours of the day in UTC (\"08:00-16:30\", over midnight \"22:00-04:00\") on days (\"mon-fri\", \
         \"sat,sun\"; all where nothing is said). The first minute is inside, the last is not.",
    ),
    entry(
        CONDITIONS,
        "every",
        "every(period)",
        "True on the bar whose close begins a new period (\"1d\", \"4h\"), counted from 1970 in UTC.",
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
    entry(
        NUMBERS,
        "timeframe",
        "timeframe(interval)",
        "Longer bars made of the tested ones (\"4h\", \"1d\", \"1w\"): .open, .high, .low, .close, .volume. What is built from them counts \
         longer bars, such as sma(timeframe(\"1d\").close, 20) or atr(timeframe(\"1d\"), 14); beside tested bars each has the value of \
         the last longer bar that has closed.",
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
