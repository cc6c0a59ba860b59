//! Fingerprints and stories of texts collected from the wild, which are not part of the project: see `shared`.

use std::collections::{BTreeMap, HashSet};
use std::fs;

use promptpal_domain::{ArticleId, Timestamp};
use promptpal_news::{StoryIndex, Told, fingerprint, nearly_same};
use serde_json::Value;

use crate::conformance::shared;

/// The main texts of the collections as people marked them.
fn texts() -> Option<Vec<String>> {
    let shared = shared()?;
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (set, body) in [
        ("aeb", "/articleBody"),
        ("fundus", "/body"),
        ("fxt", "/versions/V1/body"),
    ] {
        let truth: Value =
            serde_json::from_slice(&fs::read(shared.join(set).join("truth.json")).unwrap()).unwrap();
        for (id, page) in truth.as_object().unwrap() {
            let mut lines = Vec::new();
            strings(page.pointer(body).unwrap_or(&Value::Null), &mut lines);
            texts.insert(format!("{set} {id}"), lines.join("\n"));
        }
    }
    Some(texts.into_values().collect())
}

fn told(id: i64, text: &str) -> Told {
    let (title, rest) = text.split_once('\n').unwrap_or((text, ""));
    Told {
        id: ArticleId(id),
        at: Timestamp::from_millis(0),
        title: title.to_owned(),
        text: rest.to_owned(),
    }
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|one| strings(one, found)),
        Value::Object(all) => all.values().for_each(|one| strings(one, found)),
        _ => {}
    }
}

fn grams(text: &str) -> HashSet<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.windows(3).map(|gram| gram.join(" ")).collect()
}

fn share(a: &HashSet<String>, b: &HashSet<String>) -> f64 {
    let both = a.intersection(b).count() as f64;
    both / (a.len() + b.len()) as f64 * 2.0
}

/// No two different articles pass for one text, and a text passes for itself after small edits.
#[test]
fn fingerprints_tell_texts_apart() {
    let Some(texts) = texts() else { return };
    let known: Vec<(u64, HashSet<String>)> = texts
        .iter()
        .filter_map(|text| Some((fingerprint(text)?, grams(text))))
        .collect();
    let (mut pairs, mut near, mut wrong) = (0_u32, 0_u32, 0_u32);
    for (n, (print, own)) in known.iter().enumerate() {
        for (other_print, other) in known.iter().skip(n + 1) {
            pairs += 1;
            if nearly_same(*print, *other_print) {
                near += 1;
                wrong += u32::from(share(own, other) < 0.5);
            }
        }
    }
    println!("fingerprints: {pairs} pairs, {near} near, {wrong} of them different texts");
    assert_eq!(wrong, 0);
}

/// A line put in front, as agencies do, and the last sentence cut.
#[test]
fn edited_copies_are_found() {
    let Some(texts) = texts() else { return };
    let long = texts.iter().filter(|text| text.split_whitespace().count() >= 150);
    let (mut edited, mut near, mut found) = (0_u32, 0_u32, 0_u32);
    for text in long {
        let cut = text.rfind(". ").map_or(text.as_str(), |end| &text[..=end]);
        let copy = format!("LONDON (Sample Wire) - {cut}");
        edited += 1;
        near += u32::from(nearly_same(
            fingerprint(text).unwrap(),
            fingerprint(&copy).unwrap(),
        ));
        let mut index = StoryIndex::default();
        index.place(&told(0, text));
        found += u32::from(index.place(&told(1, &copy)).same_as == ArticleId(0));
    }
    println!("edited copies: {found} of {edited} found, {near} of them by their fingerprints alone");
    assert!(
        f64::from(found) >= 0.99 * f64::from(edited),
        "{found} of {edited}"
    );
}

/// Articles of many sites and years put into one hour: hardly any two tell one story.
#[test]
fn unrelated_articles_are_stories_of_their_own() {
    let Some(texts) = texts() else { return };
    let mut index = StoryIndex::default();
    let mut joined = 0_u32;
    for (n, text) in texts.iter().enumerate() {
        let place = index.place(&told(n as i64, text));
        // The collections hold some pages twice: a text that repeats another is no story that was joined wrongly.
        if place.story != ArticleId(n as i64) && place.same_as == ArticleId(n as i64) {
            joined += 1;
            let line = |text: &str| text.chars().take(90).collect::<String>().replace('\n', " ");
            println!(
                "  {} <- {}",
                line(&texts[usize::try_from(place.story.0).unwrap()]),
                line(text)
            );
        }
    }
    println!("stories: {joined} of {} articles joined another", texts.len());
    // The collections hold some reports of one event: of twenty that joined, fifteen by our reading.
    assert!(f64::from(joined) <= 0.06 * texts.len() as f64);
}
