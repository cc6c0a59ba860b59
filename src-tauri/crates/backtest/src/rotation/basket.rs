//! All symbols of a rotation as one instrument: the same amount in each from its first bar on.

use promptpal_domain::Bars;

/// The basket at every open time of any of them: the mean over all symbols of their price over their first open. Before its
/// first bar a symbol counts as one (its part is cash), and where it has no bar with its last close.
pub(super) fn basket(all: &[&Bars]) -> Bars {
    let mut times: Vec<i64> = all
        .iter()
        .flat_map(|bars| bars.open_time.iter().copied())
        .collect();
    times.sort_unstable();
    times.dedup();
    let mut basket = all.first().map_or_else(
        || Bars::empty(promptpal_domain::Interval::Day1, 8, 0),
        |bars| Bars::empty(bars.interval, 8, 0),
    );
    let mut members: Vec<Member<'_>> = all.iter().map(|bars| Member::new(bars)).collect();
    for time in times {
        let [mut open, mut high, mut low, mut close] = [0.0; 4];
        for member in &mut members {
            let [o, h, l, c] = member.at(time);
            open += o;
            high += h;
            low += l;
            close += c;
        }
        let count = all.len() as f64;
        basket.open_time.push(time);
        basket.open.push(open / count);
        basket.high.push(high / count);
        basket.low.push(low / count);
        basket.close.push(close / count);
        basket.volume.push(0.0);
    }
    basket
}

struct Member<'a> {
    bars: &'a Bars,
    next: usize,
    first_open: f64,
    last: f64,
}

impl<'a> Member<'a> {
    fn new(bars: &'a Bars) -> Self {
        Self {
            bars,
            next: 0,
            first_open: bars.open.first().copied().unwrap_or(1.0),
            last: 1.0,
        }
    }

    /// Open, high, low and close over its first open.
    fn at(&mut self, time: i64) -> [f64; 4] {
        let Bars {
            open_time,
            open,
            high,
            low,
            close,
            ..
        } = self.bars;
        if open_time.get(self.next) != Some(&time) {
            return [self.last; 4];
        }
        let columns =
            [open, high, low, close].map(|column| column.get(self.next).copied().unwrap_or(f64::NAN));
        self.next += 1;
        let over = columns.map(|price| price / self.first_open);
        self.last = over[3];
        over
    }
}
