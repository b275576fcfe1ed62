//! The example cards of IHE's Privacy Consent on FHIR, by its three options.

use serde_json::{Value, json};

use crate::reading::{answer, codes, consent, ruth, to};

/// Without any consent the default holds: ordinary things to an involved nurse, nothing of what is
/// held closely outside its care area.
const DEFAULT: &str = "PERMIT_PART R12: asthma old";
const NO: &str = "DENY R05: ";

fn treatment(provision: Value) -> String {
    answer(&ruth("TREAT", &[consent(provision)]))
}

#[test]
fn where_no_consent_is_recorded_the_implicit_policy_holds() {
    assert_eq!(answer(&ruth("TREAT", &[])), DEFAULT);
}

#[test]
fn basic_consent_to_everything_leaves_the_default() {
    assert_eq!(treatment(json!({"type": "permit"})), DEFAULT);
}

#[test]
fn basic_dissent_withholds_all() {
    assert_eq!(treatment(json!({"type": "deny"})), NO);
}

#[test]
fn basic_dissent_except_in_an_emergency() {
    let card = consent(json!({"type": "deny",
        "provision": [{"type": "permit", "purpose": codes(&["BTG"])}]}));
    assert_eq!(answer(&ruth("TREAT", std::slice::from_ref(&card))), NO);
    let emergency = answer(&ruth("BTG", &[card]));
    assert_eq!(emergency, "PERMIT : abuse asthma hiv mood old opioid");
}

#[test]
fn basic_consent_that_ran_out_leaves_the_default() {
    let period = json!({"start": "2026-06-01", "end": "2026-12-31"});
    let permit = json!({"type": "permit", "period": period, "actor": to("nursing")});
    assert_eq!(treatment(permit), DEFAULT);
    assert_eq!(
        treatment(json!({"type": "deny", "period": period})),
        DEFAULT
    );
}

#[test]
fn basic_consent_names_who_may_see_it() {
    let to_nursing = treatment(json!({"type": "permit", "actor": to("nursing")}));
    assert_eq!(to_nursing, "PERMIT : abuse asthma hiv mood old opioid");
    let to_another = treatment(json!({"type": "permit", "actor": to("braeside")}));
    assert_eq!(to_another, DEFAULT);
}

#[test]
fn basic_consent_except_to_one_agency() {
    let except =
        |who: &str| json!({"type": "permit", "provision": [{"type": "deny", "actor": to(who)}]});
    assert_eq!(treatment(except("nursing")), NO);
    assert_eq!(treatment(except("braeside")), DEFAULT);
}

#[test]
fn basic_consent_for_treatment_is_none_for_payment() {
    let card = consent(json!({"type": "permit", "purpose": codes(&["TREAT"])}));
    assert_eq!(answer(&ruth("TREAT", std::slice::from_ref(&card))), DEFAULT);
    assert_eq!(answer(&ruth("HPAYMT", &[card])), "DENY R04: ");
}

#[test]
fn intermediate_data_timeframe() {
    let before_2020 = json!({"end": "2019-12-31"});
    let card = json!({"type": "permit",
        "provision": [{"type": "deny", "dataPeriod": before_2020}]});
    assert_eq!(treatment(card), "PERMIT_PART R05 R12: asthma");
    let since = json!({"type": "permit", "actor": to("nursing"), "dataPeriod": {"start": "2026-05-02T12:00:00Z"}});
    assert_eq!(treatment(since), "PERMIT_PART R12: abuse asthma hiv old");
}

#[test]
fn intermediate_data_by_id() {
    let one = json!([{"meaning": "instance", "reference": {"reference": "Condition/asthma"}}]);
    let card = json!({"type": "permit", "provision": [{"type": "deny", "data": one}]});
    assert_eq!(treatment(card), "PERMIT_PART R05 R12: old");
    let mood = json!([{"meaning": "instance", "reference": {"reference": "Condition/mood"}}]);
    let card = json!({"type": "permit", "actor": to("nursing"), "data": mood});
    assert_eq!(treatment(card), "PERMIT_PART R12: asthma mood old");
}

#[test]
fn intermediate_data_by_author() {
    let practice =
        json!([{"meaning": "authoredby", "reference": {"reference": "Organization/practice"}}]);
    let card = json!({"type": "permit", "provision": [{"type": "deny", "data": practice}]});
    assert_eq!(treatment(card), "DENY R05 R12: ");
}

#[test]
fn intermediate_data_by_relation() {
    let related = json!([{"meaning": "related", "reference": {"reference": "Encounter/visit"}}]);
    let card = consent(json!({"type": "permit", "provision": [{"type": "deny", "data": related}]}));
    let mut case = ruth("TREAT", &[card]);
    case["record"][1]["related"] = json!(["Encounter/visit"]);
    assert_eq!(answer(&case), "PERMIT_PART R05 R12: asthma");
}

#[test]
fn intermediate_more_purposes() {
    let mut card = consent(json!({"type": "permit", "purpose": codes(&["HRESCH"])}));
    card["scope"]["coding"][0]["code"] = json!("research");
    let mut study = ruth("HRESCH", &[card]);
    assert_eq!(answer(&study), "PERMIT : abuse asthma hiv mood old opioid");
    study["request"]["purpose"] = json!("HOPERAT");
    assert_eq!(answer(&study), "DENY R04: ");
}

#[test]
fn intermediate_one_practitioner_by_name() {
    let ruth_herself = json!([{"role": {"coding": [{"code": "IRCP"}]},
        "reference": {"reference": "Practitioner/ruth"}}]);
    let card = json!({"type": "permit", "provision": [{"type": "deny", "actor": ruth_herself}]});
    assert_eq!(treatment(card), NO);
}

#[test]
fn intermediate_a_mother_consents_for_her_infant() {
    let mut card = consent(json!({"type": "permit", "actor": to("nursing")}));
    card["performer"] = json!([{"reference": "RelatedPerson/ailsa"}]);
    let mut case = ruth("TREAT", &[card]);
    case["person"]["born"] = json!("2026-01-05");
    assert_eq!(answer(&case), DEFAULT);
    case["authorities"] =
        json!([{"holder": "ailsa", "kind": "parental-rights", "source": "mother"}]);
    assert_eq!(answer(&case), "PERMIT : abuse asthma hiv mood old opioid");
}

#[test]
fn advanced_nothing_restricted() {
    let card = json!({"type": "permit", "actor": to("nursing"),
        "provision": [{"type": "deny", "securityLabel": codes(&["R"])}]});
    assert_eq!(treatment(card), "PERMIT_PART R05: asthma old");
}

#[test]
fn advanced_normal_only() {
    let card = json!({"type": "permit", "actor": to("nursing"), "securityLabel": codes(&["N"])});
    assert_eq!(treatment(card), DEFAULT);
}

#[test]
fn advanced_normal_and_in_an_emergency_the_restricted() {
    let card = consent(
        json!({"type": "permit", "securityLabel": codes(&["N"]), "provision": [
        {"type": "permit", "purpose": codes(&["BTG"]), "securityLabel": codes(&["R"])}]}),
    );
    assert_eq!(answer(&ruth("TREAT", std::slice::from_ref(&card))), DEFAULT);
    let emergency = answer(&ruth("BTG", &[card]));
    assert_eq!(emergency, "PERMIT : abuse asthma hiv mood old opioid");
}

#[test]
fn advanced_all_but_mental_health() {
    let card = json!({"type": "permit", "actor": to("nursing"),
        "provision": [{"type": "deny", "securityLabel": codes(&["PSY"])}]});
    assert_eq!(
        treatment(card),
        "PERMIT_PART R05: abuse asthma hiv old opioid"
    );
}

#[test]
fn advanced_all_but_opioids_withholds_all_of_substance_use() {
    let card = json!({"type": "permit", "actor": to("nursing"),
        "provision": [{"type": "deny", "securityLabel": codes(&["OPIOIDUD"])}]});
    assert_eq!(
        treatment(card),
        "PERMIT_PART R05: abuse asthma hiv mood old"
    );
    // A permission reaches no further than its words: opioids alone cannot be told apart here.
    let card =
        json!({"type": "permit", "actor": to("nursing"), "securityLabel": codes(&["OPIOIDUD"])});
    assert_eq!(treatment(card), DEFAULT);
}

#[test]
fn advanced_hiv_and_abuse_to_one_agency() {
    let card =
        json!({"type": "permit", "actor": to("nursing"), "securityLabel": codes(&["HIV", "SDV"])});
    assert_eq!(treatment(card), "PERMIT_PART R12: abuse asthma hiv old");
}

#[test]
fn advanced_a_level_and_a_reason_are_alternatives() {
    let card = json!({"type": "permit", "actor": to("nursing"),
        "provision": [{"type": "deny", "securityLabel": codes(&["V", "HIV"])}]});
    assert_eq!(treatment(card), "PERMIT_PART R05: asthma mood old opioid");
}
