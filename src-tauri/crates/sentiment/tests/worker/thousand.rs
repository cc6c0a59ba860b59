//! A thousand texts of all lengths by the real workers: alone, all together in batches, and shuffled. Each has the same score every time,
//! and none another label.

use promptpal_sentiment::{Engine, Label, Scorer, TextScore};

use crate::real::{golden, real, score};

const TEXTS: usize = 1000;
/// Logits may differ by this much.
const TOLERANCE: f32 = 1e-4;
/// The headlines that were written for the training of the default model.
const HEADLINES: &str = include_str!("../../../../../training/crypto_headlines.csv");

/// The reference texts, which are odd; headlines; and one to twenty-four of them in a row, some longer than the model reads.
fn texts() -> Vec<String> {
    let mut reader = csv::Reader::from_reader(HEADLINES.as_bytes());
    let headlines: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
    let several = |at: usize| {
        let rows = headlines.iter().cycle().skip(at).take(1 + at * 7 % 24);
        rows.map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    let odd = golden().rows.into_iter().map(|row| row.0);
    let rows = (0..).map(several);
    odd.chain(headlines.iter().cloned())
        .chain(rows)
        .take(TEXTS)
        .collect()
}

/// Every place once, none where it was among its neighbours.
fn shuffled(count: usize) -> Vec<usize> {
    // 389 is prime to 1,000.
    (0..count).map(|at| (at * 389 + 17) % count).collect()
}

/// The farthest logit, and how many labels differ.
fn apart(a: &[TextScore], b: &[TextScore]) -> (f32, usize) {
    assert_eq!(a.len(), b.len());
    let logits = a.iter().zip(b).flat_map(|(a, b)| a.logits.iter().zip(b.logits));
    let farthest = logits.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let flipped = |(a, b): &(&TextScore, &TextScore)| Label::of(a.sentiment) != Label::of(b.sentiment);
    (farthest, a.iter().zip(b).filter(flipped).count())
}

async fn company_and_order_change_nothing(engine: Engine) {
    let Some(config) = real(engine) else { return };
    let scorer = Scorer::new(config);
    let texts = texts();
    assert_eq!(texts.len(), TEXTS);
    let mut alone = Vec::with_capacity(TEXTS);
    for text in &texts {
        alone.extend(score(&scorer, std::slice::from_ref(text)).await);
    }
    let cut = alone.iter().filter(|score| score.truncated).count();
    let lengths: Vec<usize> = texts.iter().map(|text| text.split_whitespace().count()).collect();
    println!(
        "{engine} worker: {TEXTS} texts of {} to {} words, {cut} longer than the model reads",
        lengths.iter().min().unwrap(),
        lengths.iter().max().unwrap()
    );
    assert!(cut > 0 && cut < TEXTS / 2);

    let together = score(&scorer, &texts).await;
    let order = shuffled(TEXTS);
    let mixed: Vec<String> = order.iter().map(|at| texts[*at].clone()).collect();
    let mut back = alone.clone();
    for (at, found) in order.iter().zip(score(&scorer, &mixed).await) {
        back[*at] = found;
    }
    // Requests of seven, so that neighbours are not of like length.
    let mut by_seven = alone.clone();
    for (places, texts) in order.chunks(7).zip(mixed.chunks(7)) {
        for (at, found) in places.iter().zip(score(&scorer, texts).await) {
            by_seven[*at] = found;
        }
    }
    for (how, found) in [
        ("in batches", together),
        ("shuffled", back),
        ("shuffled, in sevens", by_seven),
    ] {
        let (farthest, flipped) = apart(&alone, &found);
        println!(
            "{engine} worker: {how}, farthest logit from the one alone {farthest:e}, labels flipped {flipped}"
        );
        assert!(
            farthest <= TOLERANCE && flipped == 0,
            "{how}: {farthest} {flipped}"
        );
    }
}

#[tokio::test]
async fn a_thousand_texts_by_the_exact_engine() {
    company_and_order_change_nothing(Engine::Exact).await;
}

#[tokio::test]
async fn a_thousand_texts_by_the_fast_engine() {
    company_and_order_change_nothing(Engine::Fast).await;
}
