//! Labels: what a piece of a record is about, and how closely it is held.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::coded::coded;
use crate::{OrganisationId, Role};

coded! {
    /// How closely something is held, in HL7's total order (`v3-Confidentiality`).
    Confidentiality {
        /// Public.
        Unrestricted = "U", "unrestricted";
        /// Little harm if known.
        Low = "L", "low";
        /// Some harm if known.
        Moderate = "M", "moderate";
        /// Ordinary care information.
        Normal = "N", "normal";
        /// Stigmatising if known.
        Restricted = "R", "restricted";
        /// May endanger someone if known.
        VeryRestricted = "V", "very restricted";
    }
}

coded! {
    /// What a piece of a record is about, as local policy grants it.
    Category {
        /// Who the person is: names, birth date, identifiers.
        Demographics = "demographics", "who you are";
        /// Where the person lives or can be reached.
        Contact = "contact", "address and contact details";
        /// Admissions, visits and appointments.
        Encounters = "encounters", "visits and admissions";
        /// Problems and diagnoses.
        Conditions = "conditions", "health conditions";
        /// Medicines.
        Medicines = "medicines", "medicines";
        /// Allergies and adverse reactions.
        Allergies = "allergies", "allergies";
        /// Vaccinations.
        Immunisations = "immunisations", "vaccinations";
        /// Procedures and operations.
        Procedures = "procedures", "procedures";
        /// Tests, measurements and results.
        Results = "results", "tests and results";
        /// Letters, notes and other free text.
        Documents = "documents", "notes and letters";
        /// Assessments of need.
        Assessments = "assessments", "assessments";
        /// Care plans, goals, referrals and requests for service.
        CarePlans = "care-plans", "care plans and requests";
        /// Who is involved and who the family are.
        Network = "network", "who is involved";
        /// What a person can and cannot do, and what they need at home.
        Function = "function", "everyday abilities and equipment";
        /// Tenancy and housing.
        Housing = "housing", "housing";
        /// Alerts that keep someone safe.
        Alerts = "alerts", "alerts";
        /// Child or adult protection.
        Protection = "protection", "protection";
        /// Permissions, objections and authorities.
        Wishes = "wishes", "wishes and permissions";
        /// Money.
        Finance = "finance", "money";
        /// Who was told what about the person, and why.
        Account = "account", "who was told what";
        /// Anything that no rule could sort.
        Unsorted = "unsorted", "information not yet sorted";
    }
}

coded! {
    /// Why something is held closely: HL7's codes (`v3-ActCode`), and local ones for what HL7 lacks.
    Sensitivity {
        /// Mental health.
        MentalHealth = "MH", "mental health";
        /// Psychotherapy notes.
        Psychotherapy = "PSYTHPN", "psychotherapy";
        /// Substance use, alcohol included.
        SubstanceUse = "SUD", "substance use";
        /// Sexual and reproductive health.
        SexualHealth = "SEX", "sexual health";
        /// Sexually transmitted infection.
        SexuallyTransmitted = "STD", "sexually transmitted infection";
        /// HIV.
        Hiv = "HIV", "HIV";
        /// Sexual assault, abuse or domestic violence.
        DomesticViolence = "SDV", "abuse or domestic violence";
        /// Violence.
        Violence = "VIO", "violence";
        /// Gender identity.
        Gender = "GENDER", "gender identity";
        /// Where a person can be found.
        Whereabouts = "LOCIS", "whereabouts";
        /// The person asked for it to be held closely.
        PersonRequested = "PRS", "held closely at the person's request";
        /// Child protection.
        ChildProtection = "CP", "child protection";
        /// Adult protection.
        AdultProtection = "AP", "adult protection";
        /// Adoption.
        Adoption = "ADOPT", "adoption";
        /// Police information.
        Police = "POL", "police information";
        /// About someone else, or told by someone else.
        ThirdParty = "TP", "another person";
    }
}

/// A distinct combination of labels with its custodian, which decisions are made about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LabelClass {
    /// The agency that holds it.
    pub custodian: OrganisationId,
    /// What its author does, where known.
    pub author_role: Option<Role>,
    /// How closely it is held.
    pub confidentiality: Confidentiality,
    /// What it is about; never empty ([`Category::Unsorted`] if no rule applied).
    pub categories: BTreeSet<Category>,
    /// Why it is held closely.
    pub sensitivities: BTreeSet<Sensitivity>,
}

impl LabelClass {
    /// Whether any rule could sort it.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        !self.categories.contains(&Category::Unsorted)
    }

    /// The stricter of two labels, as an old version and contained resources need.
    #[must_use]
    pub fn stricter_of(mut self, other: &LabelClass) -> Self {
        self.confidentiality = self.confidentiality.max(other.confidentiality);
        self.sensitivities.extend(&other.sensitivities);
        self.categories.extend(&other.categories);
        self
    }
}

/// What the labeller reads of a resource: its codes and words, nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The FHIR resource type.
    pub resource_type: String,
    /// Every coding as (system, code).
    pub codes: Vec<(String, String)>,
    /// Narrative, notes, displays and readable attachments, markup removed.
    pub texts: Vec<String>,
    /// Security labels that the contributor declared, as (system, code).
    pub declared: Vec<(String, String)>,
    /// Attachments that hold no readable text.
    pub texts_unread: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn very_restricted_is_stricter_than_restricted() {
        assert!(Confidentiality::VeryRestricted > Confidentiality::Restricted);
        assert!(Confidentiality::Restricted > Confidentiality::Normal);
    }

    #[test]
    fn the_stricter_label_keeps_every_reason() {
        let class = |confidentiality, category, sensitivity| LabelClass {
            custodian: "hospital".into(),
            author_role: None,
            confidentiality,
            categories: BTreeSet::from([category]),
            sensitivities: BTreeSet::from([sensitivity]),
        };
        let note = class(
            Confidentiality::Normal,
            Category::Documents,
            Sensitivity::ThirdParty,
        );
        let visit = class(
            Confidentiality::Restricted,
            Category::Encounters,
            Sensitivity::MentalHealth,
        );
        let both = note.stricter_of(&visit);
        assert_eq!(both.confidentiality, Confidentiality::Restricted);
        assert_eq!(both.sensitivities.len(), 2);
    }
}
