//! Bands, channels and clouds around the price, and the extremes they are made of.

use super::{Group, Indicator, InputKind, Pane, at, bars, factor, output, width};
use crate::{channels, talib};

pub(super) const ALL: &[Indicator] = &[
    entry! {
        "bollinger", "Bollinger bands"; Bands, Source, Overlay;
        "Simple average with a band of standard deviations on each side.";
        "TA-Lib BBANDS, population standard deviation (Bollinger 1983); the middle is the exact simple average";
        [bars("length", "Bars averaged", 2.0, 20.0), width("Standard deviations from the middle", 2.0)];
        [output("upper", "Upper band"), output("mid", "Middle"), output("lower", "Lower band")];
        |p| at(p, 0) - 1.0 => channels::bollinger
    },
    entry! {
        "bollinger_percent", "Bollinger %B"; Bands, Source, Own;
        "Where the value stands between its Bollinger bands: 0 on the lower, 1 on the upper.";
        "TA-Lib PERCENTB (Bollinger 1983)";
        [bars("length", "Bars averaged", 2.0, 20.0), width("Standard deviations from the middle", 2.0)]; [];
        |p| at(p, 0) - 1.0 => talib::bollinger_percent
    },
    entry! {
        "bollinger_width", "Bollinger bandwidth"; Bands, Source, Own;
        "Distance of the Bollinger bands in percent of the middle; low before large moves.";
        "TA-Lib BBW (Bollinger 1983)";
        [bars("length", "Bars averaged", 2.0, 20.0), width("Standard deviations from the middle", 2.0)]; [];
        |p| at(p, 0) - 1.0 => talib::bollinger_width
    },
    entry! {
        "keltner", "Keltner channel"; Bands, Bars, Overlay;
        "Exponential average with a band of smoothed true ranges on each side.";
        "EMA(close) +- width * EMA(true range), as pandas-ta";
        [bars("length", "Bars averaged", 2.0, 20.0), width("True ranges from the middle", 2.0)];
        [output("upper", "Upper band"), output("mid", "Middle"), output("lower", "Lower band")];
        |p| at(p, 0) => channels::keltner
    },
    entry! {
        "donchian", "Donchian channel"; Bands, Bars, Overlay;
        "Highest high and lowest low of the last bars, the current one among them.";
        "Rolling maximum of high and minimum of low";
        [bars("length", "Bars looked at", 1.0, 20.0)];
        [output("upper", "Upper"), output("mid", "Middle"), output("lower", "Lower")];
        |p| at(p, 0) - 1.0 => channels::donchian
    },
    entry! {
        "envelope", "Envelope"; Bands, Source, Overlay;
        "Simple average with a fixed part of itself on each side.";
        "SMA * (1 +- percent / 100)";
        [bars("length", "Bars averaged", 1.0, 20.0), factor("percent", "Percent from the middle", 0.01, 100.0, 5.0)];
        [output("upper", "Upper"), output("mid", "Middle"), output("lower", "Lower")];
        |p| at(p, 0) - 1.0 => channels::envelope
    },
    entry! {
        "linreg_channel", "Linear regression channel"; Bands, Source, Overlay;
        "Straight line through the last bars (its end point) with standard deviations of the distances from it on each side.";
        "Least squares; population standard deviation of the residuals (Raff 1991 draws their largest instead)";
        [bars("length", "Bars fitted", 3.0, 100.0), width("Standard deviations from the line", 2.0)];
        [output("upper", "Upper"), output("mid", "Middle"), output("lower", "Lower")];
        |p| at(p, 0) - 1.0 => channels::linreg_channel
    },
    entry! {
        "error_bands", "Standard error bands"; Bands, Source, Overlay;
        "Regression line with its standard errors on each side, smoothed: tight in a clean trend.";
        "Andersen 1996: residual error sqrt(SSE / (n - 2)), simple average of line and error";
        [
            bars("length", "Bars fitted", 3.0, 21.0),
            width("Standard errors from the line", 2.0),
            bars("smooth", "Bars of the smoothing", 1.0, 3.0)
        ];
        [output("upper", "Upper"), output("mid", "Middle"), output("lower", "Lower")];
        |p| at(p, 0) + at(p, 2) - 2.0 => channels::error_bands
    },
    entry! {
        "acceleration_bands", "Acceleration bands"; Bands, Bars, Overlay;
        "Averages of highs and lows widened by the bars' own ranges.";
        "TA-Lib ACCBANDS (Headley 2002)";
        [bars("length", "Bars averaged", 2.0, 20.0)];
        [output("upper", "Upper band"), output("mid", "Middle"), output("lower", "Lower band")];
        lib(talib::acceleration_bands)
    },
    entry! {
        "ichimoku", "Ichimoku cloud"; Bands, Bars, Overlay;
        "Middles of three ranges; the two spans stand where a chart shows them, computed `base` bars before. The lagging span is left out: it would show later prices.";
        "Hosoda 1969, as pandas-ta";
        [
            bars("conversion", "Bars of the conversion line", 1.0, 9.0),
            bars("base", "Bars of the base line, and the shift of the spans", 1.0, 26.0),
            bars("span", "Bars of the slow span", 1.0, 52.0)
        ];
        [
            output("conversion", "Conversion line"), output("base", "Base line"),
            output("span_a", "Leading span A"), output("span_b", "Leading span B")
        ];
        |p| at(p, 1) + at(p, 0).max(at(p, 1)).max(at(p, 2)) - 1.0 => channels::ichimoku
    },
    entry! {
        "highest", "Highest"; Bands, Source, Overlay;
        "Highest value of the last bars, the current one among them.";
        "Rolling maximum";
        [bars("length", "Bars looked at", 1.0, 20.0)]; [];
        |p| at(p, 0) - 1.0 => channels::highest
    },
    entry! {
        "lowest", "Lowest"; Bands, Source, Overlay;
        "Lowest value of the last bars, the current one among them.";
        "Rolling minimum";
        [bars("length", "Bars looked at", 1.0, 20.0)]; [];
        |p| at(p, 0) - 1.0 => channels::lowest
    },
];
