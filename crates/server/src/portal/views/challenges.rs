//! Not agreeing with a line of an account: the form, the list of what somebody challenged, and one of them.

use askama::Template;

use super::common::{Choice, Contact, Errors, Page, Viewer};
use crate::portal::render::MomentView;

/// `/me/lines/{l}/challenge`, `/link/{l}/lines/{l}/challenge`: what is wrong with a line.
#[derive(Debug, Clone, Template)]
#[template(path = "me/disagree.html")]
pub struct DisagreePage {
    /// Common parts.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// Of whom, where somebody acts for them.
    pub patient: Option<String>,
    /// The address of the list.
    pub lines: String,
    /// The line.
    pub said: String,
    /// What may be wrong with it.
    pub grounds: Vec<Choice>,
    /// What may be wanted.
    pub wanted: Vec<Choice>,
    /// What was typed.
    pub text: String,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// `/me/challenges`, `/link/{l}/challenges`: what somebody challenged.
#[derive(Debug, Clone, Template)]
#[template(path = "me/challenges.html")]
pub struct ChallengesPage {
    /// Common parts.
    pub page: Page,
    /// The challenges, newest first.
    pub rows: Vec<ChallengeRow>,
    /// The address of the list of who was told.
    pub lines: String,
}

/// One challenge in a list.
#[derive(Debug, Clone)]
pub struct ChallengeRow {
    /// Its address.
    pub address: String,
    /// What is challenged.
    pub said: String,
    /// Where it stands.
    pub state: String,
    /// When it was made.
    pub on: MomentView,
}

/// `/me/challenges/{m}`, `/link/{l}/challenges/{m}`: one challenge, and what came of it.
#[derive(Debug, Clone, Template)]
#[template(path = "me/challenge.html")]
pub struct ChallengePage {
    /// Common parts.
    pub page: Page,
    /// The address of the list.
    pub list: String,
    /// Where it stands.
    pub state: String,
    /// What is challenged.
    pub said: String,
    /// Receipt, where it stands and what came of it, in sentences.
    pub so_far: Vec<String>,
    /// Where to go next.
    pub routes: Vec<String>,
    /// Whom to ring.
    pub ring: Vec<Contact>,
}
