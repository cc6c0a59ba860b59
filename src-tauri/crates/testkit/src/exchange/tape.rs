//! What is traded: minutes of the simulator, made as they are needed, and every longer candle joined from them.

use promptpal_domain::{Candle, Decimal, Interval, Span, Symbol, Timestamp};
use promptpal_market::simulator::AssetModel;
use promptpal_market::{Scenario, Simulation, resample};

const MINUTE: i64 = 60_000;

/// An endless tape from a start on. The same scenario gives the same tape.
#[derive(Clone, Debug)]
pub struct Tape {
    assets: Vec<AssetModel>,
    start: Timestamp,
    simulation: Simulation,
    /// Minutes made so far, of each asset; halted ones are absent.
    minutes: Vec<Vec<Candle>>,
    made_to: Timestamp,
    /// Spans without minutes.
    left_out: Vec<Span>,
}

impl Tape {
    /// The sample market's three assets. Its halts end four years after the start; after that nothing halts.
    #[must_use]
    pub fn sample(seed: u64, from: Timestamp) -> Self {
        let four_years =
            Span::new(from, from.plus_millis(4 * 365 * 1440 * MINUTE)).expect("from is before its end");
        Self::of(Scenario::sample(seed, four_years))
    }

    /// Any scenario; the tape goes on behind the end of its span.
    #[must_use]
    pub fn of(scenario: Scenario) -> Self {
        let start = scenario.span.from();
        Self {
            simulation: Simulation::new(&scenario),
            minutes: vec![Vec::new(); scenario.assets.len()],
            assets: scenario.assets,
            start,
            made_to: start,
            left_out: Vec::new(),
        }
    }

    /// Leaves out the next so many minutes that are not made yet.
    pub(crate) fn leave_out(&mut self, minutes: u64) {
        let from = self
            .left_out
            .last()
            .map_or(self.made_to, |last| last.to().max(self.made_to));
        let ms = i64::try_from(minutes).unwrap_or(i64::MAX).saturating_mul(MINUTE);
        self.left_out.extend(Span::new(from, from.plus_millis(ms)));
    }

    pub(crate) fn left_out(&self) -> &[Span] {
        &self.left_out
    }

    pub(crate) fn assets(&self) -> &[AssetModel] {
        &self.assets
    }

    /// Number of a symbol.
    pub(crate) fn find(&self, symbol: &str) -> Option<usize> {
        self.assets
            .iter()
            .position(|asset| asset.symbol.as_str() == symbol)
    }

    pub(crate) fn symbol(&self, asset: usize) -> &Symbol {
        &self.assets[asset].symbol
    }

    /// Makes every minute that opens at or before `now`.
    pub(crate) fn make_to(&mut self, now: Timestamp) {
        while self.made_to <= now {
            let row = self.simulation.next().expect("the simulation is endless");
            self.made_to = row.open_time.plus_millis(MINUTE);
            if self.left_out.iter().any(|span| span.contains(row.open_time)) {
                continue;
            }
            for (minutes, candle) in self.minutes.iter_mut().zip(row.candles) {
                minutes.push(candle);
            }
        }
    }

    /// Candles as they stand at `now` that open in `[from, to)`, the forming one included.
    pub(crate) fn candles(
        &self,
        asset: usize,
        interval: Interval,
        from: Timestamp,
        to: Timestamp,
        now: Timestamp,
    ) -> Vec<Candle> {
        let first = interval.floor(from);
        let first = if first < from { interval.next(first) } else { first };
        // The last bucket that opens before `to` is needed whole, as far as it has happened.
        let end = if to > first {
            interval.next(to.plus_millis(-1)).min(now.plus_millis(1))
        } else {
            first
        };
        if interval == Interval::Second1 {
            return self.seconds(asset, first, end, now);
        }
        let minutes = &self.minutes[asset];
        let begin = minutes.partition_point(|minute| minute.open_time < first.max(self.start));
        let mut seen: Vec<Candle> = Vec::new();
        for minute in &minutes[begin..] {
            if minute.open_time >= end {
                break;
            }
            seen.extend(as_it_stands(minute, now));
        }
        resample(&seen, interval).expect("minutes ascend and their volumes are small")
    }

    /// The seconds of the minutes, on the way that [`as_it_stands`] takes: joined they are the minutes again.
    fn seconds(&self, asset: usize, first: Timestamp, end: Timestamp, now: Timestamp) -> Vec<Candle> {
        let minutes = &self.minutes[asset];
        let begin = minutes.partition_point(|minute| minute.open_time.plus_millis(MINUTE) <= first);
        minutes[begin..]
            .iter()
            .take_while(|minute| minute.open_time < end)
            .flat_map(|minute| (0..60).filter_map(move |second| second_of(minute, second, now)))
            .filter(|candle| first <= candle.open_time && candle.open_time < end)
            .collect()
    }

    /// The newest `limit` candles that open at or before `last`.
    pub(crate) fn newest(
        &self,
        asset: usize,
        interval: Interval,
        limit: usize,
        last: Timestamp,
        now: Timestamp,
    ) -> Vec<Candle> {
        let minutes = &self.minutes[asset];
        if interval == Interval::Second1 {
            let behind = minutes.partition_point(|minute| minute.open_time <= last);
            let Some(oldest) = minutes[behind.saturating_sub(limit / 60 + 2)..behind].first() else {
                return Vec::new();
            };
            let mut candles = self.candles(asset, interval, oldest.open_time, last.plus_millis(1), now);
            candles.drain(..candles.len().saturating_sub(limit));
            return candles;
        }
        let mut buckets = 0;
        let mut from = None;
        let behind = interval.next(last).min(now.plus_millis(1));
        for minute in minutes[..minutes.partition_point(|minute| minute.open_time < behind)]
            .iter()
            .rev()
        {
            let bucket = interval.floor(minute.open_time);
            if from == Some(bucket) {
                continue;
            }
            if buckets == limit {
                break;
            }
            buckets += 1;
            from = Some(bucket);
        }
        let Some(from) = from else { return Vec::new() };
        let mut candles = self.candles(asset, interval, from, last.plus_millis(1), now);
        candles.drain(..candles.len().saturating_sub(limit));
        candles
    }
}

/// A minute at `now`: nothing before its first trade, whole after its end, in between on its way from the open over one
/// extreme and the other to the close.
fn as_it_stands(minute: &Candle, now: Timestamp) -> Option<Candle> {
    let passed = now.since(minute.open_time);
    if passed >= MINUTE {
        return Some(minute.clone());
    }
    if passed <= 0 {
        return None;
    }
    let scale = minute.open.scale();
    let rises = minute.close >= minute.open;
    let (first, second) = if rises {
        (minute.low, minute.high)
    } else {
        (minute.high, minute.low)
    };
    let stops =
        [minute.open, first, second, minute.close].map(|price| price.units_at(scale).expect("one scale"));
    let third = MINUTE / 3;
    let leg = (passed / third).min(2) as usize;
    let within = passed - leg as i64 * third;
    let last = stops[leg] + (stops[leg + 1] - stops[leg]) * within.min(third) / third;
    let reached = || stops[..=leg].iter().copied().chain([last]);
    let price = |units: i64| Decimal::new(units, scale);
    let part = |amount: Decimal| {
        Decimal::new(
            (i128::from(amount.units()) * i128::from(passed) / i128::from(MINUTE)) as i64,
            amount.scale(),
        )
    };
    Some(Candle {
        open_time: minute.open_time,
        close_time: None,
        open: minute.open,
        high: price(reached().max().expect("there is a price")),
        low: price(reached().min().expect("there is a price")),
        close: price(last),
        volume: part(minute.volume),
        quote_volume: minute.quote_volume.map(part),
        trades: minute.trades.map(|n| (n * passed / MINUTE).max(1)),
        taker_base_volume: minute.taker_base_volume.map(part),
        taker_quote_volume: minute.taker_quote_volume.map(part),
    })
}

/// Second number `second` of a minute as it stands at `now`.
fn second_of(minute: &Candle, second: i64, now: Timestamp) -> Option<Candle> {
    let open_time = minute.open_time.plus_millis(second * 1000);
    let after = as_it_stands(minute, open_time.plus_millis(1000).min(now))?;
    if now <= open_time {
        return None;
    }
    let before = as_it_stands(minute, open_time);
    let open = before.as_ref().map_or(minute.open, |before| before.close);
    let less = |whole: Decimal, part: Option<Decimal>| {
        Decimal::new(whole.units() - part.map_or(0, Decimal::units), whole.scale())
    };
    let part = |of: fn(&Candle) -> Option<Decimal>| Some(less(of(&after)?, before.as_ref().and_then(of)));
    Some(Candle {
        open_time,
        close_time: None,
        open,
        high: open.max(after.close),
        low: open.min(after.close),
        close: after.close,
        volume: less(after.volume, before.as_ref().map(|before| before.volume)),
        quote_volume: part(|candle| candle.quote_volume),
        trades: after
            .trades
            .map(|n| n - before.as_ref().and_then(|before| before.trades).unwrap_or(0)),
        taker_base_volume: part(|candle| candle.taker_base_volume),
        taker_quote_volume: part(|candle| candle.taker_quote_volume),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forming_candles_grow_into_their_closed_form() {
        let from: Timestamp = "2024-03-01".parse().unwrap();
        let mut tape = Tape::sample(1, from);
        tape.make_to(from.plus_millis(200 * MINUTE));
        let mut before: Option<Candle> = None;
        for second in 1..=3600 {
            let now = from.plus_millis(second * 1000);
            let hour = tape
                .candles(0, Interval::Hour1, from, from.plus_millis(1), now)
                .remove(0);
            hour.clone().checked().unwrap();
            if let Some(before) = before.replace(hour.clone()) {
                assert!(hour.high >= before.high && hour.low <= before.low && hour.volume >= before.volume);
            }
        }
        let later = from.plus_millis(190 * MINUTE);
        assert_eq!(
            tape.candles(0, Interval::Hour1, from, from.plus_millis(1), later),
            [before.unwrap()]
        );
    }

    #[test]
    fn seconds_are_their_minutes_again() {
        let from: Timestamp = "2024-03-01".parse().unwrap();
        let now = from.plus_millis(90 * MINUTE + 17_500);
        let mut tape = Tape::sample(1, from);
        tape.make_to(now);
        for asset in 0..3 {
            let seconds = tape.candles(asset, Interval::Second1, from, now, now);
            assert_eq!(seconds.len(), 90 * 60 + 18);
            let minutes = tape.candles(asset, Interval::Minute1, from, now, now);
            assert_eq!(resample(&seconds, Interval::Minute1).unwrap(), minutes);
            assert!(seconds.iter().all(|second| second.clone().checked().is_ok()));
            let newest = tape.newest(asset, Interval::Second1, 100, now, now);
            assert_eq!(newest, seconds[seconds.len() - 100..]);
        }
    }

    #[test]
    fn newest_are_the_tail_of_all() {
        let from: Timestamp = "2024-03-01".parse().unwrap();
        let now = from.plus_millis(500 * MINUTE + 17_000);
        let mut tape = Tape::sample(1, from);
        tape.make_to(now);
        let all = tape.candles(1, Interval::Minute5, from, now.plus_millis(1), now);
        assert_eq!(all.len(), 101);
        assert_eq!(tape.newest(1, Interval::Minute5, 10, now, now), all[91..]);
        assert_eq!(tape.newest(1, Interval::Minute5, 1000, now, now), all);
        assert_eq!(
            tape.newest(1, Interval::Minute5, 2, from.plus_millis(9 * MINUTE), now),
            all[..2]
        );
        assert_eq!(
            tape.newest(1, Interval::Minute5, 2, from.plus_millis(-1), now),
            []
        );
    }
}
