//! Days and months of UTC instants.

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// Year and month (1 to 12) of a day counted since 1970, in the proleptic Gregorian calendar.
///
/// Years are counted from March so that the leap day comes last; 146,097 days make 400 years.
pub(crate) fn year_month(day: i64) -> (i64, u32) {
    let from_march_0000 = day + 719_468;
    let era = from_march_0000.div_euclid(146_097);
    let day_of_era = from_march_0000.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    (400 * era + year_of_era + i64::from(month <= 2), month as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use promptpal_domain::Timestamp;

    #[test]
    fn agrees_with_the_calendar() {
        for (date, expected) in [
            ("1970-01-01", (1970, 1)),
            ("1999-12-31", (1999, 12)),
            ("2000-02-29", (2000, 2)),
            ("2000-03-01", (2000, 3)),
            ("2023-02-28", (2023, 2)),
            ("2024-02-29", (2024, 2)),
            ("2024-12-31", (2024, 12)),
            ("2100-03-01", (2100, 3)),
        ] {
            let at: Timestamp = date.parse().unwrap();
            assert_eq!(year_month(at.millis().div_euclid(DAY_MS)), expected, "{date}");
        }
        assert_eq!(year_month(-1), (1969, 12));
    }
}
