//! The scenarios that stand beside the local policies (`policies/lanarkshire/scenarios/`), each
//! written to be read by whoever answers for information governance.

use std::collections::BTreeMap;
use std::fs;

use domain::{
    Audience, Category, Confidentiality, OrganisationKind, RelationshipKind, Role, Scope,
    Sensitivity,
};
use serde::Deserialize;

use crate::people::{Asks, Record, empty_record, grounds, opened, ordinary_record, worker};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scenario: Vec<Scenario>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    /// What it shows, in a sentence.
    title: String,
    /// Who asks: a role.
    who: String,
    /// Where they work: a kind of agency.
    at: String,
    /// In which team, if it matters.
    team: Option<String>,
    /// The event that proves that they are involved; left out where none does.
    because: Option<String>,
    /// The purpose.
    #[serde(rename = "for")]
    purpose: String,
    /// Their own words.
    saying: Option<String>,
    /// What is held: "another: documents R SUD"; one of everything ordinary if left out.
    held: Option<Vec<String>>,
    /// What the person said no to: "everyone: documents", "housing: MH".
    says_no: Option<Vec<String>>,
    /// The answer.
    answer: String,
    /// The categories that are shown.
    sees: Option<Vec<String>>,
    /// The grounds.
    grounds: Vec<String>,
}

#[test]
fn every_scenario_beside_the_policies_holds() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../policies/lanarkshire/scenarios"
    );
    let mut run = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder of scenarios") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a readable file");
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        for scenario in &file.scenario {
            check(scenario);
        }
        run.insert(path, file.scenario.len());
    }
    assert!(run.values().sum::<usize>() >= 25, "{run:?}");
}

fn check(scenario: &Scenario) {
    let title = &scenario.title;
    let purpose = scenario
        .purpose
        .parse()
        .unwrap_or_else(|_| panic!("{title}: purpose"));
    let decision = asks(scenario).asks(purpose, &record(scenario));
    assert_eq!(decision.answer.code(), scenario.answer, "{title}");
    assert_eq!(grounds(&decision), scenario.grounds, "{title}");
    if let Some(sees) = &scenario.sees {
        assert_eq!(&opened(&decision), sees, "{title}");
    }
}

fn asks(scenario: &Scenario) -> Asks {
    let title = &scenario.title;
    let role = Role::from_code(&scenario.who).unwrap_or_else(|| panic!("{title}: who"));
    let kind = OrganisationKind::from_code(&scenario.at).unwrap_or_else(|| panic!("{title}: at"));
    let mut asks = worker("Ada", role, "own", kind);
    if let Some(team) = &scenario.team {
        asks = asks.of(team.as_str());
    }
    match &scenario.saying {
        Some(words) => asks.saying(words.as_str()),
        None => asks,
    }
}

fn record(scenario: &Scenario) -> Record {
    let title = &scenario.title;
    let mut record = match &scenario.held {
        None => ordinary_record(),
        Some(held) => held
            .iter()
            .fold(empty_record(), |record, held| hold(record, held)),
    };
    if let Some(because) = &scenario.because {
        let kind =
            RelationshipKind::from_code(because).unwrap_or_else(|| panic!("{title}: because"));
        record = record.related(kind, "own");
    }
    for no in scenario.says_no.iter().flatten() {
        let (audience, scope) = no
            .split_once(": ")
            .unwrap_or_else(|| panic!("{title}: says_no"));
        record = record.objecting(audience_of(audience), scope_of(scope));
    }
    record
}

/// Reads "another: documents R SUD".
fn hold(record: Record, held: &str) -> Record {
    let (holder, label) = held
        .split_once(": ")
        .unwrap_or_else(|| panic!("held: {held}"));
    let mut words = label.split(' ');
    let category = words
        .next()
        .and_then(Category::from_code)
        .unwrap_or_else(|| panic!("held: {held}"));
    let confidentiality = words
        .next()
        .map_or(Some(Confidentiality::Normal), Confidentiality::from_code)
        .unwrap_or_else(|| panic!("held: {held}"));
    let reasons: Vec<Sensitivity> = words
        .map(|code| Sensitivity::from_code(code).unwrap_or_else(|| panic!("held: {held}")))
        .collect();
    record.holding(holder, category, confidentiality, &reasons)
}

fn audience_of(words: &str) -> Audience {
    match words {
        "everyone" => Audience::Everyone,
        kind => OrganisationKind::from_code(kind)
            .map_or_else(|| Audience::Organisation(kind.into()), Audience::Kind),
    }
}

fn scope_of(words: &str) -> Scope {
    match words {
        "everything" => Scope::Everything,
        "something not understood" => Scope::NotUnderstood,
        code => Category::from_code(code)
            .map(Scope::Category)
            .or_else(|| Sensitivity::from_code(code).map(Scope::Sensitivity))
            .unwrap_or_else(|| panic!("says_no: {code}")),
    }
}
