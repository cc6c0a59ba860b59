//! Whether news lead prices: what prices did in the hours after articles of strong mood.
//!
//! An event is a bar at whose open something strong was known that was not known at the open before: the articles that became
//! available in between, their scores averaged by their weights. Several articles on one fact therefore count once. The return over
//! `h` bars is the close of the `h`th bar, counted from that one, over its open, less 1: what somebody who read them could have had.
//!
//! Events of one day happen to the same market and are not independent. So the band around a mean is that of a mean over clusters
//! (K.-Y. Liang and S. Zeger, "Longitudinal data analysis using generalized linear models", 1986), a UTC day each:
//! `mean ± 1.96 · sqrt(G / (G - 1) · sum over days of (sum of the day's distances from the mean)²) / n`, for `n` events on `G` days.

use promptpal_domain::{Bars, SentimentPoint};

const DAY_MS: i64 = 86_400_000;

/// Quantile of the normal distribution for a band of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// What prices did some bars after events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// Bars from the event's open to the close that is looked at, at least 1.
    pub bars: usize,
    /// Events that have so many bars behind them without a gap.
    pub events: usize,
    /// Days that they happened on.
    pub days: usize,
    /// Mean return, as a part; `NaN` without events.
    pub mean: f64,
    /// The 95 % band around it; none on fewer than two days.
    pub band: Option<(f64, f64)>,
    /// Mean return over as many bars from any bar: what would have come without news.
    pub usual: f64,
}

/// The responses to good and to bad news, one for each length asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct EventStudy {
    /// After events of at least the strength asked for.
    pub positive: Vec<Response>,
    /// After events of at most that strength with the other sign.
    pub negative: Vec<Response>,
}

/// Looks at what prices did `lengths` bars after strong news. An event is strong from a mean score of `strong` on, or down to its
/// negative. `points` must be ordered by `available_at`.
#[must_use]
pub fn event_study(bars: &Bars, points: &[SentimentPoint], strong: f64, lengths: &[usize]) -> EventStudy {
    let events = events(bars, points);
    let of = |wanted: &dyn Fn(f64) -> bool| -> Vec<usize> {
        let strong = events.iter().filter(|(_, score)| wanted(*score));
        strong.map(|(bar, _)| *bar).collect()
    };
    let (positive, negative) = (of(&|score| score >= strong), of(&|score| score <= -strong));
    let responses = |events: &[usize]| {
        lengths
            .iter()
            .map(|length| response(bars, events, *length))
            .collect()
    };
    EventStudy {
        positive: responses(&positive),
        negative: responses(&negative),
    }
}

/// Bars before whose open something became known, each with its mean score.
fn events(bars: &Bars, points: &[SentimentPoint]) -> Vec<(usize, f64)> {
    let step = bars.interval.nominal_millis();
    let mut events: Vec<(usize, f64, f64)> = Vec::new();
    for point in points
        .iter()
        .filter(|point| point.weight > 0.0 && point.score.is_finite())
    {
        let known = point.available_at.millis();
        let bar = bars.open_time.partition_point(|open| *open < known);
        // After a gap nobody could act for a while, and what is before the first bar was known long ago.
        let soon = bars.open_time.get(bar).is_some_and(|open| open - known < step);
        if !soon {
            continue;
        }
        let (score, weight) = (point.score * point.weight, point.weight);
        match events.last_mut() {
            Some((last, scores, weights)) if *last == bar => {
                *scores += score;
                *weights += weight;
            }
            _ => events.push((bar, score, weight)),
        }
    }
    events
        .into_iter()
        .map(|(bar, scores, weights)| (bar, scores / weights))
        .collect()
}

/// The return over `length` bars from the open of bar `from`, where none of them is missing.
fn gain(bars: &Bars, from: usize, length: usize) -> Option<f64> {
    let last = from + length.checked_sub(1)?;
    let (begin, end) = (bars.open_time.get(from)?, bars.open_time.get(last)?);
    let whole = (length as i64 - 1) * bars.interval.nominal_millis();
    (end - begin <= whole).then_some(bars.close.get(last)? / bars.open.get(from)? - 1.0)
}

fn response(bars: &Bars, events: &[usize], length: usize) -> Response {
    let day = |bar: usize| bars.open_time.get(bar).map(|open| open.div_euclid(DAY_MS));
    let gains: Vec<(i64, f64)> = events
        .iter()
        .filter_map(|event| Some((day(*event)?, gain(bars, *event, length)?)))
        .collect();
    let n = gains.len() as f64;
    let mean = gains.iter().map(|(_, gain)| gain).sum::<f64>() / n;
    let of_days: Vec<f64> = gains
        .chunk_by(|a, b| a.0 == b.0)
        .map(|day| day.iter().map(|(_, gain)| gain - mean).sum())
        .collect();
    let days = of_days.len() as f64;
    let squares: f64 = of_days.iter().map(|sum| sum * sum).sum();
    let reach = Z * (days / (days - 1.0) * squares).sqrt() / n;
    let (sum, count) = (0..bars.len())
        .filter_map(|bar| gain(bars, bar, length))
        .fold((0.0, 0.0), |(sum, count), gain| (sum + gain, count + 1.0));
    Response {
        bars: length,
        events: gains.len(),
        days: of_days.len(),
        mean,
        band: (of_days.len() > 1).then_some((mean - reach, mean + reach)),
        usual: sum / count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use promptpal_domain::{Interval, Timestamp};

    const HOUR: i64 = 3_600_000;

    fn hours(closes: &[f64]) -> Bars {
        let mut bars = Bars::empty(Interval::Hour1, 2, 2);
        let mut open = 100.0;
        for (at, close) in closes.iter().enumerate() {
            bars.open_time.push(at as i64 * HOUR);
            bars.open.push(open);
            bars.high.push(close.max(open));
            bars.low.push(close.min(open));
            bars.close.push(*close);
            bars.volume.push(1.0);
            open = *close;
        }
        bars
    }

    fn point(at: i64, score: f64, weight: f64) -> SentimentPoint {
        SentimentPoint {
            available_at: Timestamp::from_millis(at),
            score,
            weight,
        }
    }

    #[test]
    fn a_return_begins_at_the_first_open_after_it_was_known() {
        let bars = hours(&[100.0, 110.0, 121.0, 121.0]);
        let one = |at: i64| event_study(&bars, &[point(at, 0.9, 1.0)], 0.5, &[1, 2, 3]).positive;
        let means = |found: Vec<Response>| found.iter().map(|one| (one.events, one.mean)).collect::<Vec<_>>();
        let close = |found: Vec<(usize, f64)>, expected: &[(usize, f64)]| {
            for (a, b) in found.iter().zip(expected) {
                assert!(a.0 == b.0 && (a.1 - b.1).abs() < 1e-12, "{found:?} {expected:?}");
            }
        };
        // Known exactly at the second open, and a millisecond later.
        close(means(one(HOUR)), &[(1, 0.1), (1, 0.21), (1, 0.21)]);
        let later = one(HOUR + 1);
        assert_eq!((later[0].events, later[1].events, later[2].events), (1, 1, 0));
        assert!((later[0].mean - 0.1).abs() < 1e-12 && later[2].mean.is_nan());
        // Long before the first bar, and behind the last.
        assert_eq!(one(-2 * HOUR)[0].events, 0);
        assert_eq!(one(3 * HOUR + 1)[0].events, 0);
        assert!((later[0].usual - (0.0 + 0.1 + 0.1 + 0.0) / 4.0).abs() < 1e-12);
    }

    #[test]
    fn articles_between_two_opens_are_one_event() {
        let bars = hours(&[100.0; 6]);
        let count = |points: &[SentimentPoint]| {
            let found = event_study(&bars, points, 0.5, &[1]);
            (found.positive[0].events, found.negative[0].events)
        };
        let close = [point(1, 0.9, 1.0), point(2, 0.7, 1.0), point(HOUR + 1, -0.8, 1.0)];
        assert_eq!(count(&close), (1, 1));
        // They disagree: nothing strong was said. The heavier one decides.
        assert_eq!(count(&[point(1, 0.9, 1.0), point(2, -0.9, 1.0)]), (0, 0));
        assert_eq!(count(&[point(1, 0.9, 1.0), point(2, -0.9, 0.1)]), (1, 0));
        assert_eq!(count(&[point(1, f64::NAN, 1.0), point(2, 0.9, 0.0)]), (0, 0));
    }

    #[test]
    fn a_gap_is_no_return() {
        let mut bars = hours(&[100.0, 101.0, 102.0, 103.0]);
        for open in bars.open_time.iter_mut().skip(2) {
            *open += 5 * HOUR;
        }
        let found = event_study(
            &bars,
            &[point(HOUR, 1.0, 1.0), point(2 * HOUR, 1.0, 1.0)],
            0.5,
            &[1, 2],
        );
        // The first has its own bar only; the second could not be acted on for five hours.
        assert_eq!((found.positive[0].events, found.positive[1].events), (1, 0));
    }

    #[test]
    fn the_band_is_that_of_clusters() {
        // Returns by day: (+2 %, +4 %), (-1 %), (+3 %).
        let mut bars = hours(&[100.0; 60]);
        let mut points = Vec::new();
        for (bar, gain) in [(1, 0.02), (3, 0.04), (30, -0.01), (50, 0.03)] {
            bars.close[bar] = bars.open[bar] * (1.0 + gain);
            points.push(point(bar as i64 * HOUR, 1.0, 1.0));
        }
        let found = event_study(&bars, &points, 0.5, &[1]).positive[0];
        assert_eq!((found.events, found.days), (4, 3));
        assert!((found.mean - 0.02).abs() < 1e-12);
        let squares: f64 = [0.0 + 0.02_f64, -0.03, 0.01].iter().map(|sum| sum * sum).sum();
        let reach = 1.959_963_984_540_054 * (1.5 * squares).sqrt() / 4.0;
        let (low, high) = found.band.unwrap();
        assert!((low - (0.02 - reach)).abs() < 1e-12 && (high - (0.02 + reach)).abs() < 1e-12);
        let one = event_study(&bars, &points[..2], 0.5, &[1]).positive[0];
        assert_eq!((one.days, one.band), (1, None));
    }

    #[test]
    fn noise_is_inside_its_band_about_as_often_as_it_says() {
        let mut state = 7_u64;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5
        };
        let mut inside = 0;
        for _ in 0..200 {
            let mut level = 100.0;
            let closes: Vec<f64> = (0..24 * 60)
                .map(|_| {
                    level *= 1.0 + random() * 0.02;
                    level
                })
                .collect();
            let points: Vec<SentimentPoint> = (0..24 * 59)
                .step_by(7)
                .map(|at| point(at * HOUR, 1.0, 1.0))
                .collect();
            let found = event_study(&hours(&closes), &points, 0.5, &[4]).positive[0];
            let (low, high) = found.band.unwrap();
            inside += i32::from((low..=high).contains(&found.usual));
        }
        assert!((178..=199).contains(&inside), "{inside} of 200");
    }
}
