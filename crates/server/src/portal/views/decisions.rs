//! Decisions about somebody's life: where each stands, and the forms for the next step.

use askama::Template;

use super::common::{Choice, Errors, Page, Viewer};

/// `/care/people/{p}/decisions`: what is planned and decided about somebody.
#[derive(Debug, Clone, Template)]
#[template(path = "care/decisions.html")]
pub struct DecisionsPage {
    /// Common parts.
    pub page: Page,
    /// The opaque id by which the person is named.
    pub person: String,
    /// Their name, if this worker opened their record of late.
    pub known: Option<String>,
    /// Every decision.
    pub decisions: Vec<DecisionView>,
    /// The form for the next step of one; none if all are made.
    pub step: Option<StepForm>,
    /// The form that plans one.
    pub plan: PlanForm,
    /// The form for what the person says in their own words.
    pub own_words: OwnWordsForm,
    /// What is wrong with a form.
    pub errors: Errors,
}

/// One decision.
#[derive(Debug, Clone)]
pub struct DecisionView {
    /// Its name.
    pub name: String,
    /// Planned, heard, contested or made; for when.
    pub state: String,
    /// The power relied on.
    pub power: String,
    /// Whether it is still to be made.
    pub is_open: bool,
    /// What the person said about their life in their own words, each as a sentence.
    pub own_words: Vec<String>,
    /// Who must be heard.
    pub heard: Vec<HeardView>,
}

/// Somebody who must be heard.
#[derive(Debug, Clone)]
pub struct HeardView {
    /// Their id, as a form sends it.
    pub party: String,
    /// What they are to the person.
    pub is: String,
    /// Whether the exchange asked them; empty if it has nothing to say of that.
    pub asked: String,
    /// When they were told.
    pub told: Option<String>,
    /// What they think of it.
    pub view: Option<String>,
    /// Whether they asked something that nobody has answered.
    pub unanswered: bool,
    /// Opaque id of the message that asks them, if one does.
    pub asks: Option<String>,
    /// The one-time link that they have, in a sentence.
    pub link: Option<String>,
}

/// The form for the next step.
#[derive(Debug, Clone)]
pub struct StepForm {
    /// The decisions that are to be made.
    pub decisions: Vec<Choice>,
    /// Those who must be heard.
    pub parties: Vec<Choice>,
    /// What happened.
    pub steps: Vec<Choice>,
    /// The closed grounds.
    pub grounds: Vec<Choice>,
    /// The words, as typed.
    pub words: String,
    /// Whether they asked something.
    pub asks: bool,
    /// When it is looked at again, as typed.
    pub review: String,
}

/// The form that plans a decision.
#[derive(Debug, Clone)]
pub struct PlanForm {
    /// Its name, as typed.
    pub name: String,
    /// About what.
    pub matters: Vec<Choice>,
    /// By which power.
    pub powers: Vec<Choice>,
    /// For when, as typed.
    pub at: String,
}

/// The form for what the person says about their life in their own words.
#[derive(Debug, Clone)]
pub struct OwnWordsForm {
    /// As what they said it.
    pub kinds: Vec<Choice>,
    /// What they said, as typed.
    pub words: String,
    /// When, as typed.
    pub at: String,
}
