//! Averages and other lines over the candles that take one source.

use super::{Indicator, InputKind, Pane, at, bars, factor, output};
use crate::{movement, talib};

macro_rules! average {
    ($id:literal, $title:literal, $about:literal, $formula:literal, $min:literal, $default:literal, $warm:expr, $compute:expr) => {
        Indicator {
            id: $id,
            title: $title,
            about: $about,
            formula: $formula,
            input: InputKind::Source,
            pane: Pane::Overlay,
            params: &[bars("length", "Bars averaged", $min, $default)],
            outputs: &[output("value", $title)],
            warm_up: $warm,
            compute: $compute,
        }
    };
}

pub(super) const ALL: &[Indicator] = &[
    average!(
        "sma",
        "Simple moving average",
        "Mean of the last bars; its sums are exact, so two equal averages compare as equal.",
        "Arithmetic mean; integer sums on the price grid",
        1.0,
        20.0,
        |p| at(p, 0) - 1.0,
        movement::sma
    ),
    average!(
        "ema",
        "Exponential moving average",
        "Mean that forgets older bars gradually: each new bar weighs 2/(length+1).",
        "TA-Lib EMA: seeded with the simple mean of the first bars",
        2.0,
        20.0,
        |p| at(p, 0) - 1.0,
        talib::ema
    ),
    average!(
        "wma",
        "Weighted moving average",
        "Mean in which the newest bar weighs most, falling by one step for each older bar.",
        "TA-Lib WMA",
        2.0,
        20.0,
        |p| at(p, 0) - 1.0,
        talib::wma
    ),
    average!(
        "dema",
        "Double exponential moving average",
        "Exponential average with part of its lag taken out: 2*EMA - EMA(EMA).",
        "TA-Lib DEMA (Mulloy 1994)",
        2.0,
        20.0,
        |p| 2.0 * (at(p, 0) - 1.0),
        talib::dema
    ),
    average!(
        "tema",
        "Triple exponential moving average",
        "Exponential average with most of its lag taken out: 3*EMA - 3*EMA(EMA) + EMA(EMA(EMA)).",
        "TA-Lib TEMA (Mulloy 1994)",
        2.0,
        20.0,
        |p| 3.0 * (at(p, 0) - 1.0),
        talib::tema
    ),
    average!(
        "kama",
        "Kaufman's adaptive moving average",
        "Average that moves fast in a trend and hardly at all in a sideways market.",
        "TA-Lib KAMA (Kaufman 1995)",
        2.0,
        10.0,
        |p| at(p, 0),
        talib::kama
    ),
    average!(
        "hma",
        "Hull moving average",
        "Weighted average that follows the price with little lag.",
        "Hull 2005: WMA(2*WMA(n/2) - WMA(n), sqrt(n)), as pandas-ta",
        2.0,
        20.0,
        |p| at(p, 0) - 1.0 + at(p, 0).sqrt().floor() - 1.0,
        movement::hma
    ),
    average!(
        "linreg",
        "Linear regression",
        "End point of the straight line fitted through the last bars.",
        "TA-Lib LINEARREG",
        2.0,
        14.0,
        |p| at(p, 0) - 1.0,
        talib::linearreg
    ),
    Indicator {
        id: "sar",
        title: "Parabolic SAR",
        about: "Trailing stop that speeds up with the trend and flips sides when it is touched.",
        formula: "TA-Lib SAR (Wilder 1978)",
        input: InputKind::Bars,
        pane: Pane::Overlay,
        params: &[
            factor("step", "Acceleration step", 0.0, 1.0, 0.02),
            factor("maximum", "Largest acceleration", 0.0, 1.0, 0.2),
        ],
        outputs: &[output("value", "Parabolic SAR")],
        warm_up: |_| 1.0,
        compute: talib::sar,
    },
    Indicator {
        id: "supertrend",
        title: "Supertrend",
        about: "Band of average true ranges on the losing side of the price; the direction is 1 up, -1 down.",
        formula: "pandas-ta supertrend, ATR by Wilder",
        input: InputKind::Bars,
        pane: Pane::Overlay,
        params: &[
            bars("length", "Bars of the average true range", 2.0, 10.0),
            factor("width", "Average true ranges from the middle", 0.1, 50.0, 3.0),
        ],
        outputs: &[output("value", "Supertrend"), output("direction", "Direction")],
        warm_up: |p| at(p, 0),
        compute: movement::supertrend,
    },
];
