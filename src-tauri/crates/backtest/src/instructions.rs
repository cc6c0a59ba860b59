//! From a plan to the columns that the execution follows.

use crate::evaluate::{Value, Wanted, evaluate};
use crate::execution::{ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, Instructions};
use crate::graph::NodeId;
use crate::plan::{Entries, Plan, Stops};
use crate::{BacktestError, Config, Inputs, Sizing};

/// Computes a plan's columns on the inputs; `known` hands in what others have computed already.
///
/// # Errors
/// [`BacktestError`] of the evaluation, and [`BacktestError::Setting`] for a size that needs a stop where there is none.
pub(crate) fn instructions<'k>(
    plan: &Plan,
    inputs: &Inputs<'_>,
    config: &Config,
    known: &dyn Fn(NodeId) -> Option<Value<'k>>,
    cancel: &dyn Fn() -> bool,
) -> Result<Instructions, BacktestError> {
    let stops = plan.stops;
    if matches!(config.size, Sizing::Risk(_)) && stops.loss.is_none() && stops.trail.is_none() {
        return Err(BacktestError::Setting {
            setting: "size",
            value: config.size.to_string(),
            rule: "the strategy has no stop to measure the risk by: it needs stop_loss or trailing_stop",
        });
    }
    let Asked {
        conditions,
        numbers,
        orders,
        stops,
        share,
    } = Asked::by(plan, config);
    let wanted = Wanted {
        conditions: &conditions,
        numbers: &numbers,
    };
    let evaluated = evaluate(&plan.graph, wanted, inputs, known, cancel)?;
    Ok(Instructions {
        signals: evaluated.signals,
        columns: evaluated.numbers,
        orders,
        stops,
        share,
        pyramiding: plan.pyramiding.unwrap_or(1),
        cooldown: plan.cooldown.unwrap_or(0),
        volatility: match config.size {
            Sizing::Volatility(_) => volatility(
                &inputs.bars().close,
                inputs.bars_per_year(config.days_per_year).sqrt(),
            ),
            _ => Vec::new(),
        },
    })
}

/// What a plan asks of its graph, with its orders by the numbers of their columns.
pub(crate) struct Asked {
    /// Conditions of the traded directions, each with its signal.
    pub(crate) conditions: Vec<(NodeId, u8)>,
    pub(crate) numbers: Vec<NodeId>,
    orders: Entries<usize>,
    stops: Stops<usize>,
    share: Option<usize>,
}

impl Asked {
    pub(crate) fn by(plan: &Plan, config: &Config) -> Self {
        let (long, short) = (config.side.long(), config.side.short());
        let conditions = [
            plan.enter_long.filter(|_| long).zip(Some(ENTER_LONG)),
            plan.exit_long.filter(|_| long).zip(Some(EXIT_LONG)),
            plan.enter_short.filter(|_| short).zip(Some(ENTER_SHORT)),
            plan.exit_short.filter(|_| short).zip(Some(EXIT_SHORT)),
        ];
        let mut numbers = Vec::new();
        let mut number = |node: NodeId| {
            numbers.push(node);
            numbers.len() - 1
        };
        let orders = Entries {
            long: plan.orders.long.map(&mut number),
            short: plan.orders.short.map(&mut number),
        };
        let stops = plan.stops.map(&mut number);
        let share = plan.share.map(&mut number);
        Self {
            conditions: conditions.into_iter().flatten().collect(),
            numbers,
            orders,
            stops,
            share,
        }
    }
}

/// Standard deviation (ddof 1) of the last [`Sizing::VOLATILITY_BARS`] returns times `year`; `NaN` before there are as many.
fn volatility(closes: &[f64], year: f64) -> Vec<f64> {
    const N: usize = Sizing::VOLATILITY_BARS;
    let mut column = vec![f64::NAN; N.min(closes.len())];
    column.extend(closes.windows(N + 1).map(|window| {
        let returns = || window.iter().zip(window.iter().skip(1)).map(|(a, b)| b / a - 1.0);
        let mean = returns().sum::<f64>() / N as f64;
        let squares: f64 = returns().map(|r| (r - mean) * (r - mean)).sum();
        (squares / (N as f64 - 1.0)).sqrt() * year
    }));
    column
}
