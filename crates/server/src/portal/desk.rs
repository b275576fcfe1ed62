//! What the portals need besides the use cases.

use std::collections::BTreeMap;

use ledger::{HomeKey, LogPublicKey};

use super::render::Phone;
use super::views::Contact;
use crate::tokens::Roster;

/// What the portals need besides the use cases.
pub struct Desk {
    /// Who may sign in by choosing themself: only in a demonstration, where all are invented.
    pub roster: Roster,
    /// One line about each person who may sign in, by key.
    pub situations: BTreeMap<String, String>,
    /// Names of agencies by id, for the sign-in page.
    pub organisations: BTreeMap<String, String>,
    /// Whether the people are invented; only then can one sign in without proof.
    pub demonstration: bool,
    /// Seals cookies, so that what they hold can be neither read nor made up.
    pub session_key: HomeKey,
    /// The key that checkpoints and receipts are verified with.
    pub log_key: LogPublicKey,
    /// Whom to ring when a page does not help.
    pub help: (String, String),
    /// Whether the exchange sends mail.
    pub sends_mail: bool,
    /// Whether the browser is told to keep cookies to encrypted connections.
    pub secure_cookies: bool,
}

impl Desk {
    /// Whom to ring when a page does not help.
    #[must_use]
    pub fn contact(&self) -> Contact {
        Contact {
            name: self.help.0.clone(),
            phone: Some(Phone::new(&self.help.1)),
        }
    }
}
