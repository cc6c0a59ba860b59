//! How right extraction is on collections of pages, and what it costs, beside an extractor whose answers lie in files; and
//! how right asset tags are on headlines that no rule was tuned on.
//!
//! `cargo bench -p promptpal-news --bench extraction -- DATA [ANSWERS]`: DATA holds the collections, ANSWERS a file
//! `SET.jsonl` for each with the lines of the other extractor (`id`, `text`, `date`, `ms`). A line of the table is printed as JSON.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "../tests/news/measures.rs"]
mod measures;
#[path = "../tests/news/tagged.rs"]
mod tagged;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use cpu_time::ProcessTime;
use measures::Answer;
use promptpal_news::extract;
use serde_json::{Value, json};

/// The collections, what each measures, and what is to be reached.
const SETS: [(&str, &str, f64); 5] = [
    ("traf", "F1 over sentences", 0.920),
    ("aeb", "F1 over runs of four words", 0.960),
    ("fundus", "ROUGE-LSum F1", 0.945),
    ("fxt", "F1 over runs of four words", 0.955),
    ("date_default", "share of days that are right", 0.905),
];
/// Times that each page is extracted; the quickest counts.
const ROUNDS: usize = 2;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    assets();
    let Some(data) = arguments.next().map(PathBuf::from) else {
        println!(
            "{}",
            json!({ "case": "extraction", "not_run": "the reference pages are not at hand (data/news in PROMPTPAL_SHARED)" })
        );
        return;
    };
    let answers = arguments.next().map(PathBuf::from);
    let (mut ours_s, mut peer_s, mut texts, mut slowest_ms) = (0.0, 0.0, 0_usize, 0.0_f64);
    for (set, measure, floor) in SETS {
        let folder = data.join(set);
        if !folder.is_dir() {
            println!(
                "{}",
                json!({ "case": set, "not_run": format!("{} is missing", folder.display()) })
            );
            continue;
        }
        let peer = answers
            .as_ref()
            .and_then(|folder| read(&folder.join(format!("{set}.jsonl"))));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for page in measures::pages(&folder, 1) {
            let (answer, seconds) = extracted(&page);
            slowest_ms = slowest_ms.max(seconds * 1e3);
            if let Some((answer, peer_seconds)) = peer.as_ref().and_then(|peer| peer.get(&page.id)) {
                theirs.push((page.truth.clone(), answer.clone()));
                if set != "date_default" {
                    (ours_s, peer_s, texts) = (ours_s + seconds, peer_s + peer_seconds, texts + 1);
                }
            }
            ours.push((page.truth, answer));
        }
        let figure = measures::figure(set, &ours);
        let peer = (!theirs.is_empty()).then(|| measures::figure(set, &theirs).value);
        line(
            &format!("{set}: {measure}, {} pages", ours.len()),
            "",
            figure.value,
            peer,
            figure.value,
            (">=", floor),
        );
        let nothing = figure.nothing_right as f64;
        line(
            &format!("{set}: pages with nothing right"),
            "pages",
            nothing,
            None,
            nothing,
            ("<=", 0.0),
        );
    }
    if texts > 0 {
        let (ours, theirs) = (texts as f64 / ours_s, texts as f64 / peer_s);
        line(
            "speed on one core",
            "pages/s of CPU",
            ours,
            Some(theirs),
            ours / theirs,
            (">=", 2.0),
        );
    } else {
        println!(
            "{}",
            json!({ "case": "speed beside trafilatura", "not_run": "there are no answers of it" })
        );
    }
    line(
        "the slowest page",
        "CPU ms",
        slowest_ms,
        None,
        slowest_ms,
        ("<=", 2000.0),
    );
    match peak_mb() {
        Some(peak) => line(
            "the most memory of all pages",
            "MB",
            peak,
            None,
            peak,
            ("<=", 300.0),
        ),
        None => println!(
            "{}",
            json!({ "case": "the most memory", "not_run": "this system does not tell it" })
        ),
    }
}

fn assets() {
    let figures = tagged::figures(tagged::HELD_OUT);
    let texts = figures.headlines;
    for (name, value, floor) in [
        ("precision", figures.precision(), 0.97),
        ("recall", figures.recall(), 0.90),
    ] {
        line(
            &format!("asset tags: {name}, {texts} headlines"),
            "",
            value,
            None,
            value,
            (">=", floor),
        );
    }
}

fn extracted(page: &measures::Page) -> (Answer, f64) {
    let mut best = f64::MAX;
    let mut answer = Answer::default();
    for _ in 0..ROUNDS {
        let began = ProcessTime::now();
        let taken = extract(&page.html, page.url.as_deref());
        best = best.min(began.elapsed().as_secs_f64());
        answer = Answer {
            text: taken.text,
            date: taken.date.map(|date| date.to_string()).unwrap_or_default(),
        };
    }
    (answer, best)
}

fn read(file: &Path) -> Option<HashMap<String, (Answer, f64)>> {
    let lines = fs::read_to_string(file).ok()?;
    let rows = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    Some(
        rows.map(|row| {
            let answer = Answer {
                text: text(&row, "text"),
                date: text(&row, "date"),
            };
            (
                text(&row, "id"),
                (answer, row["ms"].as_f64().unwrap_or_default() / 1e3),
            )
        })
        .collect(),
    )
}

fn line(case: &str, unit: &str, ours: f64, peer: Option<f64>, ratio: f64, (sign, bound): (&str, f64)) {
    let (reach, met) = if sign == ">=" {
        (format!("at least {bound}"), ratio >= bound)
    } else {
        (format!("at most {bound}"), ratio <= bound)
    };
    println!(
        "{}",
        json!({ "case": case, "ours": ours, "peer": peer, "unit": unit, "ratio": ratio, "reach": reach, "met": met })
    );
}

/// The most memory that this process held.
fn peak_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.split_whitespace().next()?.parse::<f64>().ok()? * 1024.0 / 1e6)
}
