//! Headlines whose assets were labelled by hand, and how right tags of them are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use promptpal_domain::AssetTag;
use promptpal_news::tag_assets;
use serde_json::Value;

/// The part that no rule was tuned on.
pub(crate) const HELD_OUT: &str = "held_out";
/// The part that rules may be tuned on.
#[allow(dead_code, reason = "the bench measures only the other part")]
pub(crate) const DEVELOPMENT: &str = "development";

/// How much a text is about an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Passing,
    Main,
}

/// The assets of a text.
pub(crate) type Labels = BTreeMap<String, Role>;

/// A headline, sometimes with the first lines that follow it.
#[derive(Debug)]
pub(crate) struct Headline {
    #[allow(dead_code, reason = "the bench has no use for it")]
    pub(crate) id: u64,
    pub(crate) part: String,
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) labels: Labels,
}

/// What tags of a part are worth.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) headlines: usize,
    pub(crate) labels: usize,
    pub(crate) right: usize,
    pub(crate) wrong: usize,
    /// Texts with main and passing assets, and those of them whose main ones all come before the others.
    pub(crate) ranked: (usize, usize),
    /// What was tagged without a label, and labelled without a tag.
    pub(crate) mistakes: Vec<String>,
}

impl Figures {
    pub(crate) fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong) as f64
    }

    pub(crate) fn recall(&self) -> f64 {
        self.right as f64 / self.labels as f64
    }
}

fn rows(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/assets")
        .join(file);
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn labels(row: &Value) -> Labels {
    let of = |key: &str, role: Role| {
        let assets = row[key].as_array().unwrap().iter();
        assets
            .map(move |asset| (asset.as_str().unwrap().to_owned(), role))
            .collect::<Vec<_>>()
    };
    let all = [of("main", Role::Main), of("passing", Role::Passing)].concat();
    let labels: Labels = all.iter().cloned().collect();
    assert_eq!(labels.len(), all.len(), "labelled twice: {row}");
    labels
}

/// All headlines with the labels that were agreed upon.
pub(crate) fn headlines() -> Vec<Headline> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let of_row = |row: Value| Headline {
        id: row["id"].as_u64().unwrap(),
        part: text(&row, "part"),
        title: text(&row, "title"),
        lead: text(&row, "lead"),
        labels: labels(&row),
    };
    rows("headlines.jsonl").into_iter().map(of_row).collect()
}

/// One pass of labelling, by the id of the headline.
#[allow(dead_code, reason = "the bench has no use for it")]
pub(crate) fn pass(file: &str) -> BTreeMap<u64, Labels> {
    let of_row = |row: &Value| (row["id"].as_u64().unwrap(), labels(row));
    rows(file).iter().map(of_row).collect()
}

/// Tags every headline of a part.
pub(crate) fn figures(part: &str) -> Figures {
    let mut figures = Figures::default();
    for headline in headlines().iter().filter(|headline| headline.part == part) {
        let tags = tag_assets(&headline.title, &headline.lead);
        let found: BTreeSet<String> = tags.iter().map(|tag| tag.asset.to_string()).collect();
        figures.headlines += 1;
        figures.labels += headline.labels.len();
        for tag in &tags {
            if headline.labels.contains_key(tag.asset.as_str()) {
                figures.right += 1;
            } else {
                figures.wrong += 1;
                let (asset, rule, title) = (&tag.asset, &tag.rule, &headline.title);
                figures.mistakes.push(format!("wrong {asset} by {rule}: {title}"));
            }
        }
        let missed = headline.labels.keys().filter(|asset| !found.contains(*asset));
        figures
            .mistakes
            .extend(missed.map(|asset| format!("missed {asset}: {} {}", headline.title, headline.lead)));
        let places = |role: Role| {
            let wanted = move |tag: &AssetTag| headline.labels.get(tag.asset.as_str()) == Some(&role);
            tags.iter()
                .enumerate()
                .filter(move |(_, tag)| wanted(tag))
                .map(|(place, _)| place)
        };
        if let (Some(main), Some(passing)) = (places(Role::Main).max(), places(Role::Passing).min()) {
            figures.ranked.0 += 1;
            figures.ranked.1 += usize::from(main < passing);
        }
    }
    figures
}
