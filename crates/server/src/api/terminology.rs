//! `$expand` and `$validate-code` for the value sets that come with the program.

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::definitions::{Expansion, ValueSet, expanded, validated, value_set};
use fhir::{Issue, IssueCode, Limits};

use super::Fault;
use super::caller::Calling;
use super::extract::Whole;
use super::fault::FHIR_JSON;
use crate::app::App;

/// `GET /fhir/ValueSet/$expand?url=...`
pub async fn expand_by_get(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    _calling: Calling,
) -> Result<Response, Fault> {
    expand(&app, &Given::in_query(&query.unwrap_or_default()))
}

/// `POST /fhir/ValueSet/$expand` with Parameters
pub async fn expand_by_post(
    State(app): State<App>,
    _calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    expand(&app, &Given::in_body(&body)?)
}

/// `GET /fhir/ValueSet/$validate-code?url=...&code=...`
pub async fn validate_by_get(
    RawQuery(query): RawQuery,
    _calling: Calling,
) -> Result<Response, Fault> {
    validate(&Given::in_query(&query.unwrap_or_default()))
}

/// `POST /fhir/ValueSet/$validate-code` with Parameters
pub async fn validate_by_post(_calling: Calling, Whole(body): Whole) -> Result<Response, Fault> {
    validate(&Given::in_body(&body)?)
}

fn expand(app: &App, given: &Given) -> Result<Response, Fault> {
    let number = |name: &str| match given.get(name) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            Fault::bad_request(
                IssueCode::Value,
                "count and offset are whole numbers from 0",
            )
        }),
    };
    let now = app.cx.now().to_string();
    let wanted = Expansion {
        filter: given.get("filter").unwrap_or_default(),
        offset: number("offset")?.unwrap_or(0),
        count: number("count")?,
        at: &now,
    };
    Ok(json(expanded(given.value_set()?, &wanted)))
}

fn validate(given: &Given) -> Result<Response, Fault> {
    let set = given.value_set()?;
    let Some(code) = given.get("code") else {
        let details = "say which code: code=..., or a coding";
        return Err(Fault::bad_request(IssueCode::Required, details));
    };
    let system = given.get("system");
    Ok(json(validated(set, system, code, given.get("display"))))
}

fn json(body: Vec<u8>) -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response()
}

/// The parameters of an operation.
struct Given(Vec<(String, String)>);

impl Given {
    fn in_query(query: &str) -> Self {
        Self(fhir::search::pairs(query))
    }

    /// Reads Parameters; a coding stands for its system, code and display.
    fn in_body(body: &[u8]) -> Result<Self, Fault> {
        let sent = fhir::parse(body, &Limits::default()).map_err(sharing::Error::invalid)?;
        if sent.resource_type() != "Parameters" {
            let details = "the parameters of an operation come as Parameters";
            return Err(Fault::bad_request(IssueCode::Invalid, details));
        }
        let mut given = Vec::new();
        for parameter in sent.all("parameter") {
            let name = parameter.text_at("name").unwrap_or_default().into_owned();
            for member in parameter.children() {
                if let (true, Some(text)) = (member.key().starts_with("value"), member.as_str()) {
                    given.push((name.clone(), text.into_owned()));
                }
                if member.key() == "valueInteger" {
                    given.push((name.clone(), member.raw().to_owned()));
                }
                if member.key() == "valueCoding" {
                    let parts = ["system", "code", "display"];
                    let parts = parts.iter().filter_map(|part| {
                        Some(((*part).to_owned(), member.text_at(part)?.into_owned()))
                    });
                    given.extend(parts);
                }
            }
        }
        Ok(Self(given))
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn value_set(&self) -> Result<&'static ValueSet, Fault> {
        let Some(url) = self.get("url") else {
            let details = "say which value set: url=...";
            return Err(Fault::bad_request(IssueCode::Required, details));
        };
        value_set(url).ok_or_else(|| {
            let details = "this value set is not among those that come with the program";
            Fault::new(
                StatusCode::NOT_FOUND,
                Issue::error(IssueCode::NotFound, details),
            )
        })
    }
}
