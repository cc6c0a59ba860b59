//! Distribution of the last values, and levels of the day before.

use super::{Group, Indicator, InputKind, Pane, Shape, at, bars, drawn};
use crate::{levels, talib, volatility};

pub(super) const ALL: &[Indicator] = &[
    entry! {
        "zscore", "Z-score"; Statistics, Source, Own;
        "Distance from the mean of the last values in their standard deviations; none where all are equal.";
        "(x - mean) / population deviation (ddof 0), in twice the usual digits";
        [bars("length", "Bars looked at", 2.0, 20.0)]; [];
        |p| at(p, 0) - 1.0 => volatility::zscore
    },
    entry! {
        "percent_rank", "Percent rank"; Statistics, Source, Own;
        "Share of the values before that are below this one, 0 to 100. Looks at each of them: slow with long lengths.";
        "TA-Lib PERCENTRANK";
        [bars("length", "Values before", 2.0, 100.0)]; [];
        lib(talib::percent_rank)
    },
    entry! {
        "correlation", "Correlation with the close"; Statistics, Other, Own;
        "How much a column (another market's price, the volume, a mood) moves along with this market's close, -1 to 1.";
        "TA-Lib CORREL: Pearson's coefficient of the two columns";
        [bars("length", "Bars looked at", 2.0, 30.0)]; [];
        |p| at(p, 0) - 1.0 => talib::correlation
    },
    entry! {
        "pivots", "Pivot points of the day before"; Statistics, Bars, Overlay;
        "Levels from the previous UTC day's high, low and close; none where the data do not hold that day from its start.";
        "Classic: P = (H + L + C) / 3, R1 = 2P - L, S1 = 2P - H, R2 = P + (H - L), S2 = P - (H - L), R3 = H + 2(P - L), S3 = L - 2(H - P)";
        [];
        [
            drawn("pivot", "Pivot", Shape::Points), drawn("r1", "Resistance 1", Shape::Points), drawn("s1", "Support 1", Shape::Points),
            drawn("r2", "Resistance 2", Shape::Points), drawn("s2", "Support 2", Shape::Points),
            drawn("r3", "Resistance 3", Shape::Points), drawn("s3", "Support 3", Shape::Points)
        ];
        |_| 0.0 => levels::pivots
    },
];
