//! A decision, in three voices.

use std::collections::{BTreeMap, BTreeSet};

use domain::Purpose;

use super::words::{
    because_to_person, because_to_practitioner, capital, category, ground_to_person, list, who,
    within,
};
use crate::decision::Obligation;
use crate::explain::{Report, Said};
use crate::{Answer, Ground, Telling, Visibility};

/// To whoever asked. What a refusal hides is answered as for a person who does not exist.
pub(super) fn to_practitioner(said: &Said) -> String {
    if said.visibility == Visibility::Hidden {
        return "Nobody is found whom you may know of here.".to_owned();
    }
    if said.visibility == Visibility::Marked {
        return "Something is not shown here: ring the agency that you want it from.".to_owned();
    }
    if said.told.contains(&Telling::Received) {
        return format!(
            "On {}, what you told us was received, and is kept as yours. It changes nothing in what \
             you may see.",
            said.when
        );
    }
    let who = if said.is_person {
        "you".to_owned()
    } else {
        format!("you, {},", asker(said))
    };
    let (when, purpose) = (&said.when, purpose(said, "the person's"));
    let withheld = withheld(said, Ground::words);
    let help = alternatives(&said.counterfactuals);
    match said.answer {
        Answer::Permit | Answer::PermitPart => {
            let whose = if said.is_person {
                "your"
            } else {
                "the person's"
            };
            let what = opened(said, whose);
            let because = because(said, because_to_practitioner);
            let duties = duties(said);
            let told = told_in_words(said);
            let (waiting, missing) = (waiting(said), missing(said));
            let text = format!(
                "{who} may see {what} on {when}, for {purpose}\
                 {because}{told}{withheld}{waiting}{missing}{duties}."
            );
            capital(&text)
        }
        Answer::Refer => {
            let (deciders, missing) = (deciders(said), missing(said));
            format!(
                "On {when}, what you asked, for {purpose}, went to {deciders}{missing}{withheld}."
            )
        }
        Answer::Deny => {
            let grounds = grounds(said, Ground::words);
            format!("On {when}, what you asked, for {purpose}, was refused: {grounds}{help}.")
        }
    }
}

/// To the person whose record it is.
pub(super) fn to_person(said: &Said) -> String {
    let who = if said.is_person {
        "You".to_owned()
    } else {
        // The comma that opens who they are is closed before the verb.
        let who = asker(said);
        if who == said.name {
            who
        } else {
            format!("{who},")
        }
    };
    let was = if said.is_person { "were" } else { "was" };
    let (when, purpose) = (&said.when, purpose(said, "your"));
    let withheld = withheld(said, ground_to_person);
    match said.answer {
        Answer::Permit | Answer::PermitPart => {
            let what = opened(said, "your");
            let because = because(said, because_to_person);
            let waiting = waiting(said);
            let later = if said.is_person {
                duties(said)
            } else {
                String::new()
            };
            format!(
                "{who} could see {what} on {when}, for {purpose}{because}{withheld}{waiting}{later}."
            )
        }
        Answer::Refer => {
            let deciders = deciders(said);
            format!(
                "{who} asked for your record on {when}, for {purpose}, which was sent to {deciders}."
            )
        }
        Answer::Deny => {
            let grounds = grounds(said, ground_to_person);
            format!(
                "{who} asked for your record on {when}, for {purpose}, and {was} refused: {grounds}."
            )
        }
    }
}

/// What finishes "for ...", by whose request it is.
fn purpose(said: &Said, whose: &str) -> String {
    match said.purpose {
        Purpose::PersonRequest if said.is_person => "your own request".to_owned(),
        Purpose::PersonRequest if said.role.is_none() => {
            format!("a request on {whose} behalf")
        }
        other => other.words().to_owned(),
    }
}

/// To whoever checks: the sentence's facts by code, then how it came about.
pub(super) fn to_auditor(said: &Said, report: &Report) -> String {
    let codes: Vec<_> = said.grounds.iter().map(|ground| ground.code()).collect();
    let (classes, open) = report.counts();
    let [rules, policy, facts] = report.versions();
    let gates: Vec<_> = report
        .gates()
        .iter()
        .map(|(gate, ruling)| format!("{gate} {ruling}"))
        .collect();
    let mut lines = vec![
        format!(
            "{}: {} to {} (assurance {}) for {}{}",
            said.when,
            said.answer.code(),
            asker(said),
            report.assurance().code(),
            said.purpose.code(),
            said.because
                .map(|code| format!(", because {code}"))
                .unwrap_or_default(),
        ),
        format!("grounds: {}", or_none(&codes.join(", "))),
        format!(
            "basis: {}",
            report.basis().unwrap_or("none, nothing is shared")
        ),
        format!("gates: {}", or_none(&gates.join("; "))),
        format!("classes: {open} of {classes} open"),
    ];
    lines.extend(report.decided().iter().map(|class| format!("  {class}")));
    lines.push(format!("rules {rules}, policy {policy}, facts {facts}"));
    lines.join("\n")
}

fn asker(said: &Said) -> String {
    let role = said.role.map(domain::Role::words).unwrap_or_default();
    who(
        &said.name,
        &role,
        said.organisation.as_deref().unwrap_or_default(),
    )
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

fn opened(said: &Said, whose: &str) -> String {
    let categories: Vec<_> = said
        .opened
        .iter()
        .map(|opened| category(*opened).to_owned())
        .collect();
    if categories.is_empty() {
        let more = !said.told.is_empty() || !said.withheld.is_empty() || !said.referrals.is_empty();
        let nothing = if more {
            "nothing of the record"
        } else {
            "all that may be spoken of, which is nothing"
        };
        nothing.to_owned()
    } else {
        format!("{whose} {}", list(&categories))
    }
}

/// What may be said in words: "; you may be told how the person is in general".
fn told_in_words(said: &Said) -> &'static str {
    if said.told.contains(&Telling::GeneralCondition) {
        "; you are told how the person is in general, and whom to ring"
    } else {
        ""
    }
}

fn because(said: &Said, words: fn(&str) -> String) -> String {
    let since = said.since.as_deref().map(|since| format!(" since {since}"));
    said.because.map_or_else(String::new, |code| {
        format!(", because {}{}", words(code), since.unwrap_or_default())
    })
}

fn grounds(said: &Said, words: fn(Ground) -> &'static str) -> String {
    let grounds: Vec<_> = said
        .grounds
        .iter()
        .map(|ground| words(*ground).to_owned())
        .collect();
    list(&grounds)
}

/// What stays back, by ground and holder: "; not shared: notes and letters, because ..., ask ...".
fn withheld(said: &Said, words: fn(Ground) -> &'static str) -> String {
    let mut by_reason: BTreeMap<(Ground, &str), Vec<String>> = BTreeMap::new();
    for (about, ground, holder) in &said.withheld {
        let name = match ground {
            // A lock names no category: what is locked is not said.
            Ground::Locked => "something",
            _ => category(*about),
        };
        by_reason
            .entry((*ground, holder))
            .or_default()
            .push(name.to_owned());
    }
    let clauses: Vec<_> = by_reason
        .into_iter()
        .map(|((ground, holder), mut names)| {
            names.dedup();
            format!(
                "; not shown: {} held by {holder}, because {}",
                list(&names),
                words(ground)
            )
        })
        .collect();
    clauses.concat()
}

fn alternatives(words: &[String]) -> String {
    match words {
        [] => String::new(),
        _ => format!("; what would change it: {}", words.join(", or ")),
    }
}

fn deciders(said: &Said) -> String {
    let deciders: Vec<_> = said
        .referrals
        .iter()
        .map(|sent| format!("{}, to be decided {}", sent.to, within(sent.seconds)))
        .collect();
    list(&deciders)
}

/// What waits for somebody's decision: "; to be decided by ... within 5 working days: care plans".
fn waiting(said: &Said) -> String {
    let clauses: Vec<_> = said
        .referrals
        .iter()
        .map(|sent| {
            let further = |it| match said.opened.contains(it) {
                true => format!("further {}", category(*it)),
                false => category(*it).to_owned(),
            };
            let mut about: Vec<_> = sent.about.iter().map(further).collect();
            about.dedup();
            let (to, within) = (&sent.to, within(sent.seconds));
            format!("; to be decided by {to} {within}: {}", list(&about))
        })
        .collect();
    clauses.concat()
}

/// What is missing for the decisions: "; what is missing is the birth date".
fn missing(said: &Said) -> String {
    let missing: BTreeSet<&str> = said
        .referrals
        .iter()
        .flat_map(|sent| sent.missing.split("; "))
        .collect();
    if missing.is_empty() {
        return String::new();
    }
    let missing: Vec<_> = missing.into_iter().map(str::to_owned).collect();
    format!("; what is missing is {}", list(&missing))
}

fn duties(said: &Said) -> String {
    let duties: Vec<_> = said
        .obligations
        .iter()
        .filter_map(|obligation| match obligation {
            Obligation::ReviewWithin72Hours => Some("this is reviewed within 72 hours"),
            Obligation::TellThePerson => Some("the person is told"),
            Obligation::CheckRelationship => Some("your involvement is checked"),
            Obligation::SignalMissingMedicine => {
                Some("a medicine is not shown: ring before prescribing or giving any")
            }
            Obligation::SignalSomethingMissing if said.is_person => {
                Some("something is shown to you only later: you may ask the independent reviewer")
            }
            Obligation::SignalSomethingMissing => {
                Some("something is not shown: ring the agency that you want it from")
            }
            _ => None,
        })
        .map(str::to_owned)
        .collect();
    if duties.is_empty() {
        String::new()
    } else {
        format!("; {}", list(&duties))
    }
}
