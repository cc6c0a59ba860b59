//! backtest, strategies.

mod sweeps;

use std::path::Path;
use std::process::ExitCode;

use promptpal_api::{ScriptProblemDto, StrategyDto};
use promptpal_app::causes::{Fills, Report};
use promptpal_app::{
    AppError, BacktestRequest, Direction, JobRequest, Outcome, RunFormat, StrategyView, Terms, Timing,
    backtest_files, sweep_file, tools,
};
use promptpal_domain::{Span, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use crate::args::{BacktestArgs, Fills as FillsArg, SideArg, StrategiesCommand};
use crate::context::Context;
use crate::follow;
use crate::output::{Output, count, percent, table};

/// Whether a run needs neither the database nor anything else of this machine: a strategy that comes with the program, or a file,
/// over a file.
pub(crate) fn stands_alone(args: &BacktestArgs) -> bool {
    !args.data.is_empty() && (tools::builtin(&args.strategy).is_some() || is_script(&args.strategy))
}

/// Runs over a file without opening the database.
pub(crate) fn alone(args: &BacktestArgs, output: Output) -> anyhow::Result<ExitCode> {
    let (strategy, script) = script_of(&args.strategy)?;
    let built_in = || tools::builtin(&strategy).map(|built_in| built_in.source.to_owned());
    let source = script.or_else(built_in).ok_or_else(|| AppError::NotFound {
        what: "strategy",
        id: strategy.clone(),
    })?;
    over_file(args, &strategy, &source, output, &|| false)
}

fn over_file(
    args: &BacktestArgs,
    strategy: &str,
    source: &str,
    output: Output,
    cancel: &(dyn Fn() -> bool + Sync),
) -> anyhow::Result<ExitCode> {
    let span = Span::new(
        args.from.unwrap_or(Timestamp::from_millis(i64::MIN)),
        args.to.unwrap_or(Timestamp::from_millis(i64::MAX)),
    )
    .map_err(|error| AppError::invalid(error.to_string(), "Give --from a time before --to."))?;
    let terms = terms_of(args);
    if let Some(plan) = sweeps::plan(args) {
        let [file] = args.data.as_slice() else {
            return Err(AppError::invalid(
                "a sweep runs on one file",
                "Give --data once, or leave --sweep out.",
            )
            .into());
        };
        let found = sweep_file(strategy, source, file, span, &terms, &plan, cancel)?;
        return sweeps::finish(args, output, &found);
    }
    let run = backtest_files(strategy, source, &args.data, span, &terms, cancel)?;
    if let Some(path) = &args.report {
        let names = args.data.iter().filter_map(|file| file.file_name());
        let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
        run.write(&names.join(", "), RunFormat::of_file(path), path)?;
    }
    print(output, &run.report, run.timing, None)
}

pub(crate) async fn run(context: &Context, args: BacktestArgs) -> anyhow::Result<ExitCode> {
    let (strategy, script) = script_of(&args.strategy)?;
    if !args.data.is_empty() {
        let source = match script {
            Some(script) => script,
            None => context.strategy_source(&strategy).await?,
        };
        let (output, cancel) = (context.output, context.cancel.clone());
        let run = move || over_file(&args, &strategy, &source, output, &|| cancel.is_cancelled());
        return tokio::task::spawn_blocking(run).await?;
    }
    let (Some((symbol, others)), Some(interval)) = (args.symbols.split_first(), args.interval) else {
        return Err(AppError::invalid(
            "there is nothing to test on",
            "Give --symbol and --interval, or --data.",
        )
        .into());
    };
    let series = context.find_series(symbol, interval, args.venue.as_ref()).await?;
    let mut more = Vec::with_capacity(others.len());
    for symbol in others {
        more.push(
            context
                .find_series(symbol, interval, Some(&series.key.venue))
                .await?
                .id
                .0,
        );
    }
    let request = BacktestRequest {
        strategy,
        script,
        series: series.id.0,
        others: more,
        from: args.from,
        to: args.to,
        terms: terms_of(&args),
    };
    if let Some(plan) = sweeps::plan(&args) {
        let found = context
            .app()
            .sweep(&request, plan, context.cancel.clone())
            .await?;
        return sweeps::finish(&args, context.output, &found);
    }
    match follow::run(context, JobRequest::Backtest(request)).await? {
        Outcome::Ran(outcome) => {
            if let Some(path) = &args.report {
                context
                    .export_run(outcome.run, RunFormat::of_file(path), path)
                    .await?;
            }
            print(
                context.output,
                &outcome.report,
                outcome.timing,
                Some(outcome.run.0),
            )
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn terms_of(args: &BacktestArgs) -> Terms {
    Terms {
        params: args.params.clone(),
        fee: args.fee,
        maker_fee: args.maker_fee,
        slippage_bps: args.slippage_bps,
        spread_bps: args.spread_bps,
        impact_bps: args.impact_bps,
        cash: args.cash,
        size: args.size.clone(),
        side: args.side.map(|side| match side {
            SideArg::Long => Direction::Long,
            SideArg::Short => Direction::Short,
            SideArg::Both => Direction::Both,
        }),
        leverage: args.leverage,
        maintenance: args.maintenance,
        tick: args.tick,
        lot: args.lot,
        min_notional: args.min_notional,
        days_per_year: args.days_per_year,
        fills: match args.fills {
            FillsArg::R1 => Some(Fills::R1),
            FillsArg::Minute => Some(Fills::Minute),
            FillsArg::Auto => None,
        },
        funding: args.funding.clone(),
        minutes: args.minutes.clone(),
    }
}

/// A file's script with the file's name, or the name of a stored or built-in strategy.
fn script_of(strategy: &str) -> Result<(String, Option<String>), AppError> {
    let path = Path::new(strategy);
    if !is_script(strategy) {
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

fn is_script(strategy: &str) -> bool {
    Path::new(strategy)
        .extension()
        .is_some_and(|extension| extension == "rhai")
}

/// A report with how it came about.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    report: &'a Report,
    timing: Timing,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<i64>,
}

fn print(output: Output, report: &Report, timing: Timing, run: Option<i64>) -> anyhow::Result<ExitCode> {
    let answer = Answer { report, timing, run };
    output.document(&answer, || summary(report, timing, run))?;
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
    for open in &report.open_positions {
        text.push_str(&format!(
            "\n{} is still held; it is marked at its last close, {}.",
            open.symbol.as_deref().unwrap_or_default(),
            open.mark_price
        ));
    }
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
