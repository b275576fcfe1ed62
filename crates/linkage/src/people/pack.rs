//! Packing a record: what of it is compared, each word by its number.

use super::numbering::Numbering;
use super::row::Packer;
use super::{Facts, PackedAddress, PackedName, PackedNumber, Standing, kind};
use crate::number::{National, Validity, digits_of, validity};
use crate::text::{compact, fold};
use crate::{Address, Identifier, IdentifierUse, Name, NameUse, Record};
use crate::{address, names, postcode};

/// Packs all of a record that can be compared.
pub(super) fn pack(numbering: &mut impl Numbering, record: &Record, packer: &mut Packer) {
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
