//! Instants as exchanges and files write them: counts whose unit shows only in their size.

use promptpal_domain::Timestamp;

/// Counts from here on are milliseconds, below seconds (1973-03-03 in the finer unit).
const FROM_MILLIS: u64 = 100_000_000_000;
/// Counts from here on are microseconds.
const FROM_MICROS: u64 = FROM_MILLIS * 1000;
/// Counts from here on are nanoseconds.
const FROM_NANOS: u64 = FROM_MICROS * 1000;

/// The instant of a count since 1970 in seconds, milli-, micro- or nanoseconds, told apart by magnitude.
///
/// Archives changed their unit in 2025, and not all of them: the date does not tell, the size does.
pub(crate) const fn by_magnitude(count: i64) -> Timestamp {
    let size = count.unsigned_abs();
    let ms = if size >= FROM_NANOS {
        count.div_euclid(1_000_000)
    } else if size >= FROM_MICROS {
        count.div_euclid(1000)
    } else if size >= FROM_MILLIS {
        count
    } else {
        count * 1000
    };
    Timestamp::from_millis(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_units_by_magnitude() {
        let check = |count: i64, ms: i64| assert_eq!(by_magnitude(count).millis(), ms, "{count}");
        check(1_735_689_600, 1_735_689_600_000);
        check(1_735_689_600_000, 1_735_689_600_000);
        check(1_735_689_600_000_000, 1_735_689_600_000);
        check(1_735_689_659_999_999, 1_735_689_659_999);
        check(1_735_689_600_000_000_000, 1_735_689_600_000);
        check(0, 0);
        check(i64::MIN, i64::MIN.div_euclid(1_000_000));
        check(i64::MAX, i64::MAX / 1_000_000);
    }
}
