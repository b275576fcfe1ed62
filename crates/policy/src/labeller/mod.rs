//! The labeller: what a resource is about and how closely it is held, by rules that are data.
//!
//! Labels come from the resource's type, its codes, the words of its notes and attachments, who
//! wrote it, the visit that it belongs to, and what its contributor declared. Each can only add:
//! a contributor may raise a label, never lower one. What no rule could judge is marked
//! [`Unsorted`](Category::Unsorted) instead of being guessed at.

mod file;
mod report;
mod rules;
mod words;
mod yardstick;

use std::collections::BTreeSet;

use domain::{Category, Confidentiality, Evidence, LabelClass, OrganisationId, Role, Sensitivity};

use crate::policies::LoadError;

pub use report::{LabelReport, TopicCount, TypeCount};
pub use yardstick::Yardstick;

use rules::Rules;

/// The rules that come with the program.
const SHIPPED: (&str, &str) = (
    "labels/v1.toml",
    include_str!("../../../../policies/labels/v1.toml"),
);

/// Labels resources by one version of the rules. Any number of threads may share it.
#[derive(Debug)]
pub struct Labeller {
    rules: Rules,
}

impl Labeller {
    /// The labeller with the rules that come with the program.
    ///
    /// # Errors
    /// If the file that was built in is not valid, which a test rules out.
    pub fn shipped() -> Result<Self, LoadError> {
        let (file, text) = SHIPPED;
        Self::load(file, text)
    }

    /// Reads rules; `file` is only for messages.
    ///
    /// # Errors
    /// With the file and line of the first thing that is wrong.
    pub fn load(file: &str, text: &str) -> Result<Self, LoadError> {
        Rules::read(file, text).map(|rules| Self { rules })
    }

    /// The version of the rules, kept beside labels so that a new version can relabel.
    #[must_use]
    pub fn version(&self) -> &str {
        self.rules.version()
    }

    /// The labels of a resource, from what can be read of it, who holds it and who wrote it.
    /// `visit` is the label of the encounter to which it belongs: a note about a visit to a clinic
    /// is held as closely as the visit.
    #[must_use]
    pub fn label(
        &self,
        evidence: &Evidence,
        custodian: &OrganisationId,
        author_role: Option<Role>,
        visit: Option<&LabelClass>,
    ) -> LabelClass {
        let mut label = Draft::new(self.rules.categories(&evidence.resource_type));
        for (system, code) in &evidence.codes {
            self.rules
                .by_code(system, code, &evidence.resource_type, &mut label);
        }
        if self.rules.reads_words_of(&evidence.resource_type) {
            for text in &evidence.texts {
                self.rules
                    .by_words(text, &evidence.resource_type, &mut label);
            }
        }
        if let Some(role) = author_role {
            self.rules
                .by_author(role, &evidence.resource_type, &mut label);
        }
        for (system, code) in &evidence.declared {
            self.rules.by_declaration(system, code, &mut label);
        }
        if let Some(visit) = visit {
            label.confidentiality = label.confidentiality.max(visit.confidentiality);
            label.sensitivities.extend(&visit.sensitivities);
        }
        if evidence.texts_unread > 0 {
            label.categories.insert(Category::Unsorted);
        }
        label.finish(custodian, author_role)
    }
}

/// A label in the making. It starts as ordinary and can only be raised.
#[derive(Debug)]
struct Draft {
    categories: BTreeSet<Category>,
    confidentiality: Confidentiality,
    sensitivities: BTreeSet<Sensitivity>,
}

impl Draft {
    fn new(categories: &[Category]) -> Self {
        Self {
            categories: categories.iter().copied().collect(),
            confidentiality: Confidentiality::Normal,
            sensitivities: BTreeSet::new(),
        }
    }

    fn raise(&mut self, sensitivity: Sensitivity, held: Confidentiality) {
        self.sensitivities.insert(sensitivity);
        self.confidentiality = self.confidentiality.max(held);
    }

    fn finish(mut self, custodian: &OrganisationId, author_role: Option<Role>) -> LabelClass {
        if self.categories.is_empty() {
            self.categories.insert(Category::Unsorted);
        }
        LabelClass {
            custodian: custodian.clone(),
            author_role,
            confidentiality: self.confidentiality,
            categories: self.categories,
            sensitivities: self.sensitivities,
        }
    }
}
