//! An article as the passages that the model reads one by one.

use unicode_segmentation::UnicodeSegmentation;

use crate::sentences::sentences;

/// The longest passage, in estimated word pieces. The model reads 256 with its two marks; the estimate is meant to be too
/// high, so that a passage within it is not cut.
const LONGEST: usize = 220;

/// A stretch of an article that is scored by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// 0 is the title, the text's passages follow from 1.
    pub position: u32,
    /// The title, a sentence, or a window of a sentence that is too long for the model.
    pub text: String,
}

/// The title, then the sentences of `text`. A sentence longer than the model can read becomes several windows, cut where
/// a clause ends if possible, so that nothing is left out. A text that repeats the title as its first sentence gives it once.
#[must_use]
pub fn passages(title: &str, text: &str) -> Vec<Passage> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let headline = Some(title.clone()).filter(|title| title.chars().any(char::is_alphanumeric));
    let mut body = sentences(text);
    if headline.is_some() && body.first().is_some_and(|first| same_words(first, &title)) {
        body.remove(0);
    }
    let head = headline
        .into_iter()
        .flat_map(|title| windows(&title))
        .enumerate()
        .map(|(index, text)| {
            // A headline beyond all measure: its beginning stands for it, the rest is read with the text.
            (index == 0, text)
        });
    let rest = body
        .iter()
        .flat_map(|sentence| windows(sentence))
        .map(|text| (false, text));
    let mut next = 0_u32;
    head.chain(rest)
        .map(|(is_title, text)| {
            if !is_title {
                next = next.saturating_add(1);
            }
            Passage {
                position: if is_title { 0 } else { next },
                text,
            }
        })
        .collect()
}

/// Whether two texts have the same letters and digits, whatever their case and punctuation.
fn same_words(a: &str, b: &str) -> bool {
    let letters = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    letters(a) == letters(b)
}

/// `sentence` in windows of at most [`LONGEST`] estimated word pieces.
fn windows(sentence: &str) -> Vec<String> {
    if piece_estimate(sentence) <= LONGEST {
        return vec![sentence.to_owned()];
    }
    let mut found = Vec::new();
    let mut window = String::new();
    let mut length = 0;
    for clause in clauses(sentence) {
        let more = piece_estimate(clause);
        if length + more > LONGEST && !window.is_empty() {
            push(&mut found, &window);
            window.clear();
            length = 0;
        }
        if more <= LONGEST {
            window.push_str(clause);
            length += more;
            continue;
        }
        for word in clause.split_word_bounds() {
            let more = piece_estimate(word);
            if length + more > LONGEST && !window.is_empty() {
                push(&mut found, &window);
                window.clear();
                length = 0;
            }
            window.push_str(word);
            length += more;
        }
    }
    push(&mut found, &window);
    found
}

fn push(found: &mut Vec<String>, window: &str) {
    let window = window.trim();
    if window.chars().any(char::is_alphanumeric) {
        found.push(window.to_owned());
    }
}

/// The clauses of a sentence: each ends after `,`, `;`, `:` or a dash that white space follows.
fn clauses(sentence: &str) -> impl Iterator<Item = &str> {
    let ends_clause = |c: char| matches!(c, ',' | ';' | ':' | '–' | '—' | '，' | '；' | '、');
    let mut rest = sentence;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let ascii_stop = |c: char| c.is_ascii();
        let end = rest
            .char_indices()
            .filter(|(_, c)| ends_clause(*c))
            .map(|(at, c)| (at + c.len_utf8(), c))
            .find(|(after, c)| {
                !ascii_stop(*c) || rest.get(*after..).is_some_and(|tail| tail.starts_with(' '))
            })
            .map_or(rest.len(), |(after, _)| after);
        let (clause, tail) = rest.split_at(end);
        rest = tail;
        Some(clause)
    })
}

/// How many word pieces `text` has, estimated rather too high: a piece for every three letters or two digits of a word, one
/// for every other character that is not white space, as the model's vocabulary spells letters outside English singly.
fn piece_estimate(text: &str) -> usize {
    text.split_word_bounds()
        .map(|word| {
            if word.bytes().all(|b| b.is_ascii_alphabetic()) {
                // Beyond 100 letters the tokenizer takes a word for one unknown piece.
                word.len().min(100).div_ceil(3)
            } else {
                let digits = word.bytes().filter(u8::is_ascii_digit).count();
                let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
                let others = word
                    .chars()
                    .filter(|c| !c.is_ascii_alphanumeric() && !c.is_whitespace())
                    .count();
                digits.div_ceil(2) + letters.div_ceil(3) + others
            }
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(title: &str, text: &str) -> Vec<(u32, String)> {
        passages(title, text)
            .into_iter()
            .map(|p| (p.position, p.text))
            .collect()
    }

    #[test]
    fn the_title_comes_first() {
        let check = |title: &str, text: &str, expected: &[(u32, &str)]| {
            let expected: Vec<(u32, String)> = expected.iter().map(|(n, t)| (*n, (*t).to_owned())).collect();
            assert_eq!(shown(title, text), expected);
        };
        check(
            "Bitcoin rises",
            "It rose. It fell.",
            &[(0, "Bitcoin rises"), (1, "It rose."), (2, "It fell.")],
        );
        check("  ", "It rose.", &[(1, "It rose.")]);
        check("Bitcoin rises", "", &[(0, "Bitcoin rises")]);
        check(
            "Bitcoin rises",
            "BITCOIN RISES!\nBy 3 %.",
            &[(0, "Bitcoin rises"), (1, "By 3 %.")],
        );
        check("", "", &[]);
    }

    #[test]
    fn a_long_sentence_becomes_windows() {
        let clause = "the exchange said on Monday that withdrawals of every token had been halted, ";
        let sentence = clause.repeat(30);
        let found = passages("", &sentence);
        assert!(found.len() > 1);
        assert!(found.iter().all(|p| piece_estimate(&p.text) <= LONGEST));
        assert!(
            found.iter().all(|p| p.text.starts_with("the exchange")),
            "cut at clauses"
        );
        let again: Vec<&str> = found.iter().flat_map(|p| p.text.split_whitespace()).collect();
        assert_eq!(again, sentence.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn a_headline_beyond_measure_is_read_whole() {
        let title = "Bitcoin and Ether and Solana ".repeat(60);
        let found = passages(&title, "Body.");
        assert_eq!(found.iter().filter(|p| p.position == 0).count(), 1);
        let words: usize = found.iter().map(|p| p.text.split_whitespace().count()).sum();
        assert_eq!(words, 300 + 1);
    }

    proptest! {
        #[test]
        fn windows_lose_nothing(text in "[a-zA-Z0-9,;:é比 -]{0,4000}") {
            let letters = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let found = windows(&text);
            prop_assert_eq!(letters(&found.concat()), letters(&text));
        }
    }
}
