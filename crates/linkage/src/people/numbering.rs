//! Which number stands for which word: for everybody who is added, and for somebody who is only sought.

use super::{Guest, People};

/// Gives words their numbers while a record is packed.
pub(super) trait Numbering {
    fn name(&mut self, word: &str) -> u32;
    fn value(&mut self, kind: u8, text: &str) -> u32;
    fn system(&mut self, system: &str) -> u32;
    fn column(&mut self, column: &str) -> u32;
}

impl Numbering for People {
    fn name(&mut self, word: &str) -> u32 {
        self.names.number(word)
    }

    fn value(&mut self, kind: u8, text: &str) -> u32 {
        self.values.number(kind, text).0
    }

    fn system(&mut self, system: &str) -> u32 {
        numbered(&mut self.systems, system)
    }

    fn column(&mut self, column: &str) -> u32 {
        numbered(&mut self.columns, column)
    }
}

/// Somebody who is looked for and leaves nothing behind.
pub(super) struct Visit<'a> {
    pub people: &'a People,
    pub guest: Guest,
}

impl Numbering for Visit<'_> {
    fn name(&mut self, word: &str) -> u32 {
        self.guest.name(self.people, word)
    }

    fn value(&mut self, kind: u8, text: &str) -> u32 {
        self.guest.value(self.people, kind, text)
    }

    fn system(&mut self, system: &str) -> u32 {
        position(&self.people.systems, system)
    }

    fn column(&mut self, column: &str) -> u32 {
        position(&self.people.columns, column)
    }
}

/// A column that nobody has is the one after the last.
fn position(list: &[String], text: &str) -> u32 {
    let at = list.iter().position(|known| known == text);
    u32::try_from(at.unwrap_or(list.len())).unwrap_or(u32::MAX)
}

/// The place of a text in a list, at whose end it is put if it is new.
pub(super) fn numbered(list: &mut Vec<String>, text: &str) -> u32 {
    let at = list
        .iter()
        .position(|known| known == text)
        .unwrap_or_else(|| {
            list.push(text.to_owned());
            list.len() - 1
        });
    u32::try_from(at).unwrap_or(u32::MAX)
}
