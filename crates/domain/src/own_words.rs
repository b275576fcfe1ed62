//! What somebody says about their life in their own words, for whoever acts for them or decides about them to
//! read first. It opens nothing and keeps nothing back: what does is a wish ([`Wish`](crate::restriction::Wish)).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::coded::coded;
use crate::{Moment, Timestamp};

/// The most letters of one.
pub const LONGEST_WORDS: usize = 2_000;

coded! {
    /// As what they said it.
    OwnWordsKind {
        /// Written while well, and witnessed, for a time when they are not (Mental Health (Care and Treatment)
        /// (Scotland) Act 2003 s.275).
        AdvanceStatement = "advance-statement", "An advance statement";
        /// Said once, in any form (Adults with Incapacity (Scotland) Act 2000 s.1(4)(a): past wishes).
        Past = "past-wishes", "What they wished before";
        /// What they wish and feel now, as far as it can be found out (the same).
        Present = "present-wishes", "What they wish and feel now";
    }
}

/// What somebody said about their life, as it was written down.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OwnWords {
    /// As what.
    pub kind: OwnWordsKind,
    /// What they said.
    pub words: String,
    /// When.
    pub at: Moment,
    /// When they said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Moment>,
}

impl OwnWords {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.at, self.withdrawn)
    }
}
