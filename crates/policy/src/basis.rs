//! The lawful basis of a disclosure: every leg, by code (decisions.md 2.1).
//!
//! The legs are a proposal for those who answer for them locally; a solicitor, a data protection
//! officer and a Caldicott Guardian sign them before live use.

use domain::Purpose;
use domain::arrangement::RequirementKind;

use crate::case::Case;
use crate::decision::Basis;
use crate::gates::{Footing, consents, holders, objections, representation, requirements};

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

const ACTING: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-h"),
    confidence: "C-ben",
    authority: "Adults with Incapacity (Scotland) Act 2000 s.1 and the authority relied on",
};

const PARENT: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-h"),
    confidence: "C-ben",
    authority: "Children (Scotland) Act 1995 ss.1 to 3; Age of Legal Capacity (Scotland) Act 1991",
};

const DECEASED: Basis = Basis {
    article_6: "A-c",
    article_9: None,
    confidence: "C-stat",
    authority: "Access to Health Records Act 1990 s.3(1)(f); data protection ends with the death",
};

const AGREED: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-h"),
    confidence: "C-exp",
    authority: "UK GDPR articles 6(1)(e) and 9(2)(h); the person's explicit agreement",
};

const HOLDER: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-g18"),
    confidence: "C-pub",
    authority: "Data Protection Act 2018 Sch 1 para 18; the holder's signed decision; \
                GMC, Confidentiality, disclosures in the public interest",
};

const RESEARCH: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-j"),
    confidence: "C-exp",
    authority: "UK GDPR articles 6(1)(e) and 9(2)(j); Data Protection Act 2018 Sch 1 para 4; \
                the panel's approval or the person's consent",
};

const SECTION_10: Basis = Basis {
    article_6: "A-c",
    article_9: Some("B-g18"),
    confidence: "C-stat",
    authority: "Adult Support and Protection (Scotland) Act 2007 ss.10 and 49",
};

const COURT: Basis = Basis {
    article_6: "A-c",
    article_9: Some("B-g6"),
    confidence: "C-stat",
    authority: "order of court; Data Protection Act 2018 Sch 1 para 6 and Sch 2 para 5",
};

const INSPECTION: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-g6"),
    confidence: "C-stat",
    authority: "Public Services Reform (Scotland) Act 2010 Part 5; \
                Data Protection Act 2018 Sch 1 para 6",
};

const COMMISSION: Basis = Basis {
    article_6: "A-e",
    article_9: Some("B-g6"),
    confidence: "C-stat",
    authority: "Mental Health (Care and Treatment) (Scotland) Act 2003 ss.11 to 16",
};

/// The basis on which something is shared on this footing.
pub(crate) fn of(case: &Case<'_>, footing: &Footing) -> Basis {
    let purpose = case.request.purpose;
    match footing {
        Footing::OwnRecord => OWN_RECORD,
        Footing::Emergency(_) => EMERGENCY,
        Footing::Protection(_) if purpose.is_a(Purpose::AdultProtection) => ADULT_PROTECTION,
        Footing::Protection(_) => CHILD_PROTECTION,
        Footing::Required => match requirements::citation(case) {
            Some((RequirementKind::CourtOrder, _)) => COURT,
            Some((RequirementKind::Inspection, _)) => INSPECTION,
            Some((RequirementKind::CommissionVisit, _)) => COMMISSION,
            _ => SECTION_10,
        },
        Footing::Acting if case.known().person.is_dead(case.now) => DECEASED,
        Footing::Acting if case.known().person.is_at_least(16, case.now) == Some(false) => PARENT,
        Footing::Acting => match representation::citation(case) {
            Some(authority) => Basis {
                authority,
                ..ACTING
            },
            None => AGREED,
        },
        Footing::Close | Footing::Telling => ACTING,
        Footing::Invited if case.invitation().is_some_and(|it| it.given_by.is_some()) => CARE,
        Footing::Invited => AGREED,
        Footing::Agreed if consents::names_asker(case) => AGREED,
        Footing::Agreed => HOLDER,
        Footing::Approved => RESEARCH,
        Footing::Care(_) if holders::any(case) && objections::any_no(case) => HOLDER,
        Footing::Holders(_) if holders::any(case) => HOLDER,
        Footing::Care(_) | Footing::Holders(_) | Footing::Feed => match purpose {
            Purpose::HousingAdaptation => HOUSING,
            Purpose::CarerSupport => CARER,
            _ => CARE,
        },
    }
}
