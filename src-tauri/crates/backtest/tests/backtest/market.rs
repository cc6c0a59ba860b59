//! Bars for tests: by hand, or a seeded walk.

use promptpal_backtest::{Config, Inputs, Report, Script, run};
use promptpal_domain::{Bars, Interval};

/// A small generator of numbers from a seed (xorshift64*).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 to `span - 1`.
    pub(crate) fn roll(&mut self, span: u64) -> i64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % span) as i64
    }
}

/// Hourly bars from rows of open, high, low, close.
pub(crate) fn bars(rows: &[[f64; 4]]) -> Bars {
    let mut bars = Bars::empty(Interval::Hour1, 2, 0);
    for (i, [open, high, low, close]) in rows.iter().enumerate() {
        bars.open_time.push(1_704_067_200_000 + i as i64 * 3_600_000);
        bars.open.push(*open);
        bars.high.push(*high);
        bars.low.push(*low);
        bars.close.push(*close);
        bars.volume.push(1.0);
    }
    bars
}

/// Hourly bars of a walk in cents, with gaps between close and next open, and missing hours.
pub(crate) fn walk(seed: u64, len: usize) -> Bars {
    let mut dice = Dice::new(seed);
    let mut bars = Bars::empty(Interval::Hour1, 2, 3);
    let (mut price, mut time) = (
        10_000 + dice.roll(5_000),
        1_700_006_400_000_i64 / 3_600_000 * 3_600_000,
    );
    let swing = 20 + dice.roll(200) as u64;
    for _ in 0..len {
        let open = (price
            + if dice.roll(4) == 0 {
                dice.roll(2 * swing + 1) - swing as i64
            } else {
                0
            })
        .max(500);
        let close = (open + dice.roll(2 * swing + 1) - swing as i64).max(500);
        let high = open.max(close) + dice.roll(swing);
        let low = (open.min(close) - dice.roll(swing)).max(1);
        bars.open_time.push(time);
        for (column, cents) in [
            (&mut bars.open, open),
            (&mut bars.high, high),
            (&mut bars.low, low),
            (&mut bars.close, close),
        ] {
            column.push(cents as f64 / 100.0);
        }
        bars.volume.push(dice.roll(1_000_000) as f64 / 1000.0);
        price = close;
        time += 3_600_000 * if dice.roll(50) == 0 { 1 + dice.roll(5) } else { 1 };
    }
    bars
}

/// Runs a script's text.
pub(crate) fn backtest(source: &str, bars: &Bars, config: &Config) -> Report {
    let script = Script::compile(source).unwrap_or_else(|error| panic!("{error}\n{source}"));
    run(&script, &[], &Inputs::new(bars, &[]).unwrap(), config, &|| false).unwrap()
}

/// Quarters of an hour of a walk, and the same with some of them missing.
pub(crate) fn quarters(seed: u64, len: usize) -> (Bars, Bars) {
    let mut dice = Dice::new(seed + 77);
    let mut all = walk(seed, len);
    all.interval = Interval::Minute15;
    let begin = all.open_time[0];
    for time in &mut all.open_time {
        *time = begin + (*time - begin) / 4;
    }
    let kept: Vec<bool> = (0..len).map(|_| dice.roll(60) != 0).collect();
    let mut kept_bars = Bars::empty(all.interval, all.price_scale, all.volume_scale);
    for at in (0..len).filter(|&at| kept[at]) {
        kept_bars.open_time.push(all.open_time[at]);
        kept_bars.open.push(all.open[at]);
        kept_bars.high.push(all.high[at]);
        kept_bars.low.push(all.low[at]);
        kept_bars.close.push(all.close[at]);
        kept_bars.volume.push(all.volume[at]);
    }
    (all, kept_bars)
}

/// Hourly bars made of finer ones.
pub(crate) fn resampled(fine: &Bars) -> Bars {
    let mut bars = Bars::empty(Interval::Hour1, fine.price_scale, fine.volume_scale);
    for at in 0..fine.len() {
        let hour = fine.open_time[at] / 3_600_000 * 3_600_000;
        if bars.open_time.last() != Some(&hour) {
            bars.open_time.push(hour);
            bars.open.push(fine.open[at]);
            bars.high.push(0.0);
            bars.low.push(f64::INFINITY);
            bars.close.push(0.0);
            bars.volume.push(0.0);
        }
        let bar = bars.len() - 1;
        bars.high[bar] = bars.high[bar].max(fine.high[at]);
        bars.low[bar] = bars.low[bar].min(fine.low[at]);
        bars.close[bar] = fine.close[at];
        bars.volume[bar] += fine.volume[at];
    }
    bars
}
