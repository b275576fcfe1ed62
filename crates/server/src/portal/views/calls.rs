//! Calls and meetings: the note, what it says when it is kept, and taking back what was told.

use askama::Template;

use super::common::{Choice, Errors, Page, Receipt, Viewer};
use super::record::Banner;

/// `/care/people/{p}/calls/new`: a note that takes twenty seconds.
#[derive(Debug, Clone, Template)]
#[template(path = "care/call.html")]
pub struct CallPage {
    /// Common parts.
    pub page: Page,
    /// Whose record it is.
    pub person: Banner,
    /// Colleagues, those involved, and those who are close; the form adds "somebody else".
    pub spoke: Vec<Choice>,
    /// What somebody else is to the person.
    pub is: Vec<Choice>,
    /// How they were told.
    pub way: Vec<Choice>,
    /// How it was known who they are.
    pub identity: Vec<Choice>,
    /// What may have been told, as categories.
    pub told: Vec<Choice>,
    /// What was typed.
    pub filled: CallFilled,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// A note as typed so far.
#[derive(Debug, Clone, Default)]
pub struct CallFilled {
    /// Name and organisation of somebody else.
    pub other: String,
    /// Why, on one line; may be filled from the reason of this visit.
    pub why: String,
    /// What is done next, and by whom.
    pub next: String,
}

/// `/care/people/{p}/calls/{n}`: the note is kept.
#[derive(Debug, Clone, Template)]
#[template(path = "care/call_saved.html")]
pub struct CallSavedPage {
    /// Common parts.
    pub page: Page,
    /// Whose record it is.
    pub person: Banner,
    /// Opaque id of the note.
    pub message: String,
    /// What the account says of each one who was told, or was not sent it.
    pub sentences: Vec<String>,
    /// Proof that it was logged; none where only colleagues of one team spoke.
    pub receipt: Option<Receipt>,
}

/// What a note says, on the page of its message.
#[derive(Debug, Clone)]
pub struct CallView {
    /// Through what, and how it was known who they are.
    pub how: String,
    /// What they were told about.
    pub what: Vec<String>,
    /// What is done next and by whom, if anybody does it.
    pub next: Option<String>,
    /// Who was there, or was rung.
    pub attended: Vec<AttendedView>,
    /// Whether this worker may take back what was told.
    pub may_correct: bool,
}

/// One who was there, or was rung.
#[derive(Debug, Clone)]
pub struct AttendedView {
    /// Who.
    pub name: String,
    /// Whether something of the record reached them, in words.
    pub state: String,
}

/// `/care/inbox/{m}/correct`: taking back what was told.
#[derive(Debug, Clone, Template)]
#[template(path = "care/correct.html")]
pub struct CorrectPage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the note.
    pub message: String,
    /// Whom the note is about.
    pub name: String,
    /// What may be wrong with it.
    pub faults: Vec<Choice>,
    /// Those who were told, all of them ticked.
    pub who: Vec<Choice>,
    /// People whom it may really be about.
    pub others: Vec<Choice>,
    /// What is so instead, as typed.
    pub text: String,
    /// What is wrong with the form.
    pub errors: Errors,
}
