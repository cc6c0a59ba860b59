//! The candles: a random walk at the size of a tick, with the spread of amounts that a busy market has.

use promptpal_domain::{Candle, CandleSource, Decimal, Span, Timestamp};
use promptpal_store::Page;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Minutes of a year.
pub(crate) const ROWS: usize = 525_600;
/// Minutes that are put at once: about a month, as an archive's file has.
const PAGE: usize = ROWS / 12;
/// 2025-01-01.
const FIRST: i64 = 1_735_689_600_000;
pub(crate) const MINUTE: i64 = 60_000;
/// Decimals of prices, base amounts and quote amounts.
pub(crate) const SCALES: [u8; 3] = [2, 5, 8];

/// A candle in ticks: open time, open, high, low, close, volume, quote volume, trades, taker base, taker quote.
pub(crate) type Row = [i64; 10];

pub(crate) struct Data {
    pub(crate) rows: Vec<Row>,
}

impl Data {
    pub(crate) fn year() -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(42);
        let mut unit = || random.random::<f64>();
        let (mut close, mut heat) = (6_500_000_i64, 0.0_f64);
        let rows = (0..ROWS).map(|minute| {
            // Volatility wanders, so that calm and busy weeks follow each other.
            heat = (heat + (unit() - 0.5) * 0.02).clamp(-2.0, 2.0);
            let pace = (8.0 * heat.exp()).clamp(1.0, 60.0);
            let open = close + i64::from(unit() < 0.25);
            let step = (unit() + unit() + unit() - 1.5) * pace * 120.0;
            close = (open + step as i64).max(100_000);
            let wick = |share: f64| (share * share * pace * 60.0) as i64;
            let high = open.max(close) + wick(unit());
            let low = open.min(close) - wick(unit());
            let volume = (-(1.0 - unit()).ln() * pace * 3e5) as i64 + 1;
            // The mean price of a candle's trades lies anywhere between its low and its high.
            let mean = |share: f64| low as f64 + share * (high - low) as f64;
            let quote = |amount: i64, price: f64| (amount as f64 * price * 10.0) as i64;
            let bought = (volume as f64 * (0.3 + 0.4 * unit())) as i64;
            let (paid, taken) = (mean(0.2 + 0.6 * unit()), mean(0.2 + 0.6 * unit()));
            let trades = (volume as f64 / 1e5 * (30.0 + 60.0 * unit())) as i64 + 1;
            [
                FIRST + minute as i64 * MINUTE,
                open,
                high,
                low,
                close,
                volume,
                quote(volume, paid),
                trades,
                bought,
                quote(bought, taken),
            ]
        });
        Self { rows: rows.collect() }
    }

    /// The rows as pages of candles, as they come from an exchange.
    pub(crate) fn pages(&self) -> Vec<Page> {
        self.rows.chunks(PAGE).map(page).collect()
    }
}

fn page(rows: &[Row]) -> Page {
    let ends = rows.first().zip(rows.last()).and_then(|(first, last)| {
        let [from, ..] = *first;
        let [to, ..] = *last;
        Span::new(Timestamp::from_millis(from), Timestamp::from_millis(to + MINUTE)).ok()
    });
    Page {
        candles: rows.iter().map(candle).collect(),
        asked: ends,
        source: CandleSource::Rest,
        name: "api.example".to_owned(),
        sha256: None,
    }
}

fn candle(row: &Row) -> Candle {
    let [at, open, high, low, close, volume, quote, trades, bought, taken] = *row;
    let [price, base, amount] = SCALES;
    Candle {
        open_time: Timestamp::from_millis(at),
        close_time: None,
        open: Decimal::new(open, price),
        high: Decimal::new(high, price),
        low: Decimal::new(low, price),
        close: Decimal::new(close, price),
        volume: Decimal::new(volume, base),
        quote_volume: Some(Decimal::new(quote, amount)),
        trades: Some(trades),
        taker_base_volume: Some(Decimal::new(bought, base)),
        taker_quote_volume: Some(Decimal::new(taken, amount)),
    }
}

/// A row's numbers as the floats that others keep.
pub(crate) fn floats(row: &Row) -> [f64; 9] {
    let [_, open, high, low, close, volume, quote, trades, bought, taken] = *row;
    let [price, base, amount] = SCALES.map(|scale| 10_f64.powi(i32::from(scale)));
    [
        open as f64 / price,
        high as f64 / price,
        low as f64 / price,
        close as f64 / price,
        volume as f64 / base,
        quote as f64 / amount,
        trades as f64,
        bought as f64 / base,
        taken as f64 / amount,
    ]
}
