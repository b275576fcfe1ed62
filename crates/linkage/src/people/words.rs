//! Each distinct text once, with a number: what is equal is equal by number, and what is common is
//! counted.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::text::hash;

/// Texts by number, in the order in which they were first seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    text: String,
    /// Where each text ends; it begins where the one before it ends.
    ends: Vec<u32>,
    counts: Vec<u32>,
    numbers: HashMap<u64, u32, BuildHasherDefault<AlreadyHashed>>,
}

impl Words {
    /// The number of a text, and whether it was new. `kind` keeps equal texts of different meaning
    /// apart.
    pub(crate) fn number(&mut self, kind: u8, text: &str) -> (u32, bool) {
        let (slot, found) = self.slot(kind, text);
        if let Some(number) = found {
            return (number, false);
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.ends
            .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.counts.push(0);
        self.numbers.insert(slot, number);
        (number, true)
    }

    /// Counts one use more of a text, or one less.
    pub(crate) fn tally(&mut self, number: u32, tally: Tally) {
        if let Some(count) = self.counts.get_mut(number as usize) {
            tally.apply(count);
        }
    }

    /// The number of a text, if anybody has it.
    pub(crate) fn find(&self, kind: u8, text: &str) -> Option<u32> {
        self.slot(kind, text).1
    }

    /// Two texts of one hash get neighbouring slots.
    fn slot(&self, kind: u8, text: &str) -> (u64, Option<u32>) {
        let mut slot = hash(text.as_bytes()) ^ (u64::from(kind) << 56);
        loop {
            match self.numbers.get(&slot) {
                Some(number) if self.text(*number) != text => slot = slot.wrapping_add(1),
                Some(number) => return (slot, Some(*number)),
                None => return (slot, None),
            }
        }
    }

    pub(crate) fn text(&self, number: u32) -> &str {
        let at = number as usize;
        let end = self.ends.get(at).copied().unwrap_or(0);
        let start = at
            .checked_sub(1)
            .and_then(|before| self.ends.get(before).copied())
            .unwrap_or(0);
        self.text
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// How often a text was used.
    pub(crate) fn count(&self, number: u32) -> u32 {
        self.counts.get(number as usize).copied().unwrap_or(0)
    }

    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.counts.shrink_to_fit();
        self.numbers.shrink_to_fit();
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        let slots = self.numbers.capacity() * (size_of::<(u64, u32)>() + 1);
        self.text.capacity() + (self.ends.capacity() + self.counts.capacity()) * 4 + slots
    }
}

/// Whether somebody came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tally {
    Came,
    Went,
}

impl Tally {
    pub(crate) fn apply(self, count: &mut u32) {
        *count = match self {
            Self::Came => count.saturating_add(1),
            Self::Went => count.saturating_sub(1),
        };
    }
}

/// Passes a number on that is already a good hash.
#[derive(Debug, Clone, Default)]
pub(crate) struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes
            .iter()
            .fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_a_number_and_are_counted() {
        let mut words = Words::default();
        let (agnes, new) = words.number(0, "agnes");
        assert!(new);
        assert_eq!(words.number(0, "agnes"), (agnes, false));
        let (elsewhere, _) = words.number(1, "agnes");
        assert_ne!(agnes, elsewhere);
        for tally in [Tally::Came, Tally::Came, Tally::Went] {
            words.tally(agnes, tally);
        }
        assert_eq!((words.text(agnes), words.count(agnes)), ("agnes", 1));
        assert_eq!(words.count(elsewhere), 0);
    }
}
