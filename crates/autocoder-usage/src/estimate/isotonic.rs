//! Isotonic regression by pool adjacent violators (Ayer et al. 1955).

/// The non-decreasing numbers nearest to `values`, by weighted least squares.
pub(super) fn non_decreasing<const N: usize>(values: [f64; N], weights: [f64; N]) -> [f64; N] {
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(N);
    for (value, weight) in values.into_iter().zip(weights) {
        let mut block = (value, weight, 1);
        while let Some((before, its_weight, length)) = blocks.pop_if(|last| last.0 > block.0) {
            let weight = block.1 + its_weight;
            block = ((block.0 * block.1 + before * its_weight) / weight, weight, block.2 + length);
        }
        blocks.push(block);
    }
    let mut level = blocks.into_iter().flat_map(|(value, _, length)| std::iter::repeat_n(value, length));
    std::array::from_fn(|_| level.next().expect("the blocks cover every value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_the_wrong_order_share_their_weighted_mean() {
        for (values, weights, expected) in [
            ([1.0, 2.0, 3.0], [1.0; 3], [1.0, 2.0, 3.0]),
            ([2.0, 1.0, 3.0], [1.0; 3], [1.5, 1.5, 3.0]),
            ([2.0, 1.0, 3.0], [3.0, 1.0, 1.0], [1.75, 1.75, 3.0]),
            ([3.0, 2.0, 1.0], [1.0; 3], [2.0; 3]),
            ([1.0, 3.0, 1.0], [1.0; 3], [1.0, 2.0, 2.0]),
        ] {
            assert_eq!(non_decreasing(values, weights), expected, "{values:?} {weights:?}");
        }
    }
}
