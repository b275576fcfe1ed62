//! One line of a file: what a report says of one person (docs/reference/concern-reports.md).

use domain::{Purpose, Timestamp};
use serde::{Deserialize, Serialize};

/// What a report says of one person. In JSON and in CSV the names are the same, and every value is
/// text; what is left out is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Report {
    /// The number by which its agency knows the report.
    pub reference: String,
    /// Why it is told, as a purpose code; a child protection concern if empty.
    pub purpose: String,
    /// The teams that are asked to act, with `;` between them.
    pub to: String,
    /// What was seen or heard, of this person.
    pub seen: String,
    /// What its agency did, or will do, itself.
    pub own_action: String,
    /// Of an adult: whether they are unable to safeguard their own wellbeing, property, rights or other
    /// interests: `yes`, `no` or `not-known`.
    pub safeguard: String,
    /// What shows it.
    pub safeguard_words: String,
    /// Of an adult: whether they are at risk of harm.
    pub at_risk: String,
    /// What shows it.
    pub at_risk_words: String,
    /// Of an adult: whether disability, mental disorder, illness or infirmity makes them more vulnerable.
    pub vulnerable: String,
    /// What shows it.
    pub vulnerable_words: String,
    /// Until when the person's account does not show it, as an instant, and why.
    pub hold_until: String,
    /// The reason of safety for that.
    pub hold_reason: String,
    /// Family name or names, as written.
    pub family: String,
    /// Given names, as written.
    pub given: String,
    /// When they were born: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub born: String,
    /// `female`, `male`, `other` or `unknown`.
    pub gender: String,
    /// Their CHI number.
    pub chi: String,
    /// Their address, on one line.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
}

impl Report {
    /// Its purpose.
    ///
    /// # Errors
    /// What is wrong with the code.
    pub fn purpose(&self) -> Result<Purpose, String> {
        if self.purpose.is_empty() {
            return Ok(Purpose::ChildConcern);
        }
        let purpose = self.purpose.parse::<Purpose>();
        purpose.map_err(|_| {
            "purpose: this is no purpose code such as CP-CONCERN or ASP-INQUIRY".to_owned()
        })
    }

    /// Until when it is held, and why.
    ///
    /// # Errors
    /// What is wrong with the instant.
    pub fn hold(&self) -> Result<Option<(Timestamp, String)>, String> {
        if self.hold_until.is_empty() {
            return Ok(None);
        }
        let until = Timestamp::parse(&self.hold_until);
        let until = until.ok_or("hold_until: give an instant such as 2027-02-13T09:00:00Z")?;
        Ok(Some((until, self.hold_reason.clone())))
    }

    /// A value of the three points, by the name that the exchange has for it.
    #[must_use]
    pub fn point(&self, name: &str) -> String {
        let value = match name {
            "safeguard" => &self.safeguard,
            "safeguard-words" => &self.safeguard_words,
            "at-risk" => &self.at_risk,
            "at-risk-words" => &self.at_risk_words,
            "vulnerable" => &self.vulnerable,
            "vulnerable-words" => &self.vulnerable_words,
            _ => return String::new(),
        };
        value.clone()
    }

    /// The name as its agency has it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family).trim().to_owned()
    }
}
