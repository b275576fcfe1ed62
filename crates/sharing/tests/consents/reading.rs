//! Effie McSween's record, the nurse who asks for it, and the consents between them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::{Audience, Category, ItemId, OrganisationId, PartyId};
use fhir::consent::{Known, Who, normal};
use fhir::document::{Limits, parse};
use policy::Policies;
use policy::document::{self, Report};
use serde_json::{Value, json};

static POLICIES: LazyLock<Policies> =
    LazyLock::new(|| Policies::shipped().expect("the shipped policies are valid"));

/// Who stands for whom in these consents.
pub struct Directory;

impl Known for Directory {
    fn audience(&self, actor: &Who) -> Option<Audience> {
        let reference = actor.reference.as_deref()?;
        match reference.split_once('/')? {
            ("Organization", "unheard-of") => None,
            ("Organization", id) => Some(Audience::Organisation(id.into())),
            ("Practitioner", id) => Some(Audience::Worker(id.into())),
            _ => None,
        }
    }

    fn author(&self, reference: &str) -> Option<OrganisationId> {
        reference
            .strip_prefix("Organization/")
            .map(OrganisationId::from)
    }

    fn giver(&self, performer: &Who) -> Option<Option<PartyId>> {
        match performer.reference.as_deref()? {
            "Patient/effie" => Some(None),
            other => other
                .strip_prefix("RelatedPerson/")
                .map(|id| Some(PartyId::new(id))),
        }
    }

    fn item(&self, _meaning: &str, reference: &str) -> Option<ItemId> {
        Some(ItemId::new(reference))
    }

    fn class(&self, code: &str) -> Option<BTreeSet<Category>> {
        match code {
            "Condition" => Some(BTreeSet::from([Category::Conditions])),
            code => Category::from_code(code).map(|category| BTreeSet::from([category])),
        }
    }
}

/// A Consent of Effie's with this base rule.
pub fn consent(provision: impl Into<Value>) -> Value {
    json!({
        "resourceType": "Consent",
        "status": "active",
        "scope": {"coding": [{"code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": "Patient/effie"},
        "dateTime": "2026-06-01",
        "performer": [{"reference": "Patient/effie"}],
        "provision": provision.into(),
    })
}

pub fn to(organisation: &str) -> Value {
    json!([{"role": {"coding": [{"code": "IRCP"}]},
            "reference": {"reference": format!("Organization/{organisation}")}}])
}

pub fn codes(codes: &[&str]) -> Value {
    codes.iter().map(|code| json!({"code": code})).collect()
}

fn item(id: &str, holder: &str, category: &str, level: &str, why: &[&str], written: &str) -> Value {
    json!({"id": id, "holder": holder, "categories": [category], "confidentiality": level,
        "sensitivities": why, "written": written})
}

/// What is held: ordinary things old and new, and things held closely.
fn record() -> Value {
    json!([
        item(
            "Condition/asthma",
            "practice",
            "conditions",
            "N",
            &[],
            "2026-06-02"
        ),
        item(
            "Observation/old",
            "practice",
            "results",
            "N",
            &[],
            "2019-03-01"
        ),
        item(
            "Condition/mood",
            "practice",
            "conditions",
            "R",
            &["MH"],
            "2026-05-01"
        ),
        item(
            "Medication/opioid",
            "hospital",
            "medicines",
            "R",
            &["SUD"],
            "2026-05-02"
        ),
        item(
            "Observation/hiv",
            "hospital",
            "results",
            "R",
            &["HIV"],
            "2026-05-03"
        ),
        item(
            "Document/abuse",
            "hospital",
            "documents",
            "V",
            &["SDV"],
            "2026-05-04"
        ),
    ])
}

/// Ruth Adair, community nurse, to whom Effie was referred, asks under these consents.
pub fn ruth(purpose: &str, consents: &[Value]) -> Value {
    let mut read = Vec::new();
    for (place, consent) in consents.iter().enumerate() {
        let text = consent.to_string();
        let document = parse(text.as_bytes(), &Limits::default()).expect("a resource");
        let consent = fhir::consent::read(&document).expect("a Consent that can be read");
        read.extend(normal(&consent, &format!("consent-{place}"), &Directory));
    }
    json!({
        "at": "2027-01-11T10:00:00Z",
        "request": {
            "requester": {"kind": "worker", "id": "ruth", "name": "Ruth Adair", "role": "nurse",
                "organisation": "nursing", "organisation-kind": "community-health",
                "assurance": "substantial"},
            "purpose": purpose, "reason": "she is before me",
        },
        "person": {"id": "effie", "born": "1945-10-02"},
        "record": record(),
        "relationships": [{"kind": "referral", "organisation": "nursing", "since": "2027-01-04"}],
        "consents": read,
    })
}

pub fn decide(case: &Value) -> Report {
    let written = document::parse(&case.to_string()).expect("a document");
    let decided = document::decide(&written, &POLICIES).expect("a whole document");
    decided.report
}

/// The answer with its grounds, and what is released: `PERMIT_PART R12: asthma old`.
pub fn answer(case: &Value) -> String {
    let report = decide(case);
    let grounds: BTreeSet<String> = report
        .grounds
        .iter()
        .map(|it| it.code.to_string())
        .collect();
    let short = |id: &domain::ItemId| {
        let (_, name) = id.as_str().split_once('/').unwrap_or(("", id.as_str()));
        name.to_owned()
    };
    let released: BTreeSet<String> = report.released.iter().map(short).collect();
    let join = |parts: BTreeSet<String>| parts.into_iter().collect::<Vec<_>>().join(" ");
    format!("{} {}: {}", report.decision, join(grounds), join(released))
}

/// What became of each item.
pub fn outcomes(case: &Value) -> BTreeMap<String, String> {
    let report = decide(case);
    let items = report.items.iter();
    items
        .map(|item| (item.item.to_string(), item.outcome.to_string()))
        .collect()
}
