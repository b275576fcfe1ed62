//! Two records beside each other: for each comparison, the level on which they agree.
//!
//! A level is a small number: 0 says that one of the two does not know, 1 is the fullest agreement,
//! the last is "they differ". The levels of all comparisons together are the [`Pattern`] of a pair:
//! all that training and scoring look at, besides how common an agreed value is.

mod name;
mod place;
mod plain;
mod spec;

use crate::Model;
use crate::people::{Guest, Lexicon, People, Row};
use name::Likeness;
pub(crate) use name::given::SWAPPED;
pub(crate) use name::{family, given};
pub(crate) use place::{code, line};
pub(crate) use plain::{born, national, sex};
pub(crate) use spec::{of_columns, spec};

/// The places of the comparisons in a [`Pattern`].
pub(crate) mod at {
    pub(crate) const GIVEN: usize = 0;
    pub(crate) const FAMILY: usize = 1;
    pub(crate) const MIDDLE: usize = 2;
    pub(crate) const BIRTH: usize = 3;
    pub(crate) const SEX: usize = 4;
    pub(crate) const NATIONAL: usize = 5;
    pub(crate) const NUMBER: usize = 6;
    pub(crate) const POSTCODE: usize = 7;
    pub(crate) const STREET: usize = 8;
    pub(crate) const HOUSE: usize = 9;
    pub(crate) const BUILDING: usize = 10;
    pub(crate) const LOCALITY: usize = 11;
    pub(crate) const REGION: usize = 12;
    pub(crate) const EMAIL: usize = 13;
    pub(crate) const PHONE: usize = 14;
    /// The first of the further columns.
    pub(crate) const OTHER: usize = 15;
    /// How many comparisons there can be.
    pub(crate) const ALL: usize = 32;
}

/// The levels of a pair, four bits for each comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub(crate) struct Pattern(pub u128);

impl Pattern {
    pub(crate) fn level(self, comparison: usize) -> u8 {
        u8::try_from((self.0 >> (comparison * 4)) & 15).unwrap_or(0)
    }

    pub(crate) fn set(&mut self, comparison: usize, level: u8) {
        self.0 &= !(15 << (comparison * 4));
        self.0 |= u128::from(level & 15) << (comparison * 4);
    }
}

/// A pattern, and the share of people who have each value that the two agree on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compared {
    pub pattern: Pattern,
    /// 0 where no value is shared.
    pub shares: [f32; at::ALL],
    /// The name that agreed is one of those that a reader may not see.
    pub hidden_name: bool,
}

/// Compares pairs; one for each thread, because it remembers how alike two words are.
#[derive(Debug)]
pub(crate) struct Comparer<'a> {
    pub lexicon: Lexicon<'a>,
    likeness: Likeness,
    /// Counts that stand for what is known of the whole population before any record.
    pseudo: f32,
    /// So many uses of a value are one person's.
    own: f32,
}

impl<'a> Comparer<'a> {
    /// Compares as a model needs it.
    pub(crate) fn new(people: &'a People, model: &Model) -> Self {
        Self {
            lexicon: Lexicon::of(people),
            likeness: Likeness::new(),
            pseudo: model.known_people,
            own: model.records_each,
        }
    }

    /// Compares with a visitor's record, which has words of its own.
    pub(crate) fn with_guest(people: &'a People, guest: &'a Guest, model: &Model) -> Self {
        let lexicon = Lexicon {
            people,
            guest: Some(guest),
        };
        Self {
            lexicon,
            likeness: Likeness::none(),
            pseudo: model.known_people,
            own: model.records_each,
        }
    }

    pub(crate) fn compare(&mut self, left: u32, right: u32) -> Compared {
        let people = self.lexicon.people;
        self.compare_rows(&people.row(left), &people.row(right))
    }

    /// The same, whichever of the two comes first.
    pub(crate) fn compare_rows(&mut self, one: &Row<'_>, other: &Row<'_>) -> Compared {
        let mut compared = Compared::nothing();
        self.names(one, other, &mut compared);
        self.births(one, other, &mut compared);
        self.sexes(one, other, &mut compared);
        self.numbers(one, other, &mut compared);
        self.places(one, other, &mut compared);
        self.contacts(one, other, &mut compared);
        self.others(one, other, &mut compared);
        compared
    }

    /// Birth dates and numbers alone, as [`Comparer::compare_rows`] has them.
    pub(crate) fn born_and_numbered(&self, one: &Row<'_>, other: &Row<'_>) -> Pattern {
        let mut compared = Compared::nothing();
        self.births(one, other, &mut compared);
        self.numbers(one, other, &mut compared);
        compared.pattern
    }

    /// The share of records that have a value, of those that are not this person's own. `known` is
    /// the share in the whole population, as far as it is known.
    fn share(&self, count: u32, total: u32, known: f32) -> f32 {
        let others = (count as f32 - self.own).max(0.0);
        let share = (others + self.pseudo * known) / (total as f32 + self.pseudo).max(1.0);
        // 0 would say that there is no value.
        share.max(1e-12)
    }

    /// The share of records in which a value other than a name stands.
    fn value_share(&self, value: u32) -> f32 {
        let all = self.lexicon.people.counted();
        self.share(self.lexicon.values().count(value), all, 0.0)
    }
}

impl Compared {
    fn nothing() -> Self {
        Self {
            pattern: Pattern::default(),
            shares: [0.0; at::ALL],
            hidden_name: false,
        }
    }

    /// Keeps the fuller agreement, or of two equal ones the rarer, so that neither the order of the
    /// two records nor that of their sets matters.
    fn put_best(&mut self, comparison: usize, level: u8, share: f32) {
        let known = self.pattern.level(comparison);
        let rarer = level == known && share < self.shares.get(comparison).copied().unwrap_or(0.0);
        if known == 0 || level < known || rarer {
            self.put(comparison, level, share);
        }
    }

    /// The place of this among equals.
    fn tie(&self) -> (u128, [u32; at::ALL]) {
        (self.pattern.0, self.shares.map(f32::to_bits))
    }

    fn put(&mut self, comparison: usize, level: u8, share: f32) {
        self.pattern.set(comparison, level);
        if let Some(known) = self.shares.get_mut(comparison) {
            *known = share;
        }
    }
}

/// Whether a comparison shows something of a name.
pub(crate) fn is_name(comparison: usize) -> bool {
    matches!(comparison, at::GIVEN | at::FAMILY | at::MIDDLE)
}
