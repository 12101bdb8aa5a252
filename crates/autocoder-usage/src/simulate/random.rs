//! Numbers that look random and are the same for the same seed.

/// A small generator of numbers (splitmix64, Steele, Lea and Flood 2014); not for secrets.
#[derive(Clone, Debug)]
pub struct Generator(u64);

impl Generator {
    /// Starts from `parts`; any difference in them leads elsewhere.
    #[must_use]
    pub fn new(parts: &[u64]) -> Self {
        parts.iter().fold(Self(0), |mut state, part| {
            state.0 ^= *part;
            Self(state.next())
        })
    }

    /// Starts from what `parts` say, one after the other (FNV-1a over their bytes, each with an end of its own).
    #[must_use]
    pub fn of_bytes(parts: &[&[u8]]) -> Self {
        let fnv = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(parts.iter().fold(0xcbf2_9ce4_8422_2325, |hash, part| part.iter().chain(&[0xff]).fold(hash, fnv)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to 1, neither included.
    pub fn share(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high.saturating_sub(low) + 1)
    }

    /// True in `share` of the cases.
    pub fn chance(&mut self, share: f64) -> bool {
        self.share() < share
    }

    /// A number of the standard normal distribution (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let (radius, angle) = ((-2.0 * self.share().ln()).sqrt(), std::f64::consts::TAU * self.share());
        radius * angle.cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_one_others() {
        let numbers = |seed| {
            let mut generator = Generator::new(&[1, seed]);
            [generator.between(0, u64::MAX - 1), generator.between(5, 5)]
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
        assert_eq!(numbers(7)[1], 5);
        let of_bytes = |parts: &[&[u8]]| Generator::of_bytes(parts).next();
        assert_eq!(of_bytes(&[b"ab", b"c"]), of_bytes(&[b"ab", b"c"]));
        assert_ne!(of_bytes(&[b"ab", b"c"]), of_bytes(&[b"a", b"bc"]));
    }

    #[test]
    fn normal_numbers_have_mean_0_and_spread_1() {
        let mut generator = Generator::new(&[3]);
        let numbers: Vec<f64> = (0..20_000).map(|_| generator.normal()).collect();
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        let spread = numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / numbers.len() as f64;
        assert!(mean.abs() < 0.03 && (spread - 1.0).abs() < 0.03, "{mean} {spread}");
    }
}
