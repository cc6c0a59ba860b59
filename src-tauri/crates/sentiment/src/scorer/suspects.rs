//! Texts that brought the worker down.

use std::collections::{HashMap, VecDeque};

use sha2::{Digest, Sha256};

/// A text that brought the worker down this often by itself is not sent again.
const STRIKES: u32 = 2;
/// So many guilty texts without a single score between them are the worker's fault, not theirs.
const WORKER_BROKEN: usize = 3;
/// How many texts are remembered; the oldest are forgotten.
const REMEMBERED: usize = 4096;

type Key = [u8; 32];

/// Remembers which texts brought the worker down, by their hash.
#[derive(Debug, Default)]
pub(crate) struct Suspects {
    strikes: HashMap<Key, (u32, String)>,
    order: VecDeque<Key>,
    /// Condemned since the worker last scored anything.
    unproven: Vec<Key>,
}

impl Suspects {
    /// Notes that the worker scored something, so that it is not the worker that is broken.
    pub(crate) fn worker_works(&mut self) {
        self.unproven.clear();
    }

    /// Notes that `text`, alone in the worker, brought it down. Returns false when so many texts in a row did that the
    /// worker itself must be broken; then none of those is held guilty any longer.
    #[must_use]
    pub(crate) fn strike(&mut self, text: &str, reason: &str) -> bool {
        let key = key(text);
        let entry = self.strikes.entry(key).or_insert_with(|| {
            self.order.push_back(key);
            (0, String::new())
        });
        entry.0 += 1;
        reason.clone_into(&mut entry.1);
        if entry.0 >= STRIKES {
            self.unproven.push(key);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.strikes.remove(&oldest);
        }
        if self.unproven.len() < WORKER_BROKEN {
            return true;
        }
        for key in std::mem::take(&mut self.unproven) {
            self.strikes.remove(&key);
            self.order.retain(|other| *other != key);
        }
        false
    }

    /// Why `text` must not be sent, if so.
    pub(crate) fn verdict(&self, text: &str) -> Option<&str> {
        if self.strikes.is_empty() {
            return None;
        }
        self.strikes
            .get(&key(text))
            .filter(|(strikes, _)| *strikes >= STRIKES)
            .map(|(_, reason)| reason.as_str())
    }
}

fn key(text: &str) -> Key {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_strikes_and_the_oldest_are_forgotten() {
        let mut suspects = Suspects::default();
        assert!(suspects.strike("bad", "it crashed"));
        assert_eq!(suspects.verdict("bad"), None);
        assert!(suspects.strike("bad", "it crashed again"));
        assert_eq!(suspects.verdict("bad"), Some("it crashed again"));
        assert_eq!(suspects.verdict("good"), None);
        suspects.worker_works();
        for n in 0..REMEMBERED {
            assert!(suspects.strike(&n.to_string(), "noise"));
        }
        assert_eq!(suspects.verdict("bad"), None);
        assert_eq!(suspects.strikes.len(), REMEMBERED);
    }

    #[test]
    fn a_worker_that_survives_nothing_is_the_guilty_one() {
        let mut suspects = Suspects::default();
        let outcomes: Vec<bool> = ["a", "a", "b", "b", "c", "c"]
            .iter()
            .map(|text| suspects.strike(text, "crash"))
            .collect();
        assert_eq!(outcomes, [true, true, true, true, true, false]);
        assert!(
            ["a", "b", "c"]
                .iter()
                .all(|text| suspects.verdict(text).is_none())
        );
    }
}
