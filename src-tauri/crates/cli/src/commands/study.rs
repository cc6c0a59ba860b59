//! sentiment study.

use std::process::ExitCode;

use promptpal_app::causes::Response;
use promptpal_app::{MoodStudy, MoodStudyRequest};
use promptpal_domain::{Span, Timestamp};
use serde_json::{Value, json};

use crate::args::StudyArgs;
use crate::context::Context;
use crate::output::table;

/// What a price did after strong news about its asset.
pub(crate) async fn study(context: &Context, args: StudyArgs) -> anyhow::Result<ExitCode> {
    let series = context
        .find_series(
            &args.series.symbol,
            args.series.interval,
            args.series.venue.as_ref(),
        )
        .await?;
    let (from, to) = (
        args.from.unwrap_or(Span::ALL.from()),
        args.to.unwrap_or(Span::ALL.to()),
    );
    let found = context
        .mood_study(MoodStudyRequest {
            series: series.id,
            span: span(from, to)?,
            strong: args.strong,
            lengths: args.bars,
        })
        .await?;
    context.output.answer(as_json(&found), || for_people(&found))?;
    Ok(ExitCode::SUCCESS)
}

fn span(from: Timestamp, to: Timestamp) -> Result<Span, promptpal_app::AppError> {
    Span::new(from, to)
        .map_err(|error| promptpal_app::AppError::invalid(error.to_string(), "let --from be before --to"))
}

fn as_json(found: &MoodStudy) -> Value {
    let responses = |responses: &[Response]| -> Vec<Value> {
        let number = |number: f64| number.is_finite().then_some(number);
        responses
            .iter()
            .map(|one| {
                json!({ "bars": one.bars, "events": one.events, "days": one.days, "mean": number(one.mean),
                        "low": one.band.map(|band| band.0), "high": one.band.map(|band| band.1),
                        "usual": number(one.usual) })
            })
            .collect()
    };
    json!({
        "symbol": found.series.symbol.to_string(),
        "interval": found.series.interval.to_string(),
        "asset": found.asset.to_string(),
        "articles": found.articles,
        "bars": found.bars,
        "positive": responses(&found.study.positive),
        "negative": responses(&found.study.negative),
    })
}

fn for_people(found: &MoodStudy) -> String {
    let percent = |part: f64| {
        if part.is_finite() {
            format!("{:+.2} %", part * 100.0)
        } else {
            "-".to_owned()
        }
    };
    let rows = |news: &str, responses: &[Response]| -> Vec<Vec<String>> {
        let row = |one: &Response| {
            let band = one.band.map_or_else(
                || "-".to_owned(),
                |(low, high)| format!("{} to {}", percent(low), percent(high)),
            );
            vec![
                news.to_owned(),
                one.bars.to_string(),
                one.events.to_string(),
                one.days.to_string(),
                percent(one.mean),
                band,
                percent(one.usual),
            ]
        };
        responses.iter().map(row).collect()
    };
    let mut all = rows("good", &found.study.positive);
    all.extend(rows("bad", &found.study.negative));
    let header = [
        "News",
        "Candles later",
        "Events",
        "Days",
        "Mean",
        "95 % band",
        "Any time",
    ];
    format!(
        "{} {}: {} scored articles about {} beside {} candles\n{}",
        found.series.symbol,
        found.series.interval,
        found.articles,
        found.asset,
        found.bars,
        table(&header, header.get(1..).unwrap_or_default(), all)
    )
}
