//! Somebody for everyone: of whom nobody outside the agencies that share can see what they do.

use domain::{
    Category, Confidentiality, Matter, MentalCapacity, Moment, PersonId, RelationshipKind,
    Timestamp,
};
use policy::alarm::next_change;
use policy::is_unseen;

use crate::people::*;

const DAY: i64 = 86_400;

/// Halina, found unable to decide, of whom a home writes and whose practice registered her now.
fn halina() -> policy::Facts {
    let record = empty_record()
        .holding(
            "braeside",
            Category::CarePlans,
            Confidentiality::Normal,
            &[],
        )
        .related(RelationshipKind::Registration, "practice");
    let mut facts = record.facts;
    for relationship in &mut facts.relationships {
        relationship.since = now();
    }
    facts.circumstances.person.capacity = vec![domain::person::CapacityAssertion {
        matter: Matter::Welfare,
        state: MentalCapacity::Incapable,
        at: Moment(now()),
        until: None,
        by: None,
    }];
    facts
}

fn unseen(facts: &policy::Facts, at: Timestamp) -> bool {
    is_unseen(facts, policies(), at)
}

#[test]
fn after_thirty_days_and_not_a_second_before_somebody_has_to_be_found() {
    let halina = halina();
    let month = now().plus_seconds(30 * DAY);
    assert!(!unseen(&halina, Timestamp(month.0 - 1)));
    assert!(unseen(&halina, month));
}

#[test]
fn who_can_look_or_is_known_to_one_agency_or_has_died_needs_nobody_found() {
    let month = now().plus_seconds(30 * DAY);
    let change = |change: fn(&mut policy::Facts)| {
        let mut facts = halina();
        change(&mut facts);
        unseen(&facts, month)
    };
    assert!(!change(|it| it.circumstances.person.capacity.clear()));
    assert!(!change(
        |it| it.circumstances.person.died = Some(Moment(now()))
    ));
    assert!(!change(|it| it.classes.clear()));
    assert!(!change(|it| it.relationships.clear()));
    let child = |it: &mut policy::Facts| {
        it.circumstances.person.born = serde_json::from_str(r#""2015-01-01""#).ok();
    };
    assert!(!change(child));
}

#[test]
fn an_attorney_for_welfare_sees_it_and_one_for_money_does_not() {
    let month = now().plus_seconds(30 * DAY);
    let acts = |kind: &str, powers: &[&str]| {
        let mut facts = halina();
        let holder = PersonId([9; 16]).to_string();
        let power = serde_json::json!({"holder": holder, "kind": kind, "powers": powers,
            "registered": true, "verified": true});
        let power = serde_json::from_value(power).expect("an authority");
        facts.circumstances.authorities = vec![power];
        unseen(&facts, month)
    };
    assert!(!acts("welfare-attorney", &["care", "information"]));
    assert!(acts("continuing-attorney", &["finance"]));
}

#[test]
fn an_attorney_who_is_suspected_of_harm_is_nobody_who_looks() {
    let month = now().plus_seconds(30 * DAY);
    let holder = PersonId([9; 16]).to_string();
    let mut facts = halina();
    let power = serde_json::json!({"holder": holder, "kind": "welfare-attorney",
        "powers": ["care", "information"], "registered": true, "verified": true});
    let allegation = serde_json::json!({"against": holder, "since": Moment(now())});
    let circumstances = &mut facts.circumstances;
    circumstances.authorities = vec![serde_json::from_value(power).expect("an authority")];
    circumstances.allegations = vec![serde_json::from_value(allegation).expect("an allegation")];
    assert!(unseen(&facts, month));
    facts.circumstances.allegations[0].ended = Some(Moment(month));
    assert!(!unseen(&facts, month), "it was wrong");
}

#[test]
fn a_small_child_whose_parents_lost_their_rights_needs_somebody_and_one_of_whom_none_is_known_does_not()
 {
    let month = now().plus_seconds(30 * DAY);
    let born = |born: &str, ended: bool| {
        let mut facts = halina();
        let holder = PersonId([9; 16]).to_string();
        let mut rights = serde_json::json!({"holder": holder,
            "kind": "parental-rights", "source": "mother", "verified": true});
        if ended {
            rights["ended"] = serde_json::json!("2026-01-01");
        }
        facts.circumstances.person.capacity.clear();
        facts.circumstances.person.born = serde_json::from_str(&format!("\"{born}\"")).ok();
        facts.circumstances.authorities = vec![serde_json::from_value(rights).expect("rights")];
        facts
    };
    assert!(unseen(&born("2020-01-01", true), month));
    assert!(
        !unseen(&born("2020-01-01", false), month),
        "her mother looks"
    );
    // One of thirteen looks for themself, until it is found that they cannot.
    let mut older = born("2013-06-01", true);
    assert!(!unseen(&older, month));
    older.circumstances.person.capacity = halina().circumstances.person.capacity;
    assert!(unseen(&older, month));
    let mut unknown = born("2020-01-01", true);
    unknown.circumstances.authorities.clear();
    assert!(!unseen(&unknown, month));
}

#[test]
fn time_alone_changes_who_is_left_out_when_a_finding_ends() {
    let mut halina = halina();
    let until = now().plus_seconds(DAY);
    halina.circumstances.person.capacity[0].until = Some(Moment(until));
    assert_eq!(
        next_change(&halina, now()),
        None,
        "nobody was told anything"
    );
    halina.circumstances.told = vec![domain::arrangement::Told {
        party: "landlord".into(),
        as_what: domain::arrangement::ToldAs::Landlord,
        matter: Matter::Accommodation,
        at: Moment(now()),
    }];
    assert_eq!(next_change(&halina, now()), Some(until));
    assert_eq!(next_change(&halina, until), None);
}
