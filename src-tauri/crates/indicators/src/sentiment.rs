//! Sentiment as a column: what the scored articles said by then.

use std::collections::VecDeque;

use promptpal_domain::SentimentPoint;

/// Trailing mean sentiment at each instant of `at`, and how many articles it rests on.
///
/// An article counts at instant `t` when `t - window_ms < available_at <= t`: never before it could be known. To use it on
/// bars without looking ahead, pass each bar's **close** (the last millisecond of the bar), because a strategy decides there.
///
/// The mean weighs an article by its relevance and halves that weight every `half_life_ms`; 0 or less weighs all ages alike.
/// Where no article counts, the value is `NaN` and the count 0.
///
/// `points` must be ordered by `available_at` and `at` ascending; the work is proportional to the sum of both lengths.
#[must_use]
pub fn sentiment_window(
    points: &[SentimentPoint],
    at: &[i64],
    window_ms: i64,
    half_life_ms: i64,
) -> (Vec<f64>, Vec<u32>) {
    let decay = |age_ms: i64| {
        if half_life_ms > 0 {
            (-(age_ms as f64) / half_life_ms as f64).exp2()
        } else {
            1.0
        }
    };
    let mut arriving = points
        .iter()
        .filter(|p| p.weight > 0.0 && p.score.is_finite())
        .peekable();
    let mut inside: VecDeque<&SentimentPoint> = VecDeque::new();
    // Both sums are kept as seen from `seen`, so moving on is one multiplication.
    let (mut scores, mut weights, mut seen) = (0.0, 0.0, None);
    let mut means = Vec::with_capacity(at.len());
    let mut counts = Vec::with_capacity(at.len());
    for &now in at {
        if let Some(before) = seen.replace(now) {
            let fade = decay(now.saturating_sub(before));
            scores *= fade;
            weights *= fade;
        }
        while let Some(point) = arriving.next_if(|p| p.available_at.millis() <= now) {
            let weight = point.weight * decay(now.saturating_sub(point.available_at.millis()));
            scores += weight * point.score;
            weights += weight;
            inside.push_back(point);
        }
        while let Some(old) = inside
            .front()
            .filter(|p| p.available_at.millis() <= now.saturating_sub(window_ms))
        {
            let weight = old.weight * decay(now.saturating_sub(old.available_at.millis()));
            scores -= weight * old.score;
            weights -= weight;
            inside.pop_front();
        }
        match inside.len() {
            0 => (scores, weights) = (0.0, 0.0),
            1 => {
                // One article left: restart both sums from it, so that rounding never accumulates over quiet spells.
                if let Some(only) = inside.front() {
                    weights = only.weight * decay(now.saturating_sub(only.available_at.millis()));
                    scores = weights * only.score;
                }
            }
            _ => {}
        }
        let mean = scores / weights;
        means.push(if inside.is_empty() || !mean.is_finite() {
            f64::NAN
        } else {
            mean.clamp(-1.0, 1.0)
        });
        counts.push(u32::try_from(inside.len()).unwrap_or(u32::MAX));
    }
    (means, counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use promptpal_domain::Timestamp;
    use proptest::prelude::*;

    fn point(at: i64, score: f64, weight: f64) -> SentimentPoint {
        SentimentPoint {
            available_at: Timestamp::from_millis(at),
            score,
            weight,
        }
    }

    #[test]
    fn an_article_counts_from_the_instant_it_is_available() {
        let points = [point(100, 0.5, 1.0), point(150, -0.5, 1.0)];
        let (mean, count) = sentiment_window(&points, &[99, 100, 149, 150, 199, 200, 249, 250], 100, 0);
        assert_eq!(count, [0, 1, 1, 2, 2, 1, 1, 0]);
        assert!(mean[0].is_nan() && mean[7].is_nan());
        assert_eq!(mean[1..7], [0.5, 0.5, 0.0, 0.0, -0.5, -0.5]);
    }

    #[test]
    fn newer_and_more_relevant_articles_weigh_more() {
        let (mean, _) = sentiment_window(&[point(0, 1.0, 1.0), point(100, 0.0, 1.0)], &[100], 1000, 100);
        assert!((mean[0] - 1.0 / 3.0).abs() < 1e-15);
        let (mean, _) = sentiment_window(&[point(0, 1.0, 0.25), point(0, 0.0, 0.75)], &[0], 1000, 100);
        assert!((mean[0] - 0.25).abs() < 1e-15);
    }

    proptest! {
        /// What arrives later changes no earlier value, to the bit.
        #[test]
        fn later_articles_leave_the_past_alone(
            mut raw in prop::collection::vec((0_i64..2_000, -1.0..1.0, 0.05..1.0), 1..60),
            mut at in prop::collection::vec(0_i64..2_500, 1..60),
            window in 1_i64..800, half_life in prop_oneof![Just(0_i64), 50_i64..900],
        ) {
            raw.sort_by_key(|p| p.0);
            at.sort_unstable();
            let points: Vec<_> = raw.iter().map(|&(at, score, weight)| point(at, score, weight)).collect();
            let whole = sentiment_window(&points, &at, window, half_life);
            for known in 0..points.len() {
                let moments = at.iter().filter(|now| **now < points[known].available_at.millis()).count();
                let then = sentiment_window(&points[..known], &at, window, half_life);
                let bits = |means: &[f64]| means[..moments].iter().map(|mean| mean.to_bits()).collect::<Vec<_>>();
                prop_assert_eq!(bits(&then.0), bits(&whole.0));
                prop_assert_eq!(&then.1[..moments], &whole.1[..moments]);
            }
        }

        #[test]
        fn equals_looking_at_every_article(
            mut raw in prop::collection::vec((0_i64..2_000, -1.0..1.0, 0.05..1.0), 0..60),
            mut at in prop::collection::vec(0_i64..2_500, 0..60),
            window in 1_i64..800, half_life in prop_oneof![Just(0_i64), 50_i64..900],
        ) {
            raw.sort_by_key(|p| p.0);
            at.sort_unstable();
            let points: Vec<_> = raw.iter().map(|&(at, score, weight)| point(at, score, weight)).collect();
            let (means, counts) = sentiment_window(&points, &at, window, half_life);
            for ((&now, mean), count) in at.iter().zip(means).zip(counts) {
                let (mut sum, mut weights, mut n) = (0.0, 0.0, 0);
                for &(when, score, weight) in raw.iter().filter(|p| p.0 <= now && p.0 > now - window) {
                    let weight = weight * if half_life > 0 { 0.5_f64.powf((now - when) as f64 / half_life as f64) } else { 1.0 };
                    (sum, weights, n) = (sum + weight * score, weights + weight, n + 1);
                }
                prop_assert_eq!(count, n);
                if n == 0 { prop_assert!(mean.is_nan()) } else { prop_assert!((mean - sum / weights).abs() < 1e-7, "{} {}", mean, sum / weights) }
            }
        }
    }
}
