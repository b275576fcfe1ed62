//! How common a name is in the whole population, for judging people of whom there is no file.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::forms::{is_listed, lines};

const LIST: &str = include_str!("../../data/frequencies.txt");

/// How common a word is as a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frequency {
    /// The share of people who bear it.
    pub share: f32,
    /// Borne by so many of one community that agreeing on it says next to nothing.
    pub community: bool,
    /// Known to be a name, and so no slip of the pen.
    pub listed: bool,
}

/// What agreeing on a community's surname is taken to be worth: as much as on one that every second
/// person bears.
const COMMUNITY_SURNAME: f32 = 0.5;
/// First names are shared out more evenly in every community.
const COMMUNITY_GIVEN: f32 = 0.03;
/// A first name that is in no list.
const RARE_GIVEN: f32 = 0.0003;
/// A surname that is in no list.
const RARE_FAMILY: f32 = 0.00005;

/// How common a word is as a first name.
pub(crate) fn given_frequency(word: &str) -> Frequency {
    frequency(&tables().given, word, RARE_GIVEN, COMMUNITY_GIVEN)
}

/// How common a word is as a surname.
pub(crate) fn family_frequency(word: &str) -> Frequency {
    frequency(&tables().family, word, RARE_FAMILY, COMMUNITY_SURNAME)
}

fn frequency(table: &HashMap<&str, (f32, bool)>, word: &str, rare: f32, shared: f32) -> Frequency {
    match table.get(word) {
        Some((_, true)) => Frequency {
            share: shared,
            community: true,
            listed: true,
        },
        Some((share, false)) => Frequency {
            share: *share,
            community: false,
            listed: true,
        },
        None => Frequency {
            share: rare,
            community: false,
            listed: is_listed(word),
        },
    }
}

#[derive(Default)]
struct Tables {
    given: HashMap<&'static str, (f32, bool)>,
    family: HashMap<&'static str, (f32, bool)>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut tables = Tables::default();
        let mut given = false;
        for line in lines(LIST) {
            let (line, community) = match line.strip_prefix("community ") {
                Some(rest) => (rest, true),
                None => (line, false),
            };
            match line {
                "[given]" => given = true,
                "[family]" => given = false,
                line => {
                    let (share, names) = line.split_once(' ').unwrap_or((line, ""));
                    let share = share.parse::<f32>().unwrap_or(1.0) / 10_000.0;
                    let table = if given {
                        &mut tables.given
                    } else {
                        &mut tables.family
                    };
                    for name in names.split_whitespace() {
                        table.entry(name).or_insert((share, community));
                    }
                }
            }
        }
        tables
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smith_is_common_pumphrey_is_rare_and_kaur_says_nothing() {
        assert_eq!(family_frequency("smith").share, 0.012);
        assert_eq!(family_frequency("pumphrey").share, RARE_FAMILY);
        assert!(family_frequency("kaur").community);
        assert!(given_frequency("ava").listed && given_frequency("eva").listed);
        assert!(!given_frequency("eltom").listed);
    }
}
