//! Markets from fixed seeds.

use promptpal_domain::{Bars, Interval};

/// A random walk on a grid of cents from a fixed seed.
pub(crate) fn walk(len: usize) -> Bars {
    let mut bars = Bars::empty(Interval::Hour1, 2, 3);
    let (mut state, mut price) = (0x9e37_79b9_7f4a_7c15_u64, 10_000_i64);
    let mut next = |span: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % span) as i64
    };
    for i in 0..len {
        let open = price;
        let close = (open + next(201) - 100).max(100);
        let (high, low) = (open.max(close) + next(50), (open.min(close) - next(50)).max(1));
        bars.open_time
            .push(1_500_000_000_000 - 1_500_000_000_000 % 3_600_000 + i as i64 * 3_600_000);
        for (column, cents) in [
            (&mut bars.open, open),
            (&mut bars.high, high),
            (&mut bars.low, low),
            (&mut bars.close, close),
        ] {
            column.push(cents as f64 / 100.0);
        }
        bars.volume.push(next(1_000_000) as f64 / 1000.0);
        price = close;
    }
    bars
}

/// A generator from a fixed seed (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    /// From 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A random walk; a `rough` one has missing candles, flat stretches, bars without volume, jumps, and unknown prices.
pub(crate) fn market(random: &mut Random, len: usize, rough: bool) -> Bars {
    let mut bars = Bars::empty(Interval::Hour1, 2, 3);
    let (mut time, mut price) = (1_600_000_000_000_i64 - 1_600_000_000_000 % 3_600_000, 20_000_i64);
    let mut flat = 0;
    for _ in 0..len {
        time += 3_600_000;
        if rough {
            match random.below(40) {
                0 => time += 3_600_000 * (1 + random.below(60) as i64),
                1 => flat = random.below(12),
                2 => price = (price + 20_000 - random.below(30_000) as i64).max(100),
                _ => {}
            }
        }
        let mut step = |most: usize| random.below(most) as i64;
        let open = price;
        let (close, high, low) = if flat > 0 {
            flat -= 1;
            (open, open, open)
        } else {
            let close = (open + step(401) - 200).max(100);
            (
                close,
                open.max(close) + step(90),
                (open.min(close) - step(90)).max(1),
            )
        };
        let volume = if rough && step(10) == 0 {
            0
        } else {
            1 + step(1_000_000)
        };
        bars.open_time.push(time);
        for (column, cents) in [
            (&mut bars.open, open),
            (&mut bars.high, high),
            (&mut bars.low, low),
            (&mut bars.close, close),
        ] {
            let unknown = rough && random.below(400) == 0;
            column.push(if unknown { f64::NAN } else { cents as f64 / 100.0 });
        }
        bars.volume.push(volume as f64 / 1000.0);
        price = close;
    }
    bars
}

/// The bars from `from` to before `to`.
fn cut(bars: &Bars, from: usize, to: usize) -> Bars {
    let cut = |column: &[f64]| column[from..to].to_vec();
    Bars {
        open_time: bars.open_time[from..to].to_vec(),
        open: cut(&bars.open),
        high: cut(&bars.high),
        low: cut(&bars.low),
        close: cut(&bars.close),
        volume: cut(&bars.volume),
        ..*bars
    }
}

/// The first `len` bars.
pub(crate) fn prefix(bars: &Bars, len: usize) -> Bars {
    cut(bars, 0, len)
}

/// The bars from `from` on.
pub(crate) fn suffix(bars: &Bars, from: usize) -> Bars {
    cut(bars, from, bars.len())
}
