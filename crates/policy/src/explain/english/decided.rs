//! A decision, in three voices.

use std::collections::BTreeMap;

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
    let (when, purpose) = (&said.when, said.purpose.words());
    let withheld = withheld(said, Ground::words);
    let help = alternatives(&said.counterfactuals);
    match said.answer {
        Answer::Permit | Answer::PermitPart => {
            let what = opened(said, "the person's");
            let because = because(said, because_to_practitioner);
            let duties = duties(&said.obligations);
            let told = told_in_words(said);
            let text = format!(
                "{who} may see {what} on {when}, for {purpose}{because}{told}{withheld}{duties}."
            );
            capital(&text)
        }
        Answer::Refer => {
            let deciders = deciders(said);
            format!(
                "On {when}, what you asked for {purpose} went to {deciders}: {}.",
                grounds(said, Ground::words)
            )
        }
        Answer::Deny => {
            let grounds = grounds(said, Ground::words);
            format!("On {when}, what you asked for {purpose} was refused: {grounds}{help}.")
        }
    }
}

/// To the person whose record it is.
pub(super) fn to_person(said: &Said) -> String {
    let who = if said.is_person {
        "You".to_owned()
    } else {
        format!("{},", asker(said))
    };
    let (when, purpose) = (&said.when, said.purpose.words());
    let withheld = withheld(said, ground_to_person);
    match said.answer {
        Answer::Permit | Answer::PermitPart => {
            let what = opened(said, "your");
            let because = because(said, because_to_person);
            format!("{who} could see {what} on {when}, for {purpose}{because}{withheld}.")
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
                "{who} asked for your record on {when}, for {purpose}, and was refused: {grounds}."
            )
        }
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
        "what is held, which is nothing".to_owned()
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
        .map(|(name, seconds)| format!("{name}, to be decided {}", within(*seconds)))
        .collect();
    list(&deciders)
}

fn duties(obligations: &[Obligation]) -> String {
    let duties: Vec<_> = obligations
        .iter()
        .filter_map(|obligation| match obligation {
            Obligation::ReviewWithin72Hours => Some("this is reviewed within 72 hours"),
            Obligation::TellThePerson => Some("the person is told"),
            Obligation::CheckRelationship => Some("your involvement is checked"),
            Obligation::SignalMissingMedicine => {
                Some("a medicine is not shown: ring before prescribing or giving any")
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
