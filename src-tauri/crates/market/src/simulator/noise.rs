//! Random numbers that are the same everywhere.

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

#[derive(Clone, Debug)]
pub(crate) struct Noise {
    source: ChaCha8Rng,
}

impl Noise {
    /// A stream of its own for each `channel` of a seed, so that one asset more does not change the others.
    pub(crate) fn new(seed: u64, channel: u64) -> Self {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        source.set_stream(channel);
        Self { source }
    }

    /// Evenly in `[0, 1)`, in steps of `2^-32`.
    pub(crate) fn uniform(&mut self) -> f64 {
        f64::from(self.source.next_u32()) / 4_294_967_296.0
    }

    /// Four numbers evenly in `[-1, 1)`, in steps of `2^-15`.
    pub(crate) fn four(&mut self) -> [f64; 4] {
        let bits = self.source.next_u64();
        [0, 16, 32, 48].map(|shift| f64::from((bits >> shift) as u16) / 32_768.0 - 1.0)
    }

    /// Nearly normal with mean 0 and variance 1: the sum of twelve uniform numbers, hence within 6.
    pub(crate) fn normal(&mut self) -> f64 {
        let mut sum = 0.0;
        for _ in 0..3 {
            for part in self.four() {
                sum += part;
            }
        }
        // Twelve in [-1, 1) have the variance 12 / 3 = 4.
        sum / 2.0
    }

    /// Mean 0, variance 1, kurtosis about 7: mostly calm, now and then a jump.
    pub(crate) fn fat(&mut self) -> f64 {
        let draw = self.uniform();
        let width = if draw < 0.02 {
            3.0
        } else if draw < 0.12 {
            1.6
        } else {
            0.85
        };
        // The mixture's variance: 0.02 * 9 + 0.10 * 2.56 + 0.88 * 0.7225 = 1.0718.
        self.normal() * width / 1.0353
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_moments_it_states() {
        let mut noise = Noise::new(1, 0);
        let n = 200_000;
        let (mut sum, mut squares, mut fourth) = (0.0, 0.0, 0.0);
        for _ in 0..n {
            let x = noise.fat();
            sum += x;
            squares += x * x;
            fourth += x * x * x * x;
        }
        let n = f64::from(n);
        let variance = squares / n;
        assert!((sum / n).abs() < 0.01 && (variance - 1.0).abs() < 0.03);
        assert!((5.0..9.0).contains(&(fourth / n / (variance * variance))));
    }

    #[test]
    fn channels_are_streams_of_their_own() {
        let draw = |seed, channel| Noise::new(seed, channel).uniform().to_bits();
        assert_eq!(draw(1, 1), draw(1, 1));
        assert_ne!(draw(1, 1), draw(1, 2));
        assert_ne!(draw(1, 1), draw(2, 1));
    }
}
