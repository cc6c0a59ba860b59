//! The account of a run: cash, costs, sizes, directions, and how orders are filled.

mod account;
mod sizing;

use serde::{Deserialize, Serialize};

use crate::BacktestError;
pub use account::{Fills, Filters, Margin, Sides};
pub use sizing::Sizing;

/// The account and its costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Cash at the start, in the quote asset.
    pub cash: f64,
    /// Fee rate on the notional of every fill: 0.001 is a tenth of a percent.
    pub fee: f64,
    /// Fee rate of fills that waited in the book (limit orders and targets), where it is another one. It may be negative.
    #[serde(default)]
    pub maker_fee: Option<f64>,
    /// How much worse than the price market and stop orders fill, in basis points.
    pub slippage_bps: f64,
    /// Distance between bid and ask in basis points; market and stop orders pay half of it.
    pub spread_bps: f64,
    /// Basis points that a market or stop order loses more for each percent of the bar's volume that it takes.
    #[serde(default)]
    pub impact_bps: f64,
    /// How much is bought or sold at an entry.
    pub size: Sizing,
    /// Which directions are traded.
    pub side: Sides,
    /// Borrowing and liquidation; without it the account trades its own money only and is never liquidated.
    #[serde(default)]
    pub margin: Option<Margin>,
    /// What the exchange takes orders in.
    #[serde(default)]
    pub filters: Filters,
    /// On which bars stops and waiting orders are watched.
    #[serde(default)]
    pub fills: Fills,
    /// Trading days in a year for annualised figures: 365 for crypto, 252 for shares.
    pub days_per_year: f64,
}

impl Default for Config {
    /// 10,000 in cash, 0.1 % fee, all-in, long only, no margin, convention R1, 365 days a year.
    fn default() -> Self {
        Self {
            cash: 10_000.0,
            fee: 0.001,
            maker_fee: None,
            slippage_bps: 0.0,
            spread_bps: 0.0,
            impact_bps: 0.0,
            size: Sizing::All,
            side: Sides::Long,
            margin: None,
            filters: Filters::default(),
            fills: Fills::R1,
            days_per_year: 365.0,
        }
    }
}

impl Config {
    /// Checks that every number makes sense.
    ///
    /// # Errors
    /// [`BacktestError::Setting`] names the first that does not.
    pub fn validate(&self) -> Result<(), BacktestError> {
        let Margin {
            leverage,
            maintenance,
        } = self.margin();
        let Filters {
            tick,
            lot,
            min_notional,
        } = self.filters;
        let maker = self.maker();
        let basis_points = "it must be from 0 to below 5000 basis points";
        let not_negative = "it must be 0 (no limit) or above";
        let numbers = [
            (
                "cash",
                self.cash,
                self.cash > 0.0 && self.cash.is_finite(),
                "it must be above 0",
            ),
            (
                "fee",
                self.fee,
                (0.0..1.0).contains(&self.fee),
                "it must be a rate from 0 to below 1; 0.001 is 0.1 %",
            ),
            (
                "maker_fee",
                maker,
                (-0.01..1.0).contains(&maker),
                "it must be a rate from -0.01 to below 1; 0.001 is 0.1 %",
            ),
            (
                "slippage_bps",
                self.slippage_bps,
                bps(self.slippage_bps),
                basis_points,
            ),
            ("spread_bps", self.spread_bps, bps(self.spread_bps), basis_points),
            (
                "impact_bps",
                self.impact_bps,
                (0.0..50.0).contains(&self.impact_bps),
                "it must be from 0 to below 50 basis points for each percent of the volume",
            ),
            (
                "leverage",
                leverage,
                (1.0..=125.0).contains(&leverage),
                "it must be from 1 to 125",
            ),
            (
                "maintenance",
                maintenance,
                maintenance >= 0.0 && maintenance < 1.0 / leverage.max(1.0),
                "it must be a rate from 0 to below 1 / leverage, or every position is liquidated at once",
            ),
            ("tick", tick, tick >= 0.0 && tick.is_finite(), not_negative),
            ("lot", lot, lot >= 0.0 && lot.is_finite(), not_negative),
            (
                "min_notional",
                min_notional,
                min_notional >= 0.0 && min_notional.is_finite(),
                not_negative,
            ),
            (
                "days_per_year",
                self.days_per_year,
                self.days_per_year > 0.0 && self.days_per_year <= 366.0,
                "it must be above 0 and at most 366",
            ),
        ];
        match numbers.into_iter().find(|(_, _, fits, _)| !fits) {
            Some((setting, value, _, rule)) => Err(BacktestError::Setting {
                setting,
                value: value.to_string(),
                rule,
            }),
            None => self.size.validate(),
        }
    }

    /// The part of the price that market and stop orders lose: slippage and half the spread.
    pub(crate) fn adverse(&self) -> f64 {
        (self.slippage_bps + self.spread_bps / 2.0) / 10_000.0
    }

    /// The fee rate of fills that waited in the book.
    pub(crate) fn maker(&self) -> f64 {
        self.maker_fee.unwrap_or(self.fee)
    }

    /// The margin account, or one that lends nothing.
    pub(crate) fn margin(&self) -> Margin {
        self.margin.unwrap_or(Margin {
            leverage: 1.0,
            maintenance: 0.0,
        })
    }
}

fn bps(value: f64) -> bool {
    (0.0..5_000.0).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_setting_that_makes_no_sense() {
        let check = |change: fn(&mut Config), expected: Option<&str>| {
            let mut config = Config::default();
            change(&mut config);
            let setting = config.validate().err().map(|error| error.to_string());
            assert_eq!(setting.as_deref().and_then(|s| s.split(' ').next()), expected);
        };
        let margin = |leverage, maintenance| {
            Some(Margin {
                leverage,
                maintenance,
            })
        };
        check(|_| {}, None);
        check(|c| c.cash = 0.0, Some("cash"));
        check(|c| c.cash = f64::NAN, Some("cash"));
        check(|c| c.fee = -0.1, Some("fee"));
        check(|c| c.fee = 1.0, Some("fee"));
        check(|c| c.maker_fee = Some(-0.0001), None);
        check(|c| c.maker_fee = Some(-0.1), Some("maker_fee"));
        check(|c| c.slippage_bps = f64::INFINITY, Some("slippage_bps"));
        check(|c| c.impact_bps = 50.0, Some("impact_bps"));
        check(|c| c.filters.tick = -0.1, Some("tick"));
        check(|c| c.filters.lot = f64::NAN, Some("lot"));
        check(|c| c.filters.min_notional = -1.0, Some("min_notional"));
        check(|c| c.days_per_year = 0.0, Some("days_per_year"));
        check(|c| c.size = Sizing::Units(f64::NAN), Some("size"));
        for (margin, expected) in [
            (margin(10.0, 0.005), None),
            (margin(0.5, 0.005), Some("leverage")),
            (margin(126.0, 0.0), Some("leverage")),
            (margin(10.0, 0.1), Some("maintenance")),
            (margin(f64::NAN, 0.0), Some("leverage")),
        ] {
            let error = Config {
                margin,
                ..Config::default()
            }
            .validate()
            .err()
            .map(|error| error.to_string());
            assert_eq!(error.as_deref().and_then(|s| s.split(' ').next()), expected);
        }
    }
}
