//! fetch, stream, symbols.

use std::collections::HashSet;
use std::process::ExitCode;

use promptpal_api::{ApiError, ErrorCode, SymbolDto};
use promptpal_app::{FetchRequest, FetchSource, JobRequest, LiveState, LiveUpdate, Outcome};
use promptpal_domain::SeriesId;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use crate::PARTLY;
use crate::args::{FetchArgs, FetchFrom, StreamArgs, SymbolsCommand};
use crate::context::Context;
use crate::follow;
use crate::output::{count, table};

pub(crate) async fn fetch(context: &Context, args: FetchArgs) -> anyhow::Result<ExitCode> {
    let request = FetchRequest {
        venue: Some(args.venue),
        symbol: args.symbol,
        interval: args.interval,
        from: args.from,
        to: args.to,
        source: match args.source {
            FetchFrom::Auto => FetchSource::Auto,
            FetchFrom::Archive => FetchSource::Archive,
            FetchFrom::Rest => FetchSource::Rest,
        },
    };
    carry_out_fetch(context, JobRequest::Fetch(request)).await
}

/// Fetches and says what came of it: 3 when something that was wanted is still missing.
pub(super) async fn carry_out_fetch(context: &Context, request: JobRequest) -> anyhow::Result<ExitCode> {
    let Outcome::Fetched(report) = follow::run(context, request).await? else {
        return Ok(ExitCode::SUCCESS);
    };
    context.output.answer(&report, || {
        let mut from = format!("{} pages", report.pages);
        if report.archives + report.archives_unchanged > 0 {
            from.push_str(&format!(
                ", {} archives",
                report.archives + report.archives_unchanged
            ));
        }
        let mut text = format!(
            "{}: {} candles new, {} were there, {} corrected, in {from}. {} stored, {} gaps.",
            report.series,
            count(report.inserted),
            count(report.unchanged),
            report.corrected,
            count(report.rows),
            report.gaps,
        );
        if report.absent > 0 {
            text.push_str(&format!(
                "\nThe venue has no candle for {} openings.",
                count(report.absent)
            ));
        }
        if report.pending > 0 {
            text.push_str(&format!(
                "\n{} openings are still to be asked for.",
                count(report.pending)
            ));
        }
        text
    })?;
    Ok(if report.pending > 0 {
        ExitCode::from(PARTLY)
    } else {
        ExitCode::SUCCESS
    })
}

/// Prints a line for every closed candle after it was committed: what was printed is stored.
pub(crate) async fn stream(context: &Context, args: StreamArgs) -> anyhow::Result<ExitCode> {
    let mut ids = Vec::new();
    for symbol in &args.symbols {
        ids.push(
            context
                .follow_symbol(Some(&args.venue), symbol, args.interval)
                .await?,
        );
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
            some = updates.recv() => match some {
                Ok(some) => {
                    for update in some.iter().filter(|update| update.live.closed && keys.contains(&update.series)) {
                        print(context, update)?;
                    }
                }
                Err(RecvError::Lagged(_)) => {}
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
        LiveState::NotStored { reason } => {
            context
                .output
                .note(&format!("candles are kept until they can be stored: {reason}"));
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

pub(crate) async fn symbols(context: &Context, command: SymbolsCommand) -> anyhow::Result<ExitCode> {
    let SymbolsCommand::Search { query, venue } = command;
    let found: Vec<SymbolDto> = context
        .search_symbols(Some(&venue), &query)
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
