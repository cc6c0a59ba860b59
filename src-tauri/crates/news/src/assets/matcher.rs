//! Finding mentions.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::table::{ASSETS, BESIDE, Class, OTHERS, QUOTES, TRADE};

/// How far from an ambiguous name a word that settles it may stand, in bytes.
const NEARBY: usize = 48;

/// One place where a text means an asset.
#[derive(Debug)]
pub(super) struct Mention {
    pub(super) asset: &'static str,
    /// Byte offset.
    pub(super) at: usize,
    /// Which rule, and the word it applied to: `name:bitcoin`.
    pub(super) rule: String,
    /// Lower is surer.
    pub(super) rank: u8,
}

/// What a pattern of the automaton stands for.
#[derive(Clone, Copy, Debug)]
enum Pattern {
    Asset {
        ticker: &'static str,
        word: &'static str,
        class: Class,
    },
    Other,
    Trade,
    Beside,
}

struct Automaton {
    find: AhoCorasick,
    patterns: Vec<Pattern>,
}

static AUTOMATON: LazyLock<Option<Automaton>> = LazyLock::new(|| {
    let mut words: Vec<&str> = Vec::new();
    let mut patterns = Vec::new();
    for asset in ASSETS {
        words.push(asset.ticker);
        patterns.push(Pattern::Asset {
            ticker: asset.ticker,
            word: asset.ticker,
            class: asset.class,
        });
        for (name, class) in asset.names {
            words.push(name);
            patterns.push(Pattern::Asset {
                ticker: asset.ticker,
                word: name,
                class: *class,
            });
        }
    }
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

/// A pattern that stands in the text as a word.
struct Word<'a> {
    pattern: Pattern,
    start: usize,
    end: usize,
    /// As it is written.
    text: &'a str,
    /// The quote that follows it directly or after a stroke, as in `SOLUSDT`.
    is_pair: bool,
}

/// Every place where `text` means a known asset.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let words = words(text);
    let is_crypto = words.iter().any(|word| match word.pattern {
        Pattern::Trade => true,
        Pattern::Asset {
            class: Class::Name, ..
        } => true,
        Pattern::Asset {
            class: Class::Ticker,
            word: ticker,
            ..
        } => word.text == ticker,
        Pattern::Asset { .. } | Pattern::Other | Pattern::Beside => false,
    });
    // Assets that the text names in a way that can mean nothing else.
    let named: HashSet<&str> = words
        .iter()
        .filter_map(|word| match word.pattern {
            Pattern::Asset {
                ticker,
                class: Class::Name,
                ..
            } => Some(ticker),
            Pattern::Asset { ticker, class, .. } if is_spelled_out(text, word, class) => Some(ticker),
            _ => None,
        })
        .collect();
    words
        .iter()
        .filter_map(|word| mention(text, word, &words, is_crypto, &named))
        .collect()
}

fn mention(
    text: &str,
    word: &Word<'_>,
    words: &[Word<'_>],
    is_crypto: bool,
    named: &HashSet<&str>,
) -> Option<Mention> {
    let Pattern::Asset {
        ticker,
        word: pattern,
        class,
    } = word.pattern
    else {
        return None;
    };
    let found = |rank: u8, rule: &str| {
        Some(Mention {
            asset: ticker,
            at: word.start,
            rule: format!("{rule}:{}", pattern.to_lowercase()),
            rank,
        })
    };
    // Part of a longer name that means something else: the `bitcoin` of `bitcoin cash`.
    if words.iter().any(|other| is_longer_name(other, word, ticker)) {
        return None;
    }
    match class {
        Class::Name => found(0, "name"),
        Class::WordName => {
            let capital = word.text.starts_with(char::is_uppercase);
            let settled = named.contains(ticker) || is_beside_trade(word, words);
            (capital && settled && !is_shouted(text, word))
                .then(|| found(4, "name-context"))
                .flatten()
        }
        Class::Ticker | Class::SharedTicker | Class::WordTicker => {
            if word.text != pattern && !(pattern.starts_with(char::is_lowercase) && is_upper(word.text)) {
                return None;
            }
            if is_cashtag(text, word) {
                return found(1, "cashtag");
            }
            if word.is_pair {
                return found(2, "pair");
            }
            let in_brackets = is_bracketed(text, word);
            match class {
                Class::Ticker => found(0, "ticker"),
                Class::SharedTicker if named.contains(ticker) => found(1, "ticker-named"),
                Class::SharedTicker if is_crypto && !is_shouted(text, word) => found(3, "ticker-context"),
                Class::WordTicker if named.contains(ticker) && !is_shouted(text, word) => {
                    found(3, "ticker-named")
                }
                Class::WordTicker
                    if in_brackets && is_crypto && is_upper(word.text) && word.text.len() > 2 =>
                {
                    found(4, "ticker-brackets")
                }
                _ => None,
            }
        }
    }
}

/// Patterns as words, overlapping ones included.
fn words(text: &str) -> Vec<Word<'_>> {
    let Some(automaton) = AUTOMATON.as_ref() else {
        return Vec::new();
    };
    let mut words = Vec::new();
    for found in automaton.find.find_overlapping_iter(text) {
        let (start, end) = (found.start(), found.end());
        let (Some(pattern), Some(written)) = (
            automaton.patterns.get(found.pattern().as_usize()).copied(),
            text.get(start..end),
        ) else {
            continue;
        };
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let rest = text.get(end..).unwrap_or_default();
        if before.is_some_and(is_word_char) {
            continue;
        }
        let is_pair = is_upper(written) && QUOTES.iter().any(|quote| is_quote(rest, quote));
        let is_word = !rest.starts_with(is_word_char) || (is_pair && !rest.starts_with(['/', '-']));
        // The possessive belongs to the word.
        if is_word || rest.starts_with("'s") || rest.starts_with("’s") {
            words.push(Word {
                pattern,
                start,
                end,
                text: written,
                is_pair,
            });
        }
    }
    words
}

fn is_quote(rest: &str, quote: &str) -> bool {
    let rest = rest.strip_prefix(['/', '-']).unwrap_or(rest);
    rest.strip_prefix(quote)
        .is_some_and(|after| !after.starts_with(is_word_char))
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_upper(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

fn is_cashtag(text: &str, word: &Word<'_>) -> bool {
    text.get(..word.start).is_some_and(|before| before.ends_with('$'))
}

fn is_bracketed(text: &str, word: &Word<'_>) -> bool {
    text.get(..word.start).is_some_and(|before| before.ends_with('('))
        && text.get(word.end..).is_some_and(|after| after.starts_with(')'))
}

/// A ticker written in a way that no plain word is.
fn is_spelled_out(text: &str, word: &Word<'_>, class: Class) -> bool {
    match class {
        Class::Ticker => is_upper(word.text),
        Class::SharedTicker | Class::WordTicker => {
            is_upper(word.text) && (is_cashtag(text, word) || word.is_pair)
        }
        Class::Name | Class::WordName => false,
    }
}

fn is_longer_name(other: &Word<'_>, word: &Word<'_>, ticker: &str) -> bool {
    let longer =
        other.start <= word.start && other.end >= word.end && other.end - other.start > word.end - word.start;
    longer
        && match other.pattern {
            Pattern::Other => true,
            Pattern::Asset {
                ticker: of,
                class: Class::Name,
                ..
            } => of != ticker,
            Pattern::Asset { .. } | Pattern::Trade | Pattern::Beside => false,
        }
}

fn is_beside_trade(word: &Word<'_>, words: &[Word<'_>]) -> bool {
    words.iter().any(|other| {
        let is_trade = matches!(other.pattern, Pattern::Trade | Pattern::Beside);
        let gap = other
            .start
            .saturating_sub(word.end)
            .max(word.start.saturating_sub(other.end));
        is_trade && gap <= NEARBY && (other.start >= word.end || other.end <= word.start)
    })
}

/// Whether the word stands in a line of capitals, where case says nothing.
fn is_shouted(text: &str, word: &Word<'_>) -> bool {
    let line_start = text
        .get(..word.start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let line_end = text
        .get(word.end..)
        .and_then(|after| after.find('\n'))
        .map_or(text.len(), |at| word.end + at);
    let around = [text.get(line_start..word.start), text.get(word.end..line_end)];
    let letters = around
        .into_iter()
        .flatten()
        .flat_map(str::chars)
        .filter(|c| c.is_alphabetic());
    let (mut upper, mut all) = (0_usize, 0_usize);
    for c in letters {
        upper += usize::from(c.is_uppercase());
        all += 1;
    }
    all >= 10 && upper * 10 > all * 7
}
