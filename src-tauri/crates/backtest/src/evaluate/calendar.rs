//! Conditions of the clock, at the close of each bar.

use super::columns::Truths;
use crate::calendar::DAY_MS;
use crate::truth::{self, UNKNOWN};

/// Milliseconds of a minute.
const MINUTE_MS: i64 = 60_000;
/// Monday is day 4 since 1970.
const FIRST_MONDAY: i64 = 4;

/// Whether each close lies in hours of the day (minutes since midnight UTC, `from` included, `to` not; over midnight where `to` is
/// not after `from`) that begin on one of `days`, bit 0 being Monday. `closes` are the last milliseconds of the bars.
pub(super) fn session(closes: &[i64], from: u32, to: u32, days: u8) -> Truths<'static> {
    let inside = |close: i64| {
        let at = close + 1;
        let minute = at.rem_euclid(DAY_MS) / MINUTE_MS;
        let (from, to) = (i64::from(from), i64::from(to));
        let on = |day: i64| days >> (day - FIRST_MONDAY).rem_euclid(7) & 1 == 1;
        let today = at.div_euclid(DAY_MS);
        if from < to {
            (from..to).contains(&minute) && on(today)
        } else {
            (minute >= from && on(today)) || (minute < to && on(today - 1))
        }
    };
    Truths::Column(closes.iter().map(|&close| truth::of(inside(close))).collect())
}

/// Whether each close lies in another period since 1970 than the close before it; unknown on the first bar.
pub(super) fn every(closes: &[i64], period_ms: i64) -> Truths<'static> {
    let period = |close: i64| (close + 1).div_euclid(period_ms);
    let later = closes.iter().skip(1);
    let turns = closes
        .iter()
        .zip(later)
        .map(|(&before, &close)| truth::of(period(before) != period(close)));
    Truths::Column(closes.first().map(|_| UNKNOWN).into_iter().chain(turns).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last millisecond before a time of a day in January 1970; the 5th is a Monday.
    fn close(day: i64, hour: i64) -> i64 {
        (day - 1) * DAY_MS + hour * 60 * MINUTE_MS - 1
    }

    #[test]
    fn sessions_are_hours_of_days() {
        let check = |(day, hour): (i64, i64), (from, to): (u32, u32), days: u8, expected: bool| {
            let got = session(&[close(day, hour)], from * 60, to * 60, days);
            assert_eq!(
                got,
                Truths::Column(vec![truth::of(expected)].into()),
                "{day} {hour}"
            );
        };
        const ALL: u8 = 0b111_1111;
        const MONDAY: u8 = 1;
        check((5, 8), (8, 16), ALL, true);
        check((5, 7), (8, 16), ALL, false);
        check((5, 15), (8, 16), ALL, true);
        check((5, 16), (8, 16), ALL, false);
        check((5, 9), (8, 16), MONDAY, true);
        check((6, 9), (8, 16), MONDAY, false);
        check((4, 9), (8, 16), MONDAY, false);
        // Over midnight the day is the one it began on.
        check((5, 23), (22, 4), MONDAY, true);
        check((6, 3), (22, 4), MONDAY, true);
        check((6, 4), (22, 4), MONDAY, false);
        check((5, 3), (22, 4), MONDAY, false);
        // All day.
        check((5, 0), (0, 24), MONDAY, true);
        check((6, 0), (0, 24), MONDAY, false);
    }

    #[test]
    fn periods_turn_at_their_beginning() {
        let closes: Vec<i64> = (20..30).map(|hour| close(5, hour)).collect();
        let Truths::Column(turns) = every(&closes, DAY_MS) else {
            panic!("a column");
        };
        let at: Vec<usize> = (0..turns.len()).filter(|&i| turns[i] == truth::TRUE).collect();
        assert_eq!((at, turns[0]), (vec![4], UNKNOWN));
    }
}
