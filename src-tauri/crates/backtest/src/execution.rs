//! The execution of a strategy's signals: an account, its orders and what they are filled at.
//!
//! 1. A decision at the close of bar `t` acts from the open of `t + 1`; on the last bar it is nothing.
//! 2. An entry is considered only when flat (or, trading both sides, against the opposite position; or, pyramiding, in its
//!    direction); an exit only while in that position. On a bar that says both, a position is left rather than kept, and long
//!    is preferred to short.
//! 3. By convention R1 stops stand from the bar after the entry bar. With both inside one bar the stop counts. A gap fills the
//!    stop at the worse and the target at the better of open and level.
//! 4. After a stop-out the close of that bar may already decide on a new entry.
//! 5. What is open at the end stays open.
//!
//! There are two ways through a run, and a test holds them together: [`fused`] jumps from event to event and knows what most
//! strategies use, [`broker`] goes bar by bar, or minute by minute, and knows everything.

mod broker;
mod fused;
mod market;
mod rotation;

use promptpal_domain::Bars;

use crate::config::{Fills, Filters};
use crate::plan::{Distance, Entries, Kind, Stops};
use crate::{BacktestError, Config, OpenPosition, Sizing, TradeRecord};
use fused::PartStops;
pub(crate) use market::Minutes;
pub(crate) use rotation::{Ranked, rotate};

/// A bar's signals, one bit each.
pub(crate) const ENTER_LONG: u8 = 1;
pub(crate) const EXIT_LONG: u8 = 2;
pub(crate) const ENTER_SHORT: u8 = 4;
pub(crate) const EXIT_SHORT: u8 = 8;

/// Bars between two looks at the cancel flag.
const CANCEL_EVERY: usize = 4_096;

/// What happened.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) trades: Vec<TradeRecord>,
    pub(crate) open_position: Option<OpenPosition>,
    /// Cash plus position at each close.
    pub(crate) equity: Vec<f64>,
    /// Bars at whose close a position was held.
    pub(crate) held_bars: usize,
    /// Fees of all fills.
    pub(crate) fees: f64,
    /// Notional of all fills.
    pub(crate) turnover: f64,
    /// Funding paid; negative when more was received.
    pub(crate) funding: f64,
    /// Entries that were not made: not enough cash, too small for the exchange, or without a distance for their stop.
    pub(crate) refused: usize,
    /// Exits, or bars on which one was not taken, that the bars (or minutes) do not decide.
    pub(crate) ambiguous: usize,
    /// Times that a margin call came.
    pub(crate) margin_calls: usize,
    /// Positions that the exchange closed.
    pub(crate) liquidations: usize,
}

/// A strategy's wishes as columns.
#[derive(Debug, Default)]
pub(crate) struct Instructions {
    /// A byte for each bar.
    pub(crate) signals: Vec<u8>,
    /// What the numbers in `orders`, `stops` and `share` name.
    pub(crate) columns: Vec<Vec<f64>>,
    pub(crate) orders: Entries<usize>,
    pub(crate) stops: Stops<usize>,
    pub(crate) share: Option<usize>,
    /// Most entries of a position.
    pub(crate) pyramiding: u32,
    /// Bars after an exit whose closes decide on no entry, the exit's own among them.
    pub(crate) cooldown: usize,
    /// Volatility of a year at each bar, for [`Sizing::Volatility`].
    pub(crate) volatility: Vec<f64>,
}

/// What the orders meet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Market<'a> {
    pub(crate) bars: &'a Bars,
    /// The finer bars, where they are to be used.
    pub(crate) minutes: Option<&'a Minutes<'a>>,
    pub(crate) funding: &'a [crate::FundingRate],
    /// See [`crate::Inputs::even_step`].
    pub(crate) even_step: Option<i64>,
}

/// Runs the instructions over the market.
///
/// # Errors
/// [`BacktestError::Cancelled`] when `cancel` says so; it is asked every 4,096 bars.
pub(crate) fn execute(
    market: Market<'_>,
    instructions: &Instructions,
    config: &Config,
    cancel: &dyn Fn() -> bool,
) -> Result<Outcome, BacktestError> {
    match plain(market, instructions, config) {
        Some(stops) => fused::simulate(market, &instructions.signals, stops, config, cancel),
        None => broker::simulate(market, instructions, config, cancel),
    }
}

/// The stops of a run that the fused loop knows everything of.
fn plain(market: Market<'_>, instructions: &Instructions, config: &Config) -> Option<PartStops> {
    let Instructions {
        orders,
        stops,
        share,
        pyramiding,
        cooldown,
        ..
    } = instructions;
    let part = |distance: Option<Distance<usize>>| match distance {
        None => Some(None),
        Some(Distance::Part(part)) => Some(Some(part)),
        Some(Distance::Column(_)) => None,
    };
    let simple = orders.long == Kind::Market
        && orders.short == Kind::Market
        && stops.trail.is_none()
        && share.is_none()
        && *pyramiding == 1
        && *cooldown == 0
        && market.funding.is_empty()
        && config.fills == Fills::R1
        && config.margin.is_none()
        && config.filters == Filters::default()
        && config.impact_bps == 0.0
        && config.maker() == config.fee
        && !matches!(config.size, Sizing::Risk(_) | Sizing::Volatility(_));
    if !simple {
        return None;
    }
    Some(PartStops {
        loss: part(stops.loss)?,
        profit: part(stops.profit)?,
    })
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Direction {
    Long,
    Short,
}

impl Direction {
    const fn sign(self) -> f64 {
        match self {
            Self::Long => 1.0,
            Self::Short => -1.0,
        }
    }

    const fn opposite(self) -> Self {
        match self {
            Self::Long => Self::Short,
            Self::Short => Self::Long,
        }
    }
}
