//! fetch, stream, series, symbols.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::process::ExitCode;

use promptpal_api::{ApiError, ErrorCode, GapDto, SeriesDto, SymbolDto};
use promptpal_app::{AppError, FetchRequest, JobRequest, LiveState, LiveUpdate, Outcome, SeriesOverview};
use promptpal_domain::{SeriesId, SeriesKey, Timestamp};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use crate::args::{FetchArgs, SeriesCommand, StreamArgs, SymbolsCommand};
use crate::context::Context;
use crate::follow;
use crate::output::{count, percent, table};

pub(crate) async fn fetch(context: &Context, args: FetchArgs) -> anyhow::Result<ExitCode> {
    let request = FetchRequest {
        symbol: args.symbol,
        interval: args.interval,
        from: args.from,
        to: args.to,
    };
    if let Outcome::Fetched(report) = follow::run(context, JobRequest::Fetch(request)).await? {
        context.output.answer(&report, || {
            format!(
                "{}: {} candles new, {} were there, {} corrected, in {} pages. {} stored, {} gaps.",
                report.series,
                count(report.inserted),
                count(report.unchanged),
                report.corrected,
                report.pages,
                count(report.rows),
                report.gaps,
            )
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a line for every closed candle after it was committed: what was printed is stored.
pub(crate) async fn stream(context: &Context, args: StreamArgs) -> anyhow::Result<ExitCode> {
    let mut ids = Vec::new();
    for symbol in &args.symbols {
        ids.push(context.follow_symbol(symbol, args.interval).await?);
    }
    let mut updates = context.live_updates();
    let mut state = context.live_state();
    context.start_live(ids.clone()).await?;
    let keys: HashSet<SeriesId> = ids.into_iter().collect();
    let ends = async {
        match args.duration {
            Some(duration) => tokio::time::sleep(duration).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(ends);
    let failed = loop {
        tokio::select! {
            () = context.cancel.cancelled() => break None,
            () = &mut ends => break None,
            changed = state.changed() => {
                if changed.is_err() { break None; }
                let now = state.borrow_and_update().clone();
                tell(context, &now);
                if let LiveState::Failed { reason } = now { break Some(reason); }
            }
            update = updates.recv() => match update {
                Ok(update) if update.live.closed && keys.contains(&update.series) => print(context, &update)?,
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break None,
            },
        }
    };
    context.stop_live().await;
    match failed {
        Some(reason) => {
            context
                .output
                .error(&ApiError::new(ErrorCode::Remote, reason, None, true));
            Ok(ExitCode::FAILURE)
        }
        None => Ok(ExitCode::SUCCESS),
    }
}

fn tell(context: &Context, state: &LiveState) {
    match state {
        LiveState::Connecting => context.output.note("connecting"),
        LiveState::Live(_) => context.output.note("live"),
        LiveState::Reconnecting { reason, wait_ms } => {
            context.output.note(&format!(
                "connection lost ({reason}); trying again in {wait_ms} ms"
            ));
        }
        LiveState::Off | LiveState::Failed { .. } => {}
    }
}

fn print(context: &Context, update: &LiveUpdate) -> anyhow::Result<()> {
    let candle = &update.live.candle;
    let key = &update.live.series;
    let line = json!({
        "schema": 1,
        "symbol": key.symbol.as_str(),
        "interval": key.interval.as_str(),
        "open_time": candle.open_time.millis(),
        "open": candle.open.to_string(),
        "high": candle.high.to_string(),
        "low": candle.low.to_string(),
        "close": candle.close.to_string(),
        "volume": candle.volume.to_string(),
    });
    context.output.item(line, || {
        format!(
            "{key} {} O {} H {} L {} C {} V {}",
            candle.open_time, candle.open, candle.high, candle.low, candle.close, candle.volume
        )
    })
}

pub(crate) async fn series(context: &Context, command: SeriesCommand) -> anyhow::Result<ExitCode> {
    match command {
        SeriesCommand::List => list(context).await,
        SeriesCommand::Show(args) => {
            let series = context
                .find_series(&args.symbol, args.interval, args.venue.as_ref())
                .await?;
            let gaps: Vec<GapDto> = context
                .gaps(series.id)
                .await?
                .into_iter()
                .map(GapDto::from)
                .collect();
            let missing: u64 = gaps.iter().map(|gap| gap.missing).sum();
            let value = json!({
                "id": series.id.0, "series": series.key.to_string(), "rows": series.rows,
                "first": series.first_last.map(|(first, _)| first.millis()),
                "last": series.first_last.map(|(_, last)| last.millis()),
                "missing": missing, "gaps": gaps,
            });
            let line = |gap: &GapDto| {
                let at = |ms: i64| Timestamp::from_millis(ms).to_string();
                vec![
                    at(gap.from.0),
                    at(gap.to.0),
                    gap.missing.to_string(),
                    format!("{:?}", gap.reason),
                ]
            };
            context.output.answer(value, || {
                let span = promptpal_app::App::covered(&series)
                    .map(|span| span.to_string())
                    .unwrap_or_default();
                let rows = gaps.iter().map(line).collect();
                format!(
                    "{}\n{} candles, {span}\n{} gaps, {missing} candles missing\n{}",
                    series.key,
                    count(series.rows),
                    gaps.len(),
                    table(&["From", "To", "Missing", "Why"], &["Missing"], rows)
                )
            })?;
            Ok(ExitCode::SUCCESS)
        }
        SeriesCommand::Delete { series: args, yes } => {
            let series = context
                .find_series(&args.symbol, args.interval, args.venue.as_ref())
                .await?;
            if !yes && !confirmed(&series.key, series.rows)? {
                return Ok(ExitCode::FAILURE);
            }
            context.delete_series(series.id).await?;
            let value = json!({ "deleted": series.key.to_string(), "rows": series.rows });
            context
                .output
                .answer(value, || format!("{} deleted.", series.key))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

#[expect(clippy::print_stderr, reason = "a question to the person at the terminal")]
fn confirmed(key: &SeriesKey, rows: u64) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        let message = format!("deleting {key} needs a yes, and nobody can be asked here");
        return Err(AppError::invalid(message, "Add --yes.").into());
    }
    eprint!("Delete {key} with {} candles? [y/N] ", count(rows));
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

async fn list(context: &Context) -> anyhow::Result<ExitCode> {
    let series = context.app().series().await?;
    let row = |overview: &SeriesOverview| {
        let key = &overview.series.key;
        let at = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        vec![
            key.venue.to_string(),
            key.symbol.to_string(),
            key.interval.to_string(),
            count(overview.series.rows),
            at(overview.series.first_last.map(|(first, _)| first)),
            at(overview.series.first_last.map(|(_, last)| last)),
            overview.series.gaps.to_string(),
            overview.change_24h.map(percent).unwrap_or_default(),
        ]
    };
    let rows = series.iter().map(row).collect();
    let value: Vec<SeriesDto> = series.iter().cloned().map(SeriesDto::from).collect();
    context.output.answer(json!({ "series": value }), || {
        let header = [
            "Venue", "Symbol", "Interval", "Candles", "First", "Last", "Gaps", "24 h",
        ];
        table(&header, &["Candles", "Gaps", "24 h"], rows)
    })?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn symbols(context: &Context, command: SymbolsCommand) -> anyhow::Result<ExitCode> {
    let SymbolsCommand::Search { query } = command;
    let found: Vec<SymbolDto> = context
        .search_symbols(&query)
        .await?
        .into_iter()
        .map(SymbolDto::from)
        .collect();
    let row = |s: &SymbolDto| {
        vec![
            s.symbol.clone(),
            s.base.clone(),
            s.quote.clone(),
            if s.trading { "yes" } else { "no" }.to_owned(),
        ]
    };
    let rows = found.iter().map(row).collect();
    context.output.answer(json!({ "symbols": found }), || {
        table(&["Symbol", "Base", "Quote", "Trading"], &[], rows)
    })?;
    Ok(ExitCode::SUCCESS)
}
