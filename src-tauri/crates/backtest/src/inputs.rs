//! What a run looks at.

use promptpal_domain::{Bars, SentimentPoint, Timestamp};
use promptpal_indicators::LazyGrid;
use sha2::{Digest, Sha256};

use crate::BacktestError;
use crate::execution::Minutes;
use crate::graph::Price;
use crate::prices::{Grids, column};

/// A funding payment of a perpetual contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FundingRate {
    /// When it is due: who holds a position then pays or receives.
    pub time: Timestamp,
    /// Part of the position's worth that longs pay to shorts; negative when shorts pay. 0.0001 is 0.01 %.
    pub rate: f64,
}

/// The bars and the scored articles of a run, checked, with their fingerprint. Prepare it once and run on it many times.
#[derive(Debug)]
pub struct Inputs<'a> {
    bars: &'a Bars,
    sentiment: &'a [SentimentPoint],
    minutes: Option<Minutes<'a>>,
    funding: &'a [FundingRate],
    digest: [u8; 32],
    gaps: usize,
    step_ms: f64,
    even_step: Option<i64>,
    grids: Grids,
}

impl<'a> Inputs<'a> {
    /// Checks the columns and takes their fingerprint. `sentiment` holds the articles about the asset, ordered by
    /// `available_at`; it may be empty.
    ///
    /// # Errors
    /// [`BacktestError::NoBars`]; [`BacktestError::Bars`] when columns differ in length, times do not ascend, a number is not
    /// finite or a price is not above zero, or the articles are out of order.
    pub fn new(bars: &'a Bars, sentiment: &'a [SentimentPoint]) -> Result<Self, BacktestError> {
        let digest = examine(bars, sentiment)?;
        if !sentiment.is_sorted_by_key(|point| point.available_at) {
            return Err(BacktestError::Bars(
                "the articles are not ordered by the time they were available",
            ));
        }
        let (step_ms, even_step) = steps(bars);
        Ok(Self {
            bars,
            sentiment,
            minutes: None,
            funding: &[],
            digest,
            gaps: bars.gap_count(),
            step_ms,
            even_step,
            grids: Grids::of(bars.price_scale),
        })
    }

    /// Adds finer bars of the same instrument, on which [`crate::Fills::Minute`] resolves stops and waiting orders. They may cover
    /// a part of the span only.
    ///
    /// # Errors
    /// [`BacktestError::Bars`] as [`Inputs::new`], and when they are not finer than the bars.
    pub fn with_minutes(mut self, minutes: &'a Bars) -> Result<Self, BacktestError> {
        if minutes.is_empty() {
            return Ok(self);
        }
        let digest = examine(minutes, &[])?;
        if minutes.interval.nominal_millis() >= self.bars.interval.nominal_millis() {
            return Err(BacktestError::Bars(
                "the finer bars are not finer than those of the test",
            ));
        }
        self.digest = combined(&self.digest, &digest);
        self.minutes = Some(Minutes::below(self.bars, minutes));
        Ok(self)
    }

    /// Adds funding payments, ordered by time. Those outside of the bars are not used.
    ///
    /// # Errors
    /// [`BacktestError::Funding`] when they are out of order or a rate is not a number between -1 and 1.
    pub fn with_funding(mut self, funding: &'a [FundingRate]) -> Result<Self, BacktestError> {
        if !funding.is_sorted_by(|a, b| a.time < b.time) {
            return Err(BacktestError::Funding("their times do not ascend"));
        }
        if !funding.iter().all(|funding| funding.rate.abs() < 1.0) {
            return Err(BacktestError::Funding("a rate is not a number between -1 and 1"));
        }
        let mut hasher = Sha256::new();
        for FundingRate { time, rate } in funding {
            hasher.update(time.millis().to_le_bytes());
            hasher.update(rate.to_le_bytes());
        }
        self.digest = combined(&self.digest, &hasher.finalize().into());
        self.funding = funding;
        Ok(self)
    }

    /// Stands for other inputs: with their fingerprint, and the places where bars are missing in them.
    pub(crate) const fn in_place_of(mut self, digest: [u8; 32], gaps: usize) -> Self {
        (self.digest, self.gaps) = (digest, gaps);
        self
    }

    /// Part of the bars that finer bars cover, where there are any.
    #[must_use]
    pub fn fine_share(&self) -> Option<f64> {
        self.minutes.as_ref().map(Minutes::share)
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

    /// The distance between any two neighbouring bars in milliseconds, where all are as far apart as their interval says.
    pub(crate) const fn even_step(&self) -> Option<i64> {
        self.even_step
    }

    pub(crate) const fn sentiment(&self) -> &'a [SentimentPoint] {
        self.sentiment
    }

    pub(crate) const fn minutes(&self) -> Option<&Minutes<'a>> {
        self.minutes.as_ref()
    }

    pub(crate) const fn funding(&self) -> &'a [FundingRate] {
        self.funding
    }

    pub(crate) const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    pub(crate) fn column(&self, price: Price) -> &'a [f64] {
        column(self.bars, price)
    }

    /// The grid of a price, worked out on first use.
    pub(crate) const fn grid(&self, price: Price) -> Option<&LazyGrid> {
        self.grids.get(price)
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

/// Numbers looked at together: what has been checked is still near when it is hashed.
const PART: usize = 4096;

/// Makes sure that bars can be true, and takes their fingerprint with that of the articles: BLAKE3 over the columns, numbers as
/// little-endian bytes.
fn examine(bars: &Bars, sentiment: &[SentimentPoint]) -> Result<[u8; 32], BacktestError> {
    if bars.is_empty() {
        return Err(BacktestError::NoBars);
    }
    let prices = [&bars.open, &bars.high, &bars.low, &bars.close];
    if prices.iter().any(|column| column.len() != bars.len()) || bars.volume.len() != bars.len() {
        return Err(BacktestError::Bars("their columns differ in length"));
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(bars.interval.as_str().as_bytes());
    hasher.update(&[0, bars.price_scale, bars.volume_scale]);
    hasher.update(&(bars.len() as u64).to_le_bytes());
    let mut last = None;
    for part in bars.open_time.chunks(PART) {
        let ascends = part.first().copied() > last && part.is_sorted_by(|a, b| a < b);
        if !ascends {
            return Err(BacktestError::Bars("their times do not ascend"));
        }
        last = part.last().copied();
        hasher.update(bytemuck::cast_slice(part));
    }
    for column in prices {
        for part in column.chunks(PART) {
            if !every(part, |price| (price > 0.0) & (price < f64::INFINITY)) {
                return Err(BacktestError::Bars("a price is not a number above zero"));
            }
            hasher.update(bytemuck::cast_slice(part));
        }
    }
    for part in bars.volume.chunks(PART) {
        if !every(part, f64::is_finite) {
            return Err(BacktestError::Bars("a volume is not a number"));
        }
        hasher.update(bytemuck::cast_slice(part));
    }
    for point in sentiment {
        hasher.update(&point.available_at.millis().to_le_bytes());
        hasher.update(&point.score.to_le_bytes());
        hasher.update(&point.weight.to_le_bytes());
    }
    Ok(hasher.finalize().into())
}

/// The bytes of numbers in memory are those that are hashed.
const _: () = assert!(
    cfg!(target_endian = "little"),
    "fingerprints are over little-endian numbers"
);

/// Whether all values fit; in blocks without a way out in the middle, which vectors do fast.
fn every(column: &[f64], fits: impl Fn(f64) -> bool) -> bool {
    let block = |block: &[f64]| block.iter().fold(true, |all, &value| all & fits(value));
    column.chunks(256).all(block)
}

/// The fingerprint of two things together.
fn combined(a: &[u8; 32], b: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update(a).chain_update(b).finalize().into()
}

/// Median distance between bars in milliseconds, the interval's own where there is only one bar; and that distance if it is
/// the interval's own between all.
fn steps(bars: &Bars) -> (f64, Option<i64>) {
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
        return (nominal as f64, (usual == count).then_some(nominal));
    }
    let mut steps: Vec<i64> = steps().collect();
    let (below, &mut middle, _) = steps.select_nth_unstable(count / 2);
    let lower = if count.is_multiple_of(2) {
        below.iter().copied().max().unwrap_or(middle)
    } else {
        middle
    };
    ((lower as f64 + middle as f64) / 2.0, None)
}
