//! Addresses taken apart: number, street, and what is no address at all.

use crate::text::{fold, words};
use crate::{Address, AddressKind};

/// What is compared of an address, folded. Empty where not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Parts {
    pub number: String,
    pub street: String,
    pub building: String,
    pub locality: String,
    pub region: String,
    /// Many people live here who have nothing to do with each other.
    pub communal: bool,
}

/// Written out, so that "4 High St" and "4 High Street" are one place.
const SHORT: [(&str, &str); 26] = [
    ("rd", "road"),
    ("st", "street"),
    ("str", "street"),
    ("ave", "avenue"),
    ("av", "avenue"),
    ("dr", "drive"),
    ("drv", "drive"),
    ("cres", "crescent"),
    ("cr", "crescent"),
    ("ct", "court"),
    ("crt", "court"),
    ("pl", "place"),
    ("ln", "lane"),
    ("la", "lane"),
    ("gdns", "gardens"),
    ("gdn", "gardens"),
    ("gr", "grove"),
    ("terr", "terrace"),
    ("tce", "terrace"),
    ("sq", "square"),
    ("pk", "park"),
    ("wy", "way"),
    ("cl", "close"),
    ("wynd", "wynd"),
    ("cct", "circuit"),
    ("pde", "parade"),
];

const NO_ABODE: [&str; 7] = [
    "no fixed abode",
    "no fixed address",
    "nfa",
    "homeless",
    "unknown",
    "not known",
    "address unknown",
];

const COMMUNAL: [&str; 16] = [
    "care home",
    "nursing home",
    "residential home",
    "retirement home",
    "hostel",
    "hmp",
    "prison",
    "hospital",
    "ward",
    "refuge",
    "night shelter",
    "barracks",
    "halls of residence",
    "student halls",
    "hotel",
    "young offenders",
];

/// Takes an address apart. `None` if it does not say where somebody lives.
pub(crate) fn parts(address: &Address) -> Option<Parts> {
    let lines: Vec<String> = address.lines.iter().map(|line| fold(line)).collect();
    let all = lines.join(" ");
    let care_of = address.kind == AddressKind::CareOf
        || all.starts_with("c o ")
        || all.starts_with("care of ");
    if care_of || NO_ABODE.contains(&all.as_str()) {
        return None;
    }
    let padded = format!(" {all} ");
    let communal = address.kind == AddressKind::Communal
        || COMMUNAL
            .iter()
            .any(|word| padded.contains(&format!(" {word} ")));
    let mut lines = lines.iter().filter(|line| !line.is_empty());
    let (mut number, street) = match lines.next() {
        Some(first) => numbered(first),
        None => (String::new(), String::new()),
    };
    let given = fold(&address.number);
    if !given.is_empty() {
        number = given;
    }
    let building: Vec<&str> = lines.map(String::as_str).collect();
    Some(Parts {
        number,
        street,
        building: building.join(" "),
        locality: fold(&address.locality),
        region: fold(&address.region),
        communal,
    })
}

/// "flat 2 14 high st" is number "2 14", street "high street".
fn numbered(line: &str) -> (String, String) {
    let mut number: Vec<&str> = Vec::new();
    let mut street: Vec<&str> = Vec::new();
    for word in words(line) {
        let is_number = word.starts_with(|letter: char| letter.is_ascii_digit());
        if street.is_empty() && matches!(word, "flat" | "apt" | "apartment" | "unit" | "no") {
            continue;
        }
        // "Rural route 2" ends in a number that belongs to it; "High Street 4" does not matter.
        if is_number && street.is_empty() {
            number.push(word);
        } else {
            let long = SHORT.iter().find(|(short, _)| *short == word);
            // "St Andrews Road" begins with a saint.
            let saint = street.is_empty() && word == "st";
            street.push(match long {
                Some((_, long)) if !saint => long,
                _ => word,
            });
        }
    }
    (number.join(" "), street.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Option<Parts> {
        parts(&Address {
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            ..Address::default()
        })
    }

    #[test]
    fn short_and_long_forms_are_one_street() {
        let long = of(&["7 Culduthel Road"]).unwrap();
        assert_eq!(of(&["7 culduthel rd."]).unwrap(), long);
        assert_eq!(
            (long.number.as_str(), long.street.as_str()),
            ("7", "culduthel road")
        );
        assert_eq!(
            of(&["Flat 2, 14 St Andrews St"]).unwrap().street,
            "st andrews street"
        );
    }

    #[test]
    fn no_fixed_abode_and_care_of_are_not_where_somebody_lives() {
        assert_eq!(of(&["No fixed abode"]), None);
        assert_eq!(of(&["NFA"]), None);
        assert_eq!(of(&["c/o High Street Surgery"]), None);
    }

    #[test]
    fn a_care_home_is_shared_by_strangers() {
        assert!(of(&["Bankview Care Home", "3 Mill Lane"]).unwrap().communal);
        assert!(!of(&["3 Wardie Road"]).unwrap().communal);
    }
}
