//! What every request handler works with.

use std::sync::Arc;

use sharing::Context;

use crate::api::Cursors;
use crate::portal::Desk;
use crate::tokens::Tokens;

/// What every request handler works with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The use cases' own context.
    pub cx: Context,
    /// Who is trusted to say who calls.
    pub tokens: Arc<Tokens>,
    /// Where the FHIR API is, without a slash at the end: `http://127.0.0.1:8080/fhir`.
    pub base: Arc<str>,
    /// How places in an answer are sealed into links.
    pub cursors: Arc<Cursors>,
    /// What the portals need besides.
    pub desk: Arc<Desk>,
}
