//! The record's first screen, and the pages shown instead of it.

use askama::Template;

use super::common::{Contact, Page, Receipt, Viewer};
use crate::portal::render::{DateView, MomentView, Phone};

/// Who the record is about: four items, one line each, nothing else.
#[derive(Debug, Clone)]
pub struct Banner {
    /// Opaque id of the person.
    pub person: String,
    /// `DRUMMOND, Ishbel (Mrs)`; [`render::banner_name`](crate::portal::render::banner_name) makes it.
    pub name: String,
    /// The name the person likes to be called by.
    pub preferred: Option<String>,
    /// Date of birth.
    pub born: DateView,
    /// Age today; [`render::age`](crate::portal::render::age) makes it.
    pub age: Option<String>,
    /// Date of death.
    pub died: Option<DateView>,
    /// Gender in words, or "Not known".
    pub gender: String,
    /// CHI number, ten digits, where it may be shown.
    pub chi: Option<String>,
}

/// `/care/people/{p}`: what a worker needs first.
#[derive(Debug, Clone, Template)]
#[template(path = "care/record.html")]
pub struct RecordPage {
    /// Common parts.
    pub page: Page,
    /// Who the record is about.
    pub person: Banner,
    /// Why this worker may see it.
    pub standing: Standing,
    /// What to know before anything else.
    pub alerts: Alerts,
    /// Every worker and team with a live relationship.
    pub involved: Vec<Involved>,
    /// Family and others close.
    pub close: Vec<Close>,
    /// What happened, newest first.
    pub chronology: Chronology,
    /// What was openly withheld; hidden things are not here.
    pub withheld: Vec<Withheld>,
    /// "Something is not shown; ring ...": computed from the mask, never from rows.
    pub notice: Option<Notice>,
    /// Proof that this page was logged before it was shown.
    pub receipt: Receipt,
}

impl RecordPage {
    /// What was withheld, with what shares a ground, a decider and a way on told together.
    #[must_use]
    pub fn withheld_together(&self) -> Vec<(Vec<&str>, &Withheld)> {
        let mut groups: Vec<(Vec<&str>, &Withheld)> = Vec::new();
        for one in &self.withheld {
            match groups.iter_mut().find(|(_, first)| first.answers_like(one)) {
                Some((what, _)) => what.push(&one.what),
                None => groups.push((vec![&one.what], one)),
            }
        }
        groups
    }
}

/// Why this worker may see this record.
#[derive(Debug, Clone)]
pub struct Standing {
    /// One sentence: "She is a patient on your ward since 11-Jan-2027 09:00."
    pub sentence: String,
    /// The purpose in words, "Direct care".
    pub purpose: String,
    /// The rule or law it rests on.
    pub basis: Vec<String>,
    /// True for an emergency opening, which a person reviews.
    pub emergency: bool,
}

/// What to know before anything else.
#[derive(Debug, Clone)]
pub struct Alerts {
    /// Allergies, in the four wordings of the CUI guide.
    pub allergies: Allergies,
    /// Other alerts, most serious first.
    pub others: Vec<Alert>,
}

/// What is known of allergies; the labels are fixed by the CUI guide (PAB-0064).
#[derive(Debug, Clone)]
pub enum Allergies {
    /// Known allergies, one a line.
    Known(Vec<String>),
    /// Asked, and there are none.
    NoneKnown,
    /// Nobody wrote anything down.
    NotRecorded,
    /// The source did not answer, or may not be shown.
    Unavailable,
}

impl Allergies {
    /// True where they must stand out.
    #[must_use]
    pub fn warns(&self) -> bool {
        matches!(self, Self::Known(_))
    }
}

/// One alert.
#[derive(Debug, Clone)]
pub struct Alert {
    /// What to know.
    pub text: String,
    /// Who says so.
    pub source: String,
    /// Since when.
    pub since: Option<DateView>,
}

/// One worker or team with a live relationship.
#[derive(Debug, Clone)]
pub struct Involved {
    /// What a call note sends as `spoke`.
    pub key: String,
    /// Name of the worker or team.
    pub name: String,
    /// What they do for the person.
    pub role: String,
    /// Whom they do it for.
    pub organisation: String,
    /// Since when.
    pub since: DateView,
    /// The number that is answered now.
    pub phone: Option<Phone>,
    /// Who answers it if not they themselves: "out-of-hours duty until 08:45".
    pub cover: Option<String>,
}

/// Somebody close to the person, and how to talk with them.
#[derive(Debug, Clone)]
pub struct Close {
    /// Their name, where it may be shown.
    pub name: String,
    /// What they are to the person.
    pub is: String,
    /// How to talk with them, in the source's words.
    pub languages: Vec<String>,
    /// Their number.
    pub phone: Option<Phone>,
    /// Who wrote it down.
    pub source: String,
}

impl Close {
    /// Whether two sources say the same of somebody.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.name, &self.is, &self.languages) == (&other.name, &other.is, &other.languages)
            && self.phone.as_ref().map(|it| &it.link) == other.phone.as_ref().map(|it| &it.link)
    }
}

/// What happened, newest first, one page of it.
#[derive(Debug, Clone, Default)]
pub struct Chronology {
    /// The entries of this page.
    pub entries: Vec<Event>,
    /// Address of older entries.
    pub older: Option<String>,
    /// Address of newer entries.
    pub newer: Option<String>,
}

/// One entry of the chronology.
#[derive(Debug, Clone)]
pub struct Event {
    /// When; day, month, year or not recorded.
    pub on: DateView,
    /// Kind in words, `Admission`.
    pub kind: String,
    /// What happened, in the source's words.
    pub text: String,
    /// The organisation that wrote it.
    pub source: String,
    /// True where no rule could label it: it is tagged "Not yet sorted".
    pub unsorted: bool,
}

/// Something openly withheld from this worker.
#[derive(Debug, Clone)]
pub struct Withheld {
    /// What, as a category: "Mental health notes".
    pub what: String,
    /// Why, in plain words.
    pub ground: String,
    /// What would change it.
    pub change: String,
    /// Who decides.
    pub decider: Contact,
    /// By when they answer, where it waits for their decision and is not refused.
    pub answers_by: Option<MomentView>,
}

impl Withheld {
    /// True where all but the category is the same.
    fn answers_like(&self, other: &Self) -> bool {
        (
            &self.ground,
            &self.change,
            &self.decider.name,
            self.answers_by.is_some(),
        ) == (
            &other.ground,
            &other.change,
            &other.decider.name,
            other.answers_by.is_some(),
        )
    }
}

/// The standing notice that something is not shown.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Whom to ring.
    pub ring: Contact,
}

/// The answer to a request that was refused or referred, where the person may be known.
#[derive(Debug, Clone, Template)]
#[template(path = "care/refusal.html")]
pub struct RefusalPage {
    /// Common parts.
    pub page: Page,
    /// Opaque id of the person.
    pub person: String,
    /// Name as given, where this worker may know it.
    pub name: Option<String>,
    /// Refused, or passed to somebody who decides.
    pub outcome: RefusalOutcome,
    /// Why, in plain words, one sentence each.
    pub grounds: Vec<Ground>,
    /// What would change it, one sentence each.
    pub changes: Vec<String>,
    /// Who decides, and the number to ring.
    pub decider: Contact,
    /// True where this worker may still give a reason on `/why`.
    pub may_give_reason: bool,
    /// What for a concern is open on the list of this worker's team, which is a reason without a word
    /// typed.
    pub open_concern: Option<String>,
    /// Proof that the refusal was logged.
    pub receipt: Receipt,
}

impl RefusalPage {
    /// Heading and title: the answer, and no name.
    #[must_use]
    pub fn heading(&self) -> &'static str {
        match self.outcome {
            RefusalOutcome::Refused => "We cannot show you this record",
            RefusalOutcome::Referred { .. } => "Somebody has to decide this first",
        }
    }
}

/// How a request ended that released nothing.
#[derive(Debug, Clone)]
pub enum RefusalOutcome {
    /// Refused.
    Refused,
    /// Passed to a named decider, who answers by a deadline.
    Referred {
        /// When the answer is due.
        due: MomentView,
        /// What the decider still needs, if anything.
        missing: Vec<String>,
    },
}

/// Why something was refused.
#[derive(Debug, Clone)]
pub struct Ground {
    /// One sentence in plain words.
    pub sentence: String,
    /// The rule or law, for those who want to look it up.
    pub citation: Option<String>,
}

/// 404 for every id that this worker may not know: the same words whether or not it exists.
#[derive(Debug, Clone, Template)]
#[template(path = "care/no_record.html")]
pub struct NoRecordPage {
    /// Common parts.
    pub page: Page,
}
