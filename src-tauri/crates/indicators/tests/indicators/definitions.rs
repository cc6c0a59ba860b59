//! The formulas of our own indicators written out once more, bar by bar and as plainly as possible, and their corner cases.

use promptpal_domain::{Bars, Interval};
use promptpal_indicators::{Column, Frame, compute, compute_on};

use crate::market::{Random, market};

fn column(bars: &Bars, id: &str, params: &[f64], output: &str) -> Vec<f64> {
    let outputs = compute(id, params, bars).unwrap();
    outputs.into_iter().find(|o| o.name == output).unwrap().values
}

/// Compares with what `define` makes of the bars up to each one; `None` where there is no value.
fn check(name: &str, got: &[f64], define: impl Fn(usize) -> Option<f64>) {
    let mut values = 0;
    for (at, &got) in got.iter().enumerate() {
        match define(at) {
            None => assert!(got.is_nan(), "{name} bar {at}: {got} where there is none"),
            Some(expected) => {
                values += 1;
                let difference = (got - expected).abs() / expected.abs().max(1e-3);
                assert!(difference < 1e-9, "{name} bar {at}: {got}, not {expected}");
            }
        }
    }
    assert!(values > 50, "{name}");
}

fn window(values: &[f64], at: usize, n: usize) -> Option<&[f64]> {
    (at + 1 >= n).then(|| &values[at + 1 - n..=at])
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|x| (x - mean).powi(2)).sum()
}

/// End point and sum of squared residuals of the straight line through the values.
fn line(values: &[f64]) -> (f64, f64) {
    let middle = (values.len() - 1) as f64 / 2.0;
    let places: Vec<f64> = (0..values.len()).map(|t| t as f64 - middle).collect();
    let common: f64 = places.iter().zip(values).map(|(t, x)| t * x).sum();
    let slope = common / places.iter().map(|t| t * t).sum::<f64>();
    let at = |t: f64| mean(values) + slope * t;
    let errors = places.iter().zip(values).map(|(&t, x)| (x - at(t)).powi(2)).sum();
    (at(middle), errors)
}

#[test]
fn bands_around_a_regression_line() {
    let bars = market(&mut Random(11), 200, false);
    let close = &bars.close;
    for (sign, side) in [(1.0, "upper"), (0.0, "mid"), (-1.0, "lower")] {
        check(
            "linreg_channel",
            &column(&bars, "linreg_channel", &[30.0, 2.5], side),
            |at| {
                let (end, errors) = line(window(close, at, 30)?);
                Some(end + sign * 2.5 * (errors / 30.0).sqrt())
            },
        );
        check(
            "error_bands",
            &column(&bars, "error_bands", &[10.0, 2.0, 4.0], side),
            |at| {
                let fits = (at + 1).checked_sub(13)?;
                let parts: Vec<_> = (0..4).map(|i| line(&close[fits + i..fits + i + 10])).collect();
                let end = mean(&parts.iter().map(|p| p.0).collect::<Vec<_>>());
                let error = mean(&parts.iter().map(|p| (p.1 / 8.0).sqrt()).collect::<Vec<_>>());
                Some(end + sign * 2.0 * error)
            },
        );
        check("envelope", &column(&bars, "envelope", &[7.0, 3.0], side), |at| {
            Some(mean(window(close, at, 7)?) * (1.0 + sign * 0.03))
        });
    }
}

#[test]
fn stops_and_shifted_lines() {
    let bars = market(&mut Random(12), 200, false);
    let atr = column(&bars, "atr", &[9.0], "value");
    check(
        "chandelier long",
        &column(&bars, "chandelier", &[9.0, 2.0], "long"),
        |at| {
            let highest = window(&bars.high, at, 9)?
                .iter()
                .copied()
                .fold(f64::MIN, f64::max);
            (at >= 9).then(|| highest - 2.0 * atr[at])
        },
    );
    check(
        "chandelier short",
        &column(&bars, "chandelier", &[9.0, 2.0], "short"),
        |at| {
            let lowest = window(&bars.low, at, 9)?.iter().copied().fold(f64::MAX, f64::min);
            (at >= 9).then(|| lowest + 2.0 * atr[at])
        },
    );
    for (name, n, shift) in [("jaw", 13, 8), ("teeth", 8, 5), ("lips", 5, 3)] {
        check(name, &column(&bars, "alligator", &[], name), |at| {
            let at = at.checked_sub(shift)?;
            let middles: Vec<f64> = (0..=at).map(|i| 0.5 * (bars.high[i] + bars.low[i])).collect();
            let (first, rest) = middles.split_at_checked(n)?;
            Some(
                rest.iter()
                    .fold(mean(first), |smma, x| (smma * (n as f64 - 1.0) + x) / n as f64),
            )
        });
    }
}

#[test]
fn oscillators_of_simple_averages() {
    let bars = market(&mut Random(13), 200, false);
    let middles: Vec<f64> = bars
        .high
        .iter()
        .zip(&bars.low)
        .map(|(h, l)| 0.5 * (h + l))
        .collect();
    let awesome = |at: usize| Some(mean(window(&middles, at, 4)?) - mean(window(&middles, at, 11)?));
    check(
        "awesome",
        &column(&bars, "awesome", &[4.0, 11.0], "value"),
        awesome,
    );
    check(
        "accelerator",
        &column(&bars, "accelerator", &[4.0, 11.0, 6.0], "value"),
        |at| {
            let before: Option<Vec<f64>> = (at.checked_sub(5)?..=at).map(awesome).collect();
            Some(awesome(at)? - mean(&before?))
        },
    );
    check("detrended", &column(&bars, "detrended", &[14.0], "value"), |at| {
        Some(bars.close[at.checked_sub(8)?] - mean(window(&bars.close, at, 14)?))
    });
}

#[test]
fn spread_of_the_last_values() {
    let bars = market(&mut Random(14), 200, false);
    let close = &bars.close;
    check("zscore", &column(&bars, "zscore", &[15.0], "value"), |at| {
        let last = window(close, at, 15)?;
        Some((close[at] - mean(last)) / (squares(last) / 15.0).sqrt())
    });
    check("hist_vol", &column(&bars, "hist_vol", &[15.0], "value"), |at| {
        let last = window(close, at, 16)?;
        let returns: Vec<f64> = last.windows(2).map(|pair| (pair[1] / pair[0]).ln()).collect();
        Some(100.0 * (squares(&returns) / 14.0 * 365.0 * 24.0).sqrt())
    });
    check("ulcer", &column(&bars, "ulcer", &[8.0], "value"), |at| {
        let falls: Option<Vec<f64>> = (at.checked_sub(7)?..=at)
            .map(|i| {
                let peak = window(close, i, 8)?.iter().copied().fold(f64::MIN, f64::max);
                Some((100.0 * (close[i] / peak - 1.0)).powi(2))
            })
            .collect();
        Some(mean(&falls?).sqrt())
    });
    check(
        "vwap_rolling",
        &column(&bars, "vwap_rolling", &[6.0], "value"),
        |at| {
            let from = (at + 1).checked_sub(6)?;
            let amount: f64 = (from..=at)
                .map(|i| (bars.high[i] + bars.low[i] + bars.close[i]) / 3.0 * bars.volume[i])
                .sum();
            Some(amount / bars.volume[from..=at].iter().sum::<f64>())
        },
    );
}

#[test]
fn correlation_of_another_column_with_the_close() {
    let bars = market(&mut Random(19), 200, false);
    let mut other: Vec<f64> = bars
        .close
        .iter()
        .zip(&bars.volume)
        .map(|(c, v)| c + 0.004 * v)
        .collect();
    other[100] = f64::NAN;
    let frame = Frame::new(&bars, Column::new(&other)).unwrap();
    let line = compute_on("correlation", &[12.0], &frame)
        .unwrap()
        .remove(0)
        .values;
    check("correlation", &line, |at| {
        let (a, b) = (window(&other, at, 12)?, window(&bars.close, at, 12)?);
        let (mean_a, mean_b) = (mean(a), mean(b));
        let common: f64 = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum();
        let known = a.iter().all(|x| x.is_finite());
        known.then(|| common / (squares(a) * squares(b)).sqrt())
    });
}

#[test]
fn the_middle_of_bollinger_is_the_simple_average_bit_by_bit() {
    let bars = market(&mut Random(15), 300, false);
    let (mid, sma) = (
        column(&bars, "bollinger", &[20.0, 2.0], "mid"),
        column(&bars, "sma", &[20.0], "value"),
    );
    assert!(
        mid.iter()
            .zip(&sma)
            .all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()))
    );
}

#[test]
fn a_flat_market_has_no_z_score_and_no_volatility() {
    let mut bars = market(&mut Random(16), 120, false);
    for column in [&mut bars.open, &mut bars.high, &mut bars.low, &mut bars.close] {
        column[40..].fill(123.45);
    }
    let late = |id: &str, output: &str| column(&bars, id, &[], output)[80..].to_vec();
    assert!(late("zscore", "value").iter().all(|v| v.is_nan()));
    assert!(late("hist_vol", "value").iter().all(|&v| v == 0.0));
    assert!(late("ulcer", "value").iter().all(|&v| v == 0.0));
    assert!(late("awesome", "value").iter().all(|&v| v == 0.0));
    assert!(late("detrended", "value").iter().all(|&v| v == 0.0));
    let channel = compute("linreg_channel", &[30.0, 2.0], &bars).unwrap();
    for output in channel {
        let off = output.values[80..]
            .iter()
            .map(|v| (v - 123.45).abs())
            .fold(0.0, f64::max);
        assert!(off < 1e-12, "{} {off}", output.name);
    }
}

#[test]
fn nothing_traded_has_no_average_price() {
    let mut bars = market(&mut Random(17), 60, false);
    bars.volume[..50].fill(0.0);
    let line = column(&bars, "vwap_rolling", &[5.0], "value");
    assert!(line[..50].iter().all(|v| v.is_nan()) && line[50..].iter().all(|v| v.is_finite()));
}

#[test]
fn a_price_that_is_not_positive_has_no_return() {
    let bars = market(&mut Random(18), 60, false);
    let mut source = bars.close.clone();
    source[20] = 0.0;
    let frame = Frame::new(&bars, Column::new(&source)).unwrap();
    let line = &compute_on("hist_vol", &[5.0], &frame).unwrap()[0].values;
    assert!(line[19].is_finite() && line[20..26].iter().all(|v| v.is_nan()) && line[26].is_finite());
}

/// Days of `interval` bars from midnight, day `d` having the prices `100 + d`, one high and one low in the middle.
fn days(interval: Interval, bars_a_day: i64, count: i64) -> Bars {
    let mut bars = Bars::empty(interval, 2, 3);
    for at in 0..bars_a_day * count {
        let (day, part) = (at / bars_a_day, at % bars_a_day);
        let price = 100.0 + day as f64;
        bars.open_time.push(at * 86_400_000 / bars_a_day);
        bars.open.push(price);
        bars.high.push(if part == bars_a_day / 2 {
            price + 6.0
        } else {
            price + 1.0
        });
        bars.low.push(if part == bars_a_day / 3 {
            price - 4.0
        } else {
            price - 1.0
        });
        bars.close
            .push(price + if part + 1 == bars_a_day { 0.7 } else { 0.0 });
        bars.volume.push(1.0);
    }
    bars
}

#[test]
fn pivots_read_the_whole_day_before_and_nothing_else() {
    // H 106, L 96, C 100.7: P = 100.9.
    let (high, low, close) = (106.0, 96.0, 100.7);
    let pivot = (high + low + close) / 3.0;
    let expected = [
        ("pivot", pivot),
        ("r1", 2.0 * pivot - low),
        ("s1", 2.0 * pivot - high),
        ("r2", pivot + 10.0),
        ("s2", pivot - 10.0),
        ("r3", high + 2.0 * (pivot - low)),
        ("s3", low - 2.0 * (high - pivot)),
    ];
    let bars = days(Interval::Hour1, 24, 3);
    for (output, level) in expected {
        let line = column(&bars, "pivots", &[], output);
        assert!(line[..24].iter().all(|v| v.is_nan()), "{output}");
        assert!(line[24..48].iter().all(|v| (v - level).abs() < 1e-9), "{output}");
        // The day after is one higher in everything.
        assert!(
            line[48..].iter().all(|v| (v - level - 1.0).abs() < 1e-9),
            "{output}"
        );
    }
    // Daily bars: the bar before.
    let daily = column(&days(Interval::Day1, 1, 3), "pivots", &[], "pivot");
    assert!(daily[0].is_nan() && daily[1].is_finite() && daily[2].is_finite());
}

#[test]
fn pivots_know_nothing_of_a_day_that_is_missing_or_cut() {
    let mut bars = days(Interval::Hour1, 24, 4);
    // The data begin at 05:00 of the first day: its range is unknown, so the second day has no levels.
    for column in [
        &mut bars.open,
        &mut bars.high,
        &mut bars.low,
        &mut bars.close,
        &mut bars.volume,
    ] {
        column.drain(..5);
    }
    bars.open_time.drain(..5);
    let line = column(&bars, "pivots", &[], "pivot");
    assert!(line[..43].iter().all(|v| v.is_nan()) && line[43..].iter().all(|v| v.is_finite()));
    // A whole day is missing: the day after it has no levels.
    for time in &mut bars.open_time[43..] {
        *time += 86_400_000;
    }
    let line = column(&bars, "pivots", &[], "pivot");
    assert!(line[..67].iter().all(|v| v.is_nan()) && line[67..].iter().all(|v| v.is_finite()));
}
