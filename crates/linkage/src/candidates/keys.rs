//! The keys under which records meet.

use crate::people::{About, Lexicon, PackedName, Row};
use crate::postcode;
use crate::text::{hash, mix};

/// The sorts of key. Two records that share a key of any sort are compared; each sort forgives
/// something that the others need.
pub(crate) const SORTS: [&str; 29] = [
    "number",
    "surname and birth date",
    "first name and birth date",
    "postcode and surname",
    "postcode and first name",
    "sound of surname, birth year and initial",
    "beginnings of both names",
    "birth date and district or town",
    "both names, in any order",
    "property, or house and street",
    "telephone or e-mail",
    "sound of first name, birth year and initial of surname",
    "street and first name",
    "town, surname and initial",
    "other column and both names' sounds",
    "other name and first name or surname",
    "birth date",
    "other column and birth date",
    "postcode",
    "first name and surname",
    "surname",
    "first name and sound of surname",
    "birthday and first name",
    "birthday and surname",
    "other column and surname",
    "other column and first name",
    "district and sound of surname",
    "street",
    "town and sound of first name",
];

/// The sorts that a search for one person uses, of the twenty-nine of [`SORTS`]: those whose blocks
/// stay small in a whole nation.
pub(crate) const LIVE: [usize; 12] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12];

/// Gives all keys of one sort that a record has, each with what makes it finer where too many
/// share it.
pub(crate) fn keys(lexicon: Lexicon<'_>, row: &Row<'_>, sort: usize, give: &mut impl FnMut(u64)) {
    let mut give = |parts: &[u64]| {
        let seed = mix(sort as u64 + 1);
        give(parts.iter().fold(seed, |key, part| mix(key ^ part)));
    };
    let names = || row.names();
    match sort {
        0 => numbers(row, &mut give),
        1 => with_births(row, |birth| {
            each_surname(names(), |word| give(&[word, birth]));
        }),
        2 => with_births(row, |birth| {
            each_root(lexicon, names(), |root| give(&[root, birth]));
        }),
        3 => with_postcodes(row, |code| {
            each_surname(names(), |word| give(&[word, code]));
        }),
        4 => with_postcodes(row, |code| {
            each_root(lexicon, names(), |root| give(&[root, code]));
        }),
        5 => with_years(row, |year| {
            for name in names() {
                let initial = initial(lexicon, name.given.first());
                for word in surnames(&name) {
                    give(&[u64::from(about(lexicon, *word).forms.sound), year, initial]);
                }
            }
        }),
        6 => {
            for name in names() {
                if let Some(given) = name.given.first() {
                    let given = start(lexicon, *given, 3);
                    for word in surnames(&name) {
                        give(&[given, start(lexicon, *word, 4)]);
                    }
                }
            }
        }
        7 => with_births(row, |birth| {
            districts(lexicon, row, |place| give(&[place, birth]));
        }),
        8 => both_names(lexicon, row, &mut give),
        9 => properties(row, &mut give),
        10 => row
            .contacts()
            .for_each(|(value, _)| give(&[u64::from(value)])),
        11 => with_years(row, |year| {
            for name in names() {
                let family = initial(lexicon, surnames(&name).last());
                if let Some(word) = name.given.first() {
                    give(&[u64::from(about(lexicon, *word).forms.sound), year, family]);
                }
            }
        }),
        12 => {
            for address in row.addresses() {
                if let Some(street) = address.street {
                    each_root(lexicon, names(), |root| give(&[root, u64::from(street)]));
                }
            }
        }
        13 => {
            for town in row.addresses().filter_map(|address| address.locality) {
                for name in names() {
                    let initial = initial(lexicon, name.given.first());
                    surnames(&name)
                        .iter()
                        .for_each(|word| give(&[u64::from(*word), u64::from(town), initial]));
                }
            }
        }
        14 => {
            for (column, value) in row.others() {
                for name in names() {
                    let sound = |word: Option<&u32>| {
                        word.map_or(0, |word| u64::from(about(lexicon, *word).forms.sound))
                    };
                    let (given, family) = (sound(name.given.first()), sound(name.family.last()));
                    give(&[u64::from(column), u64::from(value), given, family]);
                }
            }
        }
        15 => {
            for name in names() {
                let both = name.given.first().into_iter().chain(surnames(&name));
                for word in both {
                    name.rest.iter().for_each(|rest| {
                        give(&[u64::from(*rest ^ *word), u64::from(rest.min(word) + 1)]);
                    });
                }
            }
        }
        16 => with_births(row, |birth| give(&[birth])),
        17 => with_births(row, |birth| {
            row.others()
                .for_each(|(column, value)| give(&[u64::from(column), u64::from(value), birth]));
        }),
        18 => with_postcodes(row, |code| give(&[code])),
        19 => with_both(lexicon, names(), |root, family| {
            give(&[root, u64::from(family)]);
        }),
        20 => each_surname(names(), |word| give(&[word])),
        21 => with_both(lexicon, names(), |root, family| {
            give(&[root, u64::from(about(lexicon, family).forms.sound)]);
        }),
        22 => with_birthdays(row, |day| {
            each_root(lexicon, names(), |root| give(&[root, day]));
        }),
        23 => with_birthdays(row, |day| each_surname(names(), |word| give(&[word, day]))),
        24 => with_others(row, |value| {
            each_surname(names(), |word| give(&[word, value]));
        }),
        25 => with_others(row, |value| {
            each_root(lexicon, names(), |root| give(&[root, value]));
        }),
        26 => districts(lexicon, row, |place| {
            for name in names() {
                for word in surnames(&name) {
                    give(&[place, u64::from(about(lexicon, *word).forms.sound)]);
                }
            }
        }),
        27 => row
            .addresses()
            .flat_map(|address| [address.street, address.building])
            .flatten()
            .for_each(|street| give(&[u64::from(street)])),
        28 => {
            for town in row.addresses().filter_map(|address| address.locality) {
                for word in names().filter_map(|name| name.given.first()) {
                    give(&[
                        u64::from(town),
                        u64::from(about(lexicon, *word).forms.sound),
                    ]);
                }
            }
        }
        _ => {}
    }
}

/// What divides a block of too many: the year of birth and the initials.
pub(crate) fn finer(lexicon: Lexicon<'_>, row: &Row<'_>) -> u64 {
    let year = row.births().next().map_or(0, |birth| u64::from(birth.year));
    let name = row.names().next();
    let initials = name.map_or(0, |name| {
        initial(lexicon, name.given.first()) << 32 ^ initial(lexicon, name.family.last())
    });
    mix(year ^ initials)
}

fn numbers(row: &Row<'_>, give: &mut impl FnMut(&[u64])) {
    for number in row.numbers() {
        give(&[1, number.digits]);
    }
    for (system, value) in row.local_numbers() {
        give(&[2, u64::from(system), u64::from(value)]);
    }
}

fn both_names(lexicon: Lexicon<'_>, row: &Row<'_>, give: &mut impl FnMut(&[u64])) {
    for name in row.names() {
        let Some(given) = name.given.first() else {
            name.family
                .first()
                .iter()
                .for_each(|word| give(&[u64::from(**word)]));
            continue;
        };
        for word in surnames(&name) {
            let (low, high) = ((*given).min(*word), (*given).max(*word));
            give(&[u64::from(low), u64::from(high)]);
        }
        if name.family.is_empty() {
            give(&[u64::from(*given)]);
        }
        let _ = lexicon;
    }
}

fn properties(row: &Row<'_>, give: &mut impl FnMut(&[u64])) {
    for address in row.addresses() {
        if let Some(uprn) = address.uprn {
            give(&[1, u64::from(uprn)]);
        }
        if let Some((house, street)) = address.number.zip(address.street) {
            give(&[2, u64::from(house), u64::from(street)]);
        }
    }
}

fn districts(lexicon: Lexicon<'_>, row: &Row<'_>, mut give: impl FnMut(u64)) {
    for address in row.addresses() {
        if let Some(code) = address.postcode {
            give(hash(postcode::district(lexicon.value(code)).as_bytes()));
        }
        if let Some(town) = address.locality {
            give(u64::from(town));
        }
    }
}

fn with_births(row: &Row<'_>, mut each: impl FnMut(u64)) {
    row.births()
        .filter(|birth| birth.is_complete())
        .for_each(|birth| each(u64::from(birth.pack())));
}

fn with_years(row: &Row<'_>, mut each: impl FnMut(u64)) {
    row.births().for_each(|birth| each(u64::from(birth.year)));
}

fn with_postcodes(row: &Row<'_>, mut each: impl FnMut(u64)) {
    row.addresses()
        .filter_map(|address| address.postcode)
        .for_each(|code| each(u64::from(code)));
}

/// Day and month, and month and year: two of three parts survive a slip in the third.
fn with_birthdays(row: &Row<'_>, mut each: impl FnMut(u64)) {
    for birth in row.births().filter(|birth| birth.is_complete()) {
        let (year, month, day) = (
            u64::from(birth.year),
            u64::from(birth.month),
            u64::from(birth.day),
        );
        each(1 << 40 | month << 8 | day);
        each(2 << 40 | year << 16 | month);
        each(3 << 40 | year << 16 | day);
    }
}

fn with_others(row: &Row<'_>, mut each: impl FnMut(u64)) {
    row.others()
        .for_each(|(column, value)| each(u64::from(column) << 32 | u64::from(value)));
}

fn with_both<'a>(
    lexicon: Lexicon<'_>,
    names: impl Iterator<Item = PackedName<'a>>,
    mut each: impl FnMut(u64, u32),
) {
    for name in names {
        each_root(lexicon, std::iter::once(name), |root| {
            surnames(&name).iter().for_each(|word| each(root, *word));
        });
    }
}

fn each_surname<'a>(names: impl Iterator<Item = PackedName<'a>>, mut each: impl FnMut(u64)) {
    for name in names {
        surnames(&name)
            .iter()
            .for_each(|word| each(u64::from(*word)));
    }
}

/// A first name stands for the lists of nicknames that it is in, the first two of them, or for
/// itself.
fn each_root<'a>(
    lexicon: Lexicon<'_>,
    names: impl Iterator<Item = PackedName<'a>>,
    mut each: impl FnMut(u64),
) {
    for name in names {
        let Some(word) = name.given.first() else {
            continue;
        };
        let called = &about(lexicon, *word).forms.called;
        if called.is_empty() {
            each(u64::from(*word) << 16);
        }
        called
            .iter()
            .take(2)
            .for_each(|line| each(u64::from(line >> 1)));
    }
}

/// The words of a surname, or all of it where it is one word.
fn surnames<'a>(name: &PackedName<'a>) -> &'a [u32] {
    match name.family {
        [_, words @ ..] if !words.is_empty() => words,
        one => one,
    }
}

fn about<'a>(lexicon: Lexicon<'a>, word: u32) -> &'a About {
    lexicon.about(word)
}

fn initial(lexicon: Lexicon<'_>, word: Option<&u32>) -> u64 {
    word.and_then(|word| lexicon.name(*word).chars().next())
        .map_or(0, u64::from)
}

fn start(lexicon: Lexicon<'_>, word: u32, length: usize) -> u64 {
    let text = lexicon.name(word);
    let start: String = text.chars().take(length).collect();
    hash(start.as_bytes())
}
