//! Whether texts of which a model is so and so sure are right so and so often.

use promptpal_domain::Sentiment;
use serde::{Deserialize, Serialize};

use super::Label;

/// Bins of equal width, as Guo et al. have them.
const BINS: usize = 15;

/// How much probabilities can be believed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Expected calibration error (C. Guo et al., "On Calibration of Modern Neural Networks", 2017): over the bins of the answer's
    /// probability, the mean distance between that probability and the part that is right, weighted by texts.
    pub expected_error: f64,
    /// Mean of the sum of squared distances between probabilities and what is true (G. Brier, 1950), 0 to 2.
    pub brier: f64,
    /// Of each bin that has texts, ascending.
    pub bins: Vec<CalibrationBin>,
}

/// Texts whose answer is about as probable.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Probabilities of its answers are above this, or it is the first.
    pub from: f64,
    /// And at most this.
    pub to: f64,
    /// How many texts.
    pub texts: u64,
    /// Mean probability of their answers.
    pub confidence: f64,
    /// Part of them that is right.
    pub accuracy: f64,
}

impl Calibration {
    pub(super) fn of(pairs: &[(Label, Sentiment)]) -> Self {
        let mut bins = [(0_u64, 0.0, 0_u64); BINS];
        let mut squares = 0.0;
        for (label, sentiment) in pairs {
            let answer = Label::of(*sentiment);
            let probability = answer.probability(*sentiment);
            let place = ((probability * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
            if let Some((texts, confidence, right)) = bins.get_mut(place) {
                *texts += 1;
                *confidence += probability;
                *right += u64::from(answer == *label);
            }
            for each in Label::ALL {
                let truth = f64::from(u8::from(each == *label));
                let distance = each.probability(*sentiment) - truth;
                squares += distance * distance;
            }
        }
        let all = pairs.len().max(1) as f64;
        let bins: Vec<CalibrationBin> = bins
            .iter()
            .enumerate()
            .filter(|(_, (texts, ..))| *texts > 0)
            .map(|(place, (texts, confidence, right))| CalibrationBin {
                from: place as f64 / BINS as f64,
                to: (place + 1) as f64 / BINS as f64,
                texts: *texts,
                confidence: confidence / *texts as f64,
                accuracy: *right as f64 / *texts as f64,
            })
            .collect();
        let distance = |bin: &CalibrationBin| bin.texts as f64 * (bin.accuracy - bin.confidence).abs();
        Self {
            expected_error: bins.iter().map(distance).sum::<f64>() / all,
            brier: squares / all,
            bins,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_by_hand() {
        let sure = |label, positive: f64| {
            let rest = (1.0 - positive) / 2.0;
            (label, Sentiment::new(positive, rest, rest).unwrap())
        };
        // Ten answers of 0.9 of which eight are right, and two of 0.6 of which one is.
        let mut pairs = vec![sure(Label::Positive, 0.9); 8];
        pairs.extend([sure(Label::Neutral, 0.9); 2]);
        pairs.extend([sure(Label::Positive, 0.6), sure(Label::Negative, 0.6)]);
        let found = Calibration::of(&pairs);
        assert_eq!(found.bins.len(), 2);
        let [low, high] = found.bins[..] else { panic!() };
        assert_eq!(
            (low.texts, high.texts, low.accuracy, high.accuracy),
            (2, 10, 0.5, 0.8)
        );
        assert!((low.confidence - 0.6).abs() < 1e-12 && low.from < 0.6 && 0.6 <= low.to + 1e-12);
        assert!((found.expected_error - (10.0 * 0.1 + 2.0 * 0.1) / 12.0).abs() < 1e-12);
        let right = 0.01 + 2.0 * 0.0025;
        let wrong = 0.81 + 0.95 * 0.95 + 0.0025;
        let other = (0.16 + 2.0 * 0.04) + (0.36 + 0.64 + 0.04);
        assert!((found.brier - (8.0 * right + 2.0 * wrong + other) / 12.0).abs() < 1e-12);
    }

    #[test]
    fn certain_and_right_is_perfect() {
        let certain = Sentiment::new(0.0, 1.0, 0.0).unwrap();
        let found = Calibration::of(&[(Label::Negative, certain); 3]);
        assert_eq!((found.expected_error, found.brier), (0.0, 0.0));
        assert_eq!(found.bins.len(), 1);
        assert_eq!(Calibration::of(&[]).bins, []);
    }
}
