//! Size of the moves.

use super::{Group, Indicator, InputKind, Pane, at, bars};
use crate::{talib, volatility};

pub(super) const ALL: &[Indicator] = &[
    entry! {
        "atr", "Average true range"; Volatility, Bars, Own;
        "Usual size of a bar's move, in price.";
        "TA-Lib ATR: Wilder's smoothing";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::atr)
    },
    entry! {
        "natr", "Normalised average true range"; Volatility, Bars, Own;
        "Usual size of a bar's move, in percent of the close.";
        "TA-Lib NATR";
        [bars("length", "Bars looked at", 2.0, 14.0)]; [];
        lib(talib::natr)
    },
    entry! {
        "tr", "True range"; Volatility, Bars, Own;
        "Size of the bar's move, the jump from the last close included.";
        "TA-Lib TRANGE (Wilder 1978)";
        []; [];
        lib(talib::trange)
    },
    entry! {
        "stddev", "Standard deviation"; Volatility, Source, Own;
        "Spread of the last values around their mean (population, ddof 0).";
        "TA-Lib STDDEV";
        [bars("length", "Bars looked at", 2.0, 20.0)]; [];
        lib(talib::stddev)
    },
    entry! {
        "hist_vol", "Historical volatility"; Volatility, Source, Own;
        "Deviation of the bar-to-bar returns, scaled to a year of 365 days, in percent.";
        "100 * sample deviation (ddof 1) of ln(x / x before) * sqrt(bars a year) (Hull)";
        [bars("length", "Returns looked at", 2.0, 20.0)]; [];
        |p| at(p, 0) => volatility::historical
    },
    entry! {
        "chaikin_volatility", "Chaikin volatility"; Volatility, Bars, Own;
        "Change of the smoothed range from high to low, in percent.";
        "TA-Lib CVI (Chaikin)";
        [bars("length", "Bars of the average", 2.0, 10.0), bars("change", "Bars of the change", 1.0, 10.0)]; [];
        lib(talib::chaikin_volatility)
    },
    entry! {
        "ulcer", "Ulcer index"; Volatility, Source, Own;
        "Depth and length of the falls from the recent high, in percent.";
        "Martin 1987: sqrt(mean((100 * (x - highest(x, n)) / highest(x, n))^2, n))";
        [bars("length", "Bars of the high and of the mean", 2.0, 14.0)]; [];
        |p| 2.0 * (at(p, 0) - 1.0) => volatility::ulcer
    },
    entry! {
        "rvi", "Relative volatility index"; Volatility, Source, Own;
        "RSI of the standard deviation: on which side the market is restless, 0 to 100.";
        "TA-Lib RVI (Dorsey 1993)";
        [bars("length", "Bars of the smoothing", 2.0, 14.0), bars("deviation", "Bars of the deviation", 2.0, 10.0)]; [];
        lib(talib::rvi)
    },
];
