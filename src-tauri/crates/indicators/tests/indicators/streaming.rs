//! A column is what a run bar by bar would have shown: computing on the first bars alone gives the same value at the last of
//! them, bit by bit, for every indicator, on markets with holes, flat stretches, silent bars and jumps.
use promptpal_indicators::{Column, Frame, Indicator, InputKind, all, compute, compute_on};

use crate::market::{Random, market, prefix, suffix};

const BARS: usize = 90;

/// Parameters within their bounds, short enough to have values in a short market.
fn short_params(indicator: &Indicator, random: &mut Random) -> Vec<f64> {
    let value = |spec: &promptpal_indicators::ParamSpec, random: &mut Random| {
        if spec.integer {
            (spec.min + random.below(12) as f64).min(spec.max)
        } else {
            let most = spec.max.min(spec.default * 2.0 + 0.1);
            spec.min + (most - spec.min) * random.unit()
        }
    };
    indicator.params.iter().map(|spec| value(spec, random)).collect()
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

#[test]
fn a_column_is_what_each_bar_would_have_shown() {
    for (seed, indicator) in (1_u64..).zip(all()) {
        let mut random = Random(seed * 7919);
        for _ in 0..4 {
            let bars = market(&mut random, BARS, true);
            let params = short_params(indicator, &mut random);
            let whole = compute(indicator.id, &params, &bars).unwrap();
            for len in 1..=BARS {
                let known = compute(indicator.id, &params, &prefix(&bars, len)).unwrap();
                for (whole, known) in whole.iter().zip(&known) {
                    let (a, b) = (whole.values[len - 1], known.values[len - 1]);
                    assert!(
                        same(a, b),
                        "{}{params:?}.{} at {}: {a} with later bars, {b} without",
                        indicator.id,
                        known.name,
                        len - 1
                    );
                }
            }
        }
    }
}

#[test]
fn the_same_holds_for_a_source_with_holes() {
    for (seed, indicator) in (1_u64..).zip(all().filter(|i| i.takes_column())) {
        let mut random = Random(seed * 104_729);
        let bars = market(&mut random, BARS, false);
        let mut source = bars.close.clone();
        for _ in 0..3 {
            source[random.below(BARS)] = f64::NAN;
        }
        let params = short_params(indicator, &mut random);
        let whole = compute_on(
            indicator.id,
            &params,
            &Frame::new(&bars, Column::new(&source)).unwrap(),
        )
        .unwrap();
        for len in 1..=BARS {
            let part = prefix(&bars, len);
            let frame = Frame::new(&part, Column::new(&source[..len])).unwrap();
            let known = compute_on(indicator.id, &params, &frame).unwrap();
            for (whole, known) in whole.iter().zip(&known) {
                let (a, b) = (whole.values[len - 1], known.values[len - 1]);
                assert!(same(a, b), "{}{params:?}.{}: {a} {b}", indicator.id, known.name);
            }
        }
    }
}

#[test]
fn the_warm_up_is_as_stated_for_any_parameters() {
    for (seed, indicator) in (1_u64..).zip(all().filter(|i| i.id != "pivots")) {
        let mut random = Random(seed * 1_299_709);
        for _ in 0..6 {
            let bars = market(&mut random, 300, false);
            let params = short_params(indicator, &mut random);
            let stated = indicator.warm_up(&params).unwrap();
            let first = |values: &[f64]| values.iter().position(|v| !v.is_nan()).unwrap_or(values.len());
            let outputs = compute(indicator.id, &params, &bars).unwrap();
            // Supertrend has a value on its very first bar by definition; what counts is the last hole of the warm-up.
            let measured = outputs
                .iter()
                .map(|o| {
                    if indicator.id == "supertrend" {
                        o.values.iter().rposition(|v| v.is_nan()).map_or(0, |at| at + 1)
                    } else {
                        first(&o.values)
                    }
                })
                .max();
            assert_eq!(measured, Some(stated), "{}{params:?}", indicator.id);
        }
    }
}

#[test]
fn a_hole_in_the_bars_is_a_hole_in_the_column_and_the_warm_up_starts_again() {
    for indicator in all().filter(|i| i.input == InputKind::Bars && i.id != "pivots") {
        let mut bars = market(&mut Random(5), 400, false);
        bars.high[150] = f64::NAN;
        let warm_up = indicator.warm_up(&[]).unwrap();
        for output in compute(indicator.id, &[], &bars).unwrap() {
            let name = format!("{}.{}", indicator.id, output.name);
            assert!(output.values[150].is_nan(), "{name}");
            assert!(
                output.values[151 + warm_up..].iter().all(|v| !v.is_nan()),
                "{name}"
            );
            let afresh = compute(indicator.id, &[], &suffix(&bars, 151)).unwrap();
            let afresh = afresh.iter().find(|o| o.name == output.name).unwrap();
            assert!(
                output.values[151..]
                    .iter()
                    .zip(&afresh.values)
                    .all(|(&a, &b)| same(a, b)),
                "{name}"
            );
        }
    }
}
