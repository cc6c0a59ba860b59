//! series list, show, verify, resume, delete.

use std::io::IsTerminal;
use std::process::ExitCode;

use promptpal_api::{GapDto, GapReasonDto, LedgerDto, SeriesDto};
use promptpal_app::{AppError, JobRequest, Outcome, SeriesOverview, VerifyRequest};
use promptpal_domain::{Series, SeriesKey, Timestamp};
use serde_json::json;

use super::market::carry_out_fetch;
use crate::args::{SeriesArgs, SeriesCommand};
use crate::context::Context;
use crate::follow;
use crate::output::{count, percent, table};

/// Cells of the coverage bar in JSON; a terminal shows figures.
const CELLS: u16 = 200;

pub(crate) async fn run(context: &Context, command: SeriesCommand) -> anyhow::Result<ExitCode> {
    match command {
        SeriesCommand::List => list(context).await,
        SeriesCommand::Show(args) => show(context, &args).await,
        SeriesCommand::Verify { series, from, to, .. } => {
            let series = find(context, &series).await?;
            let request = VerifyRequest {
                series: series.id.0,
                from,
                to,
            };
            verify(context, request).await
        }
        SeriesCommand::Resume { series, .. } => {
            let series = find(context, &series).await?;
            carry_out_fetch(context, context.resume_request(series.id).await?).await
        }
        SeriesCommand::Delete { series, yes } => delete(context, &series, yes).await,
    }
}

async fn find(context: &Context, args: &SeriesArgs) -> Result<Series, AppError> {
    context
        .find_series(&args.symbol, args.interval, args.venue.as_ref())
        .await
}

async fn show(context: &Context, args: &SeriesArgs) -> anyhow::Result<ExitCode> {
    let series = find(context, args).await?;
    let gaps: Vec<GapDto> = context
        .gaps(series.id)
        .await?
        .into_iter()
        .map(GapDto::from)
        .collect();
    let missing: u64 = gaps.iter().map(|gap| gap.missing).sum();
    let ledger = LedgerDto::from(context.ledger(series.id, CELLS).await?);
    let value = json!({
        "id": series.id.0, "series": series.key.to_string(), "rows": series.rows,
        "first": series.first_last.map(|(first, _)| first.millis()),
        "last": series.first_last.map(|(_, last)| last.millis()),
        "missing": missing, "gaps": gaps, "ledger": ledger,
    });
    context.output.answer(value, || {
        let span = promptpal_app::App::covered(&series)
            .map(|span| span.to_string())
            .unwrap_or_default();
        format!(
            "{}\n{} candles, {span}\n{} gaps, {missing} candles missing; {} openings the venue has none for, {} still to be asked for, {} corrections, {} bytes\n{}",
            series.key,
            count(series.rows),
            gaps.len(),
            count(ledger.absent),
            count(ledger.pending),
            count(ledger.corrections),
            count(ledger.bytes),
            table(&["From", "To", "Missing", "Why"], &["Missing"], gaps.iter().map(gap_line).collect())
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

fn gap_line(gap: &GapDto) -> Vec<String> {
    let at = |ms: i64| Timestamp::from_millis(ms).to_string();
    let why = match (gap.reason, &gap.evidence) {
        (GapReasonDto::ExchangeAbsent, Some(evidence)) => format!(
            "{} had none, asked {}, last {}",
            evidence.name,
            if evidence.times == 1 {
                "once".to_owned()
            } else {
                format!("{} times", evidence.times)
            },
            at(evidence.last_asked.0)
        ),
        (GapReasonDto::ExchangeAbsent, None) => "the venue had none".to_owned(),
        (GapReasonDto::Pending, _) => "not asked for yet".to_owned(),
    };
    vec![at(gap.from.0), at(gap.to.0), gap.missing.to_string(), why]
}

async fn verify(context: &Context, request: VerifyRequest) -> anyhow::Result<ExitCode> {
    if let Outcome::Verified(report) = follow::run(context, JobRequest::Verify(request)).await? {
        context.output.answer(&report, || {
            let mut text = format!(
                "{}: {} candles compared in {} pages: {} the same, {} corrected, {} were not stored. The venue has no candle for {} openings.",
                report.series,
                count(report.checked),
                report.pages,
                count(report.unchanged),
                count(report.corrected),
                count(report.inserted),
                count(report.absent),
            );
            if report.archives > 0 {
                text.push_str(&format!(
                    "\n{} archives looked at, {} had been issued anew.",
                    report.archives, report.archives_changed
                ));
            }
            if report.unlisted > 0 {
                text.push_str(&format!("\n{} stored candles are not listed by the venue; they are kept.", report.unlisted));
            }
            text
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn delete(context: &Context, args: &SeriesArgs, yes: bool) -> anyhow::Result<ExitCode> {
    let series = find(context, args).await?;
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
