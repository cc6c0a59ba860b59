//! A little market, so that the bench can be tried without a file.

use promptpal_domain::{Bars, Interval};

pub(crate) fn walk(len: i64) -> Bars {
    let mut bars = Bars::empty(Interval::Minute1, 2, 0);
    let mut cents = 3_000_000_i64;
    let mut state = 1_u64;
    for minute in 0..len {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let open = cents;
        cents = (cents + i64::try_from(state >> 54).expect("ten bits") - 512).max(100_000);
        bars.open_time.push(1_577_836_800_000 + minute * 60_000);
        bars.open.push(open as f64 / 100.0);
        bars.high.push(open.max(cents) as f64 / 100.0);
        bars.low.push(open.min(cents) as f64 / 100.0);
        bars.close.push(cents as f64 / 100.0);
        bars.volume.push(1.0);
    }
    bars
}

/// The first bars.
pub(crate) fn first(bars: &Bars, len: usize) -> Bars {
    let len = len.min(bars.len());
    let cut = |column: &[f64]| column[..len].to_vec();
    Bars {
        open_time: bars.open_time[..len].to_vec(),
        open: cut(&bars.open),
        high: cut(&bars.high),
        low: cut(&bars.low),
        close: cut(&bars.close),
        volume: cut(&bars.volume),
        ..Bars::empty(bars.interval, bars.price_scale, bars.volume_scale)
    }
}
