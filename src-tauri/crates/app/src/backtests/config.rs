//! From a run's terms to the engine's account.

use promptpal_backtest::{Config, Fills, Filters, Margin, Script, Sides};

use crate::AppError;
use crate::requests::{Direction, Terms};

/// The account that the terms describe. Where they do not say on which bars stops are watched, it is on minutes; whether there are
/// any is another question.
///
/// # Errors
/// [`AppError::Backtest`] for a setting that makes no sense.
pub(super) fn config_of(terms: &Terms, script: &Script) -> Result<Config, AppError> {
    let side = match terms.side {
        Some(Direction::Long) => Sides::Long,
        Some(Direction::Short) => Sides::Short,
        Some(Direction::Both) => Sides::Both,
        None => script.default_side(),
    };
    let config = Config {
        cash: terms.cash,
        fee: terms.fee,
        maker_fee: terms.maker_fee,
        slippage_bps: terms.slippage_bps,
        spread_bps: terms.spread_bps,
        impact_bps: terms.impact_bps,
        size: terms.size.parse()?,
        side,
        margin: terms.leverage.map(|leverage| Margin {
            leverage,
            maintenance: terms.maintenance.unwrap_or(Margin::DEFAULT_MAINTENANCE),
        }),
        filters: Filters {
            tick: terms.tick,
            lot: terms.lot,
            min_notional: terms.min_notional,
        },
        fills: terms.fills.unwrap_or(Fills::Minute),
        days_per_year: terms.days_per_year,
    };
    config.validate()?;
    Ok(config)
}
