//! From the scores of an article's passages to the article's.

use promptpal_domain::{SentenceScore, Sentiment};

/// How much the title counts where there is a text as well; the text's passages share the rest evenly.
///
/// A choice, not a finding: the headline is the one sentence that is surely about the subject and the one that moves readers
/// first, and articles end in background that would water down a plain mean.
pub const TITLE_SHARE: f64 = 0.4;

/// The article's probabilities: `0.4 · title + 0.6 · mean(passages of the text)` for each of the three, where the title is
/// position 0. Without a text it is the title's score, without a title the text's mean, and `None` without either.
///
/// The article's one number is [`Sentiment::score`] of the result.
#[must_use]
pub fn aggregate<'a>(scores: impl Iterator<Item = &'a SentenceScore> + Clone) -> Option<Sentiment> {
    let title = mean(scores.clone().filter(|score| score.position == 0));
    let body = mean(scores.filter(|score| score.position != 0));
    let [positive, negative, neutral] = match (title, body) {
        (Some(title), Some(body)) => {
            let mix = |title: f64, body: f64| TITLE_SHARE * title + (1.0 - TITLE_SHARE) * body;
            let ([tp, tn, tu], [bp, bn, bu]) = (title, body);
            [mix(tp, bp), mix(tn, bn), mix(tu, bu)]
        }
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return None,
    };
    // Rounding must not push a sum of probabilities over 1.
    let sum = positive + negative + neutral;
    Sentiment::new(positive / sum, negative / sum, neutral / sum).ok()
}

/// The mean probabilities of positive, negative and neutral.
fn mean<'a>(scores: impl Iterator<Item = &'a SentenceScore>) -> Option<[f64; 3]> {
    let mut count = 0.0;
    let mut sums = [0.0; 3];
    for SentenceScore { sentiment, .. } in scores {
        count += 1.0;
        let [positive, negative, neutral] = &mut sums;
        *positive += sentiment.positive();
        *negative += sentiment.negative();
        *neutral += sentiment.neutral();
    }
    (count > 0.0).then(|| sums.map(|sum| sum / count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn score(position: u32, positive: f64, negative: f64) -> SentenceScore {
        let sentiment = Sentiment::new(positive, negative, 1.0 - positive - negative).unwrap();
        SentenceScore {
            position,
            text: String::new(),
            sentiment,
            truncated: false,
        }
    }

    #[test]
    fn the_title_weighs_two_fifths() {
        let check = |scores: &[SentenceScore], expected: Option<f64>| {
            let found = aggregate(scores.iter()).map(Sentiment::score);
            match (found, expected) {
                (Some(a), Some(b)) => assert!((a - b).abs() < 1e-12, "{a} is not {b}"),
                (a, b) => assert_eq!(a, b),
            }
        };
        check(&[], None);
        check(&[score(0, 0.9, 0.0)], Some(0.9));
        check(&[score(1, 0.9, 0.0), score(2, 0.1, 0.4)], Some((0.9 - 0.3) / 2.0));
        check(
            &[score(0, 1.0, 0.0), score(1, 0.0, 1.0), score(2, 0.0, 0.0)],
            Some(0.4 - 0.6 * 0.5),
        );
    }

    proptest! {
        #[test]
        fn stays_between_the_extremes(parts in prop::collection::vec((0_u32..5, 0.0_f64..1.0, 0.0_f64..1.0), 1..40)) {
            let scores: Vec<_> = parts.iter().map(|(at, p, n)| score(*at, p * 0.5, n * 0.5)).collect();
            let all: Vec<f64> = scores.iter().map(|s| s.sentiment.score()).collect();
            let low = all.iter().copied().fold(f64::INFINITY, f64::min);
            let high = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let found = aggregate(scores.iter()).unwrap().score();
            prop_assert!((low - 1e-9..=high + 1e-9).contains(&found));
        }
    }
}
