//! What it costs that pages are read by a process that may die: this program again, with an argument that only it knows.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use promptpal_domain::{ManualClock, Timestamp};
use promptpal_news::{ExtractorCommand, News, NewsConfig, NewsError, PageLimits};
use serde_json::json;

use crate::{SETS, line, measures};

const ARGUMENT: &str = "read-pages";
/// Pages after which the process is looked at and replaced, before the crawler would do so.
const PAGES: usize = 400;

pub(crate) fn is_asked() -> bool {
    std::env::args().nth(1).as_deref() == Some(ARGUMENT)
}

pub(crate) fn serve() {
    promptpal_news::serve(PageLimits::default()).expect("the pages can be read");
}

/// Everything once through the process: pages that were its end, its most memory, and its time.
pub(crate) fn lines(data: &Path) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut config = NewsConfig::new("Promptpal/0.1 (+https://promptpal.example)");
    config.extractor = ExtractorCommand::of_this_program(ARGUMENT);
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_737_374_400_000)));
    let (mut read, mut died) = (0_usize, Vec::new());
    let mut spent = Spent::default();
    runtime.block_on(async {
        let news = News::new(config, clock).expect("a crawler");
        for (set, ..) in SETS {
            for page in measures::pages(&data.join(set), 1) {
                let url = page.url.as_deref().unwrap_or("https://example.com/");
                match news.extract_page(url, None, page.html).await {
                    Ok(_) => read += 1,
                    Err(NewsError::Extraction { reason, .. }) => {
                        died.push(format!("{set} {}: {reason}", page.id))
                    }
                    Err(error) => panic!("{error}"),
                }
                if (read + died.len()).is_multiple_of(PAGES) {
                    spent.look();
                    news.rest();
                }
            }
        }
        spent.look();
    });
    for page in &died {
        println!("the end of a process: {page}");
    }
    let count = died.len() as f64;
    line(
        &format!(
            "pages that end the process reading them (300 MiB, 2 s), of {}",
            read + died.len()
        ),
        "pages",
        count,
        None,
        count,
        ("<=", 0.0),
    );
    if spent.looks == 0 {
        println!(
            "{}",
            json!({ "case": "the process that reads pages", "not_run": "this system does not tell what it cost" })
        );
        return;
    }
    line(
        "the most memory of the process that reads pages",
        "MB",
        spent.peak_mb,
        None,
        spent.peak_mb,
        ("<=", 300.0),
    );
    println!(
        "{}",
        json!({ "case": "a page, read by the process", "ours": spent.seconds * 1e3 / read as f64, "unit": "CPU ms", "met": null })
    );
}

/// What the processes took that read pages.
#[derive(Default)]
struct Spent {
    looks: usize,
    peak_mb: f64,
    seconds: f64,
}

impl Spent {
    /// Looks at the children of this program, as far as the system tells.
    fn look(&mut self) {
        let own = std::process::id().to_string();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else {
                continue;
            };
            // Behind the name, which may hold anything: the state, the parent, and 11 fields further the time in ticks.
            let fields: Vec<&str> = stat
                .rsplit(')')
                .next()
                .unwrap_or_default()
                .split_whitespace()
                .collect();
            if fields.get(1) != Some(&own.as_str()) {
                continue;
            }
            let ticks = |at: usize| {
                fields
                    .get(at)
                    .and_then(|ticks| ticks.parse::<f64>().ok())
                    .unwrap_or_default()
            };
            let status = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let Some(kib) = peak.and_then(|peak| peak.split_whitespace().next()?.parse::<f64>().ok()) else {
                continue;
            };
            self.looks += 1;
            self.peak_mb = self.peak_mb.max(kib * 1024.0 / 1e6);
            // Ticks are hundredths of a second wherever there is such a file.
            self.seconds += (ticks(11) + ticks(12)) / 100.0;
        }
    }
}
