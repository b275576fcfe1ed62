//! `search` (<https://hl7.org/fhir/R4/search.html>): within one named person, for a person, or in
//! the directory. Search is disclosure: every person in an answer is decided and told.

mod asked;
mod directory;
mod page;
mod people;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use fhir::IssueCode;
use fhir::search::parse_query;
use fhir::types::Kind;
use sharing::disclose::PageAsk;
use sharing::{Answer, Target, disclose};

pub use asked::question;
use asked::{Asked, without_cursor};
pub use page::{SearchSet, link, page, searchset};

use super::caller::Calling;
use super::extract::{Address, Whole};
use super::read::known_type;
use super::{Fault, answer};
use crate::app::App;
use crate::tokens::Right;

/// `GET /fhir/{type}?...`
pub async fn by_get(
    State(app): State<App>,
    Address(resource_type): Address<String>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let query = query.unwrap_or_default();
    let handling = Handling::of(&headers);
    search(&app, &calling, &resource_type, &query, handling).await
}

/// `POST /fhir/{type}/_search`, so that what is looked for stays out of addresses and logs.
pub async fn by_post(
    State(app): State<App>,
    Address(resource_type): Address<String>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let form = String::from_utf8_lossy(&body);
    let both = [query.unwrap_or_default().as_str(), &form].join("&");
    let handling = Handling::of(&headers);
    search(
        &app,
        &calling,
        &resource_type,
        both.trim_matches('&'),
        handling,
    )
    .await
}

/// What becomes of parameters that are not supported
/// (<https://hl7.org/fhir/R4/search.html#errors>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handling {
    /// They are ignored, and named in the answer.
    Lenient,
    /// They refuse the request.
    Strict,
}

impl Handling {
    fn of(headers: &HeaderMap) -> Self {
        let prefer = headers.get_all("prefer").iter();
        let mut words = prefer.filter_map(|value| value.to_str().ok());
        match words.any(|text| text.contains("handling=strict")) {
            true => Self::Strict,
            false => Self::Lenient,
        }
    }
}

/// `GET /fhir/Patient/{id}/{type}?...`: what is in that person's compartment.
pub async fn in_compartment(
    app: &App,
    calling: &Calling,
    patient: &str,
    resource_type: &str,
    query: &str,
) -> Result<Response, Fault> {
    let facts = known_type(resource_type)?;
    if fhir::definitions::patient_compartment(facts.name).is_empty() {
        let details = "resources of this type are in no Patient's compartment";
        return Err(Fault::bad_request(IssueCode::NotSupported, details));
    }
    let whose = match facts.name {
        "Patient" => "_id",
        name if fhir::search::param_of(name, "patient").is_some() => "patient",
        _ => "subject",
    };
    let query = format!("{whose}={patient}&{query}");
    let query = query.trim_end_matches('&');
    search(app, calling, facts.name, query, Handling::Lenient).await
}

/// Searches one type; `bundle` answers the entries of a batch by it too.
pub async fn search(
    app: &App,
    calling: &Calling,
    resource_type: &str,
    query: &str,
    handling: Handling,
) -> Result<Response, Fault> {
    let facts = known_type(resource_type)?;
    calling.may(facts.name, Right::Search)?;
    let (pairs, cursor) = without_cursor(fhir::search::pairs(query));
    let asked = Asked {
        question: question(facts.name, &pairs),
        query: parse_query(facts.name, &pairs).map_err(sharing::Error::invalid)?,
        resource_type: facts.name,
        cursor,
    };
    if handling == Handling::Strict && !asked.query.unsupported.is_empty() {
        return Err(unsupported(&asked.query.unsupported));
    }
    match facts.kind {
        Kind::Definition | Kind::Directory => directory::directory(app, calling, &asked).await,
        _ if facts.name == "Patient" && asked.patient(app, calling)?.is_none() => {
            people::people(app, calling, &pairs).await
        }
        Kind::Either { .. } | Kind::Other if asked.patient(app, calling)?.is_none() => {
            directory::directory(app, calling, &asked).await
        }
        _ => person(app, calling, asked).await,
    }
}

async fn person(app: &App, calling: &Calling, asked: Asked) -> Result<Response, Fault> {
    let Some(patient) = asked.patient(app, calling)? else {
        let details = "say whose record: add patient=... (a search across people shows only your own agency's contributions, which this exchange does not offer yet)";
        return Err(Fault::bad_request(IssueCode::Required, details));
    };
    calling
        .within_context(app, asked.resource_type, Right::Search, patient)
        .await?;
    let place = asked.place(app, calling)?;
    let (operation, after) = place.map_or((None, None), |place| {
        (Some(place.operation), Some(place.mark))
    });
    let target = Target::Search {
        patient,
        resource_type: asked.resource_type.to_owned(),
        query: asked.within_person(app, calling),
        page: PageAsk {
            limit: asked.limit(),
            after,
            with_total: asked.with_total(),
        },
    };
    match disclose(&app.cx, &calling.asking, &target, operation).await? {
        Answer::Released(disclosure) => Ok(page(
            app,
            calling,
            &asked.question,
            asked.resource_type,
            &disclosure,
            &asked.query.unsupported,
        )),
        Answer::Refused(refusal) => Ok(answer::refused(&refusal)),
        Answer::Gone | Answer::Nothing => Err(Fault::not_found()),
    }
}

/// 400 that names what is not supported.
fn unsupported(parameters: &[String]) -> Fault {
    let details = format!(
        "search parameters that are not supported: {}",
        parameters.join(", ")
    );
    Fault::bad_request(IssueCode::NotSupported, &details)
}
