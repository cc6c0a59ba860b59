//! A text's words, as comparisons of texts see them.

use std::iter::Peekable;

use unicode_segmentation::UnicodeSegmentation;

/// The words in lower case, without punctuation. Where a script does not part words, every two characters in a row are one.
pub(crate) fn words_of(text: &str) -> impl Iterator<Item = String> {
    let mut before: Option<&str> = None;
    text.unicode_words().filter_map(move |word| {
        let first = before.replace(word);
        if !stands_alone(word) {
            return Some(word.to_lowercase());
        }
        first
            .filter(|first| stands_alone(first))
            .map(|first| format!("{first}{word}"))
    })
}

/// A single character of a script without spaces: such texts are cut into characters.
fn stands_alone(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(|c| c >= '\u{2e80}') && characters.next().is_none()
}

/// What a text is about: its words in the singular, without those that say nothing, and its amounts in one spelling, so that
/// "$41M" and "41 million dollars" are one term.
pub(crate) fn terms_of(text: &str) -> Vec<String> {
    let spelt = text.replace('%', " percent ");
    let mut words = words_of(&spelt).peekable();
    let mut terms = Vec::new();
    while let Some(word) = words.next() {
        if let Some(amount) = amount(&word, &mut words) {
            terms.push(amount);
            continue;
        }
        let word = word
            .strip_suffix("'s")
            .or_else(|| word.strip_suffix("\u{2019}s"))
            .unwrap_or(&word);
        if !is_filler(word) && !UNITS.contains(&word) {
            terms.push(singular(word));
        }
    }
    terms
}

/// Words beside amounts that every second text spells otherwise or leaves out.
const UNITS: [&str; 4] = ["dollar", "dollars", "percent", "usd"];

/// An amount with its magnitude, which may be its own last letter or the next word.
fn amount(word: &str, next: &mut Peekable<impl Iterator<Item = String>>) -> Option<String> {
    let end = word
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .unwrap_or(word.len());
    let (digits, unit) = word
        .split_at_checked(end)
        .filter(|(digits, _)| !digits.is_empty())?;
    let magnitude = match unit {
        "" => next
            .next_if(|word| magnitude(word).is_some())
            .and_then(|word| magnitude(&word)),
        unit => Some(magnitude(unit)?),
    };
    let share = magnitude.is_none() && next.next_if(|word| word == "percent").is_some();
    let digits: String = digits.chars().filter(|c| *c != ',').collect();
    Some(format!(
        "{digits}{}",
        if share { "%" } else { magnitude.unwrap_or_default() }
    ))
}

fn magnitude(word: &str) -> Option<&'static str> {
    match word {
        "k" | "thousand" => Some("k"),
        "m" | "mn" | "million" => Some("m"),
        "b" | "bn" | "billion" => Some("b"),
        "t" | "tn" | "trillion" => Some("t"),
        _ => None,
    }
}

/// An English word without the ending of its plural: the three rules of Harman's S-stemmer (1991). It leaves other words, and those
/// of most other languages, as they are or changes them all alike.
fn singular(word: &str) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    let stem = word.strip_suffix('s').filter(|stem| stem.chars().count() > 2);
    match stem {
        Some(_) if ends(&["ies"]) && !ends(&["eies", "aies"]) => format!("{}y", word.trim_end_matches("ies")),
        Some(stem) if ends(&["es"]) && !ends(&["aes", "ees", "oes"]) => stem.to_owned(),
        Some(stem) if !ends(&["us", "ss", "aes", "ees", "oes"]) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// Words that say nothing about what a text is about.
fn is_filler(word: &str) -> bool {
    FILLERS.binary_search(&word).is_ok()
}

/// English function words, sorted. Other languages' fillers are in every text of the language and weigh little by that.
const FILLERS: [&str; 123] = [
    "a", "about", "above", "after", "again", "against", "all", "also", "am", "an", "and", "any", "are", "as",
    "at", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can",
    "could", "did", "do", "does", "doing", "down", "during", "each", "few", "for", "from", "further", "had",
    "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is",
    "it", "its", "just", "may", "me", "might", "more", "most", "my", "no", "nor", "not", "now", "of", "off",
    "on", "once", "only", "or", "other", "our", "out", "over", "own", "said", "same", "says", "she",
    "should", "so", "some", "still", "such", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "very", "was", "we",
    "were", "what", "when", "where", "which", "while", "who", "whom", "why", "will", "with", "would", "yet",
    "you", "your", "yours",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_at_punctuation() {
        let words: Vec<String> = words_of("Don't sell: BTC\u{a0}rose 4.5% \u{2014} \"again\"").collect();
        assert_eq!(words, ["don't", "sell", "btc", "rose", "4.5", "again"]);
        let words: Vec<String> = words_of("\u{6bd4}\u{7279}\u{5e01} BTC \u{6da8}").collect();
        assert_eq!(words, ["\u{6bd4}\u{7279}", "\u{7279}\u{5e01}", "btc"]);
        assert!(FILLERS.is_sorted() && is_filler("the") && !is_filler("bitcoin"));
    }

    #[test]
    fn terms_are_spelt_in_one_way() {
        let same = [
            ("$41M", "41 million dollars", "41m"),
            ("1.1bn USD", "$1.1 billion", "1.1b"),
            ("4.5%", "4.5 percent", "4.5%"),
            ("43,000", "43000", "43000"),
            ("Kestrel\u{2019}s", "the Kestrel's", "kestrel"),
            ("policies", "a policy", "policy"),
            ("prices", "price", "price"),
            ("funds", "The fund", "fund"),
        ];
        for (one, other, term) in same {
            assert_eq!(
                (terms_of(one), terms_of(other)),
                (vec![term.to_owned()], vec![term.to_owned()])
            );
        }
        for word in ["status", "loss", "gas", "q4", "2nd", "shoes", "million"] {
            assert_eq!(terms_of(word), [word]);
        }
        assert_eq!(terms_of("2 million, 30 of 12 percent"), ["2m", "30", "12%"]);
    }
}
