//! A text's words, as comparisons of texts see them.

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

/// Words that say nothing about what a text is about.
pub(crate) fn is_filler(word: &str) -> bool {
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
}
