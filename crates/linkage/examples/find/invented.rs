//! A row of `candour match generate` as a record.

use linkage::{Address, BirthDate, CHI_SYSTEM, Identifier, Name, NameUse, Record, Sex};

use super::data;

pub fn record(fields: &data::Fields) -> Record {
    let get = |column: &str| data::get(fields, column);
    let name = Name {
        given: get("given_name"),
        middle: get("middle_name"),
        family: get("family_name"),
        ..Name::default()
    };
    let before = Name {
        family: get("previous_family_name"),
        used: NameUse::Maiden,
        ..Name::default()
    };
    Record {
        names: vec![name, before],
        births: BirthDate::parse(&get("birth_date")).into_iter().collect(),
        sex: Sex::parse(&get("sex")),
        identifiers: vec![Identifier {
            system: CHI_SYSTEM.to_owned(),
            value: get("chi"),
            ..Identifier::default()
        }],
        addresses: vec![Address {
            lines: vec![get("address")],
            locality: get("town"),
            postcode: get("postcode"),
            ..Address::default()
        }],
        contacts: vec![get("email")],
        ..Record::default()
    }
}
