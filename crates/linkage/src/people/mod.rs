//! Everybody who is to be compared, normalised once.

mod lexicon;
mod row;
mod together;
mod words;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::names::Forms;
use crate::number::{National, Validity, digits_of, validity};
use crate::text::{compact, fold, hash, mix};
use crate::{Address, Identifier, IdentifierUse, Name, NameUse, Record};
use crate::{address, names, postcode};

pub(crate) use lexicon::{Guest, Lexicon};
use row::Packer;
pub(crate) use row::{Facts, PackedAddress, PackedName, PackedNumber, Row, Standing};
pub(crate) use together::Together;
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
    births: HashMap<u32, u32>,
    /// Which first names stand beside which surnames, counted when first asked for.
    together: OnceLock<Together>,
}

/// The words of names: their texts, their forms, and how common each is as which part.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameWords {
    pub words: Words,
    about: Vec<About>,
    /// All uses as a first name and as a surname.
    pub given_total: u32,
    pub family_total: u32,
}

/// What is known of one word of a name.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    pub forms: Forms,
    pub given_count: u32,
    pub family_count: u32,
    pub given_share: f32,
    pub family_share: f32,
    /// A community's name: no evidence as a surname.
    pub community: bool,
    /// In a list of names, and so no slip of the pen.
    pub listed: bool,
    pub initial: bool,
}

impl NameWords {
    fn number(&mut self, word: &str) -> u32 {
        let (number, new) = self.words.number(0, word);
        if new {
            self.about.push(About::of(word));
        }
        number
    }

    pub(crate) fn about(&self, word: u32) -> &About {
        const NOTHING: &About = &About {
            forms: Forms {
                mac: 0,
                gendered: 0,
                skeleton: 0,
                sound: 0,
                called: Vec::new(),
            },
            given_count: 0,
            family_count: 0,
            given_share: 0.0,
            family_share: 0.0,
            community: false,
            listed: false,
            initial: false,
        };
        self.about.get(word as usize).unwrap_or(NOTHING)
    }

    /// Counts one record's uses of words: the words of all its names, and the first of them as first
    /// name and surname.
    fn tally(&mut self, row: Row<'_>, tally: Tally) {
        for name in row.names() {
            for word in name.given.iter().chain(name.family).chain(name.rest) {
                self.words.tally(*word, tally);
            }
        }
        let Some(first) = row.names().next() else {
            return;
        };
        if let Some(word) = first.given.first() {
            tally.apply(&mut self.given_total);
            if let Some(about) = self.about.get_mut(*word as usize) {
                tally.apply(&mut about.given_count);
            }
        }
        // Of a surname of several words the whole stands first.
        let words = match first.family {
            [_whole, words @ ..] if !words.is_empty() => words,
            family => family,
        };
        if !words.is_empty() {
            tally.apply(&mut self.family_total);
        }
        for word in words {
            if let Some(about) = self.about.get_mut(*word as usize) {
                tally.apply(&mut about.family_count);
            }
        }
    }
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

/// Gives words their numbers while a record is packed.
trait Numbering {
    fn name(&mut self, word: &str) -> u32;
    fn value(&mut self, kind: u8, text: &str) -> u32;
    fn system(&mut self, system: &str) -> u32;
    fn column(&mut self, column: &str) -> u32;
}

impl Numbering for People {
    fn name(&mut self, word: &str) -> u32 {
        self.names.number(word)
    }

    fn value(&mut self, kind: u8, text: &str) -> u32 {
        self.values.number(kind, text).0
    }

    fn system(&mut self, system: &str) -> u32 {
        numbered(&mut self.systems, system)
    }

    fn column(&mut self, column: &str) -> u32 {
        numbered(&mut self.columns, column)
    }
}

/// Somebody who is looked for and leaves nothing behind.
struct Visit<'a> {
    people: &'a People,
    guest: Guest,
}

impl Numbering for Visit<'_> {
    fn name(&mut self, word: &str) -> u32 {
        self.guest.name(self.people, word)
    }

    fn value(&mut self, kind: u8, text: &str) -> u32 {
        self.guest.value(self.people, kind, text)
    }

    fn system(&mut self, system: &str) -> u32 {
        position(&self.people.systems, system)
    }

    fn column(&mut self, column: &str) -> u32 {
        position(&self.people.columns, column)
    }
}

/// A column that nobody has is the one after the last.
fn position(list: &[String], text: &str) -> u32 {
    let at = list.iter().position(|known| known == text);
    u32::try_from(at.unwrap_or(list.len())).unwrap_or(u32::MAX)
}

fn pack(numbering: &mut impl Numbering, record: &Record, packer: &mut Packer) {
    packer.facts = Facts {
        sex: record.sex,
        multiple_birth: record.flags.multiple_birth,
        birth_order: record.flags.birth_order.unwrap_or(0),
        sealed: record.flags.sealed,
        restricted_history: record.flags.restricted_history,
        looked_after: record.flags.looked_after,
        protected: record.flags.protected,
    };
    for date in record.births.iter().filter(|date| !date.is_filler()) {
        packer.birth(*date);
    }
    pack_names(numbering, record, packer);
    for identifier in &record.identifiers {
        pack_identifier(numbering, identifier, packer);
    }
    for address in &record.addresses {
        let packed = pack_address(numbering, address);
        packer.address(&packed);
    }
    for contact in &record.contacts {
        pack_contact(numbering, contact, packer);
    }
    for other in &record.others {
        let value = fold(&other.value);
        if !value.is_empty() {
            let column = numbering.column(&other.name);
            let kind = kind::OTHER.saturating_add(u8::try_from(column).unwrap_or(u8::MAX));
            packer.other(column, numbering.value(kind, &value));
        }
    }
}

/// A name of which only a part is given (a former surname, what friends say) is completed from
/// the first name of the record.
fn pack_names(numbering: &mut impl Numbering, record: &Record, packer: &mut Packer) {
    let mut first: Option<names::Parts> = None;
    for name in &record.names {
        let mut parts = names::parts(name);
        if let Some(order) = parts.birth_order {
            packer.facts.birth_order = order;
            packer.facts.multiple_birth = true;
        }
        if let Some(first) = &first {
            complete(&mut parts, first);
        }
        if parts.given.is_empty() && parts.family.is_empty() && parts.rest.is_empty() {
            continue;
        }
        pack_name(numbering, name, &parts, packer);
        first.get_or_insert(parts);
    }
}

fn pack_name(
    numbering: &mut impl Numbering,
    name: &Name,
    parts: &names::Parts,
    packer: &mut Packer,
) {
    let mut numbers =
        |words: &[String]| -> Vec<u32> { words.iter().map(|word| numbering.name(word)).collect() };
    let mut given: Vec<u32> = numbers(parts.given.get(..1).unwrap_or_default());
    let mut rest = numbers(parts.given.get(1..).unwrap_or_default());
    rest.extend(numbers(&parts.rest));
    if parts.given.len() > 1 {
        given.extend(numbers(&[parts.given.concat()]));
    }
    let words = numbers(&parts.family);
    let mut family: Vec<u32> = Vec::new();
    if !parts.family.is_empty() {
        family.extend(numbers(std::slice::from_ref(&parts.whole_family)));
        if words != family {
            family.extend(&words);
        }
    }
    packer.name(PackedName {
        given: &given,
        family: &family,
        rest: &rest,
        hidden: name.hidden,
        former: matches!(name.used, NameUse::Old | NameUse::Maiden),
        generation: parts.generation,
    });
}

fn pack_identifier(numbering: &mut impl Numbering, identifier: &Identifier, packer: &mut Packer) {
    let Some(national) = National::of(&identifier.system) else {
        let value = compact(&identifier.value);
        let filler = value
            .bytes()
            .all(|byte| value.starts_with(char::from(byte)));
        if !filler || value.len() == 1 {
            let system = numbering.system(&identifier.system);
            let kind = kind::LOCAL.saturating_add(u8::try_from(system % 16).unwrap_or(0));
            packer.local_number(system, numbering.value(kind, &value));
        }
        return;
    };
    let Some(digits) = digits_of(national, &identifier.value) else {
        return;
    };
    packer.number(PackedNumber {
        national: as_issued(national, &digits),
        digits: digits.parse().unwrap_or(0),
        standing: match validity(&digits) {
            Validity::Strong => Standing::Strong,
            Validity::Weak => Standing::Weak,
            Validity::Invalid => Standing::Invalid,
        },
        soft: identifier.used != IdentifierUse::Usual,
    });
}

fn pack_address(numbering: &mut impl Numbering, address: &Address) -> PackedAddress {
    let Some(parts) = address::parts(address) else {
        return PackedAddress::default();
    };
    let uprn = compact(&address.uprn);
    let uprn = uprn.trim_start_matches('0');
    let digits = uprn.bytes().all(|byte| byte.is_ascii_digit());
    let uprn = if digits && uprn.len() <= 12 { uprn } else { "" };
    let mut value = |kind: u8, text: &str| (!text.is_empty()).then(|| numbering.value(kind, text));
    let code = postcode::normalise(&address.postcode).unwrap_or_default();
    PackedAddress {
        postcode: value(kind::POSTCODE, &code),
        uprn: value(kind::UPRN, uprn),
        number: value(kind::NUMBER, &parts.number),
        street: value(kind::STREET, &parts.street),
        building: value(kind::STREET, &parts.building),
        locality: value(kind::LOCALITY, &parts.locality),
        region: value(kind::REGION, &parts.region),
        communal: parts.communal,
    }
}

fn pack_contact(numbering: &mut impl Numbering, contact: &str, packer: &mut Packer) {
    if contact.contains('@') {
        let email = contact.trim().to_lowercase();
        packer.contact(numbering.value(kind::EMAIL, &email), true);
        return;
    }
    let digits: String = contact.chars().filter(char::is_ascii_digit).collect();
    // The last ten digits are the same with and without the country's prefix.
    let local = digits
        .get(digits.len().saturating_sub(10)..)
        .unwrap_or_default();
    if local.len() >= 6 {
        packer.contact(numbering.value(kind::PHONE, local), false);
    }
}

/// A number of England sent as a CHI, or the other way round, is the number that its range says.
fn as_issued(national: National, digits: &str) -> National {
    match digits.parse::<u64>().unwrap_or(0) {
        100_000_000..=3_112_999_999 => National::Chi,
        3_200_000_010..=3_999_999_999 => National::Hc,
        4_000_000_000..=4_999_999_999 | 6_000_000_000..=7_999_999_999 => National::Nhs,
        _ => national,
    }
}

fn complete(parts: &mut names::Parts, first: &names::Parts) {
    if parts.given.is_empty() {
        parts.given.clone_from(&first.given);
    }
    if parts.family.is_empty() {
        parts.family.clone_from(&first.family);
        parts.whole_family.clone_from(&first.whole_family);
    }
    if parts.rest.is_empty() {
        parts.rest.clone_from(&first.rest);
    }
}

fn numbered(list: &mut Vec<String>, text: &str) -> u32 {
    let at = list
        .iter()
        .position(|known| known == text)
        .unwrap_or_else(|| {
            list.push(text.to_owned());
            list.len() - 1
        });
    u32::try_from(at).unwrap_or(u32::MAX)
}
