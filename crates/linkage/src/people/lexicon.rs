//! Reading words by number, those of everybody and those that only a visitor brings.

use super::{About, People, Words};
use crate::names::Forms;

/// Numbers from here on are a visitor's.
const GUEST: u32 = 1 << 30;

/// The words of a record that is sought and not added: what nobody has is kept here, so that a
/// search leaves no trace.
#[derive(Debug, Default)]
pub(crate) struct Guest {
    names: Vec<(String, About)>,
    values: Vec<String>,
}

impl Guest {
    pub(crate) fn name(&mut self, people: &People, word: &str) -> u32 {
        people.names.words.find(0, word).unwrap_or_else(|| {
            self.names.push((word.to_owned(), About::of(word)));
            guest_number(self.names.len())
        })
    }

    pub(crate) fn value(&mut self, people: &People, kind: u8, text: &str) -> u32 {
        people.values.find(kind, text).unwrap_or_else(|| {
            self.values.push(text.to_owned());
            guest_number(self.values.len())
        })
    }
}

fn guest_number(length: usize) -> u32 {
    GUEST + u32::try_from(length - 1).unwrap_or(0)
}

/// The words of everybody, and of one visitor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lexicon<'a> {
    pub people: &'a People,
    pub guest: Option<&'a Guest>,
}

impl<'a> Lexicon<'a> {
    pub(crate) fn of(people: &'a People) -> Self {
        Self {
            people,
            guest: None,
        }
    }

    pub(crate) fn name(&self, word: u32) -> &'a str {
        match self.guest_name(word) {
            Some((text, _)) => text,
            None => self.people.names.words.text(word),
        }
    }

    pub(crate) fn about(&self, word: u32) -> &'a About {
        match self.guest_name(word) {
            Some((_, about)) => about,
            None => self.people.names.about(word),
        }
    }

    fn guest_name(&self, word: u32) -> Option<&'a (String, About)> {
        let at = word.checked_sub(GUEST)?;
        self.guest?.names.get(at as usize)
    }

    pub(crate) fn value(&self, value: u32) -> &'a str {
        let guest = value
            .checked_sub(GUEST)
            .and_then(|at| self.guest?.values.get(at as usize));
        guest.map_or_else(|| self.people.values.text(value), String::as_str)
    }

    pub(crate) fn values(&self) -> &'a Words {
        &self.people.values
    }
}

impl About {
    pub(crate) fn of(word: &str) -> Self {
        let (given, family) = (
            crate::names::given_frequency(word),
            crate::names::family_frequency(word),
        );
        Self {
            forms: Forms::of(word),
            given_share: given.share,
            family_share: family.share,
            community: family.community,
            listed: given.listed || family.listed,
            initial: word.chars().count() == 1,
            ..Self::default()
        }
    }
}
