//! Inputs for a seeded run: good ones, and what becomes of them by small changes that know their structure.

use std::io::{Cursor, Write as _};

use rand::Rng;
use rand::seq::IndexedRandom as _;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const KLINE: &str = r#"{"e":"kline","E":1633998512371,"s":"RUNEEUR","k":{"t":1633998480000,"T":1633998539999,"s":"RUNEEUR","i":"1m","f":-1,"L":-1,"o":"7.23300000","c":"7.24100000","h":"7.25000000","l":"7.23100000","v":"12.50000000","n":9,"x":true,"q":"90.43200000","V":"3.10000000","Q":"22.42000000","B":"0"}}"#;

/// Texts that stand for numbers where parsers have their limits.
const NUMBERS: [&str; 32] = [
    "",
    "0",
    "-0",
    "1",
    "-1",
    "0.0",
    ".5",
    "5.",
    "+7.1",
    "1e3",
    "1e-8",
    "1E+19",
    "1e-19",
    "1e999999999",
    "-1e-999999999",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "92233720368547758.07",
    "0.000000000000000001",
    "0.0000000000000000001",
    "1.0000000000000000000000",
    "1.23.4",
    "NaN",
    "inf",
    "0x10",
    "1_000",
    "1,000",
    "١٢٣",
    "99999999999",
    "1735689600000000",
];
/// Pieces of the formats, put where they do not belong.
const PIECES: [&str; 24] = [
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ";",
    "\t",
    "\n",
    "\r\n",
    "#",
    "null",
    "true",
    "\"k\":",
    "\"data\":{",
    "\"e\":\"kline\"",
    "\u{feff}",
    "币安",
    "\0",
    "1633998512.37: ",
];

/// Good frames of every kind.
pub(super) fn frames() -> Vec<Vec<u8>> {
    [
        KLINE.to_owned(),
        KLINE.replace("\"x\":true", "\"x\":false"),
        KLINE.replace("1633998480000", "1633998480000000").replace("1633998539999", "1633998539999999"),
        format!(r#"{{"stream":"runeeur@kline_1m","data":{KLINE}}}"#),
        r#"{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}"#.to_owned(),
        r#"{"result":null,"id":3}"#.to_owned(),
        r#"{"code":2,"msg":"Invalid request: x"}"#.to_owned(),
        r#"{"error":{"code":3,"msg":"Invalid JSON"},"id":7}"#.to_owned(),
        r#"{"e":"24hrTicker","E":1672515782136,"s":"BNBBTC","p":"0.0015","P":"250.00","c":"0.0025","o":"0.0010","h":"0.0025","l":"0.0010","v":"10000","q":"18"}"#.to_owned(),
        r#"{"e":"aggTrade","E":1,"s":"X","a":1,"p":"1","q":"2","T":3,"m":true}"#.to_owned(),
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect()
}

/// Good pages of REST.
pub(super) fn pages() -> Vec<Vec<u8>> {
    let row = |open: i64, unit: i64| {
        format!(
            r#"[{},"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",{},"2434.19055334",308,"1756.87402397","28.46694368","0"]"#,
            open * unit,
            (open + 60_000) * unit - 1
        )
    };
    let minute = |n: i64| 1_633_998_480_000 + n * 60_000;
    [
        "[]".to_owned(),
        format!("[{}]", row(minute(0), 1)),
        format!(
            "[{},{},{}]",
            row(minute(0), 1),
            row(minute(1), 1),
            row(minute(2), 1)
        ),
        format!("[{},{}]", row(minute(0), 1000), row(minute(1), 1000)),
        r#"{"code":-1121,"msg":"Invalid symbol."}"#.to_owned(),
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect()
}

/// Good tables, and a capture.
pub(super) fn tables() -> Vec<Vec<u8>> {
    let archive = archive_table(4, 1);
    let header = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore";
    [
        archive.clone(),
        archive_table(3, 1000),
        format!("{header}\n{archive}"),
        "Date;Open;High;Low;Close;Volume\n2024-01-31 12:00;1.5;2;1;1.75;10\n2024-01-31 12:01;1.75;2;1;1.5;11\n".to_owned(),
        "20180501 00:00,9246.01,9248.99,8934.44,8955.01,5263.799551\n20180501 01:00,8955.13,9020.99,8870,8994.99,4347.876744\n".to_owned(),
        "# a comment\ntime\topen\thigh\tlow\tclose\tvolume\n1706702400\t1\t2\t0.5\t1.5\t3\n".to_owned(),
        format!("wss://stream.example/ws\n1633998512.37: {KLINE}\n1633998513.5: {{\"result\":null,\"id\":1}}\n"),
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect()
}

/// Good checksums.
pub(super) fn sums() -> Vec<Vec<u8>> {
    let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    [
        format!("{sum}  BTCUSDT-1m-2024-03-01.zip\n"),
        format!("{sum} *BTCUSDT-1m-2024-03-01.zip"),
        format!(
            "{sum}  other.zip\n{}  BTCUSDT-1m-2024-03-01.zip\r\n",
            sum.to_uppercase()
        ),
        "<html><body>404</body></html>".to_owned(),
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect()
}

/// A good archive of one file.
pub(super) fn zipped(table: &[u8], deflated: bool) -> Vec<u8> {
    let method = if deflated {
        zip::CompressionMethod::Deflated
    } else {
        zip::CompressionMethod::Stored
    };
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    writer.start_file("BTCUSDT-1m-2024-03-01.csv", options).unwrap();
    writer.write_all(table).unwrap();
    writer.finish().unwrap().into_inner()
}

/// Rows of an archive from 2024-03-01 on; `unit` is 1 for milliseconds and 1000 for microseconds.
pub(super) fn archive_table(rows: i64, unit: i64) -> String {
    (0..rows)
        .map(|n| {
            let open = 1_709_251_200_000 + n * 60_000;
            format!(
                "{},0.00002853,0.00002854,0.00002851,0.00002854,36304.20000000,{},1.03547608,79,19523.00000000,0.55694227,0\n",
                open * unit,
                (open + 60_000) * unit - 1
            )
        })
        .collect()
}

/// Changes a text a few times: its numbers, its fields and its bytes.
pub(super) fn text(rng: &mut impl Rng, input: &mut Vec<u8>, others: &[Vec<u8>]) {
    for _ in 0..rng.random_range(1..5) {
        match rng.random_range(0..9) {
            0 | 1 => number(rng, input),
            2 => digit(rng, input),
            3 => field(rng, input),
            4 => splice(rng, input, others),
            5 => {
                let piece = PIECES.choose(rng).unwrap();
                let at = rng.random_range(0..=input.len());
                input.splice(at..at, piece.bytes());
            }
            _ => bytes(rng, input),
        }
    }
}

/// Changes bytes without regard for what they mean: one is set, some are removed, repeated or cut off.
pub(super) fn bytes(rng: &mut impl Rng, input: &mut Vec<u8>) {
    if input.is_empty() {
        input.push(rng.random());
        return;
    }
    let (from, to) = range(rng, input.len());
    match rng.random_range(0..6) {
        0 | 1 => input[from] = rng.random(),
        2 => input[from] ^= 1 << rng.random_range(0..8),
        3 => drop(input.drain(from..to)),
        4 => {
            let repeated = input[from..to].to_vec();
            input.splice(from..from, repeated);
        }
        _ => input.truncate(from),
    }
}

/// Sets two or four bytes to a count that a directory may lie with.
pub(super) fn counts(rng: &mut impl Rng, input: &mut [u8]) {
    let lies = [
        0_u32,
        1,
        0xff,
        0xffff,
        0x7fff_ffff,
        0xffff_ffff,
        1 << 20,
        (1 << 20) + 1,
    ];
    let lie = lies.choose(rng).unwrap().to_le_bytes();
    let width = if rng.random() { 2 } else { 4 };
    if input.len() > width {
        let at = rng.random_range(0..input.len() - width);
        input[at..at + width].copy_from_slice(&lie[..width]);
    }
}

fn number(rng: &mut impl Rng, input: &mut Vec<u8>) {
    let part = |byte: &u8| byte.is_ascii_digit() || *byte == b'.' || *byte == b'-';
    let Some(run) = run_at(rng, input, part) else {
        return;
    };
    input.splice(run, NUMBERS.choose(rng).unwrap().bytes());
}

fn digit(rng: &mut impl Rng, input: &mut [u8]) {
    let Some(run) = run_at(rng, input, |byte| byte.is_ascii_digit()) else {
        return;
    };
    let at = rng.random_range(run);
    input[at] = b'0' + rng.random_range(0..10);
}

/// Removes, doubles or exchanges what stands between two commas.
fn field(rng: &mut impl Rng, input: &mut Vec<u8>) {
    let mut fields: Vec<Vec<u8>> = input.split(|byte| *byte == b',').map(<[u8]>::to_vec).collect();
    let (at, other) = (
        rng.random_range(0..fields.len()),
        rng.random_range(0..fields.len()),
    );
    match rng.random_range(0..3) {
        0 => drop(fields.remove(at)),
        1 => fields.insert(other, fields[at].clone()),
        _ => fields.swap(at, other),
    }
    *input = fields.join(&b',');
}

/// The beginning of this and the end of another.
fn splice(rng: &mut impl Rng, input: &mut Vec<u8>, others: &[Vec<u8>]) {
    let Some(other) = others.choose(rng) else { return };
    input.truncate(rng.random_range(0..=input.len()));
    input.extend_from_slice(&other[rng.random_range(0..=other.len())..]);
}

fn range(rng: &mut impl Rng, length: usize) -> (usize, usize) {
    let from = rng.random_range(0..length);
    (from, rng.random_range(from..length.min(from + 40)) + 1)
}

/// A run of such bytes, at a place of chance.
fn run_at(rng: &mut impl Rng, input: &[u8], part: impl Fn(&u8) -> bool) -> Option<std::ops::Range<usize>> {
    if input.is_empty() {
        return None;
    }
    let start = rng.random_range(0..input.len());
    let from = start + input[start..].iter().position(&part)?;
    let length = input[from..].iter().take_while(|byte| part(byte)).count();
    Some(from..from + length)
}
