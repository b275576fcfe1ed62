//! Rows as records for the engine: each column's value in the part of a person that it is of.

use linkage::{
    Address, BirthDate, CHI_SYSTEM, Flags, HC_SYSTEM, Identifier, NHS_SYSTEM, Name, NameUse, Other,
    Record, Sex,
};

use super::guess::Guess;
use super::roles::{Role, words_of};
use super::table::{Column, Table};
use super::values::{DateOrder, is_blank_word};

/// Surnames that are also what programs write for nothing are kept up to this share of the rows:
/// families called Null are few, and an empty column is full of it.
const RARE_ENOUGH: f64 = 0.001;

/// A table with what its columns are, ready to give records.
pub struct Reader<'a> {
    table: &'a Table,
    columns: Vec<Part<'a>>,
    source: String,
}

/// One column and what it is.
struct Part<'a> {
    column: &'a Column,
    role: Role,
    order: Option<DateOrder>,
    /// What systems and other columns are called in both files of a link.
    name: String,
    keeps_blank_words: bool,
}

impl<'a> Reader<'a> {
    /// A reader of the columns as guessed; `source` names the file where a row does not name its own.
    #[must_use]
    pub fn of(table: &'a Table, guesses: &[Guess], source: &str) -> Self {
        let columns = table.columns.iter().zip(guesses);
        let parts = columns
            .filter(|(_, guess)| !matches!(guess.role, Role::Id | Role::LeaveOut))
            .map(|(column, guess)| Part {
                column,
                role: guess.role,
                order: guess.order,
                name: words_of(&column.name),
                keeps_blank_words: guess.role.is_name() && blank_words_are_rare(column),
            })
            .collect();
        Self {
            table,
            columns: parts,
            source: source.to_owned(),
        }
    }

    /// The record of a row.
    #[must_use]
    pub fn record(&self, row: usize) -> Record {
        let mut record = Record {
            id: self.table.ids.get(row).cloned().unwrap_or_default(),
            source: self.source.clone(),
            ..Record::default()
        };
        let mut name = Name::default();
        let mut address = Address::default();
        for part in &self.columns {
            let value = part.column.value(row);
            if value.is_empty() || (is_blank_word(value) && !part.keeps_blank_words) {
                continue;
            }
            match part.role {
                Role::GivenName => first(&mut name.given, value),
                Role::MiddleName => first(&mut name.middle, value),
                Role::FamilyName => first(&mut name.family, value),
                Role::FullName => first(&mut name.text, value),
                Role::Suffix => first(&mut name.suffix, value),
                Role::HouseNumber => first(&mut address.number, value),
                Role::AddressLine => address.lines.push(value.to_owned()),
                Role::Locality => first(&mut address.locality, value),
                Role::Region => first(&mut address.region, value),
                Role::Postcode => first(&mut address.postcode, value),
                Role::Uprn => first(&mut address.uprn, value),
                _ => part.put(value, &mut record),
            }
        }
        if name != Name::default() {
            record.names.insert(0, name);
        }
        if address != Address::default() {
            record.addresses.push(address);
        }
        record
    }

    /// What stands in the compared columns of a row: name of the column, what it is, value.
    pub fn values(&self, row: usize) -> impl Iterator<Item = (&str, Role, &str)> {
        let parts = self.columns.iter();
        parts.map(move |part| (part.column.name.as_str(), part.role, part.column.value(row)))
    }
}

impl Part<'_> {
    /// Puts a value that is no part of the name or address of today.
    fn put(&self, value: &str, record: &mut Record) {
        let identifier = |system: &str| Identifier {
            system: system.to_owned(),
            value: value.to_owned(),
            ..Identifier::default()
        };
        match self.role {
            Role::PreviousFamilyName => record.names.extend(surnames(value)),
            Role::KnownAs => record.names.push(Name {
                given: value.to_owned(),
                used: NameUse::Nickname,
                ..Name::default()
            }),
            Role::BirthDate => record.births.extend(births(value, self.order)),
            Role::Sex => record.sex = record.sex.or_else(|| Sex::parse(value)),
            Role::Chi => record.identifiers.push(identifier(CHI_SYSTEM)),
            Role::NhsNumber => record.identifiers.push(identifier(NHS_SYSTEM)),
            Role::HcNumber => record.identifiers.push(identifier(HC_SYSTEM)),
            Role::Identifier => record.identifiers.push(identifier(&self.name)),
            Role::Contact => record.contacts.push(value.to_owned()),
            Role::Flags => record.flags = Flags::parse(value),
            Role::Source => value.clone_into(&mut record.source),
            _ => record.others.push(Other {
                name: self.name.clone(),
                value: value.to_owned(),
            }),
        }
    }
}

fn first(place: &mut String, value: &str) {
    if place.is_empty() {
        value.clone_into(place);
    }
}

/// Surnames that were borne before, as lists of them are written.
fn surnames(value: &str) -> impl Iterator<Item = Name> {
    let parts = value.split([';', '|', '/']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(|family| Name {
        family: family.to_owned(),
        used: NameUse::Maiden,
        ..Name::default()
    })
}

/// The dates that a value can mean, as typed; a value in another order than its column is read as
/// what it is, if it is a date at all.
fn births(value: &str, order: Option<DateOrder>) -> Vec<BirthDate> {
    let read = order.map_or_else(Vec::new, |order| order.read(value));
    let birth = |[year, month, day]: [u16; 3]| {
        Some(BirthDate {
            year,
            month: u8::try_from(month).ok()?,
            day: u8::try_from(day).ok()?,
        })
    };
    let births: Vec<BirthDate> = read.into_iter().filter_map(birth).collect();
    if births.is_empty() {
        return BirthDate::parse(value).into_iter().collect();
    }
    births
}

fn blank_words_are_rare(column: &Column) -> bool {
    let (mut words, mut rows) = (0usize, 0usize);
    for value in column.values() {
        rows += 1;
        words += usize::from(is_blank_word(value));
    }
    words > 0 && (words as f64) <= (RARE_ENOUGH * rows as f64).max(1.0)
}
