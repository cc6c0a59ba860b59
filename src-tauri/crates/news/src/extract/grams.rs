//! How much of a text stands in another one, told by runs of three words.

use std::collections::HashSet;

/// Words of a run.
const RUN: usize = 3;

/// The runs of words of one text, and its lines as wholes.
#[derive(Debug, Default)]
pub(super) struct Grams {
    runs: HashSet<u64>,
    lines: HashSet<u64>,
}

impl Grams {
    pub(super) fn of(text: &str) -> Self {
        let mut grams = Self::default();
        for line in text.split('\n') {
            let words = words(line);
            if words.is_empty() {
                continue;
            }
            grams.lines.insert(joined(&words));
            grams.runs.extend(words.windows(RUN).map(joined));
        }
        grams
    }

    /// The share of `words` that stands in this text, 0 to 1. Fewer words than a run has must be a line of their own.
    pub(super) fn share(&self, words: &[u64]) -> f32 {
        if words.is_empty() || self.lines.is_empty() {
            return 0.0;
        }
        if self.lines.contains(&joined(words)) {
            return 1.0;
        }
        let all = words.len().saturating_sub(RUN - 1);
        if all == 0 {
            return 0.0;
        }
        let found = words
            .windows(RUN)
            .filter(|run| self.runs.contains(&joined(run)))
            .count();
        found as f32 / all as f32
    }
}

/// The words of a text as numbers, in order, without regard to case and punctuation. Characters of scripts that write
/// without spaces are words of their own.
pub(super) fn words(text: &str) -> Vec<u64> {
    let mut words = Vec::with_capacity(text.len() / 6);
    let mut word = 0_u64;
    for c in text.chars() {
        let stands_alone =
            matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{e00}'..='\u{e7f}');
        if stands_alone || !c.is_alphanumeric() {
            if word != 0 {
                words.push(std::mem::take(&mut word));
            }
            if stands_alone {
                words.push(mixed(0, u64::from(u32::from(c))));
            }
        } else if c.is_ascii() {
            word = mixed(word, u64::from(u32::from(c.to_ascii_lowercase())));
        } else {
            for lower in c.to_lowercase() {
                word = mixed(word, u64::from(u32::from(lower)));
            }
        }
    }
    if word != 0 {
        words.push(word);
    }
    words
}

/// One number for a run of words.
pub(super) fn joined(words: &[u64]) -> u64 {
    words.iter().fold(1, |all, word| mixed(all, *word))
}

/// The step of FxHash: good enough to tell words apart, and fast.
pub(super) const fn mixed(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_counted_by_runs() {
        let text = Grams::of("Bitcoin rose by 5% on Monday.\n\nShare");
        let check = |other: &str, expected: f32| {
            let share = text.share(&words(other));
            assert!((share - expected).abs() < 1e-6, "{other}: {share}");
        };
        check("BITCOIN rose, by 5% on Monday", 1.0);
        check("Bitcoin rose by 9% on Monday", 1.0 / 4.0);
        check("rose by", 0.0);
        check("share", 1.0);
        check("", 0.0);
        check("nothing of it at all", 0.0);
        assert_eq!(words("比特币 5%").len(), 4);
    }
}
