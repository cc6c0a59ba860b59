//! Against files collected from the wild, which are not part of the project: see `shared`.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use promptpal_news::{extract, parse_feed, robots};
use serde_json::Value;

/// The folder `data/news` of the shared files: beside the checkout, or where PROMPTPAL_SHARED says.
fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let folder = std::env::var_os("PROMPTPAL_SHARED")
        .map_or_else(beside, PathBuf::from)
        .join("data/news");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("conformance: no shared data, not run");
    None
}

fn unpacked(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(fs::File::open(path).unwrap())
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
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
    assert!(rate >= 0.998, "{rate}");
}

/// Mean F1 of 4-grams of words over every `step`th page of the article-extraction-benchmark.
#[test]
fn articles_are_extracted() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("aeb");
    let truth: HashMap<String, Value> =
        serde_json::from_slice(&fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let manifest = fs::read_to_string(folder.join("manifest.jsonl")).unwrap();
    let mut scores = Vec::new();
    for line in manifest.lines().step_by(4) {
        let row: Value = serde_json::from_str(line).unwrap();
        let html = unpacked(&folder.join(row["path"].as_str().unwrap()));
        let taken = extract(&html, row["url"].as_str());
        let expected = truth[row["id"].as_str().unwrap()]["articleBody"]
            .as_str()
            .unwrap();
        scores.push(f1(&shingles(expected), &shingles(&taken.text)));
    }
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    println!("extraction: mean F1 {mean:.4} over {} pages", scores.len());
    assert!(mean >= 0.95, "{mean}");
    assert!(
        scores.iter().all(|score| *score > 0.0),
        "a page with nothing right"
    );
}

fn shingles(text: &str) -> HashMap<Vec<&str>, i32> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty())
        .collect();
    let mut counts = HashMap::new();
    for gram in words.windows(4) {
        *counts.entry(gram.to_vec()).or_insert(0) += 1;
    }
    counts
}

fn f1(a: &HashMap<Vec<&str>, i32>, b: &HashMap<Vec<&str>, i32>) -> f64 {
    let shared: i32 = a
        .iter()
        .map(|(gram, n)| (*n).min(b.get(gram).copied().unwrap_or(0)))
        .sum();
    2.0 * f64::from(shared) / f64::from((a.values().sum::<i32>() + b.values().sum::<i32>()).max(1))
}
