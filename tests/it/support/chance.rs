//! Random numbers that are the same in every run of the tests, so that a failure can be reproduced.

/// A small generator (xorshift64*).
pub(crate) struct Chance(u64);

impl Chance {
    /// Similar seeds give different numbers.
    pub(crate) fn new(seed: u64) -> Self {
        Chance(mixed(seed).max(1))
    }

    /// The same for the same name.
    pub(crate) fn of(name: &str) -> Self {
        let seed = name.bytes().fold(1, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        Chance::new(seed)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number from 0, less than the limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.number() >> 33).expect("31 bits") % limit.max(1)
    }

    pub(crate) fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// Every bit of the result depends on every bit of the number (the end of SplitMix64).
pub(crate) fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}
