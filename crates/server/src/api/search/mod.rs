//! `search` (<https://hl7.org/fhir/R4/search.html>), of one type or several: within one named person,
//! for a person, or in the directory. Search is disclosure: every person in an answer is decided and told.

mod asked;
mod compartment;
mod directory;
mod page;
mod people;
mod system;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::ResourceId;
use fhir::IssueCode;
use fhir::search::parse_query;
use fhir::types::Kind;
use sharing::disclose::PageAsk;
use sharing::{Answer, Target, disclose};

pub use asked::question;
use asked::{Asked, without_cursor};
pub use compartment::{compartment_by_post, in_compartment, type_in_compartment_by_post};
pub use page::{SearchSet, link, page, searchset};
pub use system::{of_types, system_by_get, system_by_post};

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
    let query = with_form(query, &body);
    let handling = Handling::of(&headers);
    search(&app, &calling, &resource_type, &query, handling).await
}

/// What is asked in the address and in the form of a `_search`.
fn with_form(query: Option<String>, form: &[u8]) -> String {
    let form = String::from_utf8_lossy(form);
    let both = [query.unwrap_or_default().as_str(), &form].join("&");
    both.trim_matches('&').to_owned()
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
    /// What `Prefer: handling=` asks for; lenient unless it says strict.
    pub fn of(headers: &HeaderMap) -> Self {
        let prefer = headers.get_all("prefer").iter();
        let mut words = prefer.filter_map(|value| value.to_str().ok());
        match words.any(|text| text.contains("handling=strict")) {
            true => Self::Strict,
            false => Self::Lenient,
        }
    }
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
        query: parse_query(&[facts.name], &pairs).map_err(sharing::Error::invalid)?,
        whose: Vec::new(),
        address: facts.name,
        question: question(facts.name, &pairs),
        cursor,
    };
    answered(app, calling, asked, &pairs, handling).await
}

/// Answers a search of whichever types, by whom it may be about.
async fn answered(
    app: &App,
    calling: &Calling,
    asked: Asked,
    pairs: &[(String, String)],
    handling: Handling,
) -> Result<Response, Fault> {
    if handling == Handling::Strict && !asked.query.unsupported.is_empty() {
        return Err(unsupported(&asked.query.unsupported));
    }
    if asked.whose.is_empty() && asked.types().all(is_nobodys) {
        return directory::directory(app, calling, &asked).await;
    }
    let only_patients = asked.types().all(|rtype| rtype == "Patient");
    match asked.patient(app, calling)? {
        Some(patient) => person(app, calling, asked, patient).await,
        None if only_patients => people::people(app, calling, pairs).await,
        None if asked.types().all(may_be_nobodys) => {
            directory::directory(app, calling, &asked).await
        }
        None => {
            let details = "say whose record: add patient=... (a search across people shows only your own agency's contributions, which this exchange does not offer yet)";
            Err(Fault::bad_request(IssueCode::Required, details))
        }
    }
}

fn kind_of(resource_type: &str) -> Option<Kind> {
    fhir::types::of(resource_type).map(|facts| facts.kind)
}

fn is_nobodys(resource_type: &str) -> bool {
    matches!(
        kind_of(resource_type),
        Some(Kind::Definition | Kind::Directory)
    )
}

fn may_be_nobodys(resource_type: &str) -> bool {
    let may_be = matches!(
        kind_of(resource_type),
        Some(Kind::Either { .. } | Kind::Other)
    );
    is_nobodys(resource_type) || (may_be && resource_type != "Patient")
}

async fn person(
    app: &App,
    calling: &Calling,
    asked: Asked,
    patient: ResourceId,
) -> Result<Response, Fault> {
    let is_narrow = |rtype: &&str| calling.is_for_one_record(rtype, Right::Search);
    if let Some(rtype) = asked.types().find(is_narrow) {
        calling
            .within_context(app, rtype, Right::Search, patient)
            .await?;
    }
    let place = asked.place(app, calling)?;
    let (operation, after) = place.map_or((None, None), |place| {
        (Some(place.operation), Some(place.mark))
    });
    let target = Target::Search {
        patient,
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
            asked.address,
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
