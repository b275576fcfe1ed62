//! Names taken apart: what is a word of the name, what is a filler, what belongs together.

mod forms;
mod frequency;

use crate::text::{fold, words};
use crate::{Name, NameUse};

pub(crate) use forms::{Forms, related};
pub(crate) use frequency::{family_frequency, given_frequency};

/// A name in the words that are compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Parts {
    /// First names, in order.
    pub given: Vec<String>,
    /// Middle names, and whatever else the whole text has.
    pub rest: Vec<String>,
    /// Surnames, without particles.
    pub family: Vec<String>,
    /// The surname in one word, with its particles: "desilva", "obrien".
    pub whole_family: String,
    /// Which of one name: 1 junior, 2 senior, 3 the third; 0 not said.
    pub generation: u8,
    /// "Twin 2" is the second of a multiple birth.
    pub birth_order: Option<u8>,
}

/// Words that stand where a name is not known.
const FILLERS: [&str; 20] = [
    "unknown",
    "unk",
    "fnu",
    "lnu",
    "nfn",
    "nln",
    "nmn",
    "anonymous",
    "anon",
    "nobody",
    "none",
    "null",
    "nil",
    "notknown",
    "unnamed",
    "noname",
    "nonname",
    "tbc",
    "tba",
    "surnameunknown",
];

/// Words that stand for a newborn's first name.
const NEWBORN: [&str; 14] = [
    "baby", "babe", "infant", "boy", "girl", "twin", "triplet", "quad", "male", "female",
    "newborn", "of", "bg", "bb",
];

const TITLES: [&str; 18] = [
    "mr", "mrs", "miss", "ms", "mx", "dr", "prof", "rev", "sir", "dame", "lord", "lady", "master",
    "mister", "father", "sister", "fr", "sr",
];

/// Little words of surnames, which clerks keep, drop and spell as they like.
const PARTICLES: [&str; 34] = [
    "al", "el", "ul", "ur", "as", "ad", "bin", "ben", "ibn", "bint", "binti", "binte", "bt", "abu",
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der",
    "den", "ter", "ten", "zu", "y", "e",
];

/// Takes a name apart. Names that are temporary or meant to hide have no words.
pub(crate) fn parts(name: &Name) -> Parts {
    let mut parts = Parts::default();
    if name.used == NameUse::Anonymous {
        return parts;
    }
    let given = fold(&name.given);
    parts.birth_order = birth_order(&given);
    if name.used != NameUse::Temp {
        parts.given = given_words(&given);
    }
    let (family, generation) = without_generation(&fold(&name.family));
    (parts.family, parts.whole_family) = family_words(&family);
    parts.generation = generation.max(generation_of(fold(&name.suffix).trim()));
    parts.rest = given_words(&fold(&name.middle));
    read_text(&mut parts, &name.text);
    // One name written twice is one name.
    if parts.given.concat() == parts.whole_family {
        parts.given.clear();
    }
    parts
}

fn given_words(folded: &str) -> Vec<String> {
    let all: Vec<&str> = words(folded).collect();
    let newborn = all
        .iter()
        .all(|word| NEWBORN.contains(word) || is_ordinal(word));
    if newborn || FILLERS.contains(&all.concat().as_str()) {
        return Vec::new();
    }
    all.into_iter()
        .filter(|word| !FILLERS.contains(word) && !TITLES.contains(word))
        .map(str::to_owned)
        .collect()
}

fn is_ordinal(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit()) || matches!(word, "a" | "b" | "c" | "i" | "ii")
}

/// The number in "twin 2", "baby b", "triplet three".
fn birth_order(given: &str) -> Option<u8> {
    let all: Vec<&str> = words(given).collect();
    if !all.first().is_some_and(|word| NEWBORN.contains(word)) {
        return None;
    }
    all.iter().find_map(|word| match *word {
        "1" | "a" | "i" | "one" | "first" => Some(1),
        "2" | "b" | "ii" | "two" | "second" => Some(2),
        "3" | "c" | "iii" | "three" | "third" => Some(3),
        "4" | "d" | "four" => Some(4),
        _ => None,
    })
}

fn generation_of(word: &str) -> u8 {
    match word {
        "jr" | "jnr" | "junior" | "younger" => 1,
        "sr" | "snr" | "senior" | "elder" => 2,
        "iii" | "3rd" => 3,
        "iv" | "4th" => 4,
        "ii" | "2nd" => 5,
        _ => 0,
    }
}

fn without_generation(family: &str) -> (String, u8) {
    match family.rsplit_once(' ') {
        Some((before, last)) if generation_of(last) != 0 => {
            (before.to_owned(), generation_of(last))
        }
        _ => (family.to_owned(), 0),
    }
}

/// The words of a surname, and all of it in one word. "O Brien" and "Mac Donald" are one word each.
fn family_words(folded: &str) -> (Vec<String>, String) {
    let mut joined: Vec<String> = Vec::new();
    let mut prefix: Option<&str> = None;
    for word in words(folded) {
        if FILLERS.contains(&word) {
            continue;
        }
        match (prefix.take(), word) {
            (Some("m"), word) => joined.push(format!("mc{word}")),
            (Some(before), word) => joined.push(format!("{before}{word}")),
            (None, "o" | "mac" | "mc" | "m") => prefix = Some(word),
            (None, word) => joined.push(word.to_owned()),
        }
    }
    joined.extend(prefix.map(str::to_owned));
    let whole = joined.concat();
    let core: Vec<String> = joined
        .iter()
        .filter(|word| !PARTICLES.contains(&word.as_str()))
        .cloned()
        .collect();
    (if core.is_empty() { joined } else { core }, whole)
}

/// A whole name in one text: its words that no part has yet are kept; where there are no parts, the
/// last word is read as the surname, or what stands before a comma.
fn read_text(parts: &mut Parts, text: &str) {
    if text.is_empty() {
        return;
    }
    if parts.given.is_empty() && parts.family.is_empty() {
        let (family, given) = match text.split_once(',') {
            Some((family, given)) => (fold(family), fold(given)),
            None => {
                let folded = fold(text);
                match folded.rsplit_once(' ') {
                    Some((given, family)) => (family.to_owned(), given.to_owned()),
                    None => (folded, String::new()),
                }
            }
        };
        let mut given = given_words(&given).into_iter();
        parts.given.extend(given.next());
        parts.rest.extend(given);
        (parts.family, parts.whole_family) = family_words(&family);
        return;
    }
    for word in words(&fold(text)) {
        let word = word.to_owned();
        let known = parts.given.contains(&word)
            || parts.rest.contains(&word)
            || parts.family.contains(&word)
            || PARTICLES.contains(&word.as_str())
            || parts.whole_family.contains(&word);
        if !known && word.len() > 2 {
            parts.rest.push(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(given: &str, family: &str) -> Parts {
        parts(&Name {
            given: given.to_owned(),
            family: family.to_owned(),
            ..Name::default()
        })
    }

    #[test]
    fn hyphen_blank_and_apostrophe_are_one_name() {
        assert_eq!(named("Anne", "Smith-Jones").family, ["smith", "jones"]);
        assert_eq!(named("Anne", "Smith Jones").whole_family, "smithjones");
        for family in ["O'Brien", "OBRIEN", "O Brien", "O\u{2019}Brien"] {
            assert_eq!(named("Sean", family).family, ["obrien"], "{family}");
        }
        for family in ["Mac Donald", "MacDonald"] {
            assert_eq!(named("Sean", family).family, ["macdonald"], "{family}");
        }
        assert_eq!(named("Sean", "M'Donald").family, ["mcdonald"]);
    }

    #[test]
    fn particles_are_kept_in_the_whole_and_not_in_the_words() {
        let parts = named("Ana", "de Silva");
        assert_eq!(
            (parts.family.as_slice(), parts.whole_family.as_str()),
            (&["silva".to_owned()][..], "desilva")
        );
        assert_eq!(named("Ali", "Al-Hassan").family, ["hassan"]);
        assert_eq!(named("Ha", "Le").family, ["le"]);
    }

    #[test]
    fn fillers_are_not_names_and_twins_keep_their_number() {
        assert!(named("Unknown", "Stewart").given.is_empty());
        assert!(named("FNU", "Suharto").given.is_empty());
        assert!(named(".", "Stewart").given.is_empty());
        let twin = named("Twin 2", "Stewart");
        assert!(twin.given.is_empty());
        assert_eq!(twin.birth_order, Some(2));
        assert_eq!(named("Baby Girl B", "Stewart").birth_order, Some(2));
        assert_eq!(named("Suharto", "Suharto").given, Vec::<String>::new());
    }

    #[test]
    fn junior_is_not_a_surname() {
        let son = named("William", "Ross Jr");
        assert_eq!(
            (son.family.as_slice(), son.generation),
            (&["ross".to_owned()][..], 1)
        );
    }

    #[test]
    fn a_text_is_read_where_there_are_no_parts_and_completes_them_where_there_are() {
        let whole = |text: &str, given: &str, family: &str| {
            parts(&Name {
                text: text.to_owned(),
                given: given.to_owned(),
                family: family.to_owned(),
                ..Name::default()
            })
        };
        assert_eq!(whole("Agnes Mary McNeil", "", "").family, ["mcneil"]);
        assert_eq!(whole("McNeil, Agnes Mary", "", "").given, ["agnes"]);
        let lord = whole(
            "thomas clifford, 1st baron clifford of chudleigh",
            "thomas",
            "chudleigh",
        );
        assert_eq!(lord.rest, ["clifford", "1st", "baron"]);
    }
}
