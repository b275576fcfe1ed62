//! The information sharing agreements of an agency.

use askama::Template;

use super::common::{Page, Viewer};
use crate::portal::render::DateView;

/// `/care/agreements`: what the worker's agency agreed with others.
#[derive(Debug, Clone, Template)]
#[template(path = "care/agreements.html")]
pub struct AgreementsPage {
    /// Common parts.
    pub page: Page,
    /// The agreements, what is most urgent first.
    pub agreements: Vec<AgreementRow>,
}

impl AgreementsPage {
    /// How many somebody must see to.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.agreements.iter().filter(|one| one.is_waiting).count()
    }
}

/// One agreement.
#[derive(Debug, Clone)]
pub struct AgreementRow {
    /// Its reference.
    pub id: String,
    /// Where it stands, in words.
    pub standing: String,
    /// Whether somebody must see to it.
    pub is_waiting: bool,
    /// Who agreed.
    pub parties: Vec<String>,
    /// From when.
    pub from: Option<DateView>,
    /// Until when.
    pub until: Option<DateView>,
    /// When its review is due.
    pub review: Option<DateView>,
    /// What goes under it.
    pub flows: Vec<FlowRow>,
}

/// What goes from one agency to another.
#[derive(Debug, Clone)]
pub struct FlowRow {
    /// Its number.
    pub number: String,
    /// Who sends.
    pub from: String,
    /// Who receives.
    pub to: String,
    /// What is sent.
    pub items: String,
    /// What for.
    pub purposes: String,
    /// How, how often, how long it is kept, on what basis: what the agreement says of these.
    pub how: String,
}
