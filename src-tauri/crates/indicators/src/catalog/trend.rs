//! Direction and strength of a trend, and the stops that trail it.

use super::{Group, Indicator, InputKind, Pane, Shape, at, bars, drawn, factor, output, width};
use crate::{movement, talib};

pub(super) const ALL: &[Indicator] = &[
    entry! {
        "supertrend", "Supertrend"; Trend, Bars, Overlay;
        "Band of average true ranges on the losing side of the price; the direction is 1 up, -1 down.";
        "pandas-ta supertrend, ATR by Wilder";
        [bars("length", "Bars of the average true range", 2.0, 10.0), width("Average true ranges from the middle", 3.0)];
        [output("value", "Supertrend"), drawn("direction", "Direction", Shape::Hidden)];
        |p| at(p, 0) => movement::supertrend
    },
    entry! {
        "sar", "Parabolic SAR"; Trend, Bars, Overlay;
        "Trailing stop that speeds up with the trend and flips sides when it is touched.";
        "TA-Lib SAR (Wilder 1978)";
        [factor("step", "Acceleration step", 0.0, 1.0, 0.02), factor("maximum", "Largest acceleration", 0.0, 1.0, 0.2)];
        [drawn("value", "Parabolic SAR", Shape::Points)];
        lib(talib::sar)
    },
    entry! {
        "chandelier", "Chandelier exit"; Trend, Bars, Overlay;
        "Stops some average true ranges below the highest high (long) and above the lowest low (short).";
        "LeBeau, in Elder 2002: highest(high, n) - width * ATR(n), lowest(low, n) + width * ATR(n), ATR by Wilder";
        [bars("length", "Bars of the extremes and the average true range", 2.0, 22.0), width("Average true ranges", 3.0)];
        [output("long", "Stop of a long position"), output("short", "Stop of a short position")];
        |p| at(p, 0) => movement::chandelier
    },
    entry! {
        "chande_kroll", "Chande Kroll stop"; Trend, Bars, Overlay;
        "Stops of average true ranges from the extremes, each the extreme of its own last values.";
        "TA-Lib CKSP (Chande and Kroll 1994)";
        [
            bars("length", "Bars of the extremes and the average true range", 2.0, 10.0),
            factor("width", "Average true ranges", 0.0, 50.0, 1.0),
            bars("stop", "Bars of the stop's own extreme", 1.0, 9.0)
        ];
        [output("long", "Stop of a long position"), output("short", "Stop of a short position")];
        lib(talib::chande_kroll)
    },
    entry! {
        "adx", "Average directional index"; Trend, Bars, Own;
        "Strength of the trend in either direction, 0 to 100.";
        "TA-Lib ADX (Wilder 1978)";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::adx)
    },
    entry! {
        "adxr", "Average directional index rating"; Trend, Bars, Own;
        "Mean of the directional index now and one length ago.";
        "TA-Lib ADXR (Wilder 1978)";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::adxr)
    },
    entry! {
        "plus_di", "Plus directional indicator"; Trend, Bars, Own;
        "Strength of the upward moves, 0 to 100.";
        "TA-Lib PLUS_DI (Wilder 1978)";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::plus_di)
    },
    entry! {
        "minus_di", "Minus directional indicator"; Trend, Bars, Own;
        "Strength of the downward moves, 0 to 100.";
        "TA-Lib MINUS_DI (Wilder 1978)";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::minus_di)
    },
    entry! {
        "dmi", "Directional movement"; Trend, Bars, Own;
        "Strength of the upward and the downward moves and of the trend, together.";
        "TA-Lib PLUS_DI, MINUS_DI, ADX (Wilder 1978)";
        [bars("length", "Bars looked at", 2.0, 14.0)];
        [output("plus", "+DI"), output("minus", "-DI"), output("adx", "ADX")];
        talib::adx::warm_up => talib::dmi
    },
    entry! {
        "aroon", "Aroon"; Trend, Bars, Own;
        "How recently the highest high and the lowest low were, 0 to 100.";
        "TA-Lib AROON (Chande 1995)";
        [bars("length", "Bars looked at", 2.0, 25.0)];
        [output("down", "Aroon down"), output("up", "Aroon up")];
        lib(talib::aroon)
    },
    entry! {
        "aroon_oscillator", "Aroon oscillator"; Trend, Bars, Own;
        "Aroon up less Aroon down, -100 to 100.";
        "TA-Lib AROONOSC (Chande 1995)";
        [bars("length", "Bars looked at", 2.0, 25.0)]; [];
        lib(talib::aroon_oscillator)
    },
    entry! {
        "vortex", "Vortex indicator"; Trend, Bars, Own;
        "Upward and downward reach from bar to bar, in true ranges; the larger one is the trend's side.";
        "TA-Lib VORTEX (Botes and Siepman 2010)";
        [bars("length", "Bars summed", 2.0, 14.0)];
        [output("plus", "VI+"), output("minus", "VI-")];
        lib(talib::vortex)
    },
    entry! {
        "mass", "Mass index"; Trend, Bars, Own;
        "Widening of the bars' ranges, summed; a bulge over 27 that falls again warns of a turn.";
        "TA-Lib MASSI (Dorsey 1992)";
        [bars("smooth", "Bars of both averages", 2.0, 9.0), bars("length", "Bars summed", 2.0, 25.0)]; [];
        lib(talib::mass)
    },
    entry! {
        "choppiness", "Choppiness index"; Trend, Bars, Own;
        "Way travelled against the range covered: near 0 in a straight run, near 100 in a sideways market.";
        "TA-Lib CHOP (Dreiss)";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::choppiness)
    },
    entry! {
        "vhf", "Vertical horizontal filter"; Trend, Source, Own;
        "Range covered over way travelled, 0 to 1: high in a trend.";
        "TA-Lib VHF (White 1991)";
        [bars("length", "Bars looked at", 2.0, 28.0)]; [];
        lib(talib::vhf)
    },
    entry! {
        "efficiency", "Efficiency ratio"; Trend, Source, Own;
        "Change over way travelled, 0 to 1: high in a trend.";
        "TA-Lib ER (Kaufman 1995)";
        [bars("length", "Bars looked at", 2.0, 10.0)]; [];
        lib(talib::efficiency)
    },
    entry! {
        "linreg_slope", "Linear regression slope"; Trend, Source, Own;
        "Change a bar of the straight line through the last bars.";
        "TA-Lib LINEARREG_SLOPE";
        [bars("length", "Bars fitted", 2.0, 14.0)]; [];
        lib(talib::linreg_slope)
    },
    entry! {
        "trend_correlation", "Correlation trend"; Trend, Source, Own;
        "Correlation of the last values with a rising line, -1 to 1.";
        "TA-Lib CTI (Ehlers 2020)";
        [bars("length", "Bars looked at", 2.0, 20.0)]; [];
        lib(talib::trend_correlation)
    },
    entry! {
        "elder_ray", "Elder ray"; Trend, Bars, Own;
        "How far the high stands above and the low below the exponential average of the close.";
        "TA-Lib ERI (Elder 1993)";
        [bars("length", "Bars averaged", 2.0, 13.0)];
        [drawn("bull", "Bull power", Shape::Histogram), drawn("bear", "Bear power", Shape::Histogram)];
        lib(talib::elder_ray)
    },
];
