//! The result of a run, as it is shown, stored and printed as JSON.

use promptpal_domain::{Bars, ExitReason, Side, Timestamp, Trade};
use serde::{Deserialize, Serialize};

use crate::{Benchmark, Config, Metrics, MonthReturn};

/// The result of a run. Serialised it is the JSON of the command line (schema 1); times are milliseconds since 1970 and a
/// figure that is not defined is `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of this layout: 1.
    pub schema: u32,
    /// Version of the engine's rules.
    pub engine: String,
    /// Name of the strategy.
    pub strategy: String,
    /// Parameter values, in the script's order.
    #[serde(with = "params_as_map")]
    pub params: Vec<(String, f64)>,
    /// The account and its costs.
    pub config: Config,
    /// Convention of the fills: `r1` or `minute`.
    pub fills: String,
    /// Part of the bars below which finer bars decided on stops and waiting orders; absent by R1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fine_share: Option<f64>,
    /// Length of a bar: `1h`.
    pub interval: String,
    /// Open time of the first bar.
    pub first_bar: i64,
    /// Open time of the last bar.
    pub last_bar: i64,
    /// Number of bars.
    pub bars: usize,
    /// Places between neighbouring bars where at least one is missing.
    pub gaps: usize,
    /// Closed trades, oldest first.
    pub trades: Vec<TradeRecord>,
    /// The symbols of a rotation, in their order; absent where one is tested.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<String>,
    /// The position still open at the end, marked at the last close.
    pub open_position: Option<OpenPosition>,
    /// The positions of a rotation still open at the end; absent where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_positions: Vec<OpenPosition>,
    /// The figures.
    pub metrics: Metrics,
    /// Buying at the first chance and holding to the end, with the same costs.
    pub benchmark: Benchmark,
    /// Return of every calendar month (UTC).
    pub monthly: Vec<MonthReturn>,
    /// SHA-256 over data, engine version, script, parameters and account, lower-case hex: same hash, same bytes.
    pub hash: String,
    /// What a reader of the figures should know.
    pub warnings: Vec<String>,
    /// Equity at the close of each bar; not part of the JSON.
    #[serde(skip)]
    pub equity: Vec<f64>,
}

/// A closed trade: a position from its first entry to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TradeRecord {
    /// Its symbol in a rotation; absent where one is tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<Box<str>>,
    /// Open time of the bar it was entered on, or of the finer bar where one decided.
    pub entry_time: i64,
    /// Open time of the bar it was left on, or of the finer bar where one decided.
    pub exit_time: i64,
    /// Number of the bar it was entered on, from 0.
    pub entry_bar: usize,
    /// Number of the bar it was left on, from 0.
    pub exit_bar: usize,
    /// Fill price of the entry; of several the mean, weighted by their units.
    pub entry_price: f64,
    /// Fill price of the exit.
    pub exit_price: f64,
    /// Units of the base asset; negative when short.
    pub size: f64,
    /// Profit in the quote asset, fees of both sides and funding taken off.
    pub pnl: f64,
    /// `pnl` over the notional of the entry: 0.01 is one percent.
    pub return_pct: f64,
    /// Why it ended: `signal`, `sl`, `tp`, `trail` or `liquidation`.
    #[serde(with = "reason_name")]
    pub reason: ExitReason,
    /// Entries it was built up with; left out of the JSON where it is one.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub entries: u32,
    /// Funding it paid, negative when it received; left out of the JSON where it is none. It is part of `pnl`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub funding: f64,
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_one(count: &u32) -> bool {
    *count == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(amount: &f64) -> bool {
    *amount == 0.0
}

impl From<&TradeRecord> for Trade {
    fn from(record: &TradeRecord) -> Self {
        Self {
            symbol: record.symbol.as_deref().and_then(|name| name.parse().ok()),
            side: if record.size < 0.0 {
                Side::Short
            } else {
                Side::Long
            },
            entry_time: Timestamp::from_millis(record.entry_time),
            exit_time: Timestamp::from_millis(record.exit_time),
            entry_price: record.entry_price,
            exit_price: record.exit_price,
            size: record.size,
            pnl: record.pnl,
            return_pct: record.return_pct,
            reason: record.reason,
        }
    }
}

/// A position that is open when the bars end. It is not sold: its worth at the last close is part of the equity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenPosition {
    /// Its symbol in a rotation; absent where one is tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<Box<str>>,
    /// Open time of the bar it was entered on.
    pub entry_time: i64,
    /// Number of that bar, from 0.
    pub entry_bar: usize,
    /// Fill price of the entry.
    pub entry_price: f64,
    /// Units of the base asset; negative when short.
    pub size: f64,
    /// Last close, at which it is marked.
    pub mark_price: f64,
    /// Profit at that price, fees and funding taken off.
    pub unrealized_pnl: f64,
}

impl Report {
    /// Fall from the highest equity so far at the close of each bar: zero or negative, -0.1 is ten percent.
    #[must_use]
    pub fn drawdown(&self) -> Vec<f64> {
        let mut peak = self.config.cash;
        self.equity
            .iter()
            .map(|&equity| {
                peak = peak.max(equity);
                equity / peak - 1.0
            })
            .collect()
    }

    /// Equity of buying and holding at the close of each of the bars that the run was made on.
    #[must_use]
    pub fn benchmark_equity(&self, bars: &Bars) -> Vec<f64> {
        self.benchmark.equity(self.config.cash, &bars.close)
    }
}

mod reason_name {
    use promptpal_domain::ExitReason;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(reason: &ExitReason, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(reason.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ExitReason, D::Error> {
        let name = String::deserialize(deserializer)?;
        ExitReason::from_name(&name)
            .ok_or_else(|| de::Error::custom(format!("'{name}' is no reason of an exit")))
    }
}

pub(crate) mod params_as_map {
    use std::fmt;

    use serde::de::{Deserializer, MapAccess, Visitor};
    use serde::ser::{SerializeMap, Serializer};

    /// Whole numbers are written as such.
    pub(crate) fn serialize<S: Serializer>(
        params: &[(String, f64)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(params.len()))?;
        for (name, value) in params {
            if value.fract() == 0.0 && value.abs() < 1e15 {
                map.serialize_entry(name, &(*value as i64))?;
            } else {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(String, f64)>, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Vec<(String, f64)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of numbers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut params = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    params.push(entry);
                }
                Ok(params)
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
