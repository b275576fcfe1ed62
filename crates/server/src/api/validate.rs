//! `$validate` (<https://hl7.org/fhir/R4/resource-operation-validate.html>): what would be said of
//! a resource if it were sent. Nothing is looked up and nothing is kept.

use axum::extract::RawQuery;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::outcome::{Severity, operation_outcome};
use fhir::{Document, Issue, IssueCode, Limits};

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::fault::FHIR_JSON;
use super::read::known_type;

/// `POST /fhir/{type}/$validate`
pub async fn by_type(
    Address(resource_type): Address<String>,
    RawQuery(query): RawQuery,
    _calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    answer(&resource_type, &query.unwrap_or_default(), &body)
}

/// `POST /fhir/{type}/{id}/$validate`
pub async fn by_id(
    Address((resource_type, _)): Address<(String, String)>,
    RawQuery(query): RawQuery,
    _calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    answer(&resource_type, &query.unwrap_or_default(), &body)
}

fn answer(resource_type: &str, query: &str, body: &[u8]) -> Result<Response, Fault> {
    let facts = known_type(resource_type)?;
    let mut issues = issues(facts.name, body);
    let asked = fhir::search::pairs(query);
    issues.extend(
        asked
            .iter()
            .any(|(name, _)| name == "profile")
            .then(no_profiles),
    );
    let outcome = operation_outcome(&issues);
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], outcome).into_response())
}

/// What is wrong with a resource, given by itself or as the parameter `resource`.
fn issues(resource_type: &str, body: &[u8]) -> Vec<Issue> {
    let sent = match fhir::parse(body, &Limits::default()) {
        Ok(document) => document,
        Err(issue) => return vec![issue],
    };
    if sent.resource_type() != "Parameters" || resource_type == "Parameters" {
        return of_document(resource_type, &sent);
    }
    let given = sent.all("parameter").into_iter().find_map(|parameter| {
        let is_resource = parameter.text_at("name").as_deref() == Some("resource");
        parameter.member("resource").filter(|_| is_resource)
    });
    let Some(given) = given else {
        let details = "the parameter resource holds what is to be validated";
        return vec![Issue::required("Parameters.parameter", details)];
    };
    let mut issues = match fhir::parse(given.raw().as_bytes(), &Limits::default()) {
        Ok(document) => of_document(resource_type, &document),
        Err(issue) => vec![issue],
    };
    let names = sent.all("parameter.name");
    let is_profile = |name: &fhir::document::Node<'_>| name.as_str().as_deref() == Some("profile");
    issues.extend(names.iter().any(is_profile).then(no_profiles));
    issues
}

/// Whoever asks about a profile must not take the answer for one about it.
fn no_profiles() -> Issue {
    let details =
        "profiles are not checked here: this is said of the resource as FHIR R4 itself has it";
    Issue::error(IssueCode::NotSupported, details).with_severity(Severity::Warning)
}

fn of_document(resource_type: &str, document: &Document<'_>) -> Vec<Issue> {
    if document.resource_type() != resource_type {
        let details = "the resource is not of the type in the address";
        let issue = Issue::error(IssueCode::Invalid, details);
        return vec![issue.at("resourceType").found(document.resource_type())];
    }
    let mut issues = fhir::validate::validate(document);
    issues.extend(fhir::types::subject(document).err());
    if issues.is_empty() {
        let details = "nothing is wrong with it";
        let said = Issue::error(IssueCode::Informational, details);
        issues.push(said.with_severity(Severity::Information));
    }
    issues
}
