//! Speed of the price: oscillators, each in a pane of its own.

use super::{Group, Indicator, InputKind, Pane, Shape, at, bars, drawn, output};
use crate::{oscillators, talib};

pub(super) const ALL: &[Indicator] = &[
    entry! {
        "rsi", "Relative strength index"; Momentum, Source, Own;
        "Share of the gains in the recent moves, 0 to 100.";
        "TA-Lib RSI: Wilder's smoothing, seeded with the simple mean";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::rsi)
    },
    entry! {
        "macd", "MACD"; Momentum, Source, Own;
        "Difference of a fast and a slow exponential average, its own average, and the distance of the two.";
        "TA-Lib MACD (Appel 1979)";
        [
            bars("fast", "Bars of the fast average", 2.0, 12.0),
            bars("slow", "Bars of the slow average", 2.0, 26.0),
            bars("signal", "Bars of the signal line", 1.0, 9.0)
        ];
        [output("macd", "MACD"), output("signal", "Signal"), drawn("histogram", "Histogram", Shape::Histogram)];
        lib(talib::macd)
    },
    entry! {
        "ppo", "Percentage price oscillator"; Momentum, Source, Own;
        "MACD in percent of the slow average, so that markets compare.";
        "TA-Lib PPO of exponential averages (Appel), signal by TA-Lib EMA";
        [
            bars("fast", "Bars of the fast average", 2.0, 12.0),
            bars("slow", "Bars of the slow average", 2.0, 26.0),
            bars("signal", "Bars of the signal line", 1.0, 9.0)
        ];
        [output("value", "PPO"), output("signal", "Signal"), drawn("histogram", "Histogram", Shape::Histogram)];
        |p| talib::ppo_line::warm_up(p) + at(p, 2) - 1.0 => talib::ppo
    },
    entry! {
        "apo", "Absolute price oscillator"; Momentum, Source, Own;
        "Difference of a fast and a slow exponential average.";
        "TA-Lib APO of exponential averages";
        [bars("fast", "Bars of the fast average", 2.0, 12.0), bars("slow", "Bars of the slow average", 2.0, 26.0)]; [];
        lib(talib::apo)
    },
    entry! {
        "stoch", "Stochastic"; Momentum, Bars, Own;
        "Where the close stands in the range of the last bars, 0 to 100, smoothed twice.";
        "TA-Lib STOCH with simple averages (Lane)";
        [
            bars("length", "Bars of the range", 1.0, 14.0),
            bars("smooth_k", "Bars of the first smoothing", 1.0, 3.0),
            bars("smooth_d", "Bars of the second smoothing", 1.0, 3.0)
        ];
        [output("k", "%K"), output("d", "%D")];
        |p| at(p, 0) + at(p, 1) + at(p, 2) - 3.0 => talib::stoch
    },
    entry! {
        "stochrsi", "Stochastic RSI"; Momentum, Source, Own;
        "Where the RSI stands in its own recent range, 0 to 100.";
        "TA-Lib STOCHRSI with simple averages (Chande and Kroll 1994)";
        [
            bars("length", "Bars of the RSI", 2.0, 14.0),
            bars("range", "Bars of the range", 1.0, 14.0),
            bars("smooth_d", "Bars of the smoothing", 1.0, 3.0)
        ];
        [output("k", "%K"), output("d", "%D")];
        lib(talib::stochrsi)
    },
    entry! {
        "kdj", "KDJ"; Momentum, Bars, Own;
        "Stochastic with Wilder's smoothing and a third line that leaves 0 to 100 at extremes: 3K - 2D.";
        "TA-Lib KDJ with Wilder averages";
        [
            bars("length", "Bars of the range", 1.0, 9.0),
            bars("smooth_k", "Bars of the first smoothing", 1.0, 3.0),
            bars("smooth_d", "Bars of the second smoothing", 1.0, 3.0)
        ];
        [output("k", "K"), output("d", "D"), output("j", "J")];
        |p| at(p, 0) + at(p, 1) + at(p, 2) - 3.0 => talib::kdj
    },
    entry! {
        "smi", "Stochastic momentum index"; Momentum, Bars, Own;
        "Distance of the close from the middle of the recent range, smoothed twice, -100 to 100.";
        "TA-Lib SMI (Blau 1993)";
        [
            bars("length", "Bars of the range", 2.0, 13.0),
            bars("fast", "Bars of the fast smoothing", 2.0, 2.0),
            bars("slow", "Bars of the slow smoothing", 2.0, 25.0),
            bars("signal", "Bars of the signal line", 2.0, 9.0)
        ];
        [output("value", "SMI"), output("signal", "Signal")];
        lib(talib::stochastic_momentum)
    },
    entry! {
        "connors_rsi", "Connors RSI"; Momentum, Source, Own;
        "Mean of a short RSI, the RSI of the streak, and the rank of the last change, 0 to 100.";
        "TA-Lib CRSI (Connors and Alvarez 2012)";
        [
            bars("length", "Bars of the RSI", 2.0, 3.0),
            bars("streak", "Bars of the RSI of the streak", 2.0, 2.0),
            bars("rank", "Changes the last one is ranked among", 2.0, 100.0)
        ]; [];
        lib(talib::connors_rsi)
    },
    entry! {
        "cci", "Commodity channel index"; Momentum, Bars, Own;
        "Distance of the typical price from its mean, in mean deviations.";
        "TA-Lib CCI (Lambert 1980)";
        [bars("length", "Bars looked at", 2.0, 20.0)]; [];
        lib(talib::cci)
    },
    entry! {
        "willr", "Williams %R"; Momentum, Bars, Own;
        "Where the close stands in the range of the last bars, -100 to 0.";
        "TA-Lib WILLR";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::willr)
    },
    entry! {
        "roc", "Rate of change"; Momentum, Source, Own;
        "Change against the value some bars ago, in percent.";
        "TA-Lib ROC";
        [bars("length", "Bars looked at", 1.0, 10.0)]; [];
        lib(talib::roc)
    },
    entry! {
        "mom", "Momentum"; Momentum, Source, Own;
        "Difference to the value some bars ago.";
        "TA-Lib MOM";
        [bars("length", "Bars looked at", 1.0, 10.0)]; [];
        lib(talib::mom)
    },
    entry! {
        "cmo", "Chande momentum oscillator"; Momentum, Source, Own;
        "Gains less losses over their sum, -100 to 100.";
        "TA-Lib CMO";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::cmo)
    },
    entry! {
        "trix", "TRIX"; Momentum, Source, Own;
        "Change of a triple exponential average from bar to bar, in percent.";
        "TA-Lib TRIX (Hutson 1983)";
        [bars("length", "Bars of each average", 2.0, 15.0)]; [];
        lib(talib::trix)
    },
    entry! {
        "ultosc", "Ultimate oscillator"; Momentum, Bars, Own;
        "Buying pressure over three spans in one number, 0 to 100.";
        "TA-Lib ULTOSC (Williams 1976)";
        [
            bars("short", "Bars of the short span", 1.0, 7.0),
            bars("middle", "Bars of the middle span", 1.0, 14.0),
            bars("long", "Bars of the long span", 1.0, 28.0)
        ]; [];
        lib(talib::ultosc)
    },
    entry! {
        "awesome", "Awesome oscillator"; Momentum, Bars, Own;
        "Short less long simple average of the bars' middles; its sums are exact, so a zero is a zero.";
        "Williams 1995, as TA-Lib AO";
        [bars("fast", "Bars of the short average", 1.0, 5.0), bars("slow", "Bars of the long average", 1.0, 34.0)];
        [drawn("value", "Awesome oscillator", Shape::Histogram)];
        |p| at(p, 0).max(at(p, 1)) - 1.0 => oscillators::awesome
    },
    entry! {
        "accelerator", "Accelerator oscillator"; Momentum, Bars, Own;
        "Awesome oscillator less its own simple average.";
        "Williams 1998, as TA-Lib AC";
        [
            bars("fast", "Bars of the short average", 1.0, 5.0),
            bars("slow", "Bars of the long average", 1.0, 34.0),
            bars("smooth", "Bars of the oscillator's average", 1.0, 5.0)
        ];
        [drawn("value", "Accelerator oscillator", Shape::Histogram)];
        |p| at(p, 0).max(at(p, 1)) + at(p, 2) - 2.0 => oscillators::accelerator
    },
    entry! {
        "tsi", "True strength index"; Momentum, Source, Own;
        "Change smoothed twice over its size smoothed twice, -100 to 100.";
        "TA-Lib TSI (Blau 1991), signal by TA-Lib EMA";
        [
            bars("long", "Bars of the first smoothing", 2.0, 25.0),
            bars("short", "Bars of the second smoothing", 2.0, 13.0),
            bars("signal", "Bars of the signal line", 1.0, 13.0)
        ];
        [output("value", "TSI"), output("signal", "Signal")];
        |p| talib::tsi_line::warm_up(p) + at(p, 2) - 1.0 => talib::tsi
    },
    entry! {
        "kst", "Know sure thing"; Momentum, Source, Own;
        "Four smoothed rates of change, the longer ones weighing more, and their average.";
        "TA-Lib KST (Pring 1992)";
        [
            bars("roc1", "Bars of the first change", 1.0, 10.0), bars("roc2", "Bars of the second change", 1.0, 15.0),
            bars("roc3", "Bars of the third change", 1.0, 20.0), bars("roc4", "Bars of the fourth change", 1.0, 30.0),
            bars("sma1", "Bars of its average", 1.0, 10.0), bars("sma2", "Bars of its average", 1.0, 10.0),
            bars("sma3", "Bars of its average", 1.0, 10.0), bars("sma4", "Bars of its average", 1.0, 15.0),
            bars("signal", "Bars of the signal line", 1.0, 9.0)
        ];
        [output("value", "KST"), output("signal", "Signal")];
        lib(talib::kst)
    },
    entry! {
        "coppock", "Coppock curve"; Momentum, Source, Own;
        "Weighted average of the sum of two rates of change; made for monthly bars.";
        "TA-Lib COPPOCK (Coppock 1962)";
        [
            bars("smooth", "Bars of the weighted average", 1.0, 10.0),
            bars("short", "Bars of the short change", 1.0, 11.0),
            bars("long", "Bars of the long change", 1.0, 14.0)
        ]; [];
        lib(talib::coppock)
    },
    entry! {
        "schaff", "Schaff trend cycle"; Momentum, Source, Own;
        "MACD put twice through a stochastic, 0 to 100.";
        "TA-Lib STC (Schaff 1999)";
        [
            bars("fast", "Bars of the fast average", 2.0, 23.0),
            bars("slow", "Bars of the slow average", 2.0, 50.0),
            bars("cycle", "Bars of both ranges", 2.0, 10.0)
        ]; [];
        lib(talib::schaff)
    },
    entry! {
        "fisher", "Fisher transform"; Momentum, Bars, Own;
        "Place of the bars' middle in its recent range, reshaped so that extremes are rare; the trigger is one bar later.";
        "TA-Lib FISHER (Ehlers 2002)";
        [bars("length", "Bars of the range", 2.0, 9.0)];
        [output("value", "Fisher"), output("trigger", "Trigger")];
        lib(talib::fisher)
    },
    entry! {
        "wavetrend", "WaveTrend"; Momentum, Bars, Own;
        "Distance of the typical price from its average in smoothed mean distances, and its own average.";
        "TA-Lib WAVETREND (LazyBear's channel index)";
        [
            bars("channel", "Bars of the channel", 2.0, 10.0),
            bars("average", "Bars of the line's average", 1.0, 21.0),
            bars("signal", "Bars of the signal line", 1.0, 4.0)
        ];
        [output("value", "WaveTrend"), output("signal", "Signal")];
        lib(talib::wavetrend)
    },
    entry! {
        "detrended", "Detrended price oscillator"; Momentum, Source, Own;
        "Value half a length ago less the simple average of the whole length: the cycle without the trend.";
        "TA-Lib DPO, not centred: no later bar is read; exact sums";
        [bars("length", "Bars averaged", 2.0, 20.0)]; [];
        |p| (at(p, 0) - 1.0).max((at(p, 0) / 2.0).floor() + 1.0) => oscillators::detrended
    },
    entry! {
        "bop", "Balance of power"; Momentum, Bars, Own;
        "Close less open over the bar's range, -1 to 1.";
        "TA-Lib BOP (Livshin 2001)";
        []; [];
        lib(talib::bop)
    },
    entry! {
        "imi", "Intraday momentum index"; Momentum, Bars, Own;
        "RSI of the bars' bodies: share of the rising ones, 0 to 100.";
        "TA-Lib IMI (Chande and Kroll 1994)";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::imi)
    },
];
