//! How good a model is: its answers beside labels that people gave.
//!
//! A word list ([`WordList`]) answers the same texts, as the bar that any model has to clear. It is never used for anything else.

mod calibration;
mod labelled;
mod word_list;

use std::fmt;

use promptpal_domain::Sentiment;
use serde::{Deserialize, Serialize};

pub use calibration::{Calibration, CalibrationBin};
pub use labelled::{LabelNameError, LabelNames, LabelledFile, LabelledFileError, LabelledText, RefusedRow};
pub use word_list::WordList;

/// What a person says about a text, or a model's likeliest answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// Bad news.
    Negative,
    /// Neither.
    Neutral,
    /// Good news.
    Positive,
}

impl Label {
    /// All, in the order of every table here.
    pub const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];

    /// The likeliest of the three; of equally likely ones neutral, then negative.
    #[must_use]
    pub fn of(sentiment: Sentiment) -> Self {
        let (positive, negative, neutral) = (sentiment.positive(), sentiment.negative(), sentiment.neutral());
        if neutral >= positive && neutral >= negative {
            Self::Neutral
        } else if negative >= positive {
            Self::Negative
        } else {
            Self::Positive
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }

    const fn place(self) -> usize {
        match self {
            Self::Negative => 0,
            Self::Neutral => 1,
            Self::Positive => 2,
        }
    }

    fn probability(self, sentiment: Sentiment) -> f64 {
        match self {
            Self::Negative => sentiment.negative(),
            Self::Neutral => sentiment.neutral(),
            Self::Positive => sentiment.positive(),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How often answers are what people said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// How many texts.
    pub texts: u64,
    /// Part of them whose answer is the label.
    pub accuracy: f64,
    /// Where the accuracy lies with 95 % confidence, by Wilson's interval (1927): what so many texts can tell.
    pub accuracy_range: (f64, f64),
    /// Mean of the F1 scores of the labels that occur among labels or answers, each counting the same.
    pub macro_f1: f64,
    /// Of each label, in the order of [`Label::ALL`].
    pub labels: [LabelAgreement; 3],
    /// How many texts with a label (row) were answered so (column), both in the order of [`Label::ALL`].
    pub confusion: [[u64; 3]; 3],
}

/// How often answers are right about one label. A part of nothing is absent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelAgreement {
    /// The label.
    pub label: Label,
    /// How many texts have it.
    pub texts: u64,
    /// Part of the texts answered so that have it.
    pub precision: Option<f64>,
    /// Part of the texts that have it that were answered so.
    pub recall: Option<f64>,
    /// Harmonic mean of the two, `2 · right / (answered + labelled)`.
    pub f1: Option<f64>,
}

impl Agreement {
    /// Of pairs of label and answer. None without any.
    #[must_use]
    pub fn of(pairs: impl IntoIterator<Item = (Label, Label)>) -> Option<Self> {
        let mut confusion = [[0_u64; 3]; 3];
        for (label, answer) in pairs {
            let cell = confusion
                .get_mut(label.place())
                .and_then(|row| row.get_mut(answer.place()));
            if let Some(cell) = cell {
                *cell += 1;
            }
        }
        let texts: u64 = confusion.iter().flatten().sum();
        if texts == 0 {
            return None;
        }
        let labels = Label::ALL.map(|label| {
            let place = label.place();
            let labelled: u64 = confusion.get(place).into_iter().flatten().sum();
            let answered: u64 = confusion.iter().filter_map(|row| row.get(place)).sum();
            let right = confusion.get(place).and_then(|row| row.get(place)).copied();
            let right = right.unwrap_or(0);
            LabelAgreement {
                label,
                texts: labelled,
                precision: part(right, answered),
                recall: part(right, labelled),
                f1: part(2 * right, answered + labelled),
            }
        });
        let right: u64 = Label::ALL
            .iter()
            .filter_map(|label| confusion.get(label.place())?.get(label.place()))
            .sum();
        let scores: Vec<f64> = labels.iter().filter_map(|label| label.f1).collect();
        Some(Self {
            texts,
            accuracy: right as f64 / texts as f64,
            accuracy_range: wilson(right, texts),
            macro_f1: scores.iter().sum::<f64>() / scores.len() as f64,
            labels,
            confusion,
        })
    }

    /// Part of the texts that have the most frequent label: what always giving that answer would reach.
    #[must_use]
    pub fn majority(&self) -> f64 {
        let most = self.labels.iter().map(|label| label.texts).max();
        most.unwrap_or(0) as f64 / self.texts as f64
    }
}

/// A model's answers to labelled texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// How often it is right.
    pub agreement: Agreement,
    /// How much its probabilities can be believed.
    pub calibration: Calibration,
}

impl Evaluation {
    /// Of pairs of label and answer. None without any.
    #[must_use]
    pub fn of(pairs: &[(Label, Sentiment)]) -> Option<Self> {
        Some(Self {
            agreement: Agreement::of(pairs.iter().map(|(label, answer)| (*label, Label::of(*answer))))?,
            calibration: Calibration::of(pairs),
        })
    }
}

fn part(of: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| of as f64 / all as f64)
}

/// Wilson's score interval for a part of `n`, at 95 %.
fn wilson(right: u64, n: u64) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let (right, n) = (right as f64, n as f64);
    let share = right / n;
    let z2 = Z * Z / n;
    let middle = (share + z2 / 2.0) / (1.0 + z2);
    let reach = Z / (1.0 + z2) * (share * (1.0 - share) / n + z2 / (4.0 * n)).sqrt();
    // At the ends the interval ends there, whatever rounding says.
    let low = if right == 0.0 { 0.0 } else { middle - reach };
    let high = if right == n { 1.0 } else { middle + reach };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use Label::{Negative as N, Neutral as U, Positive as P};

    fn sentiment(negative: f64, neutral: f64, positive: f64) -> Sentiment {
        Sentiment::new(positive, negative, neutral).unwrap()
    }

    #[test]
    fn counts_by_hand() {
        // Six texts: two of each label; one negative is taken for neutral, both positives for negative.
        let found = Agreement::of([(N, N), (N, U), (U, U), (U, U), (P, N), (P, N)]).unwrap();
        assert_eq!(found.confusion, [[1, 1, 0], [0, 2, 0], [2, 0, 0]]);
        assert_eq!(
            (found.texts, found.accuracy, found.majority()),
            (6, 0.5, 2.0 / 6.0)
        );
        let [negative, neutral, positive] = found.labels;
        assert_eq!(
            (negative.precision, negative.recall),
            (Some(1.0 / 3.0), Some(0.5))
        );
        assert_eq!((neutral.f1, positive.f1), (Some(4.0 / 5.0), Some(0.0)));
        assert_eq!((positive.precision, positive.recall), (None, Some(0.0)));
        let expected = (2.0 / 5.0 + 4.0 / 5.0 + 0.0) / 3.0;
        assert!((found.macro_f1 - expected).abs() < 1e-15);
        assert_eq!(Agreement::of([]), None);
    }

    #[test]
    fn a_label_that_nobody_names_does_not_count() {
        let found = Agreement::of([(P, P), (N, N), (N, P)]).unwrap();
        assert_eq!(found.labels[1].f1, None);
        assert!((found.macro_f1 - (2.0 / 3.0 + 2.0 / 3.0) / 2.0).abs() < 1e-15);
    }

    #[test]
    fn the_interval_is_wilsons() {
        // For none of n the upper end is z^2 / (n + z^2); the last is an example of Newcombe (1998).
        let (low, high) = wilson(0, 10);
        assert!(low == 0.0 && (high - 0.2775).abs() < 5e-4, "{low} {high}");
        let (low, high) = wilson(10, 10);
        assert!(high == 1.0 && (low - 0.7225).abs() < 5e-4, "{low} {high}");
        let (low, high) = wilson(81, 263);
        assert!(
            (low - 0.2553).abs() < 5e-4 && (high - 0.3662).abs() < 5e-4,
            "{low} {high}"
        );
    }

    #[test]
    fn the_likeliest_is_the_answer() {
        for (given, expected) in [
            (sentiment(0.1, 0.2, 0.7), P),
            (sentiment(0.7, 0.2, 0.1), N),
            (sentiment(0.2, 0.5, 0.3), U),
            (sentiment(0.4, 0.4, 0.2), U),
            (sentiment(0.45, 0.1, 0.45), N),
        ] {
            assert_eq!(Label::of(given), expected, "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn figures_hold_together(raw in prop::collection::vec((0_usize..3, 0_usize..3), 1..200)) {
            let pairs: Vec<_> = raw.iter().map(|&(a, b)| (Label::ALL[a], Label::ALL[b])).collect();
            let found = Agreement::of(pairs.iter().copied()).unwrap();
            let right = pairs.iter().filter(|(a, b)| a == b).count();
            prop_assert_eq!(found.accuracy, right as f64 / pairs.len() as f64);
            let (low, high) = found.accuracy_range;
            prop_assert!((0.0..=found.accuracy).contains(&low) && (found.accuracy..=1.0).contains(&high));
            // Order changes nothing.
            prop_assert_eq!(Agreement::of(pairs.iter().rev().copied()).unwrap(), found.clone());
            prop_assert!((0.0..=1.0).contains(&found.macro_f1));
            prop_assert!(found.majority() >= 1.0 / 3.0);
        }
    }
}
