//! Scores of texts by a model, and what becomes of them over time.

use crate::{Asset, Timestamp};

/// Probabilities that a text is positive, negative or neutral; they add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sentiment {
    positive: f64,
    negative: f64,
    neutral: f64,
}

/// The three numbers are no probabilities.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{0}, {1}, {2} are no probabilities of positive, negative and neutral")]
pub struct SentimentError(f64, f64, f64);

impl Sentiment {
    /// From three probabilities.
    ///
    /// # Errors
    /// [`SentimentError`] unless each lies in `[0, 1]` and they add up to 1 within 0.001.
    pub fn new(positive: f64, negative: f64, neutral: f64) -> Result<Self, SentimentError> {
        let each = [positive, negative, neutral]
            .iter()
            .all(|p| (0.0..=1.0).contains(p));
        if each && (positive + negative + neutral - 1.0).abs() <= 1e-3 {
            Ok(Self {
                positive,
                negative,
                neutral,
            })
        } else {
            Err(SentimentError(positive, negative, neutral))
        }
    }

    /// Probability that the text is positive.
    #[must_use]
    pub const fn positive(self) -> f64 {
        self.positive
    }

    /// Probability that the text is negative.
    #[must_use]
    pub const fn negative(self) -> f64 {
        self.negative
    }

    /// Probability that the text is neutral.
    #[must_use]
    pub const fn neutral(self) -> f64 {
        self.neutral
    }

    /// One number in `[-1, 1]`: probability of positive less probability of negative.
    #[must_use]
    pub fn score(self) -> f64 {
        self.positive - self.negative
    }
}

/// Which model gave a score.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelRef {
    /// Its name in the catalogue.
    pub id: String,
    /// SHA-256 of its weights, lower-case hex.
    pub sha256: String,
}

/// One sentence of an article with its score.
#[derive(Clone, Debug, PartialEq)]
pub struct SentenceScore {
    /// 0 is the headline, the text's sentences follow.
    pub position: u32,
    /// The sentence.
    pub text: String,
    /// Its score.
    pub sentiment: Sentiment,
    /// Whether the model saw only its beginning.
    pub truncated: bool,
}

/// What an article says of one of its assets.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetScore {
    /// The asset.
    pub asset: Asset,
    /// The score of the sentences that count for it.
    pub sentiment: Sentiment,
    /// The positions of those sentences, ascending.
    pub sentences: Vec<u32>,
}

/// One scored article on the time line: what a strategy or a chart may know at `available_at`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SentimentPoint {
    /// From when it may be known: [`SentimentPoint::SCORING_DELAY_MS`] after the article.
    pub available_at: Timestamp,
    /// What the article says of the asset, in `[-1, 1]`.
    pub score: f64,
    /// How much the article is about the asset, above 0 and at most 1.
    pub weight: f64,
}

impl SentimentPoint {
    /// How long after an article its score is known, in milliseconds. An article that is scored within that time changes nothing of
    /// what was said of the past. The same time stands for all, so that scoring again moves no article.
    pub const SCORING_DELAY_MS: i64 = 60_000;
}
