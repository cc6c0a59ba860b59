//! Sums of a run's bar returns over equal parts of its span: all that is kept of a run of a sweep besides its figures.

use super::moments::PartSums;

/// Parts of the bars, of which none is longer than another by more than a bar, with the sums of the returns in each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    bars: usize,
    /// Bars that have come.
    come: usize,
    /// Which part is being filled.
    at: usize,
    sums: Vec<PartSums>,
}

/// The bar behind part `part` of `parts`.
pub(crate) fn end_of(part: usize, parts: usize, bars: usize) -> usize {
    // In 128 bits, since the product may not fit.
    ((part as u128 + 1) * bars as u128 / parts.max(1) as u128) as usize
}

impl Blocks {
    /// So many `parts` of so many `bars`; of no part nothing is kept.
    pub(crate) fn of(bars: usize, parts: usize) -> Self {
        Self {
            bars,
            sums: vec![PartSums::default(); parts],
            ..Self::default()
        }
    }

    /// Takes the returns of the next bars, and what they sum up to.
    pub(super) fn add(&mut self, mut returns: &[f64], whole: PartSums) {
        let parts = self.sums.len();
        let mut whole = Some(whole);
        while !returns.is_empty() && self.at < parts {
            let end = end_of(self.at, parts, self.bars);
            let here = returns.len().min(end - self.come);
            // Most stretches lie within one part, and have been summed up already.
            let sums = match whole.take().filter(|_| here == returns.len()) {
                Some(sums) => sums,
                None => PartSums::of(returns.get(..here).unwrap_or_default()),
            };
            if let Some(part) = self.sums.get_mut(self.at) {
                part.add(sums);
            }
            returns = returns.get(here..).unwrap_or_default();
            self.come += here;
            self.at += usize::from(self.come == end);
        }
    }

    /// The sums, one for each part.
    pub(crate) fn into_sums(self) -> Vec<PartSums> {
        self.sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_return_is_in_the_part_of_its_bar() {
        for (bars, parts, chunk) in [
            (1_000, 16, 512),
            (2_000, 16, 512),
            (37, 4, 5),
            (16, 16, 3),
            (9, 1, 9),
            (50_000, 16, 512),
        ] {
            let returns: Vec<f64> = (0..bars).map(|bar| f64::from((bar * 37 % 101) as u8)).collect();
            let mut blocks = Blocks::of(bars, parts);
            for piece in returns.chunks(chunk) {
                blocks.add(piece, PartSums::of(piece));
            }
            let mut from = 0;
            for (part, sums) in blocks.into_sums().into_iter().enumerate() {
                let to = end_of(part, parts, bars);
                // Whole numbers: sums are exact in any order.
                assert_eq!(sums, PartSums::of(&returns[from..to]), "{bars} {parts} {part}");
                assert!((to - from).abs_diff(bars / parts) <= 1);
                from = to;
            }
            assert_eq!(from, bars);
        }
    }

    #[test]
    fn without_parts_nothing_is_kept() {
        let mut blocks = Blocks::default();
        blocks.add(&[1.0, 2.0], PartSums::of(&[1.0, 2.0]));
        assert!(blocks.into_sums().is_empty());
    }
}
