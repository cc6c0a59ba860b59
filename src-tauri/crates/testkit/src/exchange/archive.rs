//! The bulk archives: months and days of the tape as zips, each with its checksum.
//!
//! They are as the real ones are: a table without a header, microseconds from 2025 on and milliseconds before, a day on
//! the day after, a month from the first Monday after it, long candles by the month only, 404 for all that is not there.
//! The same tape gives the same bytes. They stand for a host of their own: pauses and weights of REST are no matter here.

use std::collections::{HashMap, VecDeque};
use std::io::{Cursor, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::Response;
use promptpal_domain::{Candle, Decimal, Interval, Timestamp};
use sha2::{Digest as _, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::Fault;
use super::record::RequestRecord;
use super::rest::HTML;
use super::state::{Shared, State, eight};

/// Below this path are the archives.
const ROOT: &str = "/data/spot/";
const CHECKSUM: &str = ".CHECKSUM";
/// Files whose first day is this one or later are in microseconds: 2025-01-01.
const MICROS_FROM: Timestamp = Timestamp::from_millis(1_735_689_600_000);
const DAY: i64 = 86_400_000;

/// What is in the archives besides what the tape says.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    faults: VecDeque<Fault>,
    /// Whether files are issued with rows that are wrong.
    draft: bool,
    /// Files made so far, by path, with their draft. What is published does not change by itself.
    made: HashMap<(String, bool), Arc<Vec<u8>>>,
    pause_until: Option<Instant>,
}

/// An answer before it is one of HTTP.
struct Answer {
    status: u16,
    body: Vec<u8>,
    retry_after: Option<u64>,
}

impl Answer {
    fn of(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            body: body.into(),
            retry_after: None,
        }
    }

    fn not_found() -> Self {
        Self::of(
            404,
            "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>",
        )
    }

    fn slow_down(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::of(503, "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code></Error>")
        }
    }
}

impl Shelf {
    pub(crate) fn inject(&mut self, fault: Fault) {
        match fault {
            Fault::DraftArchives => self.draft = true,
            Fault::ReissueArchives => self.draft = false,
            next => self.faults.push_back(next),
        }
    }

    /// Forgets what nobody has met, and issues the files as the tape says.
    pub(crate) fn behave(&mut self) {
        self.faults.clear();
        self.draft = false;
    }

    /// The next fault, when this request is one that it can meet.
    fn fault_for(&mut self, is_checksum: bool) -> Option<Fault> {
        let meets = match self.faults.front()? {
            Fault::WrongChecksum => is_checksum,
            Fault::CutZip => !is_checksum,
            _ => true,
        };
        if meets { self.faults.pop_front() } else { None }
    }
}

/// Whether a path is one of the archives.
pub(crate) fn serves(path: &str) -> bool {
    path.starts_with(ROOT)
}

/// Answers a request for a file or a checksum and notes it.
pub(crate) fn respond(shared: &Shared, path: &str) -> Response {
    let answer = {
        let mut state = shared.lock();
        let during_pause = state
            .archives
            .pause_until
            .is_some_and(|until| until > Instant::now());
        let answer = answer(&mut state, path, during_pause);
        let at = state.now();
        state.requests.push(RequestRecord {
            path: path.to_owned(),
            query: String::new(),
            status: answer.status,
            at,
            during_pause,
        });
        answer
    };
    let mut response =
        Response::builder().status(StatusCode::from_u16(answer.status).expect("a status of the list above"));
    if let Some(seconds) = answer.retry_after {
        response = response.header(header::RETRY_AFTER, seconds);
    }
    response.body(Body::from(answer.body)).expect("headers are plain")
}

fn answer(state: &mut State, path: &str, during_pause: bool) -> Answer {
    if during_pause {
        return Answer::slow_down(1);
    }
    let (file, is_checksum) = match path.strip_suffix(CHECKSUM) {
        Some(file) => (file, true),
        None => (path, false),
    };
    let fault = state.archives.fault_for(is_checksum);
    match fault {
        Some(Fault::MissingFile) => return Answer::not_found(),
        Some(Fault::ArchiveHtml) => return Answer::of(200, HTML),
        Some(Fault::SlowDown(seconds)) => {
            state.archives.pause_until = Some(Instant::now() + Duration::from_secs(seconds));
            return Answer::slow_down(seconds);
        }
        _ => {}
    }
    let Some(zip) = published(state, file) else {
        return Answer::not_found();
    };
    if is_checksum {
        let mut sum = Sha256::new_with_prefix(zip.as_slice());
        if fault == Some(Fault::WrongChecksum) {
            sum.update(b"something else");
        }
        let name = file.rsplit('/').next().unwrap_or(file);
        return Answer::of(200, format!("{}  {name}\n", hex(&sum.finalize())));
    }
    let length = if fault == Some(Fault::CutZip) {
        zip.len() / 2
    } else {
        zip.len()
    };
    Answer::of(200, zip.get(..length).unwrap_or(&zip))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file at this path, if it is published by now.
pub(crate) fn published(state: &mut State, path: &str) -> Option<Arc<Vec<u8>>> {
    let draft = state.archives.draft;
    let key = (path.to_owned(), draft);
    if let Some(made) = state.archives.made.get(&key) {
        return Some(Arc::clone(made));
    }
    let request = parse(path)?;
    if state.now() < request.published {
        return None;
    }
    let asset = state.options.tape.find(&request.symbol)?;
    let mut candles =
        state
            .options
            .tape
            .candles(asset, request.interval, request.from, request.to, state.now());
    candles.retain(|candle| request.interval.next(candle.open_time) <= state.now());
    if candles.is_empty() {
        return None;
    }
    if draft {
        spoil(&mut candles);
    }
    let zip = Arc::new(zipped(&request, &candles));
    state.archives.made.insert(key, Arc::clone(&zip));
    Some(zip)
}

/// What a path asks for.
#[derive(Debug)]
struct Wanted {
    symbol: String,
    interval: Interval,
    from: Timestamp,
    to: Timestamp,
    published: Timestamp,
    /// The name of the table inside.
    table: String,
}

/// `/data/spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2024-03.zip`
fn parse(path: &str) -> Option<Wanted> {
    let mut parts = path.strip_prefix(ROOT)?.split('/');
    let (period, kind, symbol, name, file) = (
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
    );
    if kind != "klines" || parts.next().is_some() {
        return None;
    }
    let interval: Interval = match name {
        "1mo" => Interval::Month1,
        "1M" => return None,
        other => other.parse().ok()?,
    };
    let table = file.strip_suffix(".zip")?;
    let date = table
        .strip_prefix(symbol)?
        .strip_prefix('-')?
        .strip_prefix(name)?
        .strip_prefix('-')?;
    // The double has no ticks below a minute.
    if interval == Interval::Second1 {
        return None;
    }
    let (from, to, published) = match (period, date.len()) {
        ("monthly", 7) => {
            let from: Timestamp = format!("{date}-01").parse().ok()?;
            let to = Interval::Month1.next(from);
            (from, to, first_monday(to))
        }
        ("daily", 10) if interval <= Interval::Day1 => {
            let from: Timestamp = date.parse().ok()?;
            let to = Interval::Day1.next(from);
            (from, to, to)
        }
        _ => return None,
    };
    Some(Wanted {
        symbol: symbol.to_owned(),
        interval,
        from,
        to,
        published,
        table: format!("{table}.csv"),
    })
}

/// Midnight of the first Monday at or after the first of a month.
fn first_monday(first: Timestamp) -> Timestamp {
    Interval::Week1.next(first.plus_millis(-DAY)).max(first)
}

/// Takes some rows away and changes the volume of others.
fn spoil(candles: &mut Vec<Candle>) {
    let mut index = 0;
    candles.retain(|_| {
        index += 1;
        index % 50 != 8
    });
    for candle in candles.iter_mut().step_by(40) {
        let volume = candle.volume;
        candle.volume = Decimal::new(volume.units() + 1, volume.scale());
    }
}

fn zipped(wanted: &Wanted, candles: &[Candle]) -> Vec<u8> {
    let mut table = String::with_capacity(candles.len() * 160);
    for candle in candles {
        let close = wanted.interval.next(candle.open_time).millis();
        let (open, close) = if wanted.from < MICROS_FROM {
            (candle.open_time.millis(), close - 1)
        } else {
            (candle.open_time.millis() * 1000, close * 1000 - 1)
        };
        let amount = |value: Option<Decimal>| eight(value.unwrap_or(Decimal::ZERO));
        let fields = [
            open.to_string(),
            eight(candle.open),
            eight(candle.high),
            eight(candle.low),
            eight(candle.close),
            eight(candle.volume),
            close.to_string(),
            amount(candle.quote_volume),
            candle.trades.unwrap_or(0).to_string(),
            amount(candle.taker_base_volume),
            amount(candle.taker_quote_volume),
            "0".to_owned(),
        ];
        table.push_str(&fields.join(","));
        table.push('\n');
    }
    // The date inside is always the same, so that the bytes are.
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Tests wait for it: packed fast rather than small.
    let options = SimpleFileOptions::default().compression_level(Some(1));
    zip.start_file(wanted.table.as_str(), options)
        .expect("a file in memory");
    zip.write_all(table.as_bytes()).expect("a file in memory");
    zip.finish().expect("a file in memory").into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::ExchangeOptions;

    fn state(now: &str) -> State {
        let from: Timestamp = "2024-12-30".parse().unwrap();
        State::new(ExchangeOptions::sample(7, from, now.parse().unwrap()))
    }

    fn path(period: &str, interval: &str, date: &str) -> String {
        format!("{ROOT}{period}/klines/BTCUSDT/{interval}/BTCUSDT-{interval}-{date}.zip")
    }

    #[test]
    fn files_are_there_when_they_are_published() {
        // 2025-02-03 is the first Monday of that month.
        let check = |state: &mut State, period: &str, interval: &str, date: &str, expected: bool| {
            let there = published(state, &path(period, interval, date)).is_some();
            assert_eq!(there, expected, "{} {period} {interval} {date}", state.now());
        };
        check(
            &mut state("2025-01-02T00:00:00Z"),
            "daily",
            "1m",
            "2025-01-01",
            true,
        );
        check(
            &mut state("2025-01-01T23:59:00Z"),
            "daily",
            "1m",
            "2025-01-01",
            false,
        );
        let mut sunday = state("2025-02-02T23:00:00Z");
        check(&mut sunday, "monthly", "1h", "2025-01", false);
        sunday.advance(3_600_000);
        let mut monday = sunday;
        for (period, interval, date, expected) in [
            ("monthly", "1h", "2025-01", true),
            ("monthly", "1w", "2025-01", true),
            ("monthly", "1mo", "2025-01", true),
            ("monthly", "1M", "2025-01", false),
            ("daily", "1w", "2025-01-06", false),
            ("daily", "1s", "2025-01-06", false),
            ("monthly", "1h", "2024-11", false),
            ("monthly", "1h", "2025-1", false),
        ] {
            check(&mut monday, period, interval, date, expected);
        }
    }

    #[test]
    fn bytes_are_the_same_each_time_and_drafts_are_others() {
        let file = path("daily", "1m", "2024-12-31");
        let mut one = state("2025-01-03");
        let right = published(&mut one, &file).unwrap();
        assert_eq!(published(&mut state("2025-01-02"), &file).unwrap(), right);
        one.archives.inject(Fault::DraftArchives);
        let draft = published(&mut one, &file).unwrap();
        assert_ne!(draft, right);
        one.archives.inject(Fault::ReissueArchives);
        assert_eq!(published(&mut one, &file).unwrap(), right);
    }
}
