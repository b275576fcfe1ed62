//! One record as it is compared: numbers of words, packed behind each other in 32-bit units.
//!
//! A person of one name, one birth date, one number and one address takes about sixty bytes, which
//! is why a nation fits into memory. The layout is private to this file: [`Packer`] writes it,
//! [`Row`] reads it.

use crate::{BirthDate, National, Sex};

/// Most that a record keeps of anything. More than these are not a person's but an error's.
pub(crate) const MOST: usize = 7;

/// A name, in numbers of words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PackedName<'a> {
    /// The first given name, and all of them in one word if there are several.
    pub given: &'a [u32],
    /// The whole surname in one word, then its words if there are several.
    pub family: &'a [u32],
    /// Middle names and other words.
    pub rest: &'a [u32],
    pub hidden: bool,
    pub former: bool,
    /// 1 junior, 2 senior, 0 not said.
    pub generation: u8,
}

/// A national number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PackedNumber {
    pub national: National,
    pub digits: u64,
    pub standing: Standing,
    /// Temporary or superseded: its difference proves nothing.
    pub soft: bool,
}

/// What the check of a number said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Strong,
    Weak,
    Invalid,
}

/// An address, in numbers of values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PackedAddress {
    pub postcode: Option<u32>,
    pub uprn: Option<u32>,
    pub number: Option<u32>,
    pub street: Option<u32>,
    pub building: Option<u32>,
    pub locality: Option<u32>,
    pub region: Option<u32>,
    pub communal: bool,
}

/// Flags and other single facts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub sex: Option<Sex>,
    pub multiple_birth: bool,
    pub birth_order: u8,
    pub sealed: bool,
    pub restricted_history: bool,
    pub looked_after: bool,
    pub protected: bool,
}

/// Writes one record.
#[derive(Debug, Default)]
pub(crate) struct Packer {
    pub facts: Facts,
    counts: Counts,
    births: Vec<u32>,
    names: Vec<u32>,
    numbers: Vec<u32>,
    local: Vec<u32>,
    addresses: Vec<u32>,
    contacts: Vec<u32>,
    others: Vec<u32>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    births: u32,
    names: u32,
    numbers: u32,
    local: u32,
    addresses: u32,
    contacts: u32,
    others: u32,
}

fn room(count: &mut u32) -> bool {
    let room = (*count as usize) < MOST;
    *count += u32::from(room);
    room
}

impl Packer {
    pub(crate) fn birth(&mut self, date: BirthDate) {
        if self.counts.births < 3 && !self.births.contains(&date.pack()) {
            self.counts.births += 1;
            self.births.push(date.pack());
        }
    }

    pub(crate) fn name(&mut self, name: PackedName<'_>) {
        if !room(&mut self.counts.names) {
            return;
        }
        let (given, family, rest) = (
            cut(name.given, 2),
            cut(name.family, MOST),
            cut(name.rest, MOST),
        );
        let head = length(given)
            | length(family) << 3
            | length(rest) << 6
            | u32::from(name.hidden) << 9
            | u32::from(name.former) << 10
            | u32::from(name.generation) << 11;
        self.names.push(head);
        self.names.extend(given.iter().chain(family).chain(rest));
    }

    pub(crate) fn number(&mut self, number: PackedNumber) {
        if !room(&mut self.counts.numbers) {
            return;
        }
        let national = match number.national {
            National::Chi => 0,
            National::Nhs => 1,
            National::Hc => 2,
        };
        let standing = match number.standing {
            Standing::Strong => 0,
            Standing::Weak => 1,
            Standing::Invalid => 2,
        };
        let low = u32::try_from(number.digits & 0xffff_ffff).unwrap_or(0);
        let high = u32::try_from(number.digits >> 32).unwrap_or(0);
        let soft = u32::from(number.soft);
        self.numbers
            .extend([low, high | national << 4 | standing << 6 | soft << 8]);
    }

    pub(crate) fn local_number(&mut self, system: u32, value: u32) {
        if room(&mut self.counts.local) {
            self.local.extend([system, value]);
        }
    }

    pub(crate) fn address(&mut self, address: &PackedAddress) {
        if address.values().iter().all(Option::is_none) || !room(&mut self.counts.addresses) {
            return;
        }
        let present = address
            .values()
            .iter()
            .enumerate()
            .fold(u32::from(address.communal) << 7, |bits, (place, value)| {
                bits | u32::from(value.is_some()) << place
            });
        self.addresses.push(present);
        self.addresses.extend(address.values().iter().flatten());
    }

    /// A telephone number, or an e-mail address.
    pub(crate) fn contact(&mut self, value: u32, email: bool) {
        if room(&mut self.counts.contacts) {
            self.contacts.push(value << 1 | u32::from(email));
        }
    }

    pub(crate) fn other(&mut self, column: u32, value: u32) {
        if self.counts.others < 15 {
            self.counts.others += 1;
            self.others.extend([column, value]);
        }
    }

    /// Appends the record.
    pub(crate) fn write(&self, units: &mut Vec<u32>) {
        let counts = &self.counts;
        let facts = &self.facts;
        let sex = match facts.sex {
            None => 0,
            Some(Sex::Female) => 1,
            Some(Sex::Male) => 2,
            Some(Sex::Other) => 3,
        };
        units.push(
            counts.births
                | counts.names << 2
                | counts.numbers << 5
                | counts.local << 8
                | counts.addresses << 11
                | counts.contacts << 14
                | counts.others << 17
                | sex << 21
                | u32::from(facts.multiple_birth) << 23
                | u32::from(facts.sealed) << 24
                | u32::from(facts.restricted_history) << 25
                | u32::from(facts.looked_after) << 26
                | u32::from(facts.protected) << 27
                | u32::from(facts.birth_order & 15) << 28,
        );
        for part in [
            &self.births,
            &self.numbers,
            &self.local,
            &self.contacts,
            &self.others,
            &self.names,
            &self.addresses,
        ] {
            units.extend(part);
        }
    }
}

fn cut(words: &[u32], most: usize) -> &[u32] {
    words.get(..most).unwrap_or(words)
}

fn length(words: &[u32]) -> u32 {
    u32::try_from(words.len()).unwrap_or(0)
}

impl PackedAddress {
    pub(crate) fn values(&self) -> [Option<u32>; 7] {
        [
            self.postcode,
            self.uprn,
            self.number,
            self.street,
            self.building,
            self.locality,
            self.region,
        ]
    }
}

/// Reads one record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    head: u32,
    births: &'a [u32],
    numbers: &'a [u32],
    local: &'a [u32],
    contacts: &'a [u32],
    others: &'a [u32],
    /// Names have no fixed length: the addresses follow them.
    names: &'a [u32],
}

impl<'a> Row<'a> {
    pub(crate) fn read(units: &'a [u32]) -> Self {
        let (head, rest) = match units.split_first() {
            Some((head, rest)) => (*head, rest),
            None => (0, units),
        };
        let count = |shift: u32, mask: u32| ((head >> shift) & mask) as usize;
        let (births, rest) = split(rest, count(0, 3));
        let (numbers, rest) = split(rest, count(5, 7) * 2);
        let (local, rest) = split(rest, count(8, 7) * 2);
        let (contacts, rest) = split(rest, count(14, 7));
        let (others, rest) = split(rest, count(17, 15) * 2);
        Self {
            head,
            births,
            numbers,
            local,
            contacts,
            others,
            names: rest,
        }
    }

    pub(crate) fn facts(&self) -> Facts {
        let bit = |shift: u32| (self.head >> shift) & 1 == 1;
        Facts {
            sex: self.sex(),
            multiple_birth: bit(23),
            sealed: bit(24),
            restricted_history: bit(25),
            looked_after: bit(26),
            protected: bit(27),
            birth_order: u8::try_from(self.head >> 28).unwrap_or(0),
        }
    }

    pub(crate) fn sex(&self) -> Option<Sex> {
        match (self.head >> 21) & 3 {
            1 => Some(Sex::Female),
            2 => Some(Sex::Male),
            3 => Some(Sex::Other),
            _ => None,
        }
    }

    pub(crate) fn births(&self) -> impl Iterator<Item = BirthDate> + use<'a> {
        self.births.iter().map(|packed| BirthDate::unpack(*packed))
    }

    pub(crate) fn names(&self) -> Names<'a> {
        Names {
            left: (self.head >> 2) & 7,
            units: self.names,
        }
    }

    pub(crate) fn numbers(&self) -> impl Iterator<Item = PackedNumber> + use<'a> {
        self.numbers.chunks_exact(2).filter_map(|pair| {
            let [low, high] = *pair else { return None };
            Some(PackedNumber {
                national: match (high >> 4) & 3 {
                    0 => National::Chi,
                    1 => National::Nhs,
                    _ => National::Hc,
                },
                digits: u64::from(low) | u64::from(high & 15) << 32,
                standing: match (high >> 6) & 3 {
                    0 => Standing::Strong,
                    1 => Standing::Weak,
                    _ => Standing::Invalid,
                },
                soft: (high >> 8) & 1 == 1,
            })
        })
    }

    /// (system, value)
    pub(crate) fn local_numbers(&self) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        pairs(self.local)
    }

    /// (value, whether it is an e-mail address)
    pub(crate) fn contacts(&self) -> impl Iterator<Item = (u32, bool)> + use<'a> {
        self.contacts.iter().map(|unit| (unit >> 1, unit & 1 == 1))
    }

    /// (column, value)
    pub(crate) fn others(&self) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        pairs(self.others)
    }

    pub(crate) fn addresses(&self) -> Addresses<'a> {
        let mut names = self.names();
        for _ in names.by_ref() {}
        Addresses {
            left: (self.head >> 11) & 7,
            units: names.units,
        }
    }

    pub(crate) fn has_addresses(&self) -> bool {
        (self.head >> 11) & 7 != 0
    }
}

fn split(units: &[u32], at: usize) -> (&[u32], &[u32]) {
    units.split_at_checked(at).unwrap_or((units, &[]))
}

fn pairs(units: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    units.chunks_exact(2).filter_map(|pair| match *pair {
        [first, second] => Some((first, second)),
        _ => None,
    })
}

/// The names of a record.
#[derive(Debug, Clone)]
pub(crate) struct Names<'a> {
    left: u32,
    units: &'a [u32],
}

impl<'a> Iterator for Names<'a> {
    type Item = PackedName<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let (head, rest) = self.units.split_first()?;
        let count = |shift: u32| ((head >> shift) & 7) as usize;
        let (given, rest) = split(rest, count(0));
        let (family, rest) = split(rest, count(3));
        let (others, rest) = split(rest, count(6));
        self.units = rest;
        Some(PackedName {
            given,
            family,
            rest: others,
            hidden: (head >> 9) & 1 == 1,
            former: (head >> 10) & 1 == 1,
            generation: u8::try_from((head >> 11) & 7).unwrap_or(0),
        })
    }
}

/// The addresses of a record.
#[derive(Debug, Clone)]
pub(crate) struct Addresses<'a> {
    left: u32,
    units: &'a [u32],
}

impl Iterator for Addresses<'_> {
    type Item = PackedAddress;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let (present, rest) = self.units.split_first()?;
        self.units = rest;
        let mut value = |place: u32| {
            if (present >> place) & 1 == 0 {
                return None;
            }
            let (value, rest) = self.units.split_first()?;
            self.units = rest;
            Some(*value)
        };
        Some(PackedAddress {
            postcode: value(0),
            uprn: value(1),
            number: value(2),
            street: value(3),
            building: value(4),
            locality: value(5),
            region: value(6),
            communal: (present >> 7) & 1 == 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_read_again() {
        let mut packer = Packer {
            facts: Facts {
                sex: Some(Sex::Female),
                multiple_birth: true,
                birth_order: 2,
                protected: true,
                ..Facts::default()
            },
            ..Packer::default()
        };
        let born = BirthDate {
            year: 1941,
            month: 3,
            day: 2,
        };
        packer.birth(born);
        packer.name(PackedName {
            given: &[1],
            family: &[2, 3, 4],
            rest: &[5],
            hidden: true,
            former: false,
            generation: 1,
        });
        let number = PackedNumber {
            national: National::Hc,
            digits: 3_200_000_010,
            standing: Standing::Weak,
            soft: true,
        };
        let long = PackedNumber {
            digits: 9_434_765_919,
            soft: false,
            ..number
        };
        packer.number(number);
        packer.number(long);
        let home = PackedAddress {
            postcode: Some(7),
            street: Some(8),
            communal: true,
            ..PackedAddress::default()
        };
        packer.address(&home);
        packer.address(&PackedAddress::default());
        packer.contact(9, true);
        packer.other(1, 10);
        let mut units = Vec::new();
        packer.write(&mut units);

        let row = Row::read(&units);
        assert_eq!(row.facts(), packer.facts);
        assert_eq!(row.births().collect::<Vec<_>>(), [born]);
        let name = row.names().next().unwrap();
        assert_eq!(
            (name.given, name.family, name.rest),
            (&[1][..], &[2, 3, 4][..], &[5][..])
        );
        assert!(name.hidden && !name.former && name.generation == 1);
        assert_eq!(row.numbers().collect::<Vec<_>>(), [number, long]);
        assert_eq!(row.addresses().collect::<Vec<_>>(), [home]);
        assert_eq!(row.contacts().collect::<Vec<_>>(), [(9, true)]);
        assert_eq!(row.others().collect::<Vec<_>>(), [(1, 10)]);
        assert!(row.has_addresses());
    }
}
