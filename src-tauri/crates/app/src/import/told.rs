//! What a file says about the openings that it has no candle for.

use promptpal_domain::{Candle, Interval, Span, Timestamp};

/// What a file has told of so far: where it has no candle between two others, it has none.
#[derive(Debug, Default)]
pub(super) struct Told(Option<(Timestamp, Timestamp)>);

impl Told {
    /// The span that is told of by `batch` and what came before it, without what was told of before. Nothing where the file
    /// goes back and forth. It ends before the candle that is still forming at `now`.
    pub(super) fn also_by(&mut self, batch: &[Candle], interval: Interval, now: Timestamp) -> Option<Span> {
        let opens = || batch.iter().map(|candle| candle.open_time);
        let from = interval.floor(opens().min()?);
        let to = interval
            .next(interval.floor(opens().max()?))
            .min(interval.floor(now));
        let (new, all) = match self.0 {
            None => ((from, to), (from, to)),
            Some((first, end)) if from >= end => ((end, to), (first, to)),
            // Newest first, as some write their files.
            Some((first, end)) if to <= first => ((from, first), (from, end)),
            Some((first, end)) => {
                self.0 = Some((first.min(from), end.max(to)));
                return None;
            }
        };
        self.0 = Some(all);
        Span::new(new.0, new.1).ok().filter(|span| !span.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use promptpal_domain::Decimal;

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn batch(hours: &[i64]) -> Vec<Candle> {
        let one: Decimal = "1".parse().unwrap();
        let candle = |hour: &i64| Candle {
            open_time: Timestamp::from_millis(hour * HOUR),
            close_time: None,
            open: one,
            high: one,
            low: one,
            close: one,
            volume: one,
            quote_volume: None,
            trades: None,
            taker_base_volume: None,
            taker_quote_volume: None,
        };
        hours.iter().map(candle).collect()
    }

    #[test]
    fn a_file_tells_of_what_lies_between_its_candles() {
        let check = |batches: &[&[i64]], expected: &[Option<(i64, i64)>]| {
            let mut told = Told::default();
            let now = Timestamp::from_millis(100 * HOUR + 1);
            let seen: Vec<Option<(i64, i64)>> = batches
                .iter()
                .map(|hours| {
                    let span = told.also_by(&batch(hours), Interval::Hour1, now)?;
                    Some((span.from().millis() / HOUR, span.to().millis() / HOUR))
                })
                .collect();
            assert_eq!(seen, expected, "{batches:?}");
        };
        check(&[&[1, 2, 5], &[8, 9]], &[Some((1, 6)), Some((6, 10))]);
        check(&[&[9, 8], &[5, 2, 1]], &[Some((8, 10)), Some((1, 8))]);
        check(&[&[1, 9], &[5], &[12]], &[Some((1, 10)), None, Some((10, 13))]);
        check(&[&[98, 99, 100]], &[Some((98, 100))]);
        check(&[&[100]], &[None]);
        check(&[&[]], &[None]);
    }
}
