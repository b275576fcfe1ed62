//! Consents of people who say yes, no, and yes but.

use super::*;
use crate::document::{Limits, parse};

fn consent(provision: &str) -> Result<Consent, Issue> {
    let text = format!(
        r#"{{"resourceType":"Consent","status":"active","scope":{{"coding":[{{"code":"patient-privacy"}}]}},
        "patient":{{"reference":"Patient/p1"}},"dateTime":"2027-01-11","provision":{provision}}}"#
    );
    read(&parse(text.as_bytes(), &Limits::default()).unwrap())
}

#[test]
fn yes_except_to_the_council_about_mental_health() {
    let found = consent(
        r#"{"type":"permit","provision":[{"type":"deny","period":{"start":"2027-01-11"},
        "actor":[{"role":{"coding":[{"code":"IRCP"}]},"reference":{"reference":"Organization/council"}}],
        "securityLabel":[{"code":"MH"},{"code":"R"}],"purpose":[{"code":"TREAT"}],
        "data":[{"meaning":"instance","reference":{"reference":"Observation/o1"}}]}]}"#,
    )
    .unwrap();
    assert!(found.is_active && found.is_about_privacy);
    let base = found.provision.unwrap();
    assert_eq!(base.rule, Some(Rule::Permit));
    let exception = &base.exceptions[0];
    assert_eq!(exception.rule, Some(Rule::Deny));
    assert_eq!(exception.labels, ["MH", "R"]);
    assert_eq!(exception.purposes, ["TREAT"]);
    assert_eq!(exception.data, ["Observation/o1"]);
    assert_eq!(
        exception.actors[0].who.reference.as_deref(),
        Some("Organization/council")
    );
    assert_eq!(exception.since, Timestamp::parse("2027-01-11T00:00:00Z"));
    assert!(!exception.not_understood);
}

#[test]
fn what_is_read_but_not_evaluated_is_told() {
    for provision in [
        r#"{"type":"deny","action":[{"text":"disclose"}]}"#,
        r#"{"type":"deny","code":[{"coding":[{"code":"1"}]}]}"#,
        r#"{"type":"deny","dataPeriod":{"start":"2027"}}"#,
        r#"{"type":"deny","actor":[{"reference":{"display":"my neighbour"}}]}"#,
        r#"{"type":"deny","data":[{"meaning":"related","reference":{"reference":"Condition/c"}}]}"#,
    ] {
        assert!(
            consent(provision)
                .unwrap()
                .provision
                .unwrap()
                .not_understood,
            "{provision}"
        );
    }
}

#[test]
fn a_malformed_consent_is_refused_with_the_element_named() {
    for (provision, element) in [
        (r#"{"type":"maybe"}"#, "Consent.provision.type"),
        (
            r#"{"provision":[{"period":{"start":"2027"}}]}"#,
            "Consent.provision.provision[0].type",
        ),
        (
            r#"{"type":"deny","period":{"start":"soon"}}"#,
            "Consent.provision.period.start",
        ),
        (
            r#"{"type":"deny","period":{"start":"2027","end":"2026"}}"#,
            "Consent.provision.period",
        ),
        (
            r#"{"type":"deny","actor":[{"role":{"text":"x"}}]}"#,
            "Consent.provision.actor.reference",
        ),
        (
            r#"{"type":"deny","purpose":[{"display":"care"}]}"#,
            "Consent.provision.purpose.code",
        ),
        (
            r#"{"type":"deny","data":[{"meaning":"instance"}]}"#,
            "Consent.provision.data.reference",
        ),
    ] {
        assert_eq!(
            consent(provision).unwrap_err().expression,
            [element],
            "{provision}"
        );
    }
}

#[test]
fn a_frame_of_exceptions_forbids_nothing_itself() {
    let frame = consent(r#"{"provision":[{"type":"deny"}]}"#)
        .unwrap()
        .provision
        .unwrap();
    assert!(frame.only_adds_exceptions());
    assert!(!frame.exceptions[0].only_adds_exceptions());
}
