//! Too little to search by is not "nobody found".

use crate::number::{National, digits_of};
use crate::{NameUse, Record, names, postcode};

/// What a search lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// A first name, a surname or a postcode: two of the three are needed.
    NameOrPostcode,
    /// The date of birth, in full.
    BirthDate,
}

impl Missing {
    /// What to add, in words for whoever searches.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::NameOrPostcode => "two of first name, surname and postcode",
            Self::BirthDate => "a date of birth with day and month",
        }
    }
}

/// What a record lacks to be searched by: nothing if it has a national number, or else a complete
/// birth date and two of first name, surname and postcode, which is what England's Personal
/// Demographics Service asks for but for the sex, without which nobody is turned away here.
#[must_use]
pub fn missing(record: &Record) -> Vec<Missing> {
    let numbered = record.identifiers.iter().any(|identifier| {
        National::of(&identifier.system)
            .is_some_and(|national| digits_of(national, &identifier.value).is_some())
    });
    if numbered {
        return Vec::new();
    }
    let named: Vec<names::Parts> = record
        .names
        .iter()
        .filter(|name| name.used != NameUse::Anonymous)
        .map(names::parts)
        .collect();
    let known = [
        named.iter().any(|parts| !parts.given.is_empty()),
        named.iter().any(|parts| !parts.family.is_empty()),
        record
            .addresses
            .iter()
            .any(|address| postcode::normalise(&address.postcode).is_some()),
    ];
    let mut missing = Vec::new();
    if known.iter().filter(|known| **known).count() < 2 {
        missing.push(Missing::NameOrPostcode);
    }
    if !record.births.iter().any(|date| date.is_complete()) {
        missing.push(Missing::BirthDate);
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Address, BirthDate, Identifier, NHS_SYSTEM, Name};

    #[test]
    fn a_search_says_what_it_lacks() {
        let mut isla = Record {
            names: vec![Name {
                given: "Isla".to_owned(),
                ..Name::default()
            }],
            ..Record::default()
        };
        assert_eq!(
            missing(&isla),
            [Missing::NameOrPostcode, Missing::BirthDate]
        );
        isla.births.extend(BirthDate::parse("2011-05-03"));
        assert_eq!(missing(&isla), [Missing::NameOrPostcode]);
        isla.addresses.push(Address {
            postcode: "KY1 2AB".to_owned(),
            ..Address::default()
        });
        assert_eq!(missing(&isla), []);
    }

    #[test]
    fn a_national_number_is_enough() {
        let numbered = Record {
            identifiers: vec![Identifier {
                system: NHS_SYSTEM.to_owned(),
                value: "943 476 5919".to_owned(),
                ..Identifier::default()
            }],
            ..Record::default()
        };
        assert_eq!(missing(&numbered), []);
    }
}
