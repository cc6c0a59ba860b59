//! What stands around a word: its line, what precedes and follows it, whether it is one of a list.

use super::vocabulary::{SHARES, is_certain, is_market, is_preposition};
use super::words::{Pattern, Word, is_word_char};

/// How far from an ambiguous name a word that settles it may stand, in bytes.
const NEARBY: usize = 48;
/// Letters of a line below which its case says nothing about shouting.
const TOO_FEW_LETTERS: usize = 10;

/// A line of a text.
#[derive(Debug)]
struct Line {
    end: usize,
    /// In capitals, so that case says nothing.
    is_shouted: bool,
    /// Most words have a capital, so that one says little.
    is_titled: bool,
    /// About shares of companies.
    is_of_shares: bool,
}

/// A text and its lines.
pub(super) struct Surroundings<'a> {
    text: &'a str,
    lines: Vec<Line>,
}

impl<'a> Surroundings<'a> {
    /// `words` are those found in `text`, in order.
    pub(super) fn of(text: &'a str, words: &[Word<'_>]) -> Self {
        let mut words = words.iter().peekable();
        let mut start = 0;
        let lines = text
            .split_inclusive('\n')
            .map(|line| {
                let end = start + line.len();
                let mut rest = String::new();
                let mut from = start;
                while let Some(word) = words.next_if(|word| word.start < end) {
                    // Tickers are capitals whatever the line is.
                    if matches!(word.pattern, Pattern::Asset(_)) {
                        rest.push_str(text.get(from..word.start).unwrap_or_default());
                        from = from.max(word.end);
                    }
                }
                rest.push_str(text.get(from..end).unwrap_or_default());
                start = end;
                Line {
                    end,
                    is_shouted: is_shouted(&rest),
                    is_titled: is_titled(&rest),
                    is_of_shares: rest
                        .split(|c: char| !is_word_char(c) && c != ':')
                        .any(|word| SHARES.contains(&word.to_lowercase().as_str())),
                }
            })
            .collect();
        Self { text, lines }
    }

    fn line(&self, word: &Word<'_>) -> Option<&Line> {
        let at = self.lines.partition_point(|line| line.end <= word.start);
        self.lines.get(at)
    }

    pub(super) fn is_shouted(&self, word: &Word<'_>) -> bool {
        self.line(word).is_some_and(|line| line.is_shouted)
    }

    pub(super) fn is_titled(&self, word: &Word<'_>) -> bool {
        self.line(word).is_some_and(|line| line.is_titled)
    }

    pub(super) fn is_of_shares(&self, word: &Word<'_>) -> bool {
        self.line(word).is_some_and(|line| line.is_of_shares)
    }

    fn before(&self, word: &Word<'_>) -> &'a str {
        self.text.get(..word.start).unwrap_or_default()
    }

    fn after(&self, word: &Word<'_>) -> &'a str {
        self.text.get(word.end..).unwrap_or_default()
    }

    pub(super) fn is_cashtag(&self, word: &Word<'_>) -> bool {
        self.before(word).ends_with('$')
    }

    pub(super) fn is_bracketed(&self, word: &Word<'_>) -> bool {
        self.before(word).ends_with('(') && self.after(word).starts_with(')')
    }

    /// The second half of a pair: the `USDC` of `SOL/USDC`.
    pub(super) fn is_quote(&self, word: &Word<'_>) -> bool {
        self.before(word)
            .strip_suffix(['/', '-'])
            .is_some_and(|base| base.ends_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
    }

    /// The word that follows directly, after a blank or a hyphen, in lower case; the possessive is skipped.
    fn next_word(&self, word: &Word<'_>) -> String {
        let rest = self.after(word);
        let rest = rest
            .strip_prefix("'s")
            .or_else(|| rest.strip_prefix("’s"))
            .unwrap_or(rest);
        rest.strip_prefix([' ', '-'])
            .unwrap_or_default()
            .chars()
            .take_while(|c| is_word_char(*c))
            .flat_map(char::to_lowercase)
            .collect()
    }

    /// Whether what follows a ticker is what assets do or have: `jumps`, `holders`, `up 4%`.
    pub(super) fn is_on_market(&self, word: &Word<'_>) -> bool {
        let next = self.next_word(word);
        is_market(&next)
            || (matches!(next.as_str(), "up" | "down" | "higher" | "lower")
                && self.after(word).get(1..).is_some_and(|rest| {
                    let rest = rest.trim_start_matches(|c: char| c.is_alphabetic()).trim_start();
                    rest.is_empty()
                        || rest.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation())
                }))
    }

    /// Whether it is called a token or a coin.
    pub(super) fn is_called_token(&self, word: &Word<'_>) -> bool {
        is_certain(&self.next_word(word)) || is_certain(&self.word_before(word))
    }

    /// Whether it moves by a stated amount: `jumps 60%`.
    pub(super) fn is_moving(&self, word: &Word<'_>) -> bool {
        let next = self.next_word(word);
        let beyond = self
            .after(word)
            .get(1 + next.len()..)
            .unwrap_or_default()
            .trim_start();
        is_market(&next) && beyond.starts_with(|c: char| c.is_ascii_digit())
    }

    /// Whether it is where something happens, what that is done with or compared to, and not what it is about.
    pub(super) fn is_in_passing(&self, word: &Word<'_>) -> bool {
        is_preposition(&self.word_before(word)) || self.is_quote(word) || self.is_ground(word)
    }

    /// The word that stands directly before, in lower case.
    fn word_before(&self, word: &Word<'_>) -> String {
        let before = self.before(word);
        let Some(before) = before.strip_suffix(' ') else {
            return String::new();
        };
        before
            .trim_end_matches('.')
            .rsplit(|c: char| !is_word_char(c))
            .next()
            .unwrap_or_default()
            .to_lowercase()
    }

    /// Whether an amount of it is named: `4,200 SOL`, `11M APT`, `2 million OP`.
    pub(super) fn is_amount(&self, word: &Word<'_>) -> bool {
        let Some(before) = self.before(word).strip_suffix(' ') else {
            return false;
        };
        let last = before.rsplit([' ', '\n']).next().unwrap_or_default();
        let digits = last.chars().filter(char::is_ascii_digit).count();
        let is_plain = last.starts_with(|c: char| c.is_ascii_digit());
        let is_scaled = last.ends_with(['K', 'M', 'B', 'k', 'm', 'b']) && digits > 0;
        let is_spelled = matches!(last, "million" | "billion" | "thousand" | "Millionen");
        is_spelled || (is_plain && (is_scaled || digits > 3 || last.contains('.')))
    }

    /// Whether an article makes it a plain noun: `an avalanche`, `a ripple of`.
    pub(super) fn is_plain_noun(&self, word: &Word<'_>) -> bool {
        matches!(self.word_before(word).as_str(), "a" | "an" | "ein" | "eine") || self.next_word(word) == "of"
    }

    /// Whether it is called what others are made on: `Cosmos-based`.
    pub(super) fn is_ground(&self, word: &Word<'_>) -> bool {
        ["-based", "-native", "-powered", "-linked"]
            .iter()
            .any(|ending| self.after(word).starts_with(ending))
    }

    /// Whether it opens its line, where the capital says nothing.
    pub(super) fn opens_line(&self, word: &Word<'_>) -> bool {
        let before = self.before(word);
        before.is_empty() || before.ends_with('\n') || before.ends_with(". ")
    }

    pub(super) fn is_possessive(&self, word: &Word<'_>) -> bool {
        ["'s ", "’s ", "' ", "’ "]
            .iter()
            .any(|ending| self.after(word).starts_with(ending))
    }

    /// Whether `other` stands near `word` in the same line without touching it.
    pub(super) fn is_near(&self, word: &Word<'_>, other: &Word<'_>) -> bool {
        let (first, second) = if word.start <= other.start {
            (word, other)
        } else {
            (other, word)
        };
        let between = second.start.checked_sub(first.end);
        between.is_some_and(|gap| gap <= NEARBY)
            && self
                .text
                .get(first.end..second.start)
                .is_some_and(|between| !between.contains('\n'))
    }

    /// Whether `second` follows `first` directly: `Sui exploit`, `Solana's price`, `Ether-Kurs`.
    pub(super) fn is_next(&self, first: &Word<'_>, second: &Word<'_>) -> bool {
        matches!(
            self.text.get(first.end..second.start),
            Some(" " | "-" | "'s " | "’s " | "' ")
        )
    }

    /// Whether `second` follows the possessive of `first`.
    pub(super) fn is_owner_of(&self, first: &Word<'_>, second: &Word<'_>) -> bool {
        let between = self.text.get(first.end..second.start);
        matches!(between, Some("'s " | "’s " | "' " | "’ "))
    }

    /// Whether `second` follows `first` as the next of a list.
    pub(super) fn is_next_of_list(&self, first: &Word<'_>, second: &Word<'_>) -> bool {
        let between = self.text.get(first.end..second.start).unwrap_or_default();
        let between = between.strip_suffix('$').unwrap_or(between);
        matches!(
            between,
            ", " | " and "
                | ", and "
                | " & "
                | " und "
                | " or "
                | ", or "
                | " oder "
                | " vs. "
                | " vs "
                | "/"
        ) || (between == " " && self.is_cashtag(second))
    }
}

fn is_shouted(line: &str) -> bool {
    let (mut upper, mut all) = (0_usize, 0_usize);
    for c in line.chars().filter(|c| c.is_alphabetic()) {
        upper += usize::from(c.is_uppercase());
        all += 1;
    }
    all >= TOO_FEW_LETTERS && upper * 10 > all * 7
}

fn is_titled(line: &str) -> bool {
    let long = line
        .split(|c: char| !is_word_char(c))
        .filter(|word| word.len() > 3 && word.starts_with(char::is_alphabetic));
    let (mut capital, mut all) = (0_usize, 0_usize);
    for word in long {
        capital += usize::from(word.starts_with(char::is_uppercase));
        all += 1;
    }
    all >= 3 && capital * 10 > all * 6
}
