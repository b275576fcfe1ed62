//! Putting in what somebody told a worker, and a message as a letter.

use askama::Template;

use super::common::{Choice, Contact, Errors, Page, Viewer};
use super::messages::Asked;
use super::record::Banner;
use crate::portal::render::{DateView, MomentView};

/// `/care/people/{p}/words/new`: what somebody told a worker by letter, on the telephone or face to face.
#[derive(Debug, Clone, Template)]
#[template(path = "care/heard.html")]
pub struct HeardPage {
    /// Common parts.
    pub page: Page,
    /// Whose record it is.
    pub person: Banner,
    /// Who may have told it.
    pub from: Vec<Choice>,
    /// How they told it.
    pub ways: Vec<Choice>,
    /// The worker's own team, and those involved.
    pub to: Vec<Choice>,
    /// Every other team.
    pub others: Vec<Choice>,
    /// Whether the person's account leaves their name out.
    pub unnamed: bool,
    /// What was typed.
    pub filled: HeardFilled,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// What somebody told, as typed so far.
#[derive(Debug, Clone, Default)]
pub struct HeardFilled {
    /// Their name.
    pub name: String,
    /// What they say they are to the person.
    pub says_to_be: String,
    /// The day, as `YYYY-MM-DD`.
    pub on: String,
    /// What they told, in their words.
    pub text: String,
    /// Where the answer goes.
    pub answer_to: String,
}

/// `/care/inbox/{m}/letter`: a message as it is printed and posted, a sheet for each recipient.
#[derive(Debug, Clone, Template)]
#[template(path = "care/letter.html")]
pub struct LetterPage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the message.
    pub message: String,
    /// To whom, line by line; one for each sheet.
    pub sheets: Vec<Vec<String>>,
    /// Who writes: name, team and agency.
    pub from: Vec<String>,
    /// The day it was sent.
    pub on: DateView,
    /// What it is: "A request for information".
    pub subject: String,
    /// Whom it is about; empty in a letter to the person.
    pub about: String,
    /// What it says, paragraph by paragraph.
    pub text: Vec<String>,
    /// What is asked for.
    pub asked: Option<Asked>,
    /// By when an answer is needed.
    pub due: Option<MomentView>,
    /// Whom to ring.
    pub ring: Vec<Contact>,
    /// By what to name it on the telephone or in an answer.
    pub reference: String,
}
