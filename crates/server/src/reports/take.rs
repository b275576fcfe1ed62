//! Taking one line: the person is contributed as the agency knows them, which finds whose record it
//! is, and the concern about them is raised.

use domain::message::{Concern, Urgency};
use domain::{Capacity, TeamId};
use fhir::patient::CHI_SYSTEMS;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sharing::contribute::{Incoming, Method, contribute};
use sharing::event::hex;
use sharing::messages::concern::{Raise, raise, three_points};
use sharing::{Asking, Context, Error, settle};

use super::{Report, ReportTerms};

/// Takes one line; the inner error is why it is refused.
///
/// # Errors
/// If the exchange does not answer, or does not know in whose name it is taken.
pub(super) async fn take(
    cx: &Context,
    terms: &ReportTerms,
    report: &Report,
) -> Result<Result<(), String>, Error> {
    match told(cx, terms, report).await {
        Ok(()) => Ok(Ok(())),
        Err(Refused::Line(reason)) => Ok(Err(reason)),
        Err(Refused::Use(Error::Invalid(issues))) => {
            let reasons = issues.iter().map(|issue| match issue.expression.first() {
                // Columns have their own spelling of the names of fields.
                Some(at) => format!("{}: {}", at.replace('-', "_"), issue.details),
                None => issue.details.clone(),
            });
            Ok(Err(reasons.collect::<Vec<_>>().join("; ")))
        }
        Err(Refused::Use(Error::NotFound)) => Ok(Err(
            "this cannot be told by this way: ring the team that must act".to_owned(),
        )),
        Err(Refused::Use(error)) => Err(error),
    }
}

enum Refused {
    Line(String),
    Use(Error),
}

impl From<String> for Refused {
    fn from(reason: String) -> Self {
        Self::Line(reason)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Use(error)
    }
}

async fn told(cx: &Context, terms: &ReportTerms, report: &Report) -> Result<(), Refused> {
    if report.name().is_empty() {
        return Err("family: give at least one name of the person"
            .to_owned()
            .into());
    }
    let what = Raise {
        to: teams(&report.to),
        name: report.name(),
        text: report.seen.clone(),
        concern: Concern {
            own_action: report.own_action.clone(),
            reference: Some(report.reference.clone()).filter(|it| !it.is_empty()),
            points: three_points(|name| report.point(name))?,
            alleged_harmer: None,
            advocacy: None,
        },
        urgency: Urgency::Routine,
        hold: report.hold()?,
    };
    let mut asking = settle::asking_for(cx, &terms.system).await?;
    let id = format!("report-{}", hex(&Sha256::digest(identity(report))[..16]));
    let bytes = patient(report, &id).to_string().into_bytes();
    let incoming = Incoming {
        method: Method::Update,
        resource_type: "Patient",
        id: Some(&id),
        if_match: None,
        bytes: &bytes,
    };
    let patient = contribute(cx, &asking, &incoming).await?.id;

    if let Capacity::Worker { team, .. } = &mut asking.caller.capacity {
        *team = Some(terms.team.clone());
    }
    let asking = Asking {
        purpose: report.purpose()?,
        idempotency: Some(Sha256::digest(content(report)).into()),
        ..asking
    };
    raise(cx, &asking, patient, &what).await?;
    Ok(())
}

fn teams(to: &str) -> Vec<TeamId> {
    let named = to.split(';').map(str::trim);
    named
        .filter(|team| !team.is_empty())
        .map(TeamId::new)
        .collect()
}

/// What tells one person of a report from another: the report's number and who they are.
fn identity(report: &Report) -> Vec<u8> {
    let parts = [
        &report.reference,
        &report.family,
        &report.given,
        &report.born,
        &report.chi,
    ];
    joined(&parts)
}

/// All that a line says: left again, it is the same concern, and another if a word differs.
fn content(report: &Report) -> Vec<u8> {
    serde_json::to_vec(report).unwrap_or_default()
}

fn joined(parts: &[&String]) -> Vec<u8> {
    let mut whole = Vec::new();
    for part in parts {
        whole.extend(part.len().to_be_bytes());
        whole.extend(part.as_bytes());
    }
    whole
}

/// The person as the agency has them; what it does not know is not there.
fn patient(report: &Report, id: &str) -> Value {
    let given: Vec<&str> = report.given.split_whitespace().collect();
    let mut name = json!({ "use": "usual" });
    put(&mut name, "family", &report.family);
    if !given.is_empty() {
        name["given"] = json!(given);
    }
    let mut patient = json!({ "resourceType": "Patient", "id": id, "name": [name] });
    if !report.chi.is_empty() {
        patient["identifier"] = json!([{ "system": CHI_SYSTEMS[0], "value": report.chi }]);
    }
    put(&mut patient, "gender", &report.gender);
    put(&mut patient, "birthDate", &report.born);
    let mut address = json!({});
    put(&mut address, "text", &report.address);
    put(&mut address, "postalCode", &report.postcode);
    if address.as_object().is_some_and(|fields| !fields.is_empty()) {
        patient["address"] = json!([address]);
    }
    patient
}

fn put(object: &mut Value, name: &str, value: &str) {
    if !value.is_empty() {
        object[name] = json!(value);
    }
}
