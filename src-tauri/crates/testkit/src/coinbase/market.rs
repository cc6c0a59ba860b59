//! The tape as this exchange has it, its time, its bucket of requests.

use std::collections::VecDeque;
use std::time::Instant;

use promptpal_domain::{Candle, Decimal, Interval, Timestamp};
use promptpal_market::resample;

use super::{CoinbaseFault, CoinbaseOptions};
use crate::exchange::{RequestRecord, Tape};

#[derive(Debug)]
pub(crate) struct Market {
    tape: Tape,
    now: Timestamp,
    quiet_in: u64,
    refill: f64,
    tokens: f64,
    counted: Instant,
    faults: VecDeque<CoinbaseFault>,
    pub(crate) requests: Vec<RequestRecord>,
}

impl Market {
    pub(crate) fn new(options: CoinbaseOptions) -> Self {
        let CoinbaseOptions {
            mut tape,
            now,
            quiet_in,
            requests_a_second,
            ..
        } = options;
        tape.make_to(now);
        let refill = f64::from(requests_a_second);
        Self {
            tape,
            now,
            quiet_in,
            refill,
            tokens: refill * 1.5,
            counted: Instant::now(),
            faults: VecDeque::new(),
            requests: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn advance(&mut self, ms: i64) {
        self.now = self.now.plus_millis(ms.max(0));
        self.tape.make_to(self.now);
    }

    pub(crate) fn inject(&mut self, fault: CoinbaseFault) {
        self.faults.push_back(fault);
    }

    /// The first fault that can meet such a request.
    pub(crate) fn next_fault(&mut self, for_candles: bool) -> Option<CoinbaseFault> {
        let at = self
            .faults
            .iter()
            .position(|fault| for_candles || !fault.is_of_candles())?;
        self.faults.remove(at)
    }

    /// Takes a token of the bucket, if there is one.
    pub(crate) fn spend(&mut self) -> bool {
        let passed = self.counted.elapsed().as_secs_f64();
        self.counted = Instant::now();
        self.tokens = (self.tokens + passed * self.refill).min(self.refill * 1.5);
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }

    /// The products by name, with the decimals of their prices and amounts.
    pub(crate) fn products(&self) -> Vec<(String, String, u8, u8)> {
        let assets = self.tape.assets().iter();
        assets
            .map(|asset| {
                let base = asset.asset.as_str().to_owned();
                (
                    format!("{base}-USD"),
                    base,
                    asset.price_decimals,
                    asset.volume_decimals,
                )
            })
            .collect()
    }

    /// Number of a product.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.products().iter().position(|(product, ..)| product == name)
    }

    /// Candles as they stand that open in `[from, to)`, the forming one included. Joined from the minutes in which
    /// something was traded.
    pub(crate) fn candles(
        &self,
        asset: usize,
        interval: Interval,
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<Candle> {
        let floor = interval.floor(from);
        let first = if floor < from { interval.next(from) } else { floor };
        if to <= first {
            return Vec::new();
        }
        let end = interval.next(to.plus_millis(-1));
        let mut minutes = self.tape.candles(asset, Interval::Minute1, first, end, self.now);
        minutes.retain(|minute| !self.is_quiet(minute.open_time));
        for minute in &mut minutes {
            // What this exchange does not tell.
            minute.quote_volume = None;
            minute.trades = None;
            minute.taker_base_volume = None;
            minute.taker_quote_volume = None;
        }
        resample(&minutes, interval).expect("minutes ascend and their volumes are small")
    }

    /// The minutes of the last 24 hours.
    pub(crate) fn last_day(&self, asset: usize) -> Vec<Candle> {
        self.candles(
            asset,
            Interval::Minute1,
            self.now.plus_millis(-86_400_000),
            self.now,
        )
    }

    fn is_quiet(&self, minute: Timestamp) -> bool {
        let number = minute.millis().div_euclid(60_000).unsigned_abs();
        // Any fixed scatter will do.
        self.quiet_in > 0 && (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32).is_multiple_of(self.quiet_in)
    }
}

/// A number as JSON: without zeros at the end; every fifth amount with the noise of a sum of doubles.
pub(crate) fn json_number(value: Decimal, noisy: bool) -> String {
    let exact = value.trimmed().to_string();
    let parsed: f64 = value.to_f64();
    if noisy && parsed > 0.0 {
        return parsed.next_up().to_string();
    }
    exact
}
