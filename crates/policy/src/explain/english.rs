//! Every sentence in English.

mod account;
mod decided;
mod words;

pub use words::{because_to_person, because_to_practitioner};

use super::Message;
use crate::decision::Counterfactual;
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
        Missing::SoundPolicy => "a local policy that can be evaluated",
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
        "approval" => "an approval for this use is recorded, such as a panel's decision",
        _ => "ask the agency that holds it",
    };
    Counterfactual {
        code,
        words: words.to_owned(),
    }
}
