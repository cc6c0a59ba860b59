//! How right texts and dates are, each collection of pages by the measure that it is published with.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// A page of a collection, and what is true of it.
pub(crate) struct Page {
    pub(crate) id: String,
    pub(crate) url: Option<String>,
    pub(crate) html: Vec<u8>,
    pub(crate) truth: Value,
}

/// What an extractor said of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) text: String,
    /// As text that begins with the day.
    pub(crate) date: String,
}

/// The figure of a collection, and how many pages have nothing right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    pub(crate) value: f64,
    pub(crate) nothing_right: usize,
}

fn unpacked(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(fs::File::open(path).unwrap())
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

/// Every `step`th page of a collection.
pub(crate) fn pages(folder: &Path, step: usize) -> impl Iterator<Item = Page> {
    let truth: HashMap<String, Value> =
        serde_json::from_slice(&fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let manifest = fs::read_to_string(folder.join("manifest.jsonl")).unwrap();
    let rows: Vec<Value> = manifest
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let folder = folder.to_owned();
    rows.into_iter().step_by(step).map(move |row| {
        let id = row["id"].as_str().unwrap().to_owned();
        Page {
            url: row["url"].as_str().map(str::to_owned),
            html: unpacked(&folder.join(row["path"].as_str().unwrap())),
            truth: truth[&id].clone(),
            id,
        }
    })
}

/// The figure of a collection by its name.
pub(crate) fn figure(set: &str, pages: &[(Value, Answer)]) -> Figure {
    match set {
        "aeb" => of_counts(
            pages
                .iter()
                .map(|(truth, said)| counts(truth["articleBody"].as_str().unwrap_or_default(), &said.text)),
        ),
        "fxt" => of_counts(pages.iter().map(|(truth, said)| best_version(truth, &said.text))),
        "fundus" => {
            let each: Vec<f64> = pages
                .iter()
                .map(|(truth, said)| best_rouge(truth, &said.text))
                .collect();
            Figure {
                value: mean(&each),
                nothing_right: each.iter().filter(|f1| **f1 == 0.0).count(),
            }
        }
        "traf" => segments(pages),
        _ => {
            let right = pages
                .iter()
                .filter(|(truth, said)| said.date.get(..10) == truth["date"].as_str())
                .count();
            Figure {
                value: right as f64 / pages.len() as f64,
                nothing_right: 0,
            }
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect()
}

fn shingles(text: &str) -> HashMap<Vec<&str>, f64> {
    let words = words(text);
    let mut counts = HashMap::new();
    let whole = [words.as_slice()];
    let grams = words.windows(4).chain(
        whole
            .into_iter()
            .filter(|words| !words.is_empty() && words.len() < 4),
    );
    for gram in grams {
        *counts.entry(gram.to_vec()).or_insert(0.0) += 1.0;
    }
    counts
}

/// Runs of four words that are right, said too much, and missing, as shares of all.
fn counts(truth: &str, said: &str) -> [f64; 3] {
    let (truth, said) = (shingles(truth), shingles(said));
    let mut sums = [0.0; 3];
    for gram in truth
        .keys()
        .chain(said.keys().filter(|gram| !truth.contains_key(*gram)))
    {
        let count = |of: &HashMap<Vec<&str>, f64>| of.get(gram).copied().unwrap_or(0.0);
        let (a, b) = (count(&truth), count(&said));
        sums[0] += a.min(b);
        sums[1] += (b - a).max(0.0);
        sums[2] += (a - b).max(0.0);
    }
    let all: f64 = sums.iter().sum();
    if all > 0.0 {
        sums.map(|sum| sum / all)
    } else {
        sums
    }
}

/// F1 of the mean precision and the mean recall.
fn of_counts(pages: impl Iterator<Item = [f64; 3]>) -> Figure {
    let (mut precision, mut recall, mut nothing_right) = (Vec::new(), Vec::new(), 0);
    for [right, more, less] in pages {
        if right + more > 0.0 {
            precision.push(right / (right + more));
        }
        if right + less > 0.0 {
            recall.push(right / (right + less));
        }
        nothing_right += usize::from(right == 0.0);
    }
    let (p, r) = (mean(&precision), mean(&recall));
    Figure {
        value: 2.0 * p * r / (p + r),
        nothing_right,
    }
}

fn lines(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// The best of the versions, with and without headlines and summary.
fn best_version(truth: &Value, said: &str) -> [f64; 3] {
    let mut best = [0.0; 3];
    let mut best_f1 = -1.0;
    for version in truth["versions"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, version)| version)
    {
        let body = &version["body"];
        for (headlines, summary) in [(false, false), (false, true), (true, false), (true, true)] {
            let mut text = if summary {
                lines(&body["summary"])
            } else {
                Vec::new()
            };
            for section in body["sections"].as_array().into_iter().flatten() {
                if headlines {
                    text.extend(lines(&section["headline"]));
                }
                text.extend(lines(&section["paragraphs"]));
            }
            let found = counts(&text.join("\n"), said);
            let f1 = 2.0 * found[0] / (2.0 * found[0] + found[1] + found[2]).max(1e-9);
            if f1 > best_f1 {
                (best, best_f1) = (found, f1);
            }
        }
    }
    best
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// F1 over sentences that must and must not be there.
fn segments(pages: &[(Value, Answer)]) -> Figure {
    let (mut wanted_found, mut wanted, mut unwanted_found, mut nothing_right) = (0, 0, 0, 0);
    for (truth, said) in pages {
        let text = one_line(&said.text);
        let found = |name: &str| {
            lines(&truth[name])
                .iter()
                .filter(|line| text.contains(&one_line(line)))
                .count()
        };
        let with = found("with");
        wanted_found += with;
        wanted += lines(&truth["with"]).len();
        unwanted_found += found("without");
        nothing_right += usize::from(with == 0 && text.is_empty());
    }
    let precision = f64::from(wanted_found as u32) / f64::from((wanted_found + unwanted_found).max(1) as u32);
    let recall = f64::from(wanted_found as u32) / f64::from(wanted.max(1) as u32);
    Figure {
        value: 2.0 * precision * recall / (precision + recall).max(1e-9),
        nothing_right,
    }
}

/// ROUGE-LSum with the best choice among paragraphs that may be there or not.
fn best_rouge(truth: &Value, said: &str) -> f64 {
    let body = lines(&truth["body"]);
    let optional: Vec<usize> = (0..body.len())
        .filter(|at| body[*at].starts_with('[') && body[*at].ends_with(']'))
        .collect();
    let choices: Vec<u32> = if optional.len() > 3 {
        vec![0, u32::MAX]
    } else {
        (0..1 << optional.len()).collect()
    };
    let said = sentences(said);
    let of_choice = |choice: u32| {
        let left_out = |at: usize| {
            optional
                .iter()
                .position(|one| *one == at)
                .is_some_and(|bit| choice >> bit.min(31) & 1 == 1)
        };
        let kept: Vec<&str> = (0..body.len())
            .filter(|at| !left_out(*at))
            .map(|at| {
                if optional.contains(&at) {
                    body[at].trim_matches(['[', ']'])
                } else {
                    body[at]
                }
            })
            .collect();
        rouge(&sentences(&kept.join("\n\n")), &said)
    };
    choices.into_iter().map(of_choice).fold(0.0, f64::max)
}

fn sentences(text: &str) -> Vec<Vec<String>> {
    let mut sentences = Vec::new();
    for line in text.lines() {
        let mut begin = 0;
        let ends: Vec<usize> = line
            .match_indices(['.', '!', '?'])
            .map(|(at, _)| at + 1)
            .filter(|at| {
                line[*at..]
                    .trim_start_matches(['"', '”', '’', ')'])
                    .starts_with(char::is_whitespace)
            })
            .chain([line.len()])
            .collect();
        for end in ends {
            let words = line[begin..end]
                .to_lowercase()
                .split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>();
            begin = end;
            if !words.is_empty() {
                sentences.push(words);
            }
        }
    }
    sentences
}

fn rouge(truth: &[Vec<String>], said: &[Vec<String>]) -> f64 {
    let count = |of: &[Vec<String>]| {
        let mut counts: HashMap<String, i64> = HashMap::new();
        of.iter()
            .flatten()
            .for_each(|word| *counts.entry(word.clone()).or_default() += 1);
        counts
    };
    let (mut in_truth, mut in_said) = (count(truth), count(said));
    let (all_truth, all_said) = (truth.iter().flatten().count(), said.iter().flatten().count());
    if all_truth == 0 || all_said == 0 {
        return 0.0;
    }
    let mut hits = 0;
    for sentence in truth {
        let mut together = HashSet::new();
        for other in said {
            together.extend(common(sentence, other));
        }
        let mut places: Vec<usize> = together.into_iter().collect();
        places.sort_unstable();
        for word in places.into_iter().map(|at| &sentence[at]) {
            let (a, b) = (in_truth.get_mut(word).unwrap(), in_said.get_mut(word).unwrap());
            if *a > 0 && *b > 0 {
                (*a, *b) = (*a - 1, *b - 1);
                hits += 1;
            }
        }
    }
    let (p, r) = (
        f64::from(hits) / all_said as f64,
        f64::from(hits) / all_truth as f64,
    );
    if hits > 0 { 2.0 * p * r / (p + r) } else { 0.0 }
}

/// Places in `a` of a longest common subsequence with `b`.
fn common(a: &[String], b: &[String]) -> Vec<usize> {
    let mut table = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in 0..a.len() {
        for j in 0..b.len() {
            table[i + 1][j + 1] = if a[i] == b[j] {
                table[i][j] + 1
            } else {
                table[i][j + 1].max(table[i + 1][j])
            };
        }
    }
    let (mut i, mut j, mut places) = (a.len(), b.len(), Vec::new());
    while i > 0 && j > 0 {
        if a[i - 1] == b[j - 1] {
            places.push(i - 1);
            (i, j) = (i - 1, j - 1);
        } else if table[i][j - 1] > table[i - 1][j] {
            j -= 1;
        } else {
            i -= 1;
        }
    }
    places
}
