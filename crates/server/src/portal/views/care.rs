//! The way to a record: finding a person, giving a reason.

use askama::Template;

use super::common::{Choice, Errors, Page, Viewer};
use crate::portal::render::{DateView, MomentView};

/// `/care`: find a person, or open one of the last ones again.
#[derive(Debug, Clone, Template)]
#[template(path = "care/find.html")]
pub struct FindPage {
    /// Common parts.
    pub page: Page,
    /// The form as it was sent, or empty.
    pub form: FindForm,
    /// What is wrong with the form.
    pub errors: Errors,
    /// People whom this worker opened of late, newest first.
    pub recent: Vec<RecentPerson>,
}

/// The form that finds a person, as typed.
#[derive(Debug, Clone, Default)]
pub struct FindForm {
    /// Any part of the name.
    pub name: String,
    /// Day of birth.
    pub born_day: String,
    /// Month of birth, as a number.
    pub born_month: String,
    /// Year of birth.
    pub born_year: String,
    /// CHI number, with or without spaces.
    pub chi: String,
}

/// A person opened before.
#[derive(Debug, Clone)]
pub struct RecentPerson {
    /// Opaque id.
    pub person: String,
    /// Name as given.
    pub name: String,
    /// Date of birth.
    pub born: DateView,
    /// When this worker last opened the record.
    pub opened_at: MomentView,
}

/// `/care/people/s/{s}`: the people found.
#[derive(Debug, Clone, Template)]
#[template(path = "care/results.html")]
pub struct ResultsPage {
    /// Common parts.
    pub page: Page,
    /// What was looked for, one part a line: "name Drummond", "born 1940".
    pub sought: Vec<String>,
    /// The people, best match first; at most 20.
    pub found: Vec<FoundPerson>,
    /// True where more people matched than may be shown.
    pub too_many: bool,
}

impl ResultsPage {
    /// Heading and title: how many, and no names.
    #[must_use]
    pub fn heading(&self) -> String {
        match self.found.len() {
            _ if self.too_many => "Too many people found".to_owned(),
            0 => "Nobody found".to_owned(),
            1 => "1 person found".to_owned(),
            count => format!("{count} people found"),
        }
    }
}

/// One person found: the fixed demographic view and nothing else.
#[derive(Debug, Clone)]
pub struct FoundPerson {
    /// Opaque id.
    pub person: String,
    /// Name as given.
    pub name: String,
    /// Other names, former names.
    pub also_known_as: Vec<String>,
    /// Date of birth.
    pub born: DateView,
    /// Gender in words.
    pub gender: Option<String>,
    /// CHI number, ten digits.
    pub chi: Option<String>,
    /// Address on one line, where it may be shown.
    pub address: Option<String>,
    /// Why this person is in the list: "same date of birth, name sounds alike".
    pub matched: String,
}

/// `/care/people/{p}/why`: the reason before entry, where no event proves one.
#[derive(Debug, Clone, Template)]
#[template(path = "care/why.html")]
pub struct WhyPage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the person.
    pub person: String,
    /// Name as given, where this worker may know it.
    pub name: Option<String>,
    /// The reasons this worker may give. [`WhyPage::usual_reasons`] makes the usual three.
    pub reasons: Vec<Choice>,
    /// The words that were typed.
    pub words: String,
    /// What is wrong with the form.
    pub errors: Errors,
}

impl WhyPage {
    /// The three reasons most workers may give: `planned`, `safeguarding`, `emergency`.
    #[must_use]
    pub fn usual_reasons() -> Vec<Choice> {
        let reason = |value: &str, label: &str, hint: &str| Choice {
            value: value.into(),
            label: label.into(),
            hint: Some(hint.into()),
            chosen: false,
        };
        vec![
            reason(
                "planned",
                "Planned care or a referral",
                "You have been asked to see or help this person",
            ),
            reason(
                "safeguarding",
                "Safeguarding",
                "Somebody may be at risk of harm and you are looking into it",
            ),
            reason(
                "emergency",
                "Emergency",
                "Somebody may come to serious harm if you wait. Your opening is reviewed by a person",
            ),
        ]
    }
}

/// The interruption before an emergency opens a record.
#[derive(Debug, Clone, Template)]
#[template(path = "care/emergency.html")]
pub struct EmergencyPage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the person.
    pub person: String,
    /// Name as given, where this worker may know it.
    pub name: Option<String>,
    /// The words that were typed on the page before; sent again with the confirmation.
    pub words: String,
    /// Who reviews the opening, "the privacy officer of the health board".
    pub reviewer: String,
}
