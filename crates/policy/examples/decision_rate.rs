//! What one decision costs, as JSON on standard output.
//!
//! ```text
//! cargo run --release --package policy --example decision_rate [-- DECISIONS]
//! ```
//!
//! A nurse asks for the whole record of somebody with 20 recorded consents and 40 label classes,
//! under 200 local policies, all about care. *Warm* is as the exchange runs: the answers of local
//! policy are kept, and so are the facts with their digest. *Cold* is the first decision after the
//! policies were loaded, when Cedar is asked about every class. DECISIONS (200,000) are timed one by
//! one; the rate is of one thread.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use domain::consent::{Consent, ConsentScope, ConsentStatus, Provision};
use domain::{
    Assurance, BirthDate, Caller, Capacity, Category, Circumstances, ClassId, Confidentiality,
    HomeId, ItemId, LabelClass, Moment, OrganisationKind, PersonFacts, PersonId, Purpose,
    Relationship, RelationshipKind, Role, Sensitivity,
};
use policy::{Asks, Facts, Policies, Request};

const POLICIES: usize = 200;
const CONSENTS: usize = 20;
const CLASSES: usize = 40;
const LOADS: usize = 20;

const CARE_AREAS: &str = include_str!("../../../policies/lanarkshire/care-areas.toml");
const SHIPPED: &[(&str, &str)] = &[
    (
        "care.cedar",
        include_str!("../../../policies/lanarkshire/care.cedar"),
    ),
    (
        "own.cedar",
        include_str!("../../../policies/lanarkshire/own.cedar"),
    ),
];

fn main() {
    let given = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let decisions = given.unwrap_or(200_000);
    let (request, facts) = (request(), facts().digested());
    let now = at("2027-01-11T10:00:00Z").0;
    let decide = |policies: &Policies| {
        let begun = Instant::now();
        let decision = policy::decide(black_box(&request), &facts, policies, now);
        let took = begun.elapsed();
        assert!(decision.answer.shares(), "nothing to measure");
        black_box(decision);
        took
    };

    let cold: Vec<Duration> = (0..LOADS).map(|_| decide(&policies())).collect();
    let policies = policies();
    for _ in 0..1_000 {
        decide(&policies);
    }
    let begun = Instant::now();
    let warm: Vec<Duration> = (0..decisions).map(|_| decide(&policies)).collect();
    let rate = decisions as f64 / begun.elapsed().as_secs_f64();
    let us = |times: &[Duration], percent| percentile(times, percent).as_secs_f64() * 1e6;
    println!(
        "{{\"policies\":{POLICIES},\"consents\":{CONSENTS},\"classes\":{CLASSES},\
         \"decisions\":{decisions},\"warm_p50_us\":{:.1},\"warm_p99_us\":{:.1},\
         \"per_second\":{rate:.0},\"cold_p50_us\":{:.0},\"cold_p99_us\":{:.0}}}",
        us(&warm, 50),
        us(&warm, 99),
        us(&cold, 50),
        us(&cold, 99),
    );
}

fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() - 1) * percent / 100]
}

fn at(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

/// The shipped policies on care, and as many more as make 200.
fn policies() -> Policies {
    let shipped: usize = SHIPPED
        .iter()
        .map(|(_, text)| text.matches("@id(").count())
        .sum();
    let mut more = String::new();
    for number in shipped..POLICIES {
        let category = Category::ALL[number % Category::ALL.len()].code();
        let role = Role::ALL[number % Role::ALL.len()].code();
        write!(
            more,
            "@id(\"local-{number}\")\n@says(\"A local rule of the hundred and more that an area may have.\")\n\
             permit (principal, action in Action::\"TREAT\", resource)\nwhen {{\n  principal.role == \
             Role::\"{role}\" &&\n  principal.relationship == Relationship::\"referral\" &&\n  \
             [Category::\"{category}\", Category::\"demographics\"].containsAll(resource.categories)\n}};\n\n"
        )
        .expect("a string");
    }
    let mut files = SHIPPED.to_vec();
    files.push(("care-areas.toml", CARE_AREAS));
    files.push(("more.cedar", &more));
    Policies::load_dir(&files).expect("sound policies")
}

fn request() -> Request {
    Request {
        caller: Caller {
            name: "Ruth Adair".to_owned(),
            capacity: Capacity::Worker {
                worker: "ruth".into(),
                role: Role::Nurse,
                organisation: "nursing".into(),
                organisation_kind: OrganisationKind::CommunityHealth,
                team: Some("district".into()),
            },
            assurance: Assurance::Substantial,
        },
        person: PersonId([7; 16]),
        purpose: Purpose::Treatment,
        reason: None,
        asks: Asks::default(),
    }
}

fn facts() -> Facts {
    let relationship = |organisation: &str, kind| Relationship {
        kind,
        organisation: organisation.into(),
        team: None,
        worker: None,
        since: at("2026-12-01").0,
        until: None,
        evidence: None,
    };
    Facts {
        person: PersonId([7; 16]),
        joined: Vec::new(),
        homes: vec![(HomeId([1; 16]), 4)],
        protected: false,
        relationships: vec![
            relationship("practice", RelationshipKind::Registration),
            relationship("nursing", RelationshipKind::Referral),
            relationship("northburn-social-work", RelationshipKind::Caseload),
        ],
        objections: Vec::new(),
        bars: Vec::new(),
        locks: Vec::new(),
        classes: (1..).map(ClassId).zip((0..CLASSES).map(label)).collect(),
        only_locked: Vec::new(),
        named: Vec::new(),
        cells: Vec::new(),
        circumstances: Circumstances {
            person: PersonFacts {
                born: Some(BirthDate("1945-10-02".parse().expect("a date"))),
                ..PersonFacts::default()
            },
            consents: (0..CONSENTS).map(consent).collect(),
            ..Circumstances::default()
        },
    }
}

fn label(number: usize) -> LabelClass {
    let holders = ["practice", "hospital", "northburn-social-work", "nursing"];
    let sensitivities = [
        Sensitivity::MentalHealth,
        Sensitivity::SexualHealth,
        Sensitivity::SubstanceUse,
    ];
    let closely = number.is_multiple_of(5);
    LabelClass {
        custodian: holders[number % holders.len()].into(),
        author_role: None,
        confidentiality: if closely {
            Confidentiality::Restricted
        } else {
            Confidentiality::Normal
        },
        categories: [Category::ALL[number % Category::ALL.len()]].into(),
        sensitivities: closely
            .then(|| sensitivities[number % sensitivities.len()])
            .into_iter()
            .collect(),
    }
}

/// A consent with a base rule, exceptions, and an exception to one of them.
fn consent(number: usize) -> Consent {
    let agencies = ["northburn-housing", "braeside", "nursing", "university"];
    let rule = |json: String| -> Provision { serde_json::from_str(&json).expect("a provision") };
    let agency = agencies[number % agencies.len()];
    let category = Category::ALL[number % Category::ALL.len()].code();
    Consent {
        id: ItemId::new(format!("consent-{number}")),
        status: ConsentStatus::Active,
        scope: ConsentScope::PatientPrivacy,
        given: at("2026-06-01"),
        withdrawn: None,
        supersedes: None,
        by: None,
        provision: rule(format!(
            r#"{{"type": "permit", "purposes": ["TREAT"], "provisions": [
                {{"type": "deny", "actors": [{{"organisation": "{agency}-{number}"}}], "confidentiality": "R"}},
                {{"type": "deny", "sensitivities": ["HIV", "STD"], "actors": [{{"role": "receptionist"}}],
                  "provisions": [{{"type": "permit", "categories": ["{category}"], "purposes": ["ETREAT"]}}]}}]}}"#
        )),
    }
}
