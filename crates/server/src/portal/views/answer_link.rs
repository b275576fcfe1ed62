//! One-time links with which somebody without an account answers one request.

use askama::Template;

use super::common::{Choice, Contact, Errors, Page, Viewer};
use super::link::GivenLink;
use super::messages::{Asked, RefuseFilled};
use crate::portal::render::MomentView;

/// `/care/inbox/{m}/link`: giving somebody a link to answer a request.
#[derive(Debug, Clone, Template)]
#[template(path = "care/answer_link.html")]
pub struct AnswerLinkPage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the request.
    pub message: String,
    /// Whom it is about.
    pub name: String,
    /// The link that was given just now: its secrets are shown this once.
    pub given: Option<GivenLink>,
    /// The teams that were asked.
    pub teams: Vec<Choice>,
    /// Who is to answer, as typed.
    pub typed: String,
    /// For how long.
    pub days: Vec<Choice>,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// `/link/{l}`, where it is for answering: the request, and the form that answers it.
#[derive(Debug, Clone, Template)]
#[template(path = "link/answer.html")]
pub struct AnswerPage {
    /// Common parts.
    pub page: Page,
    /// The address of the link's first page.
    pub address: String,
    /// Who came by the link.
    pub visitor: String,
    /// Who asks: name and team.
    pub from: String,
    /// Whom they ask.
    pub team: String,
    /// Whom it is about.
    pub about: String,
    /// What they wrote.
    pub text: Vec<String>,
    /// What they ask for, and by what law.
    pub asked: Asked,
    /// By when an answer is due.
    pub due: Option<MomentView>,
    /// Since when it waits for whoever asked, after a question.
    pub waits: Option<MomentView>,
    /// Until when the link works.
    pub until: MomentView,
    /// What may be answered.
    pub answers: Vec<Choice>,
    /// What of the record an answer tells.
    pub told: Vec<Choice>,
    /// Whom to ring, as typed.
    pub ring_name: String,
    /// The number, as typed.
    pub ring_phone: String,
    /// The closed grounds.
    pub grounds: Vec<Choice>,
    /// Whether a refusal needs the harms, who decided and a review.
    pub whole: bool,
    /// What else was typed.
    pub filled: RefuseFilled,
    /// Whom to ring about it.
    pub ring: Contact,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// What comes of answering by a link.
#[derive(Debug, Clone, Template)]
#[template(path = "link/answered.html")]
pub struct AnsweredPage {
    /// Common parts.
    pub page: Page,
    /// Whether it was a question, after which the link goes on.
    pub asked_more: bool,
    /// Who has it.
    pub from: String,
    /// Whom to ring about it.
    pub ring: Contact,
}

/// A link that is out to answer a message.
#[derive(Debug, Clone)]
pub struct OutLink {
    /// Opaque id.
    pub link: String,
    /// To whom it was given.
    pub name: String,
    /// For whom they answer.
    pub team: String,
    /// When it was opened.
    pub opened: Option<MomentView>,
    /// When it ends.
    pub until: MomentView,
}

/// `/care/people/{p}/hearings/{m}/link`: giving somebody a link with which they are heard.
#[derive(Debug, Clone, Template)]
#[template(path = "care/hearing_link.html")]
pub struct HearingLinkPage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of whom the decision is about.
    pub person: String,
    /// Their name, if this worker opened their record of late.
    pub known: Option<String>,
    /// Opaque id of the message that asks.
    pub message: String,
    /// The link that was given just now: its secrets are shown this once.
    pub given: Option<GivenLink>,
    /// Who is to be heard, as typed.
    pub typed: String,
    /// For how long.
    pub days: Vec<Choice>,
    /// What is wrong with the form.
    pub errors: Errors,
}
