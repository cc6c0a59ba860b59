//! Averages and other lines over the candles that take one source.

use super::{Group, Indicator, InputKind, Pane, at, bars, factor, output};
use crate::{movement, talib, volume};

pub(super) const ALL: &[Indicator] = &[
    entry! {
        "sma", "Simple moving average"; Averages, Source, Overlay;
        "Mean of the last bars; its sums are exact, so two equal averages compare as equal.";
        "Arithmetic mean; integer sums on the price grid";
        [bars("length", "Bars averaged", 1.0, 20.0)]; [];
        |p| at(p, 0) - 1.0 => movement::sma
    },
    entry! {
        "ema", "Exponential moving average"; Averages, Source, Overlay;
        "Mean that forgets older bars gradually: each new bar weighs 2/(length+1).";
        "TA-Lib EMA: seeded with the simple mean of the first bars";
        [bars("length", "Bars averaged", 2.0, 20.0)]; [];
        lib(talib::ema)
    },
    entry! {
        "wma", "Weighted moving average"; Averages, Source, Overlay;
        "Mean in which the newest bar weighs most, falling by one step for each older bar.";
        "TA-Lib WMA";
        [bars("length", "Bars averaged", 2.0, 20.0)]; [];
        lib(talib::wma)
    },
    entry! {
        "dema", "Double exponential moving average"; Averages, Source, Overlay;
        "Exponential average with part of its lag taken out: 2*EMA - EMA(EMA).";
        "TA-Lib DEMA (Mulloy 1994)";
        [bars("length", "Bars averaged", 2.0, 20.0)]; [];
        lib(talib::dema)
    },
    entry! {
        "tema", "Triple exponential moving average"; Averages, Source, Overlay;
        "Exponential average with most of its lag taken out: 3*EMA - 3*EMA(EMA) + EMA(EMA(EMA)).";
        "TA-Lib TEMA (Mulloy 1994)";
        [bars("length", "Bars averaged", 2.0, 20.0)]; [];
        lib(talib::tema)
    },
    entry! {
        "t3", "Tillson T3"; Averages, Source, Overlay;
        "Six exponential averages combined so that the line is smooth and lags little.";
        "TA-Lib T3 (Tillson 1998)";
        [bars("length", "Bars of each average", 2.0, 5.0), factor("factor", "How much lag is taken out", 0.0, 1.0, 0.7)]; [];
        lib(talib::t3)
    },
    entry! {
        "trima", "Triangular moving average"; Averages, Source, Overlay;
        "Simple average of a simple average: the middle of the window weighs most.";
        "TA-Lib TRIMA";
        [bars("length", "Bars averaged", 2.0, 20.0)]; [];
        lib(talib::trima)
    },
    entry! {
        "rma", "Wilder's moving average"; Averages, Source, Overlay;
        "The slow exponential average inside RSI and ATR: each new bar weighs 1/length.";
        "TA-Lib RMA (Wilder 1978): seeded with the simple mean of the first bars";
        [bars("length", "Bars averaged", 2.0, 14.0)]; [];
        lib(talib::rma)
    },
    entry! {
        "kama", "Kaufman's adaptive moving average"; Averages, Source, Overlay;
        "Average that moves fast in a trend and hardly at all in a sideways market.";
        "TA-Lib KAMA (Kaufman 1995)";
        [bars("length", "Bars averaged", 2.0, 10.0)]; [];
        lib(talib::kama)
    },
    entry! {
        "hma", "Hull moving average"; Averages, Source, Overlay;
        "Weighted average that follows the price with little lag.";
        "Hull 2005: WMA(2*WMA(n/2) - WMA(n), sqrt(n)), as pandas-ta";
        [bars("length", "Bars averaged", 2.0, 20.0)]; [];
        |p| at(p, 0) - 1.0 + at(p, 0).sqrt().floor() - 1.0 => movement::hma
    },
    entry! {
        "alma", "Arnaud Legoux moving average"; Averages, Source, Overlay;
        "Mean weighted by a bell curve whose peak lies near the newest bars.";
        "TA-Lib ALMA (Legoux and Kouzis-Loukas 2009): the peak lies on a whole bar, rounded towards the oldest";
        [
            bars("length", "Bars averaged", 2.0, 9.0),
            factor("offset", "Where the peak lies: 0 oldest, 1 newest bar", 0.0, 1.0, 0.85),
            factor("sigma", "How narrow the bell is", 0.1, 100.0, 6.0)
        ]; [];
        |p| at(p, 0) - 1.0 => talib::alma
    },
    entry! {
        "zlema", "Zero-lag exponential moving average"; Averages, Source, Overlay;
        "Exponential average of a source moved ahead by its own recent change.";
        "TA-Lib ZLEMA (Ehlers and Way 2010)";
        [bars("length", "Bars averaged", 2.0, 20.0)]; [];
        lib(talib::zlema)
    },
    entry! {
        "mcginley", "McGinley dynamic"; Averages, Source, Overlay;
        "Average that speeds up when the price falls away from it and slows down when it runs ahead.";
        "TA-Lib MCGD (McGinley 1990): seeded with the first value";
        [bars("length", "Bars averaged", 2.0, 14.0)]; [];
        lib(talib::mcginley)
    },
    entry! {
        "vidya", "Variable index dynamic average"; Averages, Source, Overlay;
        "Exponential average whose speed follows the strength of the momentum.";
        "TA-Lib VIDYA (Chande 1992)";
        [bars("length", "Bars averaged", 2.0, 12.0), bars("momentum", "Bars of the momentum", 2.0, 9.0)]; [];
        lib(talib::vidya)
    },
    entry! {
        "frama", "Fractal adaptive moving average"; Averages, Bars, Overlay;
        "Exponential average of the bars' middles that slows down the more the price zigzags.";
        "TA-Lib FRAMA (Ehlers 2005)";
        [bars("half", "Bars of each half of the window", 2.0, 8.0)]; [];
        |p| talib::frama_of::warm_up(&[2.0 * at(p, 0)]) => talib::frama
    },
    entry! {
        "vwma", "Volume-weighted moving average"; Averages, Source, Overlay;
        "Mean of the last bars, weighted by what was traded.";
        "Sum of source * volume over sum of volume";
        [bars("length", "Bars averaged", 1.0, 20.0)]; [];
        |p| at(p, 0) - 1.0 => volume::vwma
    },
    entry! {
        "linreg", "Linear regression (least squares average)"; Averages, Source, Overlay;
        "End point of the straight line fitted through the last bars.";
        "TA-Lib LINEARREG";
        [bars("length", "Bars fitted", 2.0, 14.0)]; [];
        lib(talib::linreg)
    },
    entry! {
        "median", "Moving median"; Averages, Source, Overlay;
        "Middle of the last values in order of size; one spike does not move it.";
        "TA-Lib MEDIAN";
        [bars("length", "Bars looked at", 2.0, 21.0)]; [];
        lib(talib::median)
    },
    entry! {
        "alligator", "Alligator"; Averages, Bars, Overlay;
        "Three Wilder averages of the bars' middles, each drawn some bars later (8, 5 and 3): apart in a trend, twined without.";
        "Williams 1995";
        [
            bars("jaw", "Bars of the slow line", 2.0, 13.0),
            bars("teeth", "Bars of the middle line", 2.0, 8.0),
            bars("lips", "Bars of the fast line", 2.0, 5.0)
        ];
        [output("jaw", "Jaw"), output("teeth", "Teeth"), output("lips", "Lips")];
        |p| (at(p, 0) + 7.0).max(at(p, 1) + 4.0).max(at(p, 2) + 2.0) => movement::alligator
    },
    entry! {
        "heikin_ashi", "Heikin-Ashi"; Averages, Bars, Overlay;
        "Candles averaged with the candle before; fewer change colour within a trend. Not prices that traded.";
        "TA-Lib HA (Valcu 2004)";
        [];
        [output("open", "Open"), output("high", "High"), output("low", "Low"), output("close", "Close")];
        lib(talib::heikin_ashi)
    },
];
