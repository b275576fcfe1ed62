//! What somebody is asked about a planned decision, and the form that says what they think.

use askama::Template;

use super::common::{Contact, Errors, Page, Viewer};
use crate::portal::render::MomentView;

/// Somebody about whom the reader is asked.
#[derive(Debug, Clone)]
pub struct AskedRow {
    /// Opaque id.
    pub message: String,
    /// Who it is about.
    pub about: String,
    /// Where it stands.
    pub state: String,
    /// Whether the reader has not said anything yet.
    pub waits: bool,
}

/// Somebody without an account who reads it.
#[derive(Debug, Clone)]
pub struct HeardByLink {
    /// Their name.
    pub name: String,
    /// Until when their link works.
    pub until: MomentView,
    /// Whom to ring if something is wrong.
    pub ring: Contact,
}

/// `/me/hearings/{m}`, and `/link/{l}` where it is for being heard: what is planned, and what the reader
/// thinks of it.
#[derive(Debug, Clone, Template)]
#[template(path = "me/hearing.html")]
pub struct HearingPage {
    /// Common parts.
    pub page: Page,
    /// Where the form is sent.
    pub address: String,
    /// The reader, if they came by a link.
    pub by_link: Option<HeardByLink>,
    /// Who it is about.
    pub about: String,
    /// The name of the decision.
    pub decision: String,
    /// What is planned, for when and by whom, in sentences.
    pub plan: Vec<String>,
    /// What the reader said and was answered, in sentences.
    pub so_far: Vec<String>,
    /// Whether the reader waits for an answer.
    pub waits: bool,
    /// When it is planned for, or was made.
    pub by: MomentView,
    /// Whether it is still to be made.
    pub is_open: bool,
    /// Whom to ring.
    pub ring: Vec<Contact>,
    /// What was typed.
    pub text: String,
    /// What is wrong with the form.
    pub errors: Errors,
}
