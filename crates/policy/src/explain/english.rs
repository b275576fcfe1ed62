//! Every sentence in English.

mod account;
mod decided;
mod words;

pub use words::{because_to_person, because_to_practitioner, categories};

use super::Message;
use crate::decision::Counterfactual;
use crate::explain::WAITS;
use crate::gates::Missing;

/// Puts a message into words: one sentence, except for auditors, who get a short list.
#[must_use]
pub fn render(message: &Message<'_>) -> String {
    match message {
        Message::ToPractitioner(said) => decided::to_practitioner(said),
        Message::ToPerson(said) => decided::to_person(said),
        Message::ToAuditor(said, report) => decided::to_auditor(said, report),
        Message::InAccount(line) => account::line(line),
    }
}

/// What is missing before a holder can decide.
pub(crate) fn missing(what: Missing) -> &'static str {
    match what {
        Missing::ProtectionJudgement => {
            "the holder's decision that protecting this person needs it"
        }
        Missing::UnreadPermission => {
            "somebody's reading of a recorded permission that the exchange does not understand"
        }
        Missing::HolderJudgement => {
            "the holder's decision that it may lawfully be shared for this purpose"
        }
        Missing::WhatTheyDo => "what they do in their agency, which nobody has recorded",
        Missing::SoundPolicy => "a local policy that can be evaluated",
        Missing::WhoseRecord => "somebody's finding whether this is the same person",
        Missing::OfficersAuthority => "the officer's authority to require it",
        Missing::WhenWritten => "when it was written",
        Missing::HealthOpinion => {
            "the opinion of the appropriate health professional, not older than six months"
        }
        Missing::ReportersOpinion => {
            "the Principal Reporter's opinion (Data Protection Act 2018 Sch 3 para 12)"
        }
        Missing::OriginatorsWord => "the word of the agency that it came from",
        Missing::ReporterRequest => {
            "the holder's decision on the Reporter's request (Children's Hearings (Scotland) Act \
             2011 s.172)"
        }
        Missing::PoliceRequest => {
            "the holder's signed decision that it is necessary and proportionate (Data Protection \
             Act 2018 Sch 2 para 2)"
        }
        Missing::WellbeingBasis => {
            "the holder's stated basis, since no statute overrides a refusal here ([2016] UKSC 51), \
             and how the family is told"
        }
        Missing::ChildUnderstanding => {
            "an assessment of whether the child understands, and whether telling would do serious \
             harm"
        }
        Missing::YoungPersonsView => "the young person's own view",
        Missing::HarmTest => "an opinion whether telling would do serious harm",
        Missing::BirthDate => "the birth date",
        Missing::Registration => "a look at the register of the Office of the Public Guardian",
        Missing::Instrument => "a look at the deed, order or mandate",
        Missing::Claim => "what the claim from the death is about",
        Missing::ConflictResolved => {
            "a decision about the conflict of interest of whoever acts for the person"
        }
        Missing::AttorneysAgree => {
            "that those who act for the person agree, or the sheriff says who decides (Adults with \
             Incapacity (Scotland) Act 2000 s.3)"
        }
        Missing::CapacityOrWord => "an assessment of capacity, or the person's own word",
        Missing::ViewsHeard => {
            "the views of the person and of those who must be heard, and the holder's decision"
        }
        Missing::ProxysWord => "the word of whoever acts for the person",
        Missing::PauseEnded => "a decision, until which sharing with your agency is paused",
        Missing::BeyondOrdinary => {
            "the holder's decision, since it is more than ordinary care information"
        }
    }
}

/// What would change the answer where somebody decides: the fact that is missing.
pub(crate) fn once_known(what: Missing) -> &'static str {
    match what {
        Missing::ProtectionJudgement
        | Missing::HolderJudgement
        | Missing::SoundPolicy
        | Missing::ReportersOpinion
        | Missing::OriginatorsWord
        | Missing::ReporterRequest
        | Missing::PoliceRequest
        | Missing::WellbeingBasis => "ask-holder",
        Missing::UnreadPermission => "permission-read",
        Missing::WhatTheyDo => "role-recorded",
        Missing::WhoseRecord => "identity-settled",
        Missing::OfficersAuthority => "authority-to-require",
        Missing::WhenWritten => "date-recorded",
        Missing::HealthOpinion => "opinion-ends",
        Missing::ChildUnderstanding => "understanding-found",
        Missing::YoungPersonsView => "young-persons-consent",
        Missing::HarmTest => "harm-tested",
        Missing::BirthDate => "birth-date",
        Missing::Registration => "register-looked-up",
        Missing::Instrument => "signed-mandate",
        Missing::Claim => "claim-said",
        Missing::ConflictResolved => "conflict-resolved",
        Missing::AttorneysAgree => "attorneys-agree",
        Missing::CapacityOrWord | Missing::ViewsHeard => "power-for-this",
        Missing::ProxysWord => "proxys-word",
        Missing::PauseEnded => WAITS,
        Missing::BeyondOrdinary => "capacity-assessed",
    }
}

/// What would change the answer, as the requester reads it.
pub(crate) fn counterfactual(code: &'static str) -> Counterfactual {
    let words = match code {
        "registration" => "the person registers with the practice",
        "admission" => "the person is admitted",
        "attendance" => "the person attends a visit or clinic",
        "referral" => "the person is referred to the service",
        "caseload" => "the person is put on the caseload",
        "care-team" => "the person's care team names the service",
        "residence" => "the person comes to live in the home",
        "tenancy" => "a tenancy is recorded",
        "duty" => "a concern is opened with the duty team",
        "protection-purpose" => "the request is made for a protection inquiry",
        "self-claim" => {
            "say why you are involved: ordinary information opens, the person is told, and the \
             claim is checked"
        }
        "emergency" => "in an emergency, ask for emergency treatment and say why",
        "reason" => "say in your own words why this is an emergency",
        "step-up" => "confirm who you are with a second factor",
        "another-purpose" => "ask for a purpose that fits your role",
        "objection-withdrawn" => "the person withdraws the objection",
        "ask-holder" => "ask the agency that holds it for what you need",
        "ring-holder" => "something is locked: ring the agency that holds it, which may release it",
        "nominate-reader" => "name a health professional to read it and pass on what is relevant",
        "prove-identity" => "prove who you are",
        "ask-granter" => "the person can decide this: ask them",
        "declare-belief" => {
            "declare, for each area, that you reasonably believe the person cannot decide it; they \
             are told that you act"
        }
        "register-power" => "the Office of the Public Guardian registers the power",
        "renew-order" => "the order is renewed: ask the sheriff court",
        "suspension-lifted" => "the order that suspends it is lifted",
        "signed-mandate" => {
            "bring the instrument: the deed, the order, or a mandate that the person signed while able to"
        }
        "young-persons-consent" => "the young person agrees",
        "executor" => "ask through the executor",
        "ask-guardian" => {
            "ask the guardian: the attorney's power ended when one was appointed; where there is none \
             now, ask the sheriff court"
        }
        "wait-until-begun" => "the power begins",
        "power-for-this" => "bring a power that covers this, or the person's own agreement",
        "permission-read" => "somebody reads the recorded permission and says what it means",
        "role-recorded" => "your agency records what you do there",
        "date-recorded" => "it is recorded when this was written",
        "understanding-found" => "somebody finds out whether the child understands",
        "birth-date" => "the birth date is recorded",
        "register-looked-up" => "somebody looks in the public register and finds the power there",
        "claim-said" => "say what your claim is about",
        "conflict-resolved" => {
            "it is decided that the conflict of interest does not stand in the way"
        }
        "attorneys-agree" => {
            "all who act for the person say yes, or the sheriff says which of them decides"
        }
        "proxys-word" => "whoever acts for the person agrees",
        "capacity-assessed" => "an assessment finds that the person cannot decide this",
        "wish-changed" => "it is found that the person came to wish otherwise",
        "parents-word" => "ask through somebody with parental rights",
        "new-invitation" => "ask whoever gave you the link for a new one",
        "tell-us" => "you may always tell us something",
        "new-requirement" => "a new requirement is issued in an open inquiry or visit",
        "authority-to-require" => "show the authority to require it",
        "harm-tested" => "somebody who may finds that telling would do no serious harm",
        "opinion-ends" => "the opinion of serious harm is withdrawn or replaced",
        "third-party-agrees" => "the other person agrees",
        "identity-settled" => "somebody settles whose record it is",
        "agreement" => "an information sharing agreement with a flow for this is in force",
        "ask-elsewhere" => "ask the agency that holds it",
        WAITS => "ring the agency that decides: sharing with yours is paused until then",
        "approval" => "an approval for this use is recorded, such as a panel's decision",
        _ => "ask the agency that holds it",
    };
    Counterfactual {
        code,
        words: words.to_owned(),
    }
}
