//! One asset: how it moves with the market, and its numbers as candles.

use promptpal_domain::{Asset, Candle, Decimal, Symbol, Timestamp};

use super::noise::Noise;

/// Points of the path within a minute.
const STEPS: usize = 8;
/// Quote amounts have this many decimals.
const QUOTE_DECIMALS: u8 = 8;

/// What kind of asset to simulate.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetModel {
    /// The instrument's name, such as `BTCUSDT`.
    pub symbol: Symbol,
    /// The asset's ticker, such as `BTC`.
    pub asset: Asset,
    /// Price at the start.
    pub start_price: f64,
    /// Decimals of the price: its tick is `10^-price_decimals`. At most 8.
    pub price_decimals: u8,
    /// Decimals of amounts. At most 8.
    pub volume_decimals: u8,
    /// Usual standard deviation of a day's return: 0.03 is three percent.
    pub daily_volatility: f64,
    /// Correlation with the market factor, 0 to 1. The leader has the highest.
    pub correlation: f64,
    /// Part of the market's move that arrives some minutes late, 0 to 1.
    pub lag: f64,
    /// Usual amount traded in a minute, in the base asset.
    pub minute_volume: f64,
}

/// An asset on its way.
#[derive(Clone, Debug)]
pub(crate) struct AssetState {
    pub(crate) model: AssetModel,
    noise: Noise,
    price: f64,
    /// Own variance, 1 in the long run.
    own_variance: f64,
    drift: f64,
    /// What news has still to move, as a return.
    pressure: f64,
    /// Additional variance from news, as a multiple of the usual.
    heat: f64,
}

/// What all assets share in a minute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarketMove {
    /// The market factor's move in units of its usual one.
    pub(crate) factor: f64,
    /// The same, of the last minutes.
    pub(crate) late_factor: f64,
    /// Multiplies volatility: hour of the day, weekend.
    pub(crate) season: f64,
    /// Multiplies volume.
    pub(crate) busy: f64,
    /// The long-run level of variance now.
    pub(crate) level: f64,
}

impl AssetState {
    pub(crate) fn new(model: &AssetModel, seed: u64, channel: u64) -> Self {
        Self {
            model: model.clone(),
            noise: Noise::new(seed, channel),
            price: model.start_price,
            own_variance: 1.0,
            drift: 0.0,
            pressure: 0.0,
            heat: 0.0,
        }
    }

    /// News of strength -1 to 1 begins to press on the price.
    pub(crate) fn hear(&mut self, strength: f64) {
        self.pressure += strength * 0.03;
        self.heat += strength.abs() * 5.0;
    }

    /// The next minute.
    pub(crate) fn minute(&mut self, open_time: Timestamp, market: MarketMove) -> Candle {
        // 1440 minutes a day: the square root is 37.947.
        let usual = self.model.daily_volatility / 37.947_331_922_020_55;
        let shock = self.noise.fat();
        let own = self.own_variance.sqrt() * shock;
        self.own_variance = garch(self.own_variance, shock, market.level);
        self.drift = self.drift * 0.9995 + self.noise.normal() * 0.0005;
        let share = self.model.correlation;
        let seen = (1.0 - self.model.lag) * market.factor + self.model.lag * market.late_factor;
        let factor = share * seen + (1.0 - share * share).max(0.0).sqrt() * own;
        let width = usual * market.season * (1.0 + self.heat).sqrt();
        let pushed = self.pressure * 0.015;
        self.pressure -= pushed;
        self.heat *= 0.992;
        let step = (width * factor + usual * self.drift + pushed).clamp(-0.2, 0.2);
        let open = self.price;
        let bounds = (self.model.start_price * 1e-3, self.model.start_price * 1e3);
        // The second-order Taylor polynomial of exp: a pure multiplication, the same everywhere.
        let close = (open * (1.0 + step + step * step / 2.0)).clamp(bounds.0, bounds.1);
        self.price = close;
        let (highest, lowest) = self.path(open, close, width * self.own_variance.max(0.3).sqrt());
        let liveliness = 0.35 + 0.65 * (step / usual.max(1e-9)).abs().min(12.0);
        self.candle(
            open_time,
            [open, highest, lowest, close],
            market.busy * (1.0 + self.heat * 0.3) * liveliness,
            step,
        )
    }

    /// Highest and lowest price of a bridge from `open` to `close`.
    fn path(&mut self, open: f64, close: f64, width: f64) -> (f64, f64) {
        let (a, b) = (self.noise.four(), self.noise.four());
        let mean = a.iter().chain(&b).sum::<f64>() / STEPS as f64;
        let (mut highest, mut lowest) = (open.max(close), open.min(close));
        let mut walked = 0.0;
        for (at, part) in a.iter().chain(&b).enumerate() {
            walked += part - mean;
            let straight = open + (close - open) * (at + 1) as f64 / STEPS as f64;
            // Eight uniform steps in [-1, 1) spread by the square root of 8 / 3.
            let price = straight + open * width * walked / 1.633;
            highest = highest.max(price);
            lowest = lowest.min(price);
        }
        (highest, lowest.max(open * 0.5))
    }

    fn candle(&mut self, open_time: Timestamp, prices: [f64; 4], activity: f64, step: f64) -> Candle {
        let price_decimals = self.model.price_decimals.min(QUOTE_DECIMALS);
        let volume_decimals = self.model.volume_decimals.min(QUOTE_DECIMALS);
        let [open, high, low, close] = prices.map(|price| whole(price * ten_to(price_decimals)).max(1));
        let spread = 0.4 + 1.2 * self.noise.uniform();
        let lots = whole(self.model.minute_volume * activity * spread * ten_to(volume_decimals)).max(1);
        // Buyers take more of it when the price rises.
        let lean = (0.5 + step * 60.0 + 0.05 * self.noise.normal()).clamp(0.1, 0.9);
        let taken = whole(lots as f64 * lean).clamp(0, lots);
        let mean_price = (i128::from(open) + i128::from(high) + i128::from(low) + i128::from(close)) / 4;
        let quote = |lots: i64| quote_units(i128::from(lots) * mean_price, price_decimals + volume_decimals);
        let trades = whole(20.0 + 400.0 * activity * (0.7 + 0.6 * self.noise.uniform())).max(1);
        let price = |units| Decimal::new(units, price_decimals);
        Candle {
            open_time,
            close_time: None,
            open: price(open),
            high: price(high),
            low: price(low),
            close: price(close),
            volume: Decimal::new(lots, volume_decimals),
            quote_volume: Some(quote(lots)),
            trades: Some(trades),
            taker_base_volume: Some(Decimal::new(taken, volume_decimals)),
            taker_quote_volume: Some(quote(taken)),
        }
    }
}

/// The variance after a shock. Persistence 0.994: half of a cluster is gone after two hours.
pub(crate) fn garch(variance: f64, shock: f64, level: f64) -> f64 {
    let (alpha, beta) = (0.04, 0.954);
    let next = (1.0 - alpha - beta) * level + alpha * variance * shock * shock + beta * variance;
    next.clamp(0.05, 30.0)
}

fn ten_to(decimals: u8) -> f64 {
    (0..decimals).fold(1.0, |power, _| power * 10.0)
}

/// The nearest whole number, halves away from zero.
fn whole(value: f64) -> i64 {
    value.round() as i64
}

/// A product with `decimals` decimals, cut to those of quote amounts.
fn quote_units(product: i128, decimals: u8) -> Decimal {
    let cut = u32::from(decimals.saturating_sub(QUOTE_DECIMALS));
    let units = product / 10_i128.pow(cut);
    Decimal::new(
        i64::try_from(units).unwrap_or(i64::MAX),
        decimals.min(QUOTE_DECIMALS),
    )
}
