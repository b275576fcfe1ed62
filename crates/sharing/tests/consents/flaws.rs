//! Faults seen in other evaluators of consents, each as a test against ourselves.

use fhir::document::{Limits, parse};
use serde_json::{Value, json};

use crate::reading::{answer, codes, consent, outcomes, ruth, to};

#[test]
fn a_newer_broad_yes_does_not_silently_beat_an_older_no_to_one_agency() {
    let mut older = consent(json!({"type": "deny", "actor": to("nursing")}));
    older["dateTime"] = json!("2024-01-01");
    let newer = consent(json!({"type": "permit"}));
    assert_eq!(answer(&ruth("TREAT", &[older, newer])), "DENY R05: ");
}

#[test]
fn b_an_exception_to_an_exception_counts() {
    let inner = json!({"type": "permit", "data": [{"meaning": "instance",
        "reference": {"reference": "Condition/asthma"}}]});
    let card = json!({"type": "permit", "provision": [
        {"type": "deny", "actor": to("nursing"), "provision": [inner]}]});
    assert_eq!(
        answer(&ruth("TREAT", &[consent(card)])),
        "PERMIT_PART R05: asthma"
    );
}

#[test]
fn c_a_refusal_that_cannot_be_read_is_rejected_when_written_and_one_with_an_unknown_code_is_referred()
 {
    let broken = [
        json!({"type": "forbid"}),
        json!({"type": "deny", "period": {"start": "soon"}}),
        json!({"type": "deny", "actor": [{"role": {"coding": [{"code": "IRCP"}]}}]}),
        json!({"type": "deny", "provision": [{"actor": to("nursing")}]}),
    ];
    for provision in broken {
        let text = consent(provision).to_string();
        let document = parse(text.as_bytes(), &Limits::default()).expect("a resource");
        assert!(fhir::consent::read(&document).is_err(), "{text}");
    }
    let unknown: [Value; 4] = [
        json!({"type": "deny", "purpose": codes(&["SOMETHING"])}),
        json!({"type": "deny", "actor": to("unheard-of")}),
        json!({"type": "deny", "class": codes(&["Whatever"])}),
        json!({"type": "deny", "securityLabel": codes(&["XYZ"])}),
    ];
    for provision in unknown {
        let said = provision.to_string();
        assert_eq!(
            answer(&ruth("TREAT", &[consent(provision)])),
            "REFER R05: ",
            "{said}"
        );
    }
}

#[test]
fn d_a_label_reaches_upwards_and_a_purpose_covers_its_kinds() {
    let card = consent(json!({"type": "deny", "securityLabel": codes(&["R"])}));
    let mut case = ruth("TREAT", &[card]);
    // A team to which what is restricted for mental health would open.
    case["request"]["requester"]["team"] = json!("northburn-mental-health");
    case["record"][2]["confidentiality"] = json!("V");
    case["record"][2]["holder"] = json!("practice");
    assert_eq!(outcomes(&case)["Condition/mood"], "hidden");
    case["record"][2]["confidentiality"] = json!("R");
    assert_eq!(outcomes(&case)["Condition/mood"], "withheld");
    case["consents"] = json!([]);
    assert_eq!(outcomes(&case)["Condition/mood"], "open");
    let card =
        consent(json!({"type": "permit", "actor": to("nursing"), "purpose": codes(&["TREAT"])}));
    let assessing = answer(&ruth("SC-ASSESS", &[card]));
    assert_eq!(assessing, "PERMIT : abuse asthma hiv mood old opioid");
}

#[test]
fn e_data_period_data_action_actor_and_nested_period_are_not_ignored() {
    let nested = |period: Value| {
        consent(json!({"type": "permit", "provision": [{"type": "deny", "period": period}]}))
    };
    let over = nested(json!({"end": "2026-12-31"}));
    assert_eq!(
        answer(&ruth("TREAT", &[over])),
        "PERMIT_PART R12: asthma old"
    );
    let running = nested(json!({"start": "2026-12-31"}));
    assert_eq!(answer(&ruth("TREAT", &[running])), "DENY R05: ");
    let action = json!({"type": "deny", "action": [{"coding": [{"code": "disclose"}]}]});
    assert_eq!(answer(&ruth("TREAT", &[consent(action)])), "REFER R05: ");
    let permit = json!({"type": "permit", "actor": to("nursing"),
        "action": [{"coding": [{"code": "collect"}]}]});
    assert_eq!(
        answer(&ruth("TREAT", &[consent(permit)])),
        "PERMIT_PART R12: asthma old"
    );
}

#[test]
fn f_a_missing_purpose_is_neither_any_purpose_nor_treatment() {
    let mut case = ruth(
        "TREAT",
        &[consent(json!({"type": "permit", "actor": to("nursing")}))],
    );
    case["request"]
        .as_object_mut()
        .expect("a request")
        .remove("purpose");
    let written = policy::document::parse(&case.to_string()).expect("a document");
    let policies = policy::Policies::shipped().expect("sound policies");
    let error = policy::document::decide(&written, &policies).expect_err("no purpose");
    assert_eq!(
        error.to_string(),
        "this document is incomplete: request.purpose (why it is asked; nothing is assumed)"
    );
}
