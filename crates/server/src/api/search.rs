//! `search` (<https://hl7.org/fhir/R4/search.html>): within one named person, for a person, or in
//! the directory. Search is disclosure: every person in an answer is decided and told.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ResourceId;
use fhir::bundle::{BundleHead, BundleItem, SearchMode, write_bundle};
use fhir::outcome::operation_outcome;
use fhir::search::{Filter, Query, parse_query};
use fhir::types::Kind;
use fhir::{Issue, IssueCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sharing::disclose::{Disclosure, Mark, PageAsk};
use sharing::find::Sought;
use sharing::{Answer, Target, disclose, find};
use store::{PageRequest, StoredResource};

use super::caller::Calling;
use super::cursor::Place;
use super::extract::{Address, Whole};
use super::fault::FHIR_JSON;
use super::read::known_type;
use super::{Fault, answer};
use crate::app::App;
use crate::tokens::Right;

/// All but RFC 3986's unreserved characters, so that a link reads as it was asked.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How many resources a page holds unless `_count` says otherwise, and the most it holds.
const USUAL_PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 1000;
/// The parameter that carries a sealed place.
const CURSOR: &str = "_cursor";

/// `GET /fhir/{type}?...`
pub async fn by_get(
    State(app): State<App>,
    Address(resource_type): Address<String>,
    RawQuery(query): RawQuery,
    calling: Calling,
) -> Result<Response, Fault> {
    search(&app, &calling, &resource_type, &query.unwrap_or_default()).await
}

/// `POST /fhir/{type}/_search`, so that what is looked for stays out of addresses and logs.
pub async fn by_post(
    State(app): State<App>,
    Address(resource_type): Address<String>,
    RawQuery(query): RawQuery,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let form = String::from_utf8_lossy(&body);
    let both = [query.unwrap_or_default().as_str(), &form].join("&");
    search(&app, &calling, &resource_type, both.trim_matches('&')).await
}

/// Searches one type; `bundle` answers the entries of a batch by it too.
pub async fn search(
    app: &App,
    calling: &Calling,
    resource_type: &str,
    query: &str,
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
    match facts.kind {
        Kind::Definition | Kind::Directory => directory(app, calling, &asked).await,
        _ if facts.name == "Patient" && asked.patient(app, calling)?.is_none() => {
            people(app, calling, &pairs).await
        }
        Kind::Either { .. } | Kind::Other if asked.patient(app, calling)?.is_none() => {
            directory(app, calling, &asked).await
        }
        _ => person(app, calling, asked).await,
    }
}

/// A search as it was asked.
struct Asked {
    resource_type: &'static str,
    query: Query,
    /// The question without its place, to which a place is bound.
    question: String,
    cursor: Option<String>,
}

impl Asked {
    /// The one Patient that the search names.
    fn patient(&self, app: &App, calling: &Calling) -> Result<Option<ResourceId>, Fault> {
        let mut named = Vec::new();
        for filter in &self.query.filters {
            match filter {
                Filter::Reference { param, any_of }
                    if matches!(*param, "patient" | "subject" | "beneficiary") =>
                {
                    named.extend(
                        any_of
                            .iter()
                            .filter(|(rtype, _)| {
                                rtype.as_deref().is_none_or(|rtype| rtype == "Patient")
                            })
                            .map(|(_, id)| id),
                    );
                }
                Filter::Id(ids) if self.resource_type == "Patient" => named.extend(ids),
                _ => {}
            }
        }
        match named.as_slice() {
            [] => Ok(None),
            [id] => sharing::contribute::wire_id(&app.cx, &calling.asking, "Patient", id)
                .map(Some)
                .ok_or_else(Fault::not_found),
            _ => Err(Fault::bad_request(
                IssueCode::NotSupported,
                "a search may name one person: send a batch for several",
            )),
        }
    }

    /// The filters that are left once the person is known: whose record it is goes by the permit.
    /// Ids in the others become ours.
    fn within_person(&self, app: &App, calling: &Calling) -> Query {
        let mut query = self.query.clone();
        query.filters.retain(|filter| match filter {
            Filter::Reference { param, .. } => {
                !matches!(*param, "patient" | "subject" | "beneficiary")
            }
            _ => true,
        });
        let ours = |resource_type: &str, id: &mut String| {
            if let Some(known) =
                sharing::contribute::wire_id(&app.cx, &calling.asking, resource_type, id)
            {
                *id = known.to_string();
            }
        };
        for filter in &mut query.filters {
            match filter {
                Filter::Id(ids) => ids.iter_mut().for_each(|id| ours(self.resource_type, id)),
                Filter::Reference { any_of, .. } => {
                    for (resource_type, id) in any_of {
                        if let Some(resource_type) =
                            resource_type.as_deref().filter(|name| !name.is_empty())
                        {
                            ours(resource_type, id);
                        }
                    }
                }
                _ => {}
            }
        }
        query
    }

    /// Where the page before ended, if this goes on from one.
    fn place(&self, app: &App, calling: &Calling) -> Result<Option<Place>, Fault> {
        let sealed = self.cursor.as_deref();
        sealed
            .map(|text| app.cursors.open(&calling.asking, &self.question, text))
            .transpose()
    }

    fn limit(&self) -> u32 {
        self.query
            .count
            .unwrap_or(USUAL_PAGE)
            .clamp(1, LARGEST_PAGE)
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
            with_total: true,
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

/// One page of a disclosure as a searchset Bundle; `everything` answers by it too.
pub fn page(
    app: &App,
    calling: &Calling,
    question: &str,
    address: &str,
    disclosure: &Disclosure,
    unsupported: &[String],
) -> Response {
    let next = disclosure.next.clone().and_then(|mark| {
        let place = Place {
            operation: disclosure.operation,
            mark,
        };
        link(app, calling, question, address, &place)
    });
    let mut notes: Vec<Issue> = answer::notice(&disclosure.decision).into_iter().collect();
    notes.extend(ignored(unsupported));
    let body = bundle(
        app,
        disclosure.released.resources(),
        &format!("{}/{}", app.base, question),
        next.as_deref(),
        disclosure.total,
        &notes,
    );
    let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response();
    answer::told(
        &mut response,
        &disclosure.decision,
        disclosure.released.receipt(),
    );
    response
}

/// The address of the page that goes on from a place.
fn link(
    app: &App,
    calling: &Calling,
    question: &str,
    address: &str,
    place: &Place,
) -> Option<String> {
    let sealed = app
        .cursors
        .seal(app.cx.chance.as_ref(), &calling.asking, question, place)?;
    let query = question.split_once('?').map_or("", |(_, query)| query);
    let glue = if query.is_empty() { "" } else { "&" };
    Some(format!(
        "{}/{address}?{query}{glue}{CURSOR}={sealed}",
        app.base
    ))
}

/// A searchset of resources in the bytes they were stored in.
fn bundle(
    app: &App,
    resources: &[StoredResource],
    own: &str,
    next: Option<&str>,
    total: Option<u64>,
    notes: &[Issue],
) -> Vec<u8> {
    let entries: Vec<(String, &[u8])> = resources
        .iter()
        .map(|resource| {
            (
                format!("{}/{}/{}", app.base, resource.resource_type, resource.id),
                resource.bytes.as_slice(),
            )
        })
        .collect();
    searchset(&entries, own, next, total, notes)
}

/// A searchset of entries, with what is to be said about it as its last entry.
pub fn searchset(
    entries: &[(String, &[u8])],
    own: &str,
    next: Option<&str>,
    total: Option<u64>,
    notes: &[Issue],
) -> Vec<u8> {
    let mut links = vec![("self", own)];
    links.extend(next.map(|next| ("next", next)));
    let outcome = (!notes.is_empty()).then(|| operation_outcome(notes));
    let mut items: Vec<BundleItem<'_>> = entries
        .iter()
        .map(|(full_url, resource)| BundleItem {
            full_url: Some(full_url),
            resource: Some(resource),
            search: Some(SearchMode::Match),
            response: None,
        })
        .collect();
    items.extend(outcome.as_deref().map(|outcome| BundleItem {
        resource: Some(outcome),
        search: Some(SearchMode::Outcome),
        ..BundleItem::default()
    }));
    write_bundle(
        &BundleHead {
            kind: "searchset",
            total,
            links: &links,
        },
        &items,
    )
}

/// Finding a person: their fixed demographic view and nothing of their record.
async fn people(
    app: &App,
    calling: &Calling,
    pairs: &[(String, String)],
) -> Result<Response, Fault> {
    if calling.verified.patient.is_some() || calling.asking.caller.organisation().is_none() {
        let details = "this token is for one patient: read that Patient by its id";
        return Err(Fault::new(
            StatusCode::FORBIDDEN,
            Issue::error(IssueCode::Forbidden, details),
        ));
    }
    let sought = sought(pairs)?;
    app.may_find(&calling.asking)?;
    let found = find(&app.cx, &calling.asking, &sought).await?;
    let mut notes = Vec::new();
    if found.more {
        notes.push(
            Issue::error(
                IssueCode::Informational,
                "more people match than may be shown: say more about whom you mean",
            )
            .with_severity(fhir::Severity::Information),
        );
    }
    let total = u64::try_from(found.people.len())
        .ok()
        .filter(|_| !found.more);
    let entries: Vec<(String, &[u8])> = found
        .people
        .iter()
        .map(|person| {
            (
                format!("{}/Patient/{}", app.base, person.patient),
                person.view.as_slice(),
            )
        })
        .collect();
    let body = searchset(
        &entries,
        &format!("{}/Patient", app.base),
        None,
        total,
        &notes,
    );
    let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response();
    if let Some(receipt) = &found.receipt
        && let Ok(value) = receipt.receipt.encode().parse()
    {
        response.headers_mut().insert(answer::RECEIPT, value);
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn sought(pairs: &[(String, String)]) -> Result<Sought, Fault> {
    let mut sought = Sought::default();
    for (name, value) in pairs {
        match name.as_str() {
            "name" | "family" | "given" => {
                sought.name.push(' ');
                sought.name.push_str(value);
            }
            "birthdate" => {
                sought.birth_date = Some(value.strip_prefix("eq").unwrap_or(value).to_owned());
            }
            "identifier" => {
                let (system, code) = value.split_once('|').unwrap_or(("", value));
                sought.identifier = Some((system.to_owned(), code.to_owned()));
            }
            "_count" | "_format" | "_total" => {}
            other => {
                let details = format!(
                    "a person is found by identifier, or by name, family or given with birthdate; not by {}",
                    other.split(':').next().unwrap_or_default()
                );
                return Err(Fault::bad_request(IssueCode::NotSupported, &details));
            }
        }
    }
    Ok(sought)
}

/// Directory and definition resources, which are nobody's record. Their places are sealed like any
/// other: the number of a row would tell how many rows, of whomever, came before it.
async fn directory(app: &App, calling: &Calling, asked: &Asked) -> Result<Response, Fault> {
    let mut snapshot = app
        .cx
        .store
        .snapshot()
        .await
        .map_err(sharing::Error::from)?;
    let after = match asked.place(app, calling)? {
        None => None,
        Some(place) => place.mark.cursor(snapshot.as_mut()).await?,
    };
    let page = PageRequest {
        limit: asked.limit(),
        after,
        with_total: true,
    };
    let page = snapshot
        .directory_search(asked.resource_type, &asked.query, &page)
        .await
        .map_err(sharing::Error::from)?;
    let next = Mark::at_end_of(&page).and_then(|mark| {
        let operation = [0; 16];
        let place = Place { operation, mark };
        link(app, calling, &asked.question, asked.resource_type, &place)
    });
    let own = format!("{}/{}", app.base, asked.question);
    let notes: Vec<Issue> = ignored(&asked.query.unsupported).into_iter().collect();
    let body = bundle(
        app,
        &page.resources,
        &own,
        next.as_deref(),
        page.total,
        &notes,
    );
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response())
}

/// Parameters that are not supported are ignored and named, as the specification has it for
/// lenient handling.
fn ignored(unsupported: &[String]) -> Option<Issue> {
    if unsupported.is_empty() {
        return None;
    }
    let details = format!(
        "search parameters that are not supported were ignored: {}",
        unsupported.join(", ")
    );
    Some(Issue::error(IssueCode::NotSupported, details).with_severity(fhir::Severity::Warning))
}

fn without_cursor(pairs: Vec<(String, String)>) -> (Vec<(String, String)>, Option<String>) {
    let (cursor, pairs): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == CURSOR);
    (pairs, cursor.into_iter().next().map(|(_, text)| text))
}

/// The question in one spelling, as links and places use it.
pub fn question(address: &str, pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return address.to_owned();
    }
    let encode = |text: &str| utf8_percent_encode(text, &RESERVED).to_string();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    format!("{address}?{}", pairs.join("&"))
}
