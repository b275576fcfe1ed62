//! `history` (<https://hl7.org/fhir/R4/http.html#history>) of one resource, of one person's
//! resources of a type, or of a type in the directory. There is none of everything: it would list
//! what is there.

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{ResourceId, Timestamp};
use fhir::IssueCode;
use fhir::bundle::{BundleHead, BundleItem, Response as Answered, write_bundle};
use fhir::types::{Kind, TypeFacts};
use sharing::disclose::{Mark, PageAsk};
use sharing::{Answer, Target, disclose};
use store::{HistoryAsk, PageRequest, StoredResource};

use super::caller::Calling;
use super::cursor::Place;
use super::extract::Address;
use super::fault::FHIR_JSON;
use super::read::{known_id, known_type, within_context_of};
use super::{Fault, answer, search};
use crate::app::App;
use crate::tokens::Right;

const USUAL_PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 1000;

/// `GET /fhir/{type}/_history`
pub async fn of_type(
    State(app): State<App>,
    Address(resource_type): Address<String>,
    RawQuery(query): RawQuery,
    calling: Calling,
) -> Result<Response, Fault> {
    let facts = known_type(&resource_type)?;
    let address = format!("{}/_history", facts.name);
    let asked = Asked::read(&query.unwrap_or_default(), &address)?;
    answer(&app, &calling, facts, None, &asked).await
}

/// `GET /fhir/{type}/{id}/_history`
pub async fn of_one(
    app: &App,
    calling: &Calling,
    resource_type: &str,
    id: &str,
    query: &str,
) -> Result<Response, Fault> {
    let facts = known_type(resource_type)?;
    let address = format!("{}/{id}/_history", facts.name);
    let id = known_id(app, calling, facts.name, id)?;
    let asked = Asked::read(query, &address)?;
    answer(app, calling, facts, Some(id), &asked).await
}

async fn answer(
    app: &App,
    calling: &Calling,
    facts: &'static TypeFacts,
    id: Option<ResourceId>,
    asked: &Asked,
) -> Result<Response, Fault> {
    let right = if id.is_some() {
        Right::Read
    } else {
        Right::Search
    };
    calling.may(facts.name, right)?;
    let place = asked.place(app, calling)?;
    if let Some(found) = in_directory(app, calling, facts, id, asked, place.as_ref()).await? {
        return Ok(found);
    }
    let patient = match (&id, &asked.patient) {
        (Some(id), _) => {
            within_context_of(app, calling, facts.name, *id).await?;
            None
        }
        (None, Some(text)) => {
            let patient = known_id(app, calling, "Patient", text)?;
            calling
                .within_context(app, facts.name, right, patient)
                .await?;
            Some(patient)
        }
        (None, None) => {
            let details = "say whose record: add patient=...";
            return Err(Fault::bad_request(IssueCode::Required, details));
        }
    };
    let (operation, after) = place.map_or((None, None), |place| {
        (Some(place.operation), Some(place.mark))
    });
    let target = Target::History {
        patient,
        resource_type: facts.name.to_owned(),
        id,
        since: asked.since,
        page: PageAsk {
            limit: asked.count,
            after,
            with_total: true,
        },
    };
    match disclose(&app.cx, &calling.asking, &target, operation).await? {
        Answer::Released(disclosure) => {
            let next = disclosure.next.clone().and_then(|mark| {
                let place = Place {
                    operation: disclosure.operation,
                    mark,
                };
                asked.link(app, calling, &place)
            });
            let versions = disclosure.released.resources();
            let body = bundle(app, asked, versions, next.as_deref(), disclosure.total);
            let mut response = json(body);
            answer::told(
                &mut response,
                &disclosure.decision,
                disclosure.released.receipt(),
            );
            Ok(response)
        }
        Answer::Refused(refusal) => Ok(answer::refused(&refusal)),
        Answer::Gone | Answer::Nothing => Err(Fault::not_found()),
    }
}

/// The history of what is nobody's record; `None` for what is, or may be, somebody's.
async fn in_directory(
    app: &App,
    calling: &Calling,
    facts: &TypeFacts,
    id: Option<ResourceId>,
    asked: &Asked,
    place: Option<&Place>,
) -> Result<Option<Response>, Fault> {
    let always = matches!(facts.kind, Kind::Directory | Kind::Definition);
    if !always && (facts.name == "Patient" || matches!(facts.kind, Kind::Person { .. })) {
        return Ok(None);
    }
    if asked.patient.is_some() {
        return Ok(None);
    }
    let snapshot = app.cx.store.snapshot().await;
    let mut snapshot = snapshot.map_err(sharing::Error::from)?;
    let after = match place {
        None => None,
        Some(place) => place.mark.cursor(snapshot.as_mut()).await?,
    };
    let ask = HistoryAsk {
        resource_type: facts.name,
        id: id.as_ref(),
        since: asked.since,
    };
    let page = PageRequest {
        limit: asked.count,
        after,
        with_total: true,
    };
    let page = snapshot.directory_history(&ask, &page).await;
    let page = page.map_err(sharing::Error::from)?;
    if page.total == Some(0) && id.is_some() {
        return match always {
            true => Err(Fault::not_found()),
            false => Ok(None),
        };
    }
    let next = Mark::at_end_of(&page).and_then(|mark| {
        let operation = [0; 16];
        asked.link(app, calling, &Place { operation, mark })
    });
    let body = bundle(app, asked, &page.resources, next.as_deref(), page.total);
    Ok(Some(json(body)))
}

fn json(body: Vec<u8>) -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response()
}

/// A Bundle of versions: what each was, or that it was a deletion.
fn bundle(
    app: &App,
    asked: &Asked,
    versions: &[StoredResource],
    next: Option<&str>,
    total: Option<u64>,
) -> Vec<u8> {
    struct Line {
        url: String,
        address: String,
        at: String,
    }
    let line = |one: &StoredResource| Line {
        url: format!("{}/{}/{}", app.base, one.resource_type, one.id),
        address: format!("{}/{}", one.resource_type, one.id),
        at: one.updated_at.to_string(),
    };
    let lines: Vec<Line> = versions.iter().map(line).collect();
    let items: Vec<BundleItem<'_>> = versions
        .iter()
        .zip(&lines)
        .map(|(one, line)| {
            let (method, status) = match (one.is_deletion(), one.version) {
                (true, _) => ("DELETE", "204 No Content"),
                (false, 1) => ("PUT", "201 Created"),
                (false, _) => ("PUT", "200 OK"),
            };
            BundleItem {
                full_url: Some(&line.url),
                resource: (!one.is_deletion()).then_some(one.bytes.as_slice()),
                search: None,
                ranked: None,
                request: Some((method, &line.address)),
                response: Some(Answered {
                    status,
                    version: Some(one.version),
                    last_modified: Some(&line.at),
                    ..Answered::default()
                }),
            }
        })
        .collect();
    let own = format!("{}/{}", app.base, asked.question);
    let mut links = vec![("self", own.as_str())];
    links.extend(next.map(|next| ("next", next)));
    let head = BundleHead {
        kind: "history",
        total,
        links: &links,
    };
    write_bundle(&head, &items)
}

/// The parameters of a history.
struct Asked {
    address: String,
    question: String,
    patient: Option<String>,
    since: Option<Timestamp>,
    count: u32,
    cursor: Option<String>,
}

impl Asked {
    fn read(query: &str, address: &str) -> Result<Self, Fault> {
        let mut asked = Self {
            address: address.to_owned(),
            question: String::new(),
            patient: None,
            since: None,
            count: USUAL_PAGE,
            cursor: None,
        };
        let wrong = |details: &str| Fault::bad_request(IssueCode::Value, details);
        let mut pairs = Vec::new();
        for (name, value) in fhir::search::pairs(query) {
            match name.as_str() {
                "_since" => {
                    let since = Timestamp::parse(&value);
                    let details = "_since is an instant such as 2027-01-11T09:00:00Z";
                    asked.since = Some(since.ok_or_else(|| wrong(details))?);
                }
                "_count" => {
                    let count: u32 = value.parse().map_err(|_| wrong("_count is a number"))?;
                    asked.count = count.clamp(1, LARGEST_PAGE);
                }
                "patient" | "_id" => {
                    let bare = value.strip_prefix("Patient/").unwrap_or(&value);
                    asked.patient = Some(bare.to_owned());
                }
                "_cursor" => {
                    asked.cursor = Some(value);
                    continue;
                }
                "_format" | "_pretty" => {}
                _ => {
                    let details = "a history takes _since and _count, and patient for a type";
                    return Err(Fault::bad_request(IssueCode::NotSupported, details));
                }
            }
            pairs.push((name, value));
        }
        asked.question = search::question(address, &pairs);
        Ok(asked)
    }

    fn place(&self, app: &App, calling: &Calling) -> Result<Option<Place>, Fault> {
        let sealed = self.cursor.as_deref();
        sealed
            .map(|text| app.cursors.open(&calling.asking, &self.question, text))
            .transpose()
    }

    fn link(&self, app: &App, calling: &Calling, place: &Place) -> Option<String> {
        search::link(app, calling, &self.question, &self.address, place)
    }
}
