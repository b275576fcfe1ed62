//! What whoever is asked reads, in sentences: the same on a page and in FHIR.

use super::party::Asked;
use crate::messages::flag::day;

impl Asked {
    /// What is planned, for when and by whom, and why the reader is asked.
    #[must_use]
    pub fn plan(&self) -> Vec<String> {
        let (about, name, on) = (&self.about, &self.decision.name, day(self.decision.at.0));
        let by = match self.planned_by.as_str() {
            "" => "the team below",
            by => by,
        };
        if !self.is_open() {
            return vec![
                format!("This was decided about {about} on {on}: “{name}”."),
                format!("It was decided by {by}."),
            ];
        }
        vec![
            format!("This is planned for {about} on {on}: “{name}”."),
            format!("It is planned by {by}."),
            format!("You are asked because you are down as their {}.", self.is),
            "Nobody decides until they have read what you think. A named person answers you first."
                .to_owned(),
        ]
    }

    /// What the reader said, and what they were answered.
    #[must_use]
    pub fn so_far(&self) -> Vec<String> {
        let said = self.hearing.view.as_ref();
        let said = said.map(|it| format!("You said on {}: “{}”", day(it.at.0), it.words));
        let answered = self.hearing.answered.as_ref();
        let answered =
            answered.map(|it| format!("{} answered on {}: “{}”", it.by, day(it.at.0), it.words));
        said.into_iter().chain(answered).collect()
    }
}
