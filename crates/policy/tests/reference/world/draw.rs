//! Chance that repeats: one seed is one case, on every machine.

use std::collections::BTreeSet;

use domain::{Moment, Timestamp};

/// A stream of numbers from a seed (SplitMix64, Steele, Lea and Flood 2014).
pub struct Draw {
    state: u64,
    /// Whether little is on record, so that what there is decides.
    quiet: bool,
}

impl Draw {
    pub fn of(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            quiet: !seed.is_multiple_of(3),
        }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("below a usize")
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Up to `most` of them.
    pub fn some<T: Clone + Ord>(&mut self, from: &[T], most: usize) -> BTreeSet<T> {
        let count = self.below(most + 1);
        (0..count).map(|_| self.pick(from)).collect()
    }

    pub fn maybe<T>(&mut self, one_in: usize, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.one_in(one_in).then(|| make(self))
    }

    /// Up to two, seldom any; in a quiet case more seldom.
    pub fn few<T>(&mut self, one_in: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let one_in = if self.quiet { one_in * 2 } else { one_in };
        if !self.one_in(one_in) {
            return Vec::new();
        }
        let count = 1 + self.below(2);
        (0..count).map(|_| make(self)).collect()
    }
}

/// Wednesday 3 February 2027, 00:00:00 in Scotland: a midnight at which birthdays fall.
pub fn now() -> Timestamp {
    Timestamp::parse("2027-02-03T00:00:00Z").expect("an instant")
}

const DAY: i64 = 86_400;

impl Draw {
    /// Instants about now, boundaries among them.
    pub fn instant(&mut self) -> Timestamp {
        let seconds = [
            -400 * DAY,
            -183 * DAY,
            -30 * DAY,
            -2 * DAY,
            -1,
            0,
            1,
            2 * DAY,
            30 * DAY,
        ];
        now().plus_seconds(self.pick(&seconds))
    }

    pub fn moment(&mut self) -> Moment {
        Moment(self.instant())
    }

    /// An instant that has mostly passed.
    pub fn past(&mut self) -> Moment {
        let seconds = [
            -400 * DAY,
            -183 * DAY,
            -182 * DAY,
            -30 * DAY,
            -2 * DAY,
            -1,
            0,
            1,
        ];
        Moment(now().plus_seconds(self.pick(&seconds)))
    }
}
