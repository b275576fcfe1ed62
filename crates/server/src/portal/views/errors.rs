//! Pages for requests that cannot be answered.

use askama::Template;
use http::StatusCode;

use super::common::{Page, Viewer};

/// A page for a request that could not be answered; it says what to do next.
#[derive(Debug, Clone, Template)]
#[template(path = "errors/error.html")]
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
    /// 429: they looked for people too often.
    TooOften,
    /// 500: our fault.
    Broken,
    /// 503: the log could not be written, so nothing was released.
    Unavailable,
}

impl Fault {
    /// The status to answer with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What the reader is told first.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Unreadable => "We could not read that",
            Self::NotAllowed => "You cannot do this now",
            Self::NotFound => "Page not found",
            Self::TooOften => "Please wait a moment",
            Self::Broken => "Sorry, something went wrong",
            Self::Unavailable => "Not available for the moment",
        }
    }
}
