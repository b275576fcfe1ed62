//! Whom not to ring about somebody: a worker whom the person barred by name may still stand in old papers
//! as their next of kin, or ask a colleague. Whoever looks after the person and would ring those close
//! to them reads at the head of the record that this one is not to be told. Why, nobody reads.

use domain::{Category, Confidentiality, LabelClass, ResourceId, RowKey, Timestamp, Worker};
use policy::{Facts, would_open};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Snapshot, StoredResource};

use super::flag::NO_CLASS;
use crate::contribute::{THE_PERSON, custodian};
use crate::disclose::request;
use crate::{Asking, Context, Error};

/// One flag for each worker whom the person barred, for staff to whom those close to the person open.
pub(crate) async fn flags(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
) -> Result<Vec<StoredResource>, Error> {
    let now = cx.now();
    let barred = facts.barred_workers(now);
    if barred.is_empty() || asking.caller.worker().is_none() {
        return Ok(Vec::new());
    }
    let policies = cx.policies.at(snapshot).await?;
    let label = label(asking);
    if !would_open(&request(asking, facts), facts, &policies, now, &label) {
        return Ok(Vec::new());
    }
    let directory = snapshot.directory().await?;
    let subjects = snapshot.subjects(facts.person).await?;
    let own = custodian(asking);
    let known = subjects.iter().find(|one| one.custodian == own);
    let Some(patient) = known.or_else(|| subjects.first()).map(|one| one.id) else {
        return Ok(Vec::new());
    };
    let mut flags = Vec::new();
    for (id, since) in barred {
        let Some(worker) = directory.workers.get(id) else {
            continue;
        };
        let agency = directory.organisations.get(&worker.organisation);
        let agency = agency.map_or_else(String::new, |agency| format!(", {}", agency.name));
        let words = words(worker, &agency);
        flags.push(flag(cx, facts, (patient, since), (worker, &words)));
    }
    Ok(flags)
}

/// It stands where the names of those close to the person stand.
fn label(asking: &Asking) -> LabelClass {
    LabelClass {
        custodian: custodian(asking),
        author_role: None,
        confidentiality: Confidentiality::Normal,
        categories: [Category::Network].into(),
        sensitivities: [].into(),
    }
}

fn words(worker: &Worker, agency: &str) -> String {
    format!(
        "Next of kin: not {}, {}{agency}. Do not ring or tell them, whatever older papers say",
        worker.name,
        worker.role.words()
    )
}

fn flag(
    cx: &Context,
    facts: &Facts,
    (patient, since): (ResourceId, Timestamp),
    (worker, words): (&Worker, &str),
) -> StoredResource {
    let mut key = Sha256::new_with_prefix(b"kept-out/v1");
    key.update(facts.person.0);
    key.update(worker.id.as_str());
    let id = cx.ids.of_request(&key.finalize().into(), 0, b"");
    StoredResource {
        row: RowKey(0),
        resource_type: "Flag".to_owned(),
        id,
        version: 1,
        updated_at: since,
        occurred_at: Some(since),
        class: NO_CLASS,
        custodian: THE_PERSON.into(),
        mentions_others: false,
        bytes: face(id, patient, since, words).to_string().into_bytes(),
    }
}

fn face(id: ResourceId, patient: ResourceId, since: Timestamp, words: &str) -> Value {
    json!({
        "resourceType": "Flag",
        "id": id.to_string(),
        "meta": {
            "versionId": "1",
            "lastUpdated": since.to_string(),
            "security": [{
                "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "N"
            }]
        },
        "status": "active",
        "category": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/flag-category", "code": "safety"
        }] }],
        "code": { "text": words },
        "subject": { "reference": format!("Patient/{patient}") },
        "period": { "start": since.to_string() }
    })
}
