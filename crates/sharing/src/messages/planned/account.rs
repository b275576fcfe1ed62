//! What the person's account says of a decision about their life.

use domain::arrangement::LifeDecision;
use domain::message::Sender;
use domain::message::call::Way;
use domain::{Category, Purpose, Timestamp};
use policy::alarm::LifeRuling;
use policy::{Decision, Facts, Ground};
use sha2::{Digest, Sha256};

use super::{Standing, Step};
use crate::event::{Event, Operation, hex};
use crate::messages::close::{THEMSELF, who};
use crate::messages::flag::day;
use crate::{Asking, Channel, spoken};

/// Between the name of a decision and who was told or heard.
const BREAK: &str = ": ";

/// The line of a step. It keeps codes and what was written; the sentence is made when it is read.
pub(super) fn event(
    asking: &Asking,
    agency: &str,
    decided: &Decision,
    (facts, step, ruling): (&Facts, &Step, &LifeRuling),
    now: Timestamp,
) -> Event {
    let mut event = Event::of(asking, agency, Operation::Decision, decided, now);
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    event.grounds.clear();
    // Whoever acts for the person reads of it as far as they may read their plans.
    event.what = vec![Category::CarePlans.code().to_owned()];
    let mut all = facts.circumstances.life_decisions.iter();
    if let Some(decision) = all.find(|it| it.name == ruling.name) {
        event.basis = power(decision);
        event.because_since = decision.at.0.to_string();
    }
    let mut who_was = String::new();
    let because = match step {
        Step::Plan { .. } => {
            let parties = ruling.must_be_heard.iter();
            let all = parties.map(|party| who(facts, party));
            let all: Vec<_> = std::iter::once("you").chain(all).collect();
            who_was = all.join(", ");
            "planned"
        }
        Step::Told { party, by, .. } => {
            if let Some(way) = by {
                way.code().clone_into(&mut event.channel);
            }
            who(facts, party).clone_into(&mut who_was);
            "told"
        }
        Step::View { party, .. } => {
            who(facts, party).clone_into(&mut who_was);
            "heard"
        }
        Step::Answer { party, .. } => {
            who(facts, party).clone_into(&mut who_was);
            "answered"
        }
        Step::LeaveOut { ground, .. } => {
            event.grounds = vec![ground.clone()];
            "left-out"
        }
        Step::Contest { .. } => "contested",
        Step::Make {
            reasons, review, ..
        } => {
            reasons.trim().clone_into(&mut event.reason);
            event.because_since = review.0.to_string();
            "made"
        }
    };
    event.told = format!("{}{BREAK}{who_was}", ruling.name);
    because.clone_into(&mut event.because);
    event
}

/// The line of somebody who looked at what is planned.
pub(super) fn was_read(
    asking: &Asking,
    agency: &str,
    decided: &Decision,
    all: &[Standing],
    now: Timestamp,
) -> Event {
    let mut event = Event::of(asking, agency, Operation::Decision, decided, now);
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    event.grounds.clear();
    "read".clone_into(&mut event.because);
    event.count = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let told = serde_json::to_vec(all).unwrap_or_default();
    event.content = hex(&Sha256::digest(told));
    event
}

/// That whoever is to be heard looked at what they were asked.
pub(in crate::messages) const READ: &str = "read-by-them";
/// That whoever is to be heard said what they think.
pub(in crate::messages) const SAID: &str = "said-by-them";

/// The line of the exchange's own asking somebody.
pub(in crate::messages) fn written(decision: &LifeDecision, is: &str, now: Timestamp) -> Event {
    Event {
        operation: Operation::Decision.code().to_owned(),
        what: vec![Category::CarePlans.code().to_owned()],
        name: Sender::exchange().name,
        told: format!("{}{BREAK}{is}", decision.name),
        at: now.to_string(),
        purpose: Purpose::FamilyRequest.code().to_owned(),
        channel: Channel::Message.code().to_owned(),
        answer: policy::Answer::Permit.code().to_owned(),
        because: "written".to_owned(),
        count: 1,
        ..Event::default()
    }
}

/// The line of somebody who is to be heard and reads or says something themself.
pub(in crate::messages) fn by_party(
    asking: &Asking,
    decision: &LifeDecision,
    (because, is): (&str, &str),
    now: Timestamp,
) -> Event {
    let mut event = Event::plain(asking, "", Operation::Decision, now);
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    event.what = vec![Category::CarePlans.code().to_owned()];
    event.told = format!("{}{BREAK}{is}", decision.name);
    because.clone_into(&mut event.because);
    event
}

/// How somebody was told, within a sentence.
fn how(way: Way) -> &'static str {
    match way {
        Way::Phone => " by telephone",
        Way::Meeting => " face to face",
        Way::Letter => " in writing",
    }
}

/// The power relied on, as a reader would look it up.
fn power(decision: &LifeDecision) -> String {
    match decision.power.as_str() {
        "s13za" => "section 13ZA of the Social Work (Scotland) Act 1968".to_owned(),
        "attorney" => "the power of your attorney".to_owned(),
        "guardian" => "the power of your guardian".to_owned(),
        "person" => "your own decision".to_owned(),
        other => other.to_owned(),
    }
}

/// Somebody who was told or heard, as the person reads of them: themself, or what they are to them.
fn your(told: &str) -> String {
    match told {
        THEMSELF => "you".to_owned(),
        other => format!("your {other}"),
    }
}

fn thinks(told: &str) -> &'static str {
    match told {
        THEMSELF => "think",
        _ => "thinks",
    }
}

/// The line as a sentence to the person.
#[must_use]
pub fn sentence(event: &Event) -> String {
    let moment = |at: &str| Timestamp::parse(at).map_or_else(|| at.to_owned(), spoken::moment);
    let date = |at: &str| Timestamp::parse(at).map_or_else(|| at.to_owned(), day);
    let (name, told) = event.told.rsplit_once(BREAK).unwrap_or_default();
    let reasons = match event.reason.as_str() {
        "" => String::new(),
        reasons => format!(", because: {reasons}"),
    };
    let by = format!(
        "On {}, {} of {}",
        moment(&event.at),
        event.name,
        event.organisation_name
    );
    match event.because.as_str() {
        "planned" if told.is_empty() => format!(
            "{by} planned a decision about you, “{name}”, for {}, by {}.",
            date(&event.because_since),
            event.basis
        ),
        "planned" => format!(
            "{by} planned a decision about you, “{name}”, for {}, by {}. To be heard first: {told}.",
            date(&event.because_since),
            event.basis
        ),
        "told" => {
            let told = your(told);
            let how = Way::from_code(&event.channel).map_or("", how);
            format!("{by} told {told}{how} of the planned decision “{name}” and how to be heard.")
        }
        "written" => format!(
            "On {}, {} wrote to your {told} of the planned decision “{name}” and how to be heard.",
            moment(&event.at),
            event.name
        ),
        READ => format!(
            "On {}, {}, your {told}, read of the planned decision “{name}”.",
            moment(&event.at),
            event.name
        ),
        SAID => format!(
            "On {}, {}, your {told}, said what they think of the planned decision “{name}”.",
            moment(&event.at),
            event.name
        ),
        "heard" => format!(
            "{by} heard what {} {} of the planned decision “{name}”.",
            your(told),
            thinks(told)
        ),
        "answered" => format!(
            "{by} answered {} about the planned decision “{name}”.",
            your(told)
        ),
        "left-out" => {
            let ground = event
                .grounds
                .first()
                .map(String::as_str)
                .unwrap_or_default();
            let known = Ground::ALL.iter().find(|it| it.code() == ground);
            let words = known.map_or("", |it| it.words());
            format!(
                "{by} recorded why somebody is not told of the planned decision “{name}”: {words} ({ground})."
            )
        }
        "contested" => format!("{by} recorded that the decision “{name}” is contested."),
        "made" => format!(
            "{by} made the decision “{name}”, by {}{reasons}. It is looked at again on {}. You, \
             and whoever acts for you, can challenge it: by the agency's complaints procedure and then the \
             Scottish Public Services Ombudsman, with the Mental Welfare Commission, or before the sheriff.",
            event.basis,
            date(&event.because_since)
        ),
        _ => format!("{by} looked at what is planned and decided about you."),
    }
}
