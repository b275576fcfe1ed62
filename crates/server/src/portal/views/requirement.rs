//! A requirement under section 10: what an officer requires, and what the reader passes on.

use askama::Template;

use super::common::{Choice, Errors, Page, Viewer};

/// `/care/inbox/{m}/require`: requiring records in an inquiry.
#[derive(Debug, Clone, Template)]
#[template(path = "care/require.html")]
pub struct RequirePage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the concern that is looked into.
    pub message: String,
    /// Whom it is about.
    pub name: String,
    /// Every team that may hold something.
    pub to: Vec<Choice>,
    /// What may be required, as categories.
    pub what: Vec<Choice>,
    /// The health professionals who may read.
    pub readers: Vec<Choice>,
    /// What the adult says.
    pub adult: Vec<Choice>,
    /// What was typed.
    pub filled: RequireFilled,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// A requirement as typed so far.
#[derive(Debug, Clone, Default)]
pub struct RequireFilled {
    /// Why the inquiry needs it.
    pub why: String,
    /// Written from this day.
    pub from: String,
    /// Written before this day.
    pub before: String,
    /// The requirement's number.
    pub number: String,
    /// By what authority the officer acts.
    pub authority: String,
    /// Why the adult was not asked.
    pub because: String,
}

/// `/care/inbox/{m}/extract`: reading what is required, and passing on what matters.
#[derive(Debug, Clone, Template)]
#[template(path = "care/extract.html")]
pub struct ExtractPage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the requirement.
    pub message: String,
    /// Whom it is about.
    pub name: String,
    /// Why the inquiry needs it.
    pub why: String,
    /// The records that the reader may read under it.
    pub sources: Vec<Choice>,
    /// What the extract may tell, as categories.
    pub told: Vec<Choice>,
    /// What was typed.
    pub text: String,
    /// What is wrong with the form.
    pub errors: Errors,
}
