//! Who acts for whom, on what paper.

use askama::Template;

use super::care::FindForm;
use super::common::{Choice, Contact, Errors, Page, Viewer};
use super::messages::MessagePart;
use crate::portal::render::MomentView;

/// `/me/representatives`: who acts for the reader, what papers the reader gave, and the form that gives one.
#[derive(Debug, Clone, Template)]
#[template(path = "me/representatives.html")]
pub struct RepresentativesPage {
    /// Common parts.
    pub page: Page,
    /// Who acts for the reader.
    pub acts_for_you: Vec<ActsForYouView>,
    /// The papers that the reader gave, newest first.
    pub claims: Vec<ClaimRow>,
    /// For whom the reader acts, as typed.
    pub about: FindForm,
    /// What they are to them.
    pub says_to_be: String,
    /// The paper, as typed.
    pub form: ClaimForm,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// Somebody who acts for the reader.
#[derive(Debug, Clone)]
pub struct ActsForYouView {
    /// Their name, where they gave their paper here.
    pub name: Option<String>,
    /// By what.
    pub by: String,
    /// For what, and whether that is in force.
    pub powers: Vec<PowerView>,
    /// Who checked it, and when.
    pub checked: Option<String>,
    /// What they believe that the reader cannot decide; empty where they act on no belief.
    pub believed: String,
}

/// One power.
#[derive(Debug, Clone)]
pub struct PowerView {
    /// Over what.
    pub what: String,
    /// Whether it is in force, and if not what is missing.
    pub state: String,
    /// Whether the holder may act on it.
    pub holds: bool,
}

/// A paper that the reader gave.
#[derive(Debug, Clone)]
pub struct ClaimRow {
    /// Opaque id.
    pub message: String,
    /// For whom, as the reader named them.
    pub about: String,
    /// What it makes the reader.
    pub by: String,
    /// The team that has it.
    pub team: String,
    /// Where it stands.
    pub state: String,
    /// When it was given.
    pub at: MomentView,
}

/// A paper as typed so far.
#[derive(Debug, Clone)]
pub struct ClaimForm {
    /// What it makes somebody.
    pub kinds: Vec<Choice>,
    /// Its number.
    pub number: String,
    /// Since when: day of the month.
    pub from_day: String,
    /// Month of the year.
    pub from_month: String,
    /// Year.
    pub from_year: String,
    /// Its powers.
    pub powers: Vec<Choice>,
    /// Whether the holder acts only with others.
    pub jointly: bool,
    /// Whether it begins on the holder's own belief.
    pub on_belief: bool,
    /// How the paper gets to be seen.
    pub shown: Vec<Choice>,
    /// Who could check it.
    pub teams: Vec<Choice>,
    /// Anything more.
    pub text: String,
}

/// `/me/representatives/{m}`: one paper, where it stands, and what the holder believes.
#[derive(Debug, Clone, Template)]
#[template(path = "me/representative.html")]
pub struct ClaimPage {
    /// Common parts.
    pub page: Page,
    /// What it is and where it stands.
    pub row: ClaimRow,
    /// What was written.
    pub text: Vec<String>,
    /// Whether nobody looked at it yet.
    pub open: bool,
    /// By when somebody looks at it.
    pub due: Option<MomentView>,
    /// That it is late, and who has it besides.
    pub late: Option<String>,
    /// Whom to ring.
    pub ring: Vec<Contact>,
    /// What was found, oldest first.
    pub replies: Vec<MessagePart>,
    /// What was accepted, and what it comes to now.
    pub powers: Vec<PowerView>,
    /// Of what the holder can say what they believe.
    pub beliefs: Vec<Choice>,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// What a worker who looks at a paper records.
#[derive(Debug, Clone)]
pub struct CheckForm {
    /// Each power that is claimed: its code, and its name.
    pub powers: Vec<(String, String)>,
    /// What can be found of one: code and words.
    pub found: Vec<(String, String)>,
}
