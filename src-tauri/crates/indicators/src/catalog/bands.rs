//! Bands, channels and clouds around the price, and the extremes they are made of.

use super::{Indicator, InputKind, Pane, at, bars, factor, output};
use crate::{channels, talib};

pub(super) const ALL: &[Indicator] = &[
    Indicator {
        id: "bollinger",
        title: "Bollinger bands",
        about: "Simple average with a band of standard deviations on each side.",
        formula: "TA-Lib BBANDS, population standard deviation (Bollinger 1983)",
        input: InputKind::Source,
        pane: Pane::Overlay,
        params: &[
            bars("length", "Bars averaged", 2.0, 20.0),
            factor("width", "Standard deviations from the middle", 0.1, 50.0, 2.0),
        ],
        outputs: &[
            output("upper", "Upper band"),
            output("mid", "Middle"),
            output("lower", "Lower band"),
        ],
        warm_up: |p| at(p, 0) - 1.0,
        compute: talib::bollinger,
    },
    Indicator {
        id: "donchian",
        title: "Donchian channel",
        about: "Highest high and lowest low of the last bars, the current one among them.",
        formula: "Rolling maximum of high and minimum of low",
        input: InputKind::Bars,
        pane: Pane::Overlay,
        params: &[bars("length", "Bars looked at", 1.0, 20.0)],
        outputs: &[
            output("upper", "Upper"),
            output("mid", "Middle"),
            output("lower", "Lower"),
        ],
        warm_up: |p| at(p, 0) - 1.0,
        compute: channels::donchian,
    },
    Indicator {
        id: "keltner",
        title: "Keltner channel",
        about: "Exponential average with a band of smoothed true ranges on each side.",
        formula: "EMA(close) +- width * EMA(true range), as pandas-ta",
        input: InputKind::Bars,
        pane: Pane::Overlay,
        params: &[
            bars("length", "Bars averaged", 2.0, 20.0),
            factor("width", "True ranges from the middle", 0.1, 50.0, 2.0),
        ],
        outputs: &[
            output("upper", "Upper band"),
            output("mid", "Middle"),
            output("lower", "Lower band"),
        ],
        warm_up: |p| at(p, 0),
        compute: channels::keltner,
    },
    Indicator {
        id: "ichimoku",
        title: "Ichimoku cloud",
        about: "Middles of three ranges; the two spans stand where a chart shows them, computed `base` bars before. The \
                lagging span is left out: it would show later prices.",
        formula: "Hosoda 1969, as pandas-ta",
        input: InputKind::Bars,
        pane: Pane::Overlay,
        params: &[
            bars("conversion", "Bars of the conversion line", 1.0, 9.0),
            bars(
                "base",
                "Bars of the base line, and the shift of the spans",
                1.0,
                26.0,
            ),
            bars("span", "Bars of the slow span", 1.0, 52.0),
        ],
        outputs: &[
            output("conversion", "Conversion line"),
            output("base", "Base line"),
            output("span_a", "Leading span A"),
            output("span_b", "Leading span B"),
        ],
        warm_up: |p| at(p, 1) + at(p, 0).max(at(p, 1)).max(at(p, 2)) - 1.0,
        compute: channels::ichimoku,
    },
    Indicator {
        id: "highest",
        title: "Highest",
        about: "Highest value of the last bars, the current one among them.",
        formula: "Rolling maximum",
        input: InputKind::Source,
        pane: Pane::Overlay,
        params: &[bars("length", "Bars looked at", 1.0, 20.0)],
        outputs: &[output("value", "Highest")],
        warm_up: |p| at(p, 0) - 1.0,
        compute: channels::highest,
    },
    Indicator {
        id: "lowest",
        title: "Lowest",
        about: "Lowest value of the last bars, the current one among them.",
        formula: "Rolling minimum",
        input: InputKind::Source,
        pane: Pane::Overlay,
        params: &[bars("length", "Bars looked at", 1.0, 20.0)],
        outputs: &[output("value", "Lowest")],
        warm_up: |p| at(p, 0) - 1.0,
        compute: channels::lowest,
    },
];
