//! Gate 4, so far as it goes: the person's own record.
//!
//! The person sees what is held about them; what is about somebody else stays back and is said
//! to (Data Protection Act 2018 Sch 2 para 16). Acting for someone else needs an authority, which
//! is not yet part of the facts, so it is answered as for a person who does not exist.

use domain::{LabelClass, Purpose, Sensitivity};

use crate::case::{Asker, Case};
use crate::decision::Ground;
use crate::explain::english;
use crate::gates::{Finding, Footing, Refusal, Verdict};

/// Admits the person for their own request.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    let purpose = case.request.purpose;
    let asks_as_person = purpose.is_a(Purpose::PersonRequest);
    let advice = || vec![english::counterfactual("another-purpose")];
    match case.asker {
        Asker::Worker(_) if asks_as_person => {
            Finding::Refuses(Refusal::open(Ground::PurposeIncompatible, advice()))
        }
        Asker::Worker(_) => Finding::Silent,
        Asker::Person(asker) if asker != case.facts.person => {
            Finding::Refuses(Refusal::hidden(Ground::NoPower))
        }
        Asker::Person(_) if asks_as_person && purpose != Purpose::FamilyRequest => {
            Finding::Admits(Footing::OwnRecord)
        }
        Asker::Person(_) => Finding::Refuses(Refusal::open(Ground::PurposeIncompatible, advice())),
    }
}

/// Opens everything that is not about somebody else.
pub(crate) fn class(_: &Case<'_>, footing: &Footing, class: &LabelClass) -> Option<Verdict> {
    if !matches!(footing, Footing::OwnRecord) {
        return None;
    }
    let third_party = Sensitivity::ThirdParty;
    Some(if class.sensitivities.contains(&third_party) {
        Verdict::Withheld(Ground::ThirdParty, Some(third_party))
    } else {
        Verdict::Open(None)
    })
}
