//! `backtest --sweep`: a strategy with every combination of some values.

use std::process::ExitCode;

use promptpal_app::causes::{Metrics, Sweep};
use promptpal_app::{SweepPlan, SweepRun};

use crate::PARTLY;
use crate::args::BacktestArgs;
use crate::output::{Output, count, percent, table};

/// What is to be tried; none for a single run.
pub(super) fn plan(args: &BacktestArgs) -> Option<SweepPlan> {
    (!args.sweep.is_empty()).then(|| SweepPlan {
        axes: args.sweep.clone(),
        threads: args.threads,
    })
}

/// Writes and prints a finished sweep.
pub(super) fn finish(args: &BacktestArgs, output: Output, found: &SweepRun) -> anyhow::Result<ExitCode> {
    if let Some(path) = &args.report {
        found.write(path)?;
    }
    output.document(found, || summary(found, args))?;
    let failed = found.sweep.rows.iter().any(|row| row.problem.is_some());
    Ok(if failed {
        ExitCode::from(PARTLY)
    } else {
        ExitCode::SUCCESS
    })
}

fn summary(found: &SweepRun, args: &BacktestArgs) -> String {
    let sweep = &found.sweep;
    let figures = ["Return", "Sharpe", "Drawdown", "Trades", "Win rate"];
    let header: Vec<&str> = sweep.axes.iter().map(String::as_str).chain(figures).collect();
    let order = found.ranked(&args.sort);
    let best = order.iter().filter_map(|&row| sweep.rows.get(row));
    let rows = best
        .filter_map(|row| {
            let tried = row.params.iter().map(|(_, value)| value.to_string());
            Some(tried.chain(cells(row.metrics.as_ref()?)).collect())
        })
        .take(args.top)
        .collect();
    let mut text = format!(
        "{} with {} sets of parameters on {} bars of {}, {:.1} ms\n{}\nThe best {} by {}; buy and hold made {}.",
        sweep.strategy,
        count(sweep.rows.len() as u64),
        count(sweep.bars as u64),
        sweep.interval,
        found.timing.engine_s * 1000.0,
        table(&header, &header, rows),
        args.top.min(sweep.rows.len()),
        args.sort,
        percent(sweep.benchmark.total_return),
    );
    text.push('\n');
    text.push_str(&trust(sweep));
    let problems = || sweep.rows.iter().filter_map(|row| row.problem.as_ref());
    if let Some(first) = problems().next() {
        text.push_str(&format!(
            "\nNote: {} sets of parameters could not be run; the first: {first}",
            problems().count()
        ));
    }
    text.push_str(
        "\nNote: The best of many tries looks better than it is. Try what was found on bars that were not used to find it.",
    );
    text
}

/// How far the best can be believed.
fn trust(sweep: &Sweep) -> String {
    let found = &sweep.overfitting;
    let count_line = format!(
        "{} of {} runs traded",
        count(found.trials as u64),
        count(sweep.rows.len() as u64)
    );
    let best = found.best.and_then(|row| sweep.rows.get(row));
    let best: Vec<String> = best
        .iter()
        .flat_map(|row| &row.params)
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    let absent = |reason: Option<&dyn std::fmt::Display>| {
        reason.map_or_else(String::new, |reason| format!("not known: {reason}"))
    };
    let deflated = match found.deflated_sharpe.found() {
        Some(found) => format!(
            "{:.2}, for the best Sharpe ratio ({})",
            found.value,
            best.join(", ")
        ),
        None => absent(found.deflated_sharpe.absence().as_ref().map(|reason| reason as _)),
    };
    let chosen = match found.overfitting_probability.found() {
        Some(found) => format!("{:.1} %", found.value * 100.0),
        None => absent(
            found
                .overfitting_probability
                .absence()
                .as_ref()
                .map(|reason| reason as _),
        ),
    };
    let rows = [
        ("Trials", count_line),
        ("Deflated Sharpe ratio", deflated),
        ("Probability of backtest overfitting", chosen),
    ];
    let rows = rows
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    table(&["Of the search", "Value"], &[], rows)
}

fn cells(metrics: &Metrics) -> [String; 5] {
    let missing = || "\u{2013}".to_owned();
    [
        percent(metrics.total_return),
        metrics
            .bar_sharpe_ddof1
            .map_or_else(missing, |sharpe| format!("{sharpe:.2}")),
        percent(metrics.max_drawdown),
        count(metrics.n_closed_trades as u64),
        metrics.win_rate.map_or_else(missing, percent),
    ]
}
