//! The market, a minute at a time.

use promptpal_domain::{Asset, Candle, Interval, Span, Timestamp};

use super::asset::{AssetState, MarketMove, garch};
use super::noise::Noise;
use super::scenario::Scenario;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// Part of the market's news that reaches an asset it does not name.
const SPILL: f64 = 0.35;
/// Usual volatility by hour of the day in UTC: quiet while Europe sleeps, busy when New York opens.
const BY_HOUR: [f64; 24] = [
    0.85, 0.85, 0.80, 0.78, 0.75, 0.75, 0.80, 0.90, 1.00, 1.00, 1.00, 1.05, 1.15, 1.35, 1.50, 1.45, 1.30,
    1.20, 1.10, 1.05, 1.00, 0.95, 0.90, 0.90,
];

/// How restless the market is in the long run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Regime {
    Calm,
    Normal,
    Turbulent,
}

impl Regime {
    const fn level(self) -> f64 {
        match self {
            Self::Calm => 0.45,
            Self::Normal => 1.0,
            Self::Turbulent => 3.2,
        }
    }
}

/// One minute of all assets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinuteRow {
    /// First instant of the minute.
    pub open_time: Timestamp,
    /// A candle of each asset in the scenario's order; empty while the market is halted.
    pub candles: Vec<Candle>,
}

/// The endless sequence of minutes from a scenario's start on; it does not stop at the end of its span.
#[derive(Clone, Debug)]
pub struct Simulation {
    next: Timestamp,
    noise: Noise,
    regime: Regime,
    variance: f64,
    late_factor: f64,
    assets: Vec<AssetState>,
    /// Latest first.
    shocks: Vec<(Timestamp, Asset, f64)>,
    halts: Vec<Span>,
}

impl Simulation {
    /// At the first minute of the scenario.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Self {
        let mut shocks: Vec<_> = scenario
            .shocks
            .iter()
            .map(|shock| (shock.at, shock.asset.clone(), shock.strength.clamp(-1.0, 1.0)))
            .collect();
        shocks.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        let assets = (1_u64..)
            .zip(&scenario.assets)
            .map(|(channel, model)| AssetState::new(model, scenario.seed, channel));
        Self {
            next: scenario.first_minute(),
            noise: Noise::new(scenario.seed, 0),
            regime: Regime::Normal,
            variance: 1.0,
            late_factor: 0.0,
            assets: assets.collect(),
            shocks,
            halts: scenario.halts.clone(),
        }
    }

    /// Lets the news published before this minute act.
    fn hear_news(&mut self, minute: Timestamp) {
        while let Some((at, asset, strength)) = self.shocks.pop_if(|(at, ..)| *at < minute) {
            // News from before the start has acted already.
            if minute.since(at) > Interval::Minute1.nominal_millis() {
                continue;
            }
            for state in &mut self.assets {
                let concerned = asset == state.model.asset;
                state.hear(if concerned { strength } else { strength * SPILL });
            }
        }
    }

    fn market_move(&mut self, minute: Timestamp) -> MarketMove {
        // The regime lasts two days on average.
        let draw = self.noise.uniform() * 2880.0;
        if draw < 1.0 {
            self.regime = match self.regime {
                Regime::Normal if draw < 0.55 => Regime::Calm,
                Regime::Normal => Regime::Turbulent,
                Regime::Calm | Regime::Turbulent => Regime::Normal,
            };
        }
        let shock = self.noise.fat();
        let factor = self.variance.sqrt() * shock;
        self.variance = garch(self.variance, shock, self.regime.level());
        let late_factor = self.late_factor * 3.0;
        // An average over some five minutes; tripled it has the usual spread again.
        self.late_factor = self.late_factor * 0.8 + factor * 0.2;
        let (season, busy) = season(minute);
        MarketMove {
            factor,
            late_factor,
            season,
            busy: busy * (0.5 + 0.5 * self.variance),
            level: self.regime.level(),
        }
    }
}

impl Iterator for Simulation {
    type Item = MinuteRow;

    fn next(&mut self) -> Option<MinuteRow> {
        let open_time = self.next;
        self.next = open_time.plus_millis(Interval::Minute1.nominal_millis());
        self.hear_news(open_time);
        let market = self.market_move(open_time);
        let candles: Vec<Candle> = self
            .assets
            .iter_mut()
            .map(|asset| asset.minute(open_time, market))
            .collect();
        let halted = self.halts.iter().any(|halt| halt.contains(open_time));
        Some(MinuteRow {
            open_time,
            candles: if halted { Vec::new() } else { candles },
        })
    }
}

/// Factors of volatility and volume.
fn season(at: Timestamp) -> (f64, f64) {
    let in_day = at.millis().rem_euclid(DAY);
    let hour = usize::try_from(in_day / HOUR).unwrap_or_default();
    let level = |hour: usize| BY_HOUR.get(hour % 24).copied().unwrap_or(1.0);
    let part = (in_day % HOUR) as f64 / HOUR as f64;
    let by_hour = level(hour) + (level(hour + 1) - level(hour)) * part;
    // 1970-01-01 was a Thursday: days 2 and 3 of each week counted from there are Saturday and Sunday.
    let weekend = matches!(at.millis().div_euclid(DAY).rem_euclid(7), 2 | 3);
    if weekend {
        (by_hour * 0.72, by_hour * 0.55)
    } else {
        (by_hour, by_hour * by_hour)
    }
}
