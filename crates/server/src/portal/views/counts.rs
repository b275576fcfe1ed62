//! How often agencies were asked for information, and what they answered.

use askama::Template;

use super::common::{Page, Viewer};

/// `/counts` and `/care/counts`: a quarter's requests and answers, by agency.
#[derive(Debug, Clone, Template)]
#[template(path = "front/counts.html")]
pub struct CountsPage {
    /// Common parts.
    pub page: Page,
    /// Of which months: "January to March 2027".
    pub quarter: String,
    /// The agencies that were asked, by name.
    pub agencies: Vec<AgencyCounts>,
    /// Whether these are the numbers of the reader's own agency as they are.
    pub is_own: bool,
    /// The address of the quarter before.
    pub before: String,
}

/// What one agency was asked, and what it answered.
#[derive(Debug, Clone)]
pub struct AgencyCounts {
    /// Its name.
    pub name: String,
    /// Numbers, the number of requests first.
    pub rows: Vec<CountRow>,
}

/// One number.
#[derive(Debug, Clone)]
pub struct CountRow {
    /// What is counted.
    pub what: String,
    /// How many: "about 15".
    pub number: String,
}
