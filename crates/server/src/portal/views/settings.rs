//! Whether somebody is mailed when there is something to read.

use askama::Template;

use super::common::{Errors, Page, Viewer};

/// How somebody's mail stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailState {
    /// They chose none.
    Off,
    /// A code was mailed to this address.
    Waits(String),
    /// Mail goes there.
    On(String),
    /// Mail to it comes back.
    Refused(String),
}

/// `/me/settings`: mail that says that there is something to read.
#[derive(Debug, Clone, Template)]
#[template(path = "me/settings.html")]
pub struct SettingsPage {
    /// Common parts.
    pub page: Page,
    /// What was just done.
    pub done: Option<String>,
    /// Whether this exchange sends mail at all.
    pub sends: bool,
    /// How it stands.
    pub state: MailState,
    /// The address that was typed.
    pub address: String,
    /// What is wrong with the form.
    pub errors: Errors,
}
