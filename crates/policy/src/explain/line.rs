//! One event in someone's account as one sentence, from the plain text that its record keeps.

use super::{Message, english};

/// An event as its record keeps it. Every field is text, because a record outlives the program
/// that wrote it: a code that this version does not know is shown as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// What it was about, as category codes; empty for the record as such.
    pub what: Vec<String>,
    /// Who asked or told.
    pub name: String,
    /// What they do, as role code; empty for an outsider and for the person themself.
    pub role: String,
    /// Their agency's name; empty for the person themself.
    pub organisation: String,
    /// Who was told by them; empty where they themself were told.
    pub told: String,
    /// When, as people say it: "11 January 2027 at 10am".
    pub when: String,
    /// The purpose code.
    pub purpose: String,
    /// The answer code; empty for something noted without a decision.
    pub answer: String,
    /// Ground codes, if not everything was shared.
    pub grounds: Vec<String>,
    /// How it was told: `view`, `search`, `phone`, `meeting` or `print`.
    pub channel: String,
    /// Why they could see it, as the code of a relationship or rule; empty if they could not.
    pub because: String,
}

/// The event as one English sentence, addressed to the person.
#[must_use]
pub fn sentence(line: &Line) -> String {
    english::render(&Message::InAccount(line))
}
