//! Properties P1, P2, P4, P6, P7, P10 and P11 over what the law turns on: authorities, wishes, orders,
//! bars, delays, opinions of harm and suspicion. Ten thousand cases each with `CANDOUR_LONG`.

use std::collections::BTreeSet;

use policy::document::{self, Document, Report};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use crate::people::policies;

const CATEGORIES: &[&str] = &[
    "contact",
    "conditions",
    "care-plans",
    "results",
    "finance",
    "network",
];

fn config() -> ProptestConfig {
    let long = std::env::var_os("CANDOUR_LONG").is_some();
    ProptestConfig::with_cases(if long { 10_000 } else { 500 })
}

fn item(number: usize) -> impl Strategy<Value = Value> {
    (
        select(CATEGORIES),
        select(vec!["N", "N", "R", "V"]),
        select(vec![None, Some("MH"), Some("SDV"), Some("TP")]),
        select(vec!["2026-01-01", "2027-01-11T08:00:00Z"]),
    )
        .prop_map(move |(category, confidentiality, sensitivity, written)| {
            let sensitivities: Vec<_> = sensitivity.into_iter().collect();
            json!({"id": format!("item-{number}"), "holder": "practice", "categories": [category],
                "confidentiality": confidentiality, "sensitivities": sensitivities,
                "written": written})
        })
}

fn record() -> impl Strategy<Value = Vec<Value>> {
    (item(1), item(2), item(3), item(4)).prop_map(|(a, b, c, d)| vec![a, b, c, d])
}

/// Everything that can only hold back, each as (field, element).
fn restrictions() -> Vec<(&'static str, Value)> {
    vec![
        (
            "orders",
            json!({"kind": "court", "about": {"categories": ["contact"]}, "from": "2026-01-01"}),
        ),
        (
            "orders",
            json!({"kind": "court", "against": [{"party": "euan"}], "from": "2026-01-01"}),
        ),
        (
            "bars",
            json!({"against": [{"party": "euan"}, {"worker": "ruth"}], "since": "2026-01-01",
            "about": {"categories": ["results", "care-plans"]}}),
        ),
        (
            "bars",
            json!({"against": ["everyone"], "since": "2026-01-01"}),
        ),
        (
            "delays",
            json!({"about": {"items": ["item-1"]}, "ground": "crime-prejudice",
            "since": "2026-01-01", "until": "2028-01-01"}),
        ),
        (
            "harm-opinions",
            json!({"about": {"categories": ["conditions"]}, "kind": "health",
            "serious": true, "by": "dr", "by-health-professional": true, "at": "2026-12-01"}),
        ),
        (
            "allegations",
            json!({"against": "euan", "since": "2027-01-10"}),
        ),
        ("risks", json!({"kind": "coercion", "since": "2026-01-01"})),
        (
            "wishes",
            json!({"says": "no", "audience": [{"party": "euan"}], "at": "2026-01-01"}),
        ),
        (
            "objections",
            json!({"audience": "everyone", "about": {"sensitivities": ["MH"]},
            "since": "2026-01-01"}),
        ),
        (
            "objections",
            json!({"audience": {"worker": "ruth"}, "since": "2026-01-01"}),
        ),
        (
            "consents",
            json!({"id": "c", "status": "active", "scope": "patient-privacy",
            "given": "2026-01-01", "provision": {"type": "deny", "confidentiality": "R"}}),
        ),
    ]
}

fn requester() -> impl Strategy<Value = (Value, &'static str)> {
    let ruth = json!({"kind": "worker", "id": "ruth", "role": "nurse", "organisation": "nursing",
        "organisation-kind": "community-health", "assurance": "high"});
    select(vec![
        (ruth.clone(), "TREAT"),
        (ruth, "ETREAT"),
        (json!({"kind": "person"}), "PATRQT"),
        (json!({"kind": "other", "id": "euan"}), "PATRQT"),
    ])
}

prop_compose! {
    fn case()(
        (requester, purpose) in requester(),
        record in record(),
        restrictions in subsequence(restrictions(), 0..4),
        powers in select(vec![vec!["welfare"], vec!["treatment"], vec!["finance"]]),
        capacity in select(vec!["capable", "incapable", "unknown"]),
    ) -> Value {
        let mut case = json!({
            "at": "2027-01-11T10:00:00Z",
            "request": {"requester": requester, "purpose": purpose, "reason": "she is before me"},
            "person": {"id": "ishbel", "born": "1940-01-01",
                "capacity": [{"matter": "all", "state": capacity, "at": "2026-06-01"}]},
            "record": record,
            "relationships": [{"kind": "referral", "organisation": "nursing", "since": "2026-01-01"}],
            "authorities": [{"holder": "euan", "kind": "welfare-attorney", "powers": powers,
                "registered": true}],
        });
        for (field, element) in restrictions {
            add(&mut case, field, element);
        }
        case
    }
}

fn add(case: &mut Value, field: &str, element: Value) {
    if case.get(field).is_none() {
        case[field] = json!([]);
    }
    case[field].as_array_mut().expect("a list").push(element);
}

fn decide(case: &Value) -> Report {
    let written: Document = document::parse(&case.to_string()).expect("a document");
    let decided = document::decide(&written, policies()).expect("a whole document");
    decided.report
}

fn released(report: &Report) -> BTreeSet<String> {
    report.released.iter().map(ToString::to_string).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn p1_one_more_restriction_never_opens_more(case in case(), more in select(restrictions())) {
        let before = released(&decide(&case));
        let (field, element) = more;
        let mut restricted = case;
        add(&mut restricted, field, element);
        let after = released(&decide(&restricted));
        prop_assert!(after.is_subset(&before), "{field}: {after:?} not within {before:?}");
    }

    #[test]
    fn p2_the_order_of_facts_changes_nothing(case in case()) {
        let mut turned = case.clone();
        for field in ["record", "orders", "bars", "delays", "wishes", "objections", "consents"] {
            if let Some(list) = turned.get_mut(field).and_then(Value::as_array_mut) {
                list.reverse();
            }
        }
        let (one, other) = (decide(&case), decide(&turned));
        prop_assert_eq!(released(&one), released(&other));
        prop_assert_eq!((one.decision, one.grounds), (other.decision, other.grounds));
        prop_assert_eq!((one.referrals, one.obligations), (other.referrals, other.obligations));
    }

    #[test]
    fn p4_nothing_comes_that_was_not_asked_for(case in case(), asked in select(CATEGORIES)) {
        let mut narrow = case.clone();
        narrow["request"]["categories"] = json!([asked]);
        let (whole, part) = (released(&decide(&case)), released(&decide(&narrow)));
        prop_assert!(part.is_subset(&whole));
        for item in case["record"].as_array().expect("a list") {
            let id = item["id"].as_str().expect("an id");
            prop_assert!(!part.contains(id) || item["categories"][0] == asked);
        }
    }

    #[test]
    fn p6_every_answer_has_its_reasons(case in case()) {
        let report = decide(&case);
        match report.decision {
            "PERMIT" => prop_assert!(report.grounds.is_empty() && report.basis.is_some()),
            "PERMIT_PART" => prop_assert!(!report.grounds.is_empty() && report.basis.is_some()),
            "REFER" => prop_assert!(!report.referrals.is_empty() && report.basis.is_none()),
            _ => prop_assert!(!report.grounds.is_empty() && report.basis.is_none()),
        }
    }

    /// What is hidden changes nothing that the requester gets. A medicine is signalled to whoever
    /// gives medicines, and none is held here.
    #[test]
    fn p7_hidden_items_change_nothing_that_the_requester_gets(case in case()) {
        let report = decide(&case);
        let hidden: BTreeSet<&str> = report
            .items
            .iter()
            .filter(|item| item.outcome == "hidden")
            .map(|item| item.item.as_str())
            .collect();
        let mut twin = case.clone();
        twin["record"].as_array_mut().expect("a list").retain(|item| {
            item["id"].as_str().is_some_and(|id| !hidden.contains(id))
        });
        prop_assert_eq!(report.shown_to_requester, decide(&twin).shown_to_requester);
    }

    #[test]
    fn p10_whoever_acts_for_a_person_sees_no_more_than_the_person_could(case in case()) {
        let mut own = case.clone();
        own["request"]["requester"] = json!({"kind": "person"});
        own["request"]["purpose"] = json!("PATRQT");
        let mut acting = own.clone();
        acting["request"]["requester"] = json!({"kind": "other", "id": "euan"});
        // Without delays and risks that keep something from the person's own screen.
        own["delays"] = json!([]);
        own["risks"] = json!([]);
        prop_assert!(released(&decide(&acting)).is_subset(&released(&decide(&own))));
    }

    #[test]
    fn p11_a_delay_opens_at_its_date_and_a_bar_never_by_lapse(record in record(), days in 0_i64..60) {
        let at = domain::Timestamp::parse("2027-01-11T10:00:00Z").expect("an instant")
            .plus_seconds(days * 86_400);
        let mut record = record;
        record[0]["sensitivities"] = json!([]);
        record[0]["confidentiality"] = json!("N");
        let case = |requester: Value| json!({
            "at": at.to_string(),
            "request": {"requester": requester, "purpose": "PATRQT"},
            "person": {"id": "ishbel", "capacity":
                [{"matter": "all", "state": "incapable", "at": "2026-06-01"}]},
            "record": record,
            "authorities": [{"holder": "euan", "kind": "welfare-attorney", "powers": ["welfare"],
                "registered": true}],
            "delays": [{"about": {"items": ["item-1"]}, "ground": "crime-prejudice",
                "since": "2027-01-01", "until": "2027-02-01"}],
            "bars": [{"against": [{"party": "euan"}], "about": {"items": ["item-2"]},
                "ground": "serious-harm-social-work", "since": "2027-01-01",
                "reviewed": "2027-01-02", "review-due": "2027-01-20"}],
        });
        let own = decide(&case(json!({"kind": "person"})));
        let held = own.items[0].outcome == "hidden";
        prop_assert_eq!(held, at < domain::Moment::parse("2027-02-01").expect("a date").0);
        let acting = decide(&case(json!({"kind": "other", "id": "euan"})));
        prop_assert_eq!(acting.items[1].outcome, "hidden");
        let overdue = acting.restrictions[0].state == "overdue";
        prop_assert_eq!(overdue, at >= domain::Moment::parse("2027-01-20").expect("a date").0);
    }
}
