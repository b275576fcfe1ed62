//! The parts that several pages share.

use axum::http::StatusCode;

use crate::portal::render::Phone;

/// What every page needs besides its own content.
#[derive(Debug, Clone)]
pub struct Page {
    /// Who is signed in; decides the navigation at the top.
    pub viewer: Viewer,
    /// The token that every form must send back as `csrf`.
    pub csrf: String,
    /// The language that the words of the page are written in, as a BCP 47 tag (`en-GB`).
    pub language: String,
    /// True where the people are invented; the page then says so above its heading.
    pub demonstration: bool,
    /// Whom to ring when the page does not help.
    pub desk: Contact,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Nobody.
    Nobody,
    /// Somebody at work: sees `/care`.
    Worker {
        /// Name as given, `Pauline Heggie`.
        name: String,
        /// What they do, `Social worker`.
        role: String,
        /// Whom they do it for, `Northburn Council`.
        organisation: String,
    },
    /// Somebody looking at their own record: sees `/me`.
    Person {
        /// Name as given.
        name: String,
    },
}

impl Page {
    /// The name of the person signed in, or nothing.
    #[must_use]
    pub fn signed_in_as(&self) -> Option<&str> {
        match &self.viewer {
            Viewer::Nobody => None,
            Viewer::Worker { name, .. } | Viewer::Person { name } => Some(name),
        }
    }

    /// True where a worker is signed in.
    #[must_use]
    pub fn at_work(&self) -> bool {
        matches!(self.viewer, Viewer::Worker { .. })
    }

    /// True where a person is signed in as themselves.
    #[must_use]
    pub fn as_oneself(&self) -> bool {
        matches!(self.viewer, Viewer::Person { .. })
    }
}

/// A desk, person or team that can be rung.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Who answers, `Candour help desk`.
    pub name: String,
    /// The number, if there is one.
    pub phone: Option<Phone>,
}

/// One option of a set of radios, checkboxes or a list.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the reader sees.
    pub label: String,
    /// A line of explanation under the label.
    pub hint: Option<String>,
    /// Whether it is chosen already.
    pub chosen: bool,
}

/// The faults of a filled-in form, first to last.
#[derive(Debug, Clone, Default)]
pub struct Errors(pub Vec<FieldError>);

/// What is wrong with one field.
#[derive(Debug, Clone)]
pub struct FieldError {
    /// Name of the field, as in the table of routes (`chi`); for a date, its first wrong part.
    pub field: &'static str,
    /// What to do about it: "Check the CHI number".
    pub message: String,
}

impl Errors {
    /// True where the form has no fault.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With what status a page that shows the form is answered.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        if self.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }

    /// The fault of a field, if it has one.
    #[must_use]
    pub fn at(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }

    /// The fault of a date of birth, whichever of its parts it leads to.
    #[must_use]
    pub fn born(&self) -> Option<&str> {
        ["born_day", "born_month", "born_year"]
            .into_iter()
            .find_map(|part| self.at(part))
    }

    /// Adds a fault.
    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(FieldError {
            field,
            message: message.into(),
        });
    }
}

/// Proof that a page was logged before it was shown.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Short code that can be read out on the telephone.
    pub code: String,
    /// When it was logged.
    pub at: crate::portal::render::MomentView,
}
