//! What is kept close in one world: locked things, very restricted things, and objections to them,
//! among what everybody sees.

use domain::Timestamp;
use serde_json::{Value, json};
use sharing::contribute::ORGANISATION_SYSTEM;
use sharing::town::{Contribution, Restriction, Town};

use crate::hidden::{
    Again, HIDDEN_SYSTEM, SENSITIVITY, Scenario, about, is_record, parsed, without_iona,
};

/// Whom the kept things are about: somebody on a caseload, on a ward, in a tenancy, in treatment.
pub const KEPT: [&str; 4] = [
    "netta-dunsmore",
    "alasdair-mowat",
    "jessie-pettigrew",
    "struan-petrie",
];
/// The agencies whose workers ask: what these wrote is hidden from them by a lock alone.
const ASKING: [(&str, &str); 3] = [
    ("hospital", "obinna-chukwu"),
    ("northburn-social-work", "nkechi-obi"),
    ("northburn-housing", "shona-pirie"),
];

/// Locked things, very restricted things, and objections to them, among what everybody sees.
pub fn kept() -> Scenario {
    over(without_iona())
}

/// The same over a town.
pub fn over(without: Town) -> Scenario {
    let mut with = without.clone();
    let mut again = Again::default();
    for key in KEPT {
        for written in about(&without, key).iter().filter(|it| is_record(it)) {
            keep_close(&mut with, &mut again, written);
        }
    }
    let netta = about(&without, "netta-dunsmore");
    let patient = registration(&netta, "braehead-practice");
    first_of_their_type(&mut with, &mut again, patient);
    objections(&mut with, &mut again, patient);
    referral(&mut with, &mut again, &without);
    another_name(&mut with, &mut again, patient);
    with.contributions.sort_by_key(|it| it.at);

    let mut scenario = Scenario::new(without, with, &KEPT);
    let gone = |it: &&Contribution| it.resource_type == "Condition";
    scenario.deleted = scenario
        .hidden
        .iter()
        .filter(gone)
        .step_by(3)
        .cloned()
        .collect();
    let notes = netta.iter().filter(|it| is_record(it) && !is_of_asking(it));
    scenario.later = notes.map(|it| again.of(it, &["V", "PRS"])).collect();
    scenario
}

fn lock(town: &mut Town, written: Contribution) {
    town.restrictions.push(Restriction::Lock {
        by: written.by.clone(),
        resource_type: written.resource_type.clone(),
        local_id: written.local_id.clone(),
    });
    town.contributions.push(written);
}

/// Puts beside an entry one that is locked and, where nobody who asks works for the agency that
/// wrote it, one that is very restricted for reasons that are nobody's care area.
fn keep_close(town: &mut Town, again: &mut Again, written: &Contribution) {
    let other_team = ASKING
        .iter()
        .find(|(agency, _)| written.by.as_str() == *agency);
    match other_team {
        None => {
            town.contributions.push(again.of(written, &["V", "LOCIS"]));
            let same_labels = again.with(written, parsed(written), &[]);
            lock(town, same_labels);
        }
        Some((_, worker)) => {
            let begun_since = again.with(written, begun_since(parsed(written)), &[]);
            let by_another_team = Contribution {
                worker: (*worker).into(),
                ..begun_since
            };
            lock(town, by_another_team);
        }
    }
}

/// An involvement that would be the latest reason for seeing the record, if it counted.
fn begun_since(mut resource: Value) -> Value {
    let status = match resource["resourceType"].as_str() {
        Some("Encounter") => "in-progress",
        Some("EpisodeOfCare" | "CareTeam") => "active",
        _ => return resource,
    };
    resource["status"] = status.into();
    resource["period"] = json!({ "start": "2027-01-11T08:45:00Z" });
    resource
}

/// Types that nobody else has written yet: the first of each must not show in any order.
fn first_of_their_type(town: &mut Town, again: &mut Again, patient: &Contribution) {
    let subject = json!({ "reference": format!("Patient/{}", patient.local_id) });
    let goal = json!({
        "resourceType": "Goal",
        "lifecycleStatus": "active",
        "description": { "text": "To live where he cannot find her" },
        "subject": subject,
    });
    let order = json!({
        "resourceType": "NutritionOrder",
        "status": "active",
        "intent": "order",
        "patient": subject,
        "dateTime": "2026-12-01",
    });
    let early = Contribution {
        at: at("2026-12-01T06:01:00Z"),
        worker: "catherine-rattray".into(),
        ..patient.clone()
    };
    town.contributions
        .push(again.with(&early, goal, &["V", "LOCIS"]));
    lock(town, again.with(&early, order, &[]));
}

/// Objections to what is hidden anyway: to speak of them would tell of it.
fn objections(town: &mut Town, again: &mut Again, patient: &Contribution) {
    let by_practice = |it: &&Contribution| it.by == patient.by && it.local_id.starts_with("hidden");
    let of_type = |town: &Town, locked: bool| {
        let mut hidden = town.contributions.iter().filter(by_practice);
        let found =
            hidden.find(|it| it.resource_type == "Observation" && is_locked(town, it) == locked);
        found
            .or_else(|| {
                town.contributions
                    .iter()
                    .filter(by_practice)
                    .find(|it| is_locked(town, it) == locked)
            })
            .expect("something hidden")
            .clone()
    };
    for target in [of_type(town, true), of_type(town, false)] {
        let consent = json!({
            "resourceType": "Consent",
            "status": "active",
            "scope": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy" }] },
            "category": [{ "coding": [{ "system": "http://loinc.org", "code": "59284-0" }] }],
            "patient": { "reference": format!("Patient/{}", patient.local_id) },
            "dateTime": "2027-01-05T10:00:00Z",
            "policyRule": { "coding": [{ "system": SENSITIVITY, "code": "OPTIN" }] },
            "provision": {
                "type": "deny",
                "data": [{
                    "meaning": "instance",
                    "reference": { "reference": format!("{}/{}", target.resource_type, target.local_id) },
                }],
            },
        });
        let like = Contribution {
            at: at("2027-01-05T10:00:00Z"),
            ..patient.clone()
        };
        town.contributions
            .push(again.with(&like, consent, &["V", "PRS"]));
    }
}

fn is_locked(town: &Town, it: &Contribution) -> bool {
    town.restrictions
        .iter()
        .any(|restriction| match restriction {
            Restriction::Lock {
                by,
                resource_type,
                local_id,
            } => (by, resource_type, local_id) == (&it.by, &it.resource_type, &it.local_id),
            _ => false,
        })
}

/// A referral to the hospital that its staff may not see: it must not make them involved.
fn referral(town: &mut Town, again: &mut Again, without: &Town) {
    let jessie = about(without, "jessie-pettigrew");
    let patient = registration(&jessie, "braehead-practice");
    let referral = json!({
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "code": { "text": "Safe accommodation" },
        "subject": { "reference": format!("Patient/{}", patient.local_id) },
        "authoredOn": "2027-01-08",
        "performer": [{ "identifier": { "system": ORGANISATION_SYSTEM, "value": "hospital" } }],
    });
    let like = Contribution {
        at: at("2027-01-08T10:00:00Z"),
        ..patient.clone()
    };
    town.contributions
        .push(again.with(&like, referral, &["V", "LOCIS"]));
}

/// The police know her by a name, a number and a birth date that nobody else has.
fn another_name(town: &mut Town, again: &mut Again, patient: &Contribution) {
    let mut known_as = parsed(patient);
    known_as["name"] = json!([
        { "use": "official", "family": "Elphinstone", "given": ["Janet"] },
        known_as["name"][0],
    ]);
    if let Some(fields) = known_as.as_object_mut() {
        fields.remove("generalPractitioner");
    }
    let like = Contribution {
        by: "police-public-protection".into(),
        worker: "police-public-protection-records".into(),
        at: at("2026-12-01T06:02:00Z"),
        ..patient.clone()
    };
    let numbers = known_as["identifier"].clone();
    let mut police = again.with(&like, known_as, &["V", "LOCIS"]);
    let mut resource = parsed(&police);
    resource["identifier"] = json!([
        numbers[0],
        { "system": HIDDEN_SYSTEM, "value": "POL-7781" },
    ]);
    police.json = resource.to_string();
    let note = json!({
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": { "reference": format!("Patient/{}", police.local_id) },
        "date": "2026-12-02T10:00:00Z",
        "description": "Known before 1990 as Janet Elphinstone",
        "content": [{ "attachment": { "contentType": "text/plain", "data": "UHJvdGVjdGVkIHdpdG5lc3M=" } }],
    });
    let note = again.with(&like, note, &["V", "LOCIS"]);
    town.contributions.extend([police, note]);
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

fn is_of_asking(it: &Contribution) -> bool {
    ASKING.iter().any(|(agency, _)| it.by.as_str() == *agency)
}

fn registration<'c>(record: &'c [Contribution], agency: &str) -> &'c Contribution {
    let patient = |it: &&Contribution| it.resource_type == "Patient" && it.by.as_str() == agency;
    record.iter().find(patient).expect("their Patient")
}
