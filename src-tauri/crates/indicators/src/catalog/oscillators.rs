//! Momentum, strength of trend and volatility, each in a pane of its own.

use super::{Indicator, InputKind, Pane, at, bars, output};
use crate::talib;

macro_rules! oscillator {
    ($id:literal, $input:ident, $title:literal, $about:literal, $formula:literal, $min:literal, $default:literal, $warm:expr, $compute:expr) => {
        Indicator {
            id: $id,
            title: $title,
            about: $about,
            formula: $formula,
            input: InputKind::$input,
            pane: Pane::Own,
            params: &[bars("length", "Bars looked at", $min, $default)],
            outputs: &[output("value", $title)],
            warm_up: $warm,
            compute: $compute,
        }
    };
}

pub(super) const ALL: &[Indicator] = &[
    oscillator!(
        "rsi",
        Source,
        "Relative strength index",
        "Share of the gains in the recent moves, 0 to 100.",
        "TA-Lib RSI: Wilder's smoothing, seeded with the simple mean",
        2.0,
        14.0,
        |p| at(p, 0),
        talib::rsi
    ),
    Indicator {
        id: "macd",
        title: "MACD",
        about: "Difference of a fast and a slow exponential average, its own average, and the distance of the two.",
        formula: "TA-Lib MACD (Appel 1979)",
        input: InputKind::Source,
        pane: Pane::Own,
        params: &[
            bars("fast", "Bars of the fast average", 2.0, 12.0),
            bars("slow", "Bars of the slow average", 2.0, 26.0),
            bars("signal", "Bars of the signal line", 1.0, 9.0),
        ],
        outputs: &[
            output("macd", "MACD"),
            output("signal", "Signal"),
            output("histogram", "Histogram"),
        ],
        warm_up: |p| at(p, 0).max(at(p, 1)) + at(p, 2) - 2.0,
        compute: talib::macd,
    },
    Indicator {
        id: "stoch",
        title: "Stochastic",
        about: "Where the close stands in the range of the last bars, 0 to 100, smoothed twice.",
        formula: "TA-Lib STOCH with simple averages (Lane)",
        input: InputKind::Bars,
        pane: Pane::Own,
        params: &[
            bars("length", "Bars of the range", 1.0, 14.0),
            bars("smooth_k", "Bars of the first smoothing", 1.0, 3.0),
            bars("smooth_d", "Bars of the second smoothing", 1.0, 3.0),
        ],
        outputs: &[output("k", "%K"), output("d", "%D")],
        warm_up: |p| at(p, 0) + at(p, 1) + at(p, 2) - 3.0,
        compute: talib::stoch,
    },
    Indicator {
        id: "stochrsi",
        title: "Stochastic RSI",
        about: "Where the RSI stands in its own recent range, 0 to 100.",
        formula: "TA-Lib STOCHRSI with simple averages (Chande and Kroll 1994)",
        input: InputKind::Source,
        pane: Pane::Own,
        params: &[
            bars("length", "Bars of the RSI", 2.0, 14.0),
            bars("range", "Bars of the range", 1.0, 14.0),
            bars("smooth_d", "Bars of the smoothing", 1.0, 3.0),
        ],
        outputs: &[output("k", "%K"), output("d", "%D")],
        warm_up: |p| at(p, 0) + at(p, 1) + at(p, 2) - 2.0,
        compute: talib::stochrsi,
    },
    oscillator!(
        "cci",
        Bars,
        "Commodity channel index",
        "Distance of the typical price from its mean, in mean deviations.",
        "TA-Lib CCI (Lambert 1980)",
        2.0,
        20.0,
        |p| at(p, 0) - 1.0,
        talib::cci
    ),
    oscillator!(
        "willr",
        Bars,
        "Williams %R",
        "Where the close stands in the range of the last bars, -100 to 0.",
        "TA-Lib WILLR",
        2.0,
        14.0,
        |p| at(p, 0) - 1.0,
        talib::willr
    ),
    oscillator!(
        "roc",
        Source,
        "Rate of change",
        "Change against the value some bars ago, in percent.",
        "TA-Lib ROC",
        1.0,
        10.0,
        |p| at(p, 0),
        talib::roc
    ),
    oscillator!(
        "mom",
        Source,
        "Momentum",
        "Difference to the value some bars ago.",
        "TA-Lib MOM",
        1.0,
        10.0,
        |p| at(p, 0),
        talib::mom
    ),
    oscillator!(
        "cmo",
        Source,
        "Chande momentum oscillator",
        "Gains less losses over their sum, -100 to 100.",
        "TA-Lib CMO",
        2.0,
        14.0,
        |p| at(p, 0),
        talib::cmo
    ),
    oscillator!(
        "trix",
        Source,
        "TRIX",
        "Change of a triple exponential average from bar to bar, in percent.",
        "TA-Lib TRIX (Hutson 1983)",
        2.0,
        15.0,
        |p| 3.0 * (at(p, 0) - 1.0) + 1.0,
        talib::trix
    ),
    Indicator {
        id: "ultosc",
        title: "Ultimate oscillator",
        about: "Buying pressure over three spans in one number, 0 to 100.",
        formula: "TA-Lib ULTOSC (Williams 1976)",
        input: InputKind::Bars,
        pane: Pane::Own,
        params: &[
            bars("short", "Bars of the short span", 1.0, 7.0),
            bars("middle", "Bars of the middle span", 1.0, 14.0),
            bars("long", "Bars of the long span", 1.0, 28.0),
        ],
        outputs: &[output("value", "Ultimate oscillator")],
        warm_up: |p| at(p, 0).max(at(p, 1)).max(at(p, 2)),
        compute: talib::ultosc,
    },
    Indicator {
        id: "aroon",
        title: "Aroon",
        about: "How recently the highest high and the lowest low were, 0 to 100.",
        formula: "TA-Lib AROON (Chande 1995)",
        input: InputKind::Bars,
        pane: Pane::Own,
        params: &[bars("length", "Bars looked at", 2.0, 25.0)],
        outputs: &[output("down", "Aroon down"), output("up", "Aroon up")],
        warm_up: |p| at(p, 0),
        compute: talib::aroon,
    },
    oscillator!(
        "adx",
        Bars,
        "Average directional index",
        "Strength of the trend in either direction, 0 to 100.",
        "TA-Lib ADX (Wilder 1978)",
        2.0,
        14.0,
        |p| 2.0 * at(p, 0) - 1.0,
        talib::adx
    ),
    oscillator!(
        "plus_di",
        Bars,
        "Plus directional indicator",
        "Strength of the upward moves, 0 to 100.",
        "TA-Lib PLUS_DI (Wilder 1978)",
        2.0,
        14.0,
        |p| at(p, 0),
        talib::plus_di
    ),
    oscillator!(
        "minus_di",
        Bars,
        "Minus directional indicator",
        "Strength of the downward moves, 0 to 100.",
        "TA-Lib MINUS_DI (Wilder 1978)",
        2.0,
        14.0,
        |p| at(p, 0),
        talib::minus_di
    ),
    oscillator!(
        "atr",
        Bars,
        "Average true range",
        "Usual size of a bar's move, in price.",
        "TA-Lib ATR: Wilder's smoothing",
        2.0,
        14.0,
        |p| at(p, 0),
        talib::atr
    ),
    oscillator!(
        "natr",
        Bars,
        "Normalised average true range",
        "Usual size of a bar's move, in percent of the close.",
        "TA-Lib NATR",
        2.0,
        14.0,
        |p| at(p, 0),
        talib::natr
    ),
    Indicator {
        id: "tr",
        title: "True range",
        about: "Size of the bar's move, the jump from the last close included.",
        formula: "TA-Lib TRANGE (Wilder 1978)",
        input: InputKind::Bars,
        pane: Pane::Own,
        params: &[],
        outputs: &[output("value", "True range")],
        warm_up: |_| 1.0,
        compute: talib::trange,
    },
    oscillator!(
        "stddev",
        Source,
        "Standard deviation",
        "Spread of the last values around their mean (population, ddof 0).",
        "TA-Lib STDDEV",
        2.0,
        20.0,
        |p| at(p, 0) - 1.0,
        talib::stddev
    ),
];
