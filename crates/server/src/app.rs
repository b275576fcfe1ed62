//! What every request handler works with.

use std::sync::Arc;

use fhir::profile::Profiles;
use sharing::{Asking, Context};

use crate::api::Cursors;
use crate::http::rate::{RateLimit, TooOften};
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
    /// How often one caller may look for people.
    pub finds: Arc<RateLimit<String>>,
    /// The profiles that resources can be held against.
    pub profiles: Arc<Profiles>,
    /// What the portals need besides.
    pub desk: Arc<Desk>,
}

impl App {
    /// Notes that somebody looks for people, which they may do only so often: whoever tries one
    /// name after another is not looking for somebody they care for.
    ///
    /// # Errors
    /// [`TooOften`], with how long to wait.
    pub fn may_find(&self, asking: &Asking) -> Result<(), TooOften> {
        let caller = asking.caller.worker().map(ToString::to_string);
        let caller = caller.unwrap_or_else(|| asking.token.to_string());
        self.finds.take(caller, self.cx.now())
    }
}
