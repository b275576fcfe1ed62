//! `$match` (<https://hl7.org/fhir/R4/patient-operation-match.html>): who a person is, by all that is
//! said of them.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::bundle::{BundleHead, BundleItem, SearchMode, write_bundle};
use fhir::document::Node;
use fhir::outcome::operation_outcome;
use fhir::{Document, Issue, IssueCode, Limits, Severity};
use serde_json::{Value, json};
use sharing::find::SHOWN;
use sharing::identity::{Ask, Matched, MatchedPerson, ToldStep, find_match};

use super::caller::Calling;
use super::extract::Whole;
use super::fault::FHIR_JSON;
use super::{Fault, answer};
use crate::app::App;
use crate::tokens::Right;

/// How sure a match is (<http://hl7.org/fhir/R4/extension-match-grade.html>).
const GRADE: &str = "http://hl7.org/fhir/StructureDefinition/match-grade";
/// Why somebody was found: for each comparison how far it agrees and what that is worth.
const EXPLANATION: &str = "https://candour.example/fhir/StructureDefinition/match-explanation";

/// `POST /fhir/Patient/$match`
pub async fn find(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    calling.may("Patient", Right::Search)?;
    if calling.verified.patient.is_some() || calling.asking.caller.organisation().is_none() {
        let details = "this token is for one patient: read that Patient by its id";
        return Err(Fault::new(
            StatusCode::FORBIDDEN,
            Issue::error(IssueCode::Forbidden, details),
        ));
    }
    let sent = fhir::parse(&body, &Limits::default()).map_err(sharing::Error::invalid)?;
    let given = Given::of(&sent)?;
    let patient =
        fhir::parse(given.patient, &Limits::default()).map_err(sharing::Error::invalid)?;
    let issues = fhir::validate::errors(&patient);
    if !issues.is_empty() {
        return Err(sharing::Error::Invalid(issues).into());
    }
    app.may_find(&calling.asking)?;
    let ask = Ask {
        patient: &patient,
        only_certain: given.only_certain,
        count: given.count,
    };
    let matched = find_match(&app.cx, &calling.asking, &ask).await?;
    Ok(respond(&app, &matched))
}

/// What was sent: the Patient by itself, or Parameters.
struct Given<'d> {
    patient: &'d [u8],
    only_certain: bool,
    count: usize,
}

impl<'d> Given<'d> {
    fn of(sent: &'d Document<'d>) -> Result<Self, Fault> {
        if sent.resource_type() == "Patient" {
            return Ok(Self::patient(sent.bytes()));
        }
        let mut given = Self::patient(&[]);
        for parameter in sent.all("parameter") {
            given.take(parameter)?;
        }
        if given.patient.is_empty() {
            let details = "the parameter resource holds the Patient to look for";
            let issue = Issue::required("Parameters.parameter", details);
            return Err(sharing::Error::invalid(issue).into());
        }
        Ok(given)
    }

    fn patient(patient: &'d [u8]) -> Self {
        Self {
            patient,
            only_certain: false,
            count: SHOWN,
        }
    }

    fn take(&mut self, parameter: Node<'d>) -> Result<(), Fault> {
        let wrong = |details: &str| Fault::bad_request(IssueCode::Value, details);
        match parameter.text_at("name").as_deref() {
            Some("resource") => {
                let resource = parameter.member("resource");
                let is_patient = resource.and_then(|it| it.text_at("resourceType"));
                if is_patient.as_deref() != Some("Patient") {
                    return Err(wrong("the parameter resource holds a Patient"));
                }
                self.patient = resource.map_or(&[], |resource| resource.raw().as_bytes());
            }
            Some("onlyCertainMatches") => {
                let value = parameter.member("valueBoolean").and_then(|it| it.as_bool());
                self.only_certain =
                    value.ok_or_else(|| wrong("onlyCertainMatches is a valueBoolean"))?;
            }
            Some("count") => {
                let value = parameter.member("valueInteger");
                let count = value.and_then(|it| it.raw().parse::<usize>().ok());
                self.count = count
                    .filter(|count| *count > 0)
                    .ok_or_else(|| wrong("count is a valueInteger from 1"))?;
            }
            _ => {
                let details = "$match takes resource, onlyCertainMatches and count";
                return Err(Fault::bad_request(IssueCode::NotSupported, details));
            }
        }
        Ok(())
    }
}

fn respond(app: &App, matched: &Matched) -> Response {
    let body = searchset(app, matched);
    let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response();
    let headers = response.headers_mut();
    if let Some(receipt) = &matched.receipt
        && let Ok(value) = receipt.receipt.encode().parse()
    {
        headers.insert(answer::RECEIPT, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn searchset(app: &App, matched: &Matched) -> Vec<u8> {
    let urls: Vec<String> = matched
        .people
        .iter()
        .map(|person| format!("{}/Patient/{}", app.base, person.shown.patient))
        .collect();
    let extensions: Vec<Vec<u8>> = matched
        .people
        .iter()
        .map(|person| extensions(person).to_string().into_bytes())
        .collect();
    let people = matched.people.iter().zip(&urls).zip(&extensions);
    let mut items: Vec<BundleItem<'_>> = people
        .map(|((person, url), extensions)| BundleItem {
            full_url: Some(url),
            resource: Some(&person.shown.view),
            search: Some(SearchMode::Match),
            ranked: Some((person.score, extensions)),
            ..BundleItem::default()
        })
        .collect();
    let notes = notes(matched);
    let outcome = operation_outcome(&notes);
    if !notes.is_empty() {
        items.push(BundleItem {
            resource: Some(&outcome),
            search: Some(SearchMode::Outcome),
            ..BundleItem::default()
        });
    }
    let own = format!("{}/Patient/$match", app.base);
    let head = BundleHead {
        kind: "searchset",
        total: (!matched.more).then_some(matched.people.len() as u64),
        links: &[("self", &own)],
    };
    write_bundle(&head, &items)
}

fn notes(matched: &Matched) -> Vec<Issue> {
    let mut notes = Vec::new();
    if matched.more {
        notes.push((
            IssueCode::Informational,
            "more people may be meant than are shown: say more about whom you mean",
        ));
    }
    if matched.several {
        notes.push((
            IssueCode::MultipleMatches,
            "several people fit so well that none is certain: ask without onlyCertainMatches, or say more",
        ));
    }
    notes
        .into_iter()
        .map(|(code, words)| Issue::error(code, words).with_severity(Severity::Information))
        .collect()
}

fn extensions(person: &MatchedPerson) -> Value {
    let mut why: Vec<Value> = person.told.steps.iter().map(step).collect();
    if let Some(rule) = person.told.rule {
        why.push(json!({"url": "rule", "valueString": rule.reason()}));
    }
    let mut extensions = vec![json!({"url": GRADE, "valueCode": person.grade.as_str()})];
    if !why.is_empty() {
        extensions.push(json!({"url": EXPLANATION, "extension": why}));
    }
    extensions.into()
}

/// One comparison, as an extension.
pub(super) fn step(step: &ToldStep) -> Value {
    let mut parts = vec![
        json!({"url": "comparison", "valueCode": step.comparison}),
        json!({"url": "says", "valueCode": step.band.code()}),
    ];
    if let Some((level, bits)) = &step.detail {
        parts.push(json!({"url": "level", "valueString": level}));
        parts.push(json!({"url": "bits", "valueDecimal": f64::from((bits * 10.0).round()) / 10.0}));
    }
    json!({"url": "step", "extension": parts})
}
