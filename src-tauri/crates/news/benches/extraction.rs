//! How right extraction is on collections of pages, and what it costs, beside an extractor whose answers lie in files; what the
//! process adds that reads pages; how feeds and robots.txt files are understood; and how right asset tags are on headlines that no
//! rule was tuned on.
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

#[path = "../tests/news/collected.rs"]
mod collected;
#[path = "../tests/news/measures.rs"]
mod measures;
#[path = "extraction/reading.rs"]
mod reading;
#[path = "../tests/news/tagged.rs"]
mod tagged;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use cpu_time::ProcessTime;
use measures::Answer;
use promptpal_news::{explain, extract};
use serde_json::{Value, json};

/// The collections, what each measures, and what is to be reached.
pub(crate) const SETS: [(&str, &str, f64); 5] = [
    ("traf", "F1 over sentences", 0.920),
    ("aeb", "F1 over runs of four words", 0.960),
    ("fundus", "ROUGE-LSum F1", 0.945),
    ("fxt", "F1 over runs of four words", 0.955),
    ("date_default", "share of days that are right", 0.905),
];
/// Times that each page is extracted; the quickest counts.
const ROUNDS: usize = 2;

/// What is to be reached where a rule pack knows the site.
const WITH_PACK: f64 = 0.98;

fn main() {
    if reading::is_asked() {
        return reading::serve();
    }
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
    let mut cost = Cost::default();
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
        collection((set, measure, floor), &folder, peer.as_ref(), &mut cost);
    }
    cost.lines();
    reading::lines(&data);
    understood(&data);
}

/// Processor seconds, and pages whose text both extractors took.
#[derive(Default)]
struct Cost {
    ours_s: f64,
    peer_s: f64,
    texts: usize,
    slowest_ms: f64,
}

impl Cost {
    fn lines(&self) {
        if self.texts > 0 {
            let texts = self.texts as f64;
            let (ours, theirs) = (texts / self.ours_s, texts / self.peer_s);
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
        let slowest = self.slowest_ms;
        line(
            "the slowest page",
            "CPU ms",
            slowest,
            None,
            slowest,
            ("<=", 2000.0),
        );
    }
}

/// The answers of an extractor by page, with the seconds that each took.
type Answers = HashMap<String, (Answer, f64)>;

fn collection(
    (set, measure, floor): (&str, &str, f64),
    folder: &Path,
    peer: Option<&Answers>,
    cost: &mut Cost,
) {
    let (mut ours, mut theirs, mut packed) = (Vec::new(), Vec::new(), Vec::new());
    for page in measures::pages(folder, 1) {
        let (answer, seconds) = extracted(&page);
        cost.slowest_ms = cost.slowest_ms.max(seconds * 1e3);
        if let Some((answer, peer_seconds)) = peer.and_then(|peer| peer.get(&page.id)) {
            theirs.push((page.truth.clone(), answer.clone()));
            if set != "date_default" {
                cost.ours_s += seconds;
                cost.peer_s += peer_seconds;
                cost.texts += 1;
            }
        }
        if set != "date_default" && explain(&page.html, page.url.as_deref()).pack.is_some() {
            packed.push((page.truth.clone(), answer.clone()));
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
    if !packed.is_empty() {
        let value = measures::figure(set, &packed).value;
        line(
            &format!(
                "{set}: the same on {} pages of sites with a rule pack",
                packed.len()
            ),
            "",
            value,
            None,
            value,
            (">=", WITH_PACK),
        );
    }
}

/// Feeds and robots.txt files from the wild.
fn understood(data: &Path) {
    let (all, unread) = collected::feeds(&data.join("feeds"));
    let parsed = 1.0 - unread.len() as f64 / all as f64;
    line(
        &format!("feeds that are parsed, of {all}"),
        "",
        parsed,
        None,
        parsed,
        (">=", 0.995),
    );
    let (same, all) = collected::robots_as_protego(&data.join("robots/robots.jsonl.gz"), 1);
    let agreed = f64::from(same) / f64::from(all);
    line(
        &format!("robots.txt: answers that are protego's, of {all}"),
        "",
        agreed,
        None,
        agreed,
        (">=", 0.999),
    );
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

fn read(file: &Path) -> Option<Answers> {
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

pub(crate) fn line(
    case: &str,
    unit: &str,
    ours: f64,
    peer: Option<f64>,
    ratio: f64,
    (sign, bound): (&str, f64),
) {
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
