//! A run's trades and curves as CSV: every number in full, so that it reads back as the same one.

use std::fmt::Write as _;

use super::RunFile;
use crate::runs::drawdown;

/// The closed trades, oldest first; those of a rotation with their symbols before the rest.
pub(super) fn trades(run: &RunFile<'_>) -> String {
    let several = !run.report.symbols.is_empty();
    let mut out = String::from(if several { "symbol," } else { "" });
    out.push_str(
        "entry_time,exit_time,entry_bar,exit_bar,side,size,entry_price,exit_price,pnl,return_pct,reason,entries,funding\n",
    );
    for trade in &run.report.trades {
        if several {
            let _ = write!(out, "{},", trade.symbol.as_deref().unwrap_or_default());
        }
        let side = if trade.size < 0.0 { "short" } else { "long" };
        let _ = writeln!(
            out,
            "{},{},{},{},{side},{},{},{},{},{},{},{},{}",
            trade.entry_time,
            trade.exit_time,
            trade.entry_bar,
            trade.exit_bar,
            trade.size,
            trade.entry_price,
            trade.exit_price,
            trade.pnl,
            trade.return_pct,
            trade.reason.as_str(),
            trade.entries,
            trade.funding
        );
    }
    out
}

/// The curves, a line a bar.
pub(super) fn equity(run: &RunFile<'_>) -> String {
    let curve = run.curve;
    let fall = drawdown(run.report.config.cash, &curve.equity);
    let mut out = String::from("open_time,equity,buy_and_hold,drawdown\n");
    for (((at, equity), held), fall) in curve
        .time
        .iter()
        .zip(&curve.equity)
        .zip(&curve.benchmark)
        .zip(fall)
    {
        let _ = writeln!(out, "{at},{equity},{held},{fall}");
    }
    out
}
