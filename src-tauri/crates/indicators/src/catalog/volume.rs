//! Indicators that read the volume.

use super::{Group, Indicator, InputKind, Pane, Shape, at, bars, drawn, factor, output};
use crate::{talib, volume};

pub(super) const ALL: &[Indicator] = &[
    entry! {
        "vwap", "VWAP of the day"; Volume, Bars, Overlay;
        "Mean price since 00:00 UTC, weighted by what was traded.";
        "Sum of hlc3 * volume over sum of volume, from midnight UTC";
        []; [output("value", "VWAP")];
        |_| 0.0 => volume::vwap
    },
    entry! {
        "vwap_rolling", "Rolling VWAP"; Volume, Bars, Overlay;
        "Mean price of the last bars, weighted by what was traded.";
        "Sum of hlc3 * volume over sum of volume";
        [bars("length", "Bars averaged", 1.0, 20.0)]; [];
        |p| at(p, 0) - 1.0 => volume::rolling_vwap
    },
    entry! {
        "obv", "On-balance volume"; Volume, Bars, Own;
        "Volume added on rising and taken away on falling closes.";
        "TA-Lib OBV, starting at the first volume (Granville 1963)";
        []; [];
        lib(talib::obv)
    },
    entry! {
        "adl", "Accumulation/distribution line"; Volume, Bars, Own;
        "Volume added by where the close stands in the bar's range.";
        "TA-Lib AD (Chaikin)";
        []; [];
        lib(talib::adl)
    },
    entry! {
        "adosc", "Chaikin oscillator"; Volume, Bars, Own;
        "Fast less slow exponential average of the accumulation/distribution line.";
        "TA-Lib ADOSC (Chaikin)";
        [bars("fast", "Bars of the fast average", 2.0, 3.0), bars("slow", "Bars of the slow average", 2.0, 10.0)]; [];
        lib(talib::adosc)
    },
    entry! {
        "cmf", "Chaikin money flow"; Volume, Bars, Own;
        "Share of the volume that closed near the top of the bars' ranges, -1 to 1.";
        "TA-Lib CMF (Chaikin)";
        [bars("length", "Bars summed", 2.0, 20.0)]; [];
        lib(talib::cmf)
    },
    entry! {
        "mfi", "Money flow index"; Volume, Bars, Own;
        "RSI weighted by volume, 0 to 100.";
        "TA-Lib MFI (Quong and Soudack)";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::mfi)
    },
    entry! {
        "force", "Force index"; Volume, Bars, Own;
        "Change times volume, smoothed.";
        "TA-Lib EFI (Elder 1993)";
        [bars("length", "Bars averaged", 2.0, 13.0)]; [];
        lib(talib::force)
    },
    entry! {
        "volume_oscillator", "Volume oscillator"; Volume, Bars, Own;
        "Fast less slow exponential average of the volume, in percent of the slow one.";
        "TA-Lib PVO of exponential averages";
        [bars("fast", "Bars of the fast average", 2.0, 5.0), bars("slow", "Bars of the slow average", 2.0, 10.0)]; [];
        lib(talib::volume_oscillator)
    },
    entry! {
        "pvo", "Percentage volume oscillator"; Volume, Bars, Own;
        "MACD of the volume in percent of its slow average, with its signal line.";
        "TA-Lib PVO of exponential averages, signal by TA-Lib EMA";
        [
            bars("fast", "Bars of the fast average", 2.0, 12.0),
            bars("slow", "Bars of the slow average", 2.0, 26.0),
            bars("signal", "Bars of the signal line", 1.0, 9.0)
        ];
        [output("value", "PVO"), output("signal", "Signal"), drawn("histogram", "Histogram", Shape::Histogram)];
        |p| at(p, 0).max(at(p, 1)) + at(p, 2) - 2.0 => talib::pvo
    },
    entry! {
        "relative_volume", "Relative volume"; Volume, Bars, Own;
        "Volume over the mean of the bars before: 1 is usual.";
        "TA-Lib RVOL";
        [bars("length", "Bars before", 1.0, 20.0)];
        [drawn("value", "Relative volume", Shape::Histogram)];
        lib(talib::relative_volume)
    },
    entry! {
        "pvt", "Price volume trend"; Volume, Bars, Own;
        "Volume times the relative change of the close, added up.";
        "TA-Lib PVT";
        []; [];
        lib(talib::pvt)
    },
    entry! {
        "nvi", "Negative volume index"; Volume, Bars, Own;
        "Index that follows the price only on bars of falling volume, from 1000.";
        "TA-Lib NVI (Dysart 1936, Fosback 1976)";
        []; [];
        lib(talib::nvi)
    },
    entry! {
        "pvi", "Positive volume index"; Volume, Bars, Own;
        "Index that follows the price only on bars of rising volume, from 1000.";
        "TA-Lib PVI (Dysart 1936, Fosback 1976)";
        []; [];
        lib(talib::pvi)
    },
    entry! {
        "klinger", "Klinger volume oscillator"; Volume, Bars, Own;
        "Fast less slow average of the volume force, and its signal line.";
        "TA-Lib KVO (Klinger 1997: the volume force of the original, not the signed volume some charts use)";
        [
            bars("fast", "Bars of the fast average", 2.0, 34.0),
            bars("slow", "Bars of the slow average", 2.0, 55.0),
            bars("signal", "Bars of the signal line", 2.0, 13.0)
        ];
        [output("value", "Klinger"), output("signal", "Signal")];
        lib(talib::klinger)
    },
    entry! {
        "ease", "Ease of movement"; Volume, Bars, Own;
        "How far the price moves for its volume.";
        "TA-Lib EMV (Arms 1989)";
        [bars("length", "Bars averaged", 1.0, 14.0), factor("divisor", "Volume is counted in units of this", 1.0, 1e12, 10_000.0)]; [];
        lib(talib::ease)
    },
];
