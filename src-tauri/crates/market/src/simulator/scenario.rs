//! What to simulate.

use promptpal_domain::{Asset, Span, Timestamp};

use super::asset::AssetModel;
use super::noise::Noise;

const MINUTE: i64 = 60_000;
const DAY: i64 = 1440 * MINUTE;

/// News that moves a price from the minute after it on.
#[derive(Clone, Debug, PartialEq)]
pub struct NewsShock {
    /// When it is published.
    pub at: Timestamp,
    /// Whom it concerns. The other assets move with it, less.
    pub asset: Asset,
    /// From -1 (as bad as it gets: the price falls by some three percent) to 1.
    pub strength: f64,
}

/// What to simulate: same scenario, same candles.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Where the random numbers start.
    pub seed: u64,
    /// Open times, from the first whole minute in it.
    pub span: Span,
    /// The assets. The market factor leads those with a lag.
    pub assets: Vec<AssetModel>,
    /// News, in any order.
    pub shocks: Vec<NewsShock>,
    /// Stretches in which nothing trades and no candle exists.
    pub halts: Vec<Span>,
}

impl Scenario {
    /// Bitcoin, Ether and Solana against the dollar, with about one halt of one to five hours in forty days.
    #[must_use]
    pub fn sample(seed: u64, span: Span) -> Self {
        Self {
            seed,
            span,
            assets: sample_assets(),
            shocks: Vec::new(),
            halts: sample_halts(seed, span),
        }
    }

    /// The same with this news.
    #[must_use]
    pub fn with_shocks(mut self, shocks: Vec<NewsShock>) -> Self {
        self.shocks = shocks;
        self
    }

    /// First minute simulated.
    pub(crate) fn first_minute(&self) -> Timestamp {
        let from = self.span.from().millis().max(0);
        Timestamp::from_millis(from.saturating_add((-from).rem_euclid(MINUTE)))
    }
}

fn sample_assets() -> Vec<AssetModel> {
    let model = |symbol: &str, asset: &str, start_price, price_decimals, volume_decimals| {
        let (symbol, asset) = symbol.parse().ok().zip(asset.parse().ok())?;
        Some(AssetModel {
            symbol,
            asset,
            start_price,
            price_decimals,
            volume_decimals,
            daily_volatility: 0.024,
            correlation: 0.95,
            lag: 0.0,
            minute_volume: 14.0,
        })
    };
    let bitcoin = model("BTCUSDT", "BTC", 64_250.0, 2, 5);
    let ether = model("ETHUSDT", "ETH", 3_180.0, 2, 4).map(|eth| AssetModel {
        daily_volatility: 0.032,
        correlation: 0.82,
        lag: 0.35,
        minute_volume: 210.0,
        ..eth
    });
    let solana = model("SOLUSDT", "SOL", 148.0, 2, 3).map(|sol| AssetModel {
        daily_volatility: 0.043,
        correlation: 0.7,
        lag: 0.5,
        minute_volume: 2_600.0,
        ..sol
    });
    [bitcoin, ether, solana].into_iter().flatten().collect()
}

/// One halt in each stretch of forty days, somewhere in its middle.
fn sample_halts(seed: u64, span: Span) -> Vec<Span> {
    let mut noise = Noise::new(seed, u64::MAX);
    let first = span.from().millis().max(0);
    let mut halts = Vec::new();
    let mut stretch = first;
    while stretch < span.to().millis().min(first.saturating_add(40_000 * DAY)) {
        let start = stretch + whole_minutes((5.0 + 30.0 * noise.uniform()) * 1440.0);
        let end = start + whole_minutes(60.0 + 240.0 * noise.uniform());
        halts.extend(Span::new(
            Timestamp::from_millis(start),
            Timestamp::from_millis(end),
        ));
        stretch += 40 * DAY;
    }
    halts
}

fn whole_minutes(minutes: f64) -> i64 {
    minutes.floor() as i64 * MINUTE
}
