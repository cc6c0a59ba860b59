//! What a file seems to hold, as a suggestion to the user.

use std::collections::HashMap;

use promptpal_domain::{Interval, Symbol, Timestamp};

/// The interval whose grid step is the most frequent between neighbouring open times.
#[must_use]
pub fn guess_interval(open_times: &[Timestamp]) -> Option<Interval> {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for pair in open_times.windows(2) {
        if let [a, b] = pair {
            *counts.entry(b.since(*a).abs()).or_default() += 1;
        }
    }
    let (step, _) = counts
        .into_iter()
        .filter(|(step, _)| *step > 0)
        .max_by_key(|(step, n)| (*n, -step))?;
    const DAY: i64 = 86_400_000;
    if (28 * DAY..=31 * DAY).contains(&step) {
        return Some(Interval::Month1);
    }
    Interval::ALL
        .into_iter()
        .find(|interval| *interval != Interval::Month1 && interval.nominal_millis() == step)
}

/// The symbol in a file's name: `BTCUSDT` in `BTCUSDT-1m-2024-01.csv` and in `btcusdt_1h.csv`.
#[must_use]
pub fn guess_symbol(file_name: &str) -> Option<Symbol> {
    let parts = file_name.split(|c: char| !c.is_alphanumeric());
    let name = parts
        .into_iter()
        .find(|part| part.len() >= 4 && part.chars().any(char::is_alphabetic))?;
    if name.eq_ignore_ascii_case("csv") {
        None
    } else {
        name.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_from_steps_and_names() {
        let at = |minutes: &[i64]| {
            minutes
                .iter()
                .map(|m| Timestamp::from_millis(m * 60_000))
                .collect::<Vec<_>>()
        };
        assert_eq!(guess_interval(&at(&[0, 5, 10, 30, 35])), Some(Interval::Minute5));
        assert_eq!(guess_interval(&at(&[60, 0, -60])), Some(Interval::Hour1));
        assert_eq!(guess_interval(&at(&[0, 8, 16])), None);
        assert_eq!(guess_interval(&at(&[0])), None);
        let months = ["2024-01-31", "2024-02-29", "2024-03-31"].map(|t| t.parse().unwrap());
        assert_eq!(guess_interval(&months), Some(Interval::Month1));
        let symbol = |name: &str| guess_symbol(name).map(|s| s.to_string());
        assert_eq!(symbol("BTCUSDT-1m-2024-01.csv").as_deref(), Some("BTCUSDT"));
        assert_eq!(symbol("my_ethusdt_1h.csv").as_deref(), Some("ETHUSDT"));
        assert_eq!(symbol("2024.csv"), None);
    }
}
