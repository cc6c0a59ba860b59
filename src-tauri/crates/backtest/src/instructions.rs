//! From a plan to the columns that the execution follows.

use crate::evaluate::{Truths, evaluate};
use crate::execution::{ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, Instructions};
use crate::graph::NodeId;
use crate::plan::{Entries, Plan};
use crate::truth::TRUE;
use crate::{BacktestError, Config, Inputs, Sizing};

/// Computes a plan's columns on the inputs.
///
/// # Errors
/// [`BacktestError`] of the evaluation, and [`BacktestError::Setting`] for a size that needs a stop where there is none.
pub(crate) fn instructions(
    plan: &Plan,
    inputs: &Inputs<'_>,
    config: &Config,
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
    let (long, short) = (config.side.long(), config.side.short());
    let wanted = [
        plan.enter_long.filter(|_| long),
        plan.exit_long.filter(|_| long),
        plan.enter_short.filter(|_| short),
        plan.exit_short.filter(|_| short),
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
    let stops = stops.map(&mut number);
    let share = plan.share.map(&mut number);
    let evaluated = evaluate(&plan.graph, wanted, &numbers, inputs, cancel)?;
    Ok(Instructions {
        signals: packed(evaluated.conditions, inputs.bars().len()),
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

/// One byte a bar with a bit for each signal that is true.
fn packed(columns: [Option<Truths>; 4], len: usize) -> Vec<u8> {
    let mut signals = vec![0_u8; len];
    for (column, bit) in columns
        .into_iter()
        .zip([ENTER_LONG, EXIT_LONG, ENTER_SHORT, EXIT_SHORT])
    {
        // All ones where the condition is true: bytes have no vector shift.
        let marked = |truth: u8| 0_u8.wrapping_sub(truth & TRUE) & bit;
        match column {
            Some(Truths::Column(column)) => {
                for (signal, truth) in signals.iter_mut().zip(column) {
                    *signal |= marked(truth);
                }
            }
            Some(Truths::Always(truth)) => {
                for signal in &mut signals {
                    *signal |= marked(truth);
                }
            }
            None => {}
        }
    }
    signals
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
