//! What somebody close to a person writes, asks or tells, as a message that a team answers.
//!
//! Listening discloses nothing, so it is open to everyone, powers or none, and to those who are told
//! in return that nothing can be said about any patient (Mental Welfare Commission for Scotland,
//! *Carers and confidentiality*).

use serde::{Deserialize, Serialize};

use crate::PersonId;

/// What is known of a word that somebody close wrote, beside its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyWord {
    /// Who wrote it, as they signed in.
    pub by: PersonId,
    /// What they say they are to the person: "her son". Nobody has checked it.
    pub says_to_be: String,
    /// When the person was born, as the writer gave it; may be empty.
    pub born: String,
    /// Whether the exchange found one person of that name. If it found none, the message stands
    /// under the writer themself. The writer is never told which.
    pub found: bool,
    /// Whether the person's account leaves the writer's name out, because they asked for it.
    pub unnamed: bool,
}

impl FamilyWord {
    /// How the person's account names the writer.
    #[must_use]
    pub fn named<'n>(&self, name: &'n str) -> &'n str {
        if self.unnamed {
            "Somebody who asked not to be named"
        } else {
            name
        }
    }
}
