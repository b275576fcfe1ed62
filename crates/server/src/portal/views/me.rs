//! The person's own pages: who was told, and what they have chosen.

use askama::Template;

use super::common::{Choice, Errors, Page, Viewer};
use crate::portal::render::{DateView, MomentView};

/// `/me`: how often, the latest, and the ways on.
#[derive(Debug, Clone, Template)]
#[template(path = "me/home.html")]
pub struct MePage {
    /// Common parts.
    pub page: Page,
    /// How many times the record was asked for since `since`.
    pub times: u64,
    /// Start of the count.
    pub since: DateView,
    /// About how many decisions the person is asked what they think, and has not said.
    pub asked: usize,
    /// The latest lines of the account, newest first; three are enough.
    pub latest: Vec<AccountLine>,
    /// How many organisations the person has stopped.
    pub stopped: usize,
}

/// `/me/access`: who was told what, with whom, when, why, for what purpose.
#[derive(Debug, Clone, Template)]
#[template(path = "me/access.html")]
pub struct AccountPage {
    /// Common parts.
    pub page: Page,
    /// Days, newest first.
    pub days: Vec<AccountDay>,
    /// The organisations that can be chosen; none chosen means all.
    pub organisations: Vec<Choice>,
    /// The ways of ending that can be chosen; none chosen means all.
    pub outcomes: Vec<Choice>,
    /// True where a filter is set: an empty page then says that nothing matches it.
    pub filtered: bool,
    /// Address of older days.
    pub older: Option<String>,
    /// Address of newer days.
    pub newer: Option<String>,
    /// The date from which the account is complete.
    pub since: DateView,
    /// The codes of the lists that the account is made of: of one, and of more where records were joined.
    pub codes: Vec<String>,
    /// The Patient whose account it is, where somebody reads it who acts for that person.
    pub acts_for: Option<String>,
    /// What was told before it was known that the reader acts for the person, after their own list.
    pub earlier: Option<EarlierLines>,
}

/// What was told before it was known that the reader acts for the person.
#[derive(Debug, Clone)]
pub struct EarlierLines {
    /// Days, newest first.
    pub days: Vec<AccountDay>,
    /// How many more lines there are of each kind that their powers do not reach: "money, 1 line".
    pub beyond: Vec<String>,
}

/// `/me/acting`: those for whom one acts, with the way to each one's account.
#[derive(Debug, Clone, Template)]
#[template(path = "me/acting.html")]
pub struct ActingPage {
    /// Common parts.
    pub page: Page,
    /// Each of them, by name.
    pub people: Vec<ActedFor>,
}

/// Somebody for whom one acts.
#[derive(Debug, Clone)]
pub struct ActedFor {
    /// Their name; where it is not open, "Somebody whose name you may not see".
    pub name: String,
    /// By what: "Welfare attorney".
    pub by: String,
    /// Their Patient, for addresses.
    pub patient: String,
}

/// One day of the account.
#[derive(Debug, Clone)]
pub struct AccountDay {
    /// The day.
    pub on: DateView,
    /// Its lines, newest first.
    pub lines: Vec<AccountLine>,
}

/// One disclosure or refusal.
#[derive(Debug, Clone)]
pub struct AccountLine {
    /// Where somebody says that they do not agree with it, after the address of the side they are on.
    pub challenge: Option<String>,
    /// Whether it is challenged, and nobody decided about that yet.
    pub contested: bool,
    /// Short code to quote on the telephone.
    pub reference: String,
    /// When.
    pub at: MomentView,
    /// How it ended.
    pub outcome: AccountOutcome,
    /// The whole of it as one English sentence.
    pub sentence: String,
    /// Who asked: name and role, or role alone.
    pub who: String,
    /// The organisation they asked for.
    pub organisation: String,
    /// What was told, or asked for.
    pub what: Vec<String>,
    /// Why, in the asker's words or the event that proves it.
    pub why: String,
    /// The purpose in words, "Direct care".
    pub purpose: String,
    /// The rule or law it rests on.
    pub basis: String,
    /// How: "on screen", "by phone".
    pub channel: String,
}

/// How a request ended, as the person reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountOutcome {
    /// All that was asked for.
    Shared,
    /// Some of it.
    PartShared,
    /// Nothing.
    Refused,
    /// Somebody decides; nothing yet.
    Referred,
    /// Opened as an emergency.
    Emergency,
}

impl AccountOutcome {
    /// The word on the tag.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Shared => "Shared",
            Self::PartShared => "Part shared",
            Self::Refused => "Refused",
            Self::Referred => "Waiting for a decision",
            Self::Emergency => "Emergency",
        }
    }

    /// The colour of the tag, a modifier of `nhsuk-tag`; the word alone carries the meaning.
    #[must_use]
    pub fn colour(self) -> &'static str {
        match self {
            Self::Shared => "aqua-green",
            Self::PartShared => "yellow",
            Self::Refused => "grey",
            Self::Referred => "white",
            Self::Emergency => "red",
        }
    }
}

/// `/me/sharing`: what the person has stopped, and the forms to stop and to start again.
#[derive(Debug, Clone, Template)]
#[template(path = "me/sharing.html")]
pub struct SharingPage {
    /// Common parts.
    pub page: Page,
    /// What was just done, "Northburn Housing will not be told anything."
    pub done: Option<String>,
    /// What the person has stopped, newest first.
    pub stopped: Vec<Objection>,
    /// What is written down of their own words, each as a sentence.
    pub own_words: Vec<String>,
    /// Organisations that can be stopped.
    pub organisations: Vec<Choice>,
    /// What can be stopped; the first, "Everything", is usually chosen.
    pub kinds: Vec<Choice>,
    /// What is wrong with the form.
    pub errors: Errors,
}

impl SharingPage {
    /// The objections as radios.
    #[must_use]
    pub fn stopped_choices(&self) -> Vec<Choice> {
        let choice = |objection: &Objection| Choice {
            value: objection.key.clone(),
            label: format!("{}: {}", objection.organisation, objection.what),
            hint: Some(format!("Stopped on {}", objection.since.full)),
            chosen: false,
        };
        self.stopped.iter().map(choice).collect()
    }
}

/// One objection.
#[derive(Debug, Clone)]
pub struct Objection {
    /// What the form sends as `objection`.
    pub key: String,
    /// What is not told: "Everything", "Mental health".
    pub what: String,
    /// Who is not told.
    pub organisation: String,
    /// Since when.
    pub since: DateView,
}
