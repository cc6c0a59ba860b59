//! Curves and bars as SVG, for reports that leave the program.

use std::fmt::Write as _;

use jiff::Timestamp as Instant;
use maud::{Markup, html};

/// The picture's size in its own units; the page scales it.
const WIDTH: f64 = 960.0;
/// Left and right of the drawing: the axis' numbers stand on the right.
const EDGES: (f64, f64) = (4.0, 64.0);
/// Room for the dates below.
const BELOW: f64 = 22.0;
const ABOVE: f64 = 8.0;

/// A curve over time.
pub(super) struct Curve<'a> {
    /// Milliseconds since 1970, ascending.
    pub(super) times: &'a [i64],
    pub(super) values: &'a [f64],
    /// The style sheet's class.
    pub(super) class: &'static str,
    /// Whether the room between curve and zero is filled.
    pub(super) filled: bool,
}

/// What the numbers at the axis look like.
#[derive(Clone, Copy)]
pub(super) enum Numbers {
    Amount,
    Percent,
    Plain,
}

impl Numbers {
    fn text(self, value: f64) -> String {
        match self {
            Self::Amount if value.abs() >= 1e6 => format!("{:.2}M", value / 1e6),
            Self::Amount if value.abs() >= 1e4 => format!("{:.0}k", value / 1e3),
            Self::Amount if value.abs() >= 1e3 => format!("{:.1}k", value / 1e3),
            Self::Amount => format!("{value:.0}"),
            Self::Percent => format!("{:.0}%", value * 100.0),
            Self::Plain => format!("{value:.1}"),
        }
    }
}

struct Scale {
    from: f64,
    to: f64,
    logarithmic: bool,
}

impl Scale {
    fn of(curves: &[Curve<'_>]) -> Option<Self> {
        let values = || {
            curves
                .iter()
                .flat_map(|curve| curve.values)
                .copied()
                .filter(|v| v.is_finite())
        };
        let low = values().min_by(f64::total_cmp)?;
        let high = values().max_by(f64::total_cmp)?;
        let zero = curves.iter().any(|curve| curve.filled);
        let (low, high) = if zero {
            (low.min(0.0), high.max(0.0))
        } else {
            (low, high)
        };
        let logarithmic = !zero && low > 0.0 && high / low > 8.0;
        let (from, to) = if logarithmic {
            (low.ln(), high.ln())
        } else {
            (low, high)
        };
        let spread = (to - from).max(from.abs() * 1e-6).max(1e-9);
        Some(Self {
            from: if zero && low == 0.0 {
                from
            } else {
                from - spread * 0.04
            },
            to: if zero && high == 0.0 {
                to
            } else {
                to + spread * 0.04
            },
            logarithmic,
        })
    }

    /// From 0 at the bottom to 1 at the top.
    fn part(&self, value: f64) -> f64 {
        let value = if self.logarithmic { value.ln() } else { value };
        (value - self.from) / (self.to - self.from)
    }

    /// Round values for the axis.
    fn marks(&self) -> Vec<f64> {
        if self.logarithmic {
            let (low, high) = (self.from.exp(), self.to.exp());
            let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
            let all = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * 10_f64.powi(power)));
            return all.filter(|mark| (low..=high).contains(mark)).collect();
        }
        let rough = (self.to - self.from) / 4.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .find(|step| step * power >= rough)
            .unwrap_or(10.0)
            * power;
        let first = (self.from / step).ceil() as i64;
        (first..)
            .map(|number| number as f64 * step)
            .take_while(|mark| *mark <= self.to)
            .take(12)
            .collect()
    }
}

/// Curves over one time axis. Nothing where there is no value.
pub(super) fn curves(curves: &[Curve<'_>], height: f64, numbers: Numbers, about: &str) -> Markup {
    let times = || curves.iter().flat_map(|curve| curve.times).copied();
    let (Some(scale), Some(first), Some(last)) = (Scale::of(curves), times().min(), times().max()) else {
        return html! {};
    };
    let length = (last - first).max(1) as f64;
    let x = |at: i64| EDGES.0 + (at - first) as f64 / length * (WIDTH - EDGES.0 - EDGES.1);
    let y = |value: f64| ABOVE + (1.0 - scale.part(value)) * (height - ABOVE - BELOW);
    let (left, right) = (EDGES.0, WIDTH - EDGES.1);
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(about) {
            @for mark in scale.marks() {
                line.grid x1=(left) x2=(right) y1=(round(y(mark))) y2=(round(y(mark))) {}
                text x=(right + 8.0) y=(round(y(mark) + 4.0)) { (numbers.text(mark)) }
            }
            @for (at, label) in dates(first, last) {
                text.date x=(round(x(at))) y=(height - 6.0) text-anchor=(anchor(x(at))) { (label) }
            }
            @for curve in curves {
                @if curve.filled {
                    path class=(format!("{} area", curve.class)) d=(area(curve, &x, &y)) {}
                }
                path class=(format!("{} line", curve.class)) d=(path(curve, &x, &y)) {}
            }
        }
    }
}

fn anchor(x: f64) -> &'static str {
    if x < 40.0 { "start" } else { "middle" }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn path(curve: &Curve<'_>, x: &impl Fn(i64) -> f64, y: &impl Fn(f64) -> f64) -> String {
    let mut d = String::with_capacity(curve.values.len() * 12);
    for (at, value) in curve
        .times
        .iter()
        .zip(curve.values)
        .filter(|(_, value)| value.is_finite())
    {
        let letter = if d.is_empty() { 'M' } else { 'L' };
        let _ = write!(d, "{letter}{:.1} {:.1}", x(*at), y(*value));
    }
    d
}

fn area(curve: &Curve<'_>, x: &impl Fn(i64) -> f64, y: &impl Fn(f64) -> f64) -> String {
    let mut d = path(curve, x, y);
    if let (Some(first), Some(last)) = (curve.times.first(), curve.times.last()) {
        let _ = write!(
            d,
            "L{:.1} {:.1}L{:.1} {:.1}Z",
            x(*last),
            y(0.0),
            x(*first),
            y(0.0)
        );
    }
    d
}

/// About eight dates that split a span evenly, as months or days.
fn dates(first: i64, last: i64) -> Vec<(i64, String)> {
    const DAY: i64 = 86_400_000;
    let form = if last - first > 200 * DAY {
        "%Y-%m"
    } else if last - first > 2 * DAY {
        "%m-%d"
    } else {
        "%H:%M"
    };
    (0..8)
        .filter_map(|number| {
            let at = first + (last - first) / 8 * number;
            let instant = Instant::from_millisecond(at).ok()?;
            Some((at, instant.strftime(form).to_string()))
        })
        .collect()
}

/// Counts as bars side by side, each with its bounds on hover.
pub(super) fn classes(from: f64, width: f64, counts: &[u32], height: f64, about: &str) -> Markup {
    let Some(most) = counts.iter().max().filter(|most| **most > 0) else {
        return html! {};
    };
    let step = (WIDTH - 8.0) / counts.len() as f64;
    let room = height - ABOVE - BELOW;
    let every = counts.len().div_ceil(10);
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(about) {
            @for (number, count) in counts.iter().enumerate() {
                @let low = from + number as f64 * width;
                @let left = 4.0 + number as f64 * step;
                @let tall = f64::from(*count) / f64::from(*most) * room;
                rect class=(if low < -width / 2.0 { "loss" } else { "gain" }) x=(round(left + 1.0)) width=(round(step - 2.0))
                    y=(round(ABOVE + room - tall)) height=(round(tall)) {
                    title { (format!("{:.2}% to {:.2}%: {count}", low * 100.0, (low + width) * 100.0)) }
                }
                @if number % every == 0 {
                    text.date x=(round(left)) y=(height - 6.0) { (format!("{:.1}%", low * 100.0)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_inside() {
        let curve = |values| Curve {
            times: &[0, 1],
            values,
            class: "x",
            filled: false,
        };
        let marks = |values| Scale::of(&[curve(values)]).unwrap().marks();
        assert_eq!(
            marks(&[9_800.0, 16_400.0]),
            [10_000.0, 12_000.0, 14_000.0, 16_000.0]
        );
        assert_eq!(marks(&[100.0, 2_000.0]), [100.0, 200.0, 500.0, 1_000.0, 2_000.0]);
        assert!(!marks(&[5.0, 5.0]).is_empty());
        assert!(Scale::of(&[curve(&[f64::NAN, f64::NAN])]).is_none());
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        let drawn = curves(
            &[Curve {
                times: &[0, 1, 2],
                values: &[1.0, f64::NAN, 2.0],
                class: "x",
                filled: true,
            }],
            100.0,
            Numbers::Plain,
            "<about>",
        )
        .into_string();
        assert!(
            !drawn.contains("NaN") && drawn.contains("&lt;about&gt;"),
            "{drawn}"
        );
        assert_eq!(curves(&[], 100.0, Numbers::Plain, "").into_string(), "");
        assert_eq!(classes(0.0, 0.01, &[], 100.0, "").into_string(), "");
    }
}
