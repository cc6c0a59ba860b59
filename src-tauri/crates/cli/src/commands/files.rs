//! import, export, resample.

use std::fs::File;
use std::io::Write;
use std::process::ExitCode;

use promptpal_app::tools::{Bucket, BucketState, CandleFile, ReadOptions, resample_marked};
use promptpal_app::{
    AppError, CandleFormat, ExportFormat, ExportRequest, ImportRequest, JobRequest, Outcome,
};
use promptpal_domain::Candle;
use serde_json::json;

use crate::PARTLY;
use crate::args::{ExportArgs, ExportKind, ImportArgs, ImportFormat, ResampleArgs};
use crate::context::Context;
use crate::follow;
use crate::output::{Output, count};

pub(crate) async fn import(context: &Context, args: ImportArgs) -> anyhow::Result<ExitCode> {
    let format = match args.format {
        ImportFormat::Csv => CandleFormat::Csv { map: args.map },
        ImportFormat::Archive => CandleFormat::Archive,
        ImportFormat::Capture => CandleFormat::Capture,
    };
    let request = ImportRequest {
        file: args.file,
        format,
        venue: args.venue,
        symbol: args.symbol,
        interval: args.interval,
    };
    let Outcome::Imported(report) = follow::run(context, JobRequest::Import(request)).await? else {
        return Ok(ExitCode::SUCCESS);
    };
    context.output.answer(&report, || {
        let mut text = format!(
            "{}: {} rows, {} new, {} were there, {} corrected.\n{} gaps",
            report.series,
            count(report.rows),
            count(report.inserted),
            count(report.unchanged),
            report.corrected,
            count(report.gap_count),
        );
        let missing: u64 = report.gaps.iter().map(|gap| gap.missing).sum();
        if missing > 0 {
            text.push_str(&format!(", {} candles missing", count(missing)));
        }
        if report.rejected > 0 {
            text.push_str(&format!("\n{} rows rejected:", count(report.rejected)));
            for problem in report.problems.iter().take(10) {
                text.push_str(&format!("\n  {problem}"));
            }
        }
        text
    })?;
    Ok(if report.rejected > 0 {
        ExitCode::from(PARTLY)
    } else {
        ExitCode::SUCCESS
    })
}

pub(crate) async fn export(context: &Context, args: ExportArgs) -> anyhow::Result<ExitCode> {
    let wanted = args.series;
    let series = context
        .find_series(&wanted.symbol, wanted.interval, wanted.venue.as_ref())
        .await?;
    let format = match (args.to, args.partition) {
        (ExportKind::Csv, None) => ExportFormat::Csv,
        (ExportKind::Parquet, None) => ExportFormat::Parquet,
        (ExportKind::Parquet, Some(_)) => ExportFormat::ParquetPartitioned,
        (ExportKind::Csv, Some(_)) => {
            return Err(AppError::invalid(
                "CSV is not partitioned",
                "Use --to parquet, or leave --partition out.",
            )
            .into());
        }
    };
    let request = ExportRequest {
        series: series.id.0,
        format,
        out: args.out,
    };
    if let Outcome::Exported(report) = follow::run(context, JobRequest::Export(request)).await? {
        context.output.answer(&report, || {
            format!(
                "{} candles written to {} file(s).",
                count(report.rows),
                report.files.len()
            )
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Partial candles named in an answer for people.
const PARTIAL_SHOWN: usize = 10;

/// Resamples a file without the store, by the store's own rules. Candles that are not made of all their parts are marked.
pub(crate) fn resample(args: &ResampleArgs, output: Output) -> anyhow::Result<ExitCode> {
    if args.to.nominal_millis() <= args.from.nominal_millis() {
        let message = format!("{} candles cannot be joined to {} candles", args.from, args.to);
        return Err(AppError::invalid(message, "Choose a longer interval than the file's.").into());
    }
    let file = File::open(&args.file).map_err(|source| AppError::File {
        doing: "read",
        path: args.file.clone(),
        source,
    })?;
    let mut reader = CandleFile::open(file, ReadOptions::csv(args.from))
        .map_err(|error| AppError::invalid(error.to_string(), "The first line must name the columns."))?;
    let candles: Vec<Candle> = reader.by_ref().flatten().collect();
    let rejected = reader.report().rejected;
    let longer = resample_marked(&candles, args.from, args.to).map_err(|error| {
        AppError::invalid(
            error.to_string(),
            "Choose an interval that the file's candles fill exactly.",
        )
    })?;
    let written = write(&args.out, &longer).map_err(|source| AppError::File {
        doing: "write",
        path: args.out.clone(),
        source,
    });
    written?;
    let partial: Vec<&Bucket> = longer
        .iter()
        .filter(|bucket| bucket.state != BucketState::Whole)
        .collect();
    let marks: Vec<_> = partial.iter().map(|bucket| mark(bucket)).collect();
    let value = json!({
        "read": candles.len(), "rejected": rejected, "written": longer.len(), "partial": marks,
    });
    output.answer(value, || {
        let mut text = format!(
            "{} candles became {}.",
            count(candles.len() as u64),
            count(longer.len() as u64)
        );
        if !partial.is_empty() {
            text.push_str(&format!("\n{} of them are partial:", count(partial.len() as u64)));
        }
        for bucket in partial.iter().take(PARTIAL_SHOWN) {
            let why = match bucket.state {
                BucketState::Whole => "",
                BucketState::Cut => "the file begins or ends in it",
                BucketState::Holed => "candles are missing in it",
            };
            text.push_str(&format!(
                "\n  {}: {} of {}, {why}",
                bucket.candle.open_time, bucket.present, bucket.expected
            ));
        }
        if partial.len() > PARTIAL_SHOWN {
            text.push_str("\n  ...");
        }
        text
    })?;
    Ok(if rejected > 0 {
        ExitCode::from(PARTLY)
    } else {
        ExitCode::SUCCESS
    })
}

fn mark(bucket: &Bucket) -> serde_json::Value {
    json!({
        "openTime": bucket.candle.open_time.millis(), "present": bucket.present, "expected": bucket.expected,
        "state": bucket.state.as_str(),
    })
}

fn write(path: &std::path::Path, buckets: &[Bucket]) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(File::create(path)?);
    writeln!(file, "open_time,open,high,low,close,volume,present,expected")?;
    for bucket in buckets {
        let (present, expected) = (bucket.present, bucket.expected);
        let Candle {
            open_time,
            open,
            high,
            low,
            close,
            volume,
            ..
        } = &bucket.candle;
        writeln!(
            file,
            "{},{open},{high},{low},{close},{volume},{present},{expected}",
            open_time.millis()
        )?;
    }
    file.flush()
}
