//! Pages for requests that cannot be answered.

use super::common::Page;

/// A page for a request that could not be answered; it says what to do next.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    /// Common parts.
    pub page: Page,
    /// What went wrong.
    pub fault: Fault,
    /// Code that finds the fault in the logs, to quote on the telephone.
    pub reference: Option<String>,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 400: the request makes no sense.
    Unreadable,
    /// 403: not signed in for this, or the form is too old.
    NotAllowed,
    /// 404: no such page.
    NotFound,
    /// 500: our fault.
    Broken,
    /// 503: the log could not be written, so nothing was released.
    Unavailable,
}
