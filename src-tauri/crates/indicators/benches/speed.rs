//! How long each indicator takes on a million bars of a random walk, with its default parameters: one JSON line for each,
//! best of three, in processor time, so that other work on the machine matters less.
//!
//! `cargo bench -p promptpal-indicators --bench speed [-- ID ...]`
#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::hint::black_box;

use cpu_time::ThreadTime;
use promptpal_domain::{Bars, Interval};
use promptpal_indicators::{Column, Frame, IndicatorError, LazyGrid, all, compute_on};

const BARS: u32 = 1_000_000;

fn main() -> Result<(), IndicatorError> {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let bars = walk();
    let grid = LazyGrid::new(bars.price_scale);
    let source = Column {
        values: &bars.close,
        grid: Some(&grid),
        whole: true,
    };
    let frame = Frame::new(&bars, source)?;
    for indicator in all().filter(|i| wanted.is_empty() || wanted.iter().any(|id| id == i.id)) {
        let mut best = f64::INFINITY;
        for _ in 0..3 {
            let start = ThreadTime::now();
            black_box(compute_on(indicator.id, &[], black_box(&frame))?);
            best = best.min(start.elapsed().as_secs_f64());
        }
        let ns_per_bar = best * 1e9 / f64::from(BARS);
        println!(
            r#"{{"indicator":"{}","outputs":{},"bars":{BARS},"ns_per_bar":{ns_per_bar:.1}}}"#,
            indicator.id,
            indicator.outputs.len()
        );
    }
    Ok(())
}

/// A random walk in cents from a fixed seed.
fn walk() -> Bars {
    let mut bars = Bars::empty(Interval::Minute1, 2, 3);
    let (mut state, mut price) = (0x9e37_79b9_7f4a_7c15_u64, 3_000_000_i64);
    let mut below = |most: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % most) as i64
    };
    for minute in 0..i64::from(BARS) {
        let open = price;
        let close = (open + below(2_001) - 1_000).max(10_000);
        let (high, low) = (open.max(close) + below(500), open.min(close) - below(500));
        bars.open_time.push(minute * 60_000);
        for (column, cents) in [
            (&mut bars.open, open),
            (&mut bars.high, high),
            (&mut bars.low, low),
            (&mut bars.close, close),
        ] {
            column.push(cents as f64 / 100.0);
        }
        bars.volume.push((1 + below(5_000_000)) as f64 / 1000.0);
        price = close;
    }
    bars
}
