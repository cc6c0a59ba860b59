//! Stories against reports whose stories are known (`tests/stories`).

use std::fs;
use std::path::Path;

use promptpal_domain::{ArticleId, Timestamp};
use promptpal_news::{StoryIndex, Told};
use serde_json::Value;

/// Pairs of reports: that belong together, that were put together, and both.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pairs {
    belong: u32,
    put: u32,
    both: u32,
}

impl Pairs {
    pub(crate) fn precision(self) -> f64 {
        f64::from(self.both) / f64::from(self.put)
    }

    pub(crate) fn recall(self) -> f64 {
        f64::from(self.both) / f64::from(self.belong)
    }
}

/// A report, with the number of its story.
struct Report {
    story: usize,
    /// Hour of the week in which the first report of its story comes.
    hour: i64,
    is_first: bool,
    title: String,
    summary: String,
}

fn reports() -> Vec<Report> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/reports.txt");
    let text = fs::read_to_string(file).unwrap();
    let (mut story, mut hour, mut is_first) = (0, 0, true);
    let mut reports = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        if let Some(at) = line.strip_prefix("@ ") {
            (story, hour, is_first) = (story + 1, at.parse().unwrap(), true);
            continue;
        }
        let (title, summary) = line.split_once(" | ").unwrap();
        reports.push(Report {
            story,
            hour,
            is_first: std::mem::take(&mut is_first),
            title: title.to_owned(),
            summary: summary.to_owned(),
        });
    }
    reports
}

/// Headlines of other events, so that it is known which words are rare.
fn known_before(index: &mut StoryIndex, at: Timestamp) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assets/headlines.jsonl");
    for (number, line) in fs::read_to_string(file).unwrap().lines().enumerate() {
        let headline: Value = serde_json::from_str(line).unwrap();
        let id = ArticleId(1_000 + number as i64);
        let article = Told {
            id,
            at,
            title: headline["title"].as_str().unwrap().to_owned(),
            text: String::new(),
        };
        index.know(&article, id, id);
    }
}

/// Counts pairs over some orders in which the reports may arrive.
pub(crate) fn pairs() -> Pairs {
    const ORDERS: u64 = 20;
    const HOUR: i64 = 3_600_000;
    let monday = Timestamp::from_millis(1_736_985_600_000);
    let reports = reports();
    let mut pairs = Pairs::default();
    for order in 0..ORDERS {
        let mut state = order.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut arriving: Vec<(Timestamp, usize)> = Vec::new();
        for (number, report) in reports.iter().enumerate() {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let later = if report.is_first {
                0
            } else {
                (state >> 33) as i64 % (24 * HOUR)
            };
            arriving.push((monday.plus_millis(report.hour * HOUR + later), number));
        }
        arriving.sort_unstable();
        let mut index = StoryIndex::default();
        known_before(&mut index, monday.plus_millis(-60 * HOUR));
        let mut put = vec![ArticleId(0); reports.len()];
        for (at, number) in arriving {
            let Report { title, summary, .. } = &reports[number];
            let report = Told {
                id: ArticleId(number as i64 + 1),
                at,
                title: title.clone(),
                text: summary.clone(),
            };
            put[number] = index.place(&report).story;
        }
        for one in 0..reports.len() {
            for other in 0..one {
                let (belong, together) = (reports[one].story == reports[other].story, put[one] == put[other]);
                pairs.belong += u32::from(belong);
                pairs.put += u32::from(together);
                pairs.both += u32::from(belong && together);
            }
        }
    }
    pairs
}

#[test]
fn reports_of_a_story_are_put_together() {
    let pairs = pairs();
    println!(
        "stories: precision {:.3}, recall {:.3} of pairs in 20 orders of {} reports",
        pairs.precision(),
        pairs.recall(),
        reports().len()
    );
    assert!(pairs.precision() >= 0.85 && pairs.recall() >= 0.9, "{pairs:?}");
}
