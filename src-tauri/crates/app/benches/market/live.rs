//! Frames of many symbols at a steady rate: how long until a closed candle is committed, and what a frame costs.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use cpu_time::ProcessTime;
use promptpal_domain::{Interval, SeriesId};
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;

use crate::child::Double;
use crate::report::{Reach, line, not_run};
use crate::{key, now, start, store};

const SCRIPT: &str = include_str!("cryptofeed.py");

const SYMBOLS: u64 = 200;
const RATE: u64 = 2000;
const SECONDS: u64 = 20;
/// When so long nothing comes, the exchange is done; less than its pause before it begins again on a new connection.
const SILENCE: Duration = Duration::from_millis(2500);
/// Longer than subscribing and the exchange's pause before its first frame take.
const BEGINS_WITHIN: Duration = Duration::from_secs(30);

/// What was measured of a feed.
struct Followed {
    /// From the event time of closed candles to their commit, in ms, ascending.
    delays: Vec<f64>,
    cpu: Duration,
}

pub(crate) async fn measure() -> Result<()> {
    let busy = follow(SYMBOLS, RATE, SECONDS).await?;
    let closed = busy.delays.len();
    let share = |share: f64| percentile(&busy.delays, share);
    let ms = "ms";
    let case = |what: &str| {
        format!(
            "frame to committed at {RATE} frames a second of {SYMBOLS} series, {closed} candles closed: {what}"
        )
    };
    line(
        &case("p99"),
        ms,
        (share(0.99), None),
        share(0.99),
        Reach::AtMost(150.0),
    )?;
    line(&case("median"), ms, (share(0.5), None), share(0.5), Reach::Any)?;
    line(&case("longest"), ms, (share(1.0), None), share(1.0), Reach::Any)?;
    let calm = follow(1, 10, SECONDS).await?;
    let longest = percentile(&calm.delays, 1.0);
    let case = format!(
        "frame to committed, a closed candle at a time: the longest of {}",
        calm.delays.len()
    );
    line(&case, ms, (longest, None), longest, Reach::AtMost(50.0))?;

    let a_frame = |cpu: f64| cpu * 1e6 / (RATE * SECONDS) as f64;
    let (unit, case) = (
        "CPU µs a frame",
        "a live frame, stored where closed, beside cryptofeed without storage",
    );
    let ours = a_frame(busy.cpu.as_secs_f64());
    match by_cryptofeed()? {
        Ok(peer) => line(
            case,
            unit,
            (ours, Some(a_frame(peer))),
            a_frame(peer) / ours,
            Reach::AtLeast(5.0),
        ),
        Err(reason) => {
            line(
                "a live frame, stored where closed",
                unit,
                (ours, None),
                ours,
                Reach::Any,
            )?;
            not_run(case, &reason)
        }
    }
}

async fn follow(symbols: u64, rate: u64, seconds: u64) -> Result<Followed> {
    let double = Double::start("busy", &[symbols, rate, seconds])?;
    let folder = tempfile::tempdir()?;
    let ids = series(folder.path(), symbols).await?;
    let app = start(folder.path(), Some(&double.addresses)).await?;
    let mut updates = app.live_updates();
    app.start_live(ids).await?;
    let mut delays = Vec::new();
    let (mut cpu, mut last, mut silence) = (None, ProcessTime::now(), BEGINS_WITHIN);
    let begun = Instant::now();
    loop {
        match tokio::time::timeout(silence, updates.recv()).await {
            Ok(Ok(updates)) => {
                cpu.get_or_insert_with(ProcessTime::now);
                silence = SILENCE;
                for update in updates.iter().filter(|update| update.live.closed) {
                    delays.push((now()?.millis() - update.live.sent.millis()) as f64);
                    last = ProcessTime::now();
                }
            }
            Ok(Err(RecvError::Lagged(_))) => {}
            Ok(Err(RecvError::Closed)) | Err(_) => break,
        }
        ensure!(
            begun.elapsed() < BEGINS_WITHIN * 4,
            "the exchange goes on for too long"
        );
    }
    app.shutdown().await;
    delays.sort_by(f64::total_cmp);
    ensure!(
        delays.len() as u64 >= symbols * (seconds - 2),
        "{} candles closed",
        delays.len()
    );
    let first = cpu.context("no update came")?;
    let cpu = last.duration_since(first);
    Ok(Followed { delays, cpu })
}

async fn series(folder: &Path, symbols: u64) -> Result<Vec<SeriesId>> {
    let store = store(folder).await?;
    let mut ids = Vec::new();
    for symbol in 0..symbols {
        let key = key(&format!("S{symbol:04}USDT"), Interval::Second1)?;
        ids.push(store.ensure_series(&key).await?);
    }
    store.close().await?;
    Ok(ids)
}

fn percentile(ascending: &[f64], share: f64) -> f64 {
    let place = (ascending.len() as f64 * share).ceil() as usize;
    ascending
        .get(place.saturating_sub(1))
        .copied()
        .unwrap_or(f64::NAN)
}

/// CPU seconds of cryptofeed for the same frames, by `PROMPTPAL_BENCH_PYTHON` or else `python3`; the inner error says why
/// it could not be measured.
fn by_cryptofeed() -> Result<Result<f64, String>> {
    let double = Double::start("busy", &[SYMBOLS, RATE, SECONDS])?;
    let python = std::env::var_os("PROMPTPAL_BENCH_PYTHON").unwrap_or_else(|| "python3".into());
    let ran = Command::new(&python)
        .args(["-c", SCRIPT, &double.addresses.stream, &SYMBOLS.to_string()])
        .output();
    let output = match ran {
        Ok(output) => output,
        Err(error) => return Ok(Err(format!("{}: {error}", python.to_string_lossy()))),
    };
    let found: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    if let Some(missing) = found.get("missing").and_then(Value::as_str) {
        return Ok(Err(missing.to_owned()));
    }
    let frames = found.get("frames").and_then(Value::as_u64);
    ensure!(
        frames == Some(RATE * SECONDS),
        "cryptofeed was given {frames:?} frames"
    );
    Ok(Ok(found
        .get("cpu_s")
        .and_then(Value::as_f64)
        .context("no cpu_s")?))
}
