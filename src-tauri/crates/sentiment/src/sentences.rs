//! Cutting a text into sentences.

use unicode_segmentation::UnicodeSegmentation;

/// Words that end in a full stop inside a sentence. Lower case, without the stop.
const ABBREVIATIONS: &[&str] = &[
    "adj", "approx", "apr", "assn", "aug", "ave", "blvd", "bros", "capt", "cf", "co", "col", "corp", "dec",
    "dept", "dr", "e.g", "est", "feb", "fig", "gen", "gov", "hon", "i.e", "inc", "jan", "jr", "ltd", "mar",
    "messrs", "mr", "mrs", "ms", "mt", "no", "nov", "oct", "p.m", "a.m", "ph.d", "prof", "rep", "rev", "sen",
    "sep", "sept", "sr", "st", "u.k", "u.n", "u.s", "e.u", "d.c", "vs", "v", "vol",
];

/// Abbreviations that a sentence may well end with: what follows decides.
const MAY_END: &[&str] = &[
    "a.m", "assn", "bros", "co", "corp", "d.c", "e.u", "inc", "jr", "ltd", "p.m", "ph.d", "sr", "u.k", "u.n",
    "u.s",
];

/// Words that begin a sentence far more often than they follow an abbreviation inside one.
const OPENERS: &[&str] = &[
    "a",
    "after",
    "all",
    "although",
    "an",
    "and",
    "another",
    "any",
    "as",
    "at",
    "before",
    "both",
    "but",
    "by",
    "despite",
    "during",
    "each",
    "even",
    "every",
    "few",
    "for",
    "from",
    "he",
    "her",
    "here",
    "his",
    "how",
    "however",
    "i",
    "if",
    "in",
    "it",
    "its",
    "last",
    "many",
    "meanwhile",
    "more",
    "most",
    "no",
    "none",
    "not",
    "now",
    "on",
    "once",
    "one",
    "only",
    "or",
    "our",
    "others",
    "she",
    "since",
    "so",
    "some",
    "still",
    "such",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "though",
    "to",
    "under",
    "until",
    "we",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "why",
    "with",
    "yet",
    "you",
];

/// The sentences of `text` in their order, trimmed, with inner white space reduced to single spaces.
///
/// Breaks as Unicode's UAX 29 does, which keeps decimals (`3.5`) and host names together, and joins again what it breaks
/// after an abbreviation (`Inc.`, `U.S.`) or an initial (`J. Powell`). A line break ends a sentence. Pieces without a letter or digit are left out; no other
/// character is lost.
#[must_use]
pub fn sentences(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut open = String::new();
        for piece in line.split_sentence_bounds() {
            if !open.is_empty() && !continues(&open, piece) {
                keep(&mut found, &open);
                open.clear();
            }
            open.push_str(piece);
        }
        keep(&mut found, &open);
    }
    found
}

fn keep(found: &mut Vec<String>, sentence: &str) {
    if sentence.chars().any(char::is_alphanumeric) {
        found.push(sentence.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

/// Whether `next` belongs to the sentence that `open` began, although Unicode's rules break between them.
fn continues(open: &str, next: &str) -> bool {
    let Some(before_stop) = open.trim_end().strip_suffix('.') else {
        return false;
    };
    let last_word = before_stop
        .rsplit([' ', '\u{a0}', '\t', '(', '"', '\u{201c}'])
        .next()
        .unwrap_or_default();
    let last_word = last_word.to_lowercase();
    let initial =
        last_word.chars().count() == 1 && last_word.chars().all(char::is_alphabetic) && last_word != "i";
    if !initial && !ABBREVIATIONS.contains(&last_word.as_str()) {
        return false;
    }
    if MAY_END.contains(&last_word.as_str()) {
        let first_word = next
            .split(|c: char| !c.is_alphanumeric())
            .find(|word| !word.is_empty())
            .unwrap_or_default();
        return !OPENERS.contains(&first_word.to_lowercase().as_str());
    }
    // "the No. 1 exchange", but "they said no. Prices fell"
    if last_word == "no" {
        return next.starts_with(|c: char| c.is_ascii_digit());
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cuts_where_a_reader_would() {
        let check = |text: &str, expected: &[&str]| assert_eq!(sentences(text), expected, "{text}");
        check("", &[]);
        check("  \n\n ", &[]);
        check("Bitcoin rose. Ether fell!", &["Bitcoin rose.", "Ether fell!"]);
        check(
            "Bitcoin rose 3.5% to $64,250.75. It fell later.",
            &["Bitcoin rose 3.5% to $64,250.75.", "It fell later."],
        );
        check(
            "Mr. Powell spoke. Markets listened.",
            &["Mr. Powell spoke.", "Markets listened."],
        );
        check(
            "J. Powell of the U.S. Federal Reserve spoke.",
            &["J. Powell of the U.S. Federal Reserve spoke."],
        );
        check(
            "It left the U.S. The price fell.",
            &["It left the U.S.", "The price fell."],
        );
        check(
            "Coinbase Inc. Chief Brian Armstrong quit.",
            &["Coinbase Inc. Chief Brian Armstrong quit."],
        );
        check(
            "They bought Coinbase Inc. Then they sold.",
            &["They bought Coinbase Inc.", "Then they sold."],
        );
        check("Ripple vs. SEC ends. Good.", &["Ripple vs. SEC ends.", "Good."]);
        check(
            "The No. 1 exchange halts. They said no. Prices fell.",
            &["The No. 1 exchange halts.", "They said no.", "Prices fell."],
        );
        check(
            "Will it hold? \"Yes.\" He left.",
            &["Will it hold?", "\"Yes.\"", "He left."],
        );
        check(
            "Title line\n\nFirst paragraph here.\nSecond.",
            &["Title line", "First paragraph here.", "Second."],
        );
        check(
            "Visit example.com today. Done",
            &["Visit example.com today.", "Done"],
        );
        check("Too   many\tspaces here.", &["Too many spaces here."]);
        check("*** --- ***", &[]);
        check("比特币上涨。以太坊下跌。", &["比特币上涨。", "以太坊下跌。"]);
        check(
            "Wait... what happened? Nothing.",
            &["Wait... what happened?", "Nothing."],
        );
    }

    proptest! {
        #[test]
        fn loses_no_letter(text in "[A-Za-z0-9 .,!?\n\"$%üß比€-]{0,300}") {
            let letters = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let found = sentences(&text);
            prop_assert_eq!(letters(&found.concat()), letters(&text));
            prop_assert!(found.iter().all(|s| s.trim() == s && !s.is_empty()));
        }
    }
}
