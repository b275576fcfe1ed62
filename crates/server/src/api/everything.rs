//! Operations on one resource: `$everything`
//! (<https://hl7.org/fhir/R4/patient-operation-everything.html>) and `$original`, the bytes as
//! their contributor sent them.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use fhir::search::DateRange;
use fhir::{Issue, IssueCode};
use sharing::disclose::PageAsk;
use sharing::{Answer, Target, disclose};
use store::Within;

use super::caller::Calling;
use super::extract::Address;
use super::read::{known_id, known_type};
use super::search::Handling;
use super::{Fault, answer, history, meta, read, search};
use crate::app::App;
use crate::tokens::Right;

const USUAL_PAGE: u32 = 200;
const LARGEST_PAGE: u32 = 1000;

/// `GET /fhir/{type}/{id}/$operation`
pub async fn operation(
    State(app): State<App>,
    Address((resource_type, id, operation)): Address<(String, String, String)>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let address = (&*resource_type, &*id, &*operation);
    let query = query.unwrap_or_default();
    carry_out(&app, &calling, address, &query, Handling::of(&headers)).await
}

/// Carries out an operation by type, id and name; `bundle` answers the entries of a batch by it too.
pub async fn carry_out(
    app: &App,
    calling: &Calling,
    (resource_type, id, operation): (&str, &str, &str),
    query: &str,
    handling: Handling,
) -> Result<Response, Fault> {
    let facts = known_type(resource_type)?;
    match (facts.name, operation) {
        ("Patient", "$everything") => everything(app, calling, id, query).await,
        (_, "$original") => original(app, calling, facts.name, id).await,
        (_, "$meta") => meta::of_one(app, calling, facts.name, id).await,
        (_, "_history") => history::of_one(app, calling, facts.name, id, query).await,
        ("Patient", of) if of == "*" || fhir::types::of(of).is_some() => {
            search::in_compartment(app, calling, (facts.name, id, of), query, handling).await
        }
        _ => Err(no_such_operation()),
    }
}

/// 404 for an operation that is not offered.
pub fn no_such_operation() -> Fault {
    let details = "there is no such operation here: the capability statement at /fhir/metadata lists those that are";
    Fault::new(
        StatusCode::NOT_FOUND,
        Issue::error(IssueCode::NotSupported, details),
    )
}

async fn everything(
    app: &App,
    calling: &Calling,
    id: &str,
    query: &str,
) -> Result<Response, Fault> {
    calling.may("Patient", Right::Read)?;
    let patient = known_id(app, calling, "Patient", id)?;
    calling
        .within_context(app, "Patient", Right::Read, patient)
        .await?;
    let asked = Everything::read(query)?;
    let address = format!("Patient/{id}/$everything");
    let question = search::question(&address, &asked.pairs);
    let place = asked
        .cursor
        .as_deref()
        .map(|text| app.cursors.open(&calling.asking, &question, text))
        .transpose()?;
    let (operation, after) = place.map_or((None, None), |place| {
        (Some(place.operation), Some(place.mark))
    });
    let target = Target::Everything {
        patient,
        types: asked.types,
        within: asked.within,
        page: PageAsk {
            limit: asked.count,
            after,
            with_total: true,
        },
    };
    match disclose(&app.cx, &calling.asking, &target, operation).await? {
        Answer::Released(disclosure) => Ok(search::page(
            app,
            calling,
            &question,
            &address,
            &disclosure,
            &[],
        )),
        Answer::Refused(refusal) => Ok(answer::refused(&refusal)),
        Answer::Gone | Answer::Nothing => Err(Fault::not_found()),
    }
}

/// The parameters of `$everything`.
struct Everything {
    types: Vec<String>,
    within: Within,
    count: u32,
    pairs: Vec<(String, String)>,
    cursor: Option<String>,
}

impl Everything {
    fn read(query: &str) -> Result<Self, Fault> {
        let mut asked = Self {
            types: Vec::new(),
            within: Within::default(),
            count: USUAL_PAGE,
            pairs: Vec::new(),
            cursor: None,
        };
        for (name, value) in fhir::search::pairs(query) {
            match name.as_str() {
                "_type" => asked.types = types(&value)?,
                "_since" => {
                    let since = Timestamp::parse(&value);
                    asked.within.since = Some(since.ok_or_else(|| {
                        Fault::bad_request(
                            IssueCode::Value,
                            "_since is an instant such as 2027-01-11T09:00:00Z",
                        )
                    })?);
                }
                "start" => asked.within.start = Some(Timestamp(days(&value)?.from_us)),
                "end" => asked.within.end = Some(Timestamp(days(&value)?.to_us)),
                "_count" => {
                    let count: u32 = value
                        .parse()
                        .map_err(|_| Fault::bad_request(IssueCode::Value, "_count is a number"))?;
                    asked.count = count.clamp(1, LARGEST_PAGE);
                }
                "_cursor" => {
                    asked.cursor = Some(value);
                    continue;
                }
                "_format" => continue,
                _ => {
                    return Err(Fault::bad_request(
                        IssueCode::NotSupported,
                        "$everything takes _type, _since, start, end and _count here",
                    ));
                }
            }
            asked.pairs.push((name, value));
        }
        Ok(asked)
    }
}

/// The whole of a day, month or year: care from the first to the last of them is meant.
fn days(value: &str) -> Result<DateRange, Fault> {
    DateRange::parse(value).ok_or_else(|| {
        Fault::bad_request(
            IssueCode::Value,
            "start and end are dates such as 2027-01-11",
        )
    })
}

fn types(value: &str) -> Result<Vec<String>, Fault> {
    value
        .split(',')
        .map(|name| known_type(name).map(|facts| facts.name.to_owned()))
        .collect()
}

async fn original(
    app: &App,
    calling: &Calling,
    resource_type: &'static str,
    id: &str,
) -> Result<Response, Fault> {
    calling.may(resource_type, Right::Read)?;
    let id = known_id(app, calling, resource_type, id)?;
    if let Some(bytes) =
        sharing::disclose::directory_original(&app.cx, &calling.asking, resource_type, &id).await?
    {
        return Ok((
            StatusCode::OK,
            [(header::CONTENT_TYPE, super::fault::FHIR_JSON)],
            bytes,
        )
            .into_response());
    }
    read::within_context_of(app, calling, resource_type, id).await?;
    let target = Target::Original {
        resource_type: resource_type.to_owned(),
        id,
    };
    match disclose(&app.cx, &calling.asking, &target, None).await? {
        Answer::Released(disclosure) => Ok(answer::resource(&disclosure)),
        Answer::Refused(refusal) => Ok(answer::refused(&refusal)),
        Answer::Gone | Answer::Nothing => Err(Fault::not_found()),
    }
}
