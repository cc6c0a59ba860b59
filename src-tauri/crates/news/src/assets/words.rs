//! Words of a text that may mean an asset or say something about one.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::known::{KNOWN, Kind, Known};
use super::vocabulary::{BESIDE, OTHERS, QUOTES, TRADE};

/// Bytes that no pattern is longer than.
const LONGEST: usize = 48;

/// What a pattern of the automaton stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pattern {
    Asset(Known),
    Other,
    Trade,
    Beside,
}

struct Automaton {
    find: AhoCorasick,
    patterns: Vec<Pattern>,
}

static AUTOMATON: LazyLock<Option<Automaton>> = LazyLock::new(|| {
    let mut words: Vec<&str> = KNOWN.iter().map(|known| known.pattern).collect();
    let mut patterns: Vec<Pattern> = KNOWN.iter().copied().map(Pattern::Asset).collect();
    for (list, pattern) in [
        (OTHERS, Pattern::Other),
        (TRADE, Pattern::Trade),
        (BESIDE, Pattern::Beside),
    ] {
        words.extend(list);
        patterns.resize(words.len(), pattern);
    }
    let find = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .build(words);
    Some(Automaton {
        find: find.ok()?,
        patterns,
    })
});

/// A pattern that stands in a text as a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    pub(super) pattern: Pattern,
    pub(super) start: usize,
    pub(super) end: usize,
    /// As it is written.
    pub(super) text: &'a str,
    /// A quote follows it directly or after a stroke, as in `SOLUSDT`.
    pub(super) is_pair: bool,
}

impl Word<'_> {
    pub(super) fn starts_upper(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

/// The words of `text` in order, those that are part of a longer name of something else left out.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let Some(automaton) = AUTOMATON.as_ref() else {
        return Vec::new();
    };
    let mut words: Vec<Word<'_>> = automaton
        .find
        .find_overlapping_iter(text)
        .filter_map(|found| {
            let pattern = automaton.patterns.get(found.pattern().as_usize()).copied()?;
            word(text, pattern, found.start(), found.end())
        })
        .collect();
    words.sort_by_key(|word| (word.start, std::cmp::Reverse(word.end)));
    let is_whole: Vec<bool> = (0..words.len()).map(|at| !is_within_longer(&words, at)).collect();
    let mut is_whole = is_whole.into_iter();
    words.retain(|_| is_whole.next().unwrap_or(true));
    words
}

fn word(text: &str, pattern: Pattern, start: usize, end: usize) -> Option<Word<'_>> {
    let written = text.get(start..end)?;
    let before = text.get(..start)?.chars().next_back();
    if before.is_some_and(is_word_char) {
        return None;
    }
    let rest = text.get(end..)?;
    let is_ticker = matches!(
        pattern,
        Pattern::Asset(Known {
            kind: Kind::Ticker(_),
            ..
        })
    );
    let is_pair = is_ticker && is_upper(written) && QUOTES.iter().any(|quote| is_quote(rest, quote));
    let is_word = !rest.starts_with(is_word_char) || (is_pair && !rest.starts_with(['/', '-']));
    // Tickers and spellings are words only as they are written.
    let as_written = match pattern {
        Pattern::Asset(known) if is_ticker || known.kind == Kind::Spelled => known.pattern == written,
        Pattern::Asset(_) | Pattern::Other | Pattern::Trade | Pattern::Beside => true,
    };
    // `FTT.TO` is a company's, and `USD1.05` an amount.
    let goes_on = is_ticker
        && rest
            .strip_prefix(['.', ','])
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    (is_word && as_written && !goes_on).then_some(Word {
        pattern,
        start,
        end,
        text: written,
        is_pair,
    })
}

fn is_quote(rest: &str, quote: &str) -> bool {
    let rest = rest.strip_prefix(['/', '-']).unwrap_or(rest);
    rest.strip_prefix(quote)
        .is_some_and(|after| !after.starts_with(is_word_char))
}

/// Whether the word at `at` is part of a longer name: the `bitcoin` of `bitcoin cash`.
fn is_within_longer(words: &[Word<'_>], at: usize) -> bool {
    let Some(word) = words.get(at) else {
        return false;
    };
    if !matches!(word.pattern, Pattern::Asset(_)) {
        return false;
    }
    let is_longer = |other: &&Word<'_>| {
        other.start <= word.start
            && other.end >= word.end
            && other.text.len() > word.text.len()
            && match other.pattern {
                Pattern::Other => true,
                Pattern::Asset(known) => matches!(known.kind, Kind::Name | Kind::Spelled),
                Pattern::Trade | Pattern::Beside => false,
            }
    };
    let before = words.get(..at).unwrap_or_default().iter().rev();
    let after = words.get(at + 1..).unwrap_or_default().iter();
    before
        .take_while(|other| other.start + LONGEST >= word.start)
        .find(is_longer)
        .or_else(|| {
            after
                .take_while(|other| other.start == word.start)
                .find(is_longer)
        })
        .is_some()
}

pub(super) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_upper(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}
