//! Putting in what a team answered outside the exchange.

use askama::Template;

use super::common::{Choice, Errors, Page, Viewer};
use super::messages::RefuseFilled;

/// `/care/inbox/{m}/on-behalf`: what a team answered by letter, on the telephone or face to face.
#[derive(Debug, Clone, Template)]
#[template(path = "care/on_behalf.html")]
pub struct OnBehalfPage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the request.
    pub message: String,
    /// Whom it is about.
    pub name: String,
    /// The teams that were asked.
    pub teams: Vec<Choice>,
    /// How they answered.
    pub ways: Vec<Choice>,
    /// What they answered.
    pub answers: Vec<Choice>,
    /// What of the record it tells, if they share something.
    pub told: Vec<Choice>,
    /// The closed grounds, for a part that stays back and for a refusal.
    pub grounds: Vec<Choice>,
    /// Whether a refusal needs the whole form: harms, decider and review.
    pub whole: bool,
    /// Who answered, and when.
    pub typed: OnBehalfFilled,
    /// What they shared or why they refuse, as typed.
    pub refusal: RefuseFilled,
    /// What is wrong with the form.
    pub errors: Errors,
}

/// Who answered, when, and whom they say to ring.
#[derive(Debug, Clone, Default)]
pub struct OnBehalfFilled {
    /// Name and role.
    pub by: String,
    /// The day, as `YYYY-MM-DD`.
    pub on: String,
    /// Whom to ask for.
    pub ring_name: String,
    /// The number.
    pub ring_phone: String,
}
