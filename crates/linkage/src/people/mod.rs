//! Everybody who is to be compared, normalised once.

mod lexicon;
mod name_words;
mod numbering;
mod pack;
mod row;
mod together;
mod words;

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::OnceLock;

use crate::Record;
use crate::text::{hash, mix};

pub(crate) use lexicon::{Guest, Lexicon};
pub(crate) use name_words::About;
use name_words::NameWords;
use numbering::{Visit, numbered};
use pack::pack;
use row::Packer;
pub(crate) use row::{Facts, PackedAddress, PackedName, PackedNumber, Row, Standing};
pub(crate) use together::Together;
use words::AlreadyHashed;
pub(crate) use words::{Tally, Words};

/// The kinds of value that are told apart although their texts may be equal.
pub(crate) mod kind {
    pub(crate) const POSTCODE: u8 = 1;
    pub(crate) const UPRN: u8 = 2;
    pub(crate) const NUMBER: u8 = 3;
    pub(crate) const STREET: u8 = 4;
    pub(crate) const LOCALITY: u8 = 5;
    pub(crate) const REGION: u8 = 6;
    pub(crate) const EMAIL: u8 = 7;
    pub(crate) const PHONE: u8 = 8;
    pub(crate) const LOCAL: u8 = 9;
    pub(crate) const OTHER: u8 = 32;
}

/// Records made comparable. Each has a row, numbered in the order of adding. The records themselves
/// are not kept: whoever shows them has them.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub(crate) names: NameWords,
    pub(crate) values: Words,
    units: Vec<u32>,
    /// Where each row ends in `units`; it begins where the one before it ends.
    ends: Vec<u32>,
    sources: Vec<u16>,
    /// How many records the counts of words rest on.
    counted: u32,
    source_names: Vec<String>,
    systems: Vec<String>,
    columns: Vec<String>,
    /// How often each complete date of birth occurs, by its packed form.
    births: HashMap<u32, u32, BuildHasherDefault<AlreadyHashed>>,
    /// Which first names stand beside which surnames, counted when first asked for.
    together: OnceLock<Together>,
}

impl People {
    /// Nobody yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// How many records the counts of words rest on.
    pub(crate) fn counted(&self) -> u32 {
        self.counted
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds a record and gives its row.
    pub fn add(&mut self, record: &Record) -> u32 {
        let row = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.together = OnceLock::new();
        let mut packer = Packer::default();
        pack(self, record, &mut packer);
        let mut units = Vec::new();
        packer.write(&mut units);
        self.tally(Row::read(&units), Tally::Came);
        self.units.extend(units);
        self.ends
            .push(u32::try_from(self.units.len()).unwrap_or(u32::MAX));
        let source = numbered(&mut self.source_names, &record.source);
        self.sources.push(u16::try_from(source).unwrap_or(u16::MAX));
        row
    }

    /// Takes a row out of all counts, so that what is common is so among the others. The row itself
    /// stays until [`People::keep`] drops it.
    pub(crate) fn discount(&mut self, row: u32) {
        let at = row as usize;
        let end = self.ends.get(at).copied().unwrap_or(0) as usize;
        let before = at.checked_sub(1).and_then(|at| self.ends.get(at).copied());
        let start = before.unwrap_or(0) as usize;
        let units = self.units.get(start..end).unwrap_or_default().to_vec();
        self.tally(Row::read(&units), Tally::Went);
    }

    fn tally(&mut self, row: Row<'_>, tally: Tally) {
        tally.apply(&mut self.counted);
        self.names.tally(row, tally);
        for birth in row.births().filter(|birth| birth.is_complete()) {
            tally.apply(self.births.entry(birth.pack()).or_default());
        }
        let local = row.local_numbers().map(|(_, value)| value);
        let contacts = row.contacts().map(|(value, _)| value);
        let others = row.others().map(|(_, value)| value);
        let homes = row.addresses().flat_map(|address| address.values());
        for value in local.chain(contacts).chain(others).chain(homes.flatten()) {
            self.values.tally(value, tally);
        }
    }

    /// Numbers the rows anew without those that do not stay; words stay numbered.
    pub(crate) fn keep(&mut self, stays: impl Fn(usize) -> bool) {
        let ends = std::mem::take(&mut self.ends);
        let units = std::mem::take(&mut self.units);
        let sources = std::mem::take(&mut self.sources);
        let mut start = 0;
        for (row, (end, source)) in ends.into_iter().zip(sources).enumerate() {
            let end = end as usize;
            if stays(row) {
                self.units.extend(units.get(start..end).unwrap_or_default());
                let end = u32::try_from(self.units.len()).unwrap_or(u32::MAX);
                self.ends.push(end);
                self.sources.push(source);
            }
            start = end;
        }
    }

    /// Gives back room that is not needed.
    pub(crate) fn shrink(&mut self) {
        self.units.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.sources.shrink_to_fit();
        self.names.words.shrink();
        self.values.shrink();
    }

    pub(crate) fn row(&self, row: u32) -> Row<'_> {
        let at = row as usize;
        let end = self.ends.get(at).copied().unwrap_or(0) as usize;
        let start = at
            .checked_sub(1)
            .and_then(|before| self.ends.get(before).copied())
            .unwrap_or(0) as usize;
        Row::read(self.units.get(start..end).unwrap_or_default())
    }

    /// What a record says, in one number that does not depend on who was added before.
    pub(crate) fn print(&self, row: u32) -> u64 {
        let packed = self.row(row);
        let name = |word: &u32| hash(self.names.words.text(*word).as_bytes());
        let value = |value: u32| hash(self.values.text(value).as_bytes());
        let names = packed.names().flat_map(|packed| {
            let all = packed.given.iter().chain(packed.family).chain(packed.rest);
            all.map(name).collect::<Vec<u64>>()
        });
        let births = packed.births().map(|birth| u64::from(birth.pack()));
        let numbers = packed.numbers().map(|number| number.digits);
        let local = packed.local_numbers().map(|(_, number)| value(number));
        let contacts = packed.contacts().map(|(contact, _)| value(contact));
        let others = packed.others().map(|(_, other)| value(other));
        let homes = packed.addresses().flat_map(|address| {
            let parts = [
                address.postcode,
                address.uprn,
                address.number,
                address.street,
            ];
            parts.into_iter().flatten().map(value).collect::<Vec<u64>>()
        });
        let all = names.chain(births).chain(numbers).chain(local);
        let all = all.chain(contacts).chain(others).chain(homes);
        all.fold(u64::from(self.source(row)), |print, part| mix(print ^ part))
    }

    pub(crate) fn source(&self, row: u32) -> u16 {
        self.sources.get(row as usize).copied().unwrap_or(0)
    }

    /// How many records each source has.
    pub(crate) fn source_sizes(&self) -> impl Iterator<Item = usize> {
        let mut sizes = vec![0; self.source_names.len()];
        for source in &self.sources {
            if let Some(size) = sizes.get_mut(usize::from(*source)) {
                *size += 1;
            }
        }
        sizes.into_iter()
    }

    /// How many sources there are.
    #[must_use]
    pub fn sources(&self) -> usize {
        self.source_names.len()
    }

    /// The further columns, in the order in which they came.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Which first names stand beside which surnames.
    pub(crate) fn together(&self) -> &Together {
        self.together.get_or_init(|| Together::of(self))
    }

    pub(crate) fn birth_count(&self, packed: u32) -> u32 {
        self.births.get(&packed).copied().unwrap_or(0)
    }

    /// Bytes held, for saying what a record costs.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let names = self.names.words.bytes() + self.names.about.capacity() * size_of::<About>();
        let births = self.births.capacity() * (size_of::<(u32, u32)>() + 1);
        self.units.capacity() * 4
            + self.ends.capacity() * 4
            + self.sources.capacity() * 2
            + self.values.bytes()
            + names
            + births
    }

    /// Packs a record that is only sought, and gives the words that nobody here has.
    pub(crate) fn visit(&self, record: &Record) -> (Vec<u32>, Guest) {
        let mut visit = Visit {
            people: self,
            guest: Guest::default(),
        };
        let mut packer = Packer::default();
        pack(&mut visit, record, &mut packer);
        let mut units = Vec::new();
        packer.write(&mut units);
        (units, visit.guest)
    }
}
