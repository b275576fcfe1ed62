//! Saying what was decided: message ids with arguments, put into words last.
//!
//! Whatever a person can read is worded in one file per language ([`english`]); a second language
//! is a second file. The rest of this crate holds no sentence.

pub(crate) mod english;
mod line;
mod message;

use domain::{Capacity, OrganisationId, Timestamp};

use crate::decision::Withheld;
use crate::{Decision, Request};

pub use english::{because_to_person, because_to_practitioner, categories as english_list};
pub use line::{Line, sentence};
pub use message::{Message, Report, Said, Sent};

/// The advice to whoever waits because sharing with their agency is challenged; in an account, why they wait.
pub const WAITS: &str = "pause-ended";

/// What the directory and the calendar know, which this crate does not.
pub trait Names {
    /// The name of an agency as people know it.
    fn organisation(&self, id: &OrganisationId) -> String;
    /// A moment as people say it where they are: "11 January 2027 at 10am".
    fn when(&self, at: Timestamp) -> String;
}

/// One decision in three voices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// For whoever asked. It says nothing that a refusal hides.
    pub practitioner: String,
    /// For the person whose record it is.
    pub person: String,
    /// For whoever checks: every gate, every class, the basis and the versions.
    pub auditor: String,
}

/// Explains a decision in English.
#[must_use]
pub fn explain(decision: &Decision, request: &Request, names: &dyn Names) -> Explanation {
    let said = said(decision, request, names);
    let report = Report::of(decision, request);
    Explanation {
        practitioner: english::render(&Message::ToPractitioner(&said)),
        person: english::render(&Message::ToPerson(&said)),
        auditor: english::render(&Message::ToAuditor(&said, &report)),
    }
}

fn said(decision: &Decision, request: &Request, names: &dyn Names) -> Said {
    let organisation = request
        .caller
        .organisation()
        .map(|organisation| names.organisation(organisation));
    let referrals = || decision.referral.iter().chain(&decision.other_referrals);
    // What somebody decides is said to wait for them, and not to be refused.
    let waits = |it: &&Withheld| {
        referrals().any(|referral| {
            referral.decider == it.ask && referral.about.contains(&(it.category, it.ground))
        })
    };
    Said {
        is_person: matches!(&request.caller.capacity, Capacity::Person(person) if *person == request.person),
        name: request.caller.name.clone(),
        role: request.caller.role(),
        organisation,
        when: names.when(decision.decided_at),
        purpose: request.purpose,
        answer: decision.answer,
        visibility: decision.visibility,
        opened: decision.opened.clone(),
        told: decision.told.clone(),
        because: decision.because.as_ref().map(|because| because.code),
        since: decision
            .because
            .as_ref()
            .and_then(|because| because.since)
            .map(|since| names.when(since)),
        grounds: decision.grounds.clone(),
        withheld: decision
            .withheld
            .iter()
            .filter(|withheld| !waits(withheld))
            .map(|withheld| {
                let holder = names.organisation(&withheld.ask);
                (withheld.category, withheld.ground, holder)
            })
            .collect(),
        referrals: referrals()
            .map(|referral| Sent {
                to: names.organisation(&referral.decider),
                seconds: referral.due_seconds,
                missing: referral.missing.clone(),
                about: referral.about.iter().map(|(about, _)| *about).collect(),
            })
            .collect(),
        counterfactuals: decision
            .counterfactuals
            .iter()
            .map(|counterfactual| counterfactual.words.clone())
            .collect(),
        obligations: decision.obligations.clone(),
    }
}
