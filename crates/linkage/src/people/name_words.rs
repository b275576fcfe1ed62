//! The words of names: what each may stand for, and how common it is.

use super::{Row, Tally, Words};
use crate::names::Forms;

/// The words of names: their texts, their forms, and how common each is as which part.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameWords {
    pub words: Words,
    pub(super) about: Vec<About>,
    /// All uses as a first name and as a surname.
    pub given_total: u32,
    pub family_total: u32,
}

/// What is known of one word of a name.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    pub forms: Forms,
    pub given_count: u32,
    pub family_count: u32,
    pub given_share: f32,
    pub family_share: f32,
    /// A community's name: no evidence as a surname.
    pub community: bool,
    /// In a list of names, and so no slip of the pen.
    pub listed: bool,
    pub initial: bool,
}

impl NameWords {
    pub(super) fn number(&mut self, word: &str) -> u32 {
        let (number, new) = self.words.number(0, word);
        if new {
            self.about.push(About::of(word));
        }
        number
    }

    pub(crate) fn about(&self, word: u32) -> &About {
        const NOTHING: &About = &About {
            forms: Forms {
                mac: 0,
                gendered: 0,
                skeleton: 0,
                sound: 0,
                called: Vec::new(),
            },
            given_count: 0,
            family_count: 0,
            given_share: 0.0,
            family_share: 0.0,
            community: false,
            listed: false,
            initial: false,
        };
        self.about.get(word as usize).unwrap_or(NOTHING)
    }

    /// Counts one record's uses of words: the words of all its names, and the first of them as first
    /// name and surname.
    pub(super) fn tally(&mut self, row: Row<'_>, tally: Tally) {
        for name in row.names() {
            for word in name.given.iter().chain(name.family).chain(name.rest) {
                self.words.tally(*word, tally);
            }
        }
        let Some(first) = row.names().next() else {
            return;
        };
        if let Some(word) = first.given.first() {
            tally.apply(&mut self.given_total);
            if let Some(about) = self.about.get_mut(*word as usize) {
                tally.apply(&mut about.given_count);
            }
        }
        // Of a surname of several words the whole stands first.
        let words = match first.family {
            [_whole, words @ ..] if !words.is_empty() => words,
            family => family,
        };
        if !words.is_empty() {
            tally.apply(&mut self.family_total);
        }
        for word in words {
            if let Some(about) = self.about.get_mut(*word as usize) {
                tally.apply(&mut about.family_count);
            }
        }
    }
}
