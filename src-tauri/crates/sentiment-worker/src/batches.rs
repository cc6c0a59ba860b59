//! Which texts are computed together.

/// The most word pieces in a batch, padding counted. Bounds the memory; and what is computed of so many stays near the processor: with
/// four times as many, texts of 70 pieces cost a tenth more.
const MOST_PIECES: usize = 1024;
/// The most texts in a batch. On a processor larger ones are no faster.
const MOST_TEXTS: usize = 32;

/// Places of the texts, grouped so that texts of like length share a batch: shortest first, the longest of a batch at most an
/// eighth longer than its shortest, so that little is computed only to be masked.
pub(crate) fn group(lengths: &[usize]) -> Vec<Vec<usize>> {
    let mut order: Vec<(usize, usize)> = lengths
        .iter()
        .copied()
        .enumerate()
        .map(|(at, length)| (length, at))
        .collect();
    order.sort_unstable();
    let mut batches: Vec<Vec<usize>> = Vec::new();
    let mut shortest = 0;
    for (length, at) in order {
        match batches.last_mut() {
            Some(batch)
                if batch.len() < MOST_TEXTS
                    && (batch.len() + 1) * length <= MOST_PIECES
                    && length <= shortest + shortest / 8 + 1 =>
            {
                batch.push(at);
            }
            _ => {
                shortest = length;
                batches.push(vec![at]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_bounded_and_alike() {
        let lengths: Vec<usize> = (0..500).map(|n| 3 + (n * 7919) % 254).collect();
        let batches = group(&lengths);
        let mut seen: Vec<usize> = batches.iter().flatten().copied().collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..500).collect::<Vec<_>>());
        for batch in &batches {
            let of: Vec<usize> = batch.iter().map(|at| lengths[*at]).collect();
            let (low, high) = (*of.iter().min().unwrap(), *of.iter().max().unwrap());
            assert!(of.len() <= MOST_TEXTS && of.len() * high <= MOST_PIECES && high <= low + low / 8 + 1);
        }
        assert!(group(&[]).is_empty());
        assert_eq!(group(&[9, 9]), [[0, 1]]);
    }
}
