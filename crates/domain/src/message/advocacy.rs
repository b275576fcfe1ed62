//! That independent advocacy was offered to an adult at risk (Adult Support and Protection (Scotland) Act
//! 2007 s.6), and what they answered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::coded::coded;
use crate::{Timestamp, WorkerId};

coded! {
    /// What came of thinking of an advocate.
    AdvocacyAnswer {
        /// They want one.
        Accepted = "accepted", "was offered and wanted";
        /// They want none.
        Declined = "declined", "was offered and declined";
        /// They have one already.
        Has = "has", "is there already";
        /// It was not offered, for a reason.
        NotOffered = "not-offered", "was not offered";
    }
}

/// What was recorded of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advocacy {
    /// What came of it.
    pub answer: AdvocacyAnswer,
    /// On what day, by any moment of it.
    pub on: Timestamp,
    /// Who recorded it.
    pub by: WorkerId,
    /// Their name.
    pub name: String,
    /// Who the advocate is, or why none was offered; may be empty otherwise.
    pub words: String,
}
