//! Price levels from the day before.

use crate::IndicatorError;
use crate::column::Frame;

const DAY_MS: i64 = 86_400_000;

/// A day's range and last price.
#[derive(Clone, Copy)]
struct Day {
    number: i64,
    /// Whether its first bar opens it. A day that the data begin in the middle of has an unknown range.
    whole: bool,
    high: f64,
    low: f64,
    close: f64,
}

/// Classic pivot points: from high, low and close of the previous UTC day, the middle, three resistances and three supports.
/// `NaN` where the data do not hold that day from its start.
pub(crate) fn pivots(frame: &Frame<'_>, _: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let bars = frame.bars;
    let mut columns: [Vec<f64>; 7] = std::array::from_fn(|_| Vec::with_capacity(bars.len()));
    let (mut today, mut levels): (Option<Day>, _) = (None, [f64::NAN; 7]);
    let prices = bars.high.iter().zip(bars.low).zip(bars.close);
    for (time, ((&high, &low), &close)) in bars.open_time.iter().zip(prices) {
        let number = time.div_euclid(DAY_MS);
        match &mut today {
            Some(day) if day.number == number => {
                (day.high, day.low, day.close) = (day.high.max(high), day.low.min(low), close);
            }
            other => {
                let before = other.filter(|day| day.whole && day.number + 1 == number);
                levels = before.map_or([f64::NAN; 7], |day| of_day(&day));
                *other = Some(Day {
                    number,
                    whole: time.rem_euclid(DAY_MS) == 0,
                    high,
                    low,
                    close,
                });
            }
        }
        for (column, level) in columns.iter_mut().zip(levels) {
            column.push(level);
        }
    }
    Ok(Vec::from(columns))
}

fn of_day(day: &Day) -> [f64; 7] {
    let pivot = (day.high + day.low + day.close) / 3.0;
    let range = day.high - day.low;
    [
        pivot,
        2.0 * pivot - day.low,
        2.0 * pivot - day.high,
        pivot + range,
        pivot - range,
        day.high + 2.0 * (pivot - day.low),
        day.low - 2.0 * (day.high - pivot),
    ]
}
