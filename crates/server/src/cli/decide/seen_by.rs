//! `candour admin policy explain` and `view-as`: what local policies say, what they come to in a
//! case, and what somebody of a role sees by them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use domain::Category;
use serde_json::{Value, json};
use sharing::written::{self, Report};
use sharing::{Ground, Policies, Rule};

use super::{one, policies, pretty};
use crate::cli::{Exit, Failure, Style, say};

/// See what somebody of a role would see by local policies
#[derive(Debug, Args)]
pub(in crate::cli) struct ViewAs {
    /// The folder of policies; without it those that come with the program
    #[arg(value_name = "DIR")]
    place: Option<PathBuf>,
    /// What they do, such as `nurse`
    #[arg(long)]
    role: String,
    /// The sort of agency that they work for, such as `hospital`
    #[arg(long, value_name = "KIND")]
    agency: String,
    /// For what, such as `TREAT`
    #[arg(long, value_name = "CODE")]
    purpose: String,
    /// What proves that they are involved, such as `admission`; without it nothing does
    #[arg(long, value_name = "KIND")]
    relationship: Option<String>,
    /// How surely they were identified: `low`, `substantial` or `high`
    #[arg(long, value_name = "LEVEL", default_value = "substantial")]
    assurance: String,
}

/// Says every policy in words or, with a case, why each of its items opens or does not.
pub(in crate::cli) fn explain(
    place: &Path,
    case: Option<&Path>,
    style: Style,
) -> Result<(), Failure> {
    let policies = policies(Some(place))?;
    let Some(case) = case else {
        say_rules(&policies, style);
        return Ok(());
    };
    let outcome = one(case.to_owned(), &policies)?;
    let decided = outcome.result.map_err(|error| {
        let words = format!("{} cannot be decided", case.display());
        Failure::new(Exit::Invalid, words).with(vec![error.to_string()])
    })?;
    let reasons = reasons(&decided.report, &policies);
    if style.json {
        let items = reasons.iter().map(|it| {
            json!({"item": it.item, "outcome": it.outcome, "because": it.because, "where": it.place})
        });
        say(&pretty(&json!({
            "decision": decided.report.decision,
            "items": items.collect::<Vec<_>>(),
            "words": decided.report.explanation.auditor,
        })));
        return Ok(());
    }
    say(&format!("{}\n", decided.report.decision));
    for it in reasons {
        let place = it.place.map(|place| format!(" ({place})"));
        let place = place.unwrap_or_default();
        say(&format!(
            "{}: {}{place}\n  {}",
            it.item, it.outcome, it.because
        ));
    }
    say(&format!("\n{}", decided.report.explanation.auditor));
    Ok(())
}

fn say_rules(policies: &Policies, style: Style) {
    for rule in policies.rules() {
        let effect = if rule.forbids { "forbids" } else { "permits" };
        say(&if style.json {
            json!({"id": rule.id, "where": place_of(rule), "effect": effect, "says": rule.says})
                .to_string()
        } else {
            format!("{} {effect} ({})\n  {}", rule.id, place_of(rule), rule.says)
        });
    }
}

fn place_of(rule: &Rule) -> String {
    match rule.line {
        Some(line) => format!("{}:{line}", rule.file),
        None => rule.file.clone(),
    }
}

/// Why an item opens or not.
struct Reason {
    item: String,
    outcome: &'static str,
    because: String,
    /// Where the policy stands that opened it.
    place: Option<String>,
}

/// By the policy that opened it, in its own words; else by the gate that shut it and its ground.
fn reasons(report: &Report, policies: &Policies) -> Vec<Reason> {
    let rule_of = |id: &str| policies.rules().iter().find(|rule| rule.id == id);
    let all = report.items.iter().map(|it| {
        let rule = it.policy.as_deref().and_then(rule_of);
        let gate = it.gate.as_deref().unwrap_or("the whole request");
        let ground = it.ground.and_then(ground);
        let because = match (rule, ground) {
            (Some(rule), None) => rule.says.clone(),
            (_, Some(ground)) => format!("gate {gate}: {} {}", ground.code(), ground.words()),
            (None, None) => format!("gate {gate}"),
        };
        Reason {
            item: it.item.to_string(),
            outcome: it.outcome,
            because,
            place: rule.filter(|_| ground.is_none()).map(place_of),
        }
    });
    all.collect()
}

fn ground(code: &str) -> Option<Ground> {
    Ground::ALL.iter().copied().find(|it| it.code() == code)
}

/// How something is held in the view, and whose it is.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("own", "N", "their own agency's"),
    ("own", "R", "the same, restricted"),
    ("other", "N", "another agency's"),
    ("other", "R", "the same, restricted"),
];

/// Says, category by category, what somebody of a role sees of an adult of whom nothing is on record
/// but that relationship. It decides a whole case, so law and defaults count as they do for anybody.
pub(in crate::cli) fn view_as(ask: &ViewAs, style: Style) -> Result<(), Failure> {
    let policies = policies(ask.place.as_deref())?;
    let wrong = |error: &dyn std::fmt::Display| {
        let words =
            "nobody can be looked at so; `explain` and the reference of cases have the words";
        Failure::new(Exit::Usage, words).with(vec![error.to_string()])
    };
    let document = written::parse(&case(ask).to_string()).map_err(|error| wrong(&error))?;
    let decided = written::decide(&document, &policies).map_err(|error| wrong(&error))?;
    let seen: BTreeMap<String, String> = decided
        .report
        .items
        .iter()
        .map(|it| {
            (
                it.item.to_string(),
                seen(it.outcome, it.policy.as_deref(), it.ground),
            )
        })
        .collect();
    if style.json {
        say(&pretty(
            &json!({"decision": decided.report.decision, "items": seen}),
        ));
        return Ok(());
    }
    say(&format!("{}\n", decided.report.explanation.practitioner));
    for category in Category::ALL {
        say(&category.code());
        for (whose, held, words) in COLUMNS {
            let found = seen.get(&item(*category, whose, held));
            say(&format!(
                "  {words:<22}{}",
                found.map_or("", String::as_str)
            ));
        }
    }
    Ok(())
}

fn seen(outcome: &str, policy: Option<&str>, ground: Option<&str>) -> String {
    match ground.or(policy) {
        Some(why) => format!("{outcome}, {why}"),
        None => outcome.to_owned(),
    }
}

fn item(category: Category, whose: &str, held: &str) -> String {
    format!("{}, {whose}, {held}", category.code())
}

/// The case of an adult with one item of each category, held by the asker's agency and by another.
fn case(ask: &ViewAs) -> Value {
    let record = Category::ALL.iter().flat_map(|category| {
        COLUMNS.iter().map(|(whose, held, _)| {
            json!({"id": item(*category, whose, held), "holder": whose,
                "categories": [category.code()], "confidentiality": held})
        })
    });
    let relationships = ask.relationship.iter().map(|kind| {
        json!({"kind": kind, "organisation": "own", "worker": "asker",
            "since": "2027-01-04T09:00:00Z"})
    });
    json!({
        "at": "2027-01-11T10:00:00Z",
        "request": {
            "requester": {"kind": "worker", "id": "asker", "name": "Somebody", "role": ask.role,
                "organisation": "own", "organisation-kind": ask.agency,
                "assurance": ask.assurance},
            "purpose": ask.purpose,
        },
        "person": {"id": "person", "born": "1980-01-01"},
        "record": record.collect::<Vec<_>>(),
        "relationships": relationships.collect::<Vec<_>>(),
        "agencies": {"own": {"name": "their agency"}, "other": {"name": "another agency"}},
    })
}
