//! Counting good and bad words: what anybody can do without a model.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation as _;

use super::Label;

/// A word a line behind its sign; a star stands for any ending.
const WORDS: &str = include_str!("word_list.txt");

/// A word that turns another around stands at most so many words before it.
const TURNS_WITHIN: usize = 3;

/// Words that turn others around.
const TURNING: [&str; 9] = [
    "not", "no", "never", "without", "isn't", "doesn't", "didn't", "won't", "can't",
];

/// The list: positive when good words outnumber bad ones, negative the other way, else neutral. A word with one that negates it at
/// most three words before counts the other way.
#[derive(Debug)]
pub struct WordList {
    whole: HashMap<&'static str, i32>,
    /// Beginnings of words, the longest first.
    beginnings: Vec<(&'static str, i32)>,
}

impl Default for WordList {
    fn default() -> Self {
        let (mut whole, mut beginnings) = (HashMap::new(), Vec::new());
        for line in WORDS.lines() {
            let (word, worth) = match line.split_at_checked(1) {
                Some(("+", word)) => (word, 1),
                Some(("-", word)) => (word, -1),
                // A remark.
                _ => continue,
            };
            match word.strip_suffix('*') {
                Some(beginning) => beginnings.push((beginning, worth)),
                None => {
                    whole.insert(word, worth);
                }
            }
        }
        beginnings.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        Self { whole, beginnings }
    }
}

impl WordList {
    /// What the list makes of a text.
    #[must_use]
    pub fn label(&self, text: &str) -> Label {
        let text = text.to_lowercase().replace('\u{2019}', "'");
        let words: Vec<&str> = text.unicode_words().collect();
        let sum: i32 = words
            .iter()
            .enumerate()
            .map(|(at, word)| {
                let before = words.get(at.saturating_sub(TURNS_WITHIN)..at).unwrap_or_default();
                let turned = before.iter().filter(|word| TURNING.contains(word)).count() % 2 == 1;
                if turned {
                    -self.worth(word)
                } else {
                    self.worth(word)
                }
            })
            .sum();
        match sum {
            1.. => Label::Positive,
            0 => Label::Neutral,
            _ => Label::Negative,
        }
    }

    fn worth(&self, word: &str) -> i32 {
        let word = word.strip_suffix("'s").unwrap_or(word);
        let whole = self.whole.get(word).copied();
        whole
            .or_else(|| {
                let found = self
                    .beginnings
                    .iter()
                    .find(|(beginning, _)| word.starts_with(beginning));
                found.map(|(_, worth)| *worth)
            })
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_and_turned_around() {
        let list = WordList::default();
        for (text, expected) in [
            ("Bitcoin surges to a record high", Label::Positive),
            ("Exchange hacked, customers' funds stolen", Label::Negative),
            ("The court did not approve the fund", Label::Negative),
            ("No losses for holders", Label::Positive),
            ("Shares gain, but the outlook is cut", Label::Neutral),
            ("The meeting is on Tuesday", Label::Neutral),
            ("It isn\u{2019}t a fraud", Label::Positive),
            ("", Label::Neutral),
        ] {
            assert_eq!(list.label(text), expected, "{text}");
        }
    }

    #[test]
    fn every_line_is_a_word_once() {
        let mut seen = std::collections::HashSet::new();
        let lines: Vec<&str> = WORDS.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 200);
        for line in lines {
            let (sign, word) = line.split_at(1);
            assert!(["+", "-"].contains(&sign), "{line}");
            assert!(
                word.chars().all(|c| c.is_ascii_lowercase() || "-'*".contains(c)),
                "{line}"
            );
            assert!(seen.insert(word), "{line} stands there twice");
        }
    }
}
