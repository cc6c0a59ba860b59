//! What every indicator of the catalogue must hold, checked on a seeded random walk.
use promptpal_indicators::{Column, Frame, Group, IndicatorError, all, compute, compute_on, find};

use crate::market::{prefix, walk};

fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

#[test]
fn no_indicator_sees_a_later_bar() {
    let bars = walk(400);
    for indicator in all() {
        let whole = compute(indicator.id, &[], &bars).unwrap();
        for len in [0, 1, 2, 3, 19, 20, 21, 60, 150, 399] {
            for (whole, part) in whole
                .iter()
                .zip(compute(indicator.id, &[], &prefix(&bars, len)).unwrap())
            {
                assert_eq!(part.values.len(), len, "{}", indicator.id);
                let equal = whole.values.iter().zip(&part.values).all(|(&a, &b)| same(a, b));
                assert!(
                    equal,
                    "{} {} differs when only {len} bars are known",
                    indicator.id, part.name
                );
            }
        }
    }
}

#[test]
fn the_warm_up_is_as_documented() {
    let bars = walk(400);
    for indicator in all() {
        let outputs = compute(indicator.id, &[], &bars).unwrap();
        assert_eq!(
            outputs.iter().map(|o| o.name).collect::<Vec<_>>(),
            indicator.outputs.iter().map(|o| o.id).collect::<Vec<_>>()
        );
        if indicator.id == "pivots" {
            // Counted in days: see `definitions`.
            continue;
        }
        let warm_up = indicator.warm_up(&[]).unwrap();
        let longest = outputs
            .iter()
            .map(|o| {
                o.values
                    .iter()
                    .rposition(|v| v.is_nan())
                    .map_or(0, |last| last + 1)
            })
            .max();
        assert_eq!(longest, Some(warm_up), "{}", indicator.id);
    }
}

#[test]
fn every_bound_of_every_parameter_works() {
    let bars = walk(120);
    for indicator in all() {
        let defaults: Vec<f64> = indicator.params.iter().map(|p| p.default).collect();
        for (i, spec) in indicator.params.iter().enumerate() {
            for value in [spec.min, spec.max] {
                let mut params = defaults.clone();
                params[i] = value;
                let outputs =
                    compute(indicator.id, &params, &bars).unwrap_or_else(|e| panic!("{}: {e}", indicator.id));
                assert!(outputs.iter().all(|o| o.values.len() == bars.len()));
            }
            for value in [spec.min - 1.0, spec.max + 1.0, f64::NAN, f64::INFINITY] {
                let mut params = defaults.clone();
                params[i] = value;
                assert!(
                    matches!(
                        compute(indicator.id, &params, &bars),
                        Err(IndicatorError::Param { .. })
                    ),
                    "{}",
                    indicator.id
                );
            }
        }
    }
}

#[test]
fn the_catalogue_is_in_the_order_of_its_groups() {
    let groups: Vec<Group> = all().map(|indicator| indicator.group).collect();
    assert!(groups.is_sorted());
    let mut present = groups;
    present.dedup();
    assert_eq!(present, Group::ALL);
    assert!(all().count() >= 60);
}

#[test]
fn ids_are_unique_and_described() {
    let mut ids: Vec<_> = all().map(|i| i.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all().count());
    for indicator in all() {
        assert!(
            !indicator.about.is_empty() && !indicator.formula.is_empty() && !indicator.outputs.is_empty()
        );
        assert!(std::ptr::eq(find(indicator.id).unwrap(), indicator));
    }
}

#[test]
fn refuses_what_it_cannot_compute() {
    let bars = walk(30);
    assert_eq!(
        compute("nonsense", &[], &bars),
        Err(IndicatorError::Unknown("nonsense".into()))
    );
    assert!(matches!(
        compute("sma", &[1.0, 2.0], &bars),
        Err(IndicatorError::TooManyParams { .. })
    ));
    assert!(matches!(
        compute("sma", &[2.5], &bars),
        Err(IndicatorError::Param { .. })
    ));
    assert!(Frame::new(&bars, Column::new(&[1.0])).is_err());
    let mut broken = bars.clone();
    broken.low.pop();
    assert!(matches!(
        compute("atr", &[], &broken),
        Err(IndicatorError::Length { .. })
    ));
}

#[test]
fn a_hole_in_the_source_restarts_the_warm_up() {
    let bars = walk(200);
    let mut source = bars.close.clone();
    source[..40].fill(f64::NAN);
    source[100] = f64::NAN;
    let frame = Frame::new(&bars, Column::new(&source)).unwrap();
    for indicator in all().filter(|i| i.takes_column()) {
        let warm_up = indicator.warm_up(&[]).unwrap();
        for output in compute_on(indicator.id, &[], &frame).unwrap() {
            assert!(
                output.values[..40].iter().all(|v| v.is_nan()) && output.values[100].is_nan(),
                "{}",
                indicator.id
            );
            if warm_up < 59 {
                assert!(
                    output.values[40 + warm_up].is_finite(),
                    "{} {}",
                    indicator.id,
                    output.name
                );
            }
        }
    }
}
