//! Which files hold a span.

use promptpal_domain::{Interval, Span, Symbol, Timestamp};
use url::Url;

use super::{Archive, ArchiveFile, ArchivePeriod};

/// The month in which the exchange opened: 2017-07-01. There is nothing older.
const OPENED: Timestamp = Timestamp::from_millis(1_498_867_200_000);

impl Archive {
    /// The files that hold candles of `span`, newest first: one a month where the whole month is asked for and over, and
    /// one a day for the rest. The day of `today`, and what is later, is left to REST. So is what a file would give only
    /// a few candles of ([`least_openings`](super::ArchiveConfig::least_openings)).
    ///
    /// A month of seconds is taken in days: its 2.7 million candles would fill the memory. Candles longer than a day are
    /// published by the month only.
    #[must_use]
    pub fn plan(
        &self,
        symbol: &Symbol,
        interval: Interval,
        span: Span,
        today: Timestamp,
    ) -> Vec<ArchiveFile> {
        let from = span.from().max(OPENED);
        let to = span.to().min(Interval::Day1.floor(today));
        let mut files = Vec::new();
        let mut month = Interval::Month1.floor(from);
        while month < to {
            let next = Interval::Month1.next(month);
            if next <= month {
                break;
            }
            if from <= month && next <= to && in_months(interval) {
                files.extend(self.file(symbol, interval, ArchivePeriod::Month, month));
            } else if in_days(interval) {
                let mut day = Interval::Day1.floor(from.max(month));
                while day < to.min(next) {
                    files.extend(self.file(symbol, interval, ArchivePeriod::Day, day));
                    day = Interval::Day1.next(day);
                }
            }
            month = next;
        }
        files.retain(|file| self.is_worth(interval, file.span.from().max(from), file.span.to().min(to)));
        files.reverse();
        files
    }

    /// The days of a month's file, newest first, for when it is not there. Nothing for the file of a day, and for candles
    /// that are published by the month only.
    #[must_use]
    pub fn days_of(&self, file: &ArchiveFile) -> Vec<ArchiveFile> {
        if file.period == ArchivePeriod::Day || !in_days(file.interval) {
            return Vec::new();
        }
        let mut days = Vec::new();
        let mut day = file.span.from();
        while day < file.span.to() {
            days.extend(self.file(&file.symbol, file.interval, ArchivePeriod::Day, day));
            day = Interval::Day1.next(day);
        }
        days.retain(|day| self.is_worth(day.interval, day.span.from(), day.span.to()));
        days.reverse();
        days
    }

    fn is_worth(&self, interval: Interval, from: Timestamp, to: Timestamp) -> bool {
        interval.count_between(from, to) >= self.config().least_openings.max(1)
    }

    fn file(
        &self,
        symbol: &Symbol,
        interval: Interval,
        period: ArchivePeriod,
        from: Timestamp,
    ) -> Option<ArchiveFile> {
        let (folder, to, length) = match period {
            ArchivePeriod::Month => ("monthly", Interval::Month1.next(from), "2024-03".len()),
            ArchivePeriod::Day => ("daily", Interval::Day1.next(from), "2024-03-01".len()),
        };
        let span = Span::new(from, to).ok()?;
        let date = from.to_string();
        let interval_name = archive_name(interval);
        let name = format!("{symbol}-{interval_name}-{}.zip", date.get(..length)?);
        let mut url = self.config().base.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend([
            "data",
            "spot",
            folder,
            "klines",
            symbol.as_str(),
            interval_name,
            name.as_str(),
        ]);
        Some(ArchiveFile {
            name,
            url,
            span,
            symbol: symbol.clone(),
            interval,
            period,
        })
    }
}

impl ArchiveFile {
    /// Where its checksum is.
    pub(crate) fn checksum_url(&self) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}.CHECKSUM", self.url.path()));
        url
    }
}

/// A month is `1mo`: on some systems `1M` and `1m` would be one folder.
const fn archive_name(interval: Interval) -> &'static str {
    match interval {
        Interval::Month1 => "1mo",
        other => other.as_str(),
    }
}

const fn in_months(interval: Interval) -> bool {
    !matches!(interval, Interval::Second1)
}

const fn in_days(interval: Interval) -> bool {
    !matches!(interval, Interval::Day3 | Interval::Week1 | Interval::Month1)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use promptpal_domain::ManualClock;
    use proptest::prelude::*;

    use super::*;
    use crate::archive::ArchiveConfig;

    fn archive(least_openings: u64) -> Archive {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = ArchiveConfig {
            least_openings,
            ..ArchiveConfig::at("http://127.0.0.1:1").unwrap()
        };
        Archive::new(config, Arc::new(ManualClock::default())).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn names(archive: &Archive, interval: Interval, from: &str, to: &str, today: &str) -> Vec<String> {
        let span = Span::new(at(from), at(to)).unwrap();
        let files = archive.plan(&"BTCUSDT".parse().unwrap(), interval, span, at(today));
        files
            .into_iter()
            .map(|file| {
                file.name
                    .trim_start_matches("BTCUSDT-")
                    .trim_end_matches(".zip")
                    .to_owned()
            })
            .collect()
    }

    #[test]
    fn whole_months_in_months_and_the_rest_in_days() {
        let archive = archive(1);
        let check = |interval: Interval, from: &str, to: &str, today: &str, expected: &[&str]| {
            assert_eq!(
                names(&archive, interval, from, to, today),
                expected,
                "{interval} {from} {to}"
            );
        };
        use Interval::*;
        // The end of a month, two whole ones, the days of this one; never today's.
        let today = "2024-04-03T15:00:00Z";
        check(
            Minute1,
            "2024-01-30T12:00:00Z",
            "2024-05-01",
            today,
            &[
                "1m-2024-04-02",
                "1m-2024-04-01",
                "1m-2024-03",
                "1m-2024-02",
                "1m-2024-01-31",
                "1m-2024-01-30",
            ],
        );
        check(Minute1, "2024-03-01", "2024-04-01", today, &["1m-2024-03"]);
        check(Minute1, "2024-03-31", "2024-04-01", today, &["1m-2024-03-31"]);
        check(Minute1, "2024-04-03", "2024-04-04", today, &[]);
        check(
            Minute1,
            "2024-04-02T23:59:00Z",
            "2024-04-04",
            today,
            &["1m-2024-04-02"],
        );
        // On the first of a month the last one is over.
        check(Minute1, "2024-03-01", "2024-04-01", "2024-04-01", &["1m-2024-03"]);
        check(
            Minute1,
            "2024-03-30",
            "2024-04-01",
            "2024-03-31T23:59:59Z",
            &["1m-2024-03-30"],
        );
        // A day that has no opening in the span holds nothing of it.
        check(
            Day1,
            "2024-03-30T12:00:00Z",
            "2024-04-01",
            today,
            &["1d-2024-03-31"],
        );
        // Long candles only by the month, and under a name of their own.
        check(
            Month1,
            "2024-01-15",
            "2024-04-03",
            today,
            &["1mo-2024-03", "1mo-2024-02"],
        );
        check(Week1, "2024-03-01", "2024-04-03", today, &["1w-2024-03"]);
        check(Day3, "2024-03-02", "2024-04-01", today, &[]);
        check(
            Second1,
            "2024-02-28",
            "2024-03-02",
            today,
            &["1s-2024-03-01", "1s-2024-02-29", "1s-2024-02-28"],
        );
        // The exchange opened in 2017, and a reversed or empty rest is nothing.
        check(Day1, "1970-01-01", "2017-08-01", today, &["1d-2017-07"]);
        check(Minute1, "2024-05-01", "2024-06-01", today, &[]);
        assert_eq!(
            archive
                .plan(&"BTCUSDT".parse().unwrap(), Hour1, Span::ALL, at(today))
                .len(),
            6 * 12 + 6 + 3 + 2
        );
    }

    #[test]
    fn files_that_save_no_request_are_left_to_rest() {
        let archive = archive(1000);
        let of = |interval| names(&archive, interval, "2024-02-20", "2024-04-01", "2024-04-03");
        assert_eq!(of(Interval::Minute1).len(), 1 + 10);
        assert_eq!(of(Interval::Minute5), ["5m-2024-03"]);
        assert_eq!(of(Interval::Minute30), ["30m-2024-03"]);
        assert!(of(Interval::Hour1).is_empty() && of(Interval::Month1).is_empty());
    }

    #[test]
    fn addresses_are_those_of_the_archives() {
        let archive = archive(1);
        let symbol: Symbol = "币安人生USDT".parse().unwrap();
        let span = Span::new(at("2024-02-29"), at("2024-04-01")).unwrap();
        let files = archive.plan(&symbol, Interval::Minute1, span, at("2024-04-03"));
        let paths: Vec<String> = files
            .iter()
            .map(|file| file.checksum_url().path().to_owned())
            .collect();
        let encoded = "%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT";
        assert_eq!(
            paths,
            [
                format!("/data/spot/monthly/klines/{encoded}/1m/{encoded}-1m-2024-03.zip.CHECKSUM"),
                format!("/data/spot/daily/klines/{encoded}/1m/{encoded}-1m-2024-02-29.zip.CHECKSUM"),
            ]
        );
        let days = archive.days_of(&files[0]);
        assert_eq!(
            (days.len(), days[0].name.as_str()),
            (31, "币安人生USDT-1m-2024-03-31.zip")
        );
        assert!(archive.days_of(&days[0]).is_empty());
    }

    /// A client takes some time to be made.
    static ANY: LazyLock<Archive> = LazyLock::new(|| archive(1));

    proptest! {
        #[test]
        fn files_hold_each_past_opening_of_a_span_once(
            from in 0_i64..900, length in 0_i64..200, today in 300_i64..1000, shift in 0_i64..1440,
            interval in proptest::sample::select(vec![Interval::Minute1, Interval::Hour8, Interval::Day1]),
        ) {
            const DAY: i64 = 86_400_000;
            let begin = at("2022-01-01");
            let from = begin.plus_millis(from * DAY + shift * 60_000);
            let span = Span::new(from, from.plus_millis(length * DAY + shift * 30_000)).unwrap();
            let today = begin.plus_millis(today * DAY + 1);
            let files = ANY.plan(&"BTCUSDT".parse().unwrap(), interval, span, today);
            // Newest first, without overlap, nothing of today.
            prop_assert!(files.windows(2).all(|pair| pair[1].span.to() <= pair[0].span.from()));
            let end = Interval::Day1.floor(today);
            prop_assert!(files.iter().all(|file| file.span.to() <= end));
            let held: u64 = files
                .iter()
                .map(|file| interval.count_between(file.span.from().max(span.from()), file.span.to().min(span.to())))
                .sum();
            prop_assert_eq!(held, interval.count_between(span.from(), span.to().min(end)));
        }
    }
}
