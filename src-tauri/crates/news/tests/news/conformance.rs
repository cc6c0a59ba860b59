//! Against files collected from the wild, which are not part of the project: see `shared`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use promptpal_news::{extract, parse_feed, robots};
use serde_json::Value;

use crate::measures::{self, Answer};

/// The folder `data/news` of the shared files: beside the checkout, or where PROMPTPAL_SHARED says.
pub(crate) fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let folder = std::env::var_os("PROMPTPAL_SHARED")
        .map_or_else(beside, PathBuf::from)
        .join("data/news");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("conformance: not run: no shared data");
    None
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "xml") {
            found.push(path);
        }
    }
}

#[test]
fn feeds_are_parsed() {
    let Some(shared) = shared() else { return };
    let mut paths = Vec::new();
    files(&shared.join("feeds"), &mut paths);
    let unread: Vec<_> = paths
        .iter()
        .filter(|path| parse_feed(&fs::read(path).unwrap(), None).is_err())
        .collect();
    let rate = 1.0 - unread.len() as f64 / paths.len() as f64;
    println!(
        "feeds: {} of {} parsed, {rate:.4}",
        paths.len() - unread.len(),
        paths.len()
    );
    for path in unread.iter().take(20) {
        println!("  {}", path.display());
    }
    assert!(rate >= 0.995, "{rate}");
}

#[test]
fn robots_agree_with_protego() {
    let Some(shared) = shared() else { return };
    let file = MultiGzDecoder::new(fs::File::open(shared.join("robots/robots.jsonl.gz")).unwrap());
    let (mut same, mut all) = (0_u32, 0_u32);
    // Every fourth file: the rules become regular expressions, which takes long without optimisation.
    for line in BufReader::new(file).lines().step_by(4) {
        let row: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let body: Vec<u8> = row["body_latin1"]
            .as_str()
            .unwrap()
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect();
        let agent = row["agent"].as_str().unwrap();
        for (url, expected) in row["urls"]
            .as_array()
            .unwrap()
            .iter()
            .zip(row["protego_allows"].as_array().unwrap())
        {
            let ours = robots::allowed(&body, agent, url.as_str().unwrap());
            same += u32::from(ours == expected.as_bool().unwrap());
            all += 1;
        }
    }
    let rate = f64::from(same) / f64::from(all);
    println!("robots: {same} of {all} answers as protego's, {rate:.5}");
    assert!(rate >= 0.999, "{rate}");
}

/// The figures of every `step`th page of each collection, with floors a little below what all pages of it reach.
#[test]
fn articles_and_dates_are_extracted() {
    let Some(shared) = shared() else { return };
    for (set, step, floor) in [
        ("aeb", 3, 0.96),
        ("fundus", 4, 0.95),
        ("fxt", 5, 0.955),
        ("traf", 8, 0.93),
        ("date_default", 6, 0.88),
    ] {
        let judged: Vec<(Value, Answer)> = measures::pages(&shared.join(set), step)
            .map(|page| {
                let taken = extract(&page.html, page.url.as_deref());
                if taken.text.is_empty() {
                    println!("{set}: nothing was found in {}", page.id);
                }
                let date = taken.date.map(|date| date.to_string()).unwrap_or_default();
                (
                    page.truth,
                    Answer {
                        text: taken.text,
                        date,
                    },
                )
            })
            .collect();
        let figure = measures::figure(set, &judged);
        println!(
            "{set}: {:.4} over {} pages, {} with nothing right",
            figure.value,
            judged.len(),
            figure.nothing_right
        );
        assert!(figure.value >= floor, "{set}: {}", figure.value);
        assert_eq!(figure.nothing_right, 0, "{set}: pages with nothing right");
    }
}
