//! The forms of a name word that mean it without being it: nicknames, Mac and Mc, gendered endings,
//! sound.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::text::{hash, skeleton, sound};

const SCOTS: &str = include_str!("../../data/scots-names.txt");
const NICKNAMES: &str = include_str!("../../data/nicknames.txt");

/// What a word of a name is compared by, besides itself. Forms are hashes: only equality matters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Forms {
    /// With "mac" written "mc"; 0 for a word that has neither.
    pub mac: u32,
    /// Without the ending that tells a man's name from a woman's; 0 where it has none.
    pub gendered: u32,
    /// Its consonants as they sound.
    pub skeleton: u32,
    /// Its coarse sound, for finding candidates.
    pub sound: u32,
    /// Its places in the lists of nicknames.
    pub called: Vec<u16>,
}

impl Forms {
    pub(crate) fn of(word: &str) -> Self {
        let skeleton = skeleton(word);
        Self {
            mac: mac(word).map_or(0, |form| short(&form)),
            gendered: ungendered(word).map_or(0, short),
            // Two sounds are no skeleton to recognise anybody by: Ava and Eva are two sisters.
            skeleton: if skeleton.len() > 2 {
                short(&skeleton)
            } else {
                short(word)
            },
            sound: short(&sound(word)),
            called: lists().get(word).cloned().unwrap_or_default(),
        }
    }
}

fn short(text: &str) -> u32 {
    u32::try_from(hash(text.as_bytes()) >> 32).unwrap_or(0) | 1
}

/// "MacDonald" and "McDonald" are one surname in two spellings; Mackie and McKie may be two names,
/// which is why such a pair is a level of its own and not the same surname.
fn mac(word: &str) -> Option<String> {
    let root = word
        .strip_prefix("mac")
        .or_else(|| word.strip_prefix("mc"))?;
    (root.len() >= 3).then(|| format!("mc{root}"))
}

/// Surnames that differ between man and woman, father and daughter: Kowalski and Kowalska, Ivanov
/// and Ivanova, Jonsson and Jonsdottir.
fn ungendered(word: &str) -> Option<&str> {
    const ENDINGS: [(&str, &str); 16] = [
        ("sdottir", "s"),
        ("dottir", ""),
        ("sson", "s"),
        ("ska", "sk"),
        ("ski", "sk"),
        ("cka", "ck"),
        ("cki", "ck"),
        ("dzka", "dzk"),
        ("dzki", "dzk"),
        ("skaya", "sk"),
        ("sky", "sk"),
        ("ova", "ov"),
        ("ov", "ov"),
        ("eva", "ev"),
        ("ev", "ev"),
        ("ina", "in"),
    ];
    ENDINGS.iter().find_map(|(ending, kept)| {
        let root = word.strip_suffix(ending)?;
        if root.len() < 3 {
            return None;
        }
        word.get(..root.len() + kept.len())
    })
}

/// Whether one may be called by the other: they are in one line of the Scots list, or one heads a
/// line of the other list in which the other is.
pub(crate) fn related(one: &[u16], other: &[u16]) -> bool {
    one.iter().any(|place| {
        other.iter().any(|theirs| {
            let same_line = place >> 1 == theirs >> 1;
            same_line && (place | theirs) & HEAD != 0
        })
    })
}

/// Set for every name of a Scots line and for the name that heads another line.
const HEAD: u16 = 1;

fn lists() -> &'static HashMap<&'static str, Vec<u16>> {
    static LISTS: OnceLock<HashMap<&'static str, Vec<u16>>> = OnceLock::new();
    LISTS.get_or_init(|| {
        let mut lists: HashMap<&'static str, Vec<u16>> = HashMap::new();
        let mut line: u16 = 0;
        for names in lines(SCOTS) {
            for name in names.split_whitespace() {
                lists.entry(name).or_default().push(line << 1 | HEAD);
            }
            line += 1;
        }
        for names in lines(NICKNAMES) {
            let (head, others) = names.split_once(':').unwrap_or((names, ""));
            lists.entry(head).or_default().push(line << 1 | HEAD);
            for name in others.split_whitespace() {
                lists.entry(name).or_default().push(line << 1);
            }
            line += 1;
        }
        lists
    })
}

/// The lines of a list that are not comments.
pub(crate) fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether a word is in one of the lists, and so is a name and not a slip.
pub(crate) fn is_listed(word: &str) -> bool {
    lists().contains_key(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(one: &str, other: &str) -> bool {
        related(&Forms::of(one).called, &Forms::of(other).called)
    }

    #[test]
    fn people_are_called_by_other_names() {
        for (one, other) in [
            ("margaret", "peggy"),
            ("james", "hamish"),
            ("jock", "john"),
            ("senga", "agnes"),
            ("morag", "sarah"),
            ("david", "davie"),
            ("patrick", "paddy"),
            ("samantha", "sam"),
            ("eilidh", "helen"),
            ("wullie", "william"),
        ] {
            assert!(called(one, other), "{one} {other}");
            assert!(called(other, one), "{other} {one}");
        }
        for (one, other) in [("ava", "eva"), ("jan", "janina"), ("paul", "peter")] {
            assert!(!called(one, other), "{one} {other}");
        }
    }

    #[test]
    fn mac_and_mc_are_spellings_of_each_other() {
        let mac = |word: &str| Forms::of(word).mac;
        assert_eq!(mac("macdonald"), mac("mcdonald"));
        assert_ne!(mac("macdonald"), mac("mcdonnell"));
        // They may be one spelling or two clans, which is why this is a level of its own.
        assert_eq!(mac("mackie"), mac("mckie"));
        assert_ne!(mac("mackay"), mac("mckie"));
        assert_eq!(mac("mace"), 0);
    }

    #[test]
    fn husband_and_wife_share_all_of_a_surname_but_its_ending() {
        let gendered = |word: &str| Forms::of(word).gendered;
        assert_eq!(gendered("kowalski"), gendered("kowalska"));
        assert_eq!(gendered("ivanov"), gendered("ivanova"));
        assert_eq!(gendered("jonsson"), gendered("jonsdottir"));
        assert_eq!(gendered("smith"), 0);
    }
}
