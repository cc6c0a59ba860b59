//! What a run looks at.

use std::sync::OnceLock;

use promptpal_domain::{Bars, SentimentPoint, Timestamp};
use promptpal_indicators::Grid;
use sha2::{Digest, Sha256};

use crate::BacktestError;
use crate::graph::Price;

/// The bars and the scored articles of a run, checked, with their fingerprint. Prepare it once and run on it many times.
#[derive(Debug)]
pub struct Inputs<'a> {
    bars: &'a Bars,
    sentiment: &'a [SentimentPoint],
    digest: [u8; 32],
    gaps: usize,
    step_ms: f64,
    grids: [OnceLock<Option<Grid>>; 4],
}

impl<'a> Inputs<'a> {
    /// Checks the columns and takes their fingerprint. `sentiment` holds the articles about the asset, ordered by
    /// `available_at`; it may be empty.
    ///
    /// # Errors
    /// [`BacktestError::NoBars`]; [`BacktestError::Bars`] when columns differ in length, times do not ascend, a number is not
    /// finite or a price is not above zero, or the articles are out of order.
    pub fn new(bars: &'a Bars, sentiment: &'a [SentimentPoint]) -> Result<Self, BacktestError> {
        if bars.is_empty() {
            return Err(BacktestError::NoBars);
        }
        let prices = [&bars.open, &bars.high, &bars.low, &bars.close];
        if prices.iter().any(|column| column.len() != bars.len()) || bars.volume.len() != bars.len() {
            return Err(BacktestError::Bars("their columns differ in length"));
        }
        if !bars.open_time.is_sorted_by(|a, b| a < b) {
            return Err(BacktestError::Bars("their times do not ascend"));
        }
        if prices
            .iter()
            .any(|column| !column.iter().all(|&price| price > 0.0 && price < f64::INFINITY))
        {
            return Err(BacktestError::Bars("a price is not a number above zero"));
        }
        if !bars.volume.iter().all(|volume| volume.is_finite()) {
            return Err(BacktestError::Bars("a volume is not a number"));
        }
        if !sentiment.is_sorted_by_key(|point| point.available_at) {
            return Err(BacktestError::Bars(
                "the articles are not ordered by the time they were available",
            ));
        }
        Ok(Self {
            bars,
            sentiment,
            digest: fingerprint(bars, sentiment),
            gaps: bars.gap_count(),
            step_ms: median_step(bars),
            grids: Default::default(),
        })
    }

    /// The bars.
    #[must_use]
    pub const fn bars(&self) -> &'a Bars {
        self.bars
    }

    /// Places between neighbouring bars where at least one is missing.
    #[must_use]
    pub const fn gaps(&self) -> usize {
        self.gaps
    }

    /// How many bars a year of trading days holds, by the median distance between bars.
    pub(crate) fn bars_per_year(&self, days_per_year: f64) -> f64 {
        days_per_year * 86_400.0 / (self.step_ms / 1000.0)
    }

    pub(crate) const fn sentiment(&self) -> &'a [SentimentPoint] {
        self.sentiment
    }

    pub(crate) const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    pub(crate) fn column(&self, price: Price) -> &'a [f64] {
        match price {
            Price::Open => &self.bars.open,
            Price::High => &self.bars.high,
            Price::Low => &self.bars.low,
            Price::Close => &self.bars.close,
            Price::Volume => &self.bars.volume,
        }
    }

    /// The column in whole units of its decimals, if it lies on that grid; worked out on first use.
    pub(crate) fn grid(&self, price: Price) -> Option<&Grid> {
        let [open, high, low, close] = &self.grids;
        let slot = match price {
            Price::Open => open,
            Price::High => high,
            Price::Low => low,
            Price::Close => close,
            Price::Volume => return None,
        };
        slot.get_or_init(|| Grid::of(self.column(price), self.bars.price_scale))
            .as_ref()
    }

    /// The last millisecond of each bar: what is known then, a decision at its close may use.
    pub(crate) fn close_times(&self) -> Vec<i64> {
        let interval = self.bars.interval;
        self.bars
            .open_time
            .iter()
            .map(|&open| interval.next(Timestamp::from_millis(open)).millis() - 1)
            .collect()
    }
}

/// Median distance between bars in milliseconds; the interval's own where there is only one bar.
fn median_step(bars: &Bars) -> f64 {
    let nominal = bars.interval.nominal_millis();
    let steps = || {
        bars.open_time
            .iter()
            .zip(bars.open_time.iter().skip(1))
            .map(|(before, time)| time - before)
    };
    let count = bars.len().saturating_sub(1);
    // When more than half of the steps are equal, they are the median.
    let usual = steps().filter(|&step| step == nominal).count();
    if count == 0 || usual * 2 > count {
        return nominal as f64;
    }
    let mut steps: Vec<i64> = steps().collect();
    let (below, &mut middle, _) = steps.select_nth_unstable(count / 2);
    let lower = if count.is_multiple_of(2) {
        below.iter().copied().max().unwrap_or(middle)
    } else {
        middle
    };
    (lower as f64 + middle as f64) / 2.0
}

/// SHA-256 over the columns and the articles, numbers as little-endian bytes.
fn fingerprint(bars: &Bars, sentiment: &[SentimentPoint]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(bars.interval.as_str());
    hasher.update([0, bars.price_scale, bars.volume_scale]);
    hasher.update((bars.len() as u64).to_le_bytes());
    let mut bytes = Vec::with_capacity(8 * 4096);
    for part in bars.open_time.chunks(4096) {
        bytes.clear();
        bytes.extend(part.iter().flat_map(|time| time.to_le_bytes()));
        hasher.update(&bytes);
    }
    for column in [&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume] {
        for part in column.chunks(4096) {
            bytes.clear();
            bytes.extend(part.iter().flat_map(|value| value.to_le_bytes()));
            hasher.update(&bytes);
        }
    }
    for point in sentiment {
        hasher.update(point.available_at.millis().to_le_bytes());
        hasher.update(point.score.to_le_bytes());
        hasher.update(point.weight.to_le_bytes());
    }
    hasher.finalize().into()
}
