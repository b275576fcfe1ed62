//! What somebody close to a person, or the person, writes, asks or tells, as a message that a team
//! answers.
//!
//! Listening discloses nothing, so it is open to everyone, powers or none, and to those who are told
//! in return that nothing can be said about any patient (Mental Welfare Commission for Scotland,
//! *Carers and confidentiality*).

use serde::{Deserialize, Serialize};

use super::call::Way;
use super::claim::Claim;
use super::content::Message;
use super::kind::Kind;
use crate::{PartyId, PersonId, Timestamp, WorkerId};

/// What is known of a word that somebody close wrote, beside its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyWord {
    /// Who wrote it, as they signed in; the person, where a worker put in what the person told them.
    /// `None` if a worker put it in for somebody else.
    pub by: Option<PersonId>,
    /// What they say they are to the person: "her son". Nobody has checked it. Empty for the person.
    pub says_to_be: String,
    /// When the person was born, as the writer gave it; may be empty.
    pub born: String,
    /// Whether the exchange found one person of that name. If it found none, the message stands
    /// under the writer themself. The writer is never told which.
    pub found: bool,
    /// Whether the person's account leaves the writer's name out, because they asked for it.
    pub unnamed: bool,
    /// How it came, if a worker put it in for somebody who wrote, rang or was met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<Came>,
    /// On what they say to act for the person, if that is what they write about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Box<Claim>>,
}

/// How somebody's word came who has no account here, or did not use it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// By letter, on the telephone, or face to face.
    pub way: Way,
    /// On what day, by any moment of it.
    pub on: Timestamp,
    /// Who put it in.
    pub put_in_by: WorkerId,
    /// Their name.
    pub name: String,
    /// Where the answer goes: an address, a number, or whoever passes it on.
    pub answer_to: String,
    /// Who it was among those who act for the person or are close to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
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

impl Message {
    /// Whose word it is, if it is one: "Torquil MacQuarrie, who says to be her son", or the person's name
    /// alone.
    #[must_use]
    pub fn writer(&self) -> Option<String> {
        let word = self.family.as_ref()?;
        if self.kind != Kind::FamilyWord {
            return None;
        }
        let name = &self.sender.name;
        Some(match word.says_to_be.as_str() {
            "" => name.clone(),
            says => format!("{name}, who says to be {says}"),
        })
    }

    /// Whether it is the person's own word, or an answer to it.
    #[must_use]
    pub fn is_own_word(&self) -> bool {
        let word = self.family.as_ref();
        word.is_some_and(|word| word.by == Some(self.person))
    }
}
