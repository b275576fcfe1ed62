//! Child protection messages, as operations on Communication: `$raise`, `$link` and `$told`
//! (docs/reference/http.md). They are said anew, closed and retracted as any message is.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::message::Kind;
use domain::{TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use sharing::Error;
use sharing::messages::protection::{self, Linked, Raise};

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::messages::{Parameters, acting, opened};
use crate::app::App;
use crate::tokens::Right;

/// `POST /fhir/Communication/$raise` with Parameters `patient`, `to` (repeated), `answers-for`,
/// `linked-child` and `linked-adult` (Patients; repeated), `hold-until` with `hold-reason`, and
/// `discussion`, that of agencies out of which it is raised.
pub async fn raise(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    calling.may("Communication", Right::Create)?;
    if calling.is_for_one_record("Communication", Right::Create) {
        return Err(Fault::not_found());
    }
    let sent = Parameters::read(&body)?;
    let patient = app.cx.ids.ours(sent.needed("patient")?);
    let patient = patient.ok_or_else(Fault::not_found)?;
    let mut linked = Vec::new();
    for (name, kind) in [
        ("linked-child", Kind::LinkedChild),
        ("linked-adult", Kind::LinkedAdult),
    ] {
        for id in sent.all(name) {
            let patient = app.cx.ids.ours(id).ok_or_else(Fault::not_found)?;
            linked.push(Linked {
                patient,
                kind,
                care: None,
            });
        }
    }
    let out_of = match sent.first("discussion") {
        None => None,
        Some(id) => Some(app.cx.ids.ours(id).ok_or_else(Fault::not_found)?),
    };
    let what = Raise {
        to: sent.all("to").map(TeamId::new).collect(),
        answers_for: sent.first("answers-for").map(TeamId::new),
        linked,
        hold: hold(&sent)?,
        out_of,
    };
    let raised = protection::raise(&app.cx, &calling.asking, patient, &what).await?;
    opened(&app, &calling, raised.id, StatusCode::CREATED).await
}

/// Until when accounts do not show it, and the recorded reason of safety.
pub(super) fn hold(sent: &Parameters) -> Result<Option<(Timestamp, String)>, Fault> {
    let Some(until) = sent.first("hold-until") else {
        return Ok(None);
    };
    let until = Timestamp::parse(until).ok_or_else(|| {
        let details = "this is no instant such as 2027-02-13T09:00:00Z";
        Error::invalid(Issue::error(IssueCode::Value, details).at("hold-until"))
    })?;
    Ok(Some((until, sent.needed("hold-reason")?.to_owned())))
}

/// `POST /fhir/Communication/{id}/$link` with Parameters `patient`, `kind` (`linked-child` or
/// `linked-adult`) and, for somebody whose own care must go on, `care`.
pub async fn link(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let patient = app.cx.ids.ours(sent.needed("patient")?);
    let kind = Kind::from_code(sent.needed("kind")?).ok_or_else(|| {
        let details = "a kind is linked-child or linked-adult";
        Error::invalid(Issue::error(IssueCode::Value, details).at("kind"))
    })?;
    let linked = Linked {
        patient: patient.ok_or_else(Fault::not_found)?,
        kind,
        care: sent.first("care").map(str::to_owned),
    };
    protection::link(&app.cx, &calling.asking, id, &linked).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$told`: those whom it concerns know, and their accounts show it.
pub async fn told(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, _) = acting(&app, &calling, &id, &body)?;
    sharing::messages::tell(&app.cx, &calling.asking, id).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}
