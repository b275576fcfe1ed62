//! Search in one person's compartment (<https://hl7.org/fhir/R4/compartmentdefinition-patient.html>):
//! the same as a search with `patient=`, by another address.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use fhir::IssueCode;

use super::system::of_types;
use super::{Handling, search, with_form};
use crate::api::Fault;
use crate::api::caller::Calling;
use crate::api::everything::no_such_operation;
use crate::api::extract::{Address, Whole};
use crate::api::read::known_type;
use crate::app::App;

/// Every type of a compartment, as it is named in an address.
const ALL: &str = "*";

/// `POST /fhir/Patient/{id}/_search`
pub async fn compartment_by_post(
    State(app): State<App>,
    Address((owner, id)): Address<(String, String)>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let query = with_form(query, &body);
    let asked = (&*owner, &*id, ALL);
    in_compartment(&app, &calling, asked, &query, Handling::of(&headers)).await
}

/// `POST /fhir/Patient/{id}/{type}/_search`
pub async fn type_in_compartment_by_post(
    State(app): State<App>,
    Address((owner, id, of)): Address<(String, String, String)>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let query = with_form(query, &body);
    let asked = (&*owner, &*id, &*of);
    in_compartment(&app, &calling, asked, &query, Handling::of(&headers)).await
}

/// `GET /fhir/Patient/{id}/{type}?...`, or `*` for all types: what is in that person's compartment.
/// There is no compartment but a Patient's.
pub async fn in_compartment(
    app: &App,
    calling: &Calling,
    (owner, patient, of): (&str, &str, &str),
    query: &str,
    handling: Handling,
) -> Result<Response, Fault> {
    if known_type(owner)?.name != "Patient" {
        return Err(no_such_operation());
    }
    if of == ALL {
        let query = format!("patient={patient}&{query}");
        return of_types(app, calling, query.trim_end_matches('&'), handling).await;
    }
    let facts = known_type(of)?;
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
    search(
        app,
        calling,
        facts.name,
        query.trim_end_matches('&'),
        handling,
    )
    .await
}
