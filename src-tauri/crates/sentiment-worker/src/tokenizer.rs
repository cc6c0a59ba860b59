//! From text to the numbers of its word pieces, as Python's `BertTokenizer(do_lower_case=True)` does it.
//!
//! `rust_tokenizers` does the splitting. Its own normalization runs after the splitting and so differs from the original
//! on characters that normalization turns into punctuation (`≠` is `=` with a stroke) or takes away; therefore the text is
//! normalized here first, the way the original does, and the tokenizer finds nothing left to normalize.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use regex::Regex;
use rust_tokenizers::tokenizer::{BertTokenizer, Tokenizer};
use rust_tokenizers::vocab::{BertVocab, Vocab};
use unicode_normalization::UnicodeNormalization;

/// The marks of the vocabulary. A text that contains one of them is read as Python reads it: as the mark.
const MARKS: [&str; 5] = ["[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"];

/// Turns texts into word pieces.
pub(crate) struct WordPieces {
    tokenizer: BertTokenizer,
    /// Nonspacing marks: the accents that are taken away.
    accents: Regex,
    /// Control, format, private and unassigned characters, which are taken away too.
    controls: Regex,
    /// Punctuation, which stands by itself. The tokenizer's own table lacks what Unicode has added since.
    punctuation: Regex,
    begin: i64,
    end: i64,
    padding: i64,
    max_pieces: usize,
}

/// A text in word pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Numbers of the pieces, with `[CLS]` before and `[SEP]` after them.
    pub ids: Vec<i64>,
    /// Whether pieces at the end had to be left out.
    pub truncated: bool,
}

impl WordPieces {
    /// Reads the vocabulary. `max_pieces` counts the two marks at the ends.
    pub(crate) fn load(vocabulary: &Path, max_pieces: usize) -> Result<Self> {
        let vocab =
            BertVocab::from_file(vocabulary).with_context(|| format!("reading {}", vocabulary.display()))?;
        let id = |mark: &str| {
            vocab
                .values()
                .get(mark)
                .copied()
                .with_context(|| format!("{mark} is not in {}", vocabulary.display()))
        };
        let [_, end, padding, begin, _] = MARKS;
        let (begin, end, padding) = (id(begin)?, id(end)?, id(padding)?);
        ensure!(
            max_pieces > 2,
            "the model reads {max_pieces} word pieces, which leaves no room for a text"
        );
        Ok(Self {
            tokenizer: BertTokenizer::from_existing_vocab(vocab, true, true),
            accents: Regex::new(r"^\p{Mn}$")?,
            controls: Regex::new(r"^\p{C}$")?,
            punctuation: Regex::new(r"^\p{P}$")?,
            begin,
            end,
            padding,
            max_pieces,
        })
    }

    /// How many pieces the vocabulary has.
    pub(crate) fn vocabulary(&self) -> usize {
        self.tokenizer.vocab().values().len()
    }

    /// The number that stands for no piece.
    pub(crate) fn padding(&self) -> i64 {
        self.padding
    }

    /// The pieces of `text`, at most as many as the model reads.
    pub(crate) fn encode(&self, text: &str) -> Encoded {
        let pieces = self.tokenizer.tokenize(&self.normalize(text));
        let vocab = self.tokenizer.vocab();
        let room = self.max_pieces.saturating_sub(2);
        let truncated = pieces.len() > room;
        let ids = std::iter::once(self.begin)
            .chain(pieces.iter().take(room).map(|piece| vocab.token_to_id(piece)))
            .chain(std::iter::once(self.end))
            .collect();
        Encoded { ids, truncated }
    }

    /// Control characters gone, every white space a space, lower case, accents gone, punctuation apart; marks untouched.
    fn normalize(&self, text: &str) -> String {
        let mut normal = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let next = MARKS
                .iter()
                .filter_map(|mark| rest.find(mark).map(|at| (at, mark.len())))
                .min();
            let (plain, mark, tail) = match next {
                Some((at, length)) => {
                    let (plain, from_mark) = rest.split_at(at);
                    let (mark, tail) = from_mark.split_at(length);
                    (plain, mark, tail)
                }
                None => (rest, "", ""),
            };
            self.normalize_plain(plain, &mut normal);
            normal.push_str(mark);
            rest = tail;
        }
        normal
    }

    fn normalize_plain(&self, text: &str, normal: &mut String) {
        if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            normal.extend(text.bytes().map(|b| char::from(b.to_ascii_lowercase())));
            return;
        }
        let cleaned = text
            .chars()
            .filter(|c| !self.is_removed(*c))
            .map(|c| if is_white_space(c) { ' ' } else { c });
        let lower = cleaned.flat_map(char::to_lowercase).collect::<String>();
        for c in lower.nfd() {
            if c.is_ascii() {
                normal.push(c);
            } else if is(&self.punctuation, c) {
                normal.extend([' ', c, ' ']);
            } else if !is(&self.accents, c) {
                normal.push(c);
            }
        }
    }

    fn is_removed(&self, c: char) -> bool {
        match c {
            '\t' | '\n' | '\r' => false,
            '\u{fffd}' => true,
            c if c.is_ascii() => c.is_ascii_control(),
            c => is(&self.controls, c),
        }
    }
}

fn is(class: &Regex, c: char) -> bool {
    class.is_match(c.encode_utf8(&mut [0; 4]))
}

/// Tab, line feed, carriage return and Unicode's separators of words, lines and paragraphs.
fn is_white_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n' | '\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn pieces(max_pieces: usize) -> WordPieces {
        let vocabulary =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../models/minilm-finance/vocab.txt");
        WordPieces::load(&vocabulary, max_pieces).unwrap()
    }

    #[test]
    fn normalizes_before_it_splits() {
        let pieces = pieces(256);
        let check = |text: &str, expected: &str| assert_eq!(pieces.normalize(text), expected, "{text:?}");
        check("Bitcoin RISES 3.5%", "bitcoin rises 3.5%");
        check("Crédit Agricole İş", "credit agricole is");
        check("a≠b", "a=b");
        check("a\u{200b}b\u{7}c\u{fffd}d", "abcd");
        check("a\u{a0}b\tc\nd", "a b c d");
        check("it’s up…", "it ’ s up … ");
        check("line\u{2028}break", "line break");
        check("[SEP] No [sep] É[MASK]", "[SEP] no [sep] e[MASK]");
        check("", "");
    }

    #[test]
    fn long_texts_are_cut_and_say_so() {
        let pieces = pieces(16);
        let check = |words: usize, expected: (usize, bool)| {
            let encoded = pieces.encode(&"market ".repeat(words));
            assert_eq!((encoded.ids.len(), encoded.truncated), expected, "{words} words");
        };
        check(0, (2, false));
        check(14, (16, false));
        check(15, (16, true));
        check(1000, (16, true));
    }
}
