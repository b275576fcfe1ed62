//! The lawful basis of a disclosure: every leg, by code (decisions.md 2.1).
//!
//! The legs are a proposal for those who answer for them locally; a solicitor, a data protection
//! officer and a Caldicott Guardian sign them before live use.

use domain::Purpose;

use crate::case::Case;
use crate::decision::Basis;
use crate::gates::Footing;

/// Direct care with no objection: implied consent in the sense of confidentiality, which is not
/// consent in the sense of data protection.
const CARE: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-h"),
    confidence: "C-imp",
    authority: "UK GDPR articles 6(1)(e) and 9(2)(h); Data Protection Act 2018 Sch 1 para 2; \
                GMC, Confidentiality, paragraphs 26 to 31",
};

const EMERGENCY: Basis = Basis {
    article_6: "A-d",
    article_9: Some("B-c"),
    confidence: "C-ben",
    authority: "UK GDPR articles 6(1)(d) and 9(2)(c); \
                ICO Data Sharing Code, data sharing in an urgent situation or in an emergency",
};

const OWN_RECORD: Basis = Basis {
    article_6: "A-c",
    article_9: Some("B-h"),
    confidence: "C-exp",
    authority: "UK GDPR article 15; Care Reform (Scotland) Act 2025 Part 1",
};

const CHILD_PROTECTION: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-g18"),
    confidence: "C-pub",
    authority: "Data Protection Act 2018 Sch 1 para 18; National Guidance for Child Protection \
                in Scotland 2021, paragraphs 1.128 to 1.150",
};

const ADULT_PROTECTION: Basis = Basis {
    article_6: "A-c",
    article_9: Some("B-g18"),
    confidence: "C-stat",
    authority: "Adult Support and Protection (Scotland) Act 2007 sections 5 and 10; \
                Data Protection Act 2018 Sch 1 para 18",
};

const HOUSING: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-h"),
    confidence: "C-imp",
    authority: "UK GDPR articles 6(1)(e) and 9(2)(h); Housing (Scotland) Act 2006 Part 2",
};

const CARER: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-h"),
    confidence: "C-imp",
    authority: "UK GDPR articles 6(1)(e) and 9(2)(h); Carers (Scotland) Act 2016",
};

/// The basis on which something is shared on this footing.
pub(crate) fn of(case: &Case<'_>, footing: &Footing) -> Basis {
    let purpose = case.request.purpose;
    match footing {
        Footing::OwnRecord => OWN_RECORD,
        Footing::Emergency(_) => EMERGENCY,
        Footing::Protection(_) if purpose.is_a(Purpose::AdultProtection) => ADULT_PROTECTION,
        Footing::Protection(_) => CHILD_PROTECTION,
        Footing::Care(_) | Footing::Holders(_) => match purpose {
            Purpose::HousingAdaptation => HOUSING,
            Purpose::CarerSupport => CARER,
            _ => CARE,
        },
    }
}
