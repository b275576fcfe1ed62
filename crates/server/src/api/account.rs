//! The person's account as FHIR AuditEvents, after IHE's Basic Audit Log Patterns
//! (<https://profiles.ihe.net/ITI/BALP/>).

use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Purpose, ResourceId};
use fhir::audit::{Happened, audit_event};
use fhir::outcome::Severity;
use fhir::{Issue, IssueCode};
use sharing::PackAsk;
use sharing::account::{
    Account, AccountAsk, Earlier, KeptLine, Line, Place, Visit, Visited, account, own_patient,
    visit,
};
use sharing::event::Event;
use sharing::screened::{THIRD_PARTY, purpose_told};

use super::answer::DECISION;
use super::caller::Calling;
use super::fault::FHIR_JSON;
use super::{Fault, answer, search};
use crate::app::App;
use crate::portal::words;
use crate::tokens::Right;

const PAGE: usize = 100;

/// `GET /fhir/AuditEvent`: who was told what, for the person whose token asks; with `patient`, for one
/// who acts for them, as far as they may read it, and whole for whoever visits for the Commission.
pub async fn list(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    calling: Calling,
) -> Result<Response, Fault> {
    account_of(&app, &calling, &query.unwrap_or_default()).await
}

/// `GET /fhir/AuditEvent/$pack`: the evidence pack of the person whose token asks. Fields named by
/// `leave-out` are withheld in it; `list` names another of the lists that the account is made of.
/// With `patient` it is the caller's own view of the account of somebody for whom they act.
pub async fn pack(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    calling: Calling,
) -> Result<Response, Fault> {
    calling.may("AuditEvent", Right::Search)?;
    let pairs = fhir::search::pairs(&query.unwrap_or_default());
    let mut ask = PackAsk::default();
    for (name, value) in pairs {
        match name.as_str() {
            "leave-out" => ask.leave_out.push(value),
            "list" => ask.list = number(&value)?,
            "patient" => ask.of = Some(patient(&value)?),
            _ => {}
        }
    }
    let pack = sharing::pack(&app.cx, &calling.asking, &app.desk.log_key, &ask).await?;
    pack.map(download).ok_or_else(|| not_theirs(ask.of))
}

/// Of whom: the id of any Patient that is the person, or a reference to it.
///
/// # Errors
/// A 404 for what is no id, as for an id that nobody has.
fn patient(text: &str) -> Result<ResourceId, Fault> {
    let id = text.strip_prefix("Patient/").unwrap_or(text);
    id.parse().map_err(|_| Fault::not_found())
}

/// Whoever names somebody learns no more than that there is nothing to see.
fn not_theirs(of: Option<ResourceId>) -> Fault {
    of.map_or_else(not_the_person, |_| Fault::not_found())
}

/// Which list of an account is meant.
///
/// # Errors
/// A 400 for what is no number of a list.
fn number(text: &str) -> Result<usize, Fault> {
    let details =
        "list is a number from 1: an account is made of several where Patients were joined";
    text.parse()
        .map_err(|_| Fault::bad_request(IssueCode::Value, details))
}

/// A pack as a file to keep.
pub fn download(pack: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"who-was-told.pack\"",
        ),
    ];
    (StatusCode::OK, headers, pack).into_response()
}

fn not_the_person() -> Fault {
    let details =
        "an account is read by the person it is about, with their own token for the purpose PATRQT";
    Fault::new(
        StatusCode::FORBIDDEN,
        Issue::error(IssueCode::Forbidden, details),
    )
}

/// The caller's own account; `bundle` answers the entries of a batch by it too.
pub async fn account_of(app: &App, calling: &Calling, query: &str) -> Result<Response, Fault> {
    calling.may("AuditEvent", Right::Search)?;
    let after = after(query)?;
    let of = of(query)?;
    let page = AccountAsk {
        limit: PAGE,
        after,
        of,
        earlier: true,
    };
    if let Some(patient) = of.filter(|_| is_visitor(calling)) {
        return visited(app, calling, patient, &page).await;
    }
    let Some(account) = account(&app.cx, &calling.asking, &page).await? else {
        return Err(not_theirs(of));
    };
    let patient = match of {
        Some(of) => Some(of),
        None => own_patient(&app.cx, &calling.asking).await?,
    };
    let patient = patient.map_or_else(String::new, |patient| patient.to_string());
    let earlier = account.earlier.as_ref();
    let before = earlier.into_iter().flat_map(|it| &it.lines);
    let events = account
        .lines
        .iter()
        .chain(before)
        .map(|line| (line, said(line)));
    let notes = earlier.map_or_else(Vec::new, said_of_earlier);
    Ok(bundle(app, &account, (events, &notes), (of, &patient)))
}

/// That the last lines are of before it was known that the reader acts for the person, and of what
/// there are more that their powers do not reach.
fn said_of_earlier(earlier: &Earlier) -> Vec<Issue> {
    let said = |it: String| {
        Issue::error(IssueCode::Informational, it).with_severity(Severity::Information)
    };
    let lines = earlier.lines.len();
    let last = format!(
        "the last {lines} lines were told before it was known here that you act for this person"
    );
    let beyond = earlier.beyond.iter().map(|(category, lines)| {
        let words = category.words();
        format!(
            "not shown of before, because your powers do not reach that far: {words}, {lines} lines"
        )
    });
    let last = (lines > 0).then_some(last);
    last.into_iter().chain(beyond).map(said).collect()
}

/// Somebody at work who asks as a regulator: they read an account under a visit, or not at all.
fn is_visitor(calling: &Calling) -> bool {
    calling.asking.caller.worker().is_some() && calling.asking.purpose == Purpose::Regulator
}

/// The whole account under a visit of the Mental Welfare Commission. What is held back from the person
/// comes with the first page, each line with its date; what is delayed, barred and locked now is said
/// in its outcome.
async fn visited(
    app: &App,
    calling: &Calling,
    patient: ResourceId,
    page: &AccountAsk,
) -> Result<Response, Fault> {
    let visit = match visit(&app.cx, &calling.asking, patient, page).await? {
        Visited::Open(visit) => visit,
        Visited::Refused(refusal) => return Ok(answer::refused(&refusal)),
        Visited::Nobody => return Err(Fault::not_found()),
    };
    let Visit {
        answer,
        account,
        kept,
        restrictions,
    } = *visit;
    let events = account
        .lines
        .iter()
        .map(|line| (line, words::sentence(&line.event)));
    let events = kept.iter().map(kept_line).chain(events);
    let notes: Vec<Issue> = restrictions
        .into_iter()
        .map(|said| {
            Issue::error(IssueCode::Informational, said).with_severity(Severity::Information)
        })
        .collect();
    let id = patient.to_string();
    let whole = HeaderValue::from_static(answer.code());
    let mut response = bundle(app, &account, (events, &notes), (Some(patient), &id));
    response.headers_mut().insert(DECISION, whole);
    Ok(response)
}

/// A line as a sentence. That it is contested goes wherever the line goes.
fn said(line: &Line) -> String {
    let sentence = words::sentence(&line.event);
    match line.contested {
        true => format!(
            "{sentence} This is contested: somebody who took no part in it looks at it again."
        ),
        false => sentence,
    }
}

/// A line that the person is not told yet, with when and why.
fn kept_line(kept: &KeptLine) -> (&Line, String) {
    let until = sharing::spoken::moment(kept.until);
    let said = words::sentence(&kept.line.event);
    let ground = &kept.ground;
    let line = format!("{said} Delayed: the person is not told of it before {until} ({ground}).");
    (&kept.line, line)
}

/// One page of lines with their sentences, and what is to be said beside them.
fn bundle<'l>(
    app: &App,
    account: &Account,
    (lines, notes): (impl Iterator<Item = (&'l Line, String)>, &[Issue]),
    (of, patient): (Option<ResourceId>, &str),
) -> Response {
    let own = format!("{}/AuditEvent", app.base);
    let more = of.map_or_else(String::new, |of| format!("&patient={of}"));
    let next = account
        .next
        .as_ref()
        .map(|next| format!("{own}?_cursor={next}{more}"));
    let events: Vec<(String, Vec<u8>)> = lines
        .map(|(line, said)| {
            let url = format!("{own}/{}", line.commitment);
            (url, event(line, &said, patient))
        })
        .collect();
    let entries: Vec<(String, &[u8])> = events
        .iter()
        .map(|(url, event)| (url.clone(), event.as_slice()))
        .collect();
    let body = search::searchset(&search::SearchSet {
        matches: &entries,
        own: &own,
        next: next.as_deref(),
        notes,
        ..search::SearchSet::default()
    });
    let headers = [
        (header::CONTENT_TYPE, FHIR_JSON),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (StatusCode::OK, headers, body).into_response()
}

fn event(line: &Line, sentence: &str, patient: &str) -> Vec<u8> {
    let event = &line.event;
    let purpose: Option<Purpose> = event.purpose.parse().ok();
    let shared = event.answer.starts_with("PERMIT");
    audit_event(&fhir::audit::Line {
        id: &line.commitment,
        recorded: &line.at.to_string(),
        happened: if shared {
            Happened::Disclosed
        } else {
            Happened::Refused
        },
        purpose: (purpose.map_or("", Purpose::system), purpose_told(event)),
        sentence,
        requester: &event.name,
        role: &event.role,
        organisation: &event.organisation_name,
        patient,
        custodian: "",
        data: &[],
        reason: &event.reason,
        withheld: &withheld(event),
        receipt: &line.commitment,
    })
}

/// What is not told, with the code of why, as other systems read it.
fn withheld(event: &Event) -> Vec<String> {
    let fields = event.withheld.iter();
    fields
        .map(|field| format!("{field} {THIRD_PARTY}"))
        .collect()
}

fn of(query: &str) -> Result<Option<ResourceId>, Fault> {
    let pairs = fhir::search::pairs(query);
    let named = pairs.iter().find(|(name, _)| name == "patient");
    named.map(|(_, text)| patient(text)).transpose()
}

/// Places in one's own account are open: nothing in it is hidden from its owner by its place.
fn after(query: &str) -> Result<Option<Place>, Fault> {
    let pairs = fhir::search::pairs(query);
    let Some((_, text)) = pairs.iter().find(|(name, _)| name == "_cursor") else {
        return Ok(None);
    };
    let Ok(place) = text.parse() else {
        let details = "this is no page of this account";
        return Err(Fault::bad_request(IssueCode::Value, details));
    };
    Ok(Some(place))
}
