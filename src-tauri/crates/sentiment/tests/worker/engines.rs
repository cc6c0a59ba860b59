//! How near the fast engine comes to the exact one.

use std::num::NonZeroU16;
use std::path::{Path, PathBuf};

use promptpal_sentiment::{
    Engine, Label, LabelNames, LabelledFile, LabelledText, ModelManifest, Scorer, TextScore,
};

use crate::real::{golden, model_dir, real, score};

/// Part of the texts that must have the same label.
const SAME_LABEL: f64 = 0.99;
/// By how much an accuracy may differ.
const ACCURACY: f64 = 0.003;

/// The reference texts: beside the checkout, or where PROMPTPAL_SHARED says.
fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let folder = std::env::var_os("PROMPTPAL_SHARED")
        .map_or_else(beside, PathBuf::from)
        .join("data/sentiment");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("engines: not run on labelled texts: no shared data");
    None
}

fn tfns(folder: &Path) -> Vec<LabelledText> {
    let names: LabelNames = "0=negative,1=positive,2=neutral".parse().unwrap();
    let file = std::fs::File::open(folder.join("tfns_valid.csv")).unwrap();
    let mut texts = LabelledFile::read(file, None, None, &names).unwrap().texts;
    for row in &mut texts {
        row.text = without_addresses(&row.text);
    }
    texts
}

/// As the texts were trained on and their figures were measured.
fn without_addresses(text: &str) -> String {
    let address = |word: &str| {
        [word.find("http://"), word.find("https://")]
            .into_iter()
            .flatten()
            .min()
    };
    let words = text
        .split_whitespace()
        .map(|word| address(word).map_or(word, |at| &word[..at]));
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Every tenth headline of SEntFiN whose entities share one sentiment.
fn sentfin(folder: &Path) -> Vec<LabelledText> {
    let mut reader = csv::Reader::from_path(folder.join("sentfin.csv")).unwrap();
    let rows = reader.records().filter_map(|row| {
        let row = row.unwrap();
        let mut labels = [Label::Negative, Label::Neutral, Label::Positive]
            .into_iter()
            .filter(|label| row[2].contains(&format!(": '{label}'")));
        match (labels.next(), labels.next()) {
            (Some(label), None) => Some(LabelledText {
                text: row[1].trim().to_owned(),
                label,
            }),
            _ => None,
        }
    });
    rows.step_by(10).collect()
}

/// The scores of both engines, if both are there.
async fn both(texts: &[String]) -> Option<[Vec<TextScore>; 2]> {
    let mut scores = Vec::new();
    for engine in Engine::ALL {
        let mut config = real(engine)?;
        config.threads = NonZeroU16::new(2).unwrap();
        let scorer = Scorer::new(config);
        scores.push(score(&scorer, texts).await);
        scorer.stop().await;
    }
    scores.try_into().ok()
}

fn same_labels([exact, fast]: &[Vec<TextScore>; 2]) -> usize {
    let label = |score: &TextScore| Label::of(score.sentiment);
    exact
        .iter()
        .zip(fast)
        .filter(|(exact, fast)| label(exact) == label(fast))
        .count()
}

/// Two scores of the same text are not found under the same name.
#[tokio::test]
async fn scores_of_the_engines_stay_apart() {
    let manifest = ModelManifest::read(&model_dir()).unwrap();
    let exact = manifest.model_ref_for(Engine::Exact).unwrap();
    let fast = manifest.model_ref_for(Engine::Fast).unwrap();
    assert_eq!(exact.id, fast.id);
    assert_ne!(exact.sha256, fast.sha256);
}

#[tokio::test]
async fn few_of_our_texts_get_another_label() {
    let texts: Vec<String> = golden().rows.into_iter().map(|row| row.0).collect();
    let Some(scores) = both(&texts).await else { return };
    let same = same_labels(&scores);
    println!("engines: same label for {same} of {} texts", texts.len());
    // They are chosen to be odd: two of them may fall on the other side.
    assert!(same + 2 >= texts.len(), "{same} of {}", texts.len());
}

#[tokio::test]
async fn labelled_texts_are_told_as_well() {
    let Some(folder) = shared() else { return };
    let sets = [("TFNS", tfns(&folder)), ("SEntFiN", sentfin(&folder))];
    let texts: Vec<String> = sets
        .iter()
        .flat_map(|(_, rows)| rows.iter().map(|row| row.text.clone()))
        .collect();
    let Some(scores) = both(&texts).await else { return };
    let same = same_labels(&scores);
    let part = same as f64 / texts.len() as f64;
    println!(
        "engines: same label for {same} of {} labelled texts, {part:.4}",
        texts.len()
    );
    assert!(texts.len() >= 1000 && part >= SAME_LABEL, "{part}");
    let mut at = 0;
    for (name, rows) in &sets {
        let accuracy = [0, 1].map(|engine| {
            let pairs = rows.iter().zip(&scores[engine][at..]);
            let right = pairs
                .filter(|(row, score)| row.label == Label::of(score.sentiment))
                .count();
            right as f64 / rows.len() as f64
        });
        at += rows.len();
        let [exact, fast] = accuracy;
        println!("engines: {name}: accuracy {exact:.4} exact, {fast:.4} fast");
        assert!((exact - fast).abs() <= ACCURACY, "{name}: {exact} {fast}");
    }
    // What the model says of itself is what is found here.
    let manifest = ModelManifest::read(&model_dir()).unwrap();
    let stated = manifest.fast_agreement.unwrap();
    let stated = f64::from(stated.same_label) / f64::from(stated.texts);
    assert!((stated - part).abs() <= 0.003, "stated {stated}, found {part}");
}
