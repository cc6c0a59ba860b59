//! Against files collected from the wild, which are not part of the project: see `shared`.

use std::path::{Path, PathBuf};

use promptpal_news::extract;
use serde_json::Value;

use crate::collected;
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

#[test]
fn feeds_are_parsed() {
    let Some(shared) = shared() else { return };
    let (all, unread) = collected::feeds(&shared.join("feeds"));
    let rate = 1.0 - unread.len() as f64 / all as f64;
    println!("feeds: {} of {all} parsed, {rate:.4}", all - unread.len());
    for path in unread.iter().take(20) {
        println!("  {}", path.display());
    }
    assert!(rate >= 0.995, "{rate}");
}

#[test]
fn robots_agree_with_protego() {
    let Some(shared) = shared() else { return };
    // Every fourth file: the rules become regular expressions, which takes long without optimisation.
    let (same, all) = collected::robots_as_protego(&shared.join("robots/robots.jsonl.gz"), 4);
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
