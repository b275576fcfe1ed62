//! `$validate` (<https://hl7.org/fhir/R4/resource-operation-validate.html>): what would be said of
//! a resource if it were sent, and by the profiles that it or the caller names. Nothing is looked up
//! and nothing is kept.

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::document::Node;
use fhir::outcome::{Severity, operation_outcome};
use fhir::profile::Profiles;
use fhir::{Document, Issue, IssueCode, Limits};

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::fault::FHIR_JSON;
use super::read::known_type;
use crate::app::App;

/// `POST /fhir/{type}/$validate`
pub async fn by_type(
    State(app): State<App>,
    Address(resource_type): Address<String>,
    RawQuery(query): RawQuery,
    _calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    answer(&app, &resource_type, &query.unwrap_or_default(), &body)
}

/// `POST /fhir/{type}/{id}/$validate`
pub async fn by_id(
    State(app): State<App>,
    Address((resource_type, _)): Address<(String, String)>,
    RawQuery(query): RawQuery,
    _calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    answer(&app, &resource_type, &query.unwrap_or_default(), &body)
}

fn answer(app: &App, resource_type: &str, query: &str, body: &[u8]) -> Result<Response, Fault> {
    let facts = known_type(resource_type)?;
    let mut wanted = fhir::search::pairs(query);
    wanted.retain(|(name, _)| name == "profile");
    let asking = Validating {
        profiles: &app.profiles,
        resource_type: facts.name,
        wanted: wanted.into_iter().map(|(_, url)| url).collect(),
    };
    let outcome = operation_outcome(&asking.issues(body));
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], outcome).into_response())
}

/// What a resource is held against.
struct Validating<'a> {
    profiles: &'a Profiles,
    resource_type: &'static str,
    /// The profiles that the caller names.
    wanted: Vec<String>,
}

impl Validating<'_> {
    /// What is wrong with a resource, given by itself or as the parameter `resource`.
    fn issues(mut self, body: &[u8]) -> Vec<Issue> {
        let sent = match fhir::parse(body, &Limits::default()) {
            Ok(document) => document,
            Err(issue) => return vec![issue],
        };
        if sent.resource_type() != "Parameters" || self.resource_type == "Parameters" {
            return self.of_document(&sent);
        }
        let mut given = None;
        for parameter in sent.all("parameter") {
            match parameter.text_at("name").as_deref() {
                Some("resource") => given = given.or(parameter.member("resource")),
                Some("profile") => self.wanted.extend(value(parameter)),
                _ => {}
            }
        }
        let Some(given) = given else {
            let details = "the parameter resource holds what is to be validated";
            return vec![Issue::required("Parameters.parameter", details)];
        };
        match fhir::parse(given.raw().as_bytes(), &Limits::default()) {
            Ok(document) => self.of_document(&document),
            Err(issue) => vec![issue],
        }
    }

    fn of_document(mut self, document: &Document<'_>) -> Vec<Issue> {
        if document.resource_type() != self.resource_type {
            let details = "the resource is not of the type in the address";
            let issue = Issue::error(IssueCode::Invalid, details);
            return vec![issue.at("resourceType").found(document.resource_type())];
        }
        let mut issues = fhir::validate::validate(document);
        issues.extend(fhir::types::subject(document).err());
        issues.extend(fhir::invariants::check(document));
        self.wanted.extend(self.profiles.claimed(document));
        self.wanted.sort_unstable();
        self.wanted.dedup();
        for url in &self.wanted {
            for issue in self.profiles.check(document, url) {
                // What FHIR itself asks for, a profile repeats.
                let is_told =
                    |one: &Issue| one.code == issue.code && one.expression == issue.expression;
                if issue.expression.is_empty() || !issues.iter().any(is_told) {
                    issues.push(issue);
                }
            }
        }
        // What is wrong comes before advice.
        issues.sort_by_key(|issue| match issue.severity {
            Severity::Fatal | Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Information => 2,
        });
        if issues
            .iter()
            .all(|issue| issue.severity == Severity::Information)
        {
            let said = Issue::error(IssueCode::Informational, "nothing is wrong with it");
            issues.insert(0, said.with_severity(Severity::Information));
        }
        issues
    }
}

/// The text of a parameter, of whichever type.
fn value(parameter: Node<'_>) -> Option<String> {
    let mut members = parameter.children();
    let value = members.find(|member| member.key().starts_with("value"))?;
    value.as_str().map(Into::into)
}
