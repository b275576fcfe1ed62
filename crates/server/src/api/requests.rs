//! Requests for information, as operations on Communication: `$request`, `$requests` and `$respond`
//! (docs/reference/http.md).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::calendar;
use domain::message::call::Way;
use domain::message::{Refusal, Response as Given};
use domain::{TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use sharing::Error;
use sharing::messages::respond::OnBehalf;
use sharing::messages::{self, request, respond};

use super::Fault;
use super::caller::Calling;
use super::calls::coded;
use super::extract::{Address, Whole};
use super::messages::{Parameters, about_somebody, acting, list, opened, whole_records};
use crate::app::App;
use crate::tokens::Right;

/// How many open requests of a team are given at most.
const PAGE: u32 = 500;

/// `POST /fhir/Communication/$request` with Parameters `patient`, `to` and `what` (repeated),
/// `text`, `urgent`, `by`, `anyway`.
pub async fn ask(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (patient, sent) = about_somebody(&app, &calling, &body).await?;
    let ask = request::Ask {
        to: sent.all("to").map(TeamId::new).collect(),
        what: sent.categories("what")?,
        text: sent.first("text").unwrap_or_default().to_owned(),
        urgency: sent.urgency(),
        by: moment(&sent, "by")?,
        anyway: sent.first("anyway") == Some("true"),
    };
    let asked = request::request(&app.cx, &calling.asking, patient, &ask).await?;
    opened(&app, &calling, asked.id, StatusCode::CREATED).await
}

/// `GET /fhir/Communication/$requests`: what the caller's team asked for and has not closed.
pub async fn asked(State(app): State<App>, calling: Calling) -> Result<Response, Fault> {
    whole_records(&calling, Right::Search)?;
    let asked = messages::requests(&app.cx, &calling.asking, PAGE, None).await?;
    Ok(list(&asked, |line| {
        line.message.deliveries.iter().collect()
    }))
}

/// `POST /fhir/Communication/{id}/$respond` with Parameters `response` and what it needs: `text` and
/// `told` (repeated) where something is shared, `ground` for what stays back, `name` and `phone`,
/// `ask` (a team), `for` (a team that answered outside the exchange) with `said-by`, `said-on`, `way`, and for a refusal `harm-if-shared`, `harm-if-not-shared`, `decider`, `review-on`.
pub async fn respond(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let given = respond::Given {
        response: response(&sent)?,
        text: sent.first("text").unwrap_or_default().to_owned(),
        told: sent.categories("told")?,
        on_behalf_of: sent
            .first("for")
            .map(|team| on_behalf(&sent, team))
            .transpose()?,
    };
    respond::respond(&app.cx, &calling.asking, id, &given).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// Who answered outside the exchange, when, and by what way.
fn on_behalf(sent: &Parameters, team: &str) -> Result<OnBehalf, Fault> {
    let needed = |name| sent.needed(name);
    needed("said-on")?;
    let on = moment(sent, "said-on")?.ok_or_else(Fault::not_found)?;
    Ok(OnBehalf {
        team: TeamId::new(team),
        by: needed("said-by")?.to_owned(),
        on,
        way: coded(sent, "way", "letter, phone or meeting", Way::from_code)?,
    })
}

fn response(sent: &Parameters) -> Result<Given, Fault> {
    let text = |name| sent.first(name).unwrap_or_default().to_owned();
    let maybe = |name| sent.first(name).map(str::to_owned);
    Ok(match sent.needed("response")? {
        "shared" => Given::Shared,
        "part" => Given::Part {
            ground: text("ground"),
        },
        "ring" => Given::Ring {
            name: text("name"),
            phone: text("phone"),
        },
        "more-needed" => Given::MoreNeeded,
        "not-held" => Given::NotHeld {
            ask: sent.first("ask").map(TeamId::new),
        },
        "refused" => Given::Refused(Refusal {
            ground: text("ground"),
            harm_if_shared: maybe("harm-if-shared"),
            harm_if_not_shared: maybe("harm-if-not-shared"),
            decider: maybe("decider"),
            review: moment(sent, "review-on")?,
        }),
        other => {
            let details = "a response is shared, part, ring, more-needed, not-held or refused";
            let issue = Issue::error(IssueCode::Value, details).at("response");
            return Err(Error::invalid(issue.found(other)).into());
        }
    })
}

pub(super) fn moment(sent: &Parameters, name: &str) -> Result<Option<Timestamp>, Fault> {
    let Some(text) = sent.first(name) else {
        return Ok(None);
    };
    let read = calendar::by(text).ok_or_else(|| {
        let details = "give a day such as 2027-01-13, or an instant such as 2027-01-13T12:00:00Z";
        Fault::from(Error::invalid(
            Issue::error(IssueCode::Value, details).at(name).found(text),
        ))
    })?;
    Ok(Some(read))
}
