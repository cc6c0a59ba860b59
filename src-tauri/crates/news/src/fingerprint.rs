//! 64-bit fingerprints of texts: reports that copy each other have fingerprints that differ in few bits.
//!
//! SimHash (Charikar 2002; Manku, Jain, Das Sarma 2007) over the text's word 3-grams. A word is a run of letters and digits in
//! lower case, so punctuation, quotes and line breaks do not count.

use std::collections::HashSet;

use crate::words::words_of;

/// Texts whose fingerprints differ in at most so many bits are the same text.
const NEAR_BITS: u32 = 10;
/// With fewer 3-grams a changed word turns half of the bits: such a text has no fingerprint.
const FEWEST_GRAMS: usize = 24;
/// Words of a text's beginning that are looked for in others.
const BEGINNING_WORDS: usize = 400;
/// The share of the shorter text's 3-grams that stand in the longer one.
const CONTAINED: f64 = 0.8;

/// The fingerprint of a text; `None` where it is too short for one.
#[must_use]
pub fn fingerprint(text: &str) -> Option<u64> {
    let grams: HashSet<u64> = grams_of(words_of(text)).into_iter().collect();
    if grams.len() < FEWEST_GRAMS {
        return None;
    }
    let mut sums = [0i64; 64];
    for gram in grams {
        for (bit, sum) in sums.iter_mut().enumerate() {
            *sum += if gram >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    let bits = sums.iter().enumerate();
    Some(bits.fold(0, |print, (bit, sum)| print | u64::from(*sum > 0) << bit))
}

/// Whether two fingerprints are those of one text, perhaps a little edited.
#[must_use]
pub const fn nearly_same(a: u64, b: u64) -> bool {
    (a ^ b).count_ones() <= NEAR_BITS
}

/// The 3-grams of a text's beginning, sorted, to be looked for in another text.
pub(crate) fn beginning_of(text: &str) -> Vec<u64> {
    let mut grams = grams_of(words_of(text).take(BEGINNING_WORDS));
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// Whether the shorter of two texts stands in the other one, as a summary does in its article.
pub(crate) fn contains(a: &[u64], b: &[u64]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < FEWEST_GRAMS {
        return false;
    }
    let found = short
        .iter()
        .filter(|gram| long.binary_search(gram).is_ok())
        .count();
    found as f64 >= CONTAINED * short.len() as f64
}

fn grams_of(words: impl Iterator<Item = String>) -> Vec<u64> {
    let words: Vec<String> = words.collect();
    words.windows(3).map(hash).collect()
}

/// Of a fixed function: fingerprints are stored.
fn hash(gram: &[String]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for word in gram {
        hasher.update(word.as_bytes()).update(b" ");
    }
    let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIRE: &str = "The largest bitcoin fund took in 420 million dollars on Tuesday, its best day since March, as \
        the price rose above 97,000 dollars for the first time in two weeks. Traders pointed to softer inflation data and \
        to a court ruling that lets a rival fund begin trading next month. Ether rose two percent. Analysts at two banks \
        said that flows may slow before the central bank meets, but that large holders have not sold during the rise. \
        Miners' reserves, which had fallen through the autumn, were unchanged over the week.";

    #[test]
    fn an_edited_copy_is_the_same_text_and_another_report_is_not() {
        let distance = |a: &str, b: &str| (fingerprint(a).unwrap() ^ fingerprint(b).unwrap()).count_ones();
        assert_eq!(
            distance(WIRE, &WIRE.to_uppercase().replace(". ", " \u{2014}\n")),
            0
        );
        assert!(nearly_same(
            fingerprint(WIRE).unwrap(),
            fingerprint(&WIRE.replace("Ether rose two percent. ", "")).unwrap()
        ));
        let other = "Shares of a listed miner fell nine percent after it said that a fire at its Texas site would cut \
            output for a quarter. The company expects insurance to cover the machines but not the lost production. Rivals \
            gained on the news while the token itself was little changed around noon in New York. A spokesman declined to \
            say how many machines were damaged or when the site's second hall would be connected to the grid again.";
        assert!(distance(WIRE, other) > 16, "{}", distance(WIRE, other));
        assert_eq!(fingerprint("Bitcoin rises. Ether falls."), None);
        // Stored in databases: it may never change.
        assert_eq!(fingerprint(WIRE), Some(10_910_135_454_013_079_026));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in ".{0,400}") {
            let _ = fingerprint(&text);
        }
    }
}
