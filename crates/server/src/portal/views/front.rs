//! The pages in front of the portals: home, sign-in and the three that explain.

use askama::Template;

use super::common::{Page, Viewer};

/// `/`: what Candour is, and the way in.
#[derive(Debug, Clone, Template)]
#[template(path = "front/home.html")]
pub struct HomePage {
    /// Common parts.
    pub page: Page,
}

/// `/sign-in`: choose one of the invented people (demonstration only).
#[derive(Debug, Clone, Template)]
#[template(path = "front/sign_in.html")]
pub struct SignInPage {
    /// Common parts.
    pub page: Page,
    /// Workers, by organisation.
    pub organisations: Vec<Workplace>,
    /// People who may look at their own record.
    pub people: Vec<SignIn>,
}

/// An organisation of the town with the workers one may sign in as.
#[derive(Debug, Clone)]
pub struct Workplace {
    /// Name of the organisation.
    pub name: String,
    /// Its workers.
    pub workers: Vec<SignIn>,
}

/// One button of the sign-in page.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// What the form sends as `as`.
    pub key: String,
    /// Name as given.
    pub name: String,
    /// For a worker the role, for a person one line about their situation.
    pub line: String,
}

/// `/help`: how to do the usual tasks, and whom to ring.
#[derive(Debug, Clone, Template)]
#[template(path = "front/help.html")]
pub struct HelpPage {
    /// Common parts.
    pub page: Page,
}

/// `/accessibility`: what works, what does not, whom to tell.
#[derive(Debug, Clone, Template)]
#[template(path = "front/accessibility.html")]
pub struct AccessibilityPage {
    /// Common parts.
    pub page: Page,
}

/// `/privacy`: what Candour holds, why, and what one can do about it.
#[derive(Debug, Clone, Template)]
#[template(path = "front/privacy.html")]
pub struct PrivacyPage {
    /// Common parts.
    pub page: Page,
}
