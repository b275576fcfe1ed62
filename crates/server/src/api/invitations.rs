//! One-time links for people without an account: `$invite` on Patient and on Communication
//! (docs/reference/http.md).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{OutsiderKind, ResourceId, TeamId};
use fhir::{Issue, IssueCode};
use serde_json::json;
use sharing::Error;
use sharing::invitation::{Give, Given, end, give};
use sharing::messages::{by_link, hearing};

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::fault::FHIR_JSON;
use super::messages::{Parameters, acting};
use super::requests::moment;
use crate::app::App;
use crate::tokens::Right;

/// `POST /fhir/Patient/{id}/$invite` with Parameters `name`, `kind` (`advocate`, `provider`,
/// `relative`), `what` (a category; repeated), `until`, `why`, and where there is one `organisation`.
/// 201 with the id, the link and the code: the only time that they are to be had.
pub async fn invite(
    State(app): State<App>,
    Address(patient): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let patient = may(&app, &calling, &patient).await?;
    let sent = Parameters::read(&body)?;
    let text = |name| sent.first(name).unwrap_or_default().to_owned();
    let what = Give {
        name: text("name"),
        kind: kind(&sent)?,
        organisation: text("organisation"),
        about: sent.categories("what")?.into_iter().collect(),
        why: text("why"),
        until: moment(&sent, "until")?.ok_or_else(|| {
            let issue = Issue::required("until", "say until when they may read it");
            Fault::from(Error::invalid(issue))
        })?,
    };
    let given = give(&app.cx, &calling.asking, patient, &what).await?;
    Ok(shown_once(&app, &given))
}

/// A link as it is given: its id, the link and the code.
pub(super) fn shown_once(app: &App, given: &Given) -> Response {
    let public = app.base.strip_suffix("/fhir").unwrap_or(&app.base);
    let body = json!({
        "resourceType": "Parameters",
        "parameter": [
            { "name": "id", "valueId": given.id.to_string() },
            { "name": "link", "valueUrl": format!("{public}/open/{}", given.link) },
            { "name": "code", "valueString": given.code },
        ],
    });
    let headers = [("content-type", FHIR_JSON)];
    (StatusCode::CREATED, headers, body.to_string()).into_response()
}

/// `DELETE /fhir/Patient/{id}/$invite/{link}`: ends a link from the next byte on.
pub async fn take_back(
    State(app): State<App>,
    Address((patient, link)): Address<(String, String)>,
    calling: Calling,
) -> Result<StatusCode, Fault> {
    may(&app, &calling, &patient).await?;
    let link = app.cx.ids.ours(&link).ok_or_else(Fault::not_found)?;
    end(&app.cx, &calling.asking, link).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /fhir/Communication/{id}/$invite` with Parameters `name`, `until` and, of a request, `for` (one of
/// the teams that were asked): 201 with the id, the link and the code with which somebody without an account
/// answers this request, or says what they think of the decision about which this message asks them.
pub async fn invite_by_message(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let until = moment(&sent, "until")?.ok_or_else(|| {
        let issue = Issue::required("until", "say until when they may answer");
        Fault::from(Error::invalid(issue))
    })?;
    let name = sent.first("name").unwrap_or_default().to_owned();
    let asking = &calling.asking;
    let heard = match sent.first("for") {
        Some(_) => Err(Error::NotFound),
        None => {
            let name = name.clone();
            hearing::give(&app.cx, asking, id, &hearing::Give { name, until }).await
        }
    };
    let given = match heard {
        // Nobody is to be heard by it: then it is a request, which is answered for one of the teams.
        Err(Error::NotFound) => {
            let team = TeamId::new(sent.first("for").unwrap_or_default());
            by_link::give(&app.cx, asking, id, &by_link::Give { name, team, until }).await?
        }
        heard => heard?,
    };
    Ok(shown_once(&app, &given))
}

/// `DELETE /fhir/Communication/{id}/$invite/{link}`: ends a link to a message from the next byte on.
pub async fn take_back_of_message(
    State(app): State<App>,
    Address((_, link)): Address<(String, String)>,
    calling: Calling,
) -> Result<StatusCode, Fault> {
    calling.may("Communication", Right::Update)?;
    let link = app.cx.ids.ours(&link).ok_or_else(Fault::not_found)?;
    end(&app.cx, &calling.asking, link).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn may(app: &App, calling: &Calling, patient: &str) -> Result<ResourceId, Fault> {
    calling.may("Patient", Right::Update)?;
    let patient = app.cx.ids.ours(patient).ok_or_else(Fault::not_found)?;
    calling
        .within_context(app, "Patient", Right::Update, patient)
        .await?;
    Ok(patient)
}

fn kind(sent: &Parameters) -> Result<OutsiderKind, Fault> {
    let code = sent.needed("kind")?;
    OutsiderKind::from_code(code).ok_or_else(|| {
        let details = "they are an advocate, a provider or a relative";
        let issue = Issue::error(IssueCode::Value, details).at("kind");
        Error::invalid(issue.found(code)).into()
    })
}
