//! Search of several types at once (<https://hl7.org/fhir/R4/http.html#search>): `_type` names them,
//! and what is asked must be known to each of them.
//!
//! Whose record is meant is said by `patient`, whatever the types call it.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use fhir::search::parse_query;

use super::asked::{Asked, question, without_cursor};
use super::{Handling, answered, with_form};
use crate::api::Fault;
use crate::api::caller::Calling;
use crate::api::extract::Whole;
use crate::api::read::known_type;
use crate::app::App;
use crate::tokens::Right;

/// `GET /fhir?_type=...`
pub async fn system_by_get(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let query = query.unwrap_or_default();
    of_types(&app, &calling, &query, Handling::of(&headers)).await
}

/// `POST /fhir/_search`
pub async fn system_by_post(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let query = with_form(query, &body);
    of_types(&app, &calling, &query, Handling::of(&headers)).await
}

/// Searches the types that a query names; compartments and batches answer by it too.
pub async fn of_types(
    app: &App,
    calling: &Calling,
    query: &str,
    handling: Handling,
) -> Result<Response, Fault> {
    let (pairs, cursor) = without_cursor(fhir::search::pairs(query));
    let types = types(calling, &pairs)?;
    let mut whose = Vec::new();
    let mut conditions = Vec::new();
    for (name, value) in &pairs {
        match name.as_str() {
            "_type" => {}
            "patient" | "patient:Patient" => {
                let named = value.split(',').filter(|named| !named.is_empty());
                whose.extend(named.map(|id| id.trim_start_matches("Patient/").to_owned()));
            }
            _ => conditions.push((name.clone(), value.clone())),
        }
    }
    let asked = Asked {
        query: parse_query(&types, &conditions).map_err(sharing::Error::invalid)?,
        whose,
        address: "",
        question: question("", &pairs),
        cursor,
    };
    answered(app, calling, asked, &conditions, handling).await
}

/// The types that `_type` names, each once; all that the token may search where it names none.
fn types(calling: &Calling, pairs: &[(String, String)]) -> Result<Vec<&'static str>, Fault> {
    let may = |rtype: &str| calling.may(rtype, Right::Search);
    let mut named = Vec::new();
    for (_, value) in pairs.iter().filter(|(name, _)| name == "_type") {
        for name in value.split(',').filter(|name| !name.is_empty()) {
            let rtype = known_type(name)?.name;
            may(rtype)?;
            if !named.contains(&rtype) {
                named.push(rtype);
            }
        }
    }
    if named.is_empty() {
        let every = fhir::types::TYPES.iter().map(|facts| facts.name);
        named = every.filter(|rtype| may(rtype).is_ok()).collect();
    }
    if named.is_empty() {
        // No scope at all: refused as for a type that it does not reach.
        may("Resource")?;
    }
    Ok(named)
}
