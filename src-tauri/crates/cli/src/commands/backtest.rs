//! backtest, strategies.

use std::path::Path;
use std::process::ExitCode;

use promptpal_api::{ScriptProblemDto, StrategyDto};
use promptpal_app::causes::Report;
use promptpal_app::{AppError, BacktestRequest, Direction, JobRequest, Outcome, StrategyView, Terms, Timing};
use promptpal_domain::{Span, Timestamp};
use serde_json::{Value, json};

use crate::args::{BacktestArgs, SideArg, StrategiesCommand};
use crate::context::Context;
use crate::follow;
use crate::output::{count, percent, put, table};

pub(crate) async fn run(context: &Context, args: BacktestArgs) -> anyhow::Result<ExitCode> {
    let terms = Terms {
        params: args.params,
        fee: args.fee,
        slippage_bps: args.slippage_bps,
        spread_bps: args.spread_bps,
        cash: args.cash,
        size: args.size,
        side: args.side.map(|side| match side {
            SideArg::Long => Direction::Long,
            SideArg::Short => Direction::Short,
            SideArg::Both => Direction::Both,
        }),
    };
    let (strategy, script) = script_of(&args.strategy)?;
    if let Some(file) = &args.data {
        let source = match script {
            Some(script) => script,
            None => context.strategy_source(&strategy).await?,
        };
        let span = Span::new(
            args.from.unwrap_or(Timestamp::from_millis(i64::MIN)),
            args.to.unwrap_or(Timestamp::from_millis(i64::MAX)),
        )
        .map_err(|error| AppError::invalid(error.to_string(), "Give --from a time before --to."))?;
        let (report, timing) = context
            .backtest_file(&strategy, source, file, span, &terms)
            .await?;
        return print(context, &report, timing, None);
    }
    let (Some(symbol), Some(interval)) = (args.symbol, args.interval) else {
        return Err(AppError::invalid(
            "there is nothing to test on",
            "Give --symbol and --interval, or --data.",
        )
        .into());
    };
    let series = context
        .find_series(&symbol, interval, args.venue.as_ref())
        .await?;
    let request = BacktestRequest {
        strategy,
        script,
        series: series.id.0,
        from: args.from,
        to: args.to,
        terms,
    };
    match follow::run(context, JobRequest::Backtest(request)).await? {
        Outcome::Ran(outcome) => print(context, &outcome.report, outcome.timing, Some(outcome.run.0)),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// A file's script with the file's name, or the name of a stored or built-in strategy.
fn script_of(strategy: &str) -> Result<(String, Option<String>), AppError> {
    let path = Path::new(strategy);
    if path.extension().is_none_or(|extension| extension != "rhai") {
        return Ok((strategy.to_owned(), None));
    }
    let script = std::fs::read_to_string(path).map_err(|source| AppError::File {
        doing: "read",
        path: path.to_owned(),
        source,
    })?;
    let name = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok((name, Some(script)))
}

fn print(context: &Context, report: &Report, timing: Timing, run: Option<i64>) -> anyhow::Result<ExitCode> {
    let mut value = serde_json::to_value(report)?;
    put(&mut value, "timing", timing)?;
    if let Some(run) = run {
        put(&mut value, "run", run)?;
    }
    context.output.answer(value, || summary(report, timing, run))?;
    Ok(ExitCode::SUCCESS)
}

fn summary(report: &Report, timing: Timing, run: Option<i64>) -> String {
    let m = &report.metrics;
    let figure =
        |value: Option<f64>, digits: usize| value.map_or("\u{2013}".to_owned(), |v| format!("{v:.digits$}"));
    let share = |value: Option<f64>| value.map_or("\u{2013}".to_owned(), percent);
    let rows = [
        ("Total return", percent(m.total_return)),
        ("Buy and hold", percent(report.benchmark.total_return)),
        ("Final equity", format!("{:.2}", m.final_equity)),
        ("Annual return", share(m.bar_annual_return)),
        ("Max drawdown", percent(m.max_drawdown)),
        ("Sharpe (bars, ddof 1)", figure(m.bar_sharpe_ddof1, 2)),
        ("Sortino (bars)", figure(m.bar_sortino, 2)),
        ("Closed trades", count(m.n_closed_trades as u64)),
        ("Win rate", share(m.win_rate)),
        ("Profit factor", figure(m.profit_factor, 2)),
        ("Fees paid", format!("{:.2}", m.fees_paid)),
        ("Exposure", percent(m.exposure_bars)),
    ];
    let rows = rows
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    let mut text = format!(
        "{} on {} bars of {}, {} gaps, {:.1} ms\n{}",
        report.strategy,
        count(report.bars as u64),
        report.interval,
        report.gaps,
        timing.engine_s * 1000.0,
        table(&["Figure", "Value"], &["Value"], rows)
    );
    if report.open_position.is_some() {
        text.push_str("\nA position is still open; it is marked at the last close.");
    }
    for warning in &report.warnings {
        text.push_str(&format!("\nNote: {warning}"));
    }
    if let Some(run) = run {
        text.push_str(&format!("\nStored as run {run}: promptpal runs show {run}"));
    }
    text
}

pub(crate) async fn strategies(context: &Context, command: StrategiesCommand) -> anyhow::Result<ExitCode> {
    match command {
        StrategiesCommand::List => {
            let views = context.app().strategies().await?;
            let row = |view: &StrategyView| vec![view.id.clone(), view.title.clone(), view.about.clone()];
            let rows = views.iter().map(row).collect();
            let value: Vec<StrategyDto> = views.into_iter().map(StrategyDto::from).collect();
            context.output.answer(json!({ "strategies": value }), || {
                table(&["Name", "Title", "Idea"], &[], rows)
            })?;
        }
        StrategiesCommand::Show { id } => {
            let views = context.app().strategies().await?;
            let found = views.into_iter().find(|view| view.id == id);
            let view = found.ok_or_else(|| AppError::NotFound {
                what: "strategy",
                id: id.clone(),
            })?;
            let source = view.source.clone();
            context.output.answer(StrategyDto::from(view), || source)?;
        }
        StrategiesCommand::Docs => {
            let text = promptpal_app::tools::language_reference();
            context
                .output
                .answer(json!({ "markdown": text }), || text.clone())?;
        }
        StrategiesCommand::Check { file } => return check(context, &file).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn check(context: &Context, file: &Path) -> anyhow::Result<ExitCode> {
    let source = std::fs::read_to_string(file).map_err(|source| AppError::File {
        doing: "read",
        path: file.to_owned(),
        source,
    })?;
    let problems: Vec<ScriptProblemDto> = context
        .check_script(source)
        .await?
        .into_iter()
        .map(ScriptProblemDto::from)
        .collect();
    let right = problems.is_empty();
    let text: Vec<String> = problems
        .iter()
        .map(|p| {
            let hint = p
                .hint
                .as_ref()
                .map(|hint| format!("\n  {hint}"))
                .unwrap_or_default();
            format!("{}:{}:{}: {}{hint}", file.display(), p.line, p.column, p.message)
        })
        .collect();
    let value: Value = json!({ "ok": right, "problems": problems });
    context.output.answer(value, || {
        if right {
            "No mistakes.".to_owned()
        } else {
            text.join("\n")
        }
    })?;
    Ok(if right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
