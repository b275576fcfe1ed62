//! Purposes of use: why someone asks.
//!
//! Health purposes are HL7's (`http://terminology.hl7.org/CodeSystem/v3-ActReason`). HL7 has none
//! for social care, so those are a local supplement, each mapped to its nearest HL7 code for
//! systems that know no other.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// HL7's code system of purposes.
pub const HL7_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
/// Candour's supplement for social care and protection.
pub const CARE_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/care-purpose";

macro_rules! purposes {
    ($( $variant:ident = $code:literal, $parent:expr, $hl7:literal, $words:literal; )*) => {
        /// Why someone asks for, or is given, part of a person's record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[expect(missing_docs, reason = "each variant is its code and words below")]
        pub enum Purpose { $( #[serde(rename = $code)] $variant, )* }

        impl Purpose {
            /// Every purpose, in the order a person choosing one would read them.
            pub const ALL: &'static [Purpose] = &[ $( Purpose::$variant, )* ];

            /// The code as a token or header carries it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $( Purpose::$variant => $code, )* }
            }

            /// The purpose that this one is a kind of.
            #[must_use]
            pub fn parent(self) -> Option<Purpose> {
                match self { $( Purpose::$variant => $parent, )* }
            }

            /// The nearest HL7 code, for a system that does not know the care supplement.
            #[must_use]
            pub fn nearest_hl7(self) -> &'static str {
                match self { $( Purpose::$variant => $hl7, )* }
            }

            /// Words that finish the sentence "for ...".
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $( Purpose::$variant => $words, )* }
            }
        }
    };
}

purposes! {
    Treatment = "TREAT", None, "TREAT", "care and treatment";
    Emergency = "ETREAT", Some(Purpose::Treatment), "ETREAT", "emergency treatment";
    BreakGlass = "BTG", Some(Purpose::Emergency), "BTG", "emergency access";
    Coordination = "COC", Some(Purpose::Treatment), "COC", "co-ordinating care";
    Assessment = "SC-ASSESS", Some(Purpose::Coordination), "COC", "assessing care needs";
    Provision = "SC-PROVIDE", Some(Purpose::Coordination), "COC", "providing care at home or in a home";
    Review = "SC-REVIEW", Some(Purpose::Coordination), "COC", "reviewing a care plan";
    CarerSupport = "CARER-SUPPORT", None, "SUPNWK", "supporting a carer";
    HousingAdaptation = "HOUSING-ADAPT", None, "COC", "adapting a home";
    AdultProtection = "ASP-INQUIRY", None, "THREAT", "an adult protection inquiry";
    AdultProtectionRequirement = "ASP-S10", Some(Purpose::AdultProtection), "GOV", "a requirement under section 10 of the Adult Support and Protection (Scotland) Act 2007";
    ChildConcern = "CP-CONCERN", None, "THREAT", "a child protection concern";
    ChildInvestigation = "CP-INVESTIGATE", Some(Purpose::ChildConcern), "THREAT", "a child protection investigation";
    ChildPlan = "CP-PLAN", Some(Purpose::ChildConcern), "COC", "a child protection plan";
    ChildWellbeing = "CHILD-WELLBEING", None, "COC", "a child's wellbeing, below child protection";
    ChildrensHearing = "CHILDRENS-HEARING", None, "HLEGAL", "the Principal Reporter or a children's hearing";
    IncapacityFunction = "AWI-FUNCTION", None, "GOV", "a function under the Adults with Incapacity (Scotland) Act 2000";
    MentalHealthAct = "MH-ACT", None, "GOV", "a function under the Mental Health (Care and Treatment) (Scotland) Act 2003";
    PoliceInquiry = "POLICE-INQUIRY", None, "HLEGAL", "preventing or detecting crime";
    Legal = "HLEGAL", None, "HLEGAL", "legal proceedings";
    PersonRequest = "PATRQT", None, "PATRQT", "the person's own request";
    FamilyRequest = "FAMRQT", Some(Purpose::PersonRequest), "FAMRQT", "a request by the family";
    SubjectAccess = "SAR", Some(Purpose::PersonRequest), "PATRQT", "a subject access request";
    DeceasedRecords = "DECEASED-AHRA", None, "PATRQT", "access to the record of somebody who has died";
    Complaint = "COMPLAINT", None, "PATADMIN", "answering a complaint";
    Regulator = "REGULATOR", None, "GOV", "a regulator's inspection";
    Research = "HRESCH", None, "HRESCH", "research";
    Operations = "HOPERAT", None, "HOPERAT", "running the service";
    Payment = "HPAYMT", None, "HPAYMT", "payment";
    PublicHealth = "PUBHLTH", None, "PUBHLTH", "public health";
    Marketing = "HMARKT", None, "HMARKT", "marketing";
}

impl Purpose {
    /// Whether this purpose is `other` or a kind of it: `ETREAT` is a `TREAT`, never the reverse.
    #[must_use]
    pub fn is_a(self, other: Purpose) -> bool {
        self == other || self.parent().is_some_and(|parent| parent.is_a(other))
    }

    /// Care of the person themself, by health or social care.
    #[must_use]
    pub fn is_direct_care(self) -> bool {
        self.is_a(Purpose::Treatment)
    }

    /// Protecting a child or an adult at risk of harm.
    #[must_use]
    pub fn is_protection(self) -> bool {
        self.is_a(Purpose::ChildConcern) || self.is_a(Purpose::AdultProtection)
    }

    /// Protecting a child, or a child's wellbeing.
    #[must_use]
    pub fn is_for_a_child(self) -> bool {
        let of_children = [
            Purpose::ChildConcern,
            Purpose::ChildWellbeing,
            Purpose::ChildrensHearing,
        ];
        of_children.into_iter().any(|one| self.is_a(one))
    }

    /// The code system that [`Purpose::code`] belongs to.
    #[must_use]
    pub fn system(self) -> &'static str {
        if self.code() == self.nearest_hl7() {
            HL7_SYSTEM
        } else {
            CARE_SYSTEM
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text is no purpose that Candour knows; it is never taken for a default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPurpose;

impl fmt::Display for UnknownPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a purpose of use that this exchange knows")
    }
}

impl std::error::Error for UnknownPurpose {}

impl FromStr for Purpose {
    type Err = UnknownPurpose;
    fn from_str(code: &str) -> Result<Self, UnknownPurpose> {
        Purpose::ALL
            .iter()
            .copied()
            .find(|purpose| purpose.code() == code)
            .ok_or(UnknownPurpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emergency_is_treatment_but_treatment_is_no_emergency() {
        assert!(Purpose::Emergency.is_a(Purpose::Treatment));
        assert!(Purpose::BreakGlass.is_a(Purpose::Emergency));
        assert!(!Purpose::Treatment.is_a(Purpose::Emergency));
    }

    #[test]
    fn every_code_reads_back_and_an_unknown_one_is_refused() {
        for purpose in Purpose::ALL {
            assert_eq!(purpose.code().parse(), Ok(*purpose));
        }
        assert_eq!("treat".parse::<Purpose>(), Err(UnknownPurpose));
        assert_eq!("".parse::<Purpose>(), Err(UnknownPurpose));
    }

    #[test]
    fn a_section_10_requirement_is_told_to_outsiders_as_government() {
        let purpose = Purpose::AdultProtectionRequirement;
        assert_eq!(
            (purpose.nearest_hl7(), purpose.system()),
            ("GOV", CARE_SYSTEM)
        );
    }
}
